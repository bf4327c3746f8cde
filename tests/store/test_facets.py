"""What a search finds, counted by channel, time, language and origin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archiver.store import counting
from archiver.store.facets import shares
from archiver.store.reading import open_reading
from archiver.store.search import FACETS, How, count, search
from archiver.text.query import parse
from tests.store.searchroom import NOW, Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path / "a.db")
    room.channel(1, "harbour", "Harbour")
    room.channel(2, "pier", "Pier")
    original = room.post("the ferry and the storm", channel=1, date="2024-01-31T23:30")
    copy = room.post("the ferry and the storm", channel=2, date="2024-02-01", fwd_channel=1)
    room.post("паром и шторм, ferry на причале", channel=1, date="2024-04-15", fwd_name="Анна")
    room.post("ferry", channel=2, date=None)
    room.post("ferry", channel=2, date=None)
    room.cluster(original, copy)
    yield room
    room.close()


def counted(room: Room, facet: str, text: str = "ferry", **how: object) -> dict[str, int]:
    db = open_reading(room.path)
    zone = how.pop("zone", ZoneInfo("UTC"))
    query = parse(text, now=NOW)
    found = shares(db, query, facet, How(**how), zone)  # type: ignore[arg-type]
    db.close()
    return {share.value: share.posts for share in found}


def test_times_come_in_their_order_with_the_empty_ones(room: Room) -> None:
    assert list(counted(room, "month").items()) == [
        ("2024-01", 1), ("2024-02", 1), ("2024-03", 0), ("2024-04", 1), ("none", 2),
    ]  # fmt: skip
    assert counted(room, "year") == {"2024": 2, "none": 2}
    assert counted(room, "year", every=True) == {"2024": 3, "none": 2}
    assert counted(room, "week")["2024-01-29"] == 1
    assert list(counted(room, "day"))[:2] == ["2024-01-31", "2024-02-01"]


def test_months_are_those_of_the_zone(room: Room) -> None:
    assert next(iter(counted(room, "month", zone=ZoneInfo("Europe/Kyiv")))) == "2024-02"


@pytest.mark.parametrize("facet", ["day", "week", "month", "year"])
@pytest.mark.parametrize("every", [True, False])
def test_full_minutes_change_the_way_and_not_the_numbers(
    room: Room, facet: str, every: bool
) -> None:
    quick = counted(room, facet, every=every)
    room.db.execute("INSERT INTO index_state VALUES ('max_overflow', 3)")
    assert counted(room, facet, every=every) == quick


@pytest.mark.parametrize("zone", ["UTC", "Europe/Kyiv", "Asia/Kathmandu", "Pacific/Apia"])
@pytest.mark.parametrize("facet", ["day", "week", "month", "year"])
@pytest.mark.parametrize("every", [True, False])
def test_many_spans_are_counted_in_one_pass_with_the_same_numbers(
    room: Room, monkeypatch: pytest.MonkeyPatch, facet: str, zone: str, *, every: bool
) -> None:
    room.db.execute("BEGIN")
    for number, date in enumerate(
        ("2024-03-30T22:30", "2024-03-31T20:59", "2024-03-31T21:00", "2024-10-26T21:30",
         "2024-10-27T21:59", "2024-10-27T22:00", "2024-02-29T18:14", "2024-02-29T18:15")
    ):  # fmt: skip
        if number % 3:
            room.cluster(room.post("ferry", date=date), room.post("ferry", date="2024-03-02"))
        room.post("ferry", date=date)
    room.db.execute("COMMIT")
    found = []
    for seeks, cases in ((0, 0), (10**9, 0), (0, 10**9)):
        monkeypatch.setattr(counting, "_MOST_SEEKS", seeks)
        monkeypatch.setattr(counting, "_MOST_CASES", cases)
        found.append(counted(room, facet, every=every, zone=ZoneInfo(zone)))
    assert found[0] == found[1] == found[2]
    assert sum(found[0].values()) > 8


def test_channels_languages_and_origins(room: Room) -> None:
    assert counted(room, "channel") == {"@pier": 3, "@harbour": 2}
    assert counted(room, "lang") == {"none": 2, "en": 1, "ru": 1}
    assert counted(room, "lang", every=True) == {"none": 2, "en": 2, "ru": 1}
    assert counted(room, "fwd") == {"none": 3, "@harbour": 1, "Анна": 1}
    assert counted(room, "fwd", "date:2024", originals=True) == {"none": 1}


@pytest.mark.parametrize("text", ["ferry", "ferry views:>=0", "ferry /er+y/"])
@pytest.mark.parametrize("every", [True, False])
def test_channels_are_counted_in_portions_as_by_one_look_at_each(
    room: Room, monkeypatch: pytest.MonkeyPatch, text: str, *, every: bool
) -> None:
    monkeypatch.setattr(counting, "_SLICE", 3)
    expected: dict[str, set[int]] = {}
    room.db.execute("BEGIN")
    for number in range(90):
        channel = (1, 2, 40, 1 << 30)[number % 4]
        first = room.post("ferry", channel=channel, views=number)
        more = [room.post("a ferry", channel=(1, 40)[n % 2], views=1) for n in range(number % 4)]
        if more:
            room.cluster(first, *more)
    room.db.execute("COMMIT")
    sql = "SELECT channel_id, id, coalesce(cluster_id, -id) FROM post WHERE views IS NOT NULL"
    if "views" not in text:
        sql += " OR text LIKE '%ferry%'"
    for channel, post, statement in room.db.execute(sql):
        name = {1: "@harbour", 2: "@pier"}.get(channel, f"@channel{channel}")
        expected.setdefault(name, set()).add(post if every else statement)
    found = counted(room, "channel", text, every=every)
    assert found == {name: len(some) for name, some in expected.items()}


def test_every_channel_is_meant_by_a_star_and_by_the_value_that_is_told(room: Room) -> None:
    """Those without any name too, which have Telegram's number or ours."""
    add = "INSERT INTO channel(id, tg_id, title, added) VALUES (?, ?, '', 0)"
    room.db.executemany(add, [(7, -1001234567890), (8, None)])
    for channel in (7, 8, 8):
        room.post("ferry", channel=channel)
    told = {"@pier": 3, "@harbour": 2, "-1001234567890": 1, "8": 2}
    assert counted(room, "channel") == counted(room, "channel", "chan:* ferry") == told
    for value, posts in told.items():
        assert counted(room, "channel", f"ferry chan:{value}") == {value: posts}
    assert set(counted(room, "channel", "chan:-100* ferry")) == {"-1001234567890"}


@pytest.mark.parametrize("facet", FACETS)
@pytest.mark.parametrize(
    "text", ["ferry", "date:2024", "ferry OR views:>5", "/fer+y/", "-storm lang:ru"]
)
def test_posts_are_counted_once_each(room: Room, facet: str, text: str) -> None:
    db = open_reading(room.path)
    whole = count(db, parse(text, now=NOW), every=True)
    db.close()
    assert sum(counted(room, facet, text, every=True).values()) == whole


def test_of_nothing_nothing_is_counted(room: Room) -> None:
    for facet in FACETS:
        assert not any(counted(room, facet, "submarine").values())


@pytest.mark.parametrize("text", ["ferry", "ferry -storm", "storm lang:en", "ferry date:2024-02"])
def test_statements_are_those_that_a_list_of_all_posts_has(room: Room, text: str) -> None:
    """Members that the words do not find, that are gone or of service, count for nobody."""
    clusters: dict[int, list[int]] = {}
    for number in range(40):
        words = ("ferry", "storm")[number % 3 == 0] + (" storm" if number % 5 else "")
        gone = {"deleted_at": 1} if number % 7 == 0 else {}
        service = {"kind": 1} if number % 11 == 0 else {}
        month = f"2024-0{1 + number % 4}-01T00:00"
        post = room.post(words, channel=1 + number % 2, date=month, **gone, **service)
        clusters.setdefault(number % 6, []).append(post)
    for number in (1, 3, 4):
        room.cluster(*clusters[number])
    query = parse(text, now=NOW)
    db = open_reading(room.path)
    posts = search(db, query, limit=None, every=True)
    months: dict[str, set[int]] = {}
    for hit in posts:
        date = hit.date and datetime.fromtimestamp(hit.date, UTC).strftime("%Y-%m")
        months.setdefault(date or "none", set()).add(hit.cluster_id or -hit.post_id)
    assert count(db, query) == len({hit.cluster_id or -hit.post_id for hit in posts})
    db.close()
    told = {month: number for month, number in counted(room, "month", text).items() if number}
    assert told == {month: len(statements) for month, statements in months.items()}
