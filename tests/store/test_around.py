"""The neighbours of a post in its channel, and the thread it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.store.around import Neighbour, context, thread
from tests.store.searchroom import Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path / "a.db")
    room.channel(1, "harbour", tg_id=-1001)
    room.channel(2, "talk", tg_id=-1002)
    yield room
    room.close()


def ids(posts: list[Neighbour]) -> list[int]:
    return [post.post_id for post in posts]


def test_neighbours_are_those_of_the_channel_in_their_order(room: Room) -> None:
    posts = [room.post(f"post {n}", channel=1 + n % 2) for n in range(8)]
    room.post("a change of the title", channel=1, kind=1)
    before, after = context(room.db, posts[4], 1)
    assert (ids(before), ids(after)) == ([posts[2]], [posts[6]])
    before, after = context(room.db, posts[0], 10)
    assert (ids(before), ids(after)) == ([], posts[2::2])


def test_posts_of_a_dump_are_in_the_order_they_came_in(room: Room) -> None:
    numbers = [-500, -3, -90]
    posts = [room.post("dumped", channel=1, date=None, message_id=n) for n in numbers]
    room.post("a real one", channel=1)
    before, after = context(room.db, posts[1], 5)
    assert (ids(before), ids(after)) == ([posts[0]], [posts[2]])


def test_a_thread_goes_up_to_its_beginning_and_down_to_every_answer(room: Room) -> None:
    first = room.post("first", channel=1, message_id=10)
    answer = room.post("answer", channel=1, message_id=11, reply_to=10)
    room.post("elsewhere", channel=2, message_id=12, reply_to=10)
    deeper = room.post("deeper", channel=1, message_id=13, reply_to=11)
    other = room.post("another", channel=1, message_id=14, reply_to=10)
    assert [ids(part) for part in thread(room.db, first)] == [[], [answer, deeper, other]]
    assert [ids(part) for part in thread(room.db, deeper)] == [[first, answer], []]


def test_an_answer_to_another_channel_is_known_by_its_id(room: Room) -> None:
    first = room.post("first", channel=1, message_id=10)
    there = room.post("there", channel=2, message_id=1, reply_to=10, reply_to_peer=-1001)
    lost = room.post("lost", channel=2, message_id=2, reply_to=10, reply_to_peer=-1009)
    assert [ids(part) for part in thread(room.db, there)] == [[first], []]
    assert [ids(part) for part in thread(room.db, lost)] == [[], []]


def test_answers_in_a_circle_have_an_end(room: Room) -> None:
    one = room.post("one", channel=1, message_id=10, reply_to=11)
    two = room.post("two", channel=1, message_id=11, reply_to=10)
    above, below = thread(room.db, one)
    assert {one, two} >= {*ids(above), *ids(below)}
