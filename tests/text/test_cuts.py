"""What is shown of a post once its repeats are cut."""

from __future__ import annotations

from archiver.text.cuts import Cut, apply_cuts


def test_no_hole_is_left_where_a_repeat_was() -> None:
    text = "Заголовок\n\nТело поста.\n\nТело поста.\n\nЧитать"
    start = text.rindex("Тело")
    cut = Cut(start, start + len("Тело поста."), "repeat")
    assert apply_cuts(text, [cut]) == "Заголовок\n\nТело поста.\n\nЧитать"


def test_without_cuts_the_text_is_the_text() -> None:
    assert apply_cuts(" as  sent\n\n\n", []) == " as  sent\n\n\n"
