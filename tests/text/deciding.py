"""Two texts of two posts, decided about: for the tests of `text/decide.py`."""

from __future__ import annotations

from archiver.text.decide import Between, Decision, Thresholds, decide
from archiver.text.measures import measure
from archiver.text.wording import wording


def told(one: str, other: str, hours: float = 0.5, own: bool = False) -> Decision:
    """What the second text, so many hours later, is to the first."""
    between = Between(hours, own)
    return decide(measure(wording(one), wording(other)), between, Thresholds())


def joined(one: str, other: str, hours: float = 0.5, own: bool = False) -> bool:
    """Whether the two are one statement."""
    relation = told(one, other, hours, own).relation
    return relation is not None and relation.collapses
