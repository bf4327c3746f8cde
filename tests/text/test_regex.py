"""Regular expressions: the words and letters that a text must hold lose no text that fits."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.text.fold import fold
from archiver.text.regex import _RARE, compiled, fitting, literal_words


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\bновые санкции\b.*банк", ("новые", "санкции")),
        ("санкции", ()),
        ("новые санкции против", ("санкции",)),
        (r"\bЁлка\b", ("елка",)),
        (r"\bп'ять\b слово,", ("слово",)),
        (r"\b3\.5 млн\b", ("3", "5", "млн")),
        (r"(один|два) слова тут", ("слова",)),
        ("один|два", ()),
        (r" слово? тут ", ("тут",)),
        (r" слово{0,3} тут ", ("тут",)),
        (r" слово+ тут ", ("тут",)),
        (r"\s*слово\s", ()),
        (r"(?i) слово ", ()),
        (r"(?! слово )тут", ()),
        (r"[ слово ] тут.", ()),
        (r"\x41 слово ", ("слово",)),
    ],
)
def test_whole_words_of_an_expression(pattern: str, words: tuple[str, ...]) -> None:
    assert literal_words(pattern) == words


@pytest.mark.parametrize("pattern", ["(", "[", "*", "(?P<a", "a{99999999999}", "(?<=a+)b"])
def test_what_is_no_expression_is_told_in_a_sentence(pattern: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        compiled(pattern)


PIECES = st.sampled_from(
    ["пар", "ом", "а", "3", " ", ",", "-", ".", r"\.", r"\b", r"\s", r"\d", r"\w", "^", "$", "(",
     ")", "(?:", "|", "?", "*", "+", "{0,2}", "{2}", "[аб]", "[^а]", "[ ]", "??", r"\(", "_",
     "Ё", "n", "щ"]
)  # fmt: skip
TEXTS = st.lists(
    st.sampled_from(
        ["пар", "ом", "а", "б", "3", "33", " ", ",", "-", ".", "(", "_", "ё", "N", "Щ", "\n"]
    ),
    max_size=14,
).map("".join)


@settings(max_examples=1500, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=9).map("".join), st.lists(TEXTS, max_size=8))
def test_no_text_that_fits_is_lost(pattern: str, texts: list[str]) -> None:
    try:
        expression = compiled(pattern)
    except ValueError:
        return
    words, fits = literal_words(pattern), fitting(pattern)
    for text in texts:
        found = expression.search(text) is not None
        assert fits(text) == found
        if found:
            assert set(words) <= set(fold(text)), text


@pytest.mark.parametrize(
    ("pattern", "fits", "not_"),
    [
        (r"\d{3}-\d{2}", "тел. 123-45", "123 45"),
        (r"щит.\d", "ЩИТ 5", "щит"),
        (r"\w+ЦЕ\w", "концерт", "цель"),
        (r"зука.от", "ЗУКАБОТ", "зука"),
        ("今.", "今天", "天"),
        (r"\d-я", "5-Я улица", "5-й"),
        ("οδοσ", "ΟΔΟΣ", "οδο"),
        ("x.", "Xy", "y"),
    ],
)
def test_what_is_looked_for_first_loses_nothing(pattern: str, fits: str, not_: str) -> None:
    assert fitting(pattern)(fits)
    assert not fitting(pattern)(not_)


def test_rare_letters_have_one_other_case() -> None:
    every = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x110000)]))
    for letter in _RARE:
        assert set(re.findall(letter, every, re.IGNORECASE)) == {letter, letter.upper()}
