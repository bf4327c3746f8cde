"""Letters of another script that look the same hide no copy; and what is mixed on purpose stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.text.body import comparable
from archiver.text.lookalikes import in_one_script

SAID = "Порт закрыт до весны: сообщил в понедельник совет старой гавани у маяка на мысу"
TWINS = dict(zip("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx", strict=True))


@pytest.mark.parametrize("letter", TWINS)
def test_a_twin_of_the_other_script_hides_no_copy(letter: str) -> None:
    word = f"пи{letter}лви" if letter.islower() else f"{letter}илви"
    text, hidden = (f"{SAID} {each}" for each in (word, word.replace(letter, TWINS[letter])))
    assert text != hidden
    assert comparable(text) == comparable(hidden)


def test_a_cyrillic_letter_in_a_latin_word_is_none() -> None:
    assert comparable("The sесret of the hаrbоur") == "the secret of the harbour"


@pytest.mark.parametrize("word", ["usbшник", "ютуб2go", "юdom", "оk", "ok", "a", "а"])
def test_what_has_no_twin_for_all_its_letters_stays(word: str) -> None:
    assert in_one_script(f"и {word}, где") == f"и {word}, где"


def test_a_link_to_a_twin_of_a_name_is_another_link() -> None:
    assert comparable("https://pаypal.example/1") != comparable("https://paypal.example/1")


def test_a_footer_with_a_twin_is_that_footer() -> None:
    footers = frozenset([comparable("Речной вестник, новости гавани и островов")])
    assert comparable(
        f"{SAID}\n\nРeчной вecтник, новоcти гавани и островов", footers
    ) == comparable(SAID)


@given(st.text("аоеbвшi z1-\n", max_size=40))
def test_once_in_one_script_a_text_stays(text: str) -> None:
    once = in_one_script(text)
    assert in_one_script(once) == once
    assert len(once) == len(text)
