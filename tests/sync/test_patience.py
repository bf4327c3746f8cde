"""Telegram asks for patience: short waits are slept, long ones are remembered and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.errors import FloodWait
from archiver.sync.plan import Rules
from archiver.sync.run import Outcome
from tests.server import rpc
from tests.sync.watching import asked, offsets
from tests.syncroom import SyncRoom, in_room

HISTORY = "messages.GetHistory"


def waits(room: SyncRoom) -> dict[str, int]:
    """The waits that the archive remembers."""
    return dict(room.rows("SELECT method, not_before FROM flood_wait"))


def test_a_short_wait_is_slept_and_the_same_page_asked_for_again(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(300)
        await room.add(channel)
        room.server.calls.clear()
        room.server.fail("GetHistory", rpc(420, "FLOOD_WAIT_3"), skip=1)
        assert (await room.sync()).complete
        assert offsets(room, channel) == [0, 201, 201, 101]
        assert 3 < sum(room.clock.slept) < 7
        assert room.archived(channel) == room.on_server(channel)
        assert waits(room) == {}

    in_room(tmp_path / "a.sqlite", story)


def test_a_long_wait_is_kept_and_nobody_knocks_before_it_ends(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(300)
        await room.add(channel)
        asked(room)
        room.server.fail("GetHistory", rpc(420, "FLOOD_WAIT_3600"), skip=1)
        room.sleep(0)
        begin = room.now()
        result = await room.sync()
        assert result.channels[0].outcome is Outcome.PARTIAL
        assert not result.complete
        assert "patience" in result.channels[0].error
        assert room.covered(channel) == [(201, 300)], "the page before it is kept"
        assert begin + 3600 <= waits(room)[HISTORY] <= begin + 3660
        assert not [each for each in room.clock.slept if each > 60], "nothing long is slept"
        asked(room)
        for hours in (0, 0.4):
            room.sleep(hours / 24)
            result = await room.sync()
            assert result.channels[0].outcome is Outcome.PARTIAL
            assert "GetHistory" not in asked(room)
        room.sleep(1 / 24)
        assert (await room.sync()).complete
        assert room.archived(channel) == room.on_server(channel)

    in_room(tmp_path / "a.sqlite", story)


def test_a_wait_for_one_method_leaves_the_others_alone(tmp_path: Path) -> None:
    """Differences may be asked for while pages may not."""

    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(250)
        await room.add(channel)
        await room.sync()
        channel.post("The ferry is late.")
        room.server.fail("GetHistory", rpc(420, "FLOOD_WAIT_9000"))
        result = await room.sync()
        assert result.channels[0].outcome is Outcome.PARTIAL
        assert room.archived(channel)[251] == "The ferry is late."
        assert room.covered(channel) == [(1, 250)], "a difference proves nothing about other ids"

    in_room(tmp_path / "a.sqlite", story)


def test_refused_differences_for_a_while_do_not_stop_the_walk(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(150)
        await room.add(channel)
        await room.sync()
        channel.post("News.")
        channel.edit(channel.handle(3), "Changed.")
        room.server.fail("GetChannelDifference", rpc(420, "FLOOD_WAIT_9000"))
        result = await room.sync()
        assert result.channels[0].outcome is Outcome.PARTIAL
        assert room.archived(channel)[151] == "News."
        room.sleep(1)
        assert (await room.sync()).complete
        assert room.archived(channel)[3] == "Changed."

    in_room(tmp_path / "a.sqlite", story)


def test_a_wait_on_asking_who_the_channels_are_keeps_nobody_from_reading(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(150)
        await room.add(channel)
        room.server.fail("GetChannels", rpc(420, "FLOOD_WAIT_9000"))
        await room.sync()
        assert room.archived(channel) == room.on_server(channel)

    in_room(tmp_path / "a.sqlite", story)


def test_a_wait_on_lookups_deletes_nothing_and_the_next_run_finds_out(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(150)
        await room.add(channel)
        await room.sync()
        channel.delete(120, told=False)
        channel.post("News.")
        room.server.fail("GetMessages", rpc(420, "FLOOD_WAIT_9000"))
        result = await room.sync()
        assert result.channels[0].outcome is Outcome.PARTIAL
        assert room.archived(channel, deleted=True) == {}
        assert 151 in room.archived(channel)
        room.sleep(0.5)
        assert (await room.sync()).complete
        assert room.archived(channel, deleted=True).keys() == {120}

    in_room(tmp_path / "a.sqlite", story)


def test_a_sweep_does_not_go_past_a_page_whose_deletions_are_not_confirmed(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(400)
        await room.add(channel)
        await room.sync()
        room.sleep(5)
        await room.sync()
        channel.delete(350, 150, told=False)
        room.server.fail("GetMessages", rpc(420, "FLOOD_WAIT_9000"), skip=1)
        await room.sync(Rules(full_sweep=True))
        assert room.archived(channel, deleted=True).keys() == {350}
        assert room.subscription(channel).sync.sweep_before == 200
        for _ in range(4):
            room.sleep(1)
            await room.sync()
        assert room.archived(channel, deleted=True).keys() == {350, 150}

    in_room(tmp_path / "a.sqlite", story)


def test_six_short_waits_in_a_row_are_patience_and_no_error(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(300)
        await room.add(channel)
        room.server.fail("GetHistory", *[rpc(420, "FLOOD_WAIT_1")] * 6, skip=1)
        result = await room.sync()
        assert result.complete
        assert result.channels[0].outcome is Outcome.DONE
        assert sum(room.clock.slept) >= 6
        assert room.archived(channel) == room.on_server(channel)

    in_room(tmp_path / "a.sqlite", story)


@pytest.mark.parametrize("method", ["GetUsers", "GetConfig"])
def test_a_wait_before_the_first_channel_is_not_taken_for_a_lost_login(
    tmp_path: Path, method: str
) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(3)
        await room.add(channel)
        room.server.fail(method, rpc(420, "FLOOD_WAIT_9000"))
        with pytest.raises(FloodWait):
            await room.sync()
        asked(room)
        with pytest.raises(FloodWait):
            await room.sync()
        assert room.server.calls.of(method) == []
        room.sleep(1)
        assert (await room.sync()).complete

    in_room(tmp_path / "a.sqlite", story)


def test_another_accounts_wait_is_not_ours(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(3)
        await room.add(channel)
        room.server.fail("GetHistory", rpc(420, "FLOOD_WAIT_9000"))
        await room.sync()
        [(user, method)] = room.rows("SELECT user_id, method FROM flood_wait")
        assert (user, method) == (room.world.me.id, HISTORY)

    in_room(tmp_path / "a.sqlite", story)
