"""Are two texts one statement? A transparent weighing of named features, fitted to real posts.

The score is the probability of a logistic model: its weights are below, what each of them did to
a pair is told by `archiver why`. They were fitted on labelled pairs of real posts (and, at a
two-hundredth of their weight, on a synthetic corpus): benchmarks/README.md. What they say: the
share of common words decides, and the longest stretch of them in a row, for the same news in other
words shares as many, but scattered; other numbers speak against it, other entries a month later,
and the same channel, which repeats its templates while copies stand in other channels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from zlib import crc32

from archiver.text.measures import SHORT, Measures
from archiver.text.rules import ANOTHER, ANOTHER_DAY, BRIEF, MEANT, TEMPLATE
from archiver.text.rules import veto as veto_of
from archiver.text.turns import EXCHANGED, OPPOSITE, TAKEN_BACK, Turn

# Raise it whenever the same two posts would be decided otherwise: all are looked at again.
DECISION_VERSION = 7

BASE = -9.5
WEIGHTS = {
    "alike": 6.8,
    "rest": 3.0,
    "run": 4.64,
    "grams": 4.06,
    "swapped": -1.0,
    "numbers": -3.5,
    "late": -1.0,
    "reissued": -3.8,
    "own": -2.24,
}

# Of undated posts nobody knows how far apart they are.
_UNDATED_HOURS = 24.0
# Days weigh less the more there are; beyond two years no more.
_LATEST = 3.0
_MANY_SWAPPED = 6
_OTHER_ISSUE = 0.05  # of all words of both are not common: a month later that is another issue
_LIMIT = 2.0

# Reminders come again a day later with another deadline. Of the labelled copies that were so late
# all but one have more, of the pairs to be kept apart all but re-issues of one catalogue less.
NEXT_DAY = 20.0  # hours
_SURE = 0.9
_LIKELY = 0.5  # of the score from which they are one: an opposite is worth a link days later too
# What only leaves words out or adds some is no other event, late as it may be, unless it adds a
# number: "until the 15th". Without a phrase that stood in them before, notices came again four
# weeks later at the earliest.
_PLAIN_HOURS = 168.0
_RETOLD = 0.9  # of all words: reminders that came again a day later had fewer in common

# Daily statistics and alerts are short and alike but for the slots; a list that is re-issued with
# other entries is long.
_FORM_ALIKE = 0.85
_FORM_WORDS = 60
_FILLING_BITS = 16
_FORM_SLOTS = 3  # filled in four places, the same words do not come again by chance

_WHOLE = 0.85  # of the shorter text stands in the longer one
_FEWEST_WORDS = 10  # of a text that is held to be a part of another
_TWICE = 2.0  # a text that long has the other as a part
_COVERED = 0.70  # of the later text; the rest may be new
_ADDED = 14  # words
# A comment of a sentence or two before a text that stands whole in the later one.
_WHOLLY = 0.9
_COMMENT = 30  # words
_MOVED = 0.5  # of the 3-grams
_RELATED = 0.6
_SHARING = (ANOTHER, MEANT)  # rules of what may be worth a link


class Relation(StrEnum):
    """What a text is to an earlier one."""

    NEAR = "near"  # the same statement, edited
    PART = "part"  # the same statement, cut short
    CONTAINS = "contains"  # it has the whole other one, and much more: a comment, a digest
    INSIDE = "inside"  # it stands in the other one, which is a digest
    OVERLAP = "overlap"  # paragraphs of one stand in the other
    RELATED = "related"  # much of the wording is the same, and the statement is not
    OPPOSITE = "opposite"  # nearly all of the wording is the same, and it says the contrary

    @property
    def collapses(self) -> bool:
        """Whether the two are one statement."""
        return self in (Relation.NEAR, Relation.PART)


@dataclass(frozen=True, slots=True)
class Between:
    """What stands between two posts besides their words."""

    hours: float | None
    own: bool  # both in one channel


@dataclass(frozen=True, slots=True)
class Decision:
    """The relation of a later text to an earlier one, or None, and how it came about.

    `score` is the probability that a reader calls the two one text; `parts` what each feature
    added to its logarithm. `veto` names the rule that kept them apart whatever the score was.
    """

    relation: Relation | None
    score: float
    parts: dict[str, float]
    veto: str | None = None
    # Where the same channel put other words into the same short sentence: places in the later text,
    # each with the words of the earlier one (`slot_of`).
    slots: tuple[int, ...] = ()
    asked: float = 0.5  # the score from which these two would be one statement
    turned: Turn | None = None  # the words that make the opposite of one of the other


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores from which two texts are one statement, or linked."""

    collapse: float = 0.5
    link: float = 0.05


def decide(found: Measures, between: Between, thresholds: Thresholds) -> Decision:
    """What the second, later text is to the first."""
    parts = {name: WEIGHTS[name] * value for name, value in features(found, between).items()}
    score = 1 / (1 + math.exp(-(BASE + math.fsum(parts.values()))))
    # Opposites score high, days later less: what else differs decides of most others.
    turned = found.turned() if score >= _LIKELY * thresholds.collapse else None
    veto = veto_of(found, _hours(between), between.own, turned)
    relation = None
    asked = _asked(found, between, thresholds)
    if veto is None and score >= asked:
        relation = _collapsed(found)
    if relation is None:
        relation = _beside(found, between, score, veto, turned, thresholds)
    return Decision(relation, score, parts, veto, _form_slots(found, veto), asked, turned)


def concluded(
    found: Measures, between: Between, thresholds: Thresholds
) -> tuple[Relation | None, float, tuple[int, ...]]:
    """Relation, score and slots of `decide`; the score of what a rule keeps apart is left at 0.

    Nobody asks for that one: so most pairs, which are templates, cost a third.
    """
    hours = _hours(between)
    veto = veto_of(found, hours, between.own, None)
    is_linked = veto in _SHARING and not found.slots
    if veto is not None and not is_linked and not _may_be_turned(found, veto, hours):
        return None, 0.0, _form_slots(found, veto)
    decision = decide(found, between, thresholds)
    return decision.relation, decision.score, decision.slots


def _may_be_turned(found: Measures, veto: str, hours: float) -> bool:
    """Whether one may be linked as the opposite of the other; the next one of a form never is.

    Of the templates that a pass judges, half give another figure: that links nothing.
    """
    return not (veto == TEMPLATE and hours >= ANOTHER_DAY) and found.contrary() is not None


def features(found: Measures, between: Between) -> dict[str, float]:
    """The named features of a pair, each about 0 to 3."""
    hours = _hours(between)
    late = min(_LATEST, math.log1p(hours) / math.log1p(24))
    if _is_plain(found, between) and not found.only[1]:
        late = 0.0  # only words left out or moved: the copy is no less one for being late
    # A headline before it and a tail cut off do not stand for each other.
    framed = found.is_framed
    swapped = 0 if framed else min(found.only)
    return {
        "alike": found.alike,
        "rest": 1 - sum(found.only) / max(1, sum(found.words)),
        "run": found.run,
        "grams": found.grams,
        "swapped": min(1.0, math.log1p(swapped) / math.log(_MANY_SWAPPED)),
        "numbers": 0.0 if framed else _changed(found),
        "late": late,
        "reissued": min(1.0, max(0.0, late - 1)) * min(1.0, (1 - found.alike) / _OTHER_ISSUE),
        "own": float(between.own),
    }


def _asked(found: Measures, between: Between, thresholds: Thresholds) -> float:
    """The score from which two texts are one statement: more than else a day later."""
    hours = between.hours
    if hours is None or abs(hours) < NEXT_DAY or _is_plain(found, between):
        return thresholds.collapse
    if _is_retold(found, between):
        return thresholds.collapse
    return max(thresholds.collapse, _SURE)


def _hours(between: Between) -> float:
    return _UNDATED_HOURS if between.hours is None else abs(between.hours)


def _is_plain(found: Measures, between: Between) -> bool:
    """Whether words are only left out or added, in another channel and within a week."""
    if between.own or found.swaps or min(found.only) or found.numbers[1]:
        return False
    return _hours(between) <= _PLAIN_HOURS


def _is_retold(found: Measures, between: Between) -> bool:
    """Whether another channel tells a long text within a week, and hardly a word is another."""
    if between.own or min(found.words) < SHORT or found.alike < _RETOLD:
        return False
    return not any((*found.numbers, *found.names)) and _hours(between) <= _PLAIN_HOURS


def _changed(found: Measures) -> float:
    """How much numbers weigh that are others in the other text: much in few words."""
    return min(_LIMIT, min(found.numbers) * (0.5 + 12 / max(1, min(found.words))))


def _form_slots(found: Measures, veto: str | None) -> tuple[int, ...]:
    """The places that other words fill in a short sentence of the same channel."""
    if veto != TEMPLATE or found.alike < _FORM_ALIKE or min(found.words) >= _FORM_WORDS:
        return ()
    if len(found.slots) > _FORM_SLOTS:
        return ()
    return tuple(
        slot_of(at, found.texts[0][a:b]) for a, b, at, _ in found.stretches if at in found.slots
    )


def slot_of(place: int, filling: Sequence[str]) -> int:
    """A place of a sentence and what filled it before, as one number; `place_of` parts them."""
    return place << _FILLING_BITS | crc32(" ".join(filling).encode()) & ((1 << _FILLING_BITS) - 1)


def place_of(slot: int) -> int:
    """The place of a slot."""
    return slot >> _FILLING_BITS


def _collapsed(found: Measures) -> Relation | None:
    """Near, part, or None where the later text adds too much to be the same statement."""
    earlier, later = found.words
    if later * _TWICE < earlier:
        whole = found.kept >= _WHOLE and later >= _FEWEST_WORDS
        return Relation.PART if whole or _is_begun(found) else None
    added = later - earlier
    if added > _ADDED and earlier < _COVERED * later and not _is_commented(found, added):
        return None
    return Relation.NEAR


def _is_begun(found: Measures) -> bool:
    """Whether the later text is how the earlier one begins, word by word, and then breaks off."""
    later = found.words[1]
    return later >= BRIEF and found.stretches == [(later, found.words[0], later, later)]


def _is_commented(found: Measures, added: int) -> bool:
    """Whether the later text is the earlier one, and less than as much again about it."""
    earlier = found.words[0]
    whole = found.kept >= _WHOLLY and earlier >= _FEWEST_WORDS
    return whole and added <= min(earlier, _COMMENT)


def _beside(
    found: Measures,
    between: Between,
    score: float,
    veto: str | None,
    turned: Turn | None,
    thresholds: Thresholds,
) -> Relation | None:
    """What joins two texts that are two statements, if anything does.

    The opposite of a statement is worth seeing beside it, but for the next one of a form; so
    is one in which those who act have changed places, or that takes the same back.
    """
    if veto in (EXCHANGED, TAKEN_BACK):
        return Relation.RELATED
    if veto is None or (veto in _SHARING and not found.slots):
        return _linked(found, score, thresholds)
    if (
        turned is not None
        and turned.opposite
        and (veto == OPPOSITE or _hours(between) < ANOTHER_DAY)
    ):
        return Relation.OPPOSITE
    return None


def _linked(found: Measures, score: float, thresholds: Thresholds) -> Relation | None:
    earlier, later = found.words
    if min(earlier, later) < _FEWEST_WORDS:
        return None
    if max(found.kept, found.grams) >= _WHOLE and earlier != later:
        if later > earlier:
            return Relation.CONTAINS
        return Relation.INSIDE
    if score < thresholds.link:
        return None
    if found.grams >= _MOVED and found.kept < _RELATED:
        return Relation.OVERLAP
    return Relation.RELATED
