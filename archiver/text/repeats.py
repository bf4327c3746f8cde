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
from collections.abc import Iterable, Iterator, Sequence

from archiver.text.bodies import stands
from archiver.text.copies import (
    FEWEST,
    Found,
    Pair,
    apart,
    breaks_off,
    clip,
    few_enough,
    gaps,
    heads,
    on_to,
    own_words,
    tails,
)
from archiver.text.cuts import Cut
from archiver.text.runs import (
    WORD,
    Chain,
    Run,
    Words,
    chain_runs,
    close_chain,
    find_runs,
    split_words,
)

REPEATS_VERSION = 1

_FEW_SAME_GRAMS = 5  # a copy of 12 words has 10 3-grams; its ends may be glued to their neighbours
_ROUNDS = 3

# Marks between two copies on one line that close the first of them: no emoji, which open a line.
_CLOSERS = re.compile(r"(?:[^\w\s\u2190-\u2bff\U0001f000-\U0001faff]|_)*")


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


def _may_repeat(text: str) -> bool:
    """The quick look: whether enough 3-grams come twice. 98.8 % of real posts end here."""
    words = text.split()
    if 12 * len(words) < len(text):  # no spaces between words, or long links
        words = WORD.findall(text)
    if len(words) < 2 * FEWEST:
        return False
    grams = len(words) - 2
    return grams - len(set(zip(words, words[1:], words[2:], strict=False))) >= _FEW_SAME_GRAMS


def _decide(words: Words) -> list[Found]:
    """The copies that may go, longest first; none leans on words that go themselves."""
    found: list[Found] = []
    used = bytearray(len(words))  # 1 where a cut is, 2 where the copy is that justifies one
    chains = [c for c in chain_runs(find_runs(words.keys)) if c.matched >= FEWEST]
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


def _choices(words: Words, chain: Chain) -> Iterator[Found]:
    """The cuts that a chain allows, the best first: its later copy, or its first one."""
    longest = max(chain.runs, key=lambda run: run.size)
    for runs in (chain.runs, [longest])[: 1 + _stands_alone(words, chain.runs, longest)]:
        if parted := apart(words, runs):
            yield from _either(words, close_chain(parted, words.keys))


def _stands_alone(words: Words, runs: Sequence[Run], longest: Run) -> bool:
    """Whether the longest run begins a line in both copies and what leads to it is chance.

    Such a lead is a headline's end told again by the body's. Another number in a copy keeps the
    distance of the runs, and a copy with another number is not to be cut piecemeal.
    """
    if words.border(longest.first) != 2 or words.border(longest.later) != 2:
        return False
    distance = longest.later - longest.first
    return all(run.later - run.first != distance for run in runs if run is not longest) and (
        runs[0] is not longest
    )


def _either(words: Words, runs: Sequence[Run]) -> list[Found]:
    """The cut of the later copy and that of the first: the one that loses fewer words leads."""
    later = Pair([(run.later, run.first, run.size) for run in runs], cut_later=True)
    first = Pair([(run.first, run.later, run.size) for run in runs], cut_later=False)
    end, later_end = first.cut[1], later.cut[1]
    goes_on = on_to(words, later_end, len(words), 2) is None or (
        end + 1 == later.cut[0] and breaks_off(words, end, later_end)
    )
    found = [_judged(words, pair) for pair in ((first, later) if goes_on else (later, first))]
    return sorted((item for item in found if item is not None), key=lambda item: item.own)


def _judged(words: Words, pair: Pair) -> Found | None:
    """The cut of one copy of a pair, when some way to draw its ends stands every rule."""
    for head in heads(words, pair):
        for tail in tails(words, pair):
            low, high = min(head.cut_start, head.cut_end), max(tail.cut_start, tail.cut_end)
            inner = [clip(*run, head.cut_end, tail.cut_start) for run in pair.runs]
            inner = [run for run in inner if run[2] > 0]
            if not inner:
                continue
            own = own_words(words, [head, *gaps(head, inner, tail), tail])
            if own is None or (own and not pair.cut_later):
                continue  # the first copy goes only where the later one has all its words
            item = Found(low, high, head.kept_start, tail.kept_end, len(own))
            if few_enough(words, own, high - low) and stands(words, pair, item):
                return item
    return None


def _letters(words: Words, item: Found) -> tuple[int, int]:
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
    again: list[Cut] = []
    gone = _inside(words.tails, cuts)
    for (start, end), is_gone in zip(reversed(words.tails), reversed(gone), strict=True):
        key = tuple(WORD.findall(words.text[start:end].casefold()))
        if is_gone:
            continue
        if key in later:
            again.append(Cut(start, end, "tail"))
        later.add(key)
    return tuple(sorted([*cuts, *again]))


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
