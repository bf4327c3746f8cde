"""Saved searches and how far each has been asked. Plain sqlite3, so that a watch starts fast.

Written without the archive's lock, in transactions of one row: they touch nothing that another
writer keeps in mind, and a watch must work while a long import runs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archiver.errors import ConfigError, StoreError, TryAgainLater
from archiver.store.reading import open_reading
from archiver.store.search import Seen, newest_post
from archiver.text.query import saved_names

_COLUMNS = "name, query, added, asked, seen_run, seen_post"


@dataclass(frozen=True, slots=True)
class Saved:
    """A search with a name; `seen` is how far the archive was looked at when it was last asked."""

    name: str
    query: str
    added: int
    asked: int | None
    seen: Seen


def all_saved(db: sqlite3.Connection) -> list[Saved]:
    """Every saved search, by name."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM saved_search ORDER BY name")
    return [
        Saved(name, text, added, asked, Seen(*seen)) for name, text, added, asked, *seen in rows
    ]


def texts(db: sqlite3.Connection) -> dict[str, str]:
    """The search texts by name, for the parser."""
    return dict(db.execute("SELECT name, query FROM saved_search"))


def find(db: sqlite3.Connection, name: str) -> Saved:
    """The saved search of that name. Raises ConfigError."""
    wanted = key(name)
    known = {each.name: each for each in all_saved(db)}
    if wanted in known:
        return known[wanted]
    told = f"there are {', '.join(known)}" if known else "`archiver saved add NAME QUERY` makes one"
    raise ConfigError(f"no saved search is called {wanted!r}; {told}.")


def key(name: str) -> str:
    """The name as it is kept."""
    return name.removeprefix("@").casefold()


def loop(name: str, query: str, known: Mapping[str, str]) -> list[str]:
    """The names by which a search, saved as `name`, would ask for itself; none if it does not.

    >>> loop("a", "@b x", {"b": "@A OR y"}), loop("a", "@b", {"b": "y"})
    (['a', 'b', 'a'], [])
    """
    start, seen = key(name), set[str]()
    ways = [[start]]
    while ways:
        way = ways.pop()
        for each in map(key, saved_names(query if len(way) == 1 else known[way[-1]])):
            if each == start:
                return [*way, each]
            if each in known and each not in seen:
                seen.add(each)
                ways.append([*way, each])
    return []


def reached(db: sqlite3.Connection) -> Seen:
    """How far the archive goes now: its last run, and the last post that a search can find.

    Posts that wait to be indexed are new when their turn has come.
    """
    (run,) = db.execute("SELECT coalesce(max(id), 0) FROM run").fetchone()
    (waiting,) = db.execute(
        "SELECT min(post.id) FROM unindexed JOIN post ON post.sort_key = unindexed.sort_key"
    ).fetchone()
    return Seen(run, newest_post(db) if waiting is None else waiting - 1)


def add(path: Path, name: str, query: str, now: int) -> bool:
    """Save a search; from now on it is asked for what is new. False: it replaced another one."""
    with _writing(path) as db:
        here = reached(db)
        known = db.execute("SELECT 1 FROM saved_search WHERE name = ?", (key(name),)).fetchone()
        db.execute(
            f"INSERT OR REPLACE INTO saved_search({_COLUMNS}) VALUES (?, ?, ?, NULL, ?, ?)",
            (key(name), query, now, here.run, here.post),
        )
    return known is None


def remove(path: Path, name: str) -> None:
    """Forget a saved search. Raises ConfigError when there is none."""
    with _writing(path) as db:
        find(db, name)
        db.execute("DELETE FROM saved_search WHERE name = ?", (key(name),))


def move(path: Path, name: str, seen: Seen, now: int) -> None:
    """Note how far a saved search has been asked."""
    with _writing(path) as db:
        db.execute(
            "UPDATE saved_search SET seen_run = ?, seen_post = ?, asked = ? WHERE name = ?",
            (seen.run, seen.post, now, key(name)),
        )


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that writes one row, in a transaction of its own."""
    db = open_reading(path, writing=True)
    try:
        db.execute("BEGIN IMMEDIATE")
        yield db
        db.execute("COMMIT")
    except sqlite3.OperationalError as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith("SQLITE_READONLY"):
            raise StoreError(
                f"{path} cannot be written: read-only file, folder or disk."
            ) from error
        raise TryAgainLater(f"the archive is busy ({error}); try again in a minute.") from error
    finally:
        db.close()
