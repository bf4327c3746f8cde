"""Edited copies that are one statement, late or edited twice, and what is only like them."""

from __future__ import annotations

import pytest

from tests.text.deciding import joined, told

NOTICE = (
    "The harbour office tells all skippers that the inner basin is dredged from dusk to dawn, that"
    " lamps hang on both chains, and that whoever must pass calls the dredger on the old channel."
    " Fishing boats of the cooperative keep their berths, visitors find room behind the mole, and"
    " the ferry sails as ever, a little later when the wind stands against it. Questions are"
    " answered at the counter beside the scales from 9 to 17."
)
FLASH = (
    "The keeper of the lighthouse on the northern cape asks skippers to stay clear of the reef,"
    " since his lamp burns only in the first half of the night while the mechanics wait for parts"
)


def test_cut_behind_a_headline_of_its_own_it_is_a_copy() -> None:
    cut = NOTICE.rsplit(" Questions", 1)[0].rsplit(", and the ferry", 1)[0]
    assert joined(NOTICE, "All 3 basins of the harbour: read this before the 5th. " + cut)


def test_with_another_head_and_another_tail_it_is_not() -> None:
    middle = "lamps hang on both chains, and whoever must pass calls the dredger on the old channel"
    one = f"On Monday the inner basin is dredged from dusk to dawn, {middle}, says the office"
    other = f"The sound was swept for mines once more by two boats, {middle}, wrote the pilots"
    assert not joined(one, other)


@pytest.mark.parametrize(
    ("hours", "own", "one"), [(70, False, True), (170, False, False), (70, True, False)]
)
def test_a_long_text_told_elsewhere_within_a_week_may_have_some_words_changed(
    hours: float, own: bool, one: bool
) -> None:
    edited = NOTICE.replace("tells", "informs").replace("as ever", "as usual")
    edited = edited.replace("counter", "desk").replace("a little", "somewhat")
    edited = edited.replace("keep", "retain").replace("room", "space")
    found = told(NOTICE, edited, hours, own)
    assert found.score < 0.85
    assert joined(NOTICE, edited, hours, own) is one


@pytest.mark.parametrize(("words", "one"), [(33, True), (20, False)])
def test_one_word_of_many_is_a_synonym_hours_later_too(words: int, one: bool) -> None:
    text = " ".join(FLASH.split()[:words])
    assert joined(text, text.replace("asks", "begs"), hours=5) is one
    assert not joined(text, text.replace("asks", "begs"), hours=5, own=True)


@pytest.mark.parametrize(("words", "one"), [(8, True), (7, False)])
def test_the_first_words_of_a_text_are_a_part_of_it(words: int, one: bool) -> None:
    text = " ".join(FLASH.split()[:24])
    assert joined(text, " ".join(text.split()[:words]), hours=3) is one
    assert not joined(text, " ".join(text.split()[-words:]), hours=3)


@pytest.mark.parametrize(("hours", "one"), [(0.2, True), (5, False)])
def test_a_channel_that_says_it_hours_later_with_other_ends_tells_another_thing(
    hours: float, one: bool
) -> None:
    text = "a leak below the water line of the northern ferry at the old quay"
    first, second = f"{text}: drawings", f"Here is how a carpenter mends {text}"
    assert joined(first, second, hours, own=True) is one
    assert joined(first, second, hours, own=False)
