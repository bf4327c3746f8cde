"""Relevance: what says more of the words stands first, and of two alike the newer one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.store.reading import open_reading
from archiver.store.relevance import SCORED
from archiver.store.search import How, page, search
from archiver.text.query import parse
from tests.store.searchroom import NOW, Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path / "a.db")
    yield room
    room.close()


def ranked(room: Room, text: str, *, limit: int | None = 20, every: bool = True) -> list[int]:
    db = open_reading(room.path)
    how = How(sort="relevance", every=every)
    hits = search(db, parse(text, now=NOW), limit=limit, how=how)
    db.close()
    return [hit.post_id for hit in hits]


def test_the_best_stands_first_and_the_newer_of_two_alike(room: Room) -> None:
    weak = room.post("паром и двенадцать других слов о погоде, море и том, что было вчера")
    old = room.post("паром утром", date="2014-05-01")
    new = room.post("паром утром", date="2024-05-01")
    strong = room.post("паром паром паром", date="2024-04-01")
    assert ranked(room, "паром") == [strong, new, weak, old]
    assert ranked(room, "паром -утром") == [strong, weak]
    assert ranked(room, "нет") == []


@pytest.mark.parametrize(
    "text",
    [
        "паром",
        "паром views:>=0",
        "паром /слово1/",
        "паром -has:photo",
        "паром lang:ru",
        "паром lang:ru date:2024-05",
        "паром lang:ru /слово1/",
    ],
)
def test_whatever_is_asked_for_at_once_the_order_is_one(room: Room, text: str) -> None:
    room.db.execute("BEGIN")
    for number in range(230):
        words = "это " + "паром " * (1 + number % 4) + f"слово1{number} " * (number % 7 + 1)
        post = room.post(words, date=f"2024-05-{1 + number % 28:02}", views=number)
        if number % 3 == 1:
            room.cluster(post, post - 1)
    room.db.execute("COMMIT")
    whole = ranked(room, text, limit=None)
    assert len(whole) == 230
    for limit in (1, 20, 99, 100, 101, 229):
        assert ranked(room, text, limit=limit) == whole[:limit]
    statements = ranked(room, text, limit=None, every=False)
    assert ranked(room, text, limit=30, every=False) == statements[:30]
    assert ranked(room, text, limit=39, every=False) == statements[:39]


def test_filters_leave_posts_out_and_rank_none(room: Room) -> None:
    """The words alone rank; what FTS5 is asked for differs with the breadth of the filters."""
    room.db.execute("BEGIN")
    for number in range(120):
        words = "паром и маяк в тумане " * (1 + number % 3) + "ferry " * (number % 5)
        media = ("photo", "video", None)[number % 3]
        room.post(words, date=f"2024-05-{1 + number % 28:02}", media_kind=media)
    room.post("The ferry of the harbour and the lighthouse", media_kind="photo")
    room.post("das ist die ferry", date="2024-06-01")
    room.db.execute("COMMIT")
    whole = ranked(room, "ferry", limit=None)
    for text in (
        "lang:ru",
        "has:photo",
        "lang:ru has:media -has:video",
        "-lang:ru",
        "has:photo паром",
    ):
        kept = set(ranked_by_time(room, f"ferry {text}"))
        assert 0 < len(kept) < len(whole)
        if "паром" not in text:
            assert ranked(room, f"ferry {text}", limit=None) == [p for p in whole if p in kept]
        assert set(ranked(room, f"ferry {text}", limit=None)) == kept
    assert ranked(room, "lang:ru has:photo", limit=None) == ranked_by_time(
        room, "lang:ru has:photo"
    )


def ranked_by_time(room: Room, text: str) -> list[int]:
    db = open_reading(room.path)
    hits = search(db, parse(text, now=NOW), limit=None, every=True)
    db.close()
    return [hit.post_id for hit in hits]


def test_pages_follow_each_other(room: Room) -> None:
    room.db.execute("BEGIN")
    for number in range(150):
        room.post("паром " * (1 + number % 5), date=f"2024-05-{1 + number % 28:02}")
    room.db.execute("COMMIT")
    how, after, met = How(sort="relevance", every=True), None, list[int]()
    db = open_reading(room.path)
    while True:
        some = page(db, parse("паром", now=NOW), how, limit=25, after=after)
        met += [hit.post_id for hit in some.hits]
        if (after := some.after) is None:
            break
    db.close()
    assert met == ranked(room, "паром", limit=None)
    assert len(set(met)) == 150


def test_of_very_many_the_newest_are_ranked(room: Room) -> None:
    """The oldest is the best, and one too many."""
    room.post("паром", date="2024-01-01", sort_key=64)
    keys = range(640, 640 + SCORED)
    columns = "channel_id, message_id, sort_key, date, text, digest, src_text, added_run"
    room.db.execute("BEGIN")
    room.db.executemany(
        f"INSERT INTO post({columns}) VALUES (1, ?, ?, 1704067200, '', 0, 2, 1)",
        [(key, key) for key in keys],
    )
    add = "INSERT INTO posts_fts(rowid, text, meta) VALUES (?, 'паром и другие слова', 'c1')"
    room.db.executemany(add, [(key,) for key in keys])
    room.db.execute("COMMIT")
    found = ranked(room, "=паром", limit=None)
    assert len(found) == SCORED
    assert 1 not in found
