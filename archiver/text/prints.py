"""Fingerprints: a few of a text's word 3-grams, chosen alike in every text that has them.

An eighth of all 3-grams (FracMinHash: two texts share prints in proportion to what they share,
however unequal their lengths) and the smallest ones, so that a short text has some.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import lru_cache
from itertools import compress
from struct import unpack_from

from archiver.text.wording import HASH_UNITS, HASHES, codes_in

PRINTS_VERSION = 1

# One in eight, those with h & 7 == 0; by their lowest byte, as a table for `translate`.
_IS_SAMPLED = bytes(byte & 7 == 0 for byte in range(256))
_SMALLEST = 5
# Flashes are reworded in half of their 3-grams, and have few.
_SHORT = 40
_SMALLEST_OF_SHORT = 8
_LANES = 64  # words that masks are made for at least; then twice as many, and so on
_BITS = 24  # of 64 are dropped: 40 make a small row, and meet by chance once in 150,000 at 1M posts


def prints(words: Sequence[str]) -> list[int]:
    """The fingerprints of a text's words, ascending.

    >>> prints(["a", "b"]) == prints(["a", "b"]) != prints(["b", "a"])
    True
    """
    return codes_and_prints(words)[1]


def codes_and_prints(words: Sequence[str]) -> tuple[str, list[int]]:
    """The words as code points, and their fingerprints: both are made of the same look-ups."""
    found = array("I", b"".join(map(HASHES.__getitem__, words)))
    codes = codes_in(found)
    if len(codes) < 3:
        return codes, [_whole(found) >> _BITS] if codes else []
    size = _SMALLEST_OF_SHORT if len(codes) < _SHORT else _SMALLEST
    packed = _grams(found, len(codes))
    grams = unpack_from(f"<{len(codes) - 2}Q", packed)
    kept = {gram >> _BITS for gram in compress(grams, packed[:-16:8].translate(_IS_SAMPLED))}
    kept.update([gram >> _BITS for gram in _smallest(grams, packed, size)])
    return codes, sorted(kept)


def _smallest(grams: tuple[int, ...], packed: bytes, size: int) -> list[int]:
    """So many of the smallest 3-grams, each once."""
    # They lie below this nearly always, by their highest byte: sorting all takes twice as long.
    most = min(255, (4 * size << 8) // len(grams))
    smallest = sorted(set(compress(grams, packed[7:-16:8].translate(_up_to(most)))))
    if len(smallest) < size:
        smallest = sorted(set(grams))
    return smallest[:size]


@lru_cache(maxsize=256)
def _up_to(most: int) -> bytes:
    """The bytes up to one, as a table for `translate`: 1 for these, 0 for the others."""
    return b"\1" * (most + 1) + bytes(255 - most)


def _grams(found: array[int], count: int) -> bytes:
    """The 3-grams: the hash of a word, of the next and of the next but one, each turned further.

    All of them at once, as one long number with 64 bits a word, of which the last two are no gram.
    """
    lanes = _lanes(found, count)
    room = _LANES << max(0, (count - 1).bit_length() - 6)
    whole = lanes ^ _turned(lanes, 21, room) >> 64 ^ _turned(lanes, 42, room) >> 128
    return whole.to_bytes(8 * count, "little")


def _lanes(found: array[int], count: int) -> int:
    """The hashes of words without their code points, as one number."""
    units = array("I", bytes(8 * count))
    units[::2] = found[1::HASH_UNITS]
    units[1::2] = found[2::HASH_UNITS]
    return int.from_bytes(units.tobytes(), "little")


def _turned(lanes: int, bits: int, room: int) -> int:
    """Each 64 bits turned to the left."""
    high, low = _masks(bits, room)
    return (lanes & high) << bits | lanes >> (64 - bits) & low


@lru_cache(maxsize=64)
def _masks(bits: int, room: int) -> tuple[int, int]:
    """What stays of each 64 bits of a long number turned to the left, and what comes around."""
    one = int.from_bytes(b"\1\0\0\0\0\0\0\0" * room, "little")
    return one * ((1 << (64 - bits)) - 1), one * ((1 << bits) - 1)


def _whole(found: array[int]) -> int:
    """The one fingerprint of one or two words."""
    count = len(found) // HASH_UNITS
    lanes = _lanes(found, count)
    return (lanes ^ _turned(lanes, 21, _LANES) >> 64) & 0xFFFF_FFFF_FFFF_FFFF
