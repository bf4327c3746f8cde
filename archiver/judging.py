"""What near copies are compared by, and how a pair is judged; texts alone, nothing of the archive.

All of it may be done in other processes (see fronts.py), so values are plain and few.
"""

from __future__ import annotations

import marshal
from array import array
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from archiver.store.prints import BodyText
from archiver.text.body import comparable_words
from archiver.text.compare import kept_words
from archiver.text.cuts import apply_cuts, read_cuts
from archiver.text.decide import Between, Relation, Thresholds, concluded
from archiver.text.measures import measure
from archiver.text.prints import codes_and_prints
from archiver.text.wording import Wording, names_in, wording

FEWEST_WORDS = 4  # of a body that may be a near copy
_NO_REFERENCES = 2  # the version of marshal's form in which equal values are equal bytes
_LEAST = 0.4  # of the shorter text in common, or the pair is not looked at any further

Footers = Mapping[int, frozenset[str]]
Pair = tuple[int, int]  # the earlier body and the later one


class Told(NamedTuple):
    """A body ready to be compared; `made` is its wording, packed (`wording_in`).

    Packed, since few are asked for where they are decided about: others compare them, and to them
    and back bytes go in a tenth of the time.
    """

    body: int
    made: bytes
    words: int
    prints: list[int]


class Found(NamedTuple):
    """What a later body is to an earlier one, as far as anything follows from it."""

    relation: Relation | None
    score: float
    slots: tuple[int, ...]
    sizes: tuple[int, int]  # words of the earlier, of the later

    @property
    def collapses(self) -> bool:
        """Whether the two are one statement."""
        return self.relation is not None and self.relation.collapses


class Question(NamedTuple):
    """A body and the earlier ones it may be a copy of, each with what stands between (Between).

    What an earlier one is compared by may have to be made of its text.
    """

    body: int
    later: bytes
    earlier: list[tuple[int, bytes | BodyText, float | None, bool]]


class Answers(NamedTuple):
    """What is known of pairs now, and the wordings that were made for it, packed."""

    found: dict[Pair, Found | None]
    made: dict[int, bytes]


def lines_of(channel: int, fwd_channel: int | None, footers: Footers) -> frozenset[str]:
    """The footers of a post: a forward loses those of its origin, too."""
    lines = footers.get(channel, frozenset())
    if fwd_channel is not None and fwd_channel in footers:
        lines = lines | footers[fwd_channel]
    return lines


def tell(found: Sequence[BodyText], footers: Footers) -> list[Told]:
    """The wording and the fingerprints of each text."""
    told = []
    for each in found:
        text = _plain(each)
        words = comparable_words(text, lines_of(each.channel, each.fwd_channel, footers))
        told.append(Told(each.body, *_made(text, " ".join(words), words)))
    return told


def packed(text: str, plain: str, words: Sequence[str]) -> bytes:
    """What a text without its cuts is compared by, as bytes; its comparable form is given."""
    made, count, found = _made(text, plain, words)
    return marshal.dumps((made, count, array("Q", found).tobytes()))


def unpacked(body: int, kept: bytes) -> Told:
    """What was packed, as that of a body."""
    made, count, found = marshal.loads(kept)
    return Told(body, made, count, array("Q", found).tolist())


def _made(text: str, plain: str, words: Sequence[str]) -> tuple[bytes, int, list[int]]:
    codes, found = codes_and_prints(words)
    return pack(Wording(plain, codes, names_in(text))), len(codes), found


def pack(words: Wording) -> bytes:
    """A wording as bytes: the same for the same one."""
    return marshal.dumps(tuple(words), _NO_REFERENCES)


@lru_cache(maxsize=512)  # a body is compared with up to eight others, one after the other
def wording_in(made: bytes) -> Wording:
    """The wording that was packed."""
    return Wording(*marshal.loads(made))


def wording_of(found: BodyText, footers: Footers) -> Wording:
    """What a body is compared by, made of its text."""
    return wording(_plain(found), lines_of(found.channel, found.fwd_channel, footers))


def _plain(found: BodyText) -> str:
    return apply_cuts(found.text, read_cuts(found.cuts)) if found.cuts else found.text


def judge(
    earlier: Wording, later: Wording, between: Between, thresholds: Thresholds
) -> Found | None:
    """What the later text is to the earlier one; None where nothing follows from it."""
    sizes = len(earlier.codes), len(later.codes)
    common = kept_words(earlier.codes, later.codes, int(_LEAST * min(sizes)))
    if not common:
        return None
    measures = measure(earlier, later, common)
    relation, score, slots = concluded(measures, between, thresholds)
    if relation is None and not slots:
        return None
    return Found(relation, score, slots, sizes)


def answers(questions: Sequence[Question], footers: Footers, thresholds: Thresholds) -> Answers:
    """Judge every pair."""
    made: dict[int, bytes] = {}
    found: dict[Pair, Found | None] = {}
    for later, words, others in questions:
        wording = wording_in(words)
        for body, one, hours, own in others:
            if isinstance(one, BodyText):
                if body not in made:
                    made[body] = pack(wording_of(one, footers))
                one = made[body]
            between = Between(hours, own)
            found[body, later] = judge(wording_in(one), wording, between, thresholds)
    return Answers(found, made)
