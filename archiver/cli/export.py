"""The 'export' command: posts as JSONL, whole archive or what a search finds."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import click

from archiver import config
from archiver.cli import output
from archiver.cli.session import Session, db_option, now, pass_session, sought
from archiver.errors import NOTHING_FOUND, StoreError

# As in search: "-oil" is a word to leave out, not an option.
_WORDS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


@click.command("export", context_settings=_WORDS)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@db_option
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["jsonl"]),
    default="jsonl",
    show_default=True,
    help="jsonl: one post a line, which `archiver import` reads back.",
)
@click.option(
    "--output",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write here, whole or not at all, replacing a file (default: standard output).",
)
@click.option("--tz", metavar="ZONE", help="Zone of the dates asked for (default UTC).")
@pass_session
def command(
    session: Session,
    words: tuple[str, ...],
    db: str | None,
    format_name: str,
    target: Path | None,
    tz: str | None,
) -> int:
    """Write posts to a file or to standard output.

    Without WORDS the whole archive, else every post (each copy) that `archiver search` would find;
    oldest first. Besides what an import reads back, each line says the collapsed text (body), its
    cluster, where that stands first (canonical) and its url. Earlier wordings of a post are not
    exported: `archiver show` tells them, and a copy of the archive's file keeps them.
    """
    from archiver.export import records
    from archiver.store.search import keys
    from archiver.text.query import parse

    connection = session.read(db)
    wanted = None
    if words:
        zone = config.zone(tz or session.config.search.timezone)
        wanted = keys(connection, parse(sought(words), now=now(), zone=zone))
        if not wanted:
            session.note("Nothing found" + (f"; {target} is as it was." if target else "."))
            return NOTHING_FOUND
    count = 0
    with _opened(target) as file:
        for record in records(connection, wanted):
            file.write(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
            count += 1
    if target is not None:
        session.note(f"Wrote {output.plural(count, 'post')} to {target}.")
    return 0 if count else NOTHING_FOUND


@contextlib.contextmanager
def _opened(target: Path | None) -> Iterator[IO[bytes]]:
    """Standard output, or a new file that takes its name only when all is written."""
    if target is None:
        yield sys.stdout.buffer
        return
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            yield file
        part.replace(target)
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror}; nothing was kept.") from error
    finally:
        part.unlink(missing_ok=True)
