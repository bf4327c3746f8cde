"""The date-ordered key of a post: order by it is order by time, and it is the full-text rowid.

`sort_key = minutes since 2013 << 6 | slot`, unique. Posts before 2013 have negative keys by the
same formula; undated posts lie in a band of their own far below. A full minute overflows into the
next minute that has room; the greatest such push is kept in `index_state` as `max_overflow`
(minutes), by which a date filter widens its range. Newest-first search walks this key backwards:
0.1 ms instead of 53 ms for a common word in a million posts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

EPOCH = 1_356_998_400  # 2013-01-01T00:00Z, the year Telegram began
SLOT_BITS = 6
SLOTS = 1 << SLOT_BITS
UNDATED = -(1 << 62)
UNDATED_END = -(1 << 61)
# A cache entry is two small ints; 200,000 of them are about 20 MB.
CACHE_LIMIT = 200_000


def minute_of(date: int) -> int:
    """Whole minutes from 2013 to a Unix time; negative before."""
    return (date - EPOCH) // 60


class SortKeys:
    """Hands out free keys; one writer at a time, which the archive's lock ensures."""

    def __init__(self) -> None:
        self._next: dict[int, int] = {}
        self._jump: dict[int, int] = {}
        self._undated: int | None = None
        self._highest: int | None = None
        self.max_overflow = 0

    def allocate(self, db: sqlite3.Connection, dates: Iterable[int | None]) -> list[int]:
        """A free key for each date, in the order given."""
        if len(self._next) + len(self._jump) > CACHE_LIMIT:
            self.forget()
        return [self._undated_key(db) if d is None else self._dated_key(db, d) for d in dates]

    def forget(self) -> None:
        """Drop what was remembered: after a rollback the keys handed out are free again."""
        self._next.clear()
        self._jump.clear()
        self._undated = self._highest = None

    def _dated_key(self, db: sqlite3.Connection, date: int) -> int:
        wanted = minute = minute_of(date)
        passed = []
        while (key := self._free(db, minute)) is None:
            passed.append(minute)
            minute = self._jump.get(minute, minute + 1)
        for full in passed:
            self._jump[full] = minute
        self._next[minute] = key + 1
        self._highest = max(self._last(db), key)
        self.max_overflow = max(self.max_overflow, minute - wanted)
        return key

    def _free(self, db: sqlite3.Connection, minute: int) -> int | None:
        first = minute << SLOT_BITS
        key = self._next.get(minute)
        if key is None:
            # Most posts of a file are newer than all before: 10 us less each.
            key = first if first > self._last(db) else _after_last(db, first, first + SLOTS - 1)
            self._next[minute] = key
        return key if key < first + SLOTS else None

    def _last(self, db: sqlite3.Connection) -> int:
        """The greatest key in use."""
        if self._highest is None:
            (key,) = db.execute("SELECT max(sort_key) FROM post").fetchone()
            self._highest = UNDATED if key is None else key
        return self._highest

    def _undated_key(self, db: sqlite3.Connection) -> int:
        if self._undated is None:
            self._undated = _after_last(db, UNDATED, UNDATED_END)
        key = self._undated
        self._undated += 1
        return key


def _after_last(db: sqlite3.Connection, first: int, last: int) -> int:
    row = db.execute(
        "SELECT sort_key FROM post WHERE sort_key BETWEEN ? AND ? ORDER BY sort_key DESC LIMIT 1",
        (first, last),
    ).fetchone()
    return first if row is None else row[0] + 1
