"""Whether a few words in the place of others turn a sentence round: "will not sign", "was lost".

A negation that one text alone has, a denial, and an opposite (`opposites.py`) each turn it; twice
turned it says the same ("denied" for "did not confirm").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from archiver.text.amounts import shown, whole
from archiver.text.compare import Stretch, is_number, is_one_number
from archiver.text.contraries import CONTRARIES
from archiver.text.denials import may_take_back, taken_back
from archiver.text.opposites import (
    AUXILIARIES,
    AVERTED,
    DENIALS,
    DEPUTIES,
    NEGATIONS,
    NONE,
    NOT_TURNED_BEFORE,
    OPPOSITES,
    PREFIXES,
    VALUES,
)
from archiver.text.undone import (
    DEPUTY,
    called_off,
    may_be_unreal,
    may_call_off,
    may_tell_person,
    person,
    unreal,
)

# The rule that keeps a text apart from the one it turns round (`rules.py`).
# A negation, a denial or an opposite that one of them alone has: the other way round at any length
# and any time, for a false statement hidden behind another is worse than a copy shown twice.
OPPOSITE = "opposite"
# "Three", "Monday", "north": in a short text they are the news, in a long one they are corrected.
ANOTHER_VALUE = "another-value"
# "Retracted: X" and "Fake! X": both take X back, and neither is the opposite of the other.
TAKEN_BACK = "taken-back"
# Who did it to whom.
EXCHANGED = "exchanged"
# "Hamas" for "Israel", in a short text.
ANOTHER_NAME = "another-name"
# "Part 9" for "part 8", at any length; and where figures are all that differs, as in a form.
ANOTHER_NUMBER = "another-number"

_ROOT = 4  # letters that are left of a word without "un", "не"; of Arabic letters, three
_LEAST_ROOT = 3
_ADDED = 2  # words beside an added "not" and what goes with it: more are a clause of their own
_OTHER_VALUE = 1_000  # sides from here on are of values, not opposites

Side = tuple[int, int]  # which pair (or row) of opposites, which side of it


class Place(NamedTuple):
    """Where one[a:b] stands in the place of other[c:d]; `edge` is -1 at the start of both texts,
    1 at their end; `clear` where so little else differs that a swap for a "not" is the news."""

    first: Sequence[str]
    second: Sequence[str]
    following: tuple[Sequence[str], Sequence[str]]  # up to two words
    edge: int
    clear: bool
    texts: tuple[Sequence[str], Sequence[str]]
    at: Stretch  # in both
    names: tuple[str, str]  # of both texts, where capitals tell them


class Turn(NamedTuple):
    """The words that turn a text round, of the first and of the second, and how: its rule."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    rule: str

    @property
    def opposite(self) -> bool:
        """Whether one says the contrary of the other."""
        return self.rule == OPPOSITE


class _Denying(NamedTuple):
    negations: list[str]
    denials: list[str]
    averted: list[str]


def _entries(lines: Iterable[str], offset: int) -> Iterable[tuple[str, Side]]:
    for number, line in enumerate(lines, offset):
        for side, words in enumerate(line.split("~")):
            for word in words.split():
                yield word.replace("ё", "е"), (number, side)


def _table() -> tuple[dict[str, tuple[Side, ...]], dict[str, tuple[Side, ...]]]:
    """Whole words, and beginnings of words, each with its sides."""
    found: tuple[dict[str, tuple[Side, ...]], dict[str, tuple[Side, ...]]] = {}, {}
    opposites = OPPOSITES.strip().split("\n") + [row for row in CONTRARIES.split("\n") if row]
    rows = (opposites, 0), (VALUES.strip().split("\n"), _OTHER_VALUE)
    for lines, offset in rows:
        for word, side in _entries(lines, offset):
            held = found[word.endswith("*")]
            word = word.rstrip("*")
            held[word] = (*held.get(word, ()), side)
    return found


_WHOLE, _BEGUN = _table()
_STEMS = sorted({len(stem) for stem in _BEGUN})
_YET = "yet"  # "has yet to pay"
NEGATING = frozenset(NEGATIONS.split())
_DENIALS = frozenset(word for word in DENIALS.split() if word[-1] != "*")
_DENIALS_BEGUN = tuple(word[:-1] for word in DENIALS.split() if word[-1] == "*")
_AVERTED = frozenset(word for word in AVERTED.split() if word[-1] != "*")
_AVERTED_BEGUN = tuple(word[:-1] for word in AVERTED.split() if word[-1] == "*")
_AUXILIARY = frozenset(AUXILIARIES.split())
_DEPUTIES = frozenset(DEPUTIES.split())
_NONE = frozenset(NONE.split())
_NOT_TURNED = frozenset(NOT_TURNED_BEFORE.split())


@lru_cache(maxsize=1 << 16)
def _is_denial(word: str) -> bool:
    return word in _DENIALS or word.startswith(_DENIALS_BEGUN)


_ARABIC_VERB = re.compile("س?[يتنأ](.{3,})")


@lru_cache(maxsize=1 << 16)
def _sides(word: str) -> tuple[Side, ...]:
    """The sides a word is on: its own, and those of what it begins with.

    An Arabic verb has its person and its future before its root: "سترفع", "يرفع".
    """
    found = _WHOLE.get(word, ())
    verb = _ARABIC_VERB.match(word)
    if verb is not None and not found:
        found = _WHOLE.get(verb[1], ())
    for length in _STEMS:
        if length <= len(word):
            found += _BEGUN.get(word[:length], ())
    return found


_TELLS, _FIGURE, _DEPUTY, _NOBODY, _AMOUNT, _TAKES_BACK = 1, 2, 4, 8, 16, 32
_PERSON, _CALLS_OFF, _UNREAL = 64, 128, 256
_ELSE = _DEPUTY | _PERSON | _UNREAL
_SOME = _FIGURE | _AMOUNT
_CACHED = 1 << 17


class _Kinds(dict[str, int]):
    """What a word by itself may do in a place where two texts differ, as bits; most do nothing.

    Every word of every such place is looked up, so it is a dictionary: `lru_cache` takes twice as
    long.
    """

    def __missing__(self, word: str) -> int:
        if len(self) >= _CACHED:
            self.clear()
        tells = (
            word in NEGATING
            or word == _YET
            or _is_denial(word)
            or _is_averted(word)
            or bool(_sides(word))
        )
        found = self[word] = (
            _TELLS * tells
            | _FIGURE * is_number(word)
            | _DEPUTY * (word in _DEPUTIES)
            | _NOBODY * (word in _NONE)
            | _AMOUNT * _is_amount(word)
            | _TAKES_BACK * may_take_back(word)
            | _PERSON * may_tell_person(word)
            | _CALLS_OFF * may_call_off(word)
            | _UNREAL * may_be_unreal(word)
        )
        return found


_KINDS = _Kinds()


def _kinds(words: Sequence[str]) -> int:
    """What these words may do."""
    if len(words) == 1:  # most places
        return _KINDS[words[0]]
    found = 0
    for word in words:
        found |= _KINDS[word]
    return found


def _is_averted(word: str) -> bool:
    return word in _AVERTED or word.startswith(_AVERTED_BEGUN)


def is_idle(first: Sequence[str], second: Sequence[str], *, values: bool) -> bool:
    """Whether nothing that `withdrawn`, `turn` and `none_for_some` look for is in a place.

    Without `values` only what makes the opposite is looked for, as `turn` finds it.
    """
    one, other = _kinds(first), _kinds(second)
    if (one | other) & (_TELLS | _TAKES_BACK):
        return False
    if (one ^ other) & _CALLS_OFF:
        return False
    if values and ((one & _FIGURE and other & _FIGURE) or (one | other) & _ELSE):
        return False
    if (one & _SOME and other & _NOBODY) or (other & _SOME and one & _NOBODY):
        return False
    return not (first and second) or _prefixed(first, second) is None


def withdrawn(place: Place) -> Turn | None:
    """What takes one text back, before or behind it, or both in other words."""
    first, second = taken_back(place.first, place.edge), taken_back(place.second, place.edge)
    if first and second:
        return Turn(first, second, TAKEN_BACK)
    if not (first or second):
        return None
    beside = _denying(place.second if first else place.first, ())
    return None if any(beside) else Turn(first, second, OPPOSITE)


def turn(place: Place, *, values: bool) -> Turn | None:
    """What turns the sentence round in one place where two texts differ, or gives another value.

    Without `values` other figures and persons are not asked for.
    """
    first, second = place.first, place.second
    one, other = _kinds(first), _kinds(second)
    found = _turned(place) if (one | other) & _TELLS else _prefixed(first, second)
    if found is None and (one ^ other) & _CALLS_OFF:
        found = off(place)
    if not values or (found is not None and found.opposite):
        return found
    if one & _FIGURE and other & _FIGURE:
        figure = figures(*place.texts, place.at)
        if figure is not None or (found and is_one_number(*place.texts, place.at)):
            found = figure
    if found is None and (one | other) & _ELSE:
        found = _another_person(place) or _unreal(place)
    return found


def off(place: Place) -> Turn | None:
    """What one calls off and the other tells of as coming or done, in up to seven words."""
    first, second, (after, behind) = place[:3]
    if not (place.clear and NEGATING.isdisjoint(first) and NEGATING.isdisjoint(second)):
        return None
    found = called_off(first, second, after[:1] if after[:1] == behind[:1] else ())
    return found and Turn(*found, OPPOSITE)


def none_for_some(first: Sequence[str], second: Sequence[str]) -> Turn | None:
    """ "At least 12 people injured" and "no injuries", "nobody was hurt"."""
    one, other = _kinds(first), _kinds(second)
    if not ((one & _SOME and other & _NOBODY) or (other & _SOME and one & _NOBODY)):
        return None
    for some, none in ((first, second), (second, first)):
        figures = [word for word in some if is_number(word) or _is_amount(word)]
        nobody = [word for word in none if word in _NONE]
        others = [word for word in none if is_number(word) or _is_amount(word)]
        if figures and nobody and not others and _NONE.isdisjoint(some):
            pair = (figures[0],), (nobody[0],)
            return Turn(*(pair if some is first else pair[::-1]), OPPOSITE)
    return None


def _is_amount(word: str) -> bool:
    return any(row >= _OTHER_VALUE for row, _ in _WHOLE.get(word, ()))


def _another_person(place: Place) -> Turn | None:
    """ "Vice", "former", "the wife of" on one side alone: somebody else."""
    first, second, (after, behind) = place[:3]
    one = _persons(first, after, place.names[0])
    other = _persons(second, behind, place.names[1])
    for kind in one.keys() ^ other.keys():
        left, right = ((each[kind],) if kind in each else () for each in (one, other))
        return Turn(left, right, ANOTHER_VALUE)
    return None


def _persons(words: Sequence[str], after: Sequence[str], names: str) -> dict[str, str]:
    found = person(words, after, lambda word: f" {word} " in names)
    deputies = [word for word in words if word in _DEPUTIES]
    return found | {DEPUTY: deputies[0]} if deputies else found


def _unreal(place: Place) -> Turn | None:
    """ "Nearly", or "would ... if": what did not happen."""
    first, second, following = place[:3]
    one = unreal(first, second, following[0], place.texts)
    other = unreal(second, first, following[1], place.texts[::-1])
    if bool(one) == bool(other):
        return None
    return Turn((one,) if one else (), (other,) if other else (), ANOTHER_VALUE)


def figures(first: Sequence[str], second: Sequence[str], at: Stretch) -> Turn | None:
    """A figure in the place of another one, shown whole: "1.5 million", not the "5" of it."""
    a, b, c, d = at
    one = [word for word in first[a:b] if is_number(word)]
    other = [word for word in second[c:d] if is_number(word)]
    if not one or not other or not set(one).isdisjoint(other) or "".join(one) == "".join(other):
        return None
    if is_one_number(first, second, at):
        return None
    return Turn((_whole(first, a, b, one[0]),), (_whole(second, c, d, other[0]),), ANOTHER_VALUE)


def _whole(words: Sequence[str], start: int, end: int, figure: str) -> str:
    at = words.index(figure, start, end)
    run = whole(words, at, at + 1)
    return shown(run) if len(run) > 1 else figure


def _turned(place: Place) -> Turn | None:
    first, second, following = place[:3]
    denied = _denying(first, following[0]), _denying(second, following[1])
    pair = _opposed(first, second)
    opposite = pair is not None and pair.opposite
    if pair is not None and opposite:
        denied = _but_for(pair.first, denied[0]), _but_for(pair.second, denied[1])
    turns = sum(bool(x) != bool(y) for x, y in zip(*denied, strict=True)) + opposite
    if turns % 2 and (opposite or _is_denied(place, denied)):
        left, right = (tuple(chain.from_iterable(each)) for each in denied)
        if pair is not None and pair.opposite:
            left, right = left + pair.first, right + pair.second
        return Turn(left, right, OPPOSITE)
    return None if opposite else pair


def _is_denied(place: Place, denied: tuple[_Denying, _Denying]) -> bool:
    """Whether a negation is of the sentence around it, not of words that were added or replaced.

    Before or behind the whole text it is of it if it stands alone ("nicht"), or denies what follows
    ("the ministry denies that").
    """
    first, second = ([w for w in words if w not in _AUXILIARY] for words in place[:2])
    if place.edge and not (place.first and place.second):
        alone = len(place.first) + len(place.second) == 1
        return alone or (place.edge < 0 and bool(denied[0].denials or denied[1].denials))
    told = {*chain.from_iterable(denied[0]), *chain.from_iterable(denied[1])}
    left, right = ([w[:_ROOT] for w in words if w not in told] for words in (first, second))
    if not (place.first and place.second):
        return len(left) + len(right) <= _ADDED
    if left == right or (place.clear and len(left) + len(right) <= 2 * _ADDED):
        return True
    return not set(left).isdisjoint(right)


def _but_for(opposite: Sequence[str], denying: _Denying) -> _Denying:
    """What denies beside an opposite, which may itself be a denial ("never"): it counts once."""
    negations, denials = ([word for word in words if word not in opposite] for words in denying[:2])
    return _Denying(negations, denials, [])


def _denying(words: Sequence[str], following: Sequence[str]) -> _Denying:
    """The words among these that deny; "not only" is none."""
    found = _Denying([], [], [])
    for at, word in enumerate(words):
        if word in NEGATING:
            after = words[at + 1 : at + 2] or following
            if not after or after[0] not in _NOT_TURNED:
                found.negations.append(word)
        elif word == _YET and words[at + 1 : at + 2] == ["to"]:
            found.negations.append(word)
        elif _is_denial(word):
            found.denials.append(word)
        elif _is_averted(word):
            found.averted.append(word)
    return found


def _opposed(first: Sequence[str], second: Sequence[str]) -> Turn | None:
    """A word of either that is on another side of one row than the other's words are."""
    sides, others = _sided(first), _sided(second)
    value = None
    for row, (side, word) in sides.items():
        if row in others and None not in (side, others[row][0]) and side != others[row][0]:
            found = Turn(
                (word,), (others[row][1],), OPPOSITE if row < _OTHER_VALUE else ANOTHER_VALUE
            )
            if found.opposite:
                return found
            value = found
    return _prefixed(first, second) or value


def _prefixed(first: Sequence[str], second: Sequence[str]) -> Turn | None:
    """A word of one that is a word of the other with "un", "не" before it."""
    for word in first:
        end = word[-_LEAST_ROOT:]
        for opposite in second:
            if opposite.endswith(end) and (
                _is_prefixed(word, opposite) or _is_prefixed(opposite, word)
            ):
                return Turn((word,), (opposite,), OPPOSITE)
    return None


def _sided(words: Sequence[str]) -> Mapping[int, tuple[int | None, str]]:
    """The side that words are on, by row; None where they are on several: "rose and fell"."""
    found: dict[int, tuple[int | None, str]] = {}
    for word in words:
        for row, side in _sides(word):
            if row in found and found[row][0] != side:
                found[row] = (None, word)
            else:
                found.setdefault(row, (side, word))
    return found


def _is_prefixed(word: str, root: str) -> bool:
    """Whether a word is another one with "un", "не" before it."""
    if len(word) <= len(root) or not word.endswith(root):
        return False
    least = _LEAST_ROOT if root[0] > "\u0600" else _ROOT
    return len(root) >= least and word[: -len(root)] in PREFIXES
