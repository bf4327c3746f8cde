"""The index of members: statements are counted by it, exactly, whatever happened to the posts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.store import checking, index, members, rebuilding
from archiver.store.reading import open_reading
from archiver.store.search import count, search
from archiver.text.query import parse
from tests.store.searchroom import NOW, Room

WORDS = ("паром", "парома", "storm", "harbour", "шторм", "утром")
QUERIES = (
    "паром", "=паром", "storm OR шторм", "паром -storm", "-storm паром", '"паром storm"',
    '"storm утром"~2', "шторм*", "har*", "паром has:photo", "storm lang:ru", "-lang:ru storm",
    "chan:@channel2 паром", "паром fwd:*", "-fwd:channel1 storm", "storm views:>3", "date:2024-02",
    "паром date:2024-02..", "storm OR date:2024-01", "/пар.м/", "/\\bstorm\\b/", "паром /storm/",
    "has:deleted storm", "copies:>0 паром", "copies:0", "cluster:1", "(паром OR storm) -утром",
)  # fmt: skip


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path / "a.db")
    room.channel(1, "channel1")
    room.channel(2, "channel2")
    yield room
    room.close()


def is_sound(room: Room) -> None:
    """What is counted is what is found; every member is indexed, or waits to be."""
    db = open_reading(room.path)
    for text in QUERIES:
        query = parse(text, now=NOW)
        hits = search(db, query, limit=None, every=True)
        assert count(db, query) == len({h.cluster_id or -h.post_id for h in hits}), text
        assert count(db, query, every=True) == len(hits), text
    db.close()
    assert checking.check(room.db) == []


texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
rows = st.fixed_dictionaries(
    {
        "text": texts,
        "channel": st.integers(1, 2),
        "date": st.sampled_from(["2024-01-05", "2024-02-05", "2024-02-06", None]),
        "media_kind": st.sampled_from([None, "photo"]),
        "fwd_channel": st.sampled_from([None, 1, 2]),
        "views": st.integers(0, 6),
        "kind": st.sampled_from([0, 0, 0, 1]),
    }
)
which = st.integers(0, 11)
steps = st.one_of(
    st.tuples(st.just("post"), rows),
    st.tuples(st.just("post"), rows),
    st.tuples(st.just("join"), st.sets(which, min_size=2, max_size=5), st.booleans()),
    st.tuples(st.just("join"), st.sets(which, min_size=2, max_size=5), st.booleans()),
    st.tuples(st.just("part"), which),
    st.tuples(st.just("edit"), which, texts),
    st.tuples(st.just("delete"), which),
    st.tuples(st.just("move"), which, st.integers(1, 400)),
    st.tuples(st.just("erase"), which),
    st.just(("settle",)),
    st.just(("rebuild",)),
)


def act(room: Room, posts: list[int], step: tuple[Any, ...]) -> None:
    what, *given = step
    if what == "post":
        posts.append(room.post(**given[0]))
    elif what == "settle":
        index.add_members(room.db)
    elif what == "rebuild":
        rebuilding.rebuild(room.db)
    elif what == "join":
        some = [posts[n] for n in sorted(given[0]) if n < len(posts)]
        if len(some) > 1:
            room.cluster(*some, waits=given[1])
    elif given[0] < len(posts):
        act_on(room, posts, posts[given[0]], what, given[1:])


def act_on(room: Room, posts: list[int], post: int, what: str, given: list[Any]) -> None:
    if what == "part":
        room.db.execute("UPDATE post SET cluster_id = NULL WHERE id = ?", (post,))
        members.note(room.db, [post])
    elif what == "edit":
        room.change(post, text=given[0], edited=NOW)
    elif what == "delete":
        room.change(post, deleted_at=NOW)
    elif what == "move":
        key = room.row(post).sort_key + (given[0] << 6)
        if key not in room.keys:
            room.keys.add(key)
            room.change(post, sort_key=key)
    else:
        index.remove(room.db, [room.row(post)])
        room.db.execute("DELETE FROM post WHERE id = ?", (post,))
        posts.remove(post)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(history=st.lists(steps, min_size=4, max_size=30))
def test_statements_are_counted_as_a_list_of_all_posts_has_them(
    history: list[tuple[Any, ...]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        room, posts = Room(Path(folder, "a.db")), list[int]()
        for number in (1, 2):
            room.channel(number, f"channel{number}")
        for step in history:
            act(room, posts, step)
        is_sound(room)
        while index.add_members(room.db):
            pass
        assert members.is_complete(room.db)
        is_sound(room)
        room.close()
