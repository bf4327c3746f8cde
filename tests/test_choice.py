"""Which of the statements that a body was compared with it belongs to."""

from __future__ import annotations

import pytest

from archiver.choice import best, hopeful
from archiver.judging import Found
from archiver.text.decide import Relation

LEADERS = {1: 1, 2: 2, 3: 1}  # 3 is a version of 1


def found(relation: Relation, score: float) -> Found:
    return Found(relation, score, (), (20, 20))


@pytest.mark.parametrize(
    ("first", "second", "chosen"), [(0.91, 0.99, 1), (0.7, 0.99, 2), (0.61, 0.62, 1)]
)
def test_of_two_that_are_sure_the_first_statement_counts(
    first: float, second: float, chosen: int
) -> None:
    judged = [(2, found(Relation.NEAR, second)), (1, found(Relation.NEAR, first))]
    decided = best(judged, LEADERS.__getitem__)
    assert decided is not None
    assert decided[0] == chosen


def test_of_one_statement_the_nearest_version_is_named() -> None:
    judged = [(1, found(Relation.NEAR, 0.92)), (3, found(Relation.NEAR, 0.97))]
    assert best(judged, LEADERS.__getitem__) == judged[1]


def test_no_statement_is_joined_in_which_one_says_the_opposite() -> None:
    judged = [(1, found(Relation.OPPOSITE, 0.9)), (3, found(Relation.NEAR, 0.97))]
    assert best(judged, LEADERS.__getitem__) is None


def test_versions_are_looked_at_of_leaders_that_share_wording() -> None:
    judged = [(3, found(Relation.CONTAINS, 0.4)), (2, found(Relation.OPPOSITE, 0.9))]
    assert hopeful(judged, LEADERS.__getitem__) == [1]
