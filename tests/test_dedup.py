"""What dedup finds in a real archive, and what it writes down."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import archiver.dedup as verb
from archiver.dedup import Deduped
from archiver.model import Forward, OriginKind, Source
from tests.dedup_room import HOUR, LONG, START, Room, channel, forward_of, opened
from tests.test_dedup_histories import forget
from tests.test_near import HARVEST


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
        (3, 2, 2, START + 5_000 * HOUR)
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
    assert room.rows("SELECT posts, copies, channels FROM cluster") == [(4, 1, 1)]
    found = room.verdicts()
    assert [found[2, m][1] for m in (5, 6, 7)] == ["album", "same-text", "album"]
    assert found[2, 5][3] == "[2,6]"


def test_an_album_alone_shows_its_caption(room: Room) -> None:
    for message in (5, 6, 7):
        room.post(2, message, "The caption of it" if message == 7 else "", 2, grouped_id=99)
    room.dedup()
    assert room.rows("SELECT posts, copies FROM cluster") == [(3, 0)]
    assert room.verdicts()[2, 5][0] == "[2,7]"


@pytest.mark.parametrize(
    "newest",
    [
        LONG.replace("Monday", "Tuesday").replace("spring", "the end of May"),
        f"{LONG}. " + "Drivers have to take the ferry, which leaves every half an hour. " * 9,
        " ".join(LONG.split()[:9]),
    ],
)
def test_a_corrected_post_stays_with_its_uncorrected_copies(room: Room, newest: str) -> None:
    room.post(1, 10, LONG)
    room.post(2, 5, LONG, 3)
    room.dedup()
    room.post(2, 5, newest, 3, edited=START + 9 * HOUR)
    room.dedup()
    assert room.rows("SELECT count(*) FROM revision") == [(1,)]
    assert room.groups() == {frozenset({(1, 10), (2, 5)})}


@pytest.mark.parametrize(
    "newest",
    [
        "Something else altogether is written here now, nobody knows why",
        LONG.replace("will be closed", "will not be closed"),
        "\N{FIRE}",
        "",
    ],
)
def test_a_post_that_says_something_else_now_leaves_its_statement(room: Room, newest: str) -> None:
    room.post(1, 10, LONG)
    room.post(2, 5, LONG, 3)
    room.post(3, 5, LONG, 4)
    room.dedup()
    room.post(2, 5, newest, 3, edited=START + 9 * HOUR)
    room.dedup()
    room.check()
    assert room.groups() == {frozenset({(1, 10), (3, 5)})}
    room.post(2, 5, LONG, 3, edited=START + 10 * HOUR)
    room.dedup()
    assert room.groups() == {frozenset({(1, 10), (2, 5), (3, 5)})}


def test_another_date_of_an_edit_is_looked_at_where_it_tells_since_when(room: Room) -> None:
    """The words are the same again, but since a later hour, as a rebuild would find."""
    room.post(1, 1, LONG, 1)
    room.post(2, 1, HARVEST, 0.5)
    room.post(2, 1, LONG, 0.5, edited=START + 3 * HOUR)
    room.dedup()
    room.post(2, 1, LONG, 0.5, edited=START + 5 * HOUR)
    room.dedup()
    grown = room.rows("SELECT first_date, last_date FROM cluster")
    assert grown == [(START + HOUR, START + 5 * HOUR)]
    room.dedup(rebuild=True)
    assert room.rows("SELECT first_date, last_date FROM cluster") == grown


def test_an_edited_post_is_no_bridge_between_two_statements(room: Room) -> None:
    room.post(1, 1, LONG, 0)
    room.post(2, 1, LONG, 0.5)
    room.forward(5, 1, (2, 1), LONG, 0.6)
    room.dedup()
    room.post(2, 1, HARVEST, 0.5, edited=START + 3 * HOUR)
    room.post(3, 1, HARVEST, 2)
    room.forward(6, 1, (2, 1), HARVEST, 4)
    room.dedup()
    room.check()
    harvest = frozenset({(2, 1), (3, 1), (6, 1)})
    assert room.groups() == {frozenset({(1, 1), (5, 1)}), harvest}
    assert room.verdicts()[2, 1][0] == "[2,1]"  # its forward makes it the one that is shown
    dates = room.rows("SELECT first_date FROM cluster WHERE copies = 2")
    assert dates == [
        (START + 2 * HOUR,)
    ]  # when the third said it; the second followed an hour later


def test_a_short_text_that_an_edit_made_opens_its_window_when_it_was_edited(room: Room) -> None:
    room.post(1, 1, HARVEST, 0)
    room.dedup()
    room.post(1, 1, "All clear", 0, edited=START + 60 * HOUR)
    room.dedup()
    room.post(2, 1, "All clear", 100)
    room.dedup()
    room.check()
    assert room.groups() == {frozenset({(1, 1), (2, 1)})}


def test_when_the_first_of_a_short_window_is_edited_away_the_rest_is_arranged_anew(
    room: Room,
) -> None:
    for number, hours in enumerate((0, 40, 60, 110)):
        room.post(number + 1, 1, "Good morning!", hours)
    room.dedup()
    assert room.groups() == {frozenset({(1, 1), (2, 1)})}
    room.post(1, 1, "Good night!", 0, edited=START + 200 * HOUR)
    room.dedup()
    room.check()
    assert room.groups() == {frozenset({(2, 1), (3, 1)})}


def test_a_copy_of_an_uncorrected_version_joins(room: Room) -> None:
    room.post(1, 10, LONG)
    room.post(1, 10, LONG.replace("river", "harbour"), edited=START + HOUR)
    room.dedup()
    room.post(2, 5, LONG, 3)
    room.dedup()
    assert room.groups() == {frozenset({(1, 10), (2, 5)})}


def test_a_new_post_finds_the_window_that_opened_before_it(room: Room) -> None:
    room.post(1, 1, "Good morning!", 0)
    room.post(2, 1, "Good morning!", 30)
    room.dedup()
    room.post(3, 1, "Good morning!", 50)
    room.dedup()
    room.post(4, 1, "Good morning!", 47)
    room.dedup()
    assert room.groups() == {frozenset({(1, 1), (2, 1), (4, 1)})}


def test_forwards_lose_the_footers_their_origin_is_learned_to_have(room: Room) -> None:
    room.forward(3, 1, (2, 900), f"{LONG}\n\nYours, the second desk", 1)
    room.post(1, 1, LONG)
    room.dedup()
    assert room.groups() == set()
    for number in range(2, 9):
        room.post(2, number, f"Piece of news number {number} of today\n\nYours, the second desk", 2)
    room.dedup()
    assert room.groups() == {frozenset({(1, 1), (3, 1)})}


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
    room.post(2, 1, f"{LONG}\n\nYours, the second desk", 1)
    room.dedup()
    assert room.groups() == set()
    for number in range(2, 9):
        room.post(2, number, f"Piece of news number {number} of today\n\nYours, the second desk", 2)
    assert room.dedup().footers_changed == 1
    assert room.groups() == {frozenset({(1, 1), (2, 1)})}


def test_two_channels_that_unlearn_one_line_in_one_pass_leave_what_a_rebuild_finds(
    room: Room,
) -> None:
    def campaign(end: str, edited: int | None = None) -> None:
        for number in range(2, 9):
            for where in (1, 2):
                room.post(where, number, f"News {number} of {where}{end}", 2, edited=edited)

    campaign("\n\nYours, the desk")
    room.forward(1, 20, (2, 900), f"{LONG}\n\nYours, the desk", 1)
    assert room.dedup().footers_changed == 2
    campaign("", START + HOUR)
    assert room.dedup().footers_changed == 2
    body = "SELECT key, key2 FROM body WHERE id = (SELECT body_id FROM post WHERE message_id = 20)"
    grown = room.rows(body)
    room.dedup(rebuild=True)
    assert room.rows(body) == grown


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


@pytest.mark.parametrize("body", [1, 2, 3])
def test_one_body_of_another_version_is_enough(room: Room, body: int) -> None:
    """In the middle it is found where no pass has noted that there is none."""
    for message in range(1, 4):
        room.post(1, message, f"{LONG} and {'so on ' * message}")
    room.dedup()
    assert room.dedup().looked_at == 0
    with room.store.transaction() as conn:
        conn.exec_driver_sql(f"UPDATE body SET version = 0 WHERE id = {body}")
        conn.exec_driver_sql("DELETE FROM index_state WHERE name = 'body_version'")
    assert room.dedup().looked_at == 3


@pytest.mark.parametrize("body", [1, 3])
def test_an_older_program_that_was_there_since_is_noticed(room: Room, body: int) -> None:
    for message in range(1, 4):
        room.post(1, message, f"{LONG} and {'so on ' * message}")
    room.dedup()
    with room.store.transaction() as conn:
        conn.exec_driver_sql(f"UPDATE body SET version = 0 WHERE id = {body}")
    assert room.dedup().looked_at == 3


def forwarded_before_an_edit(room: Room, *, edited: float | None, text: str) -> None:
    """A channel forwards what stood in another; only what stands there since the edit is known."""
    more = {} if edited is None else {"edited": START + int(edited * HOUR)}
    room.post(1, 7, text, 0, **more)
    room.forward(2, 7, (1, 7), LONG, hours=1)
    room.post(3, 7, LONG, 2)
    room.dedup()


ELSEWHERE = "Our pictures are shown on another platform from now on, follow us there every evening"


@pytest.mark.parametrize(
    ("edited", "text", "alone"),
    [
        (1.5, ELSEWHERE, True),
        (0.5, ELSEWHERE, False),  # the forward is later: its channel wrote something of its own
        (None, ELSEWHERE, False),
        (1.5, LONG.replace("Monday", "Tuesday"), False),
    ],
)
def test_a_forward_made_before_an_edit_shares_nothing_with_another_text(
    room: Room, edited: float | None, text: str, alone: bool
) -> None:
    forwarded_before_an_edit(room, edited=edited, text=text)
    copies = {(2, 7), (3, 7)}
    assert room.groups() == {frozenset(copies if alone else {(1, 7), *copies})}
    found = room.verdicts()
    forget(room)
    room.dedup(rebuild=True)
    assert room.verdicts() == found


def test_the_date_of_an_edit_that_is_learned_later_is_looked_at(room: Room) -> None:
    forwarded_before_an_edit(room, edited=None, text=ELSEWHERE)
    room.post(1, 7, ELSEWHERE, 0, edited=START + 2 * HOUR, source=Source.LIVE)
    room.dedup()
    assert room.groups() == {frozenset({(2, 7), (3, 7)})}
