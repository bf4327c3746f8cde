"""Snippets: what of a text is shown, and what of it is marked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.text.snippet import Marks, pieces, snippet, spans

WORDS = Marks(words=frozenset({"санкции", "санкций", "пять", "елка", "كتاب", "今"}))


def marked(text: str, marks: Marks) -> list[str]:
    return [text[start:end] for start, end in spans(text, marks)]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("Новые Санкции, отмена санкций.", ["Санкции", "санкций"]),
        ("П’ЯТЬ п'ять", ["П’ЯТЬ", "п'ять"]),
        ("Ёлка Елка елки", ["Ёлка", "Елка"]),
        ("هذا كِتَابٌ کتاب", ["كِتَابٌ", "کتاب"]),
        ("在今天今", ["今", "今"]),
        ("нет ничего", []),
    ],
)
def test_hits_are_marked_as_they_are_written(text: str, hits: list[str]) -> None:
    assert marked(text, WORDS) == hits


def test_prefixes_and_phrases_are_marked() -> None:
    text = "Санкт-Петербург и санкции: Санкт без Петербурга"
    assert marked(text, Marks(prefixes=("санк",))) == ["Санкт", "санкции", "Санкт"]
    assert marked(text, Marks(phrases=(("санкт", "петербург"),))) == ["Санкт-Петербург"]
    assert marked("今天天气 天今", Marks(phrases=(("今", "天"),))) == ["今天"]


def test_marks_that_overlap_are_one() -> None:
    marks = Marks(words=frozenset({"a"}), phrases=(("a", "b"), ("b", "c")))
    assert marked("x a b c y", marks) == ["a b c"]


def test_the_window_lies_where_the_most_hits_are() -> None:
    text = "санкции " + "слово " * 100 + "санкции против санкций " + "слово " * 100
    found = snippet(text, WORDS, 80)
    assert found.text.startswith("…слово")
    assert found.text.endswith("слово…")
    assert [found.text[a:b] for a, b in found.spans] == ["санкции", "санкций"]
    assert len(found.text) <= 82


def test_a_short_text_is_shown_whole_and_one_without_hits_from_its_beginning() -> None:
    assert snippet("коротко", WORDS).text == "коротко"
    found = snippet("слово " * 100, WORDS, 50)
    assert found.text.startswith("слово")
    assert found.text.endswith("слово…")
    assert found.spans == ()


def test_text_without_blanks_is_cut_anywhere() -> None:
    found = snippet("天" * 300 + "今" + "天" * 300, WORDS, 100)
    assert 90 <= len(found.text) <= 102
    assert [found.text[a:b] for a, b in found.spans] == ["今"]


def test_right_to_left_text_has_its_window() -> None:
    found = snippet("كلمة " * 80 + "الكتاب كتاب " + "كلمة " * 80, WORDS, 100)
    assert [found.text[a:b] for a, b in found.spans] == ["كتاب"]


@settings(max_examples=200)
@given(st.text("ab санкции今\n😀é", max_size=300), st.integers(1, 120))
def test_a_snippet_is_part_of_the_text_with_its_hits(text: str, width: int) -> None:
    found = snippet(text, Marks(words=frozenset({"a", "санкции", "今"}), prefixes=("b",)), width)
    assert found.text.strip("…").strip() in text
    assert len(found.text) <= max(width, 1) + 2
    assert all(0 <= a < b <= len(found.text) for a, b in found.spans)
    assert "".join(piece for piece, _ in pieces(found)) == found.text


def test_pieces_alternate_between_plain_and_hit() -> None:
    assert pieces(snippet("о санкции!", WORDS)) == [("о ", False), ("санкции", True), ("!", False)]
