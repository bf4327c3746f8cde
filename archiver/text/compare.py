"""How alike texts and words are; the only module that imports rapidfuzz."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, Indel, LCSseq, Opcode

from archiver.text.amounts import is_one_amount, is_unit

_SHOWN = 8  # differing words of either text
_PASSAGES = 3  # in which two texts differ
_SPELT_ALIKE = 80  # of 100: typos and endings, not another word
_MOST_SPELT = 30  # differing words of either text that are looked at letter by letter
_SLOT = 3  # words; a longer stretch is rewritten, not filled in
_PHRASE = 10  # words; what is longer is news that was added
_GRAM = 3
_UNIT = 2
_CACHED = 1 << 15
_DIGIT = re.compile(r"\d")

# Where one[start:end] stands in the place of other[start:end], in words.
Stretch = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """Where two texts part: the place in the first one, in words, and the words of either."""

    at: int
    first: tuple[str, ...]
    second: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """How two texts differ: the share of common words (0 to 1) and the first that are not.

    `words` are the lengths of both, `at` is the place of the first difference in the first one;
    `others` are the next two, `further` counts the rest.
    """

    similarity: float
    words: tuple[int, int]
    at: int
    first: tuple[str, ...]
    second: tuple[str, ...]
    others: tuple[Passage, ...] = ()
    further: int = 0


def kept_words(one: str, other: str, fewest: int = 0) -> int:
    """The longest common sequence of two coded texts, or 0 where it is shorter than `fewest`."""
    return LCSseq.similarity(one, other, score_cutoff=fewest)


def stretches(one: str, other: str) -> list[Stretch]:
    """The stretches in which two coded texts differ.

    Of two ways to lay them beside each other the same is taken whichever text comes first.
    """
    if one <= other:
        return _parted(one, other)
    return [(a, b, c, d) for c, d, a, b in _parted(other, one)]


def _parted(one: str, other: str) -> list[Stretch]:
    found: list[Stretch] = []
    start = other_start = 0
    # Blocks of what is equal, and at last an empty one where both end.
    for end, other_end, size in Indel.editops(one, other).as_matching_blocks():
        if end > start or other_end > other_start:
            found.append((start, end, other_start, other_end))
        start, other_start = end + size, other_end + size
    return found


def swapped(parted: Sequence[Stretch]) -> list[Stretch]:
    """Those where one to three words stand in for one to three others."""
    return [s for s in parted if 0 < s[1] - s[0] <= _SLOT and 0 < s[3] - s[2] <= _SLOT]


def left_over(
    one: Sequence[str], other: Sequence[str], parted: Sequence[Stretch]
) -> tuple[list[str], list[str]]:
    """The words of either text that the other has nowhere, not even spelt a little otherwise."""
    first: list[str] = []
    second: list[str] = []
    for a, b, c, d in parted:
        if a == b or c == d or not is_one_number(one, other, (a, b, c, d)):
            first += one[a:b]
            second += other[c:d]
    if not first or not second:
        return first, second
    moved = set(first).intersection(second)
    if moved:
        # A number elsewhere in the text is another one ("3, 0" is not "0, 3"), unless its neighbour
        # went with it.
        numbers = set(filter(is_number, moved))
        if numbers:
            moved -= numbers - _beside(numbers, one, other)
        for word in moved:
            _take(word, first, second)
    return _unlike(first, second)


def _take(word: str, first: list[str], second: list[str]) -> None:
    """Take a word out of both as often as both have it."""
    for _ in range(min(first.count(word), second.count(word))):
        first.remove(word)
        second.remove(word)


def _beside(numbers: Collection[str], one: Sequence[str], other: Sequence[str]) -> set[str]:
    """The numbers that stand beside the same word in both texts, one that comes only once."""
    found = set()
    for pair in set(pairwise(one)) & set(pairwise(other)):
        for number, word in (pair, pair[::-1]):
            if number in numbers and one.count(word) == other.count(word) == 1:
                found.add(number)
    return found


def _unlike(first: list[str], second: list[str]) -> tuple[list[str], list[str]]:
    if not first or not second or max(len(first), len(second)) > _MOST_SPELT:
        return first, second
    left, right = [], list(second)
    for word in first:
        start, end = word[0], word[-2:]
        for other in right:
            if (other[0] == start or other[-2:] == end) and _spelt_alike(word, other):
                right.remove(other)
                break
        else:
            left.append(word)
    return left, right


def alike(word: str, other: str) -> bool:
    """Whether a word is the other one, or differs from it in its end or by a slip alone."""
    return word == other or _ends_alike(word, other)


def _ends_alike(word: str, other: str) -> bool:
    like = word[0] == other[0] or word[-2:] == other[-2:]
    return like and _spelt_alike(word, other)


def _spelt_alike(word: str, other: str) -> bool:
    """Whether a word with an end like another's is the same, spelt otherwise; no number is."""
    letters, others = len(word), len(other)
    if 5 * letters < 3 * others or 5 * others < 3 * letters:
        return False
    if is_number(word) or is_number(other):
        return False
    if fuzz.ratio(word, other, score_cutoff=_SPELT_ALIKE) > 0:
        return True
    # Two neighbours exchanged: a quarter of four letters is wrong by the ratio.
    return sorted(word) == sorted(other) and OSA.distance(word, other) == 1


def slots(one: Sequence[str], other: Sequence[str], swaps: Sequence[Stretch]) -> tuple[int, ...]:
    """The places of words that stand in for others which are not spelt alike."""
    places = []
    for a, b, c, d in swaps:
        if b - a == d - c == 1:  # two of three
            is_other = not _ends_alike(one[a], other[c])
        else:
            is_other = all(_unlike(list(one[a:b]), list(other[c:d])))
        if is_other:
            is_other = not _COUNTS[one[a]] or not is_one_number(one, other, (a, b, c, d))
        if is_other:
            places.append(c)
    return tuple(places)


def rewritten(one: Sequence[str], other: Sequence[str], parted: Sequence[Stretch]) -> int:
    """How often more words than fill a slot stand for new ones."""
    count = 0
    for a, b, c, d in parted:
        if a < b and c < d and _SLOT < max(b - a, d - c) <= _PHRASE:
            left = [word for word in one[a:b] if word not in other]
            right = [word for word in other[c:d] if word not in one]
            count += all(_unlike(left, right))
    return count


def is_one_number(one: Sequence[str], other: Sequence[str], place: Stretch) -> bool:
    """Whether two figures are the same, written otherwise: "1,200" and "1200", "1.5 million"."""
    a, b, c, d = place
    last, other_last = _COUNTS[one[b - 1]], _COUNTS[other[d - 1]]
    if not last or not other_last:
        return False
    if b - a != d - c and "".join(one[a:b]) == "".join(other[c:d]):
        return True
    # A unit that follows is common to both.
    if last + other_last == 2 and (b == len(one) or _COUNTS[one[b]] != _UNIT):
        return False
    return is_one_amount(one, other, place)


class _Counts(dict[str, int]):
    """Whether a word is of a figure (1), or multiplies one (2); most do not."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _CACHED:
            self.clear()
        found = self[word] = _UNIT if is_unit(word) else int(is_number(word))
        return found


_COUNTS = _Counts()


def shared_grams(one: str, other: str) -> float:
    """The share of the 3-grams of the shorter coded text that the longer has."""
    first, second = _grams(one), _grams(other)
    fewest = min(len(first), len(second))
    return len(first & second) / fewest if fewest else 0.0


@lru_cache(maxsize=512)  # a text is compared with up to eight others, one after the other
def _grams(codes: str) -> frozenset[str]:
    return frozenset([codes[at : at + _GRAM] for at in range(len(codes) - _GRAM + 1)])


@lru_cache(maxsize=1 << 15)
def is_number(word: str) -> bool:
    """Whether a word has a digit."""
    return not word.isalpha() and _DIGIT.search(word) is not None


def compare(one: Sequence[str], other: Sequence[str]) -> Difference:
    """How much of two texts agrees, and where they part."""
    changed = [code for code in Indel.opcodes(one, other) if code.tag != "equal"]
    passages = list(_passages(changed))
    found = [_passage(one, other, *each) for each in passages[:_PASSAGES]]
    first = found[0] if found else Passage(len(one), (), ())
    return Difference(
        similarity=Indel.normalized_similarity(one, other),
        words=(len(one), len(other)),
        at=first.at,
        first=first.first,
        second=first.second,
        others=tuple(found[1:]),
        further=len(passages) - len(found),
    )


def _passage(one: Sequence[str], other: Sequence[str], here: slice, there: slice) -> Passage:
    start, other_start = here.start, there.start
    if start < here.stop and other_start < there.stop and is_number(one[start]):
        # The whole figure: "1 500 000" beside "1 7 million", not "500 000" beside "7 million".
        back = 0 if not is_number(other[other_start]) else _figure_before(one, other, here, there)
        start, other_start = start - back, other_start - back
    first, second = one[start : here.stop], other[other_start : there.stop]
    return Passage(start, tuple(first[:_SHOWN]), tuple(second[:_SHOWN]))


def _figure_before(one: Sequence[str], other: Sequence[str], here: slice, there: slice) -> int:
    """How many figures stand right before a passage, in both texts the same."""
    back = 0
    while back < min(here.start, there.start) and one[here.start - back - 1].isdecimal():
        back += 1
    return back


def marked(one: Sequence[str], other: Sequence[str]) -> str:
    """What the second text lacks of the first and has beside it, with a word or two around.

    >>> marked("the old bridge is closed".split(), "the bridge is closed today".split())
    'the [-old-] bridge … closed {+today+}'
    """
    said: list[str] = []
    if one == other:
        return ""
    for code in Indel.opcodes(one, other):
        if code.tag == "equal":
            words = one[code.src_start : code.src_end]
            first = [] if code.src_start == 0 else [words[0]]
            last = [] if code.src_end == len(one) and code.dest_end == len(other) else [words[-1]]
            whole = len(words) <= len(first) + len(last)
            said += words if whole else [*first, "…", *last] if first else last
        elif code.tag == "delete":
            said.append(f"[-{' '.join(one[code.src_start : code.src_end])}-]")
        else:
            said.append(f"{{+{' '.join(other[code.dest_start : code.dest_end])}+}}")
    return " ".join(said)


def _passages(changed: Sequence[Opcode]) -> Iterator[tuple[slice, slice]]:
    """The stretches that differ in either text; a deletion and an insertion may be one."""
    at = 0
    while at < len(changed):
        first = last = changed[at]
        while at + 1 < len(changed) and (last.src_end, last.dest_end) == (
            changed[at + 1].src_start,
            changed[at + 1].dest_start,
        ):
            at += 1
            last = changed[at]
        at += 1
        yield slice(first.src_start, last.src_end), slice(first.dest_start, last.dest_end)


def nearest(word: str, others: Sequence[str], count: int = 20) -> list[tuple[str, int]]:
    """The words no more than two slips away (one, for a short word), each with how many.

    A slip is a letter too many, missing, wrong, or exchanged with its neighbour.

    >>> nearest("ferrry", ["ferry", "fairy", "harbour"])
    [('ferry', 1)]
    """
    most = 1 if len(word) < 7 else 2
    found = process.extract(word, others, scorer=OSA.distance, score_cutoff=most, limit=count)
    return [(other, int(slips)) for other, slips, _ in found if other != word]
