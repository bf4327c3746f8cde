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
