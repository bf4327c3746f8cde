"""Fingerprints of the last passes: found at once, sorted into the index by and by."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator

import pytest

from archiver.store import fresh_prints, prints
from tests.dedup_room import opened

RANGES = 32


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with opened() as room:
        connection = sqlite3.connect(room.path)
        yield connection
        connection.close()


def rows(db: sqlite3.Connection, table: str) -> list[tuple[int, int]]:
    return db.execute(f"SELECT hash, body_id FROM {table} ORDER BY 1, 2").fetchall()


def some(dice: random.Random, night: int) -> list[tuple[int, int]]:
    return [(dice.getrandbits(40), night) for _ in range(100)] + [
        (5, night),
        ((1 << 40) - 5, night),
    ]


def test_what_came_in_any_night_is_found_in_one_order(db: sqlite3.Connection) -> None:
    dice = random.Random(1)
    nights = [some(dice, night) for night in range(2 * RANGES + 9)]
    for night in reversed(nights):
        prints.post_prints(db, night, ())
        assert not set(rows(db, "print")) & set(rows(db, "fresh_print"))
    saved = sorted(pair for night in nights for pair in night)
    assert sorted(rows(db, "print") + rows(db, "fresh_print")) == saved
    found = prints.holders(db, [hash for hash, _ in nights[3]])
    assert found[5] == found[(1 << 40) - 5] == list(range(len(nights)))
    assert sum(map(len, found.values())) == 100 + 2 * len(nights)


def test_a_pair_is_in_the_index_after_as_many_nights_as_there_are_ranges(
    db: sqlite3.Connection,
) -> None:
    dice = random.Random(2)
    first = some(dice, 0)
    prints.post_prints(db, first, ())
    assert rows(db, "fresh_print")
    for night in range(1, RANGES):
        prints.post_prints(db, some(dice, night), ())
    assert set(first) <= set(rows(db, "print"))


def test_many_pairs_go_to_the_index_at_once(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh_prints, "_FEW", 3)
    prints.post_prints(db, [(1, 1), (2, 1), (3, 1), (4, 1)], ())
    assert (len(rows(db, "print")), rows(db, "fresh_print")) == (4, [])


def test_boilerplate_and_what_is_forgotten_leave_both(db: sqlite3.Connection) -> None:
    prints.post_prints(db, [(1, 1), (1 << 39, 1)], ())
    prints.post_prints(db, [(1, 2), (1 << 39, 2)], ())
    prints.post_prints(db, [], [1])
    assert prints.holders(db, [1, 1 << 39]) == {1 << 39: [1, 2]}
    prints.forget_all(db)
    assert prints.holders(db, [1, 1 << 39]) == {}
