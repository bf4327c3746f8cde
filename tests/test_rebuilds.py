"""A rebuild that is taken back: what was decided before it is in force again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

import archiver.dedup as verb
from archiver import rebuilds
from archiver.errors import ConfigError
from archiver.store import forgetting
from archiver.text.decide import Thresholds
from tests.dedup_room import Room, opened
from tests.test_dedup_histories import Killed, Mortal
from tests.test_near import BRIDGE, RULES, corpus, near

DECIDED = (
    "SELECT * FROM near ORDER BY 1",
    "SELECT * FROM link ORDER BY 1, 2",
    "SELECT * FROM form ORDER BY 1",
    "SELECT * FROM hot ORDER BY 1",
    "SELECT * FROM print UNION ALL SELECT * FROM fresh_print ORDER BY 1, 2",
)


def decided(room: Room) -> list[list[tuple[Any, ...]]]:
    return [room.rows(sql) for sql in DECIDED]


def undo(room: Room, undone: int) -> int:
    run = room.store.start_run("undo", 0)
    with room.store.transaction() as conn:
        assert rebuilds.take_back(conn, run, undone)
    verb.dedup(room.store, run, rules=RULES)
    room.check()
    return run


def test_a_rebuild_taken_back_leaves_what_was_before_and_can_be_had_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("archiver.recent.HOTTEST", 3)
    monkeypatch.setattr("archiver.store.earlier._AT_ONCE", 7)
    with opened() as room:
        corpus(room, 90)
        near(room)
        room.post(9, 1, "Note the hour! " + room.rows("SELECT text FROM post")[3][0], -5)
        near(room)  # older than what it repeats: a rebuild decides otherwise
        before, placed = decided(room), room.verdicts()
        assert all(before)
        run = room.store.start_run("rebuild", 0)
        verb.dedup(room.store, run, rules=RULES, rebuild=True)
        rebuilt, moved = decided(room), room.verdicts()
        assert rebuilt != before
        back = undo(room, run)
        assert (decided(room), room.verdicts()) == (before, placed)
        undo(room, back)
        assert (decided(room), room.verdicts()) == (rebuilt, moved)


def test_a_rebuild_that_was_killed_can_be_taken_back_to_what_was_before_it() -> None:
    strict = replace(RULES, thresholds=Thresholds(1.01, 1.01))
    with opened() as room:
        corpus(room)
        near(room)
        before, placed = decided(room), room.verdicts()
        with suppress(Killed):
            verb.dedup(Mortal(room.store, 5), room.run, rules=strict, rebuild=True)
        assert decided(room) != before
        run = room.store.start_run("rebuild", 0)
        verb.dedup(room.store, run, rules=strict, rebuild=True)
        assert room.verdicts() != placed
        undo(room, run)
        assert (decided(room), room.verdicts()) == (before, placed)


@pytest.fixture
def room() -> Iterator[Room]:
    with opened() as made:
        yield made


def test_what_came_after_a_rebuild_is_decided_when_it_is_taken_back(room: Room) -> None:
    room.post(1, 1, BRIDGE)
    room.post(2, 1, "Bad news today! " + BRIDGE, 1)
    near(room)
    run = room.store.start_run("rebuild", 0)
    strict = replace(RULES, thresholds=Thresholds(1.01, 1.01))
    verb.dedup(room.store, run, rules=strict, rebuild=True)
    room.post(3, 1, "Bad news today, all! " + BRIDGE, 2)
    verb.dedup(room.store, run, rules=strict)
    assert room.groups() == set()
    undo(room, run)
    assert room.groups() == {frozenset({(1, 1), (2, 1), (3, 1)})}


def test_bodies_of_another_version_are_not_put_back() -> None:
    with opened() as room:
        corpus(room)
        near(room)
        with room.store.transaction() as conn:
            conn.exec_driver_sql("UPDATE body SET version = version - 1")
        run = room.store.start_run("dedup", 0)
        done = verb.dedup(room.store, run, rules=RULES)
        room.store.finish_run(run, 0, "done", {"rebuilt": done.rebuilt})
        with room.store.transaction() as conn, pytest.raises(ConfigError, match="not kept"):
            rebuilds.take_back(conn, run + 1, run)


def test_what_is_forgotten_for_good_does_not_wait_for_an_undo(room: Room) -> None:
    room.post(1, 1, BRIDGE)
    room.post(2, 1, "Bad news today! " + BRIDGE, 1)
    near(room)
    run = room.store.start_run("dedup", 0)
    done = verb.dedup(room.store, run, rules=RULES, rebuild=True)
    room.store.finish_run(run, 0, "done", {"rebuilt": done.rebuilt})
    assert room.rows("SELECT count(*) > 0 FROM earlier") == [(1,)]
    with room.store.transaction() as conn:
        [(channel,)] = room.rows("SELECT channel_id FROM post WHERE id = 1")
        forgetting.forget(conn, channel, run)
    assert room.rows("SELECT count(*) FROM earlier") == [(0,)]
    with room.store.transaction() as conn, pytest.raises(ConfigError, match="archiver forget"):
        rebuilds.take_back(conn, run + 1, run)
