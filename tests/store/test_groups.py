"""The database side of dedup: what is to do, bodies, footers, neighbourhoods; and `why`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from archiver.clusters import Rules
from archiver.model import Reason
from archiver.store import groups, neighbours
from archiver.store.cards import Changes, ClusterRow, Draft, Keyed, Move
from archiver.store.kin import members
from archiver.why import Cause, explain
from tests.dedup_room import HOUR, LONG, START, Room, opened


@pytest.fixture
def room() -> Iterator[Room]:
    with opened() as made:
        yield made


@pytest.fixture
def db(room: Room) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(room.path)
    yield connection
    connection.close()


def keyed(post: int, key: tuple[int, int], words: int = 9) -> Keyed:
    return Keyed(Draft(post, None, 1, None, "", None, None), None, key, words)


def test_bodies_are_one_row_only_if_both_halves_of_the_key_agree(room: Room) -> None:
    for message in range(1, 5):
        room.post(1, message, f"text {message}")
    same = [keyed(1, (5, 6)), keyed(2, (5, 7)), keyed(3, (5, 6)), keyed(4, (0, 0), words=0)]
    with room.store.transaction() as conn:
        groups.save_keys(conn, same, 1)
    assert room.rows("SELECT body_id FROM post ORDER BY id") == [(1,), (2,), (1,), (None,)]
    assert room.rows("SELECT count(*) FROM pending") == [(4,)]


def test_drafts_come_page_by_page_with_their_older_versions(room: Room) -> None:
    for message in range(1, 6):
        room.post(1, message, f"text {message}")
    room.post(1, 2, "text 2 as edited", edited=START + HOUR)
    with room.store.transaction() as conn:
        first = groups.drafts(conn, 0, 3)
        rest = groups.drafts(conn, 3, 3)
    assert [(d.post, d.revision is None, d.text) for d in first] == [
        (1, True, "text 1"),
        (2, True, "text 2 as edited"),
        (3, True, "text 3"),
        (2, False, "text 2"),
    ]
    assert [d.post for d in rest] == [4, 5]


def test_numbers_of_clusters_that_are_gone_are_not_given_again(room: Room) -> None:
    with room.store.transaction() as conn:
        row = ClusterRow(3, 1, 2, 1, 1, None, None)
        groups.write(conn, room.run, Changes(rows=[row], created=3), [], 1)
        move = Move(1, 3, None, None, None, None, True)
        groups.write(conn, room.run, Changes(moves=[move], gone=[3]), [], 1)
        assert (groups.last_cluster(conn), groups.cluster_count(conn)) == (3, 0)


def test_a_neighbourhood_holds_whole_clusters_and_nothing_else(room: Room) -> None:
    room.post(1, 1, LONG)
    room.post(2, 1, LONG)
    room.forward(3, 1, (2, 1), "something else")
    room.post(3, 9, "an album", grouped_id=5)
    room.post(3, 10, LONG, grouped_id=5)
    room.post(4, 1, "on its own")
    room.dedup()
    for post in (1, 3, 4):
        with room.store.transaction() as conn:
            found = neighbours.neighbourhood(conn, [post], short_words=8, short_hours=48)
        assert {card.id for card in found} == {1, 2, 3, 4, 5}


def test_of_a_short_text_only_the_days_around_are_looked_at(room: Room) -> None:
    for number in range(1, 20):
        room.post(number, 1, "Good morning!", number * 100)
    room.dedup()
    with room.store.transaction() as conn:
        found = neighbours.neighbourhood(conn, [18], short_words=8, short_hours=48)
    assert {card.id for card in found} == {18, 19}


def test_heaps_hold_what_is_pending_and_all_it_could_belong_to(room: Room) -> None:
    room.post(1, 1, LONG)
    room.post(2, 1, LONG)
    room.post(3, 1, "Good morning!", 0)
    room.post(4, 1, "Good morning!", 999)
    room.dedup()
    room.forward(5, 1, (4, 1), "hello")
    with room.store.transaction() as conn:
        assert [sorted(heap) for heap in neighbours.heaps(conn)] == [[3, 4, 5]]


def test_members_come_in_order_of_time_with_their_lag(room: Room, db: sqlite3.Connection) -> None:
    room.post(1, 1, LONG, 5)
    room.post(2, 1, LONG, 3)
    room.post(3, 1, LONG, None)
    room.dedup()
    found = members(db, 1)
    assert [(m.id, m.lag, m.canonical, m.reason) for m in found] == [
        (2, 0, True, None),
        (1, 2 * HOUR, False, "same-text"),
        (3, None, False, "same-text"),
    ]
    room.post(4, 1, "alone")
    assert members(db, 4) == []


def test_why_leads_from_one_post_to_the_other(room: Room, db: sqlite3.Connection) -> None:
    room.post(1, 10, LONG)
    room.post(2, 5, LONG, 2)
    room.forward(3, 7, (1, 10), "words of its own")
    room.dedup()
    found = explain(db, 2, 3)
    assert found.together
    assert [(s.post, s.other, s.reason) for s in found.steps] == [
        (2, 1, Reason.SAME_TEXT),
        (1, 3, Reason.FORWARD),
    ]
    assert found.steps[1].shared == (1, 10)
    assert explain(db, 1, 1).steps == ()


@pytest.mark.parametrize(
    ("texts", "hours", "cause"),
    [
        (("Good morning!", "good morning"), (0, 73), Cause.SHORT_AND_LATE),
        (("Good morning!", "good morning"), (0, None), Cause.SHORT_AND_UNDATED),
        (("Good morning!", "🔥"), (0, 0), Cause.NO_WORDS),
        ((LONG, LONG + " indeed"), (0, 0), Cause.OTHER_WORDS),
    ],
)
def test_why_not_says_what_is_missing(
    room: Room,
    db: sqlite3.Connection,
    texts: tuple[str, str],
    hours: tuple[float, float | None],
    cause: Cause,
) -> None:
    for number, (text, hour) in enumerate(zip(texts, hours, strict=True), 1):
        room.post(number, 1, text, hour)
    room.dedup()
    found = explain(db, 1, 2, Rules())
    assert (found.together, found.cause) == (False, cause)
    if cause is Cause.SHORT_AND_LATE:
        assert found.seconds_apart == 73 * HOUR


def test_why_not_shows_the_first_words_that_differ(room: Room, db: sqlite3.Connection) -> None:
    room.post(1, 1, LONG)
    room.post(2, 1, LONG.replace("bridge", "old tunnel"))
    assert explain(db, 1, 2).cause is Cause.NOT_LOOKED_AT
    room.dedup()
    difference = explain(db, 1, 2).difference
    assert difference is not None
    assert (difference.first, difference.second) == (("bridge",), ("old", "tunnel"))
    assert 0.9 < difference.similarity < 1
