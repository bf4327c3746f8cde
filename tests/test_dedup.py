"""Dedup over a real archive: what is found, that a rebuild finds the same, that a kill is safe."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import archiver.dedup as verb
from archiver.clusters import Rules
from archiver.dedup import Deduped, dedup
from archiver.model import Channel, Forward, OriginKind, Post
from archiver.store.store import Store

HOUR = 3600
START = 1_700_000_000
LONG = "The ministry said on Monday that the bridge over the river will be closed until spring"


def channel(number: int) -> Channel:
    return Channel(title=f"Channel {number}", tg_id=-1_000_000_000_000 - number)


class Room:
    """A small archive with the domain's verbs; posts are named (channel, message)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = Store.open(path, create=True)
        self.run = self.store.start_run("test", START)
        self.seen = START

    def post(
        self, where: int, message: int, text: str, hours: float | None = 0, **more: Any
    ) -> None:
        date = None if hours is None else START + int(hours * HOUR)
        item = Post(message, text=text, date=date, **more)
        self.seen += 1
        self.store.add_posts(self.run, [(channel(where), item)], self.seen)

    def forward(
        self, where: int, message: int, origin: tuple[int, int], text: str, hours: float | None = 1
    ) -> None:
        self.post(where, message, text, hours, forward=forward_of(origin))

    def dedup(self, **options: Any) -> Deduped:
        return dedup(self.store, self.run, **options)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.path) as db:
            found = db.execute(sql, values).fetchall()
        db.close()
        return found

    def groups(self) -> set[frozenset[tuple[int, int]]]:
        """The posts of every cluster."""
        clusters: dict[int, set[tuple[int, int]]] = {}
        for cluster, where, message in self.rows(
            "SELECT cluster_id, -tg_id - 1000000000000, message_id FROM post p"
            " JOIN channel c ON c.id = channel_id WHERE cluster_id IS NOT NULL"
        ):
            clusters.setdefault(cluster, set()).add((where, message))
        return {frozenset(posts) for posts in clusters.values()}

    def verdicts(self) -> dict[tuple[int, int], tuple[Any, ...]]:
        """Of each post: its cluster's canonical, counts and dates, its reason and match."""
        name = "SELECT -c.tg_id - 1000000000000, p.message_id FROM post p JOIN channel c"
        names = dict(
            self.rows(
                name.replace("SELECT", "SELECT p.id, json_array(", 1).replace(" FROM", ") FROM", 1)
                + " ON c.id = p.channel_id"
            )
        )
        found = {}
        for post, canonical, reason, score, via, *counts in self.rows(
            "SELECT p.id, k.canonical, reason, score, via_post, posts, copies, channels,"
            " first_date, last_date, cuts FROM post p LEFT JOIN cluster k ON k.id = cluster_id"
        ):
            found[tuple(json.loads(names[post]))] = (
                names.get(canonical),
                reason,
                score,
                names.get(via),
                *counts,
            )
        return found

    def check(self) -> None:
        """What always holds, also between two transactions of a run."""
        assert (
            self.rows(
                "SELECT k.id FROM cluster k LEFT JOIN post p ON p.cluster_id = k.id"
                " GROUP BY k.id HAVING count(p.id) <> k.posts OR count(p.id) < 2"
                " OR sum(p.id = k.canonical) <> 1 OR sum(p.reason IS NULL) <> 1"
            )
            == []
        )
        assert (
            self.rows(
                "SELECT p.id FROM post p LEFT JOIN cluster k ON k.id = p.cluster_id"
                " LEFT JOIN post v ON v.id = p.via_post WHERE p.cluster_id IS NOT NULL AND"
                " (k.id IS NULL OR (p.reason IS NOT NULL AND v.cluster_id IS NOT p.cluster_id))"
                " OR p.cluster_id IS NULL AND coalesce(p.reason, p.score, p.via_post) IS NOT NULL"
            )
            == []
        )


def forward_of(origin: tuple[int, int], **more: Any) -> Forward:
    peer = channel(origin[0]).tg_id
    return Forward(kind=OriginKind.CHANNEL, peer_id=peer, message_id=origin[1], **more)


@contextmanager
def opened() -> Iterator[Room]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        path.write_bytes(empty_archive())
        room = Room(path)
        try:
            yield room
        finally:
            room.store.close()


@cache
def empty_archive() -> bytes:
    """Made by the migrations once: they take longer than a test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        Store.open(path, create=True).close()
        return path.read_bytes()


@pytest.fixture
def room() -> Iterator[Room]:
    with opened() as made:
        yield made


def test_a_forward_joins_the_archived_original_whatever_its_text(room: Room) -> None:
    room.post(1, 10, LONG)
    room.forward(2, 5, (1, 10), "quite another text")
    room.dedup()
    assert room.groups() == {frozenset({(1, 10), (2, 5)})}
    assert room.verdicts()[2, 5][:4] == ("[1,10]", "forward", 1.0, "[1,10]")


def test_forwards_of_one_unarchived_original_join_under_the_earliest(room: Room) -> None:
    room.forward(2, 5, (1, 10), "one", 9)
    room.forward(3, 6, (1, 10), "two", 7)
    room.dedup()
    assert room.verdicts()[2, 5][0] == "[3,6]"


@pytest.mark.parametrize(
    "forward",
    [
        forward_of((1, 10), imported=True),
        Forward(kind=OriginKind.CHANNEL, peer_id=channel(1).tg_id),
        Forward(kind=OriginKind.USER, peer_id=77, message_id=10),
        Forward(kind=OriginKind.NAME, name="Channel 1", message_id=10),
    ],
)
def test_a_header_that_names_no_channel_and_message_joins_nothing(
    room: Room, forward: Forward
) -> None:
    room.post(1, 10, LONG)
    room.post(2, 5, "other words", forward=forward)
    room.dedup()
    assert room.groups() == set()


def test_the_same_words_in_other_dress_are_one_statement(room: Room) -> None:
    room.post(1, 10, LONG)
    room.post(2, 5, f"⚡️ **{LONG.upper()}!!**\n\n#news #bridge\nRead in full: https://x.org/1", 5)
    room.dedup()
    assert room.verdicts()[2, 5][:4] == ("[1,10]", "same-text", 1.0, "[1,10]")


def test_long_texts_join_however_late_and_undated(room: Room) -> None:
    room.post(1, 10, LONG)
    room.post(2, 5, LONG, 5_000)
    room.post(3, 5, LONG, None)
    result = room.dedup()
    assert (result.clusters, result.new_clusters, result.joined) == (1, 1, 3)
    assert room.rows("SELECT posts, copies, channels, last_date FROM cluster") == [
        (3, 2, 3, START + 5_000 * HOUR)
    ]


def test_short_texts_join_only_within_two_days_of_the_first(room: Room) -> None:
    for number, hours in enumerate((0, 30, 48, 49, 90, None, 98)):
        room.post(number + 1, 1, "Good morning, everybody!", hours)
    room.dedup()
    assert room.groups() == {
        frozenset({(1, 1), (2, 1), (3, 1)}),
        frozenset({(4, 1), (5, 1)}),
    }


def test_a_late_forward_of_a_short_text_does_not_chain_two_windows(room: Room) -> None:
    room.post(1, 1, "Good morning!", 0)
    room.forward(2, 1, (1, 1), "Good morning!", 100)
    room.post(3, 1, "Good morning!", 101)
    room.dedup()
    assert room.groups() == {frozenset({(1, 1), (2, 1)})}


def test_an_earlier_short_post_found_later_moves_the_windows_behind_it(room: Room) -> None:
    for number, hours in enumerate((40, 60, 100)):
        room.post(number + 2, 1, "Good morning!", hours)
    room.dedup()
    assert room.groups() == {frozenset({(2, 1), (3, 1)})}
    room.post(1, 1, "Good morning!", 0)
    room.dedup()
    assert room.groups() == {frozenset({(1, 1), (2, 1)}), frozenset({(3, 1), (4, 1)})}


def test_an_album_is_one_statement_and_one_copy(room: Room) -> None:
    room.post(1, 10, LONG)
    for message in (5, 6, 7):
        room.post(2, message, LONG if message == 6 else "", 2, grouped_id=99)
    room.dedup()
    assert room.rows("SELECT posts, copies, channels FROM cluster") == [(4, 1, 2)]
    found = room.verdicts()
    assert [found[2, m][1] for m in (5, 6, 7)] == ["album", "same-text", "album"]
    assert found[2, 5][3] == "[2,6]"


def test_an_album_alone_shows_its_caption(room: Room) -> None:
    for message in (5, 6, 7):
        room.post(2, message, "The caption of it" if message == 7 else "", 2, grouped_id=99)
    room.dedup()
    assert room.rows("SELECT posts, copies FROM cluster") == [(3, 0)]
    assert room.verdicts()[2, 5][0] == "[2,7]"


def test_an_edited_post_stays_in_its_cluster(room: Room) -> None:
    room.post(1, 10, LONG)
    room.post(2, 5, LONG, 3)
    room.dedup()
    room.post(2, 5, "Something else altogether is written here now, nobody knows why", 3,
              edited=START + 9 * HOUR)  # fmt: skip
    room.dedup()
    assert room.rows("SELECT count(*) FROM revision") == [(1,)]
    assert room.groups() == {frozenset({(1, 10), (2, 5)})}


def test_the_most_forwarded_archived_origin_is_shown(room: Room) -> None:
    room.post(1, 10, LONG, 0)
    room.post(2, 20, LONG, 5)
    room.forward(3, 1, (2, 20), LONG, 6)
    room.dedup()
    assert room.verdicts()[1, 10][0] == "[2,20]"


def test_a_repeat_inside_a_post_is_cut_before_bodies_are_compared(room: Room) -> None:
    body = (
        f"{LONG}, because two of its pillars have moved since the flood of last autumn.\n"
        "Drivers are asked to take the northern road, where buses will go every ten minutes.\n"
        "Repairs cost nine million and are paid by the region, its governor told reporters."
    )
    room.post(1, 10, body)
    room.post(2, 5, f"{body}\n{body}", 1)
    result = room.dedup()
    assert (result.cut_posts, len(room.groups())) == (1, 1)
    assert result.cut_characters >= len(body)


def test_footers_learned_later_join_what_was_apart_before(room: Room) -> None:
    room.post(1, 1, LONG)
    room.post(2, 1, f"{LONG}\n\nFollow Channel Two", 1)
    room.dedup()
    assert room.groups() == set()
    for number in range(2, 9):
        room.post(2, number, f"Piece of news number {number} of today\n\nFollow Channel Two", 2)
    assert room.dedup().footers_changed == 1
    assert room.groups() == {frozenset({(1, 1), (2, 1)})}


def test_a_silent_rerun_has_nothing_to_do(room: Room) -> None:
    room.post(1, 10, LONG)
    room.post(2, 5, LONG, 3)
    room.dedup()
    before = room.rows("SELECT count(*) FROM decision")
    assert room.dedup() == Deduped(clusters=1)
    assert room.dedup(rebuild=True).moved == 0
    assert room.rows("SELECT count(*) FROM decision") == before == [(2,)]


def test_a_cluster_keeps_its_id_when_others_join_or_merge_into_it(room: Room) -> None:
    other = LONG.replace("bridge", "tunnel")
    for number, text in enumerate((LONG, LONG, other, other)):
        room.post(number + 1, 1, text, number)
    room.dedup()
    assert room.rows("SELECT id FROM cluster ORDER BY id") == [(1,), (2,)]
    room.forward(9, 1, (1, 1), other)
    room.dedup()
    assert room.rows("SELECT id, posts FROM cluster") == [(1, 5)]
    room.post(5, 5, "quite another thing is told here in many words, really", 5)
    room.post(6, 5, "quite another thing is told here in many words, really", 6)
    room.dedup()
    assert room.rows("SELECT id FROM cluster ORDER BY id") == [(1,), (3,)]


def test_decisions_tell_the_run_and_both_clusters(room: Room) -> None:
    room.post(1, 10, LONG)
    room.post(2, 5, LONG, 3)
    room.dedup()
    assert room.rows(
        "SELECT run_id, old_cluster, new_cluster, reason, score FROM decision ORDER BY post_id"
    ) == [(room.run, None, 1, None, None), (room.run, None, 1, "same-text", 1.0)]


def test_bodies_of_another_version_are_made_anew(room: Room) -> None:
    room.post(1, 10, LONG)
    room.dedup()
    with room.store.transaction() as conn:
        conn.exec_driver_sql("UPDATE body SET version = 0, key = 1")
    assert room.dedup().looked_at == 1
    assert [v for (v,) in room.rows("SELECT version FROM body")] == [verb.BODY_VERSION]


# --- random histories -----------------------------------------------------------------------

TEXTS = [
    "", "🔥", "Good morning!", "good morning", "All clear", "#tag", LONG, LONG + "!", f"{LONG} indeed",
    "A second long text of more than eight words about the harvest of this year",
    "Another one\n\nFollow us", "And one more here\n\nFollow us", "Third of them\n\nFollow us",
    f"{LONG}\n\nFollow us", "Good morning!\n\nFollow us", "Fifth\n\nFollow us",
]  # fmt: skip
CHANNELS, MESSAGES = 3, 5

posts = st.tuples(
    st.just("post"),
    st.integers(1, CHANNELS),
    st.integers(1, MESSAGES),
    st.sampled_from(TEXTS),
    st.one_of(st.none(), st.integers(0, 150)),
    st.one_of(st.none(), st.tuples(st.integers(1, CHANNELS + 1), st.integers(1, MESSAGES))),
    st.one_of(st.none(), st.integers(1, 2)),
)
steps = st.one_of(
    posts,
    posts,
    posts,
    st.tuples(st.just("delete"), st.integers(1, CHANNELS), st.integers(1, MESSAGES)),
    st.just(("dedup",)),
    st.tuples(st.just("killed"), st.integers(1, 7)),
)
FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Killed(Exception):
    """Stands for SIGKILL: the transaction under way is lost, those before it are kept."""


class Mortal:
    """A store that dies when its n-th transaction is about to end."""

    def __init__(self, store: Store, transactions: int) -> None:
        self.store = store
        self.left = transactions

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        with self.store.transaction() as conn:
            yield conn
            self.left -= 1
            if self.left < 0:
                raise Killed


def act(room: Room, step: tuple[Any, ...], edits: int) -> None:
    if step[0] == "post":
        _, where, message, text, hours, origin, album = step
        more: dict[str, Any] = {"edited": START + edits} if edits else {}
        forward = None if origin is None else forward_of(origin)
        room.post(where, message, text, hours, forward=forward, grouped_id=album, **more)
    elif step[0] == "delete":
        with room.store.transaction() as conn:
            conn.exec_driver_sql(
                "UPDATE post SET deleted_at = 1 WHERE message_id = ?"
                " AND channel_id = (SELECT id FROM channel WHERE tg_id = ?)",
                (step[2], channel(step[1]).tg_id),
            )
    elif step[0] == "dedup":
        room.dedup()
        room.check()
    else:
        try:
            dedup(Mortal(room.store, step[1]), room.run)
        except Killed:
            room.check()


NO_BULK, ONLY_BULK = 10**9, -1


@FEW
@given(history=st.lists(steps, max_size=30), many=st.sampled_from([NO_BULK, ONLY_BULK]))
def test_any_history_comes_to_what_a_rebuild_finds(
    history: list[tuple[Any, ...]], many: int
) -> None:
    with pytest.MonkeyPatch.context() as patch, opened() as room:
        patch.setattr(verb, "_KEYED_AT_ONCE", 3)
        patch.setattr(verb, "_JOINED_AT_ONCE", 2)
        patch.setattr(verb, "_HEAPED_AT_ONCE", 2)
        patch.setattr(verb, "_MANY", many)
        for edits, step in enumerate(history):
            act(room, step, edits)
        room.dedup()
        room.check()
        grown = room.verdicts()
        assert room.rows("SELECT * FROM pending") == []
        forget(room)
        patch.setattr(verb, "_MANY", -many)
        room.dedup(rebuild=True)
        room.check()
        assert room.verdicts() == grown


def forget(room: Room) -> None:
    """Take away all that dedup ever wrote."""
    with room.store.transaction() as conn:
        for table in ("cluster", "body", "footer", "decision", "pending"):
            conn.exec_driver_sql(f"DELETE FROM {table}")
        conn.exec_driver_sql("UPDATE revision SET body_id = NULL, cuts = NULL")
        conn.exec_driver_sql(
            "UPDATE post SET body_id = NULL, cuts = NULL, cluster_id = NULL, reason = NULL,"
            " score = NULL, via_post = NULL"
        )


@FEW
@given(data=st.data(), items=st.lists(posts, max_size=15, unique_by=lambda p: (p[1], p[2])))
def test_the_order_of_arrival_does_not_matter(data: st.DataObject, items: list[Any]) -> None:
    shuffled = data.draw(st.permutations(items))
    outcomes = []
    for order in (items, shuffled):
        with opened() as room:
            for number in range(1, CHANNELS + 2):  # ties between channels go by their ids
                room.post(number, 1_000, "")
            for item in order:
                act(room, item, 0)
                if data.draw(st.booleans()):
                    room.dedup()
            room.dedup()
            outcomes.append(room.verdicts())
    assert outcomes[0] == outcomes[1]
