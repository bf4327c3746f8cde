"""What every feed promises, held against both: the one in memory and the real one over a server.

The same verbs are done to a channel of each; whatever is asked, both have to answer alike.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from archiver.errors import ChannelUnavailable
from archiver.model import Address, ChannelState, Difference, Page, Post, Source
from archiver.sources import Feed
from archiver.sources.memory import PAGE, MemoryChannel, MemoryFeed
from archiver.sources.telegram.feed import TelegramFeed
from archiver.text.refs import ChannelRef
from tests.server import Channel
from tests.server.fixtures import running
from tests.sources.telegram.gatewayroom import connected

LIMIT = 20.0


class Memory:
    """A feed in memory, and the verbs of its channel."""

    def __init__(self) -> None:
        self.feed: Feed = MemoryFeed()
        self._channel: MemoryChannel = self.feed.channel("harbour")  # type: ignore[attr-defined]
        self.address = Address(self._channel.tg_id, 7)

    def post(self, number: int = 1) -> None:
        """New posts, each saying its number."""
        for _ in range(number):
            self._channel.post(f"Post {self._channel._last + 1}.")

    def skip(self, ids: int) -> None:
        """Ids that no post has."""
        self._channel.skip(ids)

    def edit(self, number: int, text: str) -> None:
        """Another text."""
        self._channel.edit(number, text)

    def delete(self, number: int) -> None:
        """The post is gone."""
        self._channel.delete(number)

    def hide_below(self, number: int) -> None:
        """Older posts are hidden from this account."""
        self._channel.available_min_id = number

    def go_private(self) -> None:
        """It cannot be read any more."""
        self._channel.state = ChannelState.PRIVATE

    def refuse_differences(self) -> None:
        """The server does not say what changes."""
        self._channel.tells_differences = False

    def forget_after(self, changes: int) -> None:
        """More changes than this are too many to tell."""
        self._channel.max_difference = changes

    def rename(self, name: str) -> None:
        """Another name."""
        self._channel.username = name

    def ids(self) -> list[int]:
        """The posts there are."""
        return sorted(self._channel.posts)


class Real:
    """The real feed, and the same verbs for a channel of its server."""

    def __init__(self, feed: TelegramFeed, channel: Channel) -> None:
        self.feed: Feed = feed
        self._channel = channel
        hash_ = channel.world.of(channel.world.me, channel.id)
        self.address = Address(-1_000_000_000_000 - channel.id, hash_)

    def post(self, number: int = 1) -> None:
        """New posts, each saying its number."""
        self._channel.post_many(number, lambda id_: f"Post {id_}.")

    def skip(self, ids: int) -> None:
        """Ids that no post has."""
        self._channel.skip_ids(ids)

    def edit(self, number: int, text: str) -> None:
        """Another text."""
        self._channel.edit(self._channel.handle(number), text)

    def delete(self, number: int) -> None:
        """The post is gone."""
        self._channel.delete(number)

    def hide_below(self, number: int) -> None:
        """Older posts are hidden from this account."""
        self._channel.available_min_id = number - 1

    def go_private(self) -> None:
        """It cannot be read any more."""
        self._channel.go_private()

    def refuse_differences(self) -> None:
        """The server does not say what changes."""
        self._channel.diff_for_members = True

    def forget_after(self, changes: int) -> None:
        """More changes than this are too many to tell."""
        self._channel.max_diff = changes

    def rename(self, name: str) -> None:
        """Another name."""
        self._channel.rename(name)

    def ids(self) -> list[int]:
        """The posts there are."""
        return list(self._channel.ids)


Stage = Memory | Real


@asynccontextmanager
async def _memory() -> AsyncIterator[Stage]:
    yield Memory()


@asynccontextmanager
async def _real() -> AsyncIterator[Stage]:
    async with running() as server, connected(server) as gate:
        yield Real(TelegramFeed(gate), server.world.channel("harbour"))


STAGES = {"memory": _memory, "telegram": _real}
each_feed = pytest.mark.parametrize("name", STAGES)


def on(name: str, story: Callable[[Any], Any]) -> None:
    """Tell a story on a stage; it has a hard time limit."""

    async def tell() -> None:
        async with asyncio.timeout(LIMIT), STAGES[name]() as stage:
            await story(stage)

    asyncio.run(tell())


async def walk(stage: Stage) -> list[Page]:
    """All pages, newest first."""
    pages = [await stage.feed.page(stage.address)]
    while pages[-1].lo > 1 and len(pages) < 50:
        pages.append(await stage.feed.page(stage.address, pages[-1].lo))
    return pages


async def news(stage: Stage, pts: int) -> list[Difference]:
    """All portions of what changed since a state."""
    found = [await stage.feed.difference(stage.address, pts)]
    while not (found[-1].final or found[-1].lost or found[-1].refused):
        assert found[-1].pts is not None
        found.append(await stage.feed.difference(stage.address, found[-1].pts))
    return found


def ids(posts: Any) -> list[int]:
    """The numbers of posts, in their order."""
    return [post.message_id for post in posts]


# -- pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 99, 100, 101, 250])
@each_feed
def test_pages_join_and_reach_from_the_newest_post_to_the_first_id(name: str, number: int) -> None:
    async def story(stage: Stage) -> None:
        stage.post(number)
        pages = await walk(stage)
        assert (pages[0].hi, pages[-1].lo) == (number, 1)
        assert [below.hi for below in pages[1:]] == [above.lo - 1 for above in pages[:-1]]
        assert [n for page in pages for n in ids(page.posts)] == list(range(number, 0, -1))
        assert all(page.lo <= n <= page.hi for page in pages for n in ids(page.posts))
        assert (pages[0].count, pages[0].unknown) == (number, frozenset())
        assert pages[0].pts

    on(name, story)


@each_feed
def test_the_last_page_reaches_down_to_1_whatever_the_first_post_is(name: str) -> None:
    async def story(stage: Stage) -> None:
        stage.skip(700)
        stage.post(130)
        stage.delete(705)
        pages = await walk(stage)
        assert [(page.lo, page.hi) for page in pages] == [(731, 830), (1, 730)]
        assert 705 not in ids(pages[1].posts)

    on(name, story)


@each_feed
def test_a_channel_without_posts_proves_nothing(name: str) -> None:
    async def story(stage: Stage) -> None:
        page = await stage.feed.page(stage.address)
        assert (page.lo, page.hi, page.posts) == (1, 0, ())
        stage.post(3)
        page = await stage.feed.page(stage.address, 1)
        assert (page.hi, page.posts) == (0, ())

    on(name, story)


@each_feed
def test_below_a_number_everything_is_said_whether_posts_are_there_or_not(name: str) -> None:
    async def story(stage: Stage) -> None:
        stage.post(20)
        for number in (12, 13, 14, 1):
            stage.delete(number)
        page = await stage.feed.page(stage.address, 15)
        assert (page.lo, page.hi, ids(page.posts)) == (1, 14, [*range(11, 1, -1)])
        page = await stage.feed.page(stage.address, 500)
        assert (page.hi, ids(page.posts)[0]) == (499, 20)

    on(name, story)


@each_feed
def test_an_unchanged_post_is_an_equal_post(name: str) -> None:
    async def story(stage: Stage) -> None:
        stage.post(5)
        first = await stage.feed.page(stage.address)
        again = await stage.feed.page(stage.address)
        by_id = await stage.feed.lookup(stage.address, ids(first.posts))
        assert first.posts == again.posts == tuple(by_id[n] for n in ids(first.posts))

    on(name, story)


@each_feed
def test_a_post_says_what_it_is(name: str) -> None:
    async def story(stage: Stage) -> None:
        stage.post(2)
        stage.edit(1, "Corrected.")
        newest, edited = (await stage.feed.page(stage.address)).posts
        assert (newest.message_id, newest.text, newest.edited) == (2, "Post 2.", None)
        assert (edited.message_id, edited.text) == (1, "Corrected.")
        assert edited.edited is not None
        assert edited.date is not None
        assert edited.edited > edited.date
        for each in (newest, edited):
            assert (each.source, each.entities) == (Source.LIVE, ())

    on(name, story)


@each_feed
def test_what_is_hidden_is_said_and_not_shown(name: str) -> None:
    async def story(stage: Stage) -> None:
        stage.post(30)
        assert (await stage.feed.standing(stage.address)).available_min_id == 0
        stage.hide_below(11)
        told = await stage.feed.standing(stage.address)
        assert told.available_min_id == 11
        assert told.pts
        page = await stage.feed.page(stage.address)
        assert min(ids(page.posts)) == 11

    on(name, story)


# -- by id ---------------------------------------------------------------------------------------


@each_feed
def test_by_id_a_post_is_there_or_deleted(name: str) -> None:
    async def story(stage: Stage) -> None:
        stage.post(230)
        stage.delete(7)
        found = await stage.feed.lookup(stage.address, range(1, 240))
        assert found.keys() == set(range(1, 240))
        gone = {number for number, post in found.items() if post is None}
        assert gone == {7, *range(231, 240)}
        assert all(post.message_id == number for number, post in found.items() if post)
        assert await stage.feed.lookup(stage.address, []) == {}

    on(name, story)


# -- differences ---------------------------------------------------------------------------------


async def state(stage: Stage) -> int:
    """The state of the channel now."""
    pts = (await stage.feed.page(stage.address)).pts
    assert pts is not None
    return pts


@each_feed
def test_without_changes_a_difference_is_empty_and_final(name: str) -> None:
    async def story(stage: Stage) -> None:
        stage.post(3)
        pts = await state(stage)
        [told] = await news(stage, pts)
        assert (told.posts, told.deleted, told.pts, told.final) == ((), (), pts, True)
        assert (told.lost, told.refused) == (False, False)

    on(name, story)


@each_feed
def test_a_difference_says_what_is_new_edited_and_deleted_as_it_stands(name: str) -> None:
    async def story(stage: Stage) -> None:
        stage.post(10)
        pts = await state(stage)
        stage.post(2)
        stage.edit(3, "Once.")
        stage.edit(3, "Twice.")
        stage.delete(5)
        stage.delete(12)  # came and went
        [told] = await news(stage, pts)
        assert {post.message_id: post.text for post in told.posts} == {11: "Post 11.", 3: "Twice."}
        assert set(told.deleted) == {5, 12}
        assert told.pts == await state(stage)
        assert (await news(stage, told.pts))[0].posts == ()

    on(name, story)


@each_feed
def test_many_changes_come_in_portions(name: str) -> None:
    async def story(stage: Stage) -> None:
        stage.post(1)
        pts = await state(stage)
        stage.post(250)
        found = await news(stage, pts)
        assert len(found) == 3
        assert [each.final for each in found] == [False, False, True]
        assert [n for each in found for n in ids(each.posts)] == list(range(2, 252))
        assert found[-1].pts == await state(stage)

    on(name, story)


@each_feed
def test_a_state_that_is_unknown_or_too_old_is_lost(name: str) -> None:
    async def story(stage: Stage) -> None:
        stage.post(10)
        pts = await state(stage)
        assert (await stage.feed.difference(stage.address, pts + 1000)).lost
        stage.forget_after(4)
        stage.post(5)
        told = await stage.feed.difference(stage.address, pts)
        assert (told.lost, told.posts, told.deleted) == (True, (), ())

    on(name, story)


@each_feed
def test_a_server_that_says_nothing_of_changes_refuses(name: str) -> None:
    async def story(stage: Stage) -> None:
        stage.post(3)
        pts = await state(stage)
        stage.refuse_differences()
        told = await stage.feed.difference(stage.address, pts)
        assert (told.refused, told.lost, told.posts) == (True, False, ())
        assert ids((await stage.feed.page(stage.address)).posts) == [3, 2, 1]

    on(name, story)


# -- who it is -----------------------------------------------------------------------------------


@each_feed
def test_a_channel_is_found_by_its_name_and_known_by_its_address(name: str) -> None:
    async def story(stage: Stage) -> None:
        found = await stage.feed.resolve(ChannelRef(username="harbour"))
        assert (found.channel.tg_id, found.channel.username) == (stage.address.tg_id, "harbour")
        assert found.state is ChannelState.READABLE
        assert found.access_hash is not None
        address = Address(stage.address.tg_id, found.access_hash)
        stage.rename("harbour_today")
        [seen] = (await stage.feed.identify([address])).values()
        assert (seen.channel.username, seen.usernames) == ("harbour_today", ("harbour_today",))
        with pytest.raises(ChannelUnavailable):
            await stage.feed.resolve(ChannelRef(username="harbour"))

    on(name, story)


@each_feed
def test_an_address_that_leads_nowhere_is_missing(name: str) -> None:
    async def story(stage: Stage) -> None:
        nowhere = Address(-1_000_000_000_077, 5)
        seen = await stage.feed.identify([nowhere, stage.address])
        assert seen.keys() == {stage.address.tg_id}
        assert await stage.feed.identify([]) == {}

    on(name, story)


@each_feed
def test_a_private_channel_says_so_and_gives_nothing(name: str) -> None:
    async def story(stage: Stage) -> None:
        stage.post(3)
        pts = await state(stage)
        stage.go_private()
        [seen] = (await stage.feed.identify([stage.address])).values()
        assert (seen.state, seen.access_hash) == (ChannelState.PRIVATE, None)
        for ask in (
            stage.feed.page(stage.address),
            stage.feed.lookup(stage.address, [1]),
            stage.feed.standing(stage.address),
        ):
            with pytest.raises(ChannelUnavailable) as caught:
                await ask
            assert caught.value.state == "private"
        # Of a difference it cannot be told from a mere refusal.
        try:
            assert (await stage.feed.difference(stage.address, pts)).refused
        except ChannelUnavailable as error:
            assert error.state == "private"  # noqa: PT017 - either will do

    on(name, story)


@each_feed
def test_somebody_is_logged_in(name: str) -> None:
    async def story(stage: Stage) -> None:
        account = await stage.feed.account()
        assert account.user_id > 0
        assert account.label

    on(name, story)


# -- and all at once -----------------------------------------------------------------------------


def act(stage: Stage, dice: random.Random) -> None:
    """Something happens; the same with the same dice."""
    there = stage.ids()
    what = dice.random()
    if what < 0.5 or len(there) < 5:
        stage.post(dice.choice([1, 2, 60]))
    elif what < 0.6:
        stage.skip(dice.choice([1, 40, 300]))
    elif what < 0.8:
        stage.edit(dice.choice(there), f"Corrected {dice.random()}.")
    else:
        stage.delete(dice.choice(there))


def plain(posts: Any) -> dict[int, str]:
    """Posts by number."""
    return {post.message_id: post.text for post in posts if isinstance(post, Post)}


@pytest.mark.parametrize("seed", range(8))
def test_both_answer_alike_whatever_happened(seed: int) -> None:
    async def story(real: Stage) -> None:
        memory = Memory()
        seeds = random.Random(seed)
        kept: list[tuple[int, int]] = [(await state(memory), await state(real))]
        for _ in range(25):
            dice = seeds.random()
            for stage in (memory, real):
                act(stage, random.Random(dice))
            assert memory.ids() == real.ids()
            kept.append((await state(memory), await state(real)))
        below = seeds.choices(range(2, memory.ids()[-1] + 9), k=6)
        for before in (0, *below):
            ours = await memory.feed.page(memory.address, before)
            theirs = await real.feed.page(real.address, before)
            assert (ours.lo, ours.hi, ours.count) == (theirs.lo, theirs.hi, theirs.count)
            assert plain(ours.posts) == plain(theirs.posts)
        for mine, its in seeds.choices(kept, k=5):
            said = [await news(memory, mine), await news(real, its)]
            changed = [plain(post for each in told for post in each.posts) for told in said]
            gone = [{number for each in told for number in each.deleted} for told in said]
            assert changed[0] == changed[1]
            assert gone[0] == gone[1]
        wanted = seeds.choices(range(1, memory.ids()[-1] + 9), k=PAGE)
        found = [await each.feed.lookup(each.address, wanted) for each in (memory, real)]
        assert {n: p and p.text for n, p in found[0].items()} == {
            n: p and p.text for n, p in found[1].items()
        }

    on("telegram", story)
