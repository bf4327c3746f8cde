"""A run over many channels: who they are now, then a page of each in turn, then what came of it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from archiver.errors import (
    ArchiverError,
    ChannelUnavailable,
    FloodWait,
    LoginRequired,
    Offline,
    StoreError,
    TryAgainLater,
)
from archiver.model import ChannelState, Sighting, Tally
from archiver.sources import Feed
from archiver.store.live import LiveArchive
from archiver.store.subscriptions import Subscription
from archiver.sync.channel import BudgetReached, ChannelSync
from archiver.sync.plan import DAY, Rules
from archiver.text.refs import ChannelRef

# How long the page in flight may take after a signal: the whole process has 10 s.
GRACE = 7.0


class Outcome(StrEnum):
    """How the sync of a channel ended."""

    DONE = "done"
    BUDGET = "paused"  # more to read, next time
    STOPPED = "stopped"  # a signal came
    PARTIAL = "partial"  # something could not be read or has to wait
    UNAVAILABLE = "unavailable"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ChannelResult:
    """What a run did to one channel. `open_ids` counts ids that are still to be read."""

    subscription: Subscription
    outcome: Outcome
    error: str = ""
    tally: Tally = field(default_factory=Tally)
    pages: int = 0
    open_ids: int = 0


@dataclass(frozen=True, slots=True)
class Synced:
    """What a run did. `fatal` ended it early; what was saved before is kept."""

    channels: tuple[ChannelResult, ...] = ()
    stopped: bool = False
    fatal: ArchiverError | None = None

    @property
    def tally(self) -> Tally:
        """All channels together."""
        return sum((each.tally for each in self.channels), Tally())

    @property
    def complete(self) -> bool:
        """Whether every channel was read as far as the budget goes."""
        fine = {Outcome.DONE, Outcome.BUDGET}
        return self.fatal is None and all(each.outcome in fine for each in self.channels)


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the caller gives: the time, when to stop, and who wants to see the progress.

    `clock` gives Unix seconds, `monotonic` seconds for the budget; `stop` is set by a signal.
    `began` comes once for a channel, `paged` after each of its pages, `ended` at its end.
    """

    clock: Callable[[], int]
    monotonic: Callable[[], float]
    stop: asyncio.Event
    began: Callable[[int], None] = lambda _channels: None
    paged: Callable[[ChannelSync], None] = lambda _channel: None
    ended: Callable[[ChannelResult], None] = lambda _result: None


async def sync(
    feed: Feed,
    archive: LiveArchive,
    subscriptions: Sequence[Subscription],
    rules: Rules,
    hooks: Hooks,
) -> Synced:
    """Bring channels up to date. One that fails never stops the others.

    Raises StoreError when the archive itself fails; everything else is in the result.
    """
    run = _Run(feed, archive, rules, hooks)
    hooks.began(len(subscriptions))
    try:
        ready = await run.identify(subscriptions)
        await run.take_turns(ready)
    except (LoginRequired, Offline) as error:
        run.fatal = error
        run.end_rest(subscriptions, error)
    finally:
        archive.settle()
    return Synced(tuple(run.results), hooks.stop.is_set(), run.fatal)


class Ended(Exception):
    """What is said of the channels that a run did not come to; the run itself says why."""

    def __str__(self) -> str:
        return "the run ended before its turn came"


class _Run:
    def __init__(self, feed: Feed, archive: LiveArchive, rules: Rules, hooks: Hooks) -> None:
        self.results: list[ChannelResult] = []
        self.fatal: ArchiverError | None = None
        self._feed, self._archive = feed, archive
        self._rules, self._hooks = rules, hooks
        self._started = hooks.monotonic()
        self._pages = 0
        self._open: dict[int, ChannelSync] = {}

    async def identify(self, wanted: Sequence[Subscription]) -> list[Subscription]:
        """The channels that can be read, under the names they have now."""
        known = [each.address for each in wanted if each.address is not None]
        try:
            seen = await self._feed.identify(known) if known else {}
        except Offline:
            raise
        except TryAgainLater:
            return [each for each in wanted if each.address is not None]
        ready = []
        for each in wanted:
            try:
                ready.append(await self._recognise(each, seen.get(each.tg_id)))
            except ChannelUnavailable as error:
                self._end(_unavailable(each, error), error)
            except Offline:
                raise
            except TryAgainLater as error:
                self._end(ChannelResult(each, Outcome.PARTIAL, str(error)), error)
        return ready

    async def _recognise(self, each: Subscription, sighting: Sighting | None) -> Subscription:
        """The channel as it is now. Raises ChannelUnavailable where it cannot be read."""
        now = self._hooks.clock()
        if sighting is None:
            return await self._resolve_again(each)
        found = self._archive.see(each, sighting, now) if _is_news(each, sighting) else each
        if sighting.state is not ChannelState.READABLE:
            raise ChannelUnavailable(_gone(found, sighting.state), state=sighting.state)
        return found

    async def _resolve_again(self, each: Subscription) -> Subscription:
        """Another account has other hashes: the name is asked for again, once a day at most."""
        now = self._hooks.clock()
        if not each.username or (each.resolved and now - each.resolved < DAY):
            raise ChannelUnavailable(
                f"{each.label}: this account cannot reach the channel"
                + (" (its name was asked for today already)" if each.username else "")
                + "; `archiver channels add` it again by its @name or, once joined, by its link."
            )
        try:
            sighting = await self._feed.resolve(ChannelRef(username=each.username))
        except ChannelUnavailable:
            self._archive.asked_in_vain(each, now)
            raise
        if sighting.channel.tg_id != each.tg_id:
            self._archive.asked_in_vain(each, now)
            self._archive.set_state(each, ChannelState.CONFLICT, now)
            raise ChannelUnavailable(
                f"@{each.username} leads to another channel now ({sighting.channel.tg_id}); nothing"
                f" was read. The posts of {each.tg_id} stay; `archiver channels remove"
                f" {each.tg_id}` stops asking for it.",
                state=ChannelState.CONFLICT,
            )
        return self._archive.resolved(each, sighting, now)

    async def take_turns(self, ready: Sequence[Subscription]) -> None:
        """A page of each channel in turn, until all are done or the run has to end."""
        turns: deque[tuple[ChannelSync, AsyncIterator[None]]] = deque()
        for each in ready:
            channel = ChannelSync(self._feed, self._archive, each, self._rules, self._hooks.clock)
            self._open[each.channel_id] = channel
            turns.append((channel, channel.steps()))
        while turns:
            if ending := self._ending():
                for channel, _ in turns:
                    self._finish(channel, ending)
                return
            channel, steps = turns.popleft()
            if await self._turn(channel, steps):
                turns.append((channel, steps))

    def _ending(self) -> Outcome | None:
        """Why the run has to end here, if it has."""
        rules = self._rules
        if self._hooks.stop.is_set():
            return Outcome.STOPPED
        spent = self._hooks.monotonic() - self._started
        if rules.run_pages and self._pages >= rules.run_pages:
            return Outcome.BUDGET
        return Outcome.BUDGET if rules.run_seconds and spent >= rules.run_seconds else None

    async def _turn(self, channel: ChannelSync, steps: AsyncIterator[None]) -> bool:
        """One step of a channel; False where it has come to its end."""
        before = channel.pages
        try:
            more = await self._until_stopped(steps)
        except BudgetReached:
            return self._finish(channel, Outcome.BUDGET)
        except asyncio.CancelledError:
            if not self._hooks.stop.is_set():
                raise
            return self._finish(channel, Outcome.STOPPED)
        except (LoginRequired, Offline, StoreError):
            raise
        except ChannelUnavailable as error:
            return self._close(channel, error)
        except ArchiverError as error:
            # Pages that were refused until the feed gave up are on record, too.
            self._archive.note(channel.subscription, getattr(error, "events", ()))
            outcome = Outcome.PARTIAL if isinstance(error, FloodWait) else Outcome.FAILED
            return self._finish(channel, outcome, error)
        finally:
            self._pages += channel.pages - before
        if not more:
            return self._finish(channel, Outcome.PARTIAL if channel.partial else Outcome.DONE)
        self._hooks.paged(channel)
        return True

    async def _until_stopped(self, steps: AsyncIterator[None]) -> bool:
        """The next step; after a signal it has GRACE seconds left, then it is given up whole."""
        step = asyncio.ensure_future(_next(steps))
        stop = asyncio.ensure_future(self._hooks.stop.wait())
        try:
            await asyncio.wait({step, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not step.done():
                await asyncio.wait({step}, timeout=GRACE)
            if not step.done():
                step.cancel()
            return await step
        finally:
            stop.cancel()

    def _close(self, channel: ChannelSync, error: ChannelUnavailable) -> bool:
        """A channel that became private or vanished while it was read."""
        if error.state in (ChannelState.PRIVATE, ChannelState.GONE):
            state = ChannelState(error.state)
            self._archive.set_state(channel.subscription, state, self._hooks.clock())
        return self._finish(channel, Outcome.UNAVAILABLE, error)

    def _finish(
        self, channel: ChannelSync, outcome: Outcome, error: Exception | None = None
    ) -> bool:
        said = str(error) if error else "; ".join(dict.fromkeys(channel.partial))
        result = ChannelResult(
            channel.subscription, outcome, said, channel.tally, channel.pages, channel.open_ids
        )
        self._end(result, error)
        return False

    def _end(self, result: ChannelResult, error: Exception | None) -> None:
        self.results.append(result)
        self._open.pop(result.subscription.channel_id, None)
        complete = result.outcome is Outcome.DONE
        said = result.error or None
        self._archive.note_try(result.subscription, said, complete, self._hooks.clock())
        self._hooks.ended(result)

    def end_rest(self, wanted: Sequence[Subscription], error: ArchiverError) -> None:
        """Nothing more can be asked: every channel without a result ends as it stands."""
        have = {each.subscription.channel_id for each in self.results}
        for each in wanted:
            if each.channel_id in have:
                continue
            channel = self._open.get(each.channel_id)
            if channel is not None:
                self._finish(channel, Outcome.FAILED, Ended())
            else:
                self._end(ChannelResult(each, Outcome.FAILED, str(Ended())), error)


async def _next(steps: AsyncIterator[None]) -> bool:
    try:
        await anext(steps)
    except StopAsyncIteration:
        return False
    return True


def _is_news(each: Subscription, sighting: Sighting) -> bool:
    """Whether a sighting says anything that the archive does not know."""
    told = sighting.channel
    same_name = (told.username, told.title) in ((each.username, each.title), (None, ""))
    same_hash = sighting.access_hash in (None, each.access_hash)
    # Which further names it had is not loaded: those of the few that have some are noted again.
    no_more = len(sighting.usernames) < 2
    return not (same_name and same_hash and no_more and sighting.state == each.state)


def _unavailable(each: Subscription, error: ChannelUnavailable) -> ChannelResult:
    return ChannelResult(each, Outcome.UNAVAILABLE, str(error))


def _gone(each: Subscription, state: ChannelState) -> str:
    what = "is private now" if state is ChannelState.PRIVATE else "is gone (deleted or banned)"
    return (
        f"{each.label} {what}; its archived posts are kept and nothing is held to be deleted."
        f" `archiver channels remove {each.tg_id}` stops asking for it."
    )
