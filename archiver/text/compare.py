"""How alike texts and words are; the only module that imports rapidfuzz."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel, Opcode

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


def nearest(word: str, others: Sequence[str], count: int = 20) -> list[tuple[str, int]]:
    """The words no more than two slips away (one, for a short word), each with how many.

    A slip is a letter too many, missing, wrong, or exchanged with its neighbour.

    >>> nearest("ferrry", ["ferry", "fairy", "harbour"])
    [('ferry', 1)]
    """
    most = 1 if len(word) < 7 else 2
    found = process.extract(word, others, scorer=OSA.distance, score_cutoff=most, limit=count)
    return [(other, int(slips)) for other, slips, _ in found if other != word]
