"""Who has which fingerprint, of the bodies that a pass has not written to the index."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from archiver.ahead import CANDIDATES, closest, seems_copy
from archiver.judging import Told
from archiver.recent import Recent
from archiver.store.prints import HOTTEST, Fresh

WORDS = 50  # two fingerprints in common are asked for


def told(body: int, *prints: int) -> Told:
    return Told(body, b"", WORDS, list(prints))


def meet(recent: Recent, each: Told) -> list[int]:
    return recent.meet(Fresh(each.body, 0, 1), each)


def test_a_body_is_foreseen_to_be_asked_about_those_before_it_that_share_fingerprints() -> None:
    recent = Recent(hot=[9])
    assert meet(recent, told(5, 1, 2, 9)) == []
    assert meet(recent, told(10, 1, 2, 3, 4)) == [5, 5]
    assert Counter(meet(recent, told(11, 2, 3, 4, 6))) == {10: 3, 5: 1}
    assert meet(recent, told(12, 9, 20, 21)) == []  # 9 is boilerplate
    assert meet(recent, told(13, 9, 20, 30)) == [12]


def test_only_what_is_decided_and_leads_is_a_candidate() -> None:
    recent = Recent([])
    first, copy, later = told(5, 1, 2), told(6, 1, 2), told(7, 1, 2)
    for each in (first, copy, later):
        meet(recent, each)
    assert recent.shared(first, {}) == {}
    recent.lead(first)
    assert recent.shared(copy, {1: [3]}) == {5: 2, 3: 1}
    recent.drop(copy)
    assert recent.shared(later, {}) == {5: 2}
    recent.post(later, {})
    assert sorted(recent.written()) == [(1, 5), (1, 7), (2, 5), (2, 7)]
    assert meet(recent, told(8, 1, 2)) == []  # they are in the index now


def test_a_version_is_found_by_what_the_copy_it_was_compared_with_lacks() -> None:
    recent = Recent([])
    first, version = told(5, 1, 2), told(6, 1, 2, 3)
    for each in (first, version):
        meet(recent, each)
    recent.lead(first)
    recent.post(version, {}, without=frozenset(first.prints))
    assert sorted(recent.written()) == [(1, 5), (2, 5), (3, 6)]


def test_what_too_many_leaders_have_leads_nowhere_from_then_on() -> None:
    recent = Recent([])
    bodies = [told(body, 1, 1_000 + body) for body in range(1, HOTTEST + 3)]
    for each in bodies:
        meet(recent, each)
    for each in bodies[:-2]:
        recent.post(each, {})
    assert recent.turned == set()
    recent.post(bodies[-2], {})
    assert recent.turned == recent.hot & {1} == {1}
    assert recent.shared(bodies[-1], {}) == {}
    recent.post(bodies[-1], {})
    assert sorted(recent.written()) == [(1_000 + each.body, each.body) for each in bodies]


def test_leaders_of_the_archive_count_too() -> None:
    recent = Recent([])
    for body in (1_001, 1_002):
        meet(recent, told(body, 1))
    archived = {1: list(range(1, HOTTEST))}
    recent.post(told(1_001, 1), archived)
    assert recent.hot == set()
    recent.post(told(1_002, 1), archived)
    assert recent.hot == {1}


def test_versions_of_a_statement_make_no_boilerplate_of_it() -> None:
    recent = Recent([])
    first = told(1, 1, 2)
    versions = [told(body, 1, 2, 3) for body in range(2, 4 * HOTTEST)]
    for each in (first, *versions):
        meet(recent, each)
    recent.lead(first)
    for each in versions:
        assert recent.shared(each, {})[1] == 2
        recent.post(each, {}, without=frozenset(first.prints))
    assert recent.hot == set()
    kept = Counter(value for value, _ in recent.written())
    assert kept[1] == kept[2] == 1
    assert 1 < kept[3] < HOTTEST


@pytest.mark.parametrize("seed", range(20))
def test_the_short_way_counts_as_one_that_looks_at_every_body(seed: int) -> None:
    rng = random.Random(seed)
    recent = Recent([])
    leading: list[Told] = []
    waiting: list[Told] = []
    for body in range(1, 400):
        each = told(body, *sorted(rng.sample(range(30), 4)))
        meet(recent, each)
        waiting.append(each)
        while len(waiting) > rng.randrange(300):
            first = waiting.pop(0)
            held = Counter(value for other in leading for value in other.prints)
            hot = {value for value, count in held.items() if count > HOTTEST}
            assert hot <= recent.hot
            expected = {
                other.body: count
                for other in leading
                if (count := len(set(other.prints) & set(first.prints) - recent.hot))
            }
            assert recent.shared(first, {}) == expected
            if rng.random() < 0.3:
                recent.drop(first)
            else:
                recent.post(first, {})
                leading.append(first)


@pytest.mark.parametrize("seed", range(20))
def test_who_meets_nobody_near_it_has_no_candidate_when_it_is_its_turn(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though of a fingerprint that many have not all that wait are kept."""
    monkeypatch.setattr("archiver.recent._MOST", 2)
    rng = random.Random(seed)
    recent = Recent([])
    waiting: list[tuple[Told, int]] = []
    quiet = 0
    for body in range(1, 400):
        each = told(body, *sorted(rng.sample(range(12), 3)))
        most = max(Counter(meet(recent, each)).values(), default=0)
        waiting.append((each, most if recent.has_met_all(each) else 9))
        while len(waiting) > rng.randrange(30):
            first, expected = waiting.pop(0)
            assert max(recent.shared(first, {}).values(), default=0) <= expected
            quiet += expected < 2
            (recent.drop if rng.random() < 0.8 else lambda e: recent.post(e, {}))(first)
        if rng.random() < 0.02:
            while waiting:
                recent.drop(waiting.pop(0)[0])
            recent.written()
    assert quiet > 5


@pytest.mark.parametrize(("shared", "follows"), [(6, False), (7, True)])
def test_what_has_the_fingerprints_of_an_earlier_body_is_not_foreseen_to_lead(
    shared: int, follows: bool
) -> None:
    assert seems_copy(shared, told(10, *range(10))) is follows


def test_no_more_than_the_nearest_are_asked_about() -> None:
    shared = {body: 2 + body % 3 for body in range(20)}
    found = closest(shared, told(50, *range(1_000, 1_012)))
    assert found == sorted(shared, key=lambda body: (-shared[body], -body))[:CANDIDATES]
