"""Two texts word by word: how alike, and where they part."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archiver.text.compare import compare, nearest
from archiver.text.measures import measure
from archiver.text.wording import wording

WORDS = st.lists(
    st.sampled_from(["the", "ferry", "sails", "at", "nine", "ten", "never"]), max_size=30
)


def test_a_changed_word_is_shown_in_both_texts() -> None:
    found = compare(["the", "ferry", "sails", "at", "nine"], ["the", "ferry", "sails", "at", "ten"])
    assert (found.at, found.first, found.second) == (4, ("nine",), ("ten",))
    assert found.similarity == 0.8


def test_an_addition_is_shown_against_nothing() -> None:
    found = compare(["a", "b"], ["a", "x", "y", "b"])
    assert (found.at, found.first, found.second) == (1, (), ("x", "y"))


@given(WORDS, WORDS)
def test_the_measure_is_symmetric_and_one_only_for_equals(one: list[str], other: list[str]) -> None:
    found = compare(one, other)
    assert 0 <= found.similarity <= 1
    assert found.similarity == compare(other, one).similarity
    assert (found.similarity == 1) == (one == other)
    assert one[: found.at] == other[: found.at]


def test_words_a_slip_or_two_away_are_near() -> None:
    known = ["ferry", "ferries", "fairy", "harbour", "harbor", "паром"]
    assert nearest("ferrry", known) == [("ferry", 1)]
    assert nearest("hrabour", known) == [("harbour", 1), ("harbor", 2)]
    assert nearest("ferry", ["ferry"]) == []
    assert nearest("пароп", known) == [("паром", 1)]


def test_exchanged_letters_are_a_slip_and_another_letter_is_a_word() -> None:
    text = "The guards of the old {} went home"
    assert measure(wording(text.format("port")), wording(text.format("prot"))).slots == ()
    assert measure(wording(text.format("port")), wording(text.format("fort"))).slots == (5,)


def test_the_places_where_texts_part_are_counted() -> None:
    one, other = "a ferry sails at nine from the quay", "the ferry sails at ten from the old quay"
    assert measure(wording(one), wording(other)).places == 3


def test_figures_that_differ_in_a_part_are_shown_whole() -> None:
    one = ["the", "port", "lost", "1", "500", "000", "crowns"]
    other = ["the", "port", "lost", "1", "7", "million", "crowns"]
    found = compare(one, other)
    assert (found.at, found.first, found.second) == (3, ("1", "500", "000"), ("1", "7", "million"))
    found = compare(
        ["in", "2024", "eight", "boats", "sank"], ["in", "2024", "nine", "boats", "sank"]
    )
    assert (found.at, found.first, found.second) == (2, ("eight",), ("nine",))
