"""Deletions and returns: a post that is gone from the channel stays, marked, and stays findable.

Functions of a connection inside a transaction that the Store opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, insert

from archiver.store import index
from archiver.store.connection import driver
from archiver.store.schema import event

_ROWS = f"SELECT {index.COLUMNS} FROM post WHERE id = ?"
_LIVE = (
    "SELECT message_id FROM post WHERE channel_id = ? AND message_id BETWEEN ? AND ?"
    " AND deleted_at IS NULL ORDER BY message_id DESC"
)


def missing(conn: Connection, channel_id: int, lo: int, hi: int, there: Iterable[int]) -> list[int]:
    """The message ids lo..hi that the archive holds as not deleted and that are not `there`."""
    found = driver(conn).execute(_LIVE, (channel_id, lo, hi))
    here = set(there)
    return [number for (number,) in found if number not in here]


def bury(
    conn: Connection, channel_id: int, message_ids: Sequence[int], evidence: str, now: int
) -> int:
    """Mark posts as deleted, `evidence` saying how that is known; the number that were not yet."""
    buried = 0
    for message_id in message_ids:
        row = (
            driver(conn)
            .execute(
                "SELECT id FROM post WHERE channel_id = ? AND message_id = ?"
                " AND deleted_at IS NULL",
                (channel_id, message_id),
            )
            .fetchone()
        )
        if row is not None:
            _mark(conn, row[0], now, evidence)
            buried += 1
    return buried


def restore(conn: Connection, run_id: int, post_ids: Sequence[int]) -> None:
    """Posts that were held to be deleted are there: take the mark away and note that."""
    for post_id in post_ids:
        _mark(conn, post_id, None, None)
        said = "a post that was held to be deleted is there again"
        values = {"run_id": run_id, "kind": "restored", "place": f"#{post_id}", "message": said}
        conn.execute(insert(event).values(values))


def _mark(conn: Connection, post_id: int, at: int | None, evidence: str | None) -> None:
    """Set or take away the mark, in the row and in the index."""
    db = driver(conn)
    before = index.IndexRow._make(db.execute(_ROWS, (post_id,)).fetchone())
    db.execute(
        "UPDATE post SET deleted_at = ?, deleted_evidence = ? WHERE id = ?",
        (at, evidence, post_id),
    )
    index.change(db, before, before._replace(deleted=at is not None))
