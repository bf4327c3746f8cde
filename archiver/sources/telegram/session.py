"""The file that proves a login: who has it is the account, so nobody else may even read it.

The lock is taken before the file is opened: two programs with one session make Telegram end it
for good (AUTH_KEY_DUPLICATED).
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from telethon.client.telegrambaseclient import DEFAULT_DC_ID, DEFAULT_IPV4_IP, DEFAULT_PORT
from telethon.sessions import SQLiteSession

from archiver.config import Server
from archiver.errors import ConfigError, Locked, LoginRequired
from archiver.locks import hold
from archiver.sources.telegram.faults import NEVER

_MAGIC = b"SQLite format 3\x00"


@contextmanager
def logged_in(path: Path, said: str = "") -> Iterator[Any]:
    """The session of an earlier login, held by us alone. `said` as in `locks.hold`.

    Raises LoginRequired (there is none, or it is damaged), ConfigError (others can read it) and
    Locked.
    """
    if not path.exists():
        raise LoginRequired(NEVER)
    with held(path, said), existing(path) as session:
        yield session


@contextmanager
def held(path: Path, said: str = "") -> Iterator[None]:
    """The lock of a session, in a folder that is ours alone; the folder is made if need be."""
    try:
        path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"the folder of the session {path.parent} cannot be made: {error.strerror}."
        ) from error
    _refuse_open(path.parent, "700")
    lock = hold(path, said)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def existing(path: Path) -> Iterator[Any]:
    """The session in the file, which must be private and whole."""
    _refuse_open(path, "600")
    session = _open(path)
    try:
        if not session.auth_key:
            raise LoginRequired(NEVER)
        yield session
    finally:
        session.close()


@contextmanager
def draft(path: Path, server: Server) -> Iterator[Draft]:
    """A new session beside `path`; it takes that place only when it is told to `keep`."""
    place = path.with_name(path.name.removesuffix(".session") + ".new.session")
    place.unlink(missing_ok=True)
    # SQLite gives its journal the rights of the file, so making the file is enough.
    os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    made = Draft(place, server)
    try:
        yield made
        if made.kept:
            made.session.close()
            os.replace(place, path)
    finally:
        made.session.close()
        for left in (place, place.with_name(place.name + "-journal")):
            left.unlink(missing_ok=True)


class Draft:
    """A session in the making."""

    def __init__(self, place: Path, server: Server) -> None:
        self.kept = False
        self.session = _open(place)
        self.session.set_dc(*_address(server))
        self.session.save()

    def keep(self) -> None:
        """The login is a good one."""
        self.kept = True


def remove(path: Path) -> None:
    """Forget the login on this machine."""
    path.unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        path.with_name(path.name + "-journal").unlink()


def _address(server: Server) -> tuple[int, str, int]:
    if server.host:
        return server.dc, server.host, server.port
    return DEFAULT_DC_ID, DEFAULT_IPV4_IP, DEFAULT_PORT


def _open(path: Path) -> Any:
    """Telethon's session over the file. Raises LoginRequired for anything but a session."""
    damaged = (
        f"the session file {path} is damaged or no session; remove it and run `archiver login`."
    )
    with path.open("rb") as file:
        head = file.read(len(_MAGIC))
    if head not in (b"", _MAGIC):
        raise LoginRequired(damaged)
    try:
        session = SQLiteSession(str(path))
    except (sqlite3.Error, ValueError, TypeError) as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_BUSY":
            raise Locked(f"another program has the session {path} open; close it first.") from error
        raise LoginRequired(damaged) from error
    # Names and access hashes of channels are the archive's; kept here they go stale unseen.
    session.save_entities = False
    return session


def _refuse_open(path: Path, mode: str) -> None:
    """Raise ConfigError if others than the owner can get at it."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        what = "folder of the session" if path.is_dir() else "session"
        raise ConfigError(f"the {what} {path} is open to others; run `chmod {mode} {path}`.")
