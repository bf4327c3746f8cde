"""The commands under 'dedup' by which a person corrects it: split, merge, undo, verdicts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.cli import output
from archiver.cli.references import ReferenceCommand
from archiver.cli.session import Session, db_option, mishap, now, pass_session
from archiver.errors import ArchiverError, ConfigError

if TYPE_CHECKING:
    from archiver.dedup import Deduped
    from archiver.store.passing import PassStore
    from archiver.store.verdicts import Undone


@click.command("split", cls=ReferenceCommand)
@click.argument("ref", metavar="POST")
@db_option
@pass_session
def split(session: Session, ref: str, db: str | None) -> None:
    """Say that a post is a statement of its own, whatever it shares with others.

    The word of a person: it outlives every rebuild. `merge` of the post, or `undo`, takes it back.
    """
    from archiver.store import verdicts

    post = _post(session, db, ref)
    with session.write_pass(db) as store:
        run = store.start_run("dedup split", now())
        with store.transaction() as conn:
            new = verdicts.split(conn, run, post, now())
        _settle(session, store, run)
    output.line(
        f"#{post} stands alone{'' if new else ', as was said before'} (run {run});"
        f" `archiver dedup undo {run}` takes it back."
    )


@click.command("merge", cls=ReferenceCommand)
@click.argument("a")
@click.argument("b")
@db_option
@pass_session
def merge(session: Session, a: str, b: str, db: str | None) -> None:
    """Say that two posts are one statement, and with them all their copies.

    The word of a person: it outlives every rebuild. `split` of either post, or `undo`, takes it
    back.
    """
    from archiver.store import verdicts

    one, other = (_post(session, db, ref) for ref in (a, b))
    if one == other:
        raise ConfigError(f"both are #{one}; name two posts.")
    with session.write_pass(db) as store:
        run = store.start_run("dedup merge", now())
        with store.transaction() as conn:
            new = verdicts.merge(conn, run, one, other, now())
        _settle(session, store, run)
    output.line(
        f"#{one} and #{other} are one statement{'' if new else ', as was said before'} (run {run});"
        f" `archiver dedup undo {run}` takes it back."
    )


@click.command("undo")
@click.argument("number", metavar="RUN", type=click.IntRange(1))
@db_option
@pass_session
def undo(session: Session, number: int, db: str | None) -> None:
    """Take back what a run of dedup, split or merge did.

    The verdicts of a split or merge are withdrawn. Posts that a pass joined to a statement, and
    that are still there, stand alone from then on: that too is a verdict, and can be undone. Of
    the last --rebuild, what was decided before it comes back, also what it had set apart; only
    later posts are decided then. (Set short_words and short_hours back first if you changed them.)
    """
    from archiver.errors import ChannelUnavailable
    from archiver.store import verdicts

    with session.write_pass(db) as store:
        with store.transaction() as conn:
            if not verdicts.run_exists(conn, number):
                raise ChannelUnavailable(
                    f"there is no run {number}; `archiver dedup` names its own."
                )
        run = store.start_run("dedup undo", now())
        try:
            done = _take_back(store, run, number)
        except ArchiverError as error:
            store.finish_run(run, now(), "failed", mishap(error))
            raise
        passed = _settle(session, store, run)
    if done is not None and not (done.verdicts or done.posts):
        output.line(f"Run {number} did nothing that is still there to be undone.")
        return
    if done is None:
        came = f"what was before it is back; {output.plural(passed.moved, 'post')} moved."
    else:
        came = (
            f"{output.plural(done.verdicts, 'verdict')} changed,"
            f" {output.plural(done.posts, 'post')} stand alone."
        )
    output.line(f"Run {number} is undone (run {run}): {came}")


def _take_back(store: PassStore, run: int, undone: int) -> Undone | None:
    """Undo a run in one transaction; None: a rebuild, whose whole outcome is another now."""
    from archiver import rebuilds
    from archiver.store import verdicts

    with store.transaction() as conn:
        if rebuilds.take_back(conn, run, undone):
            return None
        return verdicts.undo(conn, run, undone, now())


@click.command("verdicts")
@click.argument("file", required=False, type=click.File("rb"))
@db_option
@pass_session
def verdicts_(session: Session, file: object, db: str | None) -> int:
    """Print the verdicts of persons as JSON lines, or take those of a FILE in.

    Each line has `"kind": "verdict"` and names posts as other archives know them.
    """
    from archiver.cli import verdict_lines

    if file is None:
        return verdict_lines.write(session, db)
    return verdict_lines.read(session, db, file)  # type: ignore[arg-type]


def _post(session: Session, db: str | None, ref: str) -> int:
    from archiver.store.look import find_post

    with session.read(db) as connection:
        return find_post(connection, ref)


def _settle(session: Session, store: PassStore, run: int) -> Deduped:
    """Arrange what a verdict touched."""
    from archiver.cli.dedup import deduplicate

    done = deduplicate(session, store, run)
    store.finish_run(run, now(), "done", asdict(done))
    return done
