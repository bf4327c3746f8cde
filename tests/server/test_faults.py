"""What goes wrong is what goes wrong with the real service, and only what was asked for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telethon import TelegramClient, errors
from telethon.errors import AuthKeyNotFound, InvalidBufferError, TypeNotFoundError
from telethon.network.connection import ConnectionTcpAbridged, ConnectionTcpFull
from telethon.tl.functions.channels import GetChannelsRequest, GetMessagesRequest
from telethon.tl.functions.contacts import SearchRequest
from telethon.tl.functions.help import GetConfigRequest
from telethon.tl.types import InputChannel, MessageEmpty

from tests.server import (
    Channel,
    World,
    doubled,
    drop,
    emptied,
    foreign,
    hang,
    mixed_in,
    omit,
    rpc,
    stale,
    transport,
    unknown,
    unordered,
)
from tests.server.calls import Call
from tests.server.fixtures import client, connected, hang_up, running
from tests.server.test_history import history, ids, input_channel
from tests.server.timeouts import hard_timeout


@pytest.fixture
def channel() -> Channel:
    channel = World().channel("harbour_news")
    channel.post_many(300)
    return channel


async def walk(client: TelegramClient, channel: Channel) -> list[int]:
    """All ids, newest first, by raw requests."""
    found: list[int] = []
    while page := await ids(client, channel, offset_id=found[-1] if found else 0):
        found += page
    return found


@hard_timeout
async def test_an_error_comes_once_and_in_its_turn(channel: Channel) -> None:
    async with running(channel.world) as server, connected(server) as c:
        server.fail("GetHistory", rpc(420, "FLOOD_WAIT_3"), rpc(400, "CHANNEL_PRIVATE"), skip=1)
        await ids(c, channel)
        with pytest.raises(errors.FloodWaitError) as caught:
            await ids(c, channel)
        assert caught.value.seconds == 3
        with pytest.raises(errors.ChannelPrivateError):
            await ids(c, channel)
        assert len(await ids(c, channel)) == 100
        assert server.calls.tally()["GetHistoryRequest"] == 4


@hard_timeout
async def test_faults_last_until_they_are_healed_and_choose_their_requests(
    channel: Channel,
) -> None:
    async with running(channel.world) as server, connected(server) as c:
        server.fail("*", rpc(400, "MSG_ID_INVALID"), times=None, where=lambda r: r.limit == 7)
        for _ in range(3):
            with pytest.raises(errors.MsgIdInvalidError):
                await ids(c, channel, limit=7)
        assert len(await ids(c, channel, limit=8)) == 8
        server.heal()
        assert len(await ids(c, channel, limit=7)) == 7


@pytest.mark.parametrize("fault", [drop(), drop(partial=5000)])
@hard_timeout
async def test_the_client_asks_again_after_a_drop(channel: Channel, fault: Any) -> None:
    async with running(channel.world) as server, connected(server) as c:
        server.fail("GetHistory", fault, skip=1)
        assert await walk(c, channel) == list(range(300, 0, -1))
        assert server.calls.tally()["GetHistoryRequest"] == 5


@hard_timeout
async def test_kicked_clients_come_back(channel: Channel) -> None:
    async with running(channel.world) as server, connected(server) as c:

        def kick(call: Call) -> None:
            if call.number in (2, 3):
                server.kick()

        server.on_call = kick
        assert await walk(c, channel) == list(range(300, 0, -1))


@hard_timeout
async def test_a_closed_listener_lets_nobody_in(channel: Channel) -> None:
    async with running(channel.world) as server, connected(server) as c:
        server.close_listener()
        assert len(await ids(c, channel)) == 100
        server.kick()
        while c.is_connected():  # a request made while it reconnects would never be answered
            await asyncio.sleep(0.01)
        with pytest.raises(ConnectionError):
            await ids(c, channel)
        await server.listen_again()
        await c.connect()
        assert len(await ids(c, channel)) == 100


@hard_timeout
async def test_a_request_may_hang_while_others_are_answered(channel: Channel) -> None:
    async with running(channel.world) as server, connected(server) as c:
        server.fail("GetHistory", hang(), 0.01)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ids(c, channel), 0.1)
        assert (await c.get_me()).id == channel.world.me.id
        assert len(await ids(c, channel)) == 100


@pytest.mark.parametrize("silence", ["silent_connect", "silent_dh", "mute"])
@hard_timeout
async def test_connecting_may_hang(silence: str) -> None:
    async with running() as server:
        setattr(server, silence, True)
        c = client(server)
        if silence == "silent_dh":
            c.session.auth_key = None
            c._sender.auth_key.key = None
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(c.connect(), 0.2)
        await hang_up(c)


# 429 in another transport than the full one is a broken packet to the client: it reconnects.
@pytest.mark.parametrize(
    ("carrier", "code", "kind"),
    [
        (ConnectionTcpFull, 404, AuthKeyNotFound),
        (ConnectionTcpFull, 429, InvalidBufferError),
        (ConnectionTcpAbridged, 404, AuthKeyNotFound),
    ],
)
@hard_timeout
async def test_errors_below_the_encryption(
    channel: Channel, carrier: Any, code: int, kind: type[Exception]
) -> None:
    async with running(channel.world) as server, connected(server, connection=carrier) as c:
        server.fail("GetHistory", transport(code))
        with pytest.raises(kind):
            await ids(c, channel)


@hard_timeout
async def test_pages_that_no_archive_may_believe(channel: Channel) -> None:
    other = channel.world.channel("foreign_news")
    other.post_many(100)
    async with running(channel.world) as server, connected(server) as c:
        server.fail("GetHistory", unordered(), doubled(), foreign(other), stale(channel, server))
        assert await ids(c, channel, limit=3) == [298, 299, 300]
        assert await ids(c, channel, limit=3) == [300, 300, 299, 299, 298, 298]
        strange = await history(c, channel)
        assert [m.peer_id.channel_id for m in strange.messages] == [other.id] * 100
        assert await ids(c, channel, offset_id=201, limit=3) == [300, 299, 298]
        assert await ids(c, channel, offset_id=201, limit=3) == [200, 199, 198]


@hard_timeout
async def test_a_function_answers_or_fails_itself(channel: Channel) -> None:
    async with running(channel.world) as server, connected(server) as c:
        server.fail("GetHistory", lambda request: rpc(400, f"LIMIT_{request.limit}_TOO_MUCH"))
        with pytest.raises(errors.BadRequestError, match="LIMIT_7_TOO_MUCH"):
            await ids(c, channel, limit=7)


@hard_timeout
async def test_an_unknown_constructor_spoils_its_page_and_only_that(channel: Channel) -> None:
    channel.garble(channel.handle(250))
    async with running(channel.world) as server, connected(server) as c:
        with pytest.raises(TypeNotFoundError) as caught:
            await ids(c, channel)
        assert caught.value.invalid_constructor_id == 0xDEADBEEF
        with pytest.raises(TypeNotFoundError):
            await ids(c, channel, offset_id=251, limit=1)
        with pytest.raises(TypeNotFoundError):
            await c(GetMessagesRequest(input_channel(channel), [250]))
        assert await ids(c, channel, offset_id=252, limit=1) == [251]
        assert await ids(c, channel, offset_id=250, limit=2) == [249, 248]
        assert 250 not in channel.live()


@hard_timeout
async def test_a_page_can_have_foreign_bytes_mixed_in(channel: Channel) -> None:
    async with running(channel.world) as server, connected(server) as c:
        server.fail("GetHistory", mixed_in(unknown(), 5))
        with pytest.raises(TypeNotFoundError):
            await ids(c, channel)
        assert len(await ids(c, channel)) == 100


@hard_timeout
async def test_messages_can_be_empty_or_passed_over(channel: Channel) -> None:
    channel.empty(channel.handle(299))
    async with running(channel.world) as server, connected(server) as c:
        server.fail("GetHistory", emptied(300))
        found = await history(c, channel, limit=3)
        assert [isinstance(m, MessageEmpty) for m in found.messages] == [True, True, False]
        server.fail("GetMessages", omit(11))
        answer = await c(GetMessagesRequest(input_channel(channel), [10, 11, 12]))
        assert [m.id for m in answer.messages] == [10, 12]


@hard_timeout
async def test_one_wrong_hash_refuses_a_batch_of_channels(channel: Channel) -> None:
    other = channel.world.account("Bo", phone="15550101")
    async with running(channel.world) as server, connected(server) as c:
        wrong = InputChannel(channel.id, channel.world.of(other, channel.id))
        with pytest.raises(errors.ChannelInvalidError):
            await c(GetChannelsRequest([input_channel(channel), wrong]))
        answer = await c(GetChannelsRequest([input_channel(channel)]))
        assert [chat.username for chat in answer.chats] == ["harbour_news"]


@hard_timeout
async def test_the_world_can_change_between_two_pages(channel: Channel) -> None:
    async with running(channel.world) as server, connected(server) as c:

        def act(call: Call) -> None:
            if call.name == "GetHistoryRequest" and call.number == 2:
                channel.delete(150)
                channel.post("Just now.")

        server.on_call = act
        assert await walk(c, channel) == [*range(300, 150, -1), *range(149, 0, -1)]


def test_a_mistake_of_the_server_fails_the_test() -> None:
    async def ask() -> None:
        async with running() as server, connected(server) as c:
            with pytest.raises(errors.BadRequestError):
                await c(SearchRequest("ferry", 10))
            assert len(server.bugs) == 1
            await c(GetConfigRequest())

    with pytest.raises(AssertionError, match="SearchRequest is not known"):
        asyncio.run(asyncio.wait_for(ask(), 5))
