"""What is new in saved searches: asked, told or handed over, and only then taken for seen."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any

from archiver.cli import formats, output, results
from archiver.cli.session import now
from archiver.errors import ArchiverError, ConfigError
from archiver.store import saved
from archiver.store.hits import Hit
from archiver.store.reading import open_reading
from archiver.store.search import How, page
from archiver.text.query import parse


@dataclass(frozen=True, slots=True)
class News:
    """New results of one saved search, and the connection that found them."""

    of: saved.Saved
    hits: list[Hit]
    db: sqlite3.Connection

    @property
    def record(self) -> dict[str, Any]:
        """For programs."""
        return {
            "format_version": output.FORMAT_VERSION,
            "saved": self.of.name,
            "query": self.of.query,
            "results": [formats.values(hit) for hit in self.hits],
        }

    def lines(self, zone: tzinfo) -> Iterator[str]:
        """For people."""
        yield f"@{self.of.name}: {output.plural(len(self.hits), 'new result')}"
        yield from results.lines(self.hits, results.View(self.db, zone))
        yield ""


@dataclass(frozen=True, slots=True)
class Checked:
    """How many searches were asked, what came of them, and what went wrong by name."""

    asked: int
    new: int
    faults: dict[str, str]


def check(path: Path, names: Iterable[str], zone: tzinfo, tell: Callable[[News], None]) -> Checked:
    """Ask the searches named (none: all) what is new in them, and tell it.

    What `tell` raises ArchiverError on counts as not seen; a fault of one search leaves the others
    alone. Raises ConfigError for a name that is not known.
    """
    db = open_reading(path)
    known = saved.all_saved(db)
    wanted = [saved.find(db, name) for name in names] or known
    db.close()
    new, faults = 0, {}
    for each in wanted:
        try:
            new += _checked(path, each, zone, tell)
        except ArchiverError as error:
            faults[each.name] = str(error)
    return Checked(len(wanted), new, faults)


def _checked(path: Path, each: saved.Saved, zone: tzinfo, tell: Callable[[News], None]) -> int:
    """How many results one search had that were new; they have been told."""
    db = open_reading(path)
    try:
        db.execute("BEGIN")
        here = saved.reached(db)
        hits = _new(db, each, zone)
        if hits:
            tell(News(each, hits, db))
    finally:
        db.close()
    saved.move(path, each.name, here, now())
    return len(hits)


def _new(db: sqlite3.Connection, each: saved.Saved, zone: tzinfo) -> list[Hit]:
    query = parse(each.query, now=now(), zone=zone, saved=saved.texts(db))
    return page(db, query, How(seen=each.seen), limit=None).hits


def show(news: News, zone: tzinfo) -> None:
    """Print news for people; on their way before they count as seen."""
    for line in news.lines(zone):
        output.line(line)
    sys.stdout.flush()


def unrunnable(command: str) -> str:
    """What is wrong with a command before it is needed; "" where its program is there."""
    try:
        name = next(iter(shlex.split(command)), "")
    except ValueError as error:
        return f"{command!r} cannot be run: {error}"
    if shutil.which(name):
        return ""
    return f"{command!r} cannot be run: there is no program {name!r}"


def need(program: str) -> None:
    """Raises ConfigError where a program is not there, rather than at the first news."""
    if wrong := unrunnable(program):
        raise ConfigError(f"{wrong}; nothing was asked.")


def hand_over(program: str, news: News, patience: float | None = None) -> None:
    """Run a program with JSON on its standard input, for `patience` seconds at most.

    Raises ConfigError when it fails.
    """
    try:
        done = subprocess.run(
            shlex.split(program),
            input=json.dumps(news.record, ensure_ascii=False).encode("utf-8", "replace") + b"\n",
            env={**os.environ, "ARCHIVER_SAVED": news.of.name},
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ConfigError(f"{program!r} was stopped after {patience:.0f} seconds.") from None
    except (OSError, ValueError, IndexError) as error:
        raise ConfigError(f"{program!r} cannot be run: {error}.") from error
    if done.returncode != 0:
        raise ConfigError(f"{program!r} ended with exit code {done.returncode}.")


def handed(news: News) -> str:
    """What is said when a program got them."""
    return f"@{news.of.name}: {output.plural(len(news.hits), 'new result')} handed over."
