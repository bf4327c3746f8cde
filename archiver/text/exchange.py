"""Whether two texts have the same names in each other's place: "A accuses B" and "B accuses A"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from archiver.text.compare import Stretch, alike, is_number

_MOST = 3  # words on either side
_BETWEEN = 8  # words between them, where they are laid beside each other as moved
_BEGIN = 3  # letters, which a name keeps in all its cases
_LIST = 5  # words: "Italy, France and Spain" is a list, whatever its order

_AND_WORDS = "and or with & и или і й та с со з із und oder mit et ou avec y e o con و مع با یا"
_PARTICLE_WORDS = """
the a an of in on by to at from в во на из от до у к с по з із від der die das den dem von le la les
l de du d des el los las del al
"""
_AND = frozenset(_AND_WORDS.split())
_PARTICLES = frozenset(_PARTICLE_WORDS.split())


class Exchanged(NamedTuple):
    """What stands first in one text and last in the other."""

    first: tuple[str, ...]
    second: tuple[str, ...]


def exchanged(
    one: Sequence[str], other: Sequence[str], parted: Sequence[Stretch], names: frozenset[str]
) -> Exchanged | None:
    """The names of two texts, if there are any, that have changed places.

    Words change places too where word order is free ("said yesterday"): names alone tell who did
    what to whom. Scripts without capitals have none; there a single word may be one.
    """
    swaps = [s for s in parted if 0 < s[1] - s[0] <= _MOST and 0 < s[3] - s[2] <= _MOST]
    for (a, b, c, d), (e, f, g, h) in combinations(swaps[:_BETWEEN], 2):
        first, second = one[a:b], one[e:f]
        if _is_exchange(first, one[b:e], second, other[c:d], other[g:h], names):
            return Exchanged(tuple(first), tuple(second))
    for at, (a, b, c, d) in enumerate(parted):
        for _, end, _, other_end in ((a, b, c, d), *parted[at + 1 : at + 2]):
            found = _moved(one[a:end], other[c:other_end], names)
            if found is not None:
                return found
    return None


def has_moved(one: Sequence[str], other: Sequence[str], parted: Sequence[Stretch]) -> bool:
    """Whether a word gone in one place is anew in one, by how it begins: most pairs have none."""
    gone = {word[:_BEGIN] for a, b, _, _ in parted for word in one[a:b]}
    return any(word[:_BEGIN] in gone for _, _, c, d in parted for word in other[c:d])


def _moved(one: Sequence[str], other: Sequence[str], names: frozenset[str]) -> Exchanged | None:
    """Two ends of a passage that have changed places around its middle."""
    words = len(one)
    if words != len(other) or not 3 <= words <= _BETWEEN + 2 * _MOST:
        return None
    # Of what changes places, the first word of one and the last of the other: most end here.
    lasts = [y for y in range(1, min(_MOST, words - 2) + 1) if alike(one[-1], other[y - 1])]
    for x in range(1, _MOST + 1 if lasts else 1):
        if not alike(one[0], other[-x]):
            continue
        for y in lasts:
            if x + y >= words:
                break
            between = one[x : words - y]
            if _are_alike(between, other[y : words - x]) and _is_exchange(
                one[:x], between, one[words - y :], other[:y], other[words - x :], names
            ):
                return Exchanged(tuple(one[:x]), tuple(one[words - y :]))
    return None


def _is_exchange(
    first: Sequence[str],
    between: Sequence[str],
    second: Sequence[str],
    other_first: Sequence[str],
    other_second: Sequence[str],
    names: frozenset[str],
) -> bool:
    if not (_are_alike(first, other_second) and _are_alike(second, other_first)):
        return False
    if _are_alike(first, second) or _is_list(between, names):
        return False
    return _is_named(first, names) and _is_named(second, names)


def _is_named(words: Sequence[str], names: frozenset[str]) -> bool:
    left = [word for word in words if word not in _PARTICLES]
    if not left or any(map(is_number, left)):
        return False
    if len(left) == 1 and "\u0600" <= left[0][0] <= "\u06ff":
        return len(left[0]) > _MOST
    return all(word in names for word in left)


def _is_list(between: Sequence[str], names: frozenset[str]) -> bool:
    left = [word for word in between if word not in names]
    return all(word in _AND for word in left) or (
        len(between) <= _LIST and not _AND.isdisjoint(left)
    )


def _are_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    return len(one) == len(other) and all(map(alike, one, other))
