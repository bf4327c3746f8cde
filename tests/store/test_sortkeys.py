"""Keys in the order of dates, each once, whatever was stored before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from archiver.store.sortkeys import EPOCH, SLOTS, UNDATED, SortKeys, minute_of

DATES = st.lists(
    st.one_of(st.none(), st.integers(-3, 3).map(lambda n: EPOCH + 60 * n)), max_size=90
)


def plainly(used: set[int], dates: Iterable[int | None]) -> list[int]:
    """The key behind the last one of the first minute that has room."""
    found: list[int] = []
    for date in dates:
        if date is None:
            key = max((k for k in used if k < UNDATED // 2), default=UNDATED - 1) + 1
        else:
            minute = minute_of(date)
            while True:
                first = minute * SLOTS
                key = max((k for k in used if first <= k < first + SLOTS), default=first - 1) + 1
                if key < first + SLOTS:
                    break
                minute += 1
        used.add(key)
        found.append(key)
    return found


@given(st.lists(st.tuples(DATES, st.booleans()), max_size=5))
def test_keys_are_those_that_a_search_for_room_gives(
    batches: list[tuple[list[int | None], bool]],
) -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE post (sort_key INTEGER UNIQUE)")
    keys, used = SortKeys(), set[int]()
    for dates, kept in batches:
        told = keys.allocate(db, dates)
        assert told == plainly(set(used), dates)
        if kept:
            used.update(told)
            db.executemany("INSERT INTO post VALUES (?)", [(key,) for key in told])
        else:
            keys.forget()
    db.close()
