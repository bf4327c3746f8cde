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
which = st.integers(0, 9)
steps = st.one_of(
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
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    first=st.lists(rows, min_size=8, max_size=8),
    parted=st.integers(2, 6),
    history=st.lists(steps, min_size=1, max_size=12),
)
def test_statements_are_counted_as_a_list_of_all_posts_has_them(
    first: list[dict[str, Any]], parted: int, history: list[tuple[Any, ...]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        room, posts = Room(Path(folder, "a.db")), list[int]()
        for number in (1, 2):
            room.channel(number, f"channel{number}")
        room.db.execute("BEGIN")
        posts += [room.post(**row) for row in first]
        room.cluster(*posts[:parted])
        room.cluster(*posts[parted:])
        for step in history:
            act(room, posts, step)
        room.db.execute("COMMIT")
        is_sound(room)
        while index.add_members(room.db):
            pass
        assert members.is_complete(room.db)
        is_sound(room)
        room.close()


def held(room: Room) -> list[tuple[int, int]]:
    """Cluster and number of each member, by its place."""
    places = room.db.execute("SELECT id FROM member ORDER BY id").fetchall()
    return [(place & members.CLUSTER, place >> members.PLANE) for (place,) in places]


def test_a_member_that_waits_is_counted_all_the_same(room: Room) -> None:
    posts = [room.post("паром") for _ in range(3)]
    room.cluster(*posts, waits=True)
    assert held(room) == []
    assert room.count("паром") == 1
    assert index.add_members(room.db) == 3
    assert held(room) == [(1, 0), (1, 1), (1, 2)]
    assert room.count("паром") == 1


def test_a_member_waits_as_long_as_the_index_itself_does(room: Room) -> None:
    posts = [room.post("паром"), room.post("паром")]
    row = room.row(posts[0])
    index.remove(room.db, [row])
    index.add_later(room.db, [row.sort_key])
    room.cluster(*posts)
    assert held(room) == [(1, 0)]
    assert (room.count("паром"), room.count("паром", every=True)) == (1, 1)
    index.add_waiting(room.db)
    index.add_members(room.db)
    assert len(held(room)) == 2
    assert (room.count("паром"), room.count("паром", every=True)) == (1, 2)


def test_a_member_that_waits_keeps_its_turn_under_another_key(room: Room) -> None:
    posts = [room.post("паром"), room.post("паром")]
    room.cluster(*posts, waits=True)
    room.change(posts[0], sort_key=room.row(posts[0]).sort_key + 640, text="паром утром")
    assert room.count("паром") == 1
    index.add_members(room.db)
    assert held(room) == [(1, 0), (1, 1)]
    assert (room.count("паром"), room.count("утром")) == (1, 1)


def test_who_leaves_a_statement_leaves_its_index(room: Room) -> None:
    first, second, third = (room.post("паром") for _ in range(3))
    room.cluster(first, second, third)
    room.cluster(second, third)
    room.db.execute("UPDATE post SET cluster_id = NULL WHERE id = ?", (first,))
    members.note(room.db, [first])
    assert room.count("паром") == 2
    index.add_members(room.db)
    assert held(room) == [(2, 0), (2, 1)]
    assert room.count("паром") == 2


def test_numbers_in_a_cluster_stay_close_however_many_there_are(room: Room) -> None:
    room.db.execute("BEGIN")
    for sort_key in range(300):
        members.put(room.db, [(7, (sort_key, "паром", "c1"))])
    room.db.execute("COMMIT")
    assert [number for _, number in held(room)] == list(range(300))
    members.remove(room.db, [(key, "паром", "c1") for key in range(40, 90)])
    members.put(room.db, [(7, (key, "паром", "c1")) for key in range(1_000, 1_100)])
    numbers = [number for _, number in held(room)]
    assert len(numbers) == 350
    assert max(numbers) < 400


def test_what_says_nothing_new_does_not_wait(room: Room) -> None:
    posts = [room.post("паром"), room.post("паром")]
    room.cluster(*posts)
    members.note(room.db, [*posts, room.post("storm")])
    assert members.is_complete(room.db)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("DELETE FROM member WHERE id = 1", "1 members of statements are missing from the index"),
        ("UPDATE member SET id = id + 5", "2 index rows are of no member of a statement"),
        ("UPDATE post SET cluster_id = NULL WHERE id = 1", "1 index rows are of no member"),
        (
            "INSERT INTO member_fts(member_fts, rowid, text, meta)"
            " VALUES ('delete', 1, 'паром', 'c1')",
            "is not found by its words",
        ),
        (
            "INSERT INTO member_fts(rowid, text, meta) VALUES (1 << 40, 'storm', 'c1')",
            "the word storm leads to a post that does not hold it",
        ),
    ],
)
def test_the_check_finds_what_would_make_counts_wrong(room: Room, harm: str, told: str) -> None:
    room.cluster(room.post("паром"), room.post("паром утром"))
    room.post("storm шторм")
    assert checking.check(room.db) == []
    room.db.execute(harm)
    said = " / ".join(checking.check(room.db))
    assert told in said


def test_a_rebuild_makes_the_same_index_of_members(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "_PORTION", 5)
    for _ in range(4):
        room.cluster(*(room.post("паром storm") for _ in range(3)))
    room.db.execute("UPDATE post SET cluster_id = 1 WHERE id = 12")
    members.note(room.db, [12])
    before = held(room)
    rebuilding.rebuild(room.db)
    assert members.is_complete(room.db)
    assert sorted(cluster for cluster, _ in held(room)) == [1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4]
    assert len(before) == 12
    assert checking.check(room.db) == []
    assert room.count("storm") == 4
