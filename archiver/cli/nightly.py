"""The 'nightly' command: what cron runs. Sync, collapse, one summary, one exit code."""

from __future__ import annotations

import click

from archiver.cli import output, sync
from archiver.cli.dedup import deduplicate
from archiver.cli.live import if_locked_option, skipping
from archiver.cli.session import Session, bulk_work, db_option, json_option, now, pass_session
from archiver.errors import ArchiverError, Locked, StoreError
from archiver.text.safe import one_line

_NOTHING = {"full_sweep": False, "limit": None, "pages": None, "seconds": None}


@click.command("nightly")
@if_locked_option
@db_option
@json_option
@pass_session
def command(session: Session, if_locked: str, db: str | None, as_json: bool) -> int:
    """Sync all channels, collapse what is new, say how it went: for cron.

    One lock, one summary on standard output, one exit code; it never asks anything. When the
    sync fails, what is in the archive already is still collapsed.
    """
    with skipping(session, if_locked):
        return _command(session, db, as_json)


def _command(session: Session, db: str | None, as_json: bool) -> int:
    rules = sync.rules_of(session, _NOTHING)
    failed: ArchiverError | None = None
    night: sync.Night | None = None
    with bulk_work(), session.write(db) as store:
        run = store.start_run("nightly", now())
        try:
            night = sync.run_sync(session, store, run, (), rules, None)
        except StoreError:
            raise
        except Locked:
            store.finish_run(run, now(), "failed", {})
            raise
        except ArchiverError as error:
            failed = error
            deduplicate(session, store, run)
        complete = night is not None and night.synced.complete and not night.synced.stopped
        counts = sync.counts_of(night.synced) if night else {}
        outcome = "done" if complete else "incomplete" if night else "failed"
        store.finish_run(run, now(), outcome, counts)
    if as_json:
        told = sync.record_of(night) if night else {"error": str(failed)}
        output.record({"format_version": output.FORMAT_VERSION, "outcome": outcome, **told})
    elif night:
        sync.say(session, night)
    if failed is not None:
        session.note(one_line(f"archiver: {failed}"))
        return failed.exit_code
    assert night is not None
    return sync.exit_code(night.synced)
