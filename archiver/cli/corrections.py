"""The commands under 'dedup' by which a person corrects it: split, merge, undo, verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
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
    from archiver.store.verdicts import Withdrawn
    from archiver.undoing import Undone


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
    with closing(session.read(db)) as connection:
        known = verdicts.apart(connection, post)
    if known is not None:
        _said_before(f"#{post} stands alone", known.run)
        return
    with session.write_pass(db) as store:
        run = store.start_run("dedup split", now())
        with store.transaction() as conn:
            verdicts.split(conn, run, post, now())
            gone = verdicts.withdrawn_by(conn, run)
        _settle(session, store, run)
    output.line(f"#{post} stands alone (run {run}); `archiver dedup undo {run}` takes it back.")
    _tell_withdrawn(gone)


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
    with closing(session.read(db)) as connection:
        known = verdicts.merged(connection, one, other)
    if known is not None:
        _said_before(f"#{one} and #{other} are one statement", known)
        return
    with session.write_pass(db) as store:
        run = store.start_run("dedup merge", now())
        with store.transaction() as conn:
            verdicts.merge(conn, run, one, other, now())
            gone = verdicts.withdrawn_by(conn, run)
        _settle(session, store, run)
    output.line(
        f"#{one} and #{other} are one statement (run {run});"
        f" `archiver dedup undo {run}` takes it back."
    )
    _tell_withdrawn(gone)


def _tell_withdrawn(gone: Sequence[Withdrawn]) -> None:
    """Which earlier words this one contradicts: they hold no longer."""
    for each in gone:
        if each.other is None:
            said = f"#{each.post} was set apart"
        else:
            said = f"#{each.post} and #{each.other} were made one statement"
        output.line(f"That {said} in run {each.run} holds no longer.")


def _said_before(told: str, run: int) -> None:
    """Nothing is new, and this run would have nothing to be undone."""
    output.line(
        f"{told}: that was said before, in run {run}, and nothing changes;"
        f" `archiver dedup undo {run}` takes it back."
    )


@click.command("undo")
@click.argument("number", metavar="RUN", type=int)
@click.option("--yes", is_flag=True, help="Set apart all posts that a pass of dedup joined.")
@db_option
@pass_session
def undo(session: Session, number: int, yes: bool, db: str | None) -> None:
    """Take back what a run of dedup, split or merge did.

    The verdicts of a split or merge are withdrawn. Posts that a pass of `dedup` joined to a
    statement, and that are still there, are set apart for good, each by itself; how many is said
    first, and --yes does it. That can be undone in turn. What an import or a sync joined is not
    undone as a whole. Of the last --rebuild, what was decided before it comes back, also what it
    had set apart; only later posts are decided then. (Set short_words and short_hours back first
    if you changed them.)
    """
    from archiver import undoing
    from archiver.store import verdicts

    with session.write_pass(db) as store:
        with store.transaction() as conn:
            undoing.check(conn, number, yes=yes)
        run = store.start_run(verdicts.UNDO, now())
        try:
            with store.transaction() as conn:
                done = undoing.take_back(conn, run, number, now())
        except ArchiverError as error:
            store.finish_run(run, now(), "failed", mishap(error))
            raise
        passed = _settle(session, store, run)
    output.line(_undone(number, run, done, passed))


def _undone(number: int, run: int, done: Undone, passed: Deduped) -> str:
    if done.rebuild:
        came = f"what was before it is back; {output.plural(passed.moved, 'post')} moved."
    elif done.verdicts:
        came = f"{output.plural(done.verdicts, 'verdict')} changed."
    elif done.posts:
        came = f"{output.plural(done.posts, 'post')} set apart."
    else:
        return f"Nothing that run {number} did is left to be undone; nothing changes."
    return f"Run {number} is undone (run {run}): {came}"


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
