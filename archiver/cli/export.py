"""The 'export' command: posts in any form, the whole archive or what a search finds."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from archiver import config
from archiver.cli import output
from archiver.cli.session import Session, bulk_work, db_option, now, pass_session, sought
from archiver.errors import NOTHING_FOUND, ConfigError

if TYPE_CHECKING:
    from archiver.cli.progress import Bar
    from archiver.export import Chosen
    from archiver.store.exporting import Cursor

# As in search: "-oil" is a word to leave out, not an option.
_WORDS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
# name -> the module of archiver.export that writes it.
FORMATS = {
    "jsonl": "jsonl", "json": "desktop", "csv": "table", "parquet": "parquet",
    "html": "site", "atom": "atom", "text": "plain",
}  # fmt: skip


@click.command("export", context_settings=_WORDS)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@db_option
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(FORMATS)),
    default="jsonl",
    show_default=True,
    help="jsonl and json are read back by `archiver import`; html is a folder.",
)
@click.option(
    "--output",
    "target",
    type=click.Path(path_type=Path),
    help="Write here, whole or not at all, replacing what was there (default: standard output).",
)
@click.option("--statement", metavar="REF", help="Only this post and all its copies.")
@click.option("--since-last", metavar="NAME", help="Only what came since the last export so named.")
@click.option("--excel", is_flag=True, help="csv: with the mark by which Excel knows UTF-8.")
@click.option(
    "--bundle",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.zip",
    help="Evidence instead of a format: versions, raw bytes, origins, hashes; see `verify`.",
)
@click.option("--tz", metavar="ZONE", help="Zone of the dates asked for (default UTC).")
@pass_session
def command(
    session: Session,
    words: tuple[str, ...],
    db: str | None,
    format_name: str,
    target: Path | None,
    statement: str | None,
    since_last: str | None,
    excel: bool,
    bundle: Path | None,
    tz: str | None,
) -> int:
    """Write posts to a file or to standard output.

    Without WORDS the whole archive, else every post (each copy) that `archiver search` would find;
    oldest first. docs/export.md describes each format, and the bundle that `archiver verify`
    checks anywhere.
    """
    _check(words, format_name, target, statement, excel, bundle)
    query = f"--statement {statement}" if statement else sought(words)
    with contextlib.ExitStack() as held, bulk_work():
        # Held first: while the cursor is ours, no run adds what the export would not know of.
        store = held.enter_context(session.write(db)) if since_last else None
        connection = held.enter_context(closing(session.read(db)))
        connection.execute("BEGIN")  # one moment, however long it takes
        chosen = _chosen(session, connection, query, statement, tz, excel)
        to = None
        if since_last is not None:
            chosen, to = _only_news(chosen, since_last, query)
        if _is_empty(chosen):
            kept = f"; {bundle or target} is as it was." if bundle or target else "."
            session.note(f"Nothing {'new' if since_last else 'found'}{kept}")
            return NOTHING_FOUND
        with _bar(session, chosen, to_file=bool(target or bundle)) as bar:
            watched = replace(chosen, watch=bar.more)
            count, said = _write(watched, format_name, target, bundle, query)
        if store is not None and since_last is not None and to is not None:
            store.move_export_cursor(since_last, to, now())
    what = "statement" if format_name == "atom" and not bundle else "post"
    if bundle or target:
        session.note(f"Wrote {output.plural(count, what)} to {bundle or target}.{said}")
    return 0


def _check(
    words: tuple[str, ...],
    format_name: str,
    target: Path | None,
    statement: str | None,
    excel: bool,
    bundle: Path | None,
) -> None:
    if statement and words:
        raise ConfigError("--statement says what is wanted; leave the words out.")
    if excel and (format_name != "csv" or bundle):
        raise ConfigError("--excel is for --format csv.")
    if bundle and target:
        raise ConfigError("--bundle names the file; leave --output out.")
    if format_name == "html" and target is None and not bundle:
        raise ConfigError("html is a folder of pages; say which with --output FOLDER.")


def _chosen(
    session: Session,
    connection: sqlite3.Connection,
    query: str,
    statement: str | None,
    tz: str | None,
    excel: bool,
) -> Chosen:
    from archiver.export import Chosen

    keys = None
    if statement:
        from archiver.store import exporting, look

        keys = exporting.statement(connection, look.find_post(connection, statement))
    elif query:
        from archiver.store import saved
        from archiver.store.search import keys as search
        from archiver.text.query import parse

        zone = config.zone(tz or session.config.search.timezone)
        keys = search(connection, parse(query, now=now(), zone=zone, saved=saved.texts(connection)))
    title = f"archiver: {query}" if query else "archiver"
    return Chosen(connection, keys, title, now(), excel)


def _only_news(chosen: Chosen, name: str, query: str) -> tuple[Chosen, Cursor]:
    """What is new of the chosen, and where the export of that name will stand then."""
    from archiver.store import exporting
    from archiver.store.exporting import Cursor

    to = Cursor(exporting.last_run(chosen.db), query)
    stood = exporting.cursor(chosen.db, name)
    if stood is None:
        return chosen, to
    if stood.query != query:
        told = f"of {stood.query!r}" if stood.query else "of the whole archive"
        raise ConfigError(f"the export {name!r} was {told}; use another name for another one.")
    news = exporting.news(chosen.db, stood.run_id)
    if chosen.keys is not None:
        wanted = set(news)
        news = [key for key in chosen.keys if key in wanted]
    return replace(chosen, keys=news), to


def _bar(session: Session, chosen: Chosen, *, to_file: bool) -> Bar:
    """A bar for a person who waits; not in a log, and not between posts on the same terminal."""
    from archiver.cli.progress import Bar

    hidden = session.quiet or not sys.stderr.isatty() or (not to_file and sys.stdout.isatty())
    return Bar("Exporting", 0 if hidden else chosen.count(), "posts", quiet=hidden)


def _is_empty(chosen: Chosen) -> bool:
    return next(chosen.light(), None) is None


def _write(
    chosen: Chosen, format_name: str, target: Path | None, bundle: Path | None, query: str
) -> tuple[int, str]:
    """Write it all; how many posts, and what else is to be said."""
    from archiver.export import files

    if bundle is not None:
        from archiver.export.bundle import write_bundle

        with files.new_file(bundle) as file:
            count, digest = write_bundle(chosen, file, query)
        return count, f" SHA-256 of its manifest: {digest}"
    writer = import_module(f"archiver.export.{FORMATS[format_name]}")
    if format_name == "html":
        assert target is not None
        with files.new_folder(target) as folder:
            return writer.write(chosen, folder), ""
    with _opened(target) as opened:
        return writer.write(chosen, opened), ""


@contextlib.contextmanager
def _opened(target: Path | None) -> Iterator[IO[bytes]]:
    from archiver.export import files

    if target is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    if target.is_dir():
        raise ConfigError(f"{target} is a folder; this format is one file.")
    with files.new_file(target) as file:
        yield file
