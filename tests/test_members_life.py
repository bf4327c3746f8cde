"""Statements are counted exactly after all that the commands do to posts and statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from archiver.dedup import dedup
from archiver.model import Channel, Forward, OriginKind, Post, Source
from archiver.store import checking, verdicts
from archiver.store.connection import driver
from archiver.store.reading import open_reading
from archiver.store.search import count, search
from archiver.store.store import Store
from archiver.store.tombstones import bury, restore
from archiver.text.query import parse
from tests.newsroom import DAWN, Newsroom

FERRY = "The ferry to the lighthouse leaves at nine from the old pier, the harbour office says"
STORM = "A storm closes the harbour until Friday, and the ferry stays at the old pier with it"


def is_exact(room: Newsroom) -> list[int]:
    """How many statements some searches find, each counted and looked at; the index is sound."""
    db, found = open_reading(room.store.path), []
    for text in ("ferry", "storm -nine", "ferry chan:@pier", '"old pier"', "harbour fwd:*"):
        query = parse(text, now=DAWN)
        hits = search(db, query, limit=None, every=True)
        found.append(count(db, query))
        assert found[-1] == len({hit.cluster_id or -hit.post_id for hit in hits}), text
    db.close()
    with room.store.transaction() as conn:
        assert checking.check(driver(conn)) == []
    return found


@contextmanager
def passing(room: Newsroom) -> Iterator[None]:
    """What is done is right before the next pass of dedup, and after it."""
    yield
    is_exact(room)
    dedup(room.store, room.run)
    is_exact(room)
    assert room.one("SELECT count(*) FROM fresh_member") == 0


def test_counts_are_exact_whatever_is_done(room: Newsroom) -> None:
    title = Channel("The Pier")
    with passing(room):
        ferry = room.post("harbour", FERRY)
        for name in ("pier", "dock", "quay"):
            room.forward(name, "harbour", ferry)
        storm = room.post("dock", STORM)
        room.forward("pier", "dock", storm)
        told = Post(2, STORM, storm.date, forward=Forward(OriginKind.CHANNEL, name="Dock"))
        room.store.add_posts(room.run, [(title, told)], room.clock)
    assert is_exact(room) == [2, 1, 2, 2, 2]
    dock, pier = (
        room.one("SELECT id FROM channel WHERE username = ?", n) for n in ("dock", "pier")
    )
    with passing(room), room.store.transaction() as conn:
        bury(conn, dock, [1], "test", DAWN)
    with passing(room), room.store.transaction() as conn:
        restore(conn, room.run, [3])
    with passing(room):
        assert ferry.date is not None
        later = Post(1, FERRY, ferry.date + 86_400, source=Source.LIVE)
        room.save("quay", later)
    split = room.store.start_run("dedup split", DAWN)
    with passing(room), room.store.transaction() as conn:
        verdicts.split(conn, split, 2, DAWN)
    assert is_exact(room)[0] == 3
    with passing(room), room.store.transaction() as conn:
        verdicts.undo(conn, room.run, split)
    assert is_exact(room)[0] == 2
    with passing(room), room.store.transaction() as conn:
        verdicts.merge(conn, room.run, 1, 5, DAWN)
    assert is_exact(room)[0] == 1
    with passing(room):
        room.store.link_channel("The Pier", room.channel("pier"), DAWN)
    assert room.one("SELECT count(DISTINCT channel_id) FROM post") == 4
    assert pier in {key for (key,) in room.rows("SELECT channel_id FROM post")}
    with passing(room):
        room.edit("harbour", replace(ferry), f"{FERRY}, and the storm is over")
    with passing(room):
        room.store.forget("@dock", room.run, DAWN)
    dedup(room.store, room.run, rebuild=True)
    is_exact(room)


def test_a_pass_that_was_killed_is_made_up_for_when_the_archive_is_opened_next(
    room: Newsroom,
) -> None:
    ferry = room.post("harbour", FERRY)
    room.forward("pier", "harbour", ferry)
    dedup(room.store, room.run)
    room.store.close()
    with sqlite3.connect(room.store.path) as db:  # as the pass left it before its last step
        db.execute("DELETE FROM member")
        db.execute("INSERT INTO member_fts(member_fts) VALUES ('delete-all')")
        db.execute("INSERT INTO fresh_member SELECT sort_key FROM post")
    db.close()
    assert count_of(room, "ferry") == 1
    with Store.open(room.store.path):
        assert room.rows("SELECT sort_key FROM fresh_member") == []
        assert room.one("SELECT count(*) FROM member") == 2
    assert count_of(room, "ferry") == 1


def count_of(room: Newsroom, text: str) -> int:
    db = open_reading(room.store.path)
    found = count(db, parse(text, now=DAWN))
    db.close()
    return found


def test_members_are_placed_a_portion_at_a_time(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archiver.store.members.BATCH", 2)
    ferry = room.post("harbour", FERRY)
    for name in ("pier", "dock", "quay", "lock"):
        room.forward(name, "harbour", ferry)
    told: list[tuple[str, int, int]] = []
    dedup(room.store, room.run, progress=lambda *step: told.append(step))
    assert [step for step in told if step[0] == "place"] == [
        ("place", 0, 5),
        ("place", 2, 5),
        ("place", 4, 5),
    ]
    assert room.one("SELECT count(*) FROM member") == 5
    assert is_exact(room)[0] == 1
