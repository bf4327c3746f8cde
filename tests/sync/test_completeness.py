"""Every post of a channel is archived once, with no more requests than its pages need."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.sync.plan import DAY, PAGE, Rules
from archiver.sync.run import Outcome
from tests.server import Channel
from tests.server.media import photo
from tests.sync.watching import Pen, asked, covers_no_more_than_it_has, offsets, tables
from tests.syncroom import SyncRoom, in_room

QUIET = {"GetChannels": 1, "GetChannelDifference": 1}


def complete(room: SyncRoom, channel: Channel) -> bool:
    """The archive has what the server has, and knows it has."""
    top = max(room.on_server(channel), default=0)
    expected = [(1, top)] if top else []
    same = room.archived(channel) == room.on_server(channel)
    return same and room.covered(channel) == expected


# How many posts -> how many pages are asked for. An empty first page and a short last one that
# does not begin with id 1 are believed only once the oldest post was asked for as well.
SIZES = {0: 2, 1: 1, 99: 1, 100: 1, 101: 2, 200: 2, 201: 3, 10_000: 100}


@pytest.mark.parametrize(("posts", "pages"), SIZES.items())
def test_a_channel_of_any_size_is_archived_whole(tmp_path: Path, posts: int, pages: int) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(posts)
        await room.add(channel)
        assert asked(room) == {"ResolveUsername": 1}
        result = await room.sync()
        assert result.complete
        assert result.tally.new == posts
        assert complete(room, channel)
        assert asked(room) == {"GetChannels": 1, "GetFullChannel": 1, "GetHistory": pages}

    in_room(tmp_path / "a.sqlite", story)


@pytest.mark.parametrize(
    ("first", "posts", "gap", "pages"),
    [(50, 30, 0, 1), (50, 250, 0, 4), (50, 200, 0, 4), (1, 150, 5000, 2), (900_000, 130, 7, 3)],
)
def test_ids_without_posts_cost_nothing(
    tmp_path: Path, first: int, posts: int, gap: int, pages: int
) -> None:
    """Numbers begin late and jump, as after years of deletions."""

    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.skip_ids(first - 1)
        channel.post_many(posts // 2)
        channel.skip_ids(gap)
        channel.post_many(posts - posts // 2)
        if gap:
            channel.post_many(3)
            channel.delete(*channel.ids[-3:-1])
        await room.add(channel)
        asked(room)
        assert (await room.sync()).complete
        assert complete(room, channel)
        found = asked(room)
        assert found["GetHistory"] == pages
        assert "GetMessages" not in found

    in_room(tmp_path / "a.sqlite", story)


def varied(channel: Channel) -> None:
    """Posts of many kinds: each has to come back as the same post every night."""
    channel.post("Plain.", views=7)
    channel.post("With a picture.", media=photo())
    channel.poll("Will it sail?", ["yes", "no"], [3, 1])
    channel.pin(channel.post("Pinned."))
    other = channel.world.channel("origin")
    channel.forward(other.post("Forwarded."))
    channel.forward_hidden("Somebody", "Hidden.")
    channel.react(channel.post("Liked."), "👍", 3)
    channel.edit(channel.post("Before."), "After.")
    channel.album(["One", ""])
    channel.post("")


@pytest.mark.parametrize("member", [True, False], ids=["told", "not-told"])
@pytest.mark.parametrize("days", [0.01, 1, 5], ids=["minutes", "a-day", "days"])
def test_a_run_without_news_writes_no_row(tmp_path: Path, days: float, member: bool) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.diff_for_members = not member
        channel.post_many(250)
        varied(channel)
        await room.add(channel)
        await room.sync()
        before = tables(room)
        for _ in range(2):
            room.sleep(days)
            pen = Pen()
            result = await room.sync(on_store=pen)
            assert result.complete
            assert (result.tally.new, result.tally.changed) == (0, 0)
            assert not pen.written.keys() & before.keys()
            assert tables(room) == before
        # When an origin was last called what is of the sighting, not of a post.
        assert pen.written.keys() <= {"run", "channel_sync", "channel", "channel_name"}

    in_room(tmp_path / "a.sqlite", story)


def test_a_quiet_night_asks_two_things_of_a_channel(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channels = [room.world.channel(f"news_{number}") for number in range(7)]
        for each in channels:
            each.post_many(120)
        await room.add(*channels)
        await room.sync()
        room.sleep(5)
        asked(room)
        await room.sync()  # whether differences are told is not known yet: one page as well
        assert asked(room) == {"GetChannels": 1, "GetChannelDifference": 7, "GetHistory": 7}
        room.sleep(1)
        assert (await room.sync()).complete
        assert asked(room) == {"GetChannels": 1, "GetChannelDifference": 7}


def test_where_changes_are_not_told_a_quiet_night_is_a_page(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.diff_for_members = True
        channel.post_many(400)
        await room.add(channel)
        await room.sync()
        room.sleep(5)
        asked(room)
        await room.sync()
        assert asked(room) == {**QUIET, "GetHistory": 1}
        room.sleep(1)
        await room.sync()
        assert asked(room) == {"GetChannels": 1, "GetHistory": 1}

    in_room(tmp_path / "a.sqlite", story)


def test_the_last_days_are_read_again_every_run(tmp_path: Path) -> None:
    """Three days, but three pages at most."""

    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(150, step=DAY)
        channel.post_many(40)
        await room.add(channel)
        await room.sync()
        asked(room)
        await room.sync()
        assert asked(room) == {**QUIET, "GetHistory": 1}
        channel.post_many(1000)
        await room.sync()
        asked(room)
        await room.sync()
        assert asked(room) == {**QUIET, "GetHistory": 3}

    in_room(tmp_path / "a.sqlite", story)


def test_new_posts_above_a_half_finished_backfill_come_first_and_both_gaps_close(
    tmp_path: Path,
) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(1000)
        await room.add(channel)
        result = await room.sync(Rules(channel_pages=3))
        assert result.channels[0].outcome is Outcome.BUDGET
        assert result.channels[0].open_ids == 700
        assert room.covered(channel) == [(701, 1000)]
        channel.post_many(500)
        room.server.calls.clear()
        assert (await room.sync()).complete
        assert offsets(room, channel) == [
            *(0, 1401, 1301, 1201, 1101),  # from the newest down to what was covered
            *range(701, 1, -PAGE),  # and below it
        ]
        assert complete(room, channel)

    in_room(tmp_path / "a.sqlite", story)


def test_a_channel_that_tells_no_differences_closes_both_gaps_too(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.diff_for_members = True
        channel.post_many(1000)
        await room.add(channel)
        await room.sync(Rules(channel_pages=3))
        channel.post_many(500)
        await room.sync(Rules(channel_pages=3))
        assert room.covered(channel) == [(701, 1000), (1301, 1500)]
        assert covers_no_more_than_it_has(room, channel)
        channel.post_many(90)
        assert (await room.sync()).complete
        assert complete(room, channel)

    in_room(tmp_path / "a.sqlite", story)


def test_a_budget_of_pages_is_kept_and_the_next_runs_go_on(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        big, small = room.world.channel("big"), room.world.channel("small")
        big.post_many(900)
        small.post_many(150)
        await room.add(big, small)
        for night in range(4):
            asked(room)
            result = await room.sync(Rules(run_pages=4))
            assert not result.stopped
            assert sum(each.pages for each in result.channels) <= 5
            if night == 0:
                assert complete(room, small), "the huge channel starves the small one"
        await room.sync()
        assert complete(room, big)

    in_room(tmp_path / "a.sqlite", story)


def test_a_run_begins_no_page_after_its_seconds(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(900)
        await room.add(channel)

        def tick(_channel: object) -> None:
            room.clock.now += 10

        result = await room.sync(Rules(run_seconds=25), paged=tick)
        assert result.channels[0].outcome is Outcome.BUDGET
        assert result.channels[0].pages == 3
        assert result.complete

    in_room(tmp_path / "a.sqlite", story)


def test_posts_before_a_date_are_not_wanted_and_no_gap(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(1000, step=3600)
        since = channel.handle(751).message.date
        await room.add(channel, since=int(since.timestamp()))
        result = await room.sync()
        assert result.complete
        assert result.channels[0].open_ids == 0
        have = room.archived(channel)
        assert set(range(751, 1001)) <= have.keys()
        assert min(have) > 600, "one page beyond the date at most"
        room.sleep(5)
        await room.sync()
        asked(room)
        await room.sync()
        assert asked(room) == QUIET, "the floor is remembered"
        channel.post_many(10)
        await room.sync()
        assert max(room.archived(channel)) == 1010

    in_room(tmp_path / "a.sqlite", story)


def test_a_lowered_date_fetches_what_is_wanted_now(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(1000, step=3600)
        at = [int(channel.handle(number).message.date.timestamp()) for number in (751, 301)]
        await room.add(channel, since=at[0])
        await room.sync()
        await room.add(channel, since=at[1])
        assert (await room.sync()).complete
        assert set(range(301, 1001)) <= room.archived(channel).keys()
        assert min(room.archived(channel)) > 150

    in_room(tmp_path / "a.sqlite", story)


def test_history_that_is_hidden_from_this_account_is_no_gap(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(450)
        channel.available_min_id = 170
        await room.add(channel)
        result = await room.sync()
        assert result.complete
        assert result.channels[0].open_ids == 0
        assert room.archived(channel).keys() == set(range(171, 451))
        assert room.covered(channel) == [(171, 450)]
        room.sleep(5)
        await room.sync()
        asked(room)
        await room.sync()
        assert asked(room) == QUIET

    in_room(tmp_path / "a.sqlite", story)


def test_posts_that_come_while_pages_are_read_are_neither_lost_nor_doubled(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(500)
        await room.add(channel)

        def meanwhile(call: object) -> None:
            if type(getattr(call, "request", None)).__name__ == "GetHistoryRequest":
                channel.post_many(7)
                channel.delete(channel.ids[3])

        room.server.on_call = meanwhile
        await room.sync()
        room.server.on_call = None
        assert covers_no_more_than_it_has(room, channel)
        assert (await room.sync()).complete
        assert room.archived(channel) == room.on_server(channel)

    in_room(tmp_path / "a.sqlite", story)
