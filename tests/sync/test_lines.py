"""The line breaks, hangs, stutters: a run goes on, or ends with a sentence; it never hangs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from archiver.errors import Offline
from archiver.sync.plan import Rules
from archiver.sync.run import Outcome
from tests.server import Channel, drop, hang, rpc, transport
from tests.sources.telegram.gatewayroom import Timeouts
from tests.sync.watching import asked, covers_no_more_than_it_has
from tests.syncroom import SyncRoom, in_room

QUICK = Timeouts(answer=0.4, connect=1.0)


async def two_channels(room: SyncRoom, *, hangs: bool = False) -> tuple[Channel, Channel]:
    """Two channels of three pages each, added; `hangs`: some requests are never answered."""
    if hangs:
        room.options["timeouts"] = QUICK
    first, second = room.world.channel("harbour"), room.world.channel("pier")
    for each in (first, second):
        each.post_many(300)
    await room.add(first, second)
    asked(room)
    return first, second


def whole(room: SyncRoom, *channels: Channel) -> bool:
    """Nothing is missing, and nothing is there twice."""
    return all(room.archived(each) == room.on_server(each) for each in channels)


def of(channel: Channel) -> Any:
    """Only the requests about this channel."""
    return lambda request: getattr(request.peer, "channel_id", None) == channel.id


BREAKS = {
    "a-partial-frame": [drop(partial=5000)],
    "no-frame": [drop()],
    "three-in-a-row": [drop(partial=9), drop(), drop(partial=2000)],
    "too-many-connections": [transport(429)],
    "one-hang": [hang()],
    "bad-moments": [rpc(500, "INTERNAL"), rpc(-503, "Timeout"), rpc(500, "RPC_CALL_FAIL")],
    "a-mixture": [drop(partial=100), rpc(500, "INTERNAL"), hang()],
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_breaks_in_the_middle_is_mended(tmp_path: Path, name: str) -> None:
    async def story(room: SyncRoom) -> None:
        hangs = hang() in BREAKS[name]
        channels = await two_channels(room, hangs=hangs)
        room.server.fail("GetHistory", *BREAKS[name], skip=2)
        result = await room.sync()
        assert result.complete, [each.error for each in result.channels]
        assert result.tally.new == 600
        more = asked(room)["GetHistory"] - 6
        assert more == len(BREAKS[name]) or (hangs and more > len(BREAKS[name]))
        assert whole(room, *channels)

    in_room(tmp_path / "a.sqlite", story)


@pytest.mark.parametrize("method", ["GetChannels", "GetFullChannel", "GetUsers"])
def test_whatever_request_breaks_is_asked_again(tmp_path: Path, method: str) -> None:
    async def story(room: SyncRoom) -> None:
        channels = await two_channels(room, hangs=True)
        room.server.fail(method, drop(partial=3), rpc(500, "INTERNAL"), hang())
        assert (await room.sync()).complete
        assert whole(room, *channels)

    in_room(tmp_path / "a.sqlite", story)


def test_lookups_and_differences_that_break_are_asked_again(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        first, second = await two_channels(room, hangs=True)
        await room.sync()
        first.delete(290, told=False)
        first.post("News.")
        second.delete(5)
        for method in ("GetChannelDifference", "GetMessages"):
            room.server.fail(method, drop(partial=3), rpc(500, "INTERNAL"), hang())
        assert (await room.sync()).complete
        assert whole(room, first, second)
        assert room.archived(first, deleted=True).keys() == {290}

    in_room(tmp_path / "a.sqlite", story)


def test_connections_that_are_closed_between_pages_cost_nothing(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channels = await two_channels(room)
        assert (await room.sync(paged=lambda _: room.server.kick())).complete
        assert whole(room, *channels)

    in_room(tmp_path / "a.sqlite", story)


def test_a_server_that_answers_nothing_more_ends_the_run_and_the_pages_stay(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        first, second = await two_channels(room, hangs=True)
        room.server.fail("GetHistory", hang(), skip=3, times=None)
        result = await room.sync()
        assert isinstance(result.fatal, Offline)
        assert not result.complete
        assert {each.outcome for each in result.channels} == {Outcome.FAILED}
        assert len(room.archived(first)) + len(room.archived(second)) == 300
        assert all(covers_no_more_than_it_has(room, each) for each in (first, second))
        room.server.heal()
        assert (await room.sync()).complete
        assert whole(room, first, second)

    in_room(tmp_path / "a.sqlite", story)


@pytest.mark.parametrize("silence", ["silent_connect", "mute"])
def test_a_server_that_says_nothing_at_first_ends_the_run_with_a_sentence(
    tmp_path: Path, silence: str
) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(10)
        await room.add(channel)
        patient = room.options["timeouts"]
        room.options["timeouts"] = Timeouts(answer=0.2, connect=0.2)
        setattr(room.server, silence, True)
        with pytest.raises(Offline, match="check the network"):
            await room.sync()
        room.server.heal()
        room.options["timeouts"] = patient
        assert (await room.sync()).complete

    in_room(tmp_path / "a.sqlite", story)


def test_a_server_that_is_gone_in_the_middle_ends_the_run_in_time(tmp_path: Path) -> None:
    """A request that is made while the connection is being renewed would wait for ever."""

    async def story(room: SyncRoom) -> None:
        first, second = await two_channels(room)

        def vanish(_channel: object) -> None:
            room.server.close_listener()
            room.server.kick()

        async with asyncio.timeout(10):
            result = await room.sync(paged=vanish)
        assert isinstance(result.fatal, Offline)
        assert len(room.archived(first)) + len(room.archived(second)) == 100
        await room.server.listen_again()
        assert (await room.sync()).complete
        assert whole(room, first, second)

    in_room(tmp_path / "a.sqlite", story)


@pytest.mark.parametrize("said", [(500, "INTERNAL"), (-503, "Timeout"), (500, "RPC_CALL_FAIL")])
def test_a_channel_of_which_the_server_knows_nothing_but_errors_stops_no_other(
    tmp_path: Path, said: tuple[int, str]
) -> None:
    async def story(room: SyncRoom) -> None:
        first, second = await two_channels(room)
        room.server.fail("GetHistory", rpc(*said), times=None, where=of(first))
        result = await room.sync()
        outcomes = {each.subscription.username: each.outcome for each in result.channels}
        assert outcomes == {"harbour": Outcome.FAILED, "pier": Outcome.DONE}
        assert not result.complete
        assert whole(room, second)
        waited = [each for each in room.clock.slept if each > 1]
        assert waited == [2.0, 8.0, 30.0], "between the tries, longer each time"
        assert room.subscription(first).error
        room.server.heal()
        assert (await room.sync()).complete
        assert whole(room, first)
        assert room.subscription(first).error is None

    in_room(tmp_path / "a.sqlite", story)


def test_errors_instead_of_names_keep_nobody_from_reading(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channels = await two_channels(room)
        room.server.fail("GetChannels", rpc(500, "INTERNAL"), times=None)
        await room.sync()
        assert whole(room, *channels)

    in_room(tmp_path / "a.sqlite", story)


def test_a_signal_ends_the_run_behind_the_page_in_hand(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        first, second = await two_channels(room)
        result = await room.sync(paged=lambda _: room.stop.set())
        assert result.stopped
        assert not result.complete or result.stopped
        assert {each.outcome for each in result.channels} == {Outcome.STOPPED}
        assert len(room.archived(first)) + len(room.archived(second)) == 100
        room.stop.clear()
        assert (await room.sync()).complete
        assert whole(room, first, second)

    in_room(tmp_path / "a.sqlite", story)


def test_a_failed_channel_is_tried_first_the_next_time(tmp_path: Path) -> None:
    """The one whose last complete sync is longest ago comes first."""

    async def story(room: SyncRoom) -> None:
        first, second = await two_channels(room)
        room.server.fail("GetHistory", rpc(400, "CHANNEL_PRIVATE"), where=of(second))
        await room.sync()
        room.sleep(1)
        order: list[str | None] = []
        await room.sync(Rules(), paged=lambda c: order.append(c.subscription.username))
        assert order[0] == "pier"
        assert whole(room, first, second)

    in_room(tmp_path / "a.sqlite", story)
