"""Fingerprints: a few of a text's word 3-grams, chosen alike in every text that has them.

An eighth of all 3-grams (FracMinHash: two texts share prints in proportion to what they share,
however unequal their lengths) and the smallest ones, so that a short text has some.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence

from archiver.text.wording import HASHES, WordHash

PRINTS_VERSION = 1

_SAMPLED = 7  # h & 7 == 0: one in eight
_SMALLEST = 5
# Flashes are reworded in half of their 3-grams, and have few.
_SHORT = 40
_SMALLEST_OF_SHORT = 8
_BITS = 24  # of 64 are dropped: 40 make a small row, and meet by chance once in 150,000 at 1M posts


def prints(words: Sequence[str]) -> list[int]:
    """The fingerprints of a text's words, ascending.

    >>> prints(["a", "b"]) == prints(["a", "b"]) != prints(["b", "a"])
    True
    """
    return codes_and_prints(words)[1]


def codes_and_prints(words: Sequence[str]) -> tuple[str, list[int]]:
    """The words as code points, and their fingerprints: both are made of the same look-ups."""
    hashes = list(map(HASHES.__getitem__, words))
    if len(hashes) < 3:
        codes = "".join([found.code for found in hashes])
        return codes, [_whole(hashes) >> _BITS] if hashes else []
    letters, first, second, third = zip(*hashes, strict=True)
    size = _SMALLEST_OF_SHORT if len(words) < _SHORT else _SMALLEST
    grams = _grams(first, second, third)
    # The smallest lie below this nearly always: sorting all of them takes twice as long.
    most = (4 * size << 64) // len(grams)
    smallest = sorted({gram for gram in grams if gram < most})
    if len(smallest) < size:
        smallest = sorted(set(grams))
    kept = [gram >> _BITS for gram in grams if not gram & _SAMPLED]
    kept += [gram >> _BITS for gram in smallest[:size]]
    return "".join(letters), sorted(set(kept))


def _grams(first: Sequence[bytes], second: Sequence[bytes], third: Sequence[bytes]) -> array[int]:
    """The 3-grams: one of each put together, all of them in one operation on long numbers."""
    parts = (first[:-2], second[1:-1], third[2:])
    one, two, three = (int.from_bytes(b"".join(part), sys.byteorder) for part in parts)
    return array("Q", (one ^ two ^ three).to_bytes(8 * (len(first) - 2), sys.byteorder))


def _whole(hashes: Sequence[WordHash]) -> int:
    whole = int.from_bytes(hashes[0].first, sys.byteorder)
    return whole ^ (int.from_bytes(hashes[1].second, sys.byteorder) if len(hashes) > 1 else 0)
