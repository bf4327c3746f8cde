"""How alike texts and words are; the only module that imports rapidfuzz."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, Indel, LCSseq, Opcode

from archiver.text.wording import Wording

_SHOWN = 8  # differing words of either text
_SPELT_ALIKE = 80  # of 100: typos and endings, not another word
_MOST_SPELT = 30  # differing words of either text that are looked at letter by letter
_SLOT = 3  # words; a longer stretch is rewritten, not filled in
_GRAM = 3
_DIGIT = re.compile(r"\d")

# What differs: (start, end) in the first and in the second text, in words.
Stretch = tuple[int, int, int, int]

_NEGATIONS = frozenset(
    (
        *("не", "нет", "ни", "без", "нельзя", "ні", "немає", "not", "no", "never", "none"),
        *("without", "nicht", "kein", "keine", "ohne", "pas", "sans", "sin", "nunca", "non"),
        *("senza", "لا", "لم", "لن", "ليس", "بدون", "نه"),
    )
)


@dataclass(frozen=True, slots=True)
class Difference:
    """How two texts differ: the share of common words (0 to 1) and the first that are not.

    `words` are the lengths of both, `at` is the place of the first difference in the first one.
    """

    similarity: float
    words: tuple[int, int]
    at: int
    first: tuple[str, ...]
    second: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Measures:
    """What two texts share and where they differ; counts are words, `kept` and `grams` shares.

    What takes long is found out when it is asked for: most pairs that a pass judges are templates,
    which a rule keeps apart by the places where they differ alone.
    """

    one: Wording
    other: Wording
    words: tuple[int, int]
    common: int  # the longest common sequence
    stretches: Sequence[Stretch]
    swapped: Sequence[Stretch]

    @property
    def places(self) -> int:
        """How often the texts part."""
        return len(self.stretches)

    @property
    def swaps(self) -> int:
        """The places where one to three words stand in for others, maybe spelt alike."""
        return len(self.swapped)

    @cached_property
    def slots(self) -> tuple[int, ...]:
        """Those in the second text where they are not spelt alike."""
        return _slots(self.one.words, self.other.words, self.swapped) if self.swapped else ()

    @cached_property
    def grams(self) -> float:
        """The 3-grams of the shorter text that the longer has too, wherever they moved."""
        return _shared_grams(self.one.codes, self.other.codes)

    @cached_property
    def left(self) -> tuple[list[str], list[str]]:
        """The words that only one of them has, but for those spelt alike."""
        return _left_over(self.one.words, self.other.words, self.stretches)

    @cached_property
    def only(self) -> tuple[int, int]:
        """How many those are in either text."""
        return len(self.left[0]), len(self.left[1])

    @cached_property
    def numbers(self) -> tuple[int, int]:
        """How many of those are numbers."""
        return _numbers(self.left[0]), _numbers(self.left[1])

    @cached_property
    def names(self) -> tuple[int, int]:
        """How many of those are names."""
        return _names(self.left[0], self.one), _names(self.left[1], self.other)

    @property
    def negations(self) -> int:
        """By how many a "not" is among those of one text more often."""
        return abs(_negations(self.left[0]) - _negations(self.left[1]))

    @property
    def kept(self) -> float:
        """The share of the shorter text that stands in the longer one in its order."""
        return self.common / max(1, min(self.words))

    @property
    def alike(self) -> float:
        """The share of all words of both that are common: 1 for equal texts."""
        return 2 * self.common / max(1, sum(self.words))


def kept_words(one: str, other: str, fewest: int = 0) -> int:
    """The longest common sequence of two coded texts, or 0 where it is shorter than `fewest`."""
    return LCSseq.similarity(one, other, score_cutoff=fewest)


def measure(one: Wording, other: Wording, common: int | None = None) -> Measures:
    """Everything that a decision about two texts weighs."""
    if common is None:
        common = kept_words(one.codes, other.codes)
    stretches = _stretches(one.codes, other.codes)
    swapped = [s for s in stretches if 0 < s[1] - s[0] <= _SLOT and 0 < s[3] - s[2] <= _SLOT]
    words = len(one.codes), len(other.codes)
    return Measures(one, other, words, common, stretches, swapped)


def _stretches(one: str, other: str) -> list[Stretch]:
    """The stretches that differ."""
    found: list[Stretch] = []
    end = other_end = -1
    for code in Indel.opcodes(one, other):
        if code.tag == "equal":
            continue
        start, other_start = code.src_start, code.dest_start
        if found and (start, other_start) == (end, other_end):
            start, _, other_start, _ = found.pop()
        end, other_end = code.src_end, code.dest_end
        found.append((start, end, other_start, other_end))
    return found


def _left_over(
    one: Sequence[str], other: Sequence[str], stretches: Sequence[Stretch]
) -> tuple[list[str], list[str]]:
    """The words of either text that the other has nowhere, not even spelt a little otherwise."""
    first = [word for a, b, _, _ in stretches for word in one[a:b]]
    second = [word for _, _, a, b in stretches for word in other[a:b]]
    if not first or not second:
        return first, second
    moved = set(first).intersection(second)
    if moved:
        # A number elsewhere in the text is another one ("3, 0" is not "0, 3"), unless its neighbour
        # went with it.
        numbers = set(filter(_is_number, moved))
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


def _ends_alike(word: str, other: str) -> bool:
    alike = word[0] == other[0] or word[-2:] == other[-2:]
    return alike and _spelt_alike(word, other)


def _spelt_alike(word: str, other: str) -> bool:
    """Whether a word with an end like another's is the same, spelt otherwise; no number is."""
    if 5 * len(word) < 3 * len(other) or 5 * len(other) < 3 * len(word):
        return False
    if _is_number(word) or _is_number(other):
        return False
    if fuzz.ratio(word, other, score_cutoff=_SPELT_ALIKE) > 0:
        return True
    # Two neighbours exchanged: a quarter of four letters is wrong by the ratio.
    return sorted(word) == sorted(other) and OSA.distance(word, other) == 1


def _slots(one: Sequence[str], other: Sequence[str], swaps: Sequence[Stretch]) -> tuple[int, ...]:
    """The places of words that stand in for others which are not spelt alike."""
    places = []
    for a, b, c, d in swaps:
        if b - a == d - c == 1:  # two of three
            is_other = not _ends_alike(one[a], other[c])
        else:
            is_other = all(_unlike(list(one[a:b]), list(other[c:d])))
        if is_other:
            places.append(c)
    return tuple(places)


def _shared_grams(one: str, other: str) -> float:
    first, second = _grams(one), _grams(other)
    fewest = min(len(first), len(second))
    return len(first & second) / fewest if fewest else 0.0


@lru_cache(maxsize=64)  # a text is compared with up to eight others, one after the other
def _grams(codes: str) -> frozenset[str]:
    return frozenset([codes[at : at + _GRAM] for at in range(len(codes) - _GRAM + 1)])


def _is_number(word: str) -> bool:
    return not word.isalpha() and _DIGIT.search(word) is not None


def _numbers(words: Iterable[str]) -> int:
    return len([word for word in words if _is_number(word)])


def _names(words: Iterable[str], wording: Wording) -> int:
    names = wording.names
    return len([word for word in words if f" {word} " in names])


def _negations(words: Iterable[str]) -> int:
    return len([word for word in words if word in _NEGATIONS])


def compare(one: Sequence[str], other: Sequence[str]) -> Difference:
    """How much of two texts agrees, and where they part."""
    changed = [code for code in Indel.opcodes(one, other) if code.tag != "equal"]
    start = changed[0].src_start if changed else len(one)
    first, second = _stretch(changed)
    return Difference(
        similarity=Indel.normalized_similarity(one, other),
        words=(len(one), len(other)),
        at=start,
        first=tuple(one[first][:_SHOWN]),
        second=tuple(other[second][:_SHOWN]),
    )


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


def _stretch(changed: Sequence[Opcode]) -> tuple[slice, slice]:
    """The first stretch that differs in either text; a deletion and an insertion may be one."""
    if not changed:
        return slice(0), slice(0)
    last = changed[0]
    for code in changed[1:]:
        if (code.src_start, code.dest_start) != (last.src_end, last.dest_end):
            break
        last = code
    first = changed[0]
    return slice(first.src_start, last.src_end), slice(first.dest_start, last.dest_end)


def nearest(word: str, others: Sequence[str], count: int = 20) -> list[tuple[str, int]]:
    """The words no more than two slips away (one, for a short word), each with how many.

    A slip is a letter too many, missing, wrong, or exchanged with its neighbour.

    >>> nearest("ferrry", ["ferry", "fairy", "harbour"])
    [('ferry', 1)]
    """
    most = 1 if len(word) < 7 else 2
    found = process.extract(word, others, scorer=OSA.distance, score_cutoff=most, limit=count)
    return [(other, int(slips)) for other, slips, _ in found if other != word]
