"""The comparable form: what is noise, what is not, and what is left of very short posts."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.text.body import body_key, comparable, count_words

LONG = "Мост через реку закрыт до весны, сообщил в понедельник глава района Пётр Ёлкин"
PLAIN = "мост через реку закрыт до весны сообщил в понедельник глава района петр елкин"


@pytest.mark.parametrize(
    "copy",
    [
        LONG.upper(),
        f"⚡️❗️ {LONG} 🇺🇦",
        LONG.replace(" ", "\u00a0"),
        LONG[:9] + "\u200b" + LONG[9:30] + "\u00ad" + LONG[30:],
        LONG.replace("е", "е\u0301"),
        unicodedata.normalize("NFD", LONG),
        f"**{LONG[:20]}**{LONG[20:]}",
        f"__{LONG}__ ~~~~ ||",
        f"[{LONG}](https://example.org/a_(b)?c=d)",
        LONG.replace("реку", "[реку](t.me/river/15)"),
        LONG.replace("реку", "реку (https://example.org/river)"),
        f"{LONG}\nhttps://example.org/1?a=b#c",
        f"{LONG}\nt.me/some_channel/15",
        f"{LONG}\nwww.example.org/15",
        f"#новости #мост\n{LONG}\n\n#река | @some_channel",
        f"{LONG}\n\nЧитать полностью",
        f"{LONG}\n\n[👉 ](https://t.me/+a)[Речной вестник. Подписаться](https://t.me/+b)\n\n#мост",
        f"{LONG}\n📩 Прислать новость | Подписывайтесь на нас",
        f"{LONG}\n👉 [Читать далее…](https://example.org)\n#мост\n",
        LONG.replace(" ", "\n", 3),
        LONG.replace(" ", "\r\n", 3),
        LONG.replace(",", " —"),
    ],
)
def test_copies_in_other_dress_have_one_form(copy: str) -> None:
    assert comparable(copy) == PLAIN


@pytest.mark.parametrize(
    "other",
    [
        LONG.replace("закрыт", "открыт"),
        LONG + " 2",
        LONG + "\nЧитать полностью не советуем",
        LONG + "\nНовая строка",
        LONG + "\nПодписаться под этим обещанием глава района при людях отказался",
        "Читать далее\n" + LONG,
    ],
)
def test_other_words_make_another_form(other: str) -> None:
    assert comparable(other) != PLAIN


def test_apostrophes_are_written_in_many_ways() -> None:
    marks = "'’‘ʼ`´ʻ′＇"
    assert {comparable(f"п{mark}ять сім{mark}ї") for mark in marks} == {"пять сімї"}


def test_vowel_marks_and_joiners_are_noise_and_vowel_signs_are_not() -> None:
    assert comparable("مُحَمَّد") == comparable("محمد")
    assert comparable("می\u200cخواهم") == "میخواهم"
    assert comparable("का की") == "का की"


def test_full_width_and_fancy_letters_are_plain_ones() -> None:
    assert comparable("ＢＲＥＡＫＩＮＧ 𝗡𝗲𝘄𝘀 ½") == comparable("breaking news 1⁄2")


def test_hashtags_inside_a_sentence_are_words() -> None:
    assert comparable("В #Москве идёт снег") == "в москве идет снег"


def test_only_footers_at_the_end_are_left_out() -> None:
    footers = frozenset({"подписаться на нас"})
    assert comparable(f"{LONG}\n\n👉 Подписаться на нас!\n#мост", footers) == PLAIN
    assert comparable(f"Подписаться на нас\n{LONG}", footers) == f"подписаться на нас {PLAIN}"


@pytest.mark.parametrize("text", ["", " \n", "🔥🔥🔥", "…!?", "**", "\u200b"])
def test_without_words_there_is_no_body(text: str) -> None:
    assert comparable(text) == ""
    assert count_words("") == 0


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("#снег #зима", "снег зима"),
        ("@some_channel", "some channel"),
        ("Читать далее", "читать далее"),
        ("https://example.org/a1", "https example org a1"),
    ],
)
def test_a_post_of_nothing_but_noise_keeps_its_words(text: str, form: str) -> None:
    assert comparable(text) == form


def test_a_post_that_is_hardly_more_than_a_link_is_that_link() -> None:
    forms = {comparable(f"Новый выпуск:\nhttps://example.org/{n}") for n in range(3)}
    assert len(forms) == 3
    forms = {comparable(f"Слушайте наш новый выпуск: https://example.org/{n}") for n in range(3)}
    assert len(forms) == 3


def test_a_short_statement_with_a_link_below_is_the_statement() -> None:
    words = "Взрыв прогремел в порту Одессы"
    assert comparable(f"{words}\nhttps://example.org/1") == comparable(words)


def test_scripts_without_spaces_count_two_letters_a_word() -> None:
    assert count_words(comparable("外交部发言人今天在例行记者会上说大桥将关闭到春天")) == 12
    assert count_words("one two three") == 3


def test_keys_are_128_bits_in_two_signed_halves() -> None:
    first, second = body_key("one two")
    assert (first, second) == body_key("one two") != body_key("one  two")
    assert all(-(2**63) <= half < 2**63 for half in (first, second))
    assert body_key("\ud800") != body_key("\ud801")


@given(st.text())
def test_any_text_has_a_form_that_stays_what_it_is(text: str) -> None:
    form = comparable(text)
    assert form == " ".join(form.split())
    assert count_words(form) >= len(form.split(" ")) * bool(form)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("The harvest is in. @fieldnews", "the harvest is in"),
        ("The harvest is in! [@fieldnews](https://t.me/fieldnews)\n", "the harvest is in"),
        ("The harvest is in, says @fieldnews", "the harvest is in says fieldnews"),
        ("The harvest. @fieldnews has more about it", "the harvest fieldnews has more about it"),
    ],
)
def test_the_name_of_a_channel_after_the_last_sentence_is_a_signature(text: str, form: str) -> None:
    assert comparable(text) == form
