"""The 'saved' command: searches with a name, and what is new in them."""

from __future__ import annotations

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any

import click

from archiver import config
from archiver.cli import formats, output, results
from archiver.cli.completing import complete_saved, complete_words
from archiver.cli.session import Session, db_option, json_option, now, pass_session, sought
from archiver.errors import INCOMPLETE, ArchiverError, ConfigError
from archiver.store import saved
from archiver.store.hits import Hit
from archiver.store.search import How, Seen, page
from archiver.text.query import parse

_WORDS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


@click.group("saved")
def command() -> None:
    """Keep searches under a name, and hear what is new in them."""


@command.command("add", context_settings=_WORDS)
@click.argument("name")
@click.argument("words", nargs=-1, required=True, shell_complete=complete_words)
@db_option
@pass_session
def add(session: Session, name: str, words: tuple[str, ...], db: str | None) -> None:
    """Save a search as NAME: `archiver search @NAME` asks it, also among other words.

    What is in the archive now counts as seen: `archiver search @NAME --new` tells what comes later.
    """
    if not name.removeprefix("@") or set(name.removeprefix("@")) & set(" \t\n()\"/'*"):
        raise ConfigError(f"{name!r} cannot be a name; take one word of letters, digits, - and _.")
    text = sought(words)
    path = session.path(db)
    connection = session.read(db)
    known = saved.texts(connection)
    connection.close()
    parse(text, now=now(), saved={**known, saved.key(name): text})
    fresh = saved.add(path, name, text, now())
    session.note(f"{'Saved' if fresh else 'Changed'} @{saved.key(name)}.")


@command.command("list")
@db_option
@json_option
@pass_session
def list_(session: Session, db: str | None, as_json: bool) -> None:
    """List saved searches."""
    for each in saved.all_saved(session.read(db)):
        if as_json:
            output.record(
                {
                    "format_version": output.FORMAT_VERSION,
                    "name": each.name,
                    "query": each.query,
                    "added": output.iso(each.added),
                    "asked": output.iso(each.asked),
                }
            )
            continue
        asked = f"asked {output.when(each.asked)}" if each.asked else "never asked"
        output.line(f"@{each.name:<16} {safe_line(each.query)}  ({asked})")


@command.command("remove")
@click.argument("name", shell_complete=complete_saved)
@db_option
@pass_session
def remove(session: Session, name: str, db: str | None) -> None:
    """Forget a saved search."""
    saved.remove(session.path(db), name)
    session.note(f"Removed @{saved.key(name)}.")


@command.command("check")
@click.argument("names", nargs=-1, shell_complete=complete_saved)
@db_option
@json_option
@click.option(
    "--exec",
    "program",
    metavar="COMMAND",
    help="Hand new results to this program, as JSON on its standard input.",
)
@click.option("--tz", metavar="ZONE", help="Zone of dates shown and asked for (default UTC).")
@pass_session
def check(
    session: Session,
    names: tuple[str, ...],
    db: str | None,
    as_json: bool,
    program: str | None,
    tz: str | None,
) -> int:
    """Tell what came since each saved search was last asked, and take it for seen.

    With --exec the COMMAND runs once for each search that has something new (no shell;
    ARCHIVER_SAVED holds the name); what it fails on is told again next time. Exit code 0 whether
    there is news or not, 7 when a search or a command failed.
    """
    zone = config.zone(tz or session.config.search.timezone)
    checking = _Checking(session, session.path(db), zone, as_json=as_json, program=program)
    with session.read(db) as connection:
        known = saved.all_saved(connection)
        wanted = [saved.find(connection, name) for name in names] or known
    failed = [each.name for each in wanted if not checking.done(each)]
    if failed:
        session.note(f"Not checked: {', '.join('@' + name for name in failed)}.")
    elif not wanted:
        session.note("No searches are saved; `archiver saved add NAME QUERY` saves one.")
    return INCOMPLETE if failed else 0


@dataclass(frozen=True)
class _Checking:
    """Asks saved searches one after the other; a fault of one leaves the others alone."""

    session: Session
    path: Path
    zone: tzinfo
    as_json: bool
    program: str | None

    def done(self, each: saved.Saved) -> bool:
        """Whether it was asked and its news have been handed over."""
        try:
            with self.session.read(str(self.path)) as db:
                hits, here = _news(db, each, self.zone)
                if hits:
                    self.tell(each, hits, db)
            saved.move(self.path, each.name, here, now())
        except ArchiverError as error:
            self.session.note(f"@{each.name}: {error}")
            return False
        return True

    def tell(self, each: saved.Saved, hits: list[Hit], db: sqlite3.Connection) -> None:
        """Print the news, or hand them to the program. Raises ConfigError when that fails."""
        told = {
            "format_version": output.FORMAT_VERSION,
            "saved": each.name,
            "query": each.query,
            "results": [formats.values(hit) for hit in hits],
        }
        if self.program is not None:
            _handed(self.program, each.name, told)
            self.session.note(
                f"@{each.name}: {output.plural(len(hits), 'new result')} handed over."
            )
        elif self.as_json:
            output.record(told)
        else:
            output.line(f"@{each.name}: {output.plural(len(hits), 'new result')}")
            for line in results.lines(hits, results.View(db, self.zone)):
                output.line(line)
            output.line()
        sys.stdout.flush()


def _news(db: sqlite3.Connection, each: saved.Saved, zone: tzinfo) -> tuple[list[Hit], Seen]:
    """What came since a search was last asked, and how far the archive goes now."""
    db.execute("BEGIN")
    here = saved.reached(db)
    query = parse(each.query, now=now(), zone=zone, saved=saved.texts(db))
    return page(db, query, How(seen=each.seen), limit=None).hits, here


def _handed(program: str, name: str, told: dict[str, Any]) -> None:
    """Run a program with JSON on its standard input. Raises ConfigError when it fails."""
    try:
        words = shlex.split(program)
        done = subprocess.run(
            words,
            input=json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n",
            env={**os.environ, "ARCHIVER_SAVED": name},
            check=False,
        )
    except (OSError, ValueError, IndexError) as error:
        raise ConfigError(f"{program!r} cannot be run: {error}.") from error
    if done.returncode != 0:
        raise ConfigError(f"{program!r} ended with exit code {done.returncode}.")


def safe_line(text: str) -> str:
    """A search text on one line."""
    from archiver.text.safe import one_line

    return one_line(text)
