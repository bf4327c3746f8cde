"""Lines that a channel says again with other numbers or words: never copies of themselves."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

import archiver.dedup as verb
from archiver.clusters import Rules
from archiver.text.decide import Thresholds
from archiver.why import Cause, explain
from tests.dedup_room import Room, opened

RULES = Rules(thresholds=Thresholds())
DAY = 24


@pytest.fixture
def room() -> Iterator[Room]:
    with opened() as made:
        yield made


def near(room: Room) -> None:
    room.dedup(rules=RULES)
    room.check()


def toll(number: int) -> str:
    return (
        f"The county clinics report {number} new patients with measles since yesterday. Whoever has"
        " a fever should stay at home and call the doctor before coming to the practice."
    )


def alert(place: str) -> str:
    return f"Attention, flood warning for the {place} district: leave the river bank at once please"


def days(room: Room, *numbers: int) -> None:
    for day, number in enumerate(numbers):
        room.post(1, day + 1, toll(number), day * DAY)


def test_the_same_number_on_another_day_is_another_statement(room: Room) -> None:
    days(room, 12, 11, 14, 12, 12)
    near(room)
    assert room.groups() == set()


def test_a_copy_in_another_channel_goes_with_its_day(room: Room) -> None:
    days(room, 12, 11, 14, 12)
    room.post(2, 1, toll(12), 2)
    room.post(2, 2, toll(12), 3 * DAY + 1)
    room.post(3, 1, toll(11), 1.5 * DAY + 1)  # more than twelve hours later
    near(room)
    assert room.groups() == {frozenset({(1, 1), (2, 1)}), frozenset({(1, 4), (2, 2)})}


def test_so_does_an_edited_copy(room: Room) -> None:
    days(room, 12, 11, 14, 12)
    room.post(2, 1, "Health news! " + toll(12), 1)
    near(room)
    assert room.groups() == {frozenset({(1, 1), (2, 1)})}


@pytest.mark.parametrize("places", [("Upper Elm", "Sandhill", "Crowmoor"), ("a", "b", "c")])
def test_an_alert_said_again_is_another_one(room: Room, places: tuple[str, ...]) -> None:
    for number, place in enumerate((*places, *places)):
        room.post(1, number + 1, alert(place), 3 * number)
    near(room)
    assert room.groups() == set()


def test_what_was_joined_parts_when_it_turns_out_to_be_a_form(room: Room) -> None:
    days(room, 12, 12)
    near(room)
    assert room.groups() == {frozenset({(1, 1), (1, 2)})}
    days(room, 12, 12, 11, 14)
    near(room)
    assert room.groups() == set()


def test_a_reminder_without_other_words_is_one_statement(room: Room) -> None:
    for week in range(4):
        room.post(1, week + 1, toll(12), week * 7 * DAY)
    near(room)
    assert len(room.groups()) == 1


def test_one_correction_makes_no_form(room: Room) -> None:
    room.post(1, 1, toll(12))
    room.post(1, 2, toll(13), 1)
    room.post(2, 1, toll(12), 30)
    near(room)
    assert room.groups() == {frozenset({(1, 1), (2, 1)})}


def test_a_form_said_by_too_many_to_be_found_is_one_still(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archiver.recent.HOTTEST", 2)
    days(room, 21, 22, 23, 24, 25, 26, 27, 27)
    near(room)
    assert room.groups() == set()


def test_why_tells_that_it_was_said_again(room: Room) -> None:
    days(room, 12, 11, 14, 12)
    room.post(1, 8, "All clear", 0)
    room.post(1, 9, "All clear", 3)
    near(room)
    posts = dict(room.rows("SELECT message_id, id FROM post"))
    with room.store.transaction() as conn:
        db = conn.connection.driver_connection
        assert explain(db, posts[1], posts[4], RULES).cause is Cause.SAID_AGAIN
        assert explain(db, posts[8], posts[9], RULES).cause is Cause.SAID_AGAIN


def test_nights_come_to_what_a_rebuild_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.recent.HOTTEST", 6)
    monkeypatch.setattr(verb, "_JOINED_AT_ONCE", 3)
    dice = random.Random(5)
    made = []
    for hour in range(0, 600, 6):
        number = dice.randrange(5)
        text = dice.choice([toll(number), alert("ABCDE"[number])])
        made.append((1, hour, text))
        if dice.random() < 0.4:
            made.append(
                (dice.randint(2, 4), hour + dice.choice([0.1, 2, 20]), text + " Thank you.")
            )
    made.sort(key=lambda each: each[1])
    with opened() as grown, opened() as whole:
        for number, (where, hour, text) in enumerate(made):
            for room in (grown, whole):
                room.post(where, number + 1, text, hour)
            if number % 7 == 6:
                near(grown)
        near(grown)
        near(whole)
        assert grown.rows("SELECT count(*) FROM form") > [(2,)]
        assert grown.verdicts() == whole.verdicts()
        assert whole.dedup(rules=RULES, rebuild=True).moved == 0


def test_two_fillings_of_one_place_make_no_form(room: Room) -> None:
    room.post(1, 1, toll(12), 0)
    room.post(1, 2, toll(12).replace("fever", "rash"), 1)
    room.post(1, 3, toll(14), 2)
    room.post(2, 1, toll(12), 3 * DAY)
    near(room)
    assert room.groups() == {frozenset({(1, 1), (2, 1)})}


TOLD_AT_LENGTH = (
    f"{toll(12)} The school by the canal stays closed until Monday, the swimming hall until"
    " Friday, and the library lends {} by post as it did in the winter of the great flood."
)
TOLD_BRIEFLY = (
    "The school by the canal stays closed until Monday, the swimming hall until Friday, and the"
    " library lends {} by post as it did in the winter of the great flood."
)


@pytest.mark.parametrize(
    ("text", "channels", "groups"),
    [
        (TOLD_AT_LENGTH, 8, 1),
        (TOLD_AT_LENGTH, 3, 2),
        (TOLD_BRIEFLY, 24, 1),
        (TOLD_BRIEFLY, 12, 2),
    ],
)
def test_a_long_text_told_by_many_channels_is_no_form(
    room: Room, text: str, channels: int, groups: int
) -> None:
    """Some edited copies of its own channel differ in one place by chance."""
    for number, what in enumerate(("books", "novels", "papers"), 1):
        room.post(1, number, text.format(what), number)
    for channel in range(2, 1 + channels):
        room.post(channel, 1, text.format("books"), 5)
    room.post(40, 1, text.format("books"), 5 + DAY)
    room.post(41, 1, text.format("books"), 6 + DAY)
    near(room)
    told = [group for group in room.groups() if not group.isdisjoint({(40, 1), (2, 1)})]
    assert len(told) == groups
