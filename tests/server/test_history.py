"""Pages, ids and differences are what the documentation of Telegram says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from telethon import TelegramClient, errors
from telethon.tl.functions.channels import GetMessagesRequest
from telethon.tl.functions.messages import GetHistoryRequest
from telethon.tl.functions.updates import GetChannelDifferenceRequest
from telethon.tl.types import (
    ChannelMessagesFilterEmpty,
    InputChannel,
    InputPeerChannel,
    MessageEmpty,
    updates,
)

from tests.server import Channel, World
from tests.server.fixtures import connected, running
from tests.server.timeouts import hard_timeout


def peer(channel: Channel) -> InputPeerChannel:
    return InputPeerChannel(channel.id, channel.world.of(channel.world.me, channel.id))


def input_channel(channel: Channel) -> InputChannel:
    return InputChannel(channel.id, channel.world.of(channel.world.me, channel.id))


async def history(client: TelegramClient, channel: Channel, **asked: Any) -> Any:
    plain = {"offset_id": 0, "offset_date": None, "add_offset": 0, "limit": 100}
    rest = {"max_id": 0, "min_id": 0, "hash": 0}
    return await client(GetHistoryRequest(peer(channel), **(plain | rest | asked)))


async def ids(client: TelegramClient, channel: Channel, **asked: Any) -> list[int]:
    return [m.id for m in (await history(client, channel, **asked)).messages]


async def difference(client: TelegramClient, channel: Channel, pts: int, limit: int = 100) -> Any:
    request = GetChannelDifferenceRequest(
        input_channel(channel), ChannelMessagesFilterEmpty(), pts, limit
    )
    return await client(request)


@pytest.fixture
def channel() -> Channel:
    channel = World().channel("harbour_news")
    channel.post_many(10)
    channel.skip_ids(90)
    channel.post_many(10)
    return channel


@hard_timeout
async def test_offsets_choose_the_page(channel: Channel) -> None:
    async with running(channel.world) as server, connected(server) as c:
        assert await ids(c, channel, limit=3) == [110, 109, 108]
        assert await ids(c, channel, offset_id=101, limit=3) == [10, 9, 8]
        assert await ids(c, channel, offset_id=50, limit=3) == [10, 9, 8]
        assert await ids(c, channel, offset_id=1) == []
        assert await ids(c, channel, offset_id=101, add_offset=-3, limit=3) == [103, 102, 101]
        assert await ids(c, channel, offset_id=109, add_offset=-100) == [110, 109]
        assert await ids(c, channel, offset_id=1, add_offset=-100, limit=2) == []
        assert await ids(c, channel, add_offset=18) == [2, 1]
        assert await ids(c, channel, min_id=8, max_id=103) == [102, 101, 10, 9]
        date = channel.shelf.date(5)
        assert await ids(c, channel, offset_date=datetime.fromtimestamp(date, UTC)) == [4, 3, 2, 1]


@hard_timeout
async def test_a_page_tells_state_and_count(channel: Channel) -> None:
    channel.delete(3, 4)
    async with running(channel.world) as server, connected(server) as c:
        page = await history(c, channel, limit=5)
        assert (page.pts, page.count) == (channel.pts, 18)
        assert [chat.id for chat in page.chats] == [channel.id]


@hard_timeout
async def test_history_is_paged_whole_by_the_client_itself(channel: Channel) -> None:
    channel.post_many(500)
    async with running(channel.world) as server, connected(server) as c:
        entity = await c.get_entity("harbour_news")
        for reverse in (False, True):
            found = [m.id async for m in c.iter_messages(entity, reverse=reverse, wait_time=0)]
            assert sorted(found) == channel.ids
            assert found == sorted(found, reverse=not reverse)


@hard_timeout
async def test_a_hidden_page_is_empty_and_its_ids_are_there() -> None:
    channel = World().channel("harbour_news")
    channel.post_many(350)
    channel.page_hide = range(101, 201)
    async with running(channel.world) as server, connected(server) as c:
        assert await ids(c, channel, offset_id=201) == []
        assert (await ids(c, channel, offset_id=1, add_offset=-100))[-1] == 1
        assert await ids(c, channel, offset_id=150, limit=60) == list(range(100, 89, -1))
        found = await c(GetMessagesRequest(input_channel(channel), list(range(101, 201))))
        assert [m.id for m in found.messages] == list(range(101, 201))


@hard_timeout
async def test_messages_that_are_gone_or_hidden_are_empty(channel: Channel) -> None:
    channel.delete(3)
    channel.available_min_id = 4
    async with running(channel.world) as server, connected(server) as c:
        answer = await c(GetMessagesRequest(input_channel(channel), [3, 4, 5, 55]))
        assert [isinstance(m, MessageEmpty) for m in answer.messages] == [True, True, False, True]
        assert await ids(c, channel, offset_id=8) == [7, 6, 5]


@hard_timeout
async def test_a_difference_tells_what_happened_since(channel: Channel) -> None:
    pts = channel.pts
    first = channel.post("The ferry is late.")
    second = channel.post("The ferry is gone.")
    channel.edit(first, "The ferry came.")
    channel.delete(second, 5)
    async with running(channel.world) as server, connected(server) as c:
        answer = await difference(c, channel, pts)
        assert [m.message for m in answer.new_messages] == ["The ferry came."]
        [gone] = answer.other_updates
        assert (sorted(gone.messages), gone.pts_count) == ([5, second.id], 2)
        assert answer.pts == pts + 5  # two posts, an edit, a deletion of two
        assert answer.final
        assert answer.pts == channel.pts
        empty = await difference(c, channel, answer.pts)
        assert isinstance(empty, updates.ChannelDifferenceEmpty)


@hard_timeout
async def test_a_difference_comes_in_slices(channel: Channel) -> None:
    pts = 1
    seen: list[int] = []
    finals: list[bool] = []
    async with running(channel.world) as server, connected(server) as c:
        while not finals or not finals[-1]:
            answer = await difference(c, channel, pts, limit=8)
            seen += [m.id for m in answer.new_messages]
            pts = answer.pts
            finals.append(answer.final)
    assert seen == channel.ids
    assert finals == [False, False, True]


@hard_timeout
async def test_an_edit_of_an_old_post_is_an_update(channel: Channel) -> None:
    pts = channel.pts
    channel.edit(channel.handle(5), "The ferry was late.")
    channel.react(channel.handle(6), "👍", 3)
    channel.count(channel.handle(7), views=900)
    async with running(channel.world) as server, connected(server) as c:
        answer = await difference(c, channel, pts)
        told = [u.message for u in answer.other_updates]
        assert [(m.id, bool(m.edit_hide)) for m in told] == [(5, False), (6, True)]


@hard_timeout
async def test_a_difference_can_be_refused_or_too_long(channel: Channel) -> None:
    async with running(channel.world) as server, connected(server) as c:
        for pts in (channel.pts + 1, -1):
            with pytest.raises(errors.PersistentTimestampInvalidError):
                await difference(c, channel, pts)
        channel.max_diff = 10
        answer = await difference(c, channel, 1)
        assert isinstance(answer, updates.ChannelDifferenceTooLong)
        assert answer.dialog.pts == channel.pts
        channel.diff_for_members = True
        with pytest.raises(errors.ChannelPrivateError):
            await difference(c, channel, 1)
        channel.join()
        await difference(c, channel, channel.pts)
