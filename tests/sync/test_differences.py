"""What the server tells of changes is a shortcut; where it cannot, all is read again."""

from __future__ import annotations

from pathlib import Path

from archiver.sync.plan import Rules
from archiver.sync.run import Outcome
from tests.server import Channel, rpc
from tests.sync.watching import asked, cut, cut_after_page, versions
from tests.syncroom import SyncRoom, in_room


async def archived(room: SyncRoom, posts: int = 450) -> Channel:
    """A channel that is archived, and whose changes were told once."""
    channel = room.world.channel("harbour")
    channel.post_many(posts)
    await room.add(channel)
    await room.sync()
    room.sleep(5)
    await room.sync()
    assert room.subscription(channel).sync.differences == "ok"
    asked(room)
    return channel


def change(channel: Channel) -> None:
    """Old posts change: out of reach of the last days."""
    channel.edit(channel.handle(5), "Corrected.")
    channel.edit(channel.handle(205), "Corrected too.")
    channel.delete(7, 207)


def same(room: SyncRoom, channel: Channel) -> bool:
    """The archive is what the server is, and knows what was deleted."""
    gone = room.archived(channel, deleted=True).keys()
    return room.archived(channel) == room.on_server(channel) and gone == {7, 207}


def test_many_changes_come_in_portions_each_with_its_state(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        channel.post_many(320)
        change(channel)
        result = await room.sync()
        assert result.complete
        assert asked(room)["GetChannelDifference"] == 4
        assert same(room, channel)
        assert room.subscription(channel).sync.pts == channel.pts

    in_room(tmp_path / "a.sqlite", story)


def test_too_many_changes_have_all_read_again_and_then_it_is_told_again(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        channel.max_diff = 2
        change(channel)
        assert (await room.sync()).complete
        assert same(room, channel)
        assert versions(room, channel, 5)
        state = room.subscription(channel).sync
        assert (state.pts, state.differences) == (channel.pts, None)
        asked(room)
        channel.edit(channel.handle(9), "Again.")
        await room.sync()
        assert asked(room)["GetChannelDifference"] == 1
        assert room.archived(channel)[9] == "Again."
        assert room.subscription(channel).sync.differences == "ok"

    in_room(tmp_path / "a.sqlite", story)


def test_a_state_the_server_calls_invalid_is_given_up(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        change(channel)
        channel.diff_from = channel.pts  # older states are invalid
        assert (await room.sync()).complete
        assert same(room, channel)
        assert room.subscription(channel).sync.pts == channel.pts

    in_room(tmp_path / "a.sqlite", story)


def test_a_new_state_counts_only_once_everything_was_read_again(tmp_path: Path) -> None:
    """Else an edit between the two states would never be seen."""

    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        channel.max_diff = 2
        change(channel)
        with cut():
            await room.sync(paged=cut_after_page(4))
        state = room.subscription(channel).sync
        assert (state.pts, state.differences) == (None, "lost")
        assert state.sweep_before
        began = state.sweep_pts
        channel.edit(channel.handle(440), "While it was read.")
        room.sleep(1)
        assert (await room.sync()).complete
        assert room.subscription(channel).sync.pts == began, "of the first page of all"
        assert (await room.sync()).complete
        assert same(room, channel)
        assert room.archived(channel)[440] == "While it was read."

    in_room(tmp_path / "a.sqlite", story)


def test_a_budget_spreads_the_reading_again_over_nights(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        channel.max_diff = 2
        change(channel)
        nights = 0
        while not same(room, channel):
            result = await room.sync(Rules(channel_pages=3))
            assert result.channels[0].pages <= 3
            nights += 1
            assert nights < 9
            room.sleep(1)
        assert nights > 1
        assert (await room.sync()).complete
        assert room.subscription(channel).sync.pts == channel.pts

    in_room(tmp_path / "a.sqlite", story)


def test_where_they_are_refused_it_is_asked_again_after_a_week(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.diff_for_members = True
        channel.post_many(150)
        await room.add(channel)
        await room.sync()
        nights = []
        for night in range(10):
            asked(room)
            assert (await room.sync()).complete
            if "GetChannelDifference" in asked(room):
                nights.append(night)
            room.sleep(1)
        assert nights == [0, 8]
        channel.join()
        room.sleep(8)
        await room.sync()
        assert room.subscription(channel).sync.differences == "ok"
        channel.edit(channel.handle(3), "Corrected.")
        await room.sync()
        assert room.archived(channel)[3] == "Corrected."

    in_room(tmp_path / "a.sqlite", story)


def test_a_channel_that_refuses_differences_is_read_all_the_same(tmp_path: Path) -> None:
    """ "Private" is what it says then, and it is not."""

    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.diff_for_members = True
        channel.post_many(150)
        await room.add(channel)
        await room.sync()
        channel.post("News.")
        result = await room.sync()
        assert result.channels[0].outcome is Outcome.DONE
        assert room.subscription(channel).state == "readable"
        assert room.archived(channel)[151] == "News."

    in_room(tmp_path / "a.sqlite", story)


def test_what_differences_tell_of_old_posts_costs_no_page_but_the_newest(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        change(channel)
        await room.sync()
        assert asked(room) == {"GetChannels": 1, "GetChannelDifference": 1, "GetHistory": 1}
        assert same(room, channel)

    in_room(tmp_path / "a.sqlite", story)


def test_a_difference_alone_never_covers_an_id(tmp_path: Path) -> None:
    """What it told is proved by a page, in the same run or in a later one."""

    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        channel.post_many(30)
        room.server.fail("GetHistory", rpc(420, "FLOOD_WAIT_9000"))
        await room.sync()
        assert len(room.archived(channel)) == 480
        assert room.covered(channel) == [(1, 450)]
        room.sleep(6)
        assert (await room.sync()).complete
        assert room.covered(channel) == [(1, 480)]

    in_room(tmp_path / "a.sqlite", story)
