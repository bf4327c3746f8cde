"""The feed against the real client and a server that misbehaves: a page proves what it says."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telethon.tl import types
from telethon.tl.functions.messages import GetHistoryRequest

from archiver.errors import ChannelUnavailable, LoginRequired, TryAgainLater
from archiver.model import Account, Address, ChannelState, Page, Post, PostKind, Standing
from archiver.sources import Feed
from archiver.sources.telegram.asking import Untrusted
from archiver.sources.telegram.feed import TelegramFeed
from archiver.sources.telegram.gateway import Gateway
from archiver.text.refs import parse_channel
from tests.server import (
    Channel,
    Server,
    World,
    alter,
    doubled,
    emptied,
    instead,
    mixed_in,
    omit,
    raw,
    rpc,
    unknown,
    unordered,
)
from tests.server.answers_history import page as newest_page
from tests.server.fixtures import running
from tests.server.timeouts import hard_timeout
from tests.sources.telegram.gatewayroom import connected

HISTORY, MESSAGES = "GetHistory", "channels.GetMessages"
DICE = types.MessageMediaDice(3, "🎲")


def address(channel: Channel) -> Address:
    number = -1_000_000_000_000 - channel.id
    return Address(number, channel.world.of(channel.world.me, channel.id))


@asynccontextmanager
async def feeding(world: World) -> AsyncIterator[tuple[Server, TelegramFeed, Gateway]]:
    async with running(world) as server, connected(server) as gate:
        yield server, TelegramFeed(gate), gate


def news(posts: int = 0) -> Channel:
    channel = World().channel("harbour_news")
    channel.post_many(posts)
    return channel


def ids(page: Page) -> list[int]:
    return [post.message_id for post in page.posts]


def kinds(page: Page) -> list[str]:
    return [event.kind for event in page.events]


async def walk(feed: Feed, channel: Channel) -> list[Page]:
    """All pages, newest first; each goes further down and joins the one before it."""
    pages = [await feed.page(address(channel))]
    while pages[-1].lo > 1:
        page = await feed.page(address(channel), pages[-1].lo)
        assert page.hi == pages[-1].lo - 1
        assert page.lo <= page.hi
        pages.append(page)
    return pages


# -- pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 99, 100, 101, 250])
@hard_timeout
async def test_pages_reach_from_the_newest_post_to_the_first_id(number: int) -> None:
    channel = news(number)
    async with feeding(channel.world) as (_, feed, gate):
        pages = await walk(feed, channel)
        assert pages[0].hi == number
        assert pages[-1].lo == 1
        assert [n for page in pages for n in ids(page)] == list(range(number, 0, -1))
        assert not any(page.events or page.unknown for page in pages)
        assert (pages[0].pts, pages[0].count) == (channel.pts, number)
        assert gate.calls["messages.GetHistory"] == len(pages)


@hard_timeout
async def test_ids_without_a_post_are_proved_not_to_exist() -> None:
    channel = news(5)
    channel.skip_ids(300)
    channel.post_many(5)
    channel.delete(1, 2, 308)
    async with feeding(channel.world) as (_, feed, _gate):
        (page,) = await walk(feed, channel)
        assert (page.lo, page.hi, ids(page)) == (1, 310, [310, 309, 307, 306, 5, 4, 3])
        assert (page.unknown, page.events) == (frozenset(), ())
        rest = await feed.page(address(channel), 3)
        assert (rest.lo, rest.hi, rest.posts) == (1, 2, ())


@hard_timeout
async def test_an_empty_channel_proves_nothing() -> None:
    channel = news()
    async with feeding(channel.world) as (_, feed, _gate):
        page = await feed.page(address(channel))
        assert (page.lo, page.hi, page.posts, page.events) == (1, 0, (), ())
        assert page.pts == channel.pts
        assert await feed.page(address(channel), 1) == Page(1, 0)


@hard_timeout
async def test_empty_messages_are_no_posts_but_proof() -> None:
    channel = news(3)
    async with feeding(channel.world) as (server, feed, _gate):
        server.fail(HISTORY, emptied(1, 3))
        page = await feed.page(address(channel))
        assert (page.lo, page.hi, ids(page)) == (1, 3, [2])


@hard_timeout
async def test_posts_are_whole_with_the_names_of_their_origins() -> None:
    world = World()
    channel, pier = world.channel("harbour"), world.channel("pier_nine", title="Pier Nine")
    channel.forward(pier.post("Gate closed."))
    async with feeding(world) as (_, feed, _gate):
        (post,) = (await feed.page(address(channel))).posts
        assert post.forward is not None
        assert (post.forward.name, post.forward.username) == ("Pier Nine", "pier_nine")
        assert (post.forward.peer_id, post.forward.message_id) == (address(pier).tg_id, 1)
        assert post.raw == channel.stored(1).data


# -- pages that cannot be trusted -------------------------------------------------------------


def stale(channel: Channel) -> Any:
    """The newest page of a channel, whatever was asked for."""
    request = GetHistoryRequest(types.InputPeerSelf(), 0, None, 0, 100, 0, 0, 0)
    return instead(lambda: newest_page(channel, channel.world.me, request))


@pytest.mark.parametrize("fault", [unordered(), doubled()], ids=["unordered", "doubled"])
@hard_timeout
async def test_a_page_that_contradicts_itself_is_asked_for_again(fault: Any) -> None:
    channel = news(5)
    async with feeding(channel.world) as (server, feed, gate):
        server.fail(HISTORY, fault, times=2)
        page = await feed.page(address(channel))
        assert ids(page) == [5, 4, 3, 2, 1]
        assert kinds(page) == ["refused-page", "refused-page"]
        assert not any(event.partial for event in page.events)
        assert gate.calls["help.GetConfig"] == 3  # a new connection each time


@hard_timeout
async def test_a_page_above_the_offset_is_refused() -> None:
    channel = news(5)
    async with feeding(channel.world) as (server, feed, _gate):
        server.fail(HISTORY, stale(channel))
        page = await feed.page(address(channel), 3)
        assert (ids(page), kinds(page)) == ([2, 1], ["refused-page"])


@hard_timeout
async def test_a_page_of_another_channel_is_refused() -> None:
    channel = news(5)
    other = channel.world.channel("other")
    other.post_many(3)
    async with feeding(channel.world) as (server, feed, _gate):
        server.fail(HISTORY, stale(other))
        page = await feed.page(address(channel))
        assert (ids(page), kinds(page)) == ([5, 4, 3, 2, 1], ["refused-page"])


@hard_timeout
async def test_an_answer_that_is_no_page_is_refused() -> None:
    channel = news(5)
    async with feeding(channel.world) as (server, feed, _gate):
        server.fail(HISTORY, instead(lambda: types.messages.MessagesNotModified(3)))
        server.fail(HISTORY, instead(lambda: types.PeerUser(1)))
        page = await feed.page(address(channel))
        assert ids(page) == [5, 4, 3, 2, 1]


@hard_timeout
async def test_pages_that_stay_wrong_are_an_error_that_tells_of_each() -> None:
    channel = news(5)
    async with feeding(channel.world) as (server, feed, _gate):
        server.fail(HISTORY, doubled(), times=None)
        with pytest.raises(TryAgainLater, match="contradict") as caught:
            await feed.page(address(channel))
        assert isinstance(caught.value, Untrusted)
        assert [event.kind for event in caught.value.events] == ["refused-page"] * 4


# -- pages that are withheld -------------------------------------------------------------------


@hard_timeout
async def test_a_withheld_page_is_read_id_by_id() -> None:
    channel = news(350)
    channel.page_hide = range(101, 251)
    async with feeding(channel.world) as (_, feed, _gate):
        pages = await walk(feed, channel)
        assert [n for page in pages for n in ids(page)] == list(range(350, 0, -1))
        assert "hidden-page" in [kind for page in pages for kind in kinds(page)]
        assert not any(event.partial for page in pages for event in page.events)


@pytest.mark.parametrize("seed", range(8))
@hard_timeout
async def test_whatever_the_server_withholds_is_found(seed: int) -> None:
    """In pieces of any size, anywhere but above the newest it shows."""
    dice = random.Random(seed)
    channel = news(130)
    for _ in range(6):
        channel.post_many(dice.randrange(90))
        channel.skip_ids(dice.choice((0, 3, 400)))
    channel.post("Newest.")
    channel.delete(*dice.sample(channel.ids[:-1], len(channel.ids) // 5))
    between = channel.ids[:-1]
    starts = [dice.randrange(len(between)) for _ in range(4)]
    channel.page_hide = {n for at in starts for n in between[at : at + dice.randrange(150)]}
    async with feeding(channel.world) as (_, feed, _gate):
        pages = await walk(feed, channel)
        assert [n for page in pages for n in ids(page)] == channel.ids[::-1]
        assert not any(page.unknown for page in pages)


@hard_timeout
async def test_in_a_small_channel_the_number_of_posts_tells_that_some_are_withheld() -> None:
    channel = news(50)
    channel.page_hide = (20, 21, 1)
    async with feeding(channel.world) as (_, feed, gate):
        (page,) = await walk(feed, channel)
        assert ids(page) == list(range(50, 0, -1))
        assert kinds(page) == ["hidden-page"]
        channel.page_hide = ()
        channel.delete(1)
        gate.calls.clear()
        page = await feed.page(address(channel))
        assert (page.lo, page.events) == (1, ())
        assert gate.calls.total() == 1


@hard_timeout
async def test_what_the_last_page_of_a_long_history_lacks_is_asked_for_once() -> None:
    channel = news(160)
    channel.page_hide = (30, 31)
    channel.delete(40)
    async with feeding(channel.world) as (_, feed, gate):
        page = await feed.page(address(channel), 61)
        assert ids(page) == [n for n in range(60, 0, -1) if n != 40]
        assert kinds(page) == ["hidden-page"]
        assert gate.calls["channels.GetMessages"] == 1


@hard_timeout
async def test_a_channel_that_emptied_its_past_is_taken_at_its_word() -> None:
    channel = news(1)
    channel.skip_ids(5000)
    channel.post_many(20)
    async with feeding(channel.world) as (_, feed, gate):
        page = await feed.page(address(channel), channel.ids[-1] + 1)
        assert (len(page.posts), page.lo) == (21, 1)
        assert gate.calls["channels.GetMessages"] == 0


@hard_timeout
async def test_a_witness_that_cannot_be_read_is_no_end() -> None:
    channel = news(300)
    channel.page_hide = range(150, 200)
    channel.garble(channel.handle(100))
    async with feeding(channel.world) as (_, feed, _gate):
        page = await feed.page(address(channel), 201)
        assert ids(page) == list(range(200, 100, -1))
        assert kinds(page) == ["hidden-page"]


@hard_timeout
async def test_an_unreadable_post_above_it_does_not_hide_the_end() -> None:
    channel = news()
    channel.skip_ids(5000)
    channel.post_many(50)
    channel.garble(channel.handle(5020))
    async with feeding(channel.world) as (_, feed, gate):
        page = await feed.page(address(channel), 5001)
        assert (page.lo, page.hi, page.events) == (1, 5000, ())
        assert gate.calls["channels.GetMessages"] == 0


@hard_timeout
async def test_of_what_is_withheld_by_id_too_nothing_is_known() -> None:
    channel = news(150)
    async with feeding(channel.world) as (server, feed, _gate):
        server.fail(HISTORY, alter(lambda page: page.messages.clear()), skip=1)
        server.fail(MESSAGES, omit(50, 40))
        newest = await feed.page(address(channel))
        page = await feed.page(address(channel), newest.lo)
        assert (page.lo, page.hi, page.unknown) == (1, 50, {50, 40})
        assert len(page.posts) == 48
        assert [event.partial for event in page.events] == [True]


@hard_timeout
async def test_where_only_the_newest_are_withheld_nothing_is_claimed() -> None:
    channel = news(150)
    async with feeding(channel.world) as (server, feed, _gate):
        server.fail(HISTORY, alter(lambda page: page.messages.clear()))
        page = await feed.page(address(channel))
        assert (page.lo, page.hi, page.posts) == (1, 0, ())
        assert (kinds(page), page.events[0].partial) == (["hidden-page"], True)


# -- posts that cannot be read -----------------------------------------------------------------


def garble(channel: Channel, number: int) -> bytes:
    """The post's medium becomes a constructor of a layer to come; the post's bytes."""
    made = channel.handle(number).message
    made.media = DICE
    data = bytes(made).replace(bytes(DICE), unknown(bytes(DICE)[4:]))
    channel.garble(channel.handle(number), data)
    return data


@hard_timeout
async def test_a_post_that_cannot_be_read_costs_no_other() -> None:
    channel = news(150)
    data = garble(channel, 120)
    async with feeding(channel.world) as (_, feed, _gate):
        pages = await walk(feed, channel)
        posts = {post.message_id: post for page in pages for post in page.posts}
        assert sorted(posts) == list(range(1, 151))
        bad = posts[120]
        assert (bad.kind, bad.text) == (PostKind.UNSUPPORTED, posts[119].text.replace("119", "120"))
        assert bad.date == posts[119].date + 60  # type: ignore[operator]
        assert bad.raw is not None
        assert bad.raw.startswith(data)
        (event,) = [event for page in pages for event in page.events]
        assert (event.kind, event.message_id, event.partial) == ("unreadable", 120, True)
        assert event.data.startswith(data)


@hard_timeout
async def test_the_posts_before_an_unreadable_one_keep_the_names_of_their_origins() -> None:
    world = World()
    channel, pier = world.channel("harbour"), world.channel("pier_nine", title="Pier Nine")
    channel.post("Gate open.")
    garble(channel, 1)
    channel.forward(pier.post("Gate closed."))
    async with feeding(world) as (_, feed, _gate):
        page = await feed.page(address(channel))
        assert ids(page) == [2, 1]
        assert page.posts[0].forward is not None
        assert page.posts[0].forward.name == "Pier Nine"


@pytest.mark.parametrize("bad", [(120,), (51,), (1,), (150,), (120, 119, 118), (3, 2, 1)])
@hard_timeout
async def test_of_a_post_without_even_an_id_only_its_neighbours_are_known(
    bad: tuple[int, ...],
) -> None:
    channel = news(150)
    for number in bad:
        channel.garble(channel.handle(number))
    async with feeding(channel.world) as (_, feed, _gate):
        pages = await walk(feed, channel)
        found = [n for page in pages for n in ids(page)]
        unknown_ids = {n for page in pages for n in page.unknown}
        assert sorted(found) == [n for n in range(1, 151) if n not in bad]
        top = max(found)
        assert unknown_ids == {number for number in bad if number < top}
        assert pages[0].hi == top
        assert all(event.partial for page in pages for event in page.events)
        assert "unreadable" in [kind for page in pages for kind in kinds(page)]


@hard_timeout
async def test_a_channel_of_one_unreadable_post_proves_nothing() -> None:
    channel = news(1)
    channel.garble(channel.handle(1))
    async with feeding(channel.world) as (_, feed, _gate):
        page = await feed.page(address(channel))
        assert (page.lo, page.hi, kinds(page)) == (1, 0, ["unreadable"])


@hard_timeout
async def test_a_wide_gap_of_unknown_ids_is_taken_in_steps() -> None:
    channel = news(1)
    channel.skip_ids(250_000)
    lost = channel.post("Lost.")
    newest = channel.post("Newest.")
    channel.garble(lost)
    async with feeding(channel.world) as (_, feed, _gate):
        pages = await walk(feed, channel)
        assert [len(page.unknown) for page in pages] == [0, 100_000, 0]
        assert [n for page in pages for n in ids(page)] == [newest.id, 1]


@hard_timeout
async def test_many_posts_in_a_row_without_ids_are_an_error() -> None:
    channel = news(30)
    for number in range(5, 25):
        channel.garble(channel.handle(number))
    async with feeding(channel.world) as (_, feed, _gate):
        first = await feed.page(address(channel))
        assert ids(first) == [30, 29, 28, 27, 26, 25]
        with pytest.raises(TryAgainLater, match="newer version"):
            await feed.page(address(channel), first.lo)


# -- posts by id ---------------------------------------------------------------------------


@hard_timeout
async def test_posts_by_id_are_found_deleted_or_unknown() -> None:
    channel = news(250)
    channel.delete(11)
    async with feeding(channel.world) as (server, feed, gate):
        server.fail(MESSAGES, omit(12))
        found = await feed.lookup(address(channel), range(1, 251))
        assert found[11] is None
        assert 12 not in found
        assert {n for n, post in found.items() if post} == set(range(1, 251)) - {11, 12}
        assert all(post.message_id == n for n, post in found.items() if post)
        assert gate.calls["channels.GetMessages"] == 3


@hard_timeout
async def test_around_unreadable_posts_the_others_are_found() -> None:
    channel = news(20)
    garble(channel, 5)
    channel.garble(channel.handle(9))
    async with feeding(channel.world) as (_, feed, _gate):
        found = await feed.lookup(address(channel), range(1, 22))
        assert 9 not in found
        assert found[21] is None
        assert isinstance(found[5], Post)
        assert found[5].kind is PostKind.UNSUPPORTED
        readable = {n for n, post in found.items() if post and post.kind is PostKind.MESSAGE}
        assert readable == set(range(1, 21)) - {5, 9}


@hard_timeout
async def test_a_message_of_another_channel_is_no_answer() -> None:
    channel = news(3)
    other = channel.world.channel("other")
    other.post("Not ours.")
    async with feeding(channel.world) as (server, feed, _gate):
        server.fail(MESSAGES, alter(lambda page: setattr(page, "messages", [other.stored(1)])))
        assert await feed.lookup(address(channel), [1]) == {}


# -- differences -----------------------------------------------------------------------------


@hard_timeout
async def test_a_difference_tells_what_is_new_edited_and_gone() -> None:
    channel = news(5)
    pts = channel.pts
    channel.edit(channel.handle(2), "Ten, not nine.")
    channel.delete(1)
    channel.post("New.")
    async with feeding(channel.world) as (_, feed, _gate):
        found = await feed.difference(address(channel), pts)
        assert {post.message_id: post.text for post in found.posts} == {
            2: "Ten, not nine.",
            6: "New.",
        }
        assert {post.message_id: post.raw for post in found.posts} == {
            n: channel.stored(n).data for n in (2, 6)
        }
        assert (found.deleted, found.pts, found.final) == ((1,), channel.pts, True)
        assert (found.lost, found.refused, found.events) == (False, False, ())
        again = await feed.difference(address(channel), channel.pts)
        assert (again.posts, again.deleted, again.final) == ((), (), True)


@hard_timeout
async def test_a_long_difference_comes_in_portions() -> None:
    channel = news(1)
    pts = channel.pts
    channel.post_many(150)
    async with feeding(channel.world) as (_, feed, _gate):
        first = await feed.difference(address(channel), pts)
        assert not first.final
        assert first.pts is not None
        rest = await feed.difference(address(channel), first.pts)
        assert rest.final
        told = [post.message_id for post in (*first.posts, *rest.posts)]
        assert told == list(range(2, 152))


@hard_timeout
async def test_a_difference_that_is_lost_or_refused_says_so() -> None:
    channel = news(5)
    pts = channel.pts
    channel.post_many(5)
    async with feeding(channel.world) as (server, feed, _gate):
        channel.max_diff = 3
        found = await feed.difference(address(channel), pts)
        assert (found.lost, found.pts) == (True, channel.pts)
        assert (await feed.difference(address(channel), pts + 1000)).lost
        assert (await feed.difference(address(channel), 0)).lost
        server.fail("GetChannelDifference", rpc(400, "CHANNEL_PRIVATE"))
        found = await feed.difference(address(channel), pts)
        assert (found.lost, found.refused) == (False, True)


@hard_timeout
async def test_an_unreadable_difference_is_lost_and_reported() -> None:
    channel = news(2)
    pts = channel.pts
    channel.garble(channel.post("New."))
    async with feeding(channel.world) as (_, feed, _gate):
        found = await feed.difference(address(channel), pts)
        assert found.lost
        (event,) = found.events
        assert (event.kind, event.partial) == ("unreadable", True)
        assert unknown() in event.data


@hard_timeout
async def test_a_difference_with_a_message_of_another_channel_is_not_used() -> None:
    channel = news(2)
    other = channel.world.channel("other")
    other.post("Not ours.")
    pts = channel.pts
    channel.post("New.")
    async with feeding(channel.world) as (server, feed, _gate):
        server.fail(
            "GetChannelDifference",
            alter(lambda found: found.new_messages.append(other.stored(1))),
        )
        found = await feed.difference(address(channel), pts)
        assert (found.lost, found.posts) == (True, ())


# -- channels --------------------------------------------------------------------------------


@hard_timeout
async def test_identify_shows_channels_as_they_are_now() -> None:
    world = World()
    harbour, group = (
        world.channel("harbour", title="Harbour"),
        world.channel("crew", megagroup=True),
    )
    closed = world.channel("closed")
    closed.go_private()
    harbour.add_name("quay")
    harbour.rename(title="Old Harbour")
    async with feeding(world) as (_, feed, _gate):
        found = await feed.identify([address(one) for one in (harbour, group, closed)])
        seen = found[address(harbour).tg_id]
        assert (seen.channel.title, seen.channel.kind) == ("Old Harbour", "channel")
        assert (seen.channel.username, seen.usernames) == ("harbour", ("harbour", "quay"))
        assert seen.access_hash == address(harbour).access_hash
        assert found[address(group).tg_id].channel.kind == "group"
        gone = found[address(closed).tg_id]
        assert (gone.state, gone.access_hash) == (ChannelState.PRIVATE, None)
        assert gone.channel.title == "Closed"


@hard_timeout
async def test_a_hash_that_does_not_work_costs_no_other_channel() -> None:
    world = World()
    channels = [world.channel(f"pier_{n}") for n in range(9)]
    wanted = [address(one) for one in channels]
    wanted[4] = Address(wanted[4].tg_id, 1)
    async with feeding(world) as (_, feed, _gate):
        found = await feed.identify(wanted)
        assert sorted(found) == sorted(one.tg_id for n, one in enumerate(wanted) if n != 4)


@hard_timeout
async def test_a_min_channel_keeps_the_hash_that_worked() -> None:
    channel = news()
    async with feeding(channel.world) as (server, feed, _gate):
        server.fail("GetChannels", alter(lambda found: shown_in_part(found.chats[0])))
        found = await feed.identify([address(channel)])
        assert found[address(channel).tg_id].access_hash == address(channel).access_hash


def shown_in_part(chat: Any) -> None:
    chat.min, chat.access_hash = True, 1


@hard_timeout
async def test_a_channel_is_found_by_its_name() -> None:
    channel = news()
    async with feeding(channel.world) as (_, feed, _gate):
        found = await feed.resolve(named("@Harbour_News"))
        assert (found.channel.tg_id, found.access_hash) == address(channel)


def named(text: str) -> Any:
    found = parse_channel(text)
    assert found is not None
    return found


@hard_timeout
async def test_what_is_no_channel_to_be_read_is_refused() -> None:
    channel = news()
    channel.world.person("Ann", "ann_bo")
    async with feeding(channel.world) as (_, feed, _gate):
        with pytest.raises(ChannelUnavailable, match="@ann_bo is no channel"):
            await feed.resolve(named("@ann_bo"))
        with pytest.raises(ChannelUnavailable):
            await feed.resolve(named("@nobody_here"))
        channel.ban()
        with pytest.raises(ChannelUnavailable) as caught:
            await feed.resolve(named("@harbour_news"))
        assert caught.value.state is not None


@hard_timeout
async def test_an_invitation_leads_to_a_channel_one_has_joined() -> None:
    channel = World().channel("crew", members_only=True)
    link = channel.invite()
    async with feeding(channel.world) as (_, feed, _gate):
        with pytest.raises(ChannelUnavailable, match="never joins by itself"):
            await feed.resolve(named(link))
        channel.join()
        found = await feed.resolve(named(link))
        assert (found.channel.tg_id, found.access_hash) == address(channel)


@hard_timeout
async def test_an_id_is_looked_for_among_the_chats_of_the_account() -> None:
    world = World()
    channels = [world.channel(f"pier_{n}") for n in range(230)]
    for channel in channels[:-1]:
        channel.post("Here.")
        channel.join()
    async with feeding(world) as (_, feed, gate):
        found = await feed.resolve(named(str(address(channels[0]).tg_id)))
        assert found.access_hash == address(channels[0]).access_hash
        assert gate.calls["messages.GetDialogs"] == 3
        with pytest.raises(ChannelUnavailable, match="not among your chats"):
            await feed.resolve(named(str(address(channels[-1]).tg_id)))


@hard_timeout
async def test_what_is_to_be_known_besides_posts() -> None:
    world = World()
    channel, group = world.channel("harbour"), world.channel("crew", megagroup=True)
    channel.post_many(9)
    channel.link(group)
    channel.available_min_id = 4
    async with feeding(world) as (_, feed, _gate):
        assert await feed.standing(address(channel)) == Standing(
            5, address(group).tg_id, channel.pts
        )
        assert (await feed.page(address(channel))).posts[-1].message_id == 5
        assert await feed.standing(address(group)) == Standing(0, address(channel).tg_id, group.pts)


@hard_timeout
async def test_an_answer_of_a_layer_to_come_is_one_sentence() -> None:
    channel = news()
    async with feeding(channel.world) as (server, feed, _gate):
        server.fail("GetFullChannel", instead(lambda: raw(unknown())))
        with pytest.raises(TryAgainLater, match="update it"):
            await feed.standing(address(channel))


@hard_timeout
async def test_who_is_logged_in() -> None:
    world = World()
    async with feeding(world) as (server, feed, _gate):
        assert await feed.account() == Account(world.me.id, world.me.name)
        server.revoke()
        with pytest.raises(LoginRequired):
            await feed.account()


@hard_timeout
async def test_a_private_channel_cannot_be_read() -> None:
    channel = news(3)
    channel.go_private()
    async with feeding(channel.world) as (_, feed, _gate):
        with pytest.raises(ChannelUnavailable) as caught:
            await feed.page(address(channel))
        assert caught.value.state == "private"


@hard_timeout
async def test_bytes_that_are_no_message_do_not_hide_the_posts() -> None:
    channel = news(3)
    async with feeding(channel.world) as (server, feed, _gate):
        server.fail(HISTORY, mixed_in(unknown(), 1))
        page = await feed.page(address(channel))
        assert (page.lo, ids(page)) == (3, [3])
