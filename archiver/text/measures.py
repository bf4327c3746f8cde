"""What two texts share and where they part: what a decision about them weighs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, overload

from archiver.text import compare
from archiver.text.compare import Stretch, is_number
from archiver.text.exchange import exchanged, has_moved
from archiver.text.fold import fold_text
from archiver.text.labels import numbered_anew, placed_anew
from archiver.text.language import language
from archiver.text.naming import has_capitals, is_german, named_anew, others_named
from archiver.text.tenses import are_inflected, has_come, may_be_inflected, was_meant
from archiver.text.turns import (
    ANOTHER_NAME,
    ANOTHER_NUMBER,
    EXCHANGED,
    TAKEN_BACK,
    Place,
    Turn,
    figures,
    is_idle,
    none_for_some,
    off,
    turn,
    withdrawn,
)
from archiver.text.wording import Wording

_PHRASE = 7  # words
_TURN = 4  # words; a "not" among more is of a clause that was added
# A "not" in the place of another word is the news in a short text, or where little else differs.
SHORT = 40
_FEW_PLACES = 3
_CLOSE = 0.8  # of all words: less alike, common words of unlike passages meet by chance
_FRAMED = 15  # words in a row
_FORM = 60  # words; what is longer and differs in a figure alone is corrected


Value = TypeVar("Value")


class once(Generic[Value]):
    """A property found out once; what `functools` has for it takes a lock in Python 3.11."""

    def __init__(self, find: Callable[[Any], Value]) -> None:
        self._find = find
        self._name = find.__name__

    @overload
    def __get__(self, held: None, owner: type) -> once[Value]: ...
    @overload
    def __get__(self, held: object, owner: type) -> Value: ...
    def __get__(self, held: object | None, owner: type) -> once[Value] | Value:
        if held is None:
            return self
        value = held.__dict__[self._name] = self._find(held)
        return value


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
    stretches: Sequence[Stretch]  # all places where the texts part
    swapped: Sequence[Stretch]  # those where one to three words stand in for others

    @property
    def places(self) -> int:
        """How often the texts part."""
        return len(self.stretches)

    @property
    def swaps(self) -> int:
        """The places where one to three words stand in for others, maybe spelt alike."""
        return len(self.swapped)

    @once
    def texts(self) -> tuple[Sequence[str], Sequence[str]]:
        """The words of both."""
        return self.one.words, self.other.words

    @once
    def slots(self) -> tuple[int, ...]:
        """The places in the second text where words stand in that are not spelt alike."""
        return compare.slots(*self.texts, self.swapped) if self.swapped else ()

    @once
    def rewritten(self) -> int:
        """How often more words than fill a slot stand for others, where both texts are short."""
        return 0 if max(self.words) >= SHORT else compare.rewritten(*self.texts, self.stretches)

    @once
    def grams(self) -> float:
        """The 3-grams of the shorter text that the longer has too, wherever they moved."""
        return compare.shared_grams(self.one.codes, self.other.codes)

    @once
    def left(self) -> tuple[list[str], list[str]]:
        """The words that only one of them has, but for those spelt alike."""
        return compare.left_over(*self.texts, self.stretches)

    @once
    def only(self) -> tuple[int, int]:
        """How many those are in either text."""
        return len(self.left[0]), len(self.left[1])

    @once
    def numbers(self) -> tuple[int, int]:
        """How many of those are numbers."""
        return _numbers(self.left[0]), _numbers(self.left[1])

    @once
    def names(self) -> tuple[int, int]:
        """How many of those are names."""
        return _names(self.left[0], self.one), _names(self.left[1], self.other)

    @property
    def kept(self) -> float:
        """The share of the shorter text that stands in the longer one in its order."""
        return self.common / max(1, min(self.words))

    @property
    def alike(self) -> float:
        """The share of all words of both that are common: 1 for equal texts."""
        return 2 * self.common / max(1, sum(self.words))

    @property
    def run(self) -> float:
        """The longest stretch of common words in a row, as a share of the shorter text."""
        at = longest = 0
        for start, end, _, _ in self.stretches:
            longest = max(longest, start - at)
            at = end
        return max(longest, self.words[0] - at) / max(1, min(self.words))

    @property
    def is_framed(self) -> bool:
        """Whether the second text is the first, cut at its end, behind a headline of its own."""
        (one, other), run = self.texts, self.common
        if not _FRAMED <= run < min(self.words) or self.words[1] > 2 * run:
            return False
        return other[-run] == one[0] and other[-run:] == one[:run]

    def turned(self) -> Turn | None:
        """What in a place of few words makes the opposite of the text, or gives another value.

        Asked of few pairs, those that are one text by all else.
        """
        found = self._turn(values=True)
        if found is not None and found.opposite:
            return found
        return self._exchanged() or self._numbered() or found or self._named()

    def contrary(self) -> Turn | None:
        """What makes the opposite, exchanges actors, or is taken back by both: no other value."""
        return self._turn(values=False) or self._exchanged()

    def _turn(self, *, values: bool) -> Turn | None:
        """The first place that makes the opposite; else, with `values`, that gives another one."""
        one, other = self.texts
        value = None
        clear = min(self.words) < SHORT or self.places <= _FEW_PLACES
        close = self.alike >= _CLOSE
        for at, (a, b, c, d) in enumerate(self.stretches):
            edge = -1 if a == c == 0 else int(b == len(one) and d == len(other))
            most = b - a if b - a > d - c else d - c
            if not edge and most > _PHRASE:
                continue
            first, second = one[a:b], other[c:d]
            if is_idle(first, second, values=values):
                continue
            is_held = close or self._is_held(at)
            is_told = most <= _TURN and is_held
            if not (edge or is_held):
                continue
            place = self._place(at, edge, clear)
            found = withdrawn(place) if edge else None
            if found is None and is_told:
                found = turn(place, values=values)
            elif found is None and most <= _PHRASE and clear:
                found = (off(place) if is_held else None) or (
                    none_for_some(first, second) if edge else None
                )
            if found is not None and found.opposite:
                return found
            if values or (found is not None and found.rule == TAKEN_BACK):
                value = value or found
        return value

    def _place(self, at: int, edge: int, clear: bool) -> Place:
        a, b, c, d = place = self.stretches[at]
        one, other = texts = self.texts
        after = one[b : b + 2], other[d : d + 2]
        names = self.one.names, self.other.names
        return Place(one[a:b], other[c:d], after, edge, clear, texts, place, names)

    @property
    def is_inflected(self) -> bool:
        """Whether words stand in for other forms of themselves alone, and the tense is no news."""
        (one, other), slots = self.texts, self.slots
        places = []
        for a, b, c, d in self.swapped:
            if c in slots:
                place = one[a:b], other[c:d]
                if not may_be_inflected(*place):
                    return False
                places.append(place)
        if self.rewritten:
            return False
        parted = self.stretches
        first = [word for a, b, _, _ in parted for word in one[a:b]]
        second = [word for _, _, c, d in parted for word in other[c:d]]
        return are_inflected(places, (first, second), self._language)

    @once
    def has_come(self) -> bool:
        """Whether one text says that something will be done, and the other that it was."""
        return any(has_come(*place, self._language) for place in self._small_places())

    @once
    def was_meant(self) -> bool:
        """Whether one text says that somebody wants to do something, and the other that he did."""
        return any(was_meant(*place, self._language) for place in self._small_places())

    def _small_places(self) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
        one, other = self.texts
        for a, b, c, d in self.stretches:
            if a < b and c < d and max(b - a, d - c) <= _TURN:
                yield one[a:b], other[c:d]

    def _language(self) -> str:
        return language(fold_text(self.one.text))

    def _exchanged(self) -> Turn | None:
        if not has_moved(*self.texts, self.stretches):
            return None
        names = frozenset((self.one.names + self.other.names).split())
        found = exchanged(*self.texts, self.stretches, names)
        return found and Turn(*found, EXCHANGED)

    def _numbered(self) -> Turn | None:
        """Another number of a thing, or other figures where all else is the same."""
        found = numbered_anew(*self.texts, self.stretches)
        if found is not None:
            return Turn((found[0],), (found[1],), ANOTHER_NUMBER)
        if self.places != self.swaps or not SHORT <= min(self.words) < _FORM:
            return None
        (one, other), value = self.texts, None
        for a, b, c, d in self.swapped:
            value = figures(one, other, (a, b, c, d))
            if value is None:
                return None
        return value and value._replace(rule=ANOTHER_NUMBER)

    def _named(self) -> Turn | None:
        """A name in the place of another one, where a short text differs in few places."""
        if max(self.words) >= SHORT or self.places > _FEW_PLACES:
            return None
        one, other = self.texts
        places = [place for place in self.stretches if self._may_name(*place)]
        if not places:
            return None
        names = self.one.names, self.other.names
        told = tuple(
            " " if has_capitals(*each) else each[1] for each in zip(self.texts, names, strict=True)
        )
        german = names if is_german(one) and is_german(other) else None
        for a, b, c, d in places:
            first, second = one[a:b], other[c:d]
            found = named_anew(first, second, (told[0], told[1]), a == c == 0)
            found = found or others_named(first, second, (told[0], told[1]))
            found = found or placed_anew(one, other, (a, b, c, d), german)
            if found is not None and not self._has_moved(found):
                return Turn(*found, ANOTHER_NAME)
        return None

    def _may_name(self, a: int, b: int, c: int, d: int) -> bool:
        """Whether some words stand for others, and not at the end, where it is told who says so."""
        if a == b or c == d or max(b - a, d - c) > _PHRASE:
            return False
        return self.places == 1 or (b, d) != self.words

    def _has_moved(self, names: tuple[tuple[str, ...], tuple[str, ...]]) -> bool:
        """Whether a name that one has in a place stands elsewhere in the other."""
        one, other = self.texts
        return any(name in other for name in names[0]) or any(name in one for name in names[1])

    def _is_held(self, at: int) -> bool:
        """Whether two common words, or all that is left, are on both sides: no chance meeting."""
        stretches, (words, others) = self.stretches, self.words
        start, end, other_start, other_end = stretches[at]
        before = start - (stretches[at - 1][1] if at else 0)
        after = (stretches[at + 1][0] if at + 1 < len(stretches) else words) - end
        left = min(start, other_start), min(words - end, others - other_end)
        return (before > 1 or left[0] <= 1) and (after > 1 or left[1] <= 1)


def measure(one: Wording, other: Wording, common: int | None = None) -> Measures:
    """Everything that a decision about two texts weighs."""
    if common is None:
        common = compare.kept_words(one.codes, other.codes)
    parted = compare.stretches(one.codes, other.codes)
    words = len(one.codes), len(other.codes)
    return Measures(one, other, words, common, parted, compare.swapped(parted))


def _numbers(words: Iterable[str]) -> int:
    return len([word for word in words if is_number(word)])


def _names(words: Iterable[str], wording: Wording) -> int:
    names = wording.names
    return len([word for word in words if f" {word} " in names])
