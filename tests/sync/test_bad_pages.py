"""Pages that hide, lie or cannot be read: nothing false is kept, and no good post is lost."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from telethon.tl import types as tl

from archiver.model import PostKind
from archiver.sync.run import Outcome
from tests.server import (
    Channel,
    doubled,
    emptied,
    foreign,
    instead,
    mixed_in,
    omit,
    stale,
    unknown,
    unordered,
)
from tests.sync.watching import asked, covers_no_more_than_it_has, one_post, raw, tables
from tests.syncroom import SyncRoom, in_room

DICE = tl.MessageMediaDice(3, "🎲")


async def added(room: SyncRoom, posts: int = 350) -> Channel:
    """A channel that is not read yet."""
    channel = room.world.channel("harbour")
    channel.post_many(posts)
    await room.add(channel)
    return channel


@pytest.mark.parametrize(
    "hidden", [range(151, 251), range(100, 260), range(101, 350)], ids=["a-page", "more", "most"]
)
def test_posts_that_pages_withhold_are_asked_for_by_id(tmp_path: Path, hidden: range) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await added(room)
        channel.page_hide = hidden
        result = await room.sync()
        assert result.complete
        assert room.archived(channel) == room.on_server(channel)
        assert room.covered(channel) == [(1, 350)]
        assert "hidden-page" in room.events()

    in_room(tmp_path / "a.sqlite", story)


def test_messages_that_are_empty_are_no_posts_and_no_gaps(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await added(room)
        for number in (30, 200, 201, 350):
            channel.empty(channel.handle(number))
        room.server.fail("GetHistory", emptied(120, 130), skip=2)
        assert (await room.sync()).complete
        expected = set(range(1, 351)) - {30, 200, 201, 350, 120, 130}
        assert room.archived(channel).keys() == expected
        assert room.covered(channel) == [(1, 350)]
        # Two of them are there after all, and the last days are read again.
        await room.sync()
        assert room.archived(channel) == room.on_server(channel)

    in_room(tmp_path / "a.sqlite", story)


def wrong(name: str, room: SyncRoom, channel: Channel) -> Any:
    """A page that breaks the contract."""
    other = room.world.channel("other")
    other.post_many(400)
    return {
        "stale": stale(channel, room.server),
        "unordered": unordered(),
        "foreign": foreign(other),
        "doubled": doubled(),
        "no-page": instead(lambda: tl.messages.MessagesNotModified(3)),
    }[name]


WRONG = ["stale", "unordered", "foreign", "doubled", "no-page"]


@pytest.mark.parametrize("name", WRONG)
def test_a_page_that_cannot_be_true_is_refused_and_asked_for_again(
    tmp_path: Path, name: str
) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await added(room)
        room.server.fail("GetHistory", wrong(name, room, channel), skip=2)
        asked(room)
        assert (await room.sync()).complete
        assert asked(room)["GetHistory"] == 5
        assert room.archived(channel) == room.on_server(channel)
        assert room.events() == ["refused-page"]
        assert room.one("SELECT count(*) FROM post") == 350

    in_room(tmp_path / "a.sqlite", story)


@pytest.mark.parametrize("name", WRONG)
def test_pages_that_stay_wrong_fail_their_channel_and_store_nothing(
    tmp_path: Path, name: str
) -> None:
    async def story(room: SyncRoom) -> None:
        channel, second = await added(room), room.world.channel("pier")
        second.post_many(120)
        await room.add(second)

        def mine(request: Any) -> bool:
            return bool(request.peer.channel_id == channel.id and request.offset_id)

        room.server.fail("GetHistory", wrong(name, room, channel), times=None, where=mine)
        result = await room.sync()
        outcomes = {each.subscription.username: each.outcome for each in result.channels}
        assert outcomes == {"harbour": Outcome.FAILED, "pier": Outcome.DONE}
        assert len(room.archived(channel)) == 100
        assert room.covered(channel) == [(251, 350)]
        assert room.archived(second) == room.on_server(second)
        assert "refused-page" in room.events(), "what was wrong is on record"
        room.server.heal()
        assert (await room.sync()).complete
        assert room.archived(channel) == room.on_server(channel)

    in_room(tmp_path / "a.sqlite", story)


def garble(channel: Channel, number: int) -> bytes:
    """The post gets a medium of a layer to come; the post's bytes."""
    made = channel.handle(number).message
    made.media = DICE
    data = bytes(made).replace(bytes(DICE), unknown(bytes(DICE)[4:]))
    channel.garble(channel.handle(number), data)
    return data


def events(room: SyncRoom) -> list[tuple[str, str, str]]:
    """What was noted about posts that cannot be read."""
    return room.rows("SELECT place, message, data FROM event WHERE kind = 'unreadable'")


def test_a_post_that_cannot_be_read_costs_no_other_and_its_bytes_are_kept(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await added(room)
        texts = room.on_server(channel)
        data = garble(channel, 220)
        result = await room.sync()
        assert result.channels[0].outcome is Outcome.PARTIAL
        assert not result.complete
        assert room.archived(channel) == texts, "its words come before what cannot be read"
        assert one_post(room, channel, 220, "kind") == (PostKind.UNSUPPORTED,)
        [(place, said, kept)] = events(room)
        assert place.endswith("/220")
        assert "newer one" in said
        assert b64decode(kept).startswith(data)
        assert raw(room, channel)[220].startswith(data)

    in_room(tmp_path / "a.sqlite", story)


def test_once_it_can_be_read_it_is_archived_properly(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await added(room, 50)
        before = channel.stored(20).data
        garble(channel, 20)
        await room.sync()
        channel.garble(channel.handle(20), before)
        result = await room.sync()
        assert result.complete
        assert one_post(room, channel, 20, "kind") == (PostKind.MESSAGE,)
        assert raw(room, channel)[20] == before
        assert room.archived(channel) == room.on_server(channel)

    in_room(tmp_path / "a.sqlite", story)


def test_a_post_without_even_a_number_leaves_a_gap_that_closes_later(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await added(room)
        before = channel.stored(220).data
        channel.garble(channel.handle(220))
        result = await room.sync()
        assert result.channels[0].outcome is Outcome.PARTIAL
        assert result.channels[0].open_ids == 1
        assert room.archived(channel).keys() == set(range(1, 351)) - {220}
        assert room.covered(channel) == [(1, 219), (221, 350)]
        room.sleep(1)
        result = await room.sync()
        assert result.channels[0].outcome is Outcome.PARTIAL, "it is tried again"
        channel.garble(channel.handle(220), before)
        room.sleep(1)
        assert (await room.sync()).complete
        assert room.archived(channel) == room.on_server(channel)
        assert room.covered(channel) == [(1, 350)]

    in_room(tmp_path / "a.sqlite", story)


def test_one_in_every_page_and_still_all_others_are_archived(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await added(room, 600)
        bad = set(range(37, 600, 61))
        for number in bad:
            channel.garble(channel.handle(number))
        result = await room.sync()
        assert result.channels[0].outcome is Outcome.PARTIAL
        assert room.archived(channel).keys() == set(range(1, 601)) - bad
        assert covers_no_more_than_it_has(room, channel)
        assert len(events(room)) >= len(bad)

    in_room(tmp_path / "a.sqlite", story)


def test_an_unreadable_post_of_every_night_is_not_written_every_night(tmp_path: Path) -> None:
    """It is said in each summary, but a row of the log for each night would be noise."""

    async def story(room: SyncRoom) -> None:
        channel = await added(room, 150)
        garble(channel, 20)
        await room.sync()
        before = tables(room, "post", "raw_post", "revision", "metric", "coverage")
        room.sleep(0.1)
        result = await room.sync()
        assert result.channels[0].outcome is Outcome.PARTIAL
        assert tables(room, *before) == before

    in_room(tmp_path / "a.sqlite", story)


def test_foreign_bytes_among_the_messages_cost_no_message(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await added(room)
        room.server.fail("GetHistory", mixed_in(unknown(), 40), skip=1)
        assert (await room.sync()).complete
        assert room.archived(channel) == room.on_server(channel)
        assert room.covered(channel) == [(1, 350)]

    in_room(tmp_path / "a.sqlite", story)


def test_ids_that_a_lookup_passes_over_stay_open(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await added(room)
        channel.page_hide = range(151, 251)
        room.server.fail("GetMessages", omit(200, 210), times=None)
        result = await room.sync()
        assert result.channels[0].outcome is Outcome.PARTIAL
        assert result.channels[0].open_ids == 2
        assert room.covered(channel) == [(1, 199), (201, 209), (211, 350)]
        room.server.heal()
        channel.page_hide = ()
        assert (await room.sync()).complete
        assert room.archived(channel) == room.on_server(channel)

    in_room(tmp_path / "a.sqlite", story)
