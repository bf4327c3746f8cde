"""The sync of one channel, a page at a time: ask, confirm what seems deleted, save, go on.

An asynchronous generator that yields after every transaction, so that many channels take turns
and a run can stop between any two of them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from archiver.errors import ArchiverError, ChannelUnavailable, FloodWait
from archiver.model import Address, FeedEvent, Page, Post, Tally
from archiver.sources import Feed
from archiver.store.live import LiveArchive, Saved
from archiver.store.subscriptions import Subscription, SyncState
from archiver.sync import plan
from archiver.sync.plan import Rules


class BudgetReached(Exception):
    """The channel has had its pages; what is left is for the next run."""


class ChannelSync:
    """One channel's part of a run. `tally`, `pages` and `partial` say how far it is."""

    def __init__(
        self,
        feed: Feed,
        archive: LiveArchive,
        subscription: Subscription,
        rules: Rules,
        clock: Callable[[], int],
    ) -> None:
        self.subscription = subscription
        self.tally = Tally()
        self.pages = 0
        self.partial: list[str] = []
        self._feed, self._archive = feed, archive
        self._rules, self._clock = rules, clock
        self._address = _address(subscription)

    @property
    def state(self) -> SyncState:
        """How far the sync of the channel is."""
        return self.subscription.sync

    @property
    def open_ids(self) -> int:
        """How many ids are still to be read of those that are wanted."""
        covered = self.subscription.coverage
        return sum(hi - lo + 1 for lo, hi in covered.gaps(self.state.floor, covered.top))

    async def steps(self) -> AsyncIterator[None]:
        """Do all that is due; one request or two and one transaction between two yields.

        Raises BudgetReached when the channel has had its pages, and the errors of a feed.
        """
        if plan.wants_standing(self.state, self._clock()):
            told = await self._feed.standing(self._address)
            self._keep(plan.with_standing(self.state, told, self._clock()))
        changed = self.state.differences != "ok"
        async for news in self._differences():
            changed = changed or news
            yield
        async for _ in self._walk(changed):
            yield
        async for _ in self._sweep():
            yield

    async def _differences(self) -> AsyncIterator[bool]:
        """What the server says has changed; yields whether anything had."""
        while plan.wants_difference(self.state, self._clock()):
            self._check_budget()
            assert self.state.pts is not None
            try:
                told = await self._feed.difference(self._address, self.state.pts)
            except FloodWait as wait:
                self.partial.append(str(wait))
                return
            self.pages += 1
            state = plan.after_difference(self.state, told, self._clock())
            if not (told.posts or told.deleted or told.events):
                self._keep(state)
            else:
                self._took(
                    self._archive.add_difference(self.subscription, told, state, self._clock())
                )
            self._note(told.events)
            yield bool(told.posts or told.deleted)
            if told.final or told.lost or told.refused:
                return

    async def _walk(self, changed: bool) -> AsyncIterator[None]:
        """From the newest post down, jumping over what is covered."""
        top = plan.wants_top(self.subscription, changed, self._rules, self._clock())
        covered = self.subscription.coverage
        before = 0 if top else plan.first_gap(covered, self.state)
        read = 0 if top else plan.OVERLAP_PAGES
        while before is not None:
            page = await self._page(before)
            read += 1
            await self._save(page, plan.after_page(self.state, page, self._clock()), before)
            yield
            before = plan.next_before(
                page, self.subscription.coverage, self.state, self._rules, read, self._clock()
            )
        self._keep(plan.walked(self.state, self._clock()))

    async def _sweep(self) -> AsyncIterator[None]:
        """Read again what is covered, as much as is due tonight."""
        due = plan.sweep_pages(self.state, self._rules, self._clock())
        if due == 0:
            return
        state = plan.sweep_begins(
            self.state, self._rules, self._clock(), fresh=self._rules.full_sweep
        )
        self._keep(state)
        read = 0
        while self.state.sweep_before is not None and (due is None or read < due):
            before = self.state.sweep_before
            page = await self._page(before)
            read += 1
            await self._save(page, plan.after_sweep_page(self.state, page, self._clock()), before)
            yield

    async def _page(self, before: int) -> Page:
        self._check_budget()
        page = await self._feed.page(self._address, before)
        self.pages += 1
        return plan.clamped(page, self.state)

    async def _save(self, page: Page, state: SyncState, before: int) -> None:
        """Save a page; what the archive has and the page has not is asked for by id first."""
        gone: list[int] = []
        back: list[Post] = []
        failed: ArchiverError | None = None
        if suspects := self._archive.missing(self.subscription, page, newest=before == 0):
            try:
                found = await self._feed.lookup(self._address, suspects)
                gone = [number for number, post in found.items() if post is None]
                back = [post for post in found.values() if post is not None]
            except (FloodWait, ChannelUnavailable) as error:
                failed = error
        page = _with_hidden(page, back)
        # Without an answer the page is saved, but the sweep does not go past it.
        kept = state if failed is None else replace(self.state, pts=state.pts)
        self._took(self._archive.add_page(self.subscription, page, gone, kept, self._clock()))
        self._note(page.events)
        if failed is not None:
            raise failed

    def _took(self, saved: Saved) -> None:
        self.tally += saved.tally
        self.subscription = saved.subscription

    def _keep(self, state: SyncState) -> None:
        self.subscription = self._archive.save_state(self.subscription, state)

    def _note(self, events: tuple[FeedEvent, ...]) -> None:
        self.partial += [each.message for each in events if each.partial]

    def _check_budget(self) -> None:
        """Raises BudgetReached. What was asked for in vain costs nothing of it."""
        if self._rules.channel_pages and self.pages >= self._rules.channel_pages:
            raise BudgetReached


def _address(subscription: Subscription) -> Address:
    address = subscription.address
    assert address is not None, "a channel without a hash is not synced"
    return address


def _with_hidden(page: Page, posts: list[Post]) -> Page:
    """The page with posts that it left out although they are there."""
    if not posts:
        return page
    said = f"a page left out {len(posts)} posts that are there; they were read by id"
    event = FeedEvent("hidden-posts", said, posts[0].message_id)
    every = sorted([*page.posts, *posts], key=lambda post: -post.message_id)
    return replace(page, posts=tuple(every), events=(*page.events, event))
