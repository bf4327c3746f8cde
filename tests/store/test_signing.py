"""Footers in the archive: which channels are learned again, and which posts are to do then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archiver.store import forgetting, groups, signing
from tests.dedup_room import HOUR, LONG, START, Room, opened

NONE: frozenset[str] = frozenset()
DESK = frozenset({"yours the desk"})
MOTTO = frozenset({"our motto"})
SIGNED = f"{LONG}\n\nYours, the desk"


@pytest.fixture
def room() -> Iterator[Room]:
    with opened() as made:
        yield made


def to_do(
    room: Room, before: frozenset[str], after: frozenset[str], **known: frozenset[str]
) -> list[int]:
    """The posts that are to do when the footers of channel 1 change."""
    room.dedup()
    others = {int(name.removeprefix("channel_")): lines for name, lines in known.items()}
    with room.store.transaction() as conn:
        signing.replace(conn, 1, {1: before, **others}, after)
        assert groups.footers(conn).get(1, NONE) == after
        return groups.next_pending(conn, 9)


def test_a_channel_is_learned_again_only_when_its_sample_moved(room: Room) -> None:
    for message in range(1, 131):
        room.post(1, message, f"text {message}")
    room.dedup()
    with room.store.transaction() as conn:
        assert signing.channels_to_learn(conn) == []
    room.post(1, 131, "text 131")
    with room.store.transaction() as conn:
        assert signing.channels_to_learn(conn) == []
        assert next(signing.last_texts(conn, 1)) == "text 128"
    room.post(1, 192, "text 192")
    with room.store.transaction() as conn:
        assert signing.channels_to_learn(conn) == [1]
    room.dedup()
    room.post(1, 7, "text 7 as edited", edited=START + HOUR)
    with room.store.transaction() as conn:
        assert signing.channels_to_learn(conn) == [1]


def test_the_sample_of_a_channel_of_thousands_moves_in_longer_steps(room: Room) -> None:
    ends = {500: 448, 1_023: 960, 1_024: 1_024, 1_151: 1_024, 2_047: 1_920, 2_048: 2_048}
    for message in range(300, 400):
        room.post(1, message, f"text {message}")
    for last, end in (ends | {2_303: 2_048, 2_304: 2_304}).items():
        room.post(1, end, f"text {end}")
        room.post(1, last, f"text {last}")
        with room.store.transaction() as conn:
            assert next(signing.last_texts(conn, 1)) == f"text {end}"


def test_posts_and_forwards_that_lose_other_lines_are_to_do(room: Room) -> None:
    room.post(1, 1, SIGNED)
    room.post(1, 2, f"{LONG}\n\nOur motto")
    room.forward(2, 1, (1, 77), SIGNED)
    room.post(3, 1, SIGNED)
    assert to_do(room, NONE, DESK) == [1, 3]
    assert to_do(room, DESK, MOTTO) == [1, 2, 3]
    assert to_do(room, DESK, DESK | MOTTO) == [2]


def test_a_line_that_a_forward_loses_anyway_changes_nothing(room: Room) -> None:
    room.post(1, 1, SIGNED)
    room.forward(2, 1, (1, 77), SIGNED)
    room.forward(1, 2, (2, 77), SIGNED)
    room.forward(1, 3, (1, 1), SIGNED)  # its own: nobody else takes the line off
    assert to_do(room, DESK, NONE, channel_2=DESK) == [1, 4]


def test_an_earlier_wording_counts_and_so_does_what_a_cut_leaves(room: Room) -> None:
    body = (
        f"{LONG}, because two of its pillars have moved since the flood of last autumn.\n"
        "Drivers are asked to take the northern road, where buses will go every ten minutes.\n"
        "Repairs cost nine million and are paid by the region, its governor told reporters."
    )
    room.post(1, 1, SIGNED)
    room.post(1, 1, f"{LONG} at least", edited=START + HOUR)
    room.post(1, 2, f"{body}\nYours, the desk\n{body}")
    assert room.dedup().cut_posts == 1
    assert to_do(room, NONE, DESK) == [1, 2]


def test_what_a_forgotten_channel_signed_with_is_part_of_its_forwards_again(room: Room) -> None:
    for number in range(2, 9):
        room.post(1, number, f"Piece of news number {number} of today\n\nYours, the desk")
    room.forward(2, 1, (1, 900), SIGNED)
    room.post(3, 1, LONG)
    room.dedup()
    assert room.groups() == {frozenset({(2, 1), (3, 1)})}
    with room.store.transaction() as conn:
        forgetting.forget(conn, 1, room.run)
    room.dedup()
    assert room.groups() == set()
