"""The 'nightly' command: what cron runs. Its steps one by one, one summary, one exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from archiver.cli import output, sync
from archiver.cli.backup import back_up, backup_folder, record_of, told
from archiver.cli.dedup import dedup_lines, deduplicate
from archiver.cli.live import complain, if_locked_option, skipping
from archiver.cli.session import (
    Session,
    bulk_work,
    db_option,
    json_option,
    mishap,
    now,
    pass_session,
)
from archiver.cli.watchers import failed, ping
from archiver.errors import INCOMPLETE, ArchiverError, Locked
from archiver.nightly import Done, Step, overall, step, worst
from archiver.text.safe import one_line

if TYPE_CHECKING:
    from archiver.store.store import Store

_PATIENCE = 600.0  # seconds for a program that gets news; a night must come to its backup
_NOTHING = {"full_sweep": False, "limit": None, "pages": None, "seconds": None}


@click.command("nightly")
@if_locked_option
@click.option(
    "--metrics",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write figures for Prometheus' node exporter to FILE (*.prom).",
)
@click.option("--install-hint", is_flag=True, help="Only print a crontab line and systemd units.")
@db_option
@json_option
@pass_session
def command(
    session: Session,
    if_locked: str,
    metrics: str | None,
    install_hint: bool,
    db: str | None,
    as_json: bool,
) -> int:
    """Sync all channels, collapse what is new, say how it went: for cron.

    Then looks after the search index, tells what is new in the saved searches and makes a backup if
    anything changed. One lock, one summary on standard output, one exit code; it never asks
    anything. A step that fails is reported, and the later ones are done all the same. [nightly] in
    the settings has what runs and whom to tell.
    """
    if install_hint:
        from archiver.cli.install_hint import hint

        output.line(hint(session, db))
        return 0
    with skipping(session, if_locked):
        try:
            return _night(session, db, metrics, as_json)
        except ArchiverError as error:
            # The archive itself, which no step could report; a skipped night is no failure.
            if not (isinstance(error, Locked) and if_locked == "skip"):
                _tell_watchers(session, [Step("archive", error.exit_code, error=str(error))])
            raise


def _night(session: Session, db: str | None, metrics: str | None, as_json: bool) -> int:
    steps: list[Step] = []
    with bulk_work():
        with session.write(db) as store:
            ping(session, session.config.nightly.ping_url, "start")
            run = store.start_run("nightly", now())
            for each in _steps(session, store, run):
                steps.append(each)
                _tell(session, each, as_json)
            counts = {k: int(v) for s in steps for k, v in s.record.items() if isinstance(v, int)}
            store.finish_run(run, now(), overall(steps), counts | _reason(steps))
        held = list(steps)
        for each in _afterwards(session, db, held, as_json):
            steps.append(each)
            _tell(session, each, as_json)
        if _reason(steps) != _reason(held):
            _record_again(session, db, run, steps, counts)
    if metrics:
        from archiver.cli.metrics import write

        write(session, db, metrics, worst(steps))
    if as_json:
        output.record(_summary(steps))
    _tell_watchers(session, steps)
    return worst(steps)


def _record_again(
    session: Session, db: str | None, run: int, steps: list[Step], counts: dict[str, int]
) -> None:
    """A step failed for which the archive was not held; `runs` is to say so.

    Where that cannot be written, whoever watches the night is told it all the same.
    """
    with suppress(ArchiverError), session.write(db) as store:
        store.finish_run(run, now(), overall(steps), counts | _reason(steps))


def _reason(steps: list[Step]) -> dict[str, str]:
    """What failed and why, as `archiver runs` shows it."""
    told = [
        f"{each.name}: {each.error or each.notes[0]}"
        for each in steps
        if each.outcome == "failed" and (each.error or each.notes)
    ]
    return {"error": "; ".join(told)} if told else {}


def _steps(session: Session, store: Store, run: int) -> Iterator[Step]:
    """The steps that work on the open archive, in their order."""
    synced = step("sync", lambda: _sync(session, store, run))
    yield synced
    if _stopped([synced]):
        return
    yield step("dedup", lambda: _dedup(session, store, run))
    yield step("index", lambda: _index(store))


def _afterwards(
    session: Session, db: str | None, steps: list[Step], as_json: bool
) -> Iterator[Step]:
    """The steps for which the archive is not held: a program that gets news may want it."""
    wanted = session.config.nightly
    if wanted.saved and not _stopped(steps):
        yield step("saved", lambda: _saved(session, db, as_json))
    if wanted.backup and not _stopped(steps):
        yield step("backup", lambda: _backup(session, db))


def _sync(session: Session, store: Store, run: int) -> Done:
    given = {**_NOTHING, "seconds": session.config.nightly.seconds or None}
    try:
        night = sync.run_sync(
            session, store, run, (), sync.rules_of(session, given), None, no_dedup=True
        )
    except Locked as error:
        store.finish_run(run, now(), "failed", mishap(error))
        raise
    found = night.synced
    said, notes = tuple(sync.lines(found)), tuple(sync.troubles(found))
    return Done(sync.exit_code(found), said, notes, sync.record_of(night))


def _dedup(session: Session, store: Store, run: int) -> Done:
    from dataclasses import asdict

    done = deduplicate(session, store, run)
    return Done(0, tuple(dedup_lines(done)), record=asdict(done))


def _index(store: Store) -> Done:
    store.optimize_index()
    return Done()


def _saved(session: Session, db: str | None, as_json: bool) -> Done:
    """What is new in the saved searches, told here or handed to the program of the settings."""
    from archiver import config
    from archiver.cli import news

    program, zone = session.config.nightly.saved_exec, config.zone(session.config.search.timezone)
    said: list[str] = []
    records: list[dict[str, Any]] = []
    if program:
        news.need(program)

    def tell(found: news.News) -> None:
        if program:
            news.hand_over(program, found, _PATIENCE)
            said.append(news.handed(found))
        elif as_json:
            records.append(found.record)
        else:
            news.show(found, zone)

    done = news.check(session.path(db), (), zone, tell)
    notes = tuple(f"@{name}: {fault}" for name, fault in done.faults.items())
    told = {"searches": done.asked, "results": done.new, "news": records, "faults": done.faults}
    return Done(INCOMPLETE if done.faults else 0, tuple(said), notes, told)


def _backup(session: Session, db: str | None) -> Done:
    path = session.path(db)
    done = back_up(session, path, backup_folder(session, path))
    return Done(0, (told(done),), record=record_of(done))


def _stopped(steps: list[Step]) -> bool:
    """Whether a signal came: nothing more is begun then."""
    return any(each.record.get("stopped") for each in steps)


def _tell(session: Session, each: Step, as_json: bool) -> None:
    if not as_json:
        for line in each.said:
            output.line(line)
    for line in each.notes:
        complain(session, line)
    if each.error:
        complain(session, one_line(f"archiver: {each.name}: {each.error}"))


def _summary(steps: list[Step]) -> dict[str, Any]:
    """The night for programs."""
    return {
        "format_version": output.FORMAT_VERSION,
        "outcome": overall(steps),
        "exit_code": worst(steps),
        "steps": {
            each.name: {"outcome": each.outcome, "error": each.error or None, **each.record}
            for each in steps
        },
    }


def _tell_watchers(session: Session, steps: list[Step]) -> None:
    code = worst(steps)
    if code:
        failed(session, _summary(steps))
    ping(session, session.config.nightly.ping_url, "fail" if code else "")
