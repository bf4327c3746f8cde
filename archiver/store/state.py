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


# Posts that wait to be indexed, 1,000 at most while a sync runs, are passed over.
_END = (
    "(SELECT sort_key FROM post WHERE NOT EXISTS"
    " (SELECT 1 FROM unindexed WHERE unindexed.sort_key = post.sort_key)"
    " ORDER BY sort_key {} LIMIT 1)"
)
_ENDS = (
    f"SELECT {_END.format('DESC')} IS (SELECT max(id) FROM posts_fts_docsize)"
    f" AND {_END.format('ASC')} IS (SELECT min(id) FROM posts_fts_docsize)"
)


def waiting(db: sqlite3.Connection) -> int:
    """How many posts are saved but not in the index yet: a sync is under way, or was killed."""
    return int(db.execute("SELECT count(*) FROM unindexed").fetchone()[0])


def drifted(db: sqlite3.Connection) -> bool:
    """Whether index and posts differ at their ends: 20 us at any size, so every search asks.

    `checking.check` counts all and samples, which takes seconds for a million posts.
    """
    return not db.execute(_ENDS).fetchone()[0]
