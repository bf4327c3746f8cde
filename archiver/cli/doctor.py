"""The 'doctor' command: gather facts about the installation, let `archiver.doctor` judge them."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver import config
from archiver.cli import output
from archiver.cli.session import Session, db_option, json_option, now, pass_session
from archiver.errors import ArchiverError, StoreError
from archiver.text.safe import one_line

if TYPE_CHECKING:
    from archiver.doctor import Finding

_LIBRARIES = ("telethon", "cryptg", "python-socks")


@click.command("doctor")
@click.option("--online", is_flag=True, help="Also talk to Telegram: account and clock.")
@db_option
@json_option
@pass_session
def command(session: Session, online: bool, db: str | None, as_json: bool) -> int:
    """Look for what is wrong or may go wrong, and say what to do.

    Versions, permissions, locks, clock, the archive's soundness, and how far each synced channel
    is. Exit code 6 when something is wrong; notes alone leave it 0.
    """
    from archiver.doctor import Level

    found = list(_all(session, db, online))
    for each in found:
        if as_json:
            output.record(
                {"format_version": output.FORMAT_VERSION, "level": each.level.name.lower(),
                 "about": each.about, "said": each.said, "advice": each.advice or None}
            )  # fmt: skip
        else:
            _show(each)
    wrong = any(each.level is Level.WRONG for each in found)
    return StoreError.exit_code if wrong else 0


def _show(found: Finding) -> None:
    mark = ("ok   ", "note ", "WRONG")[found.level]
    output.line(f"{mark}  {one_line(found.about)}: {one_line(found.said)}")
    if found.advice:
        output.line(f"       → {one_line(found.advice)}")


def _all(session: Session, db: str | None, online: bool) -> Iterator[Finding]:
    from archiver import doctor, locks

    known = {name: _version(name) for name in _LIBRARIES}
    credentials = config.credentials(session.config)
    yield from doctor.versions(known, _layer())
    yield from doctor.proxy(credentials.proxy, known)
    has_keys = bool(credentials.api_id and credentials.api_hash)
    yield from doctor.session_file(credentials.session, has_keys)
    yield from doctor.settings_file(session.file, bool(session.config.telegram.api_hash))
    yield from doctor.commands(_unrunnable(session.config.nightly))
    path = session.path(db)
    holders = {"archive": locks.holder(path), "session": locks.holder(credentials.session)}
    yield from doctor.locks(holders)
    yield from _archive(session, db, path)
    if online:
        yield from _online(session, db)


def _unrunnable(settings: config.Nightly) -> dict[str, str]:
    from archiver.cli.news import unrunnable

    told = {"saved_exec": settings.saved_exec, "on_failure": settings.on_failure}
    return {name: unrunnable(said) for name, said in told.items() if said}


def _archive(session: Session, db: str | None, path: Path) -> Iterator[Finding]:
    from archiver import doctor
    from archiver.store.status import size_of

    try:
        connection = session.read(db)
    except StoreError as error:
        level = doctor.Level.WRONG if path.exists() else doctor.Level.NOTE
        yield doctor.Finding(level, "archive", str(error))
        return
    with closing(connection):
        yield from doctor.disk(shutil.disk_usage(path.parent).free, size_of(path))
        yield from doctor.archive(connection)
        yield from doctor.index(connection)
        yield from doctor.clock(connection, now())
        yield from doctor.patience(connection, now())
        yield from doctor.channels(connection, now())


def _online(session: Session, db: str | None) -> Iterator[Finding]:
    from archiver import doctor

    try:
        label, skew = asyncio.run(_ask(session, db))
    except ArchiverError as error:
        yield doctor.Finding(doctor.Level.WRONG, "online", str(error))
        return
    yield doctor.Finding(doctor.Level.FINE, "online", f"logged in as {label}")
    yield from doctor.server_clock(skew)


async def _ask(session: Session, db: str | None) -> tuple[str, int]:
    """Who is logged in, and Telegram's clock less ours in seconds."""
    from archiver.sources.telegram.feed import TelegramFeed
    from archiver.sources.telegram.gateway import connected
    from archiver.sources.telegram.probe import server_time

    async with connected(config.credentials(session.config), "doctor --online") as gateway:
        account = await TelegramFeed(gateway).account()
        told = await server_time(gateway)
    with closing(session.read(db)) as connection:
        row = connection.execute("SELECT user_id, label FROM account WHERE current = 1").fetchone()
    if row is not None and row[0] != account.user_id:
        from archiver.errors import LoginRequired

        raise LoginRequired(
            f"logged in as {account.label} ({account.user_id}), but the archive is synced as"
            f" {row[1]} ({row[0]}); log in with that account, or run `archiver login --switch`."
        )
    return f"{account.label} ({account.user_id})", round(told - time.time())


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _layer() -> int | None:
    from archiver.sources.telegram.probe import layer

    return layer()
