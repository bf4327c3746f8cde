"""Covered intervals do what a set of numbers would do, and stay sorted, apart and merged."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archiver.store.coverage import Coverage, faults

IDS = st.integers(1, 60)
SPAN = st.tuples(IDS, IDS)
SPANS = st.lists(SPAN, max_size=12)


def covered(spans: list[tuple[int, int]]) -> tuple[Coverage, set[int]]:
    """The same spans as intervals and as a set; one that ends before it begins is nothing."""
    coverage, numbers = Coverage(), set[int]()
    for lo, hi in spans:
        coverage = coverage.add(lo, hi)
        numbers |= set(range(lo, hi + 1))
    return coverage, numbers


def numbers_of(coverage: Coverage) -> set[int]:
    """The intervals, number by number."""
    return {n for lo, hi in coverage.intervals for n in range(lo, hi + 1)}


@given(SPANS)
def test_what_is_added_is_covered_and_nothing_else(spans: list[tuple[int, int]]) -> None:
    coverage, numbers = covered(spans)
    assert numbers_of(coverage) == numbers
    assert faults(coverage.intervals) == []
    assert coverage.intervals == tuple(sorted(coverage.intervals))
    assert (coverage.size, coverage.top) == (len(numbers), max(numbers, default=0))


@given(SPANS, st.permutations(range(12)))
def test_the_order_makes_no_difference(spans: list[tuple[int, int]], order: list[int]) -> None:
    shuffled = [spans[at] for at in order if at < len(spans)]
    assert covered(spans)[0] == covered(shuffled)[0]


@given(SPANS, SPAN, st.sets(IDS))
def test_a_page_covers_all_but_what_it_does_not_know(
    spans: list[tuple[int, int]], page: tuple[int, int], unknown: set[int]
) -> None:
    coverage, numbers = covered(spans)
    lo, hi = page
    after = coverage.add_page(lo, hi, unknown)
    assert numbers_of(after) == numbers | (set(range(lo, hi + 1)) - unknown)
    assert faults(after.intervals) == []


@given(SPANS, SPAN)
def test_gaps_are_what_is_not_covered(
    spans: list[tuple[int, int]], within: tuple[int, int]
) -> None:
    coverage, numbers = covered(spans)
    lo, hi = within
    gaps = coverage.gaps(lo, hi)
    assert {n for a, b in gaps for n in range(a, b + 1)} == set(range(lo, hi + 1)) - numbers
    assert all(a <= b for a, b in gaps)
    assert list(gaps) == sorted(gaps)


@given(SPANS, IDS)
def test_the_bottom_is_where_the_covered_numbers_end(
    spans: list[tuple[int, int]], number: int
) -> None:
    coverage, numbers = covered(spans)
    expected = number
    while expected in numbers and expected - 1 in numbers:
        expected -= 1
    assert coverage.bottom(number) == expected


@given(st.lists(st.tuples(st.integers(-3, 40), st.integers(-3, 40)), max_size=6, unique=True))
def test_rows_that_no_sync_can_have_written_are_faults(rows: list[tuple[int, int]]) -> None:
    inside = [n for lo, hi in rows for n in range(lo, hi + 1)]
    ordered = sorted(rows)
    sound = (
        all(1 <= lo <= hi for lo, hi in rows)
        and len(inside) == len(set(inside))
        and all(a[1] + 1 < b[0] for a, b in pairwise(ordered))
    )
    assert (faults(rows) == []) is sound
