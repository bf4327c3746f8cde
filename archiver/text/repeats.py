"""Decides which stretch of a post tells again what the post has already told.

Posts arrive with their body doubled: headline, body, "Read in full", body, "Read in full". The
later copy is cut, or the earlier one where the later is longer; the headline and one tail marker
stay. What only looks repeated stays whole: refrains, lists, alerts that differ in a name or a
number, the same post in two languages, a headline that the first sentence tells again.

A copy is never cut when it carries a number, a link or a name of its own, nor when more than one
word and 5 % of its words are its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from archiver.model import Cut
from archiver.text.runs import WORD, Chain, Run, Words, chain_runs, find_runs, split_words

REPEATS_VERSION = 1

_EDGE = 8  # words at either end of a copy that may be edited
_FEWEST = 12  # words of the shortest copy ever cut
_FEW_SAME_GRAMS = 5  # a copy of 12 words has 10 3-grams; its ends may be glued to their neighbours
_BODY = 25  # words; under it only exact whole lines are held to be a body
_FAR_BODY = 30  # words of a copy told again after something else
_HEADLINE = 30  # words
_VERSE_LINE = 48  # letters; half the lines of poems and lists are shorter, of prose longer
_ROUNDS = 3

# A word's mark that it closes what stands before it, and so belongs to the copy before.
_CLOSERS = re.compile(r"[^\w\s\u2190-\u2bff\U0001f000-\U0001faff]*")
_MANY_NEWLINES = re.compile(r"\n[^\S\n]*\n\s*\n")


class _Piece(NamedTuple):
    """Words of the copy to cut, beside the words of the kept one that stand in their place."""

    cut_start: int
    cut_end: int
    kept_start: int
    kept_end: int


class _Pair(NamedTuple):
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


class _Found(NamedTuple):
    """A decided cut, in words: what goes, and what it repeats."""

    start: int
    end: int
    kept_start: int
    kept_end: int
    own: int  # words that only the cut copy had


def find_cuts(text: str) -> tuple[Cut, ...]:
    """The spans of a post that repeat another part of it, in order; () when nothing does."""
    if not _may_repeat(text):
        return ()
    words = split_words(text)
    left = words
    cuts: list[Cut] = []
    for _ in range(_ROUNDS):
        found = _decide(left)
        if not found:
            break
        cuts.extend(Cut(*_letters(left, item), "repeat") for item in found)
        left = left.without((item.start, item.end) for item in found)
    return _with_tails(words, _disjoint(cuts)) if cuts else ()


def apply_cuts(text: str, cuts: Iterable[Cut]) -> str:
    """The text without its cuts, with no hole left where they were."""
    kept: str | None = None
    begin = 0
    for cut in sorted(cuts):
        piece = text[begin : cut.start]
        kept = piece if kept is None else _joined(kept, piece)
        begin = cut.end
    if kept is None:
        return text
    return _MANY_NEWLINES.sub("\n\n", _joined(kept, text[begin:])).rstrip()


def _joined(before: str, after: str) -> str:
    """Two pieces of a text put together at a cut: one border, not the two that were around it."""
    head, tail = before.rstrip(), after.lstrip()
    if not head or not tail:
        return head or tail
    gaps = before[len(head) :], after[: len(after) - len(tail)]
    newlines = min(2, max(gap.count("\n") for gap in gaps))
    return head + ("\n" * newlines or " ") + tail


def _may_repeat(text: str) -> bool:
    """The quick look: whether enough 3-grams come twice. 98.8 % of real posts end here."""
    words = text.split()
    if 12 * len(words) < len(text):  # no spaces between words, or long links
        words = WORD.findall(text)
    if len(words) < 2 * _FEWEST:
        return False
    grams = len(words) - 2
    return grams - len(set(zip(words, words[1:], words[2:], strict=False))) >= _FEW_SAME_GRAMS


def _decide(words: Words) -> list[_Found]:
    """The copies that may go, longest first; none leans on words that go themselves."""
    found: list[_Found] = []
    used = bytearray(len(words))  # 1 where a cut is, 2 where the copy is that justifies one
    chains = [c for c in chain_runs(find_runs(words.keys)) if c.matched >= _FEWEST]
    for chain in sorted(chains, key=lambda c: -c.matched):
        for item in _choices(words, chain):
            gone = used[item.start : item.end]
            if any(gone) or 1 in used[item.kept_start : item.kept_end]:
                continue
            used[item.start : item.end] = b"\1" * len(gone)
            used[item.kept_start : item.kept_end] = b"\2" * (item.kept_end - item.kept_start)
            found.append(item)
            break
    return found


def _choices(words: Words, chain: Chain) -> Iterator[_Found]:
    """The cuts that a chain allows, the best first: its later copy, or its first one."""
    runs = _apart(words, chain.runs)
    if not runs:
        return
    later = _Pair([(run.later, run.first, run.size) for run in runs], cut_later=True)
    first = _Pair([(run.first, run.later, run.size) for run in runs], cut_later=False)
    goes_on = _on_to(words, later.cut[1], len(words), 2) is None
    found = [_judged(words, pair) for pair in ((first, later) if goes_on else (later, first))]
    yield from sorted((item for item in found if item is not None), key=lambda item: item.own)


def _apart(words: Words, runs: Sequence[Run]) -> list[Run]:
    """The runs without the few words by which two copies side by side seem to overlap.

    A headline that ends with the last word of the body makes the copies one word too long: of the
    starts possible the one at the strongest border is right.
    """
    excess = runs[-1].first + runs[-1].size - runs[0].later
    if excess <= 0:
        return list(runs)
    start, end = runs[0].later, runs[-1].later + runs[-1].size
    if end - start <= excess + _FEWEST:
        return []
    shift = max(range(min(excess, 2 * _EDGE) + 1), key=lambda by: words.border(start + by))
    low, high = start + shift, end - (excess - shift)
    clipped = (_clip(run.later, run.first, run.size, low, high) for run in runs)
    return [Run(first, later, size) for later, first, size in clipped if size > 0]


def _clip(cut: int, kept: int, size: int, low: int, high: int) -> tuple[int, int, int]:
    """The part of a run that lies within a span of the copy to cut."""
    before = max(low - cut, 0)
    after = max(cut + size - high, 0)
    return cut + before, kept + before, size - before - after


def _judged(words: Words, pair: _Pair) -> _Found | None:
    """The cut of one copy of a pair, when some way to draw its ends stands every rule."""
    for head in _heads(words, pair):
        for tail in _tails(words, pair):
            low, high = min(head.cut_start, head.cut_end), max(tail.cut_start, tail.cut_end)
            inner = [_clip(*run, head.cut_end, tail.cut_start) for run in pair.runs]
            inner = [run for run in inner if run[2] > 0]
            if not inner:
                continue
            own = _own_words(words, [head, *_gaps(inner), tail])
            if own is None:
                continue
            item = _Found(low, high, head.kept_start, tail.kept_end, len(own))
            if _few_enough(words, own, high - low) and _stands(words, pair, item):
                return item
    return None


def _gaps(runs: Sequence[tuple[int, int, int]]) -> Iterator[_Piece]:
    """What lies between the runs: the edits."""
    for (cut, kept, size), (next_cut, next_kept, _) in pairwise(runs):
        yield _Piece(cut + size, next_cut, kept + size, next_kept)


def _back_to(words: Words, at: int, floor: int, strength: int, reach: int = _EDGE) -> int | None:
    """How many words before `at` the nearest border of that strength lies; None beyond reach."""
    for back in range(min(reach, at - floor) + 1):
        if words.border(at - back) >= strength:
            return back
    return None


def _on_to(words: Words, at: int, ceiling: int, strength: int, reach: int = _EDGE) -> int | None:
    """How many words after `at` the nearest border of that strength lies; None beyond reach."""
    for ahead in range(min(reach, ceiling - at) + 1):
        if words.border(at + ahead) >= strength:
            return ahead
    return None


def _heads(words: Words, pair: _Pair) -> Iterator[_Piece]:
    """Where the copy to cut may begin, the likeliest first, with its edited first words.

    Where both copies have a short head of their own in their line, only the whole lines compare:
    "Kyiv: the same" and "Lviv: the same" are two alerts.
    """
    (cut, cut_end), (kept, kept_end) = pair.cut, pair.kept
    floor, kept_floor = (kept_end, 0) if pair.cut_later else (0, cut_end)
    own = _back_to(words, cut, floor, 2)
    other = _back_to(words, kept, kept_floor, 2, _EDGE + 2)
    if own is not None and other is not None:
        yield _Piece(cut - own, cut, kept - other, kept)
        return
    touching = 0 if pair.cut_later and cut == kept_end else None
    for back in (touching, _back_to(words, cut, floor, 1), own):
        if back is not None:
            yield _Piece(cut - back, cut, max(kept - back - (back > 0), kept_floor), kept)
    ahead = _on_to(words, cut + 1, cut_end, 1, _BODY)
    if ahead is not None:
        yield _Piece(cut + 1 + ahead, cut + 1 + ahead, kept + 1 + ahead, kept + 1 + ahead)


def _tails(words: Words, pair: _Pair) -> Iterator[_Piece]:
    """Where the copy to cut may end, the likeliest first, with its edited last words."""
    (cut_start, cut), (kept_start, kept) = pair.cut, pair.kept
    end = len(words)
    ceiling, kept_ceiling = (end, cut_start) if pair.cut_later else (kept_start, end)
    if cut + 1 == ceiling == end and words.keys[kept].startswith(words.keys[cut]):
        yield _Piece(cut, end, kept, kept + 1)  # broken off within the first word of a line
    own = _on_to(words, cut, ceiling, 2)
    other = _on_to(words, kept, kept_ceiling, 2, _EDGE + 2)
    if own is not None and other is not None:
        yield _Piece(cut, cut + own, kept, kept + other)
        return
    touching = 0 if not pair.cut_later and cut == kept_start else None
    for ahead in (touching, _on_to(words, cut, ceiling, 1), own):
        if ahead is not None:
            yield _Piece(cut, cut + ahead, kept, min(kept + ahead + (ahead > 0), kept_ceiling))
    back = _back_to(words, cut - 1, cut_start, 2, cut - cut_start)
    if back is not None:
        yield _Piece(cut - 1 - back, cut - 1 - back, kept - 1 - back, kept - 1 - back)


def _stands(words: Words, pair: _Pair, item: _Found) -> bool:
    """Whether what is cut is a body told again, not a headline's sentence or a refrain."""
    return (
        _is_body(words, pair, item)
        and not _is_headline(words, pair, item)
        and not _is_verse(words, item)
    )


def _own_words(words: Words, pieces: Sequence[_Piece]) -> list[int] | None:
    """The words that only the copy to cut has; None when one of them tells another fact."""
    own: list[int] = []
    for piece in pieces:
        cut = range(piece.cut_start, piece.cut_end)
        kept = range(piece.kept_start, piece.kept_end)
        there = Counter(words.keys[at] for at in kept)
        there.subtract(words.keys[at] for at in cut)
        fresh = [at for at in cut if there[words.keys[at]] < 0]
        if piece is pieces[-1] and fresh and _is_broken_off(words, fresh[-1], kept):
            cut = range(cut.start, fresh.pop())
        if not _same_facts(words, cut, kept, bool(fresh)):
            return None
        own.extend(fresh)
    return own


def _is_broken_off(words: Words, at: int, kept: range) -> bool:
    """Whether the last word of a copy is the beginning of one in the copy that stays."""
    return any(words.keys[other].startswith(words.keys[at]) for other in kept)


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


def _few_enough(words: Words, own: Sequence[int], size: int) -> bool:
    """Whether so few words are the copy's own that they are slips: one and 5 % of it.

    Where a script has no capitals any word may be a name: one in 30 there.
    """
    caseless = sum(not words.has_case(at) for at in own)
    return len(own) <= 1 + size // 20 and caseless <= size // 30


def _is_headline(words: Words, pair: _Pair, item: _Found) -> bool:
    """Whether the first copy is a headline that the body's first sentence tells again."""
    cut, kept = (item.start, item.end), (item.kept_start, item.kept_end)
    (start, end), (_, later_end) = (kept, cut) if pair.cut_later else (cut, kept)
    is_first_line = start <= _EDGE and not any(
        words.border(at) == 2 for at in range(1, min(end, _HEADLINE))
    )
    return is_first_line and end <= _HEADLINE and words.border(later_end) < 2


def _is_verse(words: Words, item: _Found) -> bool:
    """Whether a cut is of short lines (a refrain, a list) and not simply the whole post twice."""
    span = words.text[words.starts[item.start] : words.ends[item.end - 1]]
    lengths = sorted(len(line) for line in span.split("\n") if line.strip())
    if len(lengths) < 3 or lengths[len(lengths) // 2] >= _VERSE_LINE:
        return False
    headline = _on_to(words, 0, len(words), 2, 1) or _on_to(words, 1, len(words), 2, _HEADLINE)
    rest = len(words) - min(headline or 0, item.start, item.kept_start)
    return 2 * (item.end - item.start) < 0.9 * rest


def _is_body(words: Words, pair: _Pair, item: _Found) -> bool:
    """Whether a copy is long enough for the place it stands in.

    Side by side: 25 words, or 16 of whole lines, or 12 that are 38 % of the post. Apart: whole
    lines that quote nobody, of 30 words at the end or 25 % of the post in its middle; unchanged
    at the end 18, or 16 when cut short.
    """
    size, exact = item.end - item.start, not item.own
    between = item.start - item.kept_end if pair.cut_later else item.kept_start - item.end
    whole = words.border(item.start) == 2 and words.border(item.end) == 2
    last = item.end == len(words)
    if size < _FEWEST or (size < _BODY and not exact):
        return False
    if between <= max(2, 6 * size // 100):
        return size >= _BODY or 100 * size >= 38 * len(words) or (whole and size >= 16)
    if not pair.cut_later or not whole or _is_quotation(words, item.start):
        return False
    if last and exact:
        return size >= (16 if between <= size else 18)
    return size >= _FAR_BODY and (last or (exact and 4 * size >= len(words)))


def _is_quotation(words: Words, at: int) -> bool:
    """Whether a quotation mark opens the line at word `at`: a commentary quotes a second time."""
    return words.text[max(words.starts[at] - 1, 0)] in "\"“„«‘'”"


def _letters(words: Words, item: _Found) -> tuple[int, int]:
    """The span of text of a span of words: with the emoji and marks that belong to it."""
    text = words.text
    before = words.ends[item.start - 1] if item.start else 0
    line = text.rfind("\n", before, words.starts[item.start]) + 1
    start = line or _after_closers(text, before)
    last = words.ends[item.end - 1]
    after = words.starts[item.end] if item.end < len(words) else len(text)
    line_end = text.find("\n", last, after)
    if line_end < 0:
        line_end = len(text) if after == len(text) else _after_closers(text, last)
    return start, line_end


def _after_closers(text: str, at: int) -> int:
    """The place after the marks that close the word before `at`."""
    found = _CLOSERS.match(text, at)
    return found.end() if found and at else at


def _disjoint(cuts: Iterable[Cut]) -> list[Cut]:
    """The cuts in order; those that touch become one."""
    merged: list[Cut] = []
    for cut in sorted(cuts):
        if merged and cut.start <= merged[-1].end:
            last = merged.pop()
            cut = Cut(last.start, max(last.end, cut.end), last.kind)
        merged.append(cut)
    return merged


def _with_tails(words: Words, cuts: Sequence[Cut]) -> tuple[Cut, ...]:
    """The cuts, and of the tail markers they leave every one that comes again further on."""
    later: set[tuple[str, ...]] = set()
    tails: list[Cut] = []
    gone = _inside(words.tails, cuts)
    for (start, end), is_gone in zip(reversed(words.tails), reversed(gone), strict=True):
        key = tuple(WORD.findall(words.text[start:end].casefold()))
        if is_gone:
            continue
        if key in later:
            tails.append(Cut(start, end, "tail"))
        later.add(key)
    return tuple(sorted([*cuts, *tails]))


def _inside(spans: Sequence[tuple[int, int]], cuts: Sequence[Cut]) -> list[bool]:
    """For each span, whether a cut covers it; both in order."""
    flags: list[bool] = []
    rest = iter(cuts)
    cut = next(rest, None)
    for start, end in spans:
        while cut is not None and cut.end <= start:
            cut = next(rest, None)
        flags.append(cut is not None and cut.start < end)
    return flags
