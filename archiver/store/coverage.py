"""Which ids of a channel are known whole: disjoint, sorted, merged intervals. Pure.

An id is covered when a page has told the whole truth about it: either its post is archived or
there was none. A highest id instead of intervals would lose what a killed backfill left open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The covered ids of one channel, as (lo, hi) with both ends inside, ascending."""

    intervals: tuple[Interval, ...] = ()

    def add(self, lo: int, hi: int) -> Coverage:
        """With lo..hi covered too; nothing changes where hi < lo.

        >>> Coverage(((1, 3), (8, 9))).add(4, 6)
        Coverage(intervals=((1, 6), (8, 9)))
        """
        if hi < lo:
            return self
        apart = [each for each in self.intervals if each[1] < lo - 1 or each[0] > hi + 1]
        met = [each for each in self.intervals if each[1] >= lo - 1 and each[0] <= hi + 1]
        joined = (min([lo, *(a for a, _ in met)]), max([hi, *(b for _, b in met)]))
        return Coverage(tuple(sorted([*apart, joined])))

    def add_page(self, lo: int, hi: int, unknown: Iterable[int] = ()) -> Coverage:
        """With a page's ids covered, but for those of which it proves nothing."""
        covered = self
        for hole in sorted(unknown):
            if lo <= hole <= hi:
                covered = covered.add(lo, hole - 1)
                lo = hole + 1
        return covered.add(lo, hi)

    def bottom(self, number: int) -> int:
        """The lowest id down to which all is covered from `number` on; itself where it is not.

        >>> Coverage(((1, 3), (8, 20))).bottom(15)
        8
        """
        at = bisect_right(self.intervals, (number, float("inf"))) - 1
        if at >= 0 and self.intervals[at][0] <= number <= self.intervals[at][1]:
            return self.intervals[at][0]
        return number

    def gaps(self, lo: int, hi: int) -> tuple[Interval, ...]:
        """What is not covered of lo..hi.

        >>> Coverage(((2, 3), (8, 9))).gaps(1, 9)
        ((1, 1), (4, 7))
        """
        open_, at = [], lo
        for low, high in self.intervals:
            if high < at:
                continue
            if low > hi:
                break
            if low > at:
                open_.append((at, low - 1))
            at = high + 1
        if at <= hi:
            open_.append((at, hi))
        return tuple(open_)

    @property
    def top(self) -> int:
        """The highest covered id, 0 where there is none."""
        return self.intervals[-1][1] if self.intervals else 0

    @property
    def size(self) -> int:
        """How many ids are covered, whether a post has them or not."""
        return sum(hi - lo + 1 for lo, hi in self.intervals)


def faults(intervals: Iterable[Interval]) -> list[str]:
    """What is wrong with stored intervals, in sentences: they must be sorted, apart, not empty."""
    found, last = [], 0
    for lo, hi in sorted(intervals):
        if lo < 1 or hi < lo:
            found.append(f"the interval {lo}..{hi} is none")
        elif lo <= last + 1 and last:
            found.append(f"{lo}..{hi} touches the interval before it, which ends at {last}")
        last = max(last, hi)
    return found
