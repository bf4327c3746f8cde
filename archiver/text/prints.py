"""Fingerprints: a few of a text's word 3-grams, chosen alike in every text that has them.

An eighth of all 3-grams (FracMinHash: two texts share prints in proportion to what they share,
however unequal their lengths) and the smallest ones, so that a short text has some.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import xor

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
    hashes = list(map(HASHES.__getitem__, words))
    if len(hashes) < 3:
        return [_whole(hashes) >> _BITS] if hashes else []
    first, second, third, _ = zip(*hashes, strict=True)
    grams = set(map(xor, map(xor, first, second[1:]), third[2:]))
    size = _SMALLEST_OF_SHORT if len(words) < _SHORT else _SMALLEST
    kept = {gram for gram in grams if not gram & _SAMPLED}
    kept.update(sorted(grams)[:size])
    return sorted({gram >> _BITS for gram in kept})


def _whole(hashes: Sequence[WordHash]) -> int:
    return hashes[0][0] ^ (hashes[1][1] if len(hashes) > 1 else 0)
