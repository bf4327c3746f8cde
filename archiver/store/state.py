"""Numbers the index keeps of itself: its version, how far it reached."""

from __future__ import annotations

import sqlite3


def get(db: sqlite3.Connection, name: str) -> int | None:
    """The number of that name, or None."""
    row = db.execute("SELECT value FROM index_state WHERE name = ?", (name,)).fetchone()
    return None if row is None else int(row[0])


def put(db: sqlite3.Connection, name: str, value: int) -> None:
    """Set a number."""
    db.execute("INSERT OR REPLACE INTO index_state(name, value) VALUES (?, ?)", (name, value))


def max_overflow(db: sqlite3.Connection) -> int:
    """The most minutes by which a post's key lies behind its date."""
    return get(db, "max_overflow") or 0


_ENDS = """
SELECT (SELECT max(sort_key) FROM post) IS (SELECT max(id) FROM posts_fts_docsize)
  AND (SELECT min(sort_key) FROM post) IS (SELECT min(id) FROM posts_fts_docsize)
"""


def drifted(db: sqlite3.Connection) -> bool:
    """Whether index and posts differ at their ends: 20 us at any size, so every search asks.

    `checking.check` counts all and samples, which takes seconds for a million posts.
    """
    return not db.execute(_ENDS).fetchone()[0]
