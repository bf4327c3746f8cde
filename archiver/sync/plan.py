"""What the sync of a channel does next, decided from what is known; no network, no database.

The walk goes from the newest post to the oldest and jumps over what is covered: backfill and
nightly increment are the same walk. Edits and deletions come from differences where the server
tells them, and everywhere from reading the last days again every night, and everything once a
month (the sweep), some pages a night.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from archiver.model import Difference, Page, Standing
from archiver.store.coverage import Coverage
from archiver.store.subscriptions import Subscription, SyncState

DAY = 86_400
PAGE = 100
# A channel whose state was lost has unseen edits: up to 5,000 posts are read again at once.
RESYNC_PAGES = 50
# Membership changes seldom: a server that refused differences is asked again after a week.
RETRY_DIFFERENCES = 7 * DAY
STANDING_AGE = 30 * DAY
# The last days again, but at most so many pages: a channel may post a thousand times a day.
OVERLAP_PAGES = 3


@dataclass(frozen=True, slots=True)
class Rules:
    """How much is read again, and how much at most.

    0 pages or seconds mean no limit, 0 `sweep_days` that nothing old is ever read again.
    """

    overlap_days: int = 3
    sweep_days: int = 30
    full_sweep: bool = False
    channel_pages: int = 0
    run_pages: int = 0
    run_seconds: int = 0


def wants_standing(state: SyncState, now: int) -> bool:
    """Whether to ask what hides below and who is linked: at first, then monthly."""
    return state.standing_seen is None or now - state.standing_seen > STANDING_AGE


def with_standing(state: SyncState, told: Standing, now: int) -> SyncState:
    """The state with what the channel told of itself."""
    return replace(
        state,
        available_min_id=told.available_min_id or None,
        linked_tg_id=told.linked_tg_id,
        standing_seen=now,
    )


def wants_difference(state: SyncState, now: int) -> bool:
    """Whether to ask what changed since the last state."""
    if state.pts is None:
        return False
    if state.differences in (None, "ok"):
        return True
    return now - (state.differences_tried or 0) > RETRY_DIFFERENCES


def after_difference(state: SyncState, told: Difference, now: int) -> SyncState:
    """The state once a difference was saved. A lost one leaves edits unseen: sweep all."""
    if told.refused:
        return replace(state, differences="refused", differences_tried=now)
    if told.lost:
        return replace(
            state, pts=None, differences="lost", differences_tried=now,
            sweep_before=0, sweep_pts=None,
        )  # fmt: skip
    return replace(state, pts=told.pts or state.pts, differences="ok", differences_tried=now)


def wants_top(subscription: Subscription, changed: bool, rules: Rules, now: int) -> bool:
    """Whether to read the newest page: not if the server says nothing changed and all is old."""
    top = subscription.coverage.top
    if changed or not top or subscription.sync.differences != "ok":
        return True
    if (subscription.newest_id or 0) > top:
        # Told by a difference, which proves nothing, in a run that ended before it read a page.
        return True
    return (subscription.newest or 0) > now - rules.overlap_days * DAY


def clamped(page: Page, state: SyncState) -> Page:
    """The page without the ids that are hidden from this account: nothing is known of them."""
    least = state.available_min_id or 1
    return page if page.lo >= least else replace(page, lo=min(least, page.hi + 1))


def after_page(state: SyncState, page: Page, now: int) -> SyncState:
    """The state once a page of the walk was saved."""
    if state.pts is None and state.differences is None and page.pts:
        state = replace(state, pts=page.pts)
    if page.count is not None:
        state = replace(state, server_count=page.count)
    return with_floor(state, page)


def with_floor(state: SyncState, page: Page) -> SyncState:
    """Remember where the date before which nothing is wanted was met."""
    if state.since is None or not page.posts or page.lo > page.hi:
        return state
    date = page.posts[-1].date
    if date is None or date >= state.since:
        return state
    return replace(state, floor_id=max(page.lo, state.floor_id or 0))


def next_before(
    page: Page, coverage: Coverage, state: SyncState, rules: Rules, pages: int, now: int
) -> int | None:
    """Where the walk goes on after `pages` pages, None at its end."""
    following = coverage.bottom(page.lo)
    if (page.lo > page.hi and page.lo != 1) or _overlaps(page.posts, rules, pages, now):
        following = page.lo
    return following if following > state.floor else None


def _overlaps(posts: Sequence[object], rules: Rules, pages: int, now: int) -> bool:
    if not posts or pages >= OVERLAP_PAGES:
        return False
    date = getattr(posts[-1], "date", None)
    return date is not None and date > now - rules.overlap_days * DAY


def first_gap(coverage: Coverage, state: SyncState) -> int | None:
    """Where the walk begins when the newest page need not be read, None where all is covered."""
    below = coverage.bottom(coverage.top)
    return below if below > state.floor else None


def walked(state: SyncState, now: int) -> SyncState:
    """The state once all is covered: it was all read just now, the next sweep is a month away."""
    return replace(state, sweep_started=now) if state.sweep_started is None else state


def sweep_pages(state: SyncState, rules: Rules, now: int) -> int | None:
    """How many pages to read again tonight; None means until the sweep is complete."""
    if rules.full_sweep:
        return None
    if state.differences == "lost":
        return RESYNC_PAGES
    if not rules.sweep_days:
        return 0
    period = rules.sweep_days * DAY
    under_way = state.sweep_before is not None
    if not under_way and (state.sweep_started is None or now - state.sweep_started < period):
        return 0
    return max(1, ceil((state.server_count or 0) / PAGE / max(1, rules.sweep_days)))


def sweep_begins(state: SyncState, rules: Rules, now: int, fresh: bool) -> SyncState:
    """The state at the first page of tonight's sweep; `fresh` starts it at the top again."""
    if state.sweep_before is None or fresh:
        return replace(state, sweep_before=0, sweep_pts=None, sweep_started=now)
    return state


def after_sweep_page(state: SyncState, page: Page, now: int) -> SyncState:
    """The state once a page of the sweep was saved."""
    if state.sweep_before == 0:
        state = replace(state, sweep_pts=page.pts, sweep_started=now)
    if page.count is not None:
        state = replace(state, server_count=page.count)
    if page.lo > state.floor and page.lo <= page.hi:
        return replace(state, sweep_before=page.lo)
    found = replace(state, sweep_before=None, swept=now)
    if state.differences == "lost":
        # Everything was read after this state: what changed since is told from here on.
        found = replace(found, pts=state.sweep_pts, differences=None)
    return replace(found, sweep_pts=None)
