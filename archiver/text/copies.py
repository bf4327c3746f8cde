"""Two copies of one body beside each other: where each begins and ends, and what only one has.

A copy's first and last words may be edited, it may be cut short, its neighbours may touch it; a
number, a link or a name of its own makes it another statement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from archiver.text.runs import Run, Words

EDGE = 8  # words at either end of a copy that may be edited
FEWEST = 12  # words of the shortest copy ever cut
BODY = 25  # words; under it only exact whole lines are held to be a body


class Piece(NamedTuple):
    """Words of the copy to cut, beside the words of the kept one that stand in their place."""

    cut_start: int
    cut_end: int
    kept_start: int
    kept_end: int


class Pair(NamedTuple):
    """Two copies of one body, of which one may go: the runs as (cut, kept, size)."""

    runs: Sequence[tuple[int, int, int]]
    cut_later: bool

    @property
    def cut(self) -> tuple[int, int]:
        """The span of words from the first run to the last in the copy to cut."""
        return self.runs[0][0], self.runs[-1][0] + self.runs[-1][2]

    @property
    def kept(self) -> tuple[int, int]:
        """The same in the copy that stays."""
        return self.runs[0][1], self.runs[-1][1] + self.runs[-1][2]


class Found(NamedTuple):
    """A decided cut, in words: what goes, and what it repeats."""

    start: int
    end: int
    kept_start: int
    kept_end: int
    own: int  # words that only the cut copy had


def apart(words: Words, runs: Sequence[Run]) -> list[Run]:
    """The runs without the few words by which two copies side by side seem to overlap.

    A headline that ends with the last word of the body makes the copies one word too long: of the
    starts possible the one at the strongest border is right.
    """
    excess = runs[-1].first + runs[-1].size - runs[0].later
    if excess <= 0:
        return list(runs)
    start, end = runs[0].later, runs[-1].later + runs[-1].size
    if end - start <= excess + FEWEST:
        return []
    room = min(excess, 2 * EDGE)
    shift = max(
        range(room, -1, -1) if excess < FEWEST else range(room + 1),
        key=lambda by: words.border(start + by) + words.border(end - excess + by),
    )
    low, high = start + shift, end - (excess - shift)
    clipped = (clip(run.later, run.first, run.size, low, high) for run in runs)
    return [Run(first, later, size) for later, first, size in clipped if size > 0]


def clip(cut: int, kept: int, size: int, low: int, high: int) -> tuple[int, int, int]:
    """The part of a run that lies within a span of the copy to cut."""
    before = max(low - cut, 0)
    after = max(cut + size - high, 0)
    return cut + before, kept + before, size - before - after


def gaps(head: Piece, runs: Sequence[tuple[int, int, int]], tail: Piece) -> Iterator[Piece]:
    """What lies between the runs, and between them and the ends: the edits."""
    ends = [(head.cut_end, head.kept_end, 0), *runs, (tail.cut_start, tail.kept_start, 0)]
    for (cut, kept, size), (next_cut, next_kept, _) in pairwise(ends):
        if cut + size < next_cut or kept + size < next_kept:
            yield Piece(cut + size, next_cut, kept + size, next_kept)


def back_to(words: Words, at: int, floor: int, strength: int, reach: int = EDGE) -> int | None:
    """How many words before `at` the nearest border of that strength lies; None beyond reach."""
    for back in range(min(reach, at - floor) + 1):
        if words.border(at - back) >= strength:
            return back
    return None


def on_to(words: Words, at: int, ceiling: int, strength: int, reach: int = EDGE) -> int | None:
    """How many words after `at` the nearest border of that strength lies; None beyond reach."""
    for ahead in range(min(reach, ceiling - at) + 1):
        if words.border(at + ahead) >= strength:
            return ahead
    return None


def heads(words: Words, pair: Pair) -> Iterator[Piece]:
    """Where the copy to cut may begin, the likeliest first, with its edited first words.

    Where both copies have a short head of their own in their line, only the whole lines compare:
    "Kyiv: the same" and "Lviv: the same" are two alerts.
    """
    (cut, cut_end), (kept, kept_end) = pair.cut, pair.kept
    floor, kept_floor = (kept_end, 0) if pair.cut_later else (0, cut_end)
    ahead = on_to(words, cut, cut_end, 2, 2)
    if (
        ahead and cut != floor and words.border(kept + ahead) == 2
    ):  # the last words before both copies are alike
        yield Piece(cut + ahead, cut + ahead, kept + ahead, kept + ahead)
    own = back_to(words, cut, floor, 2)
    other = back_to(words, kept, kept_floor, 2, EDGE + 2)
    if own is not None and other is not None:
        yield Piece(cut - own, cut, kept - other, kept)
        return
    touching = 0 if pair.cut_later and cut == kept_end else None
    for back in (touching, back_to(words, cut, floor, 1), own):
        if back is not None:
            yield Piece(cut - back, cut, max(kept - back - (back > 0), kept_floor), kept)
    ahead = on_to(words, cut + 1, cut_end, 1, BODY)
    if ahead is not None:
        yield Piece(cut + 1 + ahead, cut + 1 + ahead, kept + 1 + ahead, kept + 1 + ahead)


def tails(words: Words, pair: Pair) -> Iterator[Piece]:
    """Where the copy to cut may end, the likeliest first, with its edited last words."""
    (cut_start, cut), (kept_start, kept) = pair.cut, pair.kept
    end = len(words)
    ceiling, kept_ceiling = (end, cut_start) if pair.cut_later else (kept_start, end)
    if cut + 1 == ceiling and breaks_off(words, cut, kept):
        yield Piece(cut, cut + 1, kept, kept + 1)
    own = on_to(words, cut, ceiling, 2)
    other = on_to(words, kept, kept_ceiling, 2, EDGE + 2)
    if own is not None and other is not None:
        yield Piece(cut, cut + own, kept, kept + other)
        return
    touching = 0 if not pair.cut_later and cut == kept_start else None
    for ahead in (touching, on_to(words, cut, ceiling, 1), own):
        if ahead is not None:
            yield Piece(cut, cut + ahead, kept, min(kept + ahead + (ahead > 0), kept_ceiling))
    back = back_to(words, cut - 1, cut_start, 2, cut - cut_start)
    if back is not None:
        yield Piece(cut - 1 - back, cut - 1 - back, kept - 1 - back, kept - 1 - back)


def own_words(words: Words, pieces: Sequence[Piece]) -> list[int] | None:
    """The words that only the copy to cut has; None when one of them tells another fact."""
    own: list[int] = []
    for piece in pieces:
        cut = range(piece.cut_start, piece.cut_end)
        kept = range(piece.kept_start, piece.kept_end)
        there = Counter(words.keys[at] for at in kept)
        there.subtract(words.keys[at] for at in cut)
        fresh = [at for at in cut if there[words.keys[at]] < 0]
        if piece is pieces[-1] and fresh and any(breaks_off(words, fresh[-1], at) for at in kept):
            cut = range(cut.start, fresh.pop())
        if not _same_facts(words, cut, kept, bool(fresh)):
            return None
        own.extend(fresh)
    return own


def breaks_off(words: Words, at: int, other: int) -> bool:
    """Whether word `at` is the beginning of word `other`: a copy cut short in the middle of it."""
    return other < len(words) and words.keys[other].startswith(words.keys[at])


def _same_facts(words: Words, cut: range, kept: range, replaced: bool) -> bool:
    """Whether numbers and names of the piece to cut stand in the kept one, in the same order.

    Where words were replaced none of the kept piece's facts may be new either: "five" is not "7".
    """
    facts = [words.keys[at] for at in cut if words.is_fact(at)]
    kept_facts = [words.keys[at] for at in kept if words.is_fact(at)]
    if replaced and facts != kept_facts:
        return False
    rest = iter(kept_facts)
    return all(fact in rest for fact in facts)


def few_enough(words: Words, own: Sequence[int], size: int) -> bool:
    """Whether so few words are the copy's own that they are slips: one and 5 % of it.

    Where a script has no capitals any word may be a name: one in 30 there.
    """
    caseless = sum(not words.has_case(at) for at in own)
    return len(own) <= 1 + size // 20 and caseless <= size // 30
