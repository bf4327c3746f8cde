"""What dedup has still to look at: written with the change that makes it so, in its transaction."""

from __future__ import annotations

from collections.abc import Iterable

from archiver.store.connection import Connection, driver


def mark_pending(conn: Connection, ids: Iterable[int]) -> None:
    """Have dedup look at these posts again."""
    sql = "INSERT OR IGNORE INTO pending(post_id) VALUES (?)"
    driver(conn).executemany(sql, [(post_id,) for post_id in ids])
