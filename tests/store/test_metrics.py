"""Observations thin out with the age of a post, and never lose its first or its newest one."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archiver.model import Post
from archiver.store.metrics import DAY, counts, replaces_last, spacing

POSTED = 1_735_732_800


def kept(times: list[int], posted: int | None = POSTED) -> list[int]:
    """What is left of observations of a post whose counters changed each time."""
    found: list[int] = []
    for now in times:
        if len(found) >= 2 and replaces_last(posted, found[-2], now):
            found.pop()
        found.append(now)
    return found


TIMES = st.lists(st.integers(1, 120 * DAY), min_size=1, max_size=60, unique=True).map(
    lambda ages: [POSTED + age for age in sorted(ages)]
)


@given(TIMES)
def test_the_first_and_the_newest_are_kept(times: list[int]) -> None:
    found = kept(times)
    assert (found[0], found[-1]) == (times[0], times[-1])
    assert set(found) <= set(times)


@given(TIMES)
def test_of_three_in_a_row_the_outer_ones_lie_far_apart(times: list[int]) -> None:
    found = kept(times)
    for first, middle, last in zip(found, found[1:], found[2:], strict=False):
        assert last - first >= spacing(middle - POSTED)


@given(TIMES)
def test_in_the_first_two_days_every_change_is_kept(times: list[int]) -> None:
    early = [each for each in times if each - POSTED < 2 * DAY]
    assert kept(early) == early
    assert set(early[:-1]) <= set(kept(times))


def test_five_years_of_nights_are_below_a_hundred_rows() -> None:
    nights = [POSTED + night * DAY for night in range(1, 5 * 365)]
    found = kept(nights)
    assert len(found) < 100
    gaps = [b - a for a, b in pairwise(found[40:-1])]
    assert set(gaps) <= {29 * DAY, 30 * DAY, 31 * DAY}


def test_an_hourly_run_keeps_about_one_a_day_after_two_days() -> None:
    hours = [POSTED + hour * 3600 for hour in range(1, 30 * 24)]
    assert 47 + 25 < len(kept(hours)) < 47 + 32


def test_a_post_without_a_date_is_an_old_one() -> None:
    nights = [POSTED + night * DAY for night in range(100)]
    assert len(kept(nights, None)) < 8


def test_no_reactions_and_an_empty_list_are_the_same_count() -> None:
    assert counts(Post(1, views=3)) == counts(Post(1, views=3, reactions=()))
    assert counts(Post(1, views=3)) != counts(Post(1, views=4))
