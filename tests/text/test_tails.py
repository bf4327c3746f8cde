"""Tail markers: the lines that only send the reader on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.text.tails import is_tail_marker


@pytest.mark.parametrize(
    "line",
    [
        "Read in full",
        "READ MORE...",
        "Full story",
        "Читать полностью",
        "Читать далее",
        "Подробнее",
        "Читати повністю",
        "Читати далі",
        "Детальніше",
        "اقرأ المزيد",
        "ادامه مطلب",
        "阅读全文",
        "続きを読む",
        "더 보기",
        "Weiterlesen",
        "Leer más",
        "Lire la suite",
        "Leggi tutto",
        "Leia mais",
        "Czytaj więcej",
        "Devamını oku",
        "Lees meer",
    ],
)
def test_marker_of_many_languages(line: str) -> None:
    assert is_tail_marker(line)


@pytest.mark.parametrize(
    "line",
    [
        "👉 **Read in full** →",
        "  __Read more__ …",
        "[Читать полностью](https://news.example/a_(b)?utm=1)",
        "Читать далее: https://news.example/very/long/" + "path/" * 30,
        "Подробнее на нашем сайте ⤵️",
        "Read more: news.example/42",
        "Read more here @somechannel",
        "اقرأِ المَزيد ⬅️",
        "LEER MÁS AQUÍ 👇",
        "Leer mas",
        "\u200bЧитать\u00a0далее\u200b",
    ],
)
def test_marks_links_accents_and_words_of_place_do_not_matter(line: str) -> None:
    assert is_tail_marker(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "👉",
        "https://news.example/a",
        "Read more books, says the librarian",
        "Read in full what the harbour master said",
        "Подробнее о новом мосте расскажут завтра",
        "Читать полезно",
        "Детальніше про ремонт мосту",
        "The full story of the lighthouse",
        "Read more " + "here " * 200,
    ],
)
def test_a_line_with_words_of_its_own_is_no_marker(line: str) -> None:
    assert not is_tail_marker(line)


@given(st.text(max_size=200))
def test_any_line_has_an_answer(line: str) -> None:
    assert is_tail_marker(line) in (True, False)
