"""How two comparable texts differ, word by word; the only module that imports rapidfuzz."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel, Opcode

_SHOWN = 8  # differing words of either text


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
