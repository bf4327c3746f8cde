"""Which pairs of bodies are foreseen to be asked about."""

from __future__ import annotations

import pytest

from archiver.ahead import CANDIDATES, Ahead
from archiver.judging import Told
from archiver.text.wording import wording

WORDS = wording(" ".join(f"word{n}" for n in range(50)))  # two fingerprints in common are asked for


def told(body: int, *prints: int) -> Told:
    return Told(body, WORDS, list(prints))


def test_a_body_is_foreseen_to_be_asked_about_those_before_it_that_share_fingerprints() -> None:
    ahead = Ahead(hot={9}, before={1: [5], 2: [5]})
    assert ahead.likely(told(10, 1, 2, 3, 4), {}) == [5]
    assert ahead.likely(told(11, 2, 3, 4, 6), {7: 3}) == [10, 7]
    assert ahead.likely(told(12, 9, 20, 21), {}) == []
    assert ahead.likely(told(13, 9, 20, 30), {}) == []  # 9 is boilerplate


@pytest.mark.parametrize(("shared", "leads"), [(6, True), (7, False)])
def test_what_has_the_fingerprints_of_an_earlier_body_is_not_foreseen_to_lead(
    shared: int, leads: bool
) -> None:
    ahead = Ahead(set(), {})
    first = tuple(range(shared)) + tuple(range(100, 110 - shared))
    assert ahead.likely(told(10, *first), {}) == []
    assert ahead.likely(told(11, *range(shared), *range(200, 210 - shared)), {}) == [10]
    assert (11 in ahead.likely(told(12, *first), {})) is leads


def test_no_more_than_the_nearest_are_foreseen() -> None:
    ahead = Ahead(set(), {})
    shared = {body: 2 + body % 3 for body in range(20)}
    found = ahead.likely(told(50, *range(1_000, 1_012)), shared)
    assert found == sorted(shared, key=lambda body: (-shared[body], -body))[:CANDIDATES]
