"""Finds where the words of a text come a second time, and how the stretches hang together.

Everything here is linear in the number of words: one walk over the 5-grams, each run widened by
no more than its own length, each run offered to four chains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from archiver.text.tails import is_tail_marker

# A link is one word. Chinese, Japanese, Thai, Lao, Khmer and Burmese put no space between words:
# there every letter is a word, or a whole body would be three of them.
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
WORD = re.compile(rf"https?://[^\s()<>\[\]]+|[{_SPACELESS}]|(?:[^\W_{_SPACELESS}])+")
_LINE = re.compile(r"[^\n]+")
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।;]")

_GRAM = 5  # words; shorter ones repeat by chance in one real post of three
_SMALL_GAP = 8  # words edited in one place
_OPEN_CHAINS = 4
_LONGEST_RUNS = 4


class Run(NamedTuple):
    """The same `size` words at two places of a text."""

    first: int
    later: int
    size: int


@dataclass(slots=True)
class Chain:
    """Runs that follow each other in both copies: two tellings of one body."""

    runs: list[Run]
    matched: int


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in order, with their places; tail markers are set aside."""

    text: str
    keys: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    tails: Sequence[tuple[int, int]]
    plain: frozenset[str]  # words written somewhere without a capital, so no names

    def __len__(self) -> int:
        return len(self.keys)

    def border(self, at: int) -> int:
        """How strong the border before word `at` is: 2 a line's, 1 a sentence's, 0 none."""
        if at <= 0 or at >= len(self.keys):
            return 2
        between = self.text[self.ends[at - 1] : self.starts[at]]
        if "\n" in between:
            return 2
        return 1 if _SENTENCE_END.search(between) else 0

    def is_fact(self, at: int) -> bool:
        """Whether word `at` is a number, a link, a hashtag or a name: another one, another fact."""
        start = self.starts[at]
        if self.text[start].isupper() and self.keys[at] not in self.plain:
            return True
        if any(map(str.isnumeric, self.keys[at])) or self.keys[at].startswith("http"):
            return True
        return start > 0 and self.text[start - 1] in "#@"

    def has_case(self, at: int) -> bool:
        """Whether word `at` is of a script with capitals, where names can be told apart."""
        letter = self.text[self.starts[at]]
        return letter.islower() or letter.isupper()

    def without(self, spans: Iterable[tuple[int, int]]) -> Words:
        """The words outside the given spans of words."""
        gone = bytearray(len(self.keys))
        for low, high in spans:
            gone[low:high] = b"\1" * (high - low)
        kept = [at for at, cut in enumerate(gone) if not cut]
        return Words(
            self.text,
            [self.keys[at] for at in kept],
            [self.starts[at] for at in kept],
            [self.ends[at] for at in kept],
            self.tails,
            self.plain,
        )


def split_words(text: str) -> Words:
    """Reads the words of a text; the lines that only say "Read in full" give none."""
    tails = [m.span() for m in _LINE.finditer(text) if is_tail_marker(m[0])]
    found: list[re.Match[str]] = []
    begin = 0
    for start, end in [*tails, (len(text), len(text))]:
        found.extend(WORD.finditer(text, begin, start))
        begin = end
    keys = [m[0].partition("?")[0].casefold() for m in found]
    plain = frozenset(key for key, m in zip(keys, found, strict=True) if m[0] == key)
    return Words(text, keys, [m.start() for m in found], [m.end() for m in found], tails, plain)


def find_runs(keys: Sequence[str]) -> list[Run]:
    """Maximal stretches whose 5-grams were all first seen the same distance before."""
    grams = list(zip(*(keys[shift:] for shift in range(_GRAM)), strict=False))
    first_seen: dict[tuple[str, ...], int] = {}
    runs: list[Run] = []
    start = distance = 0
    for at, gram in enumerate(grams):
        back = at - first_seen.setdefault(gram, at)
        if back == distance:
            continue
        if distance:
            runs.append(Run(start - distance, start, at - start + _GRAM - 1))
        start, distance = at, back
    if distance:
        runs.append(Run(start - distance, start, len(grams) - start + _GRAM - 1))
    longest = {run.later for run in sorted(runs, key=lambda run: -run.size)[:_LONGEST_RUNS]}
    return [_widened(run, keys, len(keys) if run.later in longest else run.size) for run in runs]


def _widened(run: Run, keys: Sequence[str], limit: int) -> Run:
    """A run with the equal words around it, at most `limit` on either side.

    Words whose 5-grams were seen still earlier (a headline told again by the body, lines of a list
    that are alike) end a run too soon. Its own length as limit keeps the walk linear; only the few
    longest runs, which are the body if there is one, have none.
    """
    first, later, size = run
    back = 0
    while back < min(limit, first) and keys[first - back - 1] == keys[later - back - 1]:
        back += 1
    ahead = 0
    room = min(limit, len(keys) - later - size)
    while ahead < room and keys[first + size + ahead] == keys[later + size + ahead]:
        ahead += 1
    return Run(first - back, later - back, back + size + ahead)


def chain_runs(runs: Sequence[Run]) -> list[Chain]:
    """Joins the runs that tell one body twice, over small edits or one inserted piece."""
    chains: list[Chain] = []
    for run in runs:
        for chain in reversed(chains[-_OPEN_CHAINS:]):
            if (rest := _continuation(chain, run)) is not None:
                chain.runs.append(rest)
                chain.matched += rest.size
                break
        else:
            chains.append(Chain([run], run.size))
    return chains


def close_chain(runs: Sequence[Run], keys: Sequence[str]) -> list[Run]:
    """The runs of a chain with the few words after its last edit, too few for a 5-gram.

    Only where both copies end with them: the first where the later begins, the later with the text.
    """
    last, border = runs[-1], runs[0].later
    for edited in range(1, _GRAM):
        first, later = last.first + last.size + edited, last.later + last.size + edited
        size = len(keys) - later
        if 0 < size <= _SMALL_GAP and first + size == border and keys[first:border] == keys[later:]:
            return [*runs, Run(first, later, size)]
    return list(runs)


def _continuation(chain: Chain, run: Run) -> Run | None:
    """What `run` adds to the end of a chain; None when it does not go on there."""
    last = chain.runs[-1]
    gap = run.first - last.first - last.size
    later_gap = run.later - last.later - last.size
    overlap = max(-gap, -later_gap, 0)
    if overlap >= run.size or (overlap > _SMALL_GAP and gap != later_gap):
        return None
    if run.first + run.size > chain.runs[0].later + _GRAM:
        return None  # the headline told again by the body, then the body told again
    low, high = sorted((gap + overlap, later_gap + overlap))
    edited = high <= max(_SMALL_GAP, chain.matched // 5)
    inserted = low <= _SMALL_GAP and high <= chain.matched + run.size
    if not (edited or inserted):
        return None
    return Run(run.first + overlap, run.later + overlap, run.size - overlap)
