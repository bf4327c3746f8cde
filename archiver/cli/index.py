"""The 'index' command: the search index checked, made anew, merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archiver.cli import output
from archiver.cli.session import Session, bulk_work, db_option, json_option, now, pass_session
from archiver.cli.subcommands import Subcommands
from archiver.errors import StoreError

if TYPE_CHECKING:
    from archiver.store.store import Store


@click.group("index", cls=Subcommands)
def command() -> None:
    """Check the search index, make it anew, or optimize it."""


@command.command("check")
@db_option
@json_option
@click.option("--repair", is_flag=True, help="Make the index anew if anything is wrong with it.")
@click.option(
    "--sample",
    type=click.IntRange(1),
    default=1000,
    show_default=True,
    help="So many posts are looked for by their words.",
)
@pass_session
def check(session: Session, db: str | None, as_json: bool, repair: bool, sample: int) -> int:
    """Say what is wrong with the index: damage, posts it lacks, words of nothing.

    Exit code 6 means that something is.
    """
    from archiver.store import checking
    from archiver.store.connection import driver

    with session.write(db) as store:
        with store.transaction() as conn:
            findings = checking.check(driver(conn), sample)
        if as_json:
            output.record({"format_version": output.FORMAT_VERSION, "findings": findings})
        else:
            for finding in findings:
                output.line(finding)
        if findings and repair:
            _rebuilt(session, store)
            return 0
    if not findings:
        session.note("Nothing is wrong with the index.")
        return 0
    session.note("`archiver index rebuild` makes the index anew; no post is touched.")
    return StoreError.exit_code


@command.command("rebuild")
@db_option
@pass_session
def rebuild_(session: Session, db: str | None) -> None:
    """Make the index and the lexicon anew from the stored posts."""
    with session.write(db) as store:
        _rebuilt(session, store)


def _rebuilt(session: Session, store: Store) -> None:
    from archiver.cli.progress import Bar
    from archiver.store.connection import driver
    from archiver.store.rebuilding import rebuild

    run = store.start_run("index rebuild", now())
    with bulk_work(), store.transaction() as conn:
        (posts,) = driver(conn).execute("SELECT count(*) FROM post").fetchone()
        with Bar("Indexing", posts, "posts", quiet=session.quiet) as bar:
            done = rebuild(driver(conn), lambda count: bar.advance_to("Indexing", count, posts))
    store.finish_run(run, now(), "done", {"posts": done})
    session.note(f"Indexed {output.plural(done, 'post')}.")


@command.command("optimize")
@db_option
@pass_session
def optimize(session: Session, db: str | None) -> None:
    """Merge the index into one piece: searches are a little faster, the file a little smaller."""
    from archiver.store import index
    from archiver.store.connection import driver

    with session.write(db) as store, store.transaction() as conn:
        index.optimize(driver(conn))
    session.note("The index is in one piece.")
