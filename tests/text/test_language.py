"""Which language a text is in, as far as its letters and common words tell."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.text import language as module
from archiver.text.fold import fold_text
from archiver.text.language import language, language_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Паром отправится в девять часов утра, билеты на пристани.", "ru"),
        ("Пором вирушає о дев'ятій годині, квитки на пристані.", "uk"),
        ("Паром адыходзіць а дзявятай, білеты ў касе.", "be"),
        ("The ferry leaves at nine, tickets are sold on the pier.", "en"),
        ("Die Fähre fährt um neun, Karten gibt es auf der Brücke.", "de"),
        ("El transbordador sale a las nueve; los billetes se venden en el muelle.", "es"),
        ("Le bateau part à neuf heures, les billets sont vendus sur le quai.", "fr"),
        ("Il traghetto parte alle nove e i biglietti si vendono sul molo della città.", "it"),
        ("غادرت العبارة في التاسعة من الميناء", "ar"),
        ("کشتی ساعت نه از بندر حرکت می‌کند", "fa"),
        ("渡轮九点出发", "zh"),
        ("フェリーは九時に出ます", "ja"),
        ("여객선은 아홉 시에 출발합니다", "ko"),
        ("เรือออกเก้าโมง", "th"),
        ("המעבורת יוצאת בתשע", "he"),
        ("Ferry", ""),
        ("Паром", ""),
        ("12:30 🚢", ""),
        ("", ""),
    ],
)
def test_a_text_is_in_a_language_or_nobody_knows(text: str, code: str) -> None:
    assert language(fold_text(text)) == code


def test_an_address_is_in_no_language() -> None:
    short = "На полюсах нашли пятна"
    long = "The pilots of this harbour were not told of it"
    for address in (
        "https://boats.example/o/article/polyusa/v-more-nashli-novye-pyatna-na-com",
        "www.boats.example/do/um",
        "(t.me/boats/12)",
        "http://boats.example/паром/и/в/не",
    ):
        for text in (f"{short} {address}", f"{address}\n{short}"):
            assert language_of(text, fold_text(text)) == "ru"
        assert language_of(text := f"{long}: {address}", fold_text(text)) == "en"
        assert language_of(address, fold_text(address)) == ""


@given(st.text(max_size=400))
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert language(fold_text(text)) in {
        "", "ar", "be", "bg", "de", "el", "en", "es", "fa", "fr", "he", "hi", "hy", "it", "ja",
        "ka", "ko", "nl", "pl", "pt", "ru", "sr", "th", "tr", "uk", "ur", "zh",
    }  # fmt: skip


def by_words(folded: str) -> str:
    """The language as it is defined: the script that half of the words have a letter of."""
    folded = folded[:300]
    half = (folded.count(" ") + 2) // 2
    for script, told in (
        (module._CYRILLIC, module._cyrillic),
        (module._LATIN, module._latin),
        (module._ARABIC, module._arabic),
    ):
        if len(script.findall(folded)) >= half:
            return told(folded)
    return next((code for letters, code in module._OTHER_SCRIPTS if letters.search(folded)), "")


PIECES = (
    "паром і маяк ўчора јутро ыэ їжа та що это как був ъъ the of la los der die 12 7a а1 м29 в"
    " من است 今 ферма\u0301 straße ѐ"
)


FEW = st.sampled_from(["паром", "это", "7", "12", "м29", "a", "the"])


@settings(max_examples=300)
@given(
    st.one_of(
        st.lists(FEW, max_size=6), st.lists(st.sampled_from(PIECES.split()), max_size=90)
    ).map(" ".join)
)
def test_counting_letters_tells_what_counting_words_tells(text: str) -> None:
    folded = fold_text(text)
    assert language(folded) == by_words(folded)


BITS = ["www.", "://", "t.me/", " ", "\n", "\u2003", "a", "w", "t", "я", "_", "x.y/", ":", "."]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(BITS), max_size=14).map("".join))
def test_addresses_are_whole_words_with_a_scheme_in_them(text: str) -> None:
    plain = re.sub(r"\S*(?:://|\bwww\.|\bt\.me/)\S*", " ", text)
    assert module._without_addresses(text) == plain


@given(st.lists(st.sampled_from(PIECES.split()), min_size=1, max_size=200), st.integers(1, 9))
def test_spaces_between_the_words_say_nothing(words: list[str], size: int) -> None:
    folded = fold_text(" ".join(words))
    assert language(folded.replace(" ", " " * size)) == language(folded)
