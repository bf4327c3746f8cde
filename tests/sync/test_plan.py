"""What a sync does next is decided from what is known: no network, no database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.model import Difference, Page, Post, Standing
from archiver.sources.memory import MemoryChannel
from archiver.store.coverage import Coverage
from archiver.store.subscriptions import Subscription, SyncState
from archiver.sync import plan
from archiver.sync.plan import DAY, OVERLAP_PAGES, PAGE, RESYNC_PAGES, Rules

NOW = 1_750_000_000
LONG_AGO = NOW - 400 * DAY


def page(lo: int, hi: int, *, date: int = LONG_AGO, **told: Any) -> Page:
    """A page with a post at either end."""
    posts = tuple(Post(number, date=date) for number in dict.fromkeys((hi, lo)))
    return Page(lo, hi, posts, **told)


def subscription(state: SyncState | None = None, *covered: tuple[int, int], **told: Any) -> Any:
    """A channel as the archive knows it."""
    return Subscription(
        *(1, -1001, "Harbour", "harbour", "@harbour"),
        sync=state or SyncState(),
        coverage=Coverage(covered),
        **told,
    )


# -- what to ask first ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "asked"), [(None, True), (NOW, False), (NOW - 30 * DAY, False), (NOW - 31 * DAY, True)]
)
def test_a_channels_standing_is_asked_for_monthly(seen: int | None, asked: bool) -> None:
    assert plan.wants_standing(SyncState(standing_seen=seen), NOW) is asked
    told = plan.with_standing(SyncState(), Standing(7, -1002, 5), NOW)
    assert (told.available_min_id, told.linked_tg_id, told.standing_seen) == (7, -1002, NOW)
    assert told.pts is None, "only a page that was saved gives a state"


@pytest.mark.parametrize(
    ("pts", "differences", "days", "asked"),
    [
        (None, None, 0, False),
        (None, "lost", 99, False),
        (5, None, 0, True),
        (5, "ok", 0, True),
        (5, "refused", 6, False),
        (5, "refused", 8, True),
    ],
)
def test_when_changes_are_asked_for(
    pts: int | None, differences: str | None, days: int, asked: bool
) -> None:
    state = SyncState(pts=pts, differences=differences, differences_tried=NOW - days * DAY)
    assert plan.wants_difference(state, NOW) is asked


def test_a_difference_moves_the_state_a_lost_one_gives_it_up() -> None:
    state = SyncState(pts=5, sweep_before=300, sweep_pts=4)
    told = plan.after_difference(state, Difference(pts=9), NOW)
    assert (told.pts, told.differences, told.sweep_before) == (9, "ok", 300)
    refused = plan.after_difference(state, Difference(refused=True), NOW)
    assert (refused.pts, refused.differences, refused.differences_tried) == (5, "refused", NOW)
    lost = plan.after_difference(state, Difference(lost=True, pts=99), NOW)
    assert (lost.pts, lost.differences) == (None, "lost")
    assert (lost.sweep_before, lost.sweep_pts) == (0, None), "all is read again, from the top"


OK = SyncState(pts=5, differences="ok")


@pytest.mark.parametrize(
    ("found", "changed", "wanted"),
    [
        (subscription(), False, True),
        (subscription(OK, (1, 50), newest=LONG_AGO, newest_id=50), False, False),
        (subscription(OK, (1, 50), newest=LONG_AGO, newest_id=50), True, True),
        (subscription(OK, (1, 50), newest=NOW - 2 * DAY, newest_id=50), False, True),
        (subscription(OK, (1, 50), newest=LONG_AGO, newest_id=70), False, True),
        (subscription(SyncState(differences="refused"), (1, 50), newest_id=50), False, True),
        (subscription(SyncState(differences="lost"), (1, 50), newest_id=50), False, True),
    ],
)
def test_when_the_newest_page_is_read(found: Subscription, changed: bool, wanted: bool) -> None:
    assert plan.wants_top(found, changed, Rules(), NOW) is wanted


# -- the walk ------------------------------------------------------------------------------------


def test_of_what_is_hidden_a_page_proves_nothing() -> None:
    state = SyncState(available_min_id=40)
    assert plan.clamped(page(30, 90), state).lo == 40
    assert plan.clamped(page(50, 90), state).lo == 50
    below = plan.clamped(page(1, 20), state)
    assert below.lo > below.hi


def test_the_first_page_gives_the_state_and_no_later_one() -> None:
    first = plan.after_page(SyncState(), page(401, 500, pts=70, count=480), NOW)
    assert (first.pts, first.server_count) == (70, 480)
    later = plan.after_page(first, page(301, 400, pts=90, count=481), NOW)
    assert (later.pts, later.server_count) == (70, 481)
    lost = SyncState(differences="lost")
    assert plan.after_page(lost, page(401, 500, pts=70), NOW).pts is None


def test_a_floor_is_where_the_date_was_met() -> None:
    state = SyncState(since=NOW)
    assert plan.after_page(state, page(401, 500, date=NOW + 5), NOW).floor == 1
    met = plan.after_page(state, page(301, 400, date=NOW - 5), NOW)
    assert met.floor == 301
    assert plan.after_page(met, page(201, 300, date=NOW - 9), NOW).floor == 301
    assert SyncState(floor_id=9, available_min_id=50).floor == 50


def test_the_walk_jumps_over_what_is_covered_and_ends_at_the_floor() -> None:
    covered = Coverage(((1, 100), (300, 600)))

    def following(found: Page, state: SyncState | None = None, pages: int = 9) -> int | None:
        return plan.next_before(found, covered, state or SyncState(), Rules(), pages, NOW)

    assert following(page(501, 600)) == 300
    assert following(page(201, 299)) == 201
    assert following(page(1, 100)) is None
    assert following(page(201, 299), SyncState(floor_id=201)) is None
    assert following(Page(1, 0)) is None


def test_the_last_days_are_read_again_but_no_more_than_some_pages() -> None:
    covered, new = Coverage(((1, 600),)), page(501, 600, date=NOW - DAY)
    for pages in range(1, OVERLAP_PAGES):
        assert plan.next_before(new, covered, SyncState(), Rules(), pages, NOW) == 501
    assert plan.next_before(new, covered, SyncState(), Rules(), OVERLAP_PAGES, NOW) is None
    assert plan.next_before(new, covered, SyncState(), Rules(overlap_days=0), 1, NOW) is None


def test_a_gap_below_the_newest_is_where_a_walk_begins_that_needs_no_news() -> None:
    assert plan.first_gap(Coverage(((1, 9), (20, 30))), SyncState()) == 20
    assert plan.first_gap(Coverage(((1, 30),)), SyncState()) is None
    assert plan.first_gap(Coverage(((20, 30),)), SyncState(floor_id=20)) is None


@st.composite
def channels(draw: st.DrawFn) -> tuple[MemoryChannel, Coverage]:
    """A channel with holes, and any part of it covered already."""
    channel = MemoryChannel(-1001, "harbour")
    for size, hole in draw(st.lists(st.tuples(st.integers(1, 150), st.integers(0, 300)),
                                    min_size=1, max_size=5)):  # fmt: skip
        channel.skip(hole)
        for _ in range(size):
            channel.post("")
    for number in draw(st.sets(st.sampled_from(sorted(channel.posts)))):
        del channel.posts[number]
    channel.post("The newest.")
    top, coverage = max(channel.posts), Coverage()
    for lo, length in draw(st.lists(st.tuples(st.integers(1, top), st.integers(0, 200)),
                                    max_size=4)):  # fmt: skip
        coverage = coverage.add(lo, min(lo + length, top))
    return channel, coverage


@given(channels())
def test_whatever_was_covered_a_walk_covers_all_in_as_few_pages_as_it_can(
    world: tuple[MemoryChannel, Coverage],
) -> None:
    channel, coverage = world
    top = max(channel.posts)
    open_ = coverage.gaps(1, top)
    posts = [sum(lo <= number <= hi for number in channel.posts) for lo, hi in open_]
    before: int | None = 0
    asked: list[int] = []
    while before is not None:
        found = channel.page(before)
        assert before not in asked
        asked.append(before)
        coverage = coverage.add_page(found.lo, found.hi)
        before = plan.next_before(found, coverage, SyncState(), Rules(), len(asked), NOW)
    assert coverage.intervals == ((1, top),)
    assert asked[1:] == sorted(asked[1:], reverse=True)
    assert len(asked) <= 1 + sum(1 + number // PAGE for number in posts)


# -- the sweep -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "rules", "pages"),
    [
        (SyncState(), Rules(), 0),
        (SyncState(), Rules(full_sweep=True), None),
        (SyncState(differences="lost"), Rules(sweep_days=0), RESYNC_PAGES),
        (SyncState(sweep_started=NOW - 29 * DAY, server_count=9000), Rules(), 0),
        (SyncState(sweep_started=NOW - 30 * DAY, server_count=9000), Rules(), 3),
        (SyncState(sweep_started=NOW - 30 * DAY, server_count=9001), Rules(), 4),
        (SyncState(sweep_started=NOW - 30 * DAY, server_count=9000), Rules(sweep_days=0), 0),
        (SyncState(sweep_started=NOW, sweep_before=500, server_count=9000), Rules(), 3),
        (SyncState(sweep_started=NOW - 30 * DAY), Rules(), 1),
    ],
)
def test_how_much_is_read_again_tonight(state: SyncState, rules: Rules, pages: int | None) -> None:
    assert plan.sweep_pages(state, rules, NOW) == pages


def test_a_sweep_goes_on_where_it_was_unless_it_is_to_begin_anew() -> None:
    under_way = SyncState(sweep_before=500, sweep_pts=7, sweep_started=NOW - DAY)
    assert plan.sweep_begins(under_way, Rules(), NOW, fresh=False) == under_way
    fresh = plan.sweep_begins(under_way, Rules(), NOW, fresh=True)
    assert (fresh.sweep_before, fresh.sweep_pts, fresh.sweep_started) == (0, None, NOW)


def test_a_state_that_was_lost_is_had_again_only_at_the_end_and_from_the_beginning() -> None:
    state = SyncState(differences="lost", sweep_before=0)
    state = plan.after_sweep_page(state, page(401, 500, pts=70), NOW)
    assert (state.pts, state.sweep_before, state.sweep_pts) == (None, 401, 70)
    state = plan.after_sweep_page(state, page(301, 400, pts=99), NOW)
    assert (state.pts, state.sweep_pts) == (None, 70)
    state = plan.after_sweep_page(state, page(1, 300, pts=120), NOW)
    assert (state.pts, state.differences, state.sweep_pts) == (70, None, None)
    assert (state.sweep_before, state.swept) == (None, NOW)


def test_a_sweep_of_what_is_told_keeps_its_own_state() -> None:
    state = plan.after_sweep_page(replace(OK, sweep_before=0), page(1, 90, pts=70), NOW)
    assert (state.pts, state.differences, state.sweep_before) == (5, "ok", None)


@given(channels(), st.integers(1, 4))
def test_a_sweep_reads_every_page_once_however_the_nights_are_cut(
    world: tuple[MemoryChannel, Coverage], nightly: int
) -> None:
    channel, _ = world
    state = plan.sweep_begins(SyncState(), Rules(), NOW, fresh=False)
    read, nights, seen = 0, 0, Coverage()
    while state.sweep_before is not None:
        nights += 1
        assert nights < 100
        state = plan.sweep_begins(state, Rules(), NOW + nights * DAY, fresh=False)
        for _ in range(nightly):
            if state.sweep_before is None:
                break
            found = channel.page(state.sweep_before)
            assert seen.gaps(found.lo, found.hi) == ((found.lo, found.hi),)
            seen = seen.add_page(found.lo, found.hi)
            state = plan.after_sweep_page(state, found, NOW)
            read += 1
    assert seen.intervals == ((1, max(channel.posts)),)
    assert read <= 1 + -(-len(channel.posts) // PAGE)
