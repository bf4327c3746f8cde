"""What was decided about near copies before the last rebuild, so that it can be taken back.

A rebuild forgets all of it and decides anew. What follows for the posts, the clusters, is made of
it and need not be kept; nor need the fingerprints, 130 bytes a post, which are made of the texts.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from archiver.store import fresh_prints
from archiver.store.connection import Connection, driver

_AT_ONCE = 20_000

# Of each body 32 bits of what it is go along: ids may be given out again.
_CHECK = "(SELECT key & 4294967295 FROM body WHERE id = {})"
_KEPT = {
    "near": "SELECT body_id, leader, matched, relation, score, posted, date, channel_id, version,"
    f" run_id, {_CHECK.format('body_id')} FROM near ORDER BY body_id",
    "link": f"SELECT body_id, other, relation, score, {_CHECK.format('body_id')},"
    f" {_CHECK.format('other')} FROM link ORDER BY body_id, other",
    "form": f"SELECT body_id, {_CHECK.format('body_id')} FROM form ORDER BY body_id",
    "hot": "SELECT hash FROM hot ORDER BY hash",
}
_SAME = "EXISTS (SELECT 1 FROM body WHERE id = {} AND key & 4294967295 = {})"
_BACK = {
    "near": "INSERT INTO near(body_id, leader, matched, relation, score, posted, date, channel_id,"
    " version, run_id) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10"
    f" WHERE {_SAME.format('?1', '?11')}",
    "link": "INSERT INTO link(body_id, other, relation, score) SELECT ?1, ?2, ?3, ?4"
    f" WHERE {_SAME.format('?1', '?5')} AND {_SAME.format('?2', '?6')}",
    "form": f"INSERT INTO form(body_id) SELECT ?1 WHERE {_SAME.format('?1', '?2')}",
    "hot": "INSERT INTO hot(hash) VALUES (?1)",
}
# Which run forgot what is kept, and whether that rebuild came to its end.
_RUN, _ENDED, _UNDONE = "earlier_run", "earlier_ended", "earlier_undone"

Part = tuple[str, bytes]


class Posted(NamedTuple):
    """A body whose fingerprints lead to it, and the one whose fingerprints it does without."""

    body: int
    matched: int | None


def keep(conn: Connection, run_id: int) -> None:
    """A rebuild begins: keep what it will forget, in the place of what the one before forgot.

    What a rebuild that was killed has decided so far is not worth keeping: what it forgot stays.
    """
    db = driver(conn)
    if kept_by(conn) is None or _state(db, _ENDED):
        _replace(db, list(_packed(db)))
    _note(db, _RUN, run_id)
    _note(db, _ENDED, 0)
    _note(db, _UNDONE, 0)


def drop(conn: Connection) -> None:
    """What is kept is of no use: bodies are made in another way now."""
    db = driver(conn)
    _replace(db, [])
    db.execute("DELETE FROM index_state WHERE name IN (?, ?, ?)", (_RUN, _ENDED, _UNDONE))


def end(conn: Connection) -> None:
    """All is decided; the next rebuild keeps that."""
    db = driver(conn)
    db.execute("UPDATE index_state SET value = 1 WHERE name = ?", (_ENDED,))


def kept_by(conn: Connection) -> int | None:
    """The run that forgot what is kept."""
    return _state(driver(conn), _RUN)


def undone_last(conn: Connection) -> int | None:
    """The run that was taken back by the one that `kept_by` names, if that is what it did."""
    return _state(driver(conn), _UNDONE) or None


def was_rebuild(conn: Connection, run_id: int) -> bool:
    """Whether a run decided everything anew."""
    sql = "SELECT counts FROM run WHERE id = ? AND command NOT LIKE '%(dry run)'"
    row = driver(conn).execute(sql, (run_id,)).fetchone()
    return bool(row and row[0] and json.loads(row[0]).get("rebuilt"))


def swap(conn: Connection, run_id: int, undone: int) -> None:
    """Put back what `undone` forgot, but for fingerprints, and keep what was there.

    All posts are to do then.
    """
    db = driver(conn)
    parts: list[Part] = db.execute("SELECT name, packed FROM earlier ORDER BY part").fetchall()
    _replace(db, list(_packed(db)))
    for table in (*_KEPT, *fresh_prints.TABLES):
        db.execute(f"DELETE FROM {table}")
    for name, packed in parts:
        db.executemany(_BACK[name], _unpack(packed))
    db.execute("DELETE FROM near WHERE leader NOT IN (SELECT body_id FROM near)")
    db.execute("INSERT OR IGNORE INTO pending(post_id) SELECT id FROM post")
    _note(db, _RUN, run_id)
    _note(db, _ENDED, 1)
    _note(db, _UNDONE, undone)


def posted(conn: Connection) -> list[Posted]:
    """The bodies that are to be found by their fingerprints."""
    sql = "SELECT body_id, matched FROM near WHERE posted ORDER BY body_id"
    return [Posted(*row) for row in driver(conn).execute(sql)]


def _packed(db: sqlite3.Connection) -> Iterator[Part]:
    for name, sql in _KEPT.items():
        rows = db.execute(sql)
        while some := rows.fetchmany(_AT_ONCE):
            yield name, _pack(some)


def _pack(rows: list[Any]) -> bytes:
    columns = list(zip(*rows, strict=True))
    return zlib.compress(json.dumps(columns, separators=(",", ":")).encode(), 6)


def _unpack(packed: bytes) -> Iterator[tuple[Any, ...]]:
    return zip(*json.loads(zlib.decompress(packed)), strict=True)


def _replace(db: sqlite3.Connection, parts: list[Part]) -> None:
    db.execute("DELETE FROM earlier")
    db.executemany("INSERT INTO earlier(name, packed) VALUES (?, ?)", parts)


def _state(db: sqlite3.Connection, name: str) -> int | None:
    row = db.execute("SELECT value FROM index_state WHERE name = ?", (name,)).fetchone()
    return None if row is None else int(row[0])


def _note(db: sqlite3.Connection, name: str, value: int) -> None:
    db.execute("INSERT OR REPLACE INTO index_state(name, value) VALUES (?, ?)", (name, value))
