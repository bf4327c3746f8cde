"""Text from strangers on its way to a terminal."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.text.safe import block, one_line, truncate, width

NASTY = {
    "clear the screen": "\x1b[2J\x1b[H",
    "write the clipboard": "\x1b]52;c;cm0gLXJmIH4=\x07",
    "set the title": "\x1b]0;root@host\x07",
    "a link to elsewhere": "\x1b]8;;https://evil.example\x1b\\bank.example\x1b]8;;\x1b\\",
    "device control": "\x1bP+q544e\x1b\\",
    "eight-bit CSI": "\x9b31m",
    "eight-bit OSC": "\x9d0;title\x9c",
    "bell and backspace": "safe\x07\x08\x08\x08\x08evil",
    "carriage return": "harmless\revil",
    "delete": "a\x7fb",
    "right-to-left override": "exe.\u202egpj",
    "isolates": "\u2066a\u2069 \u2067b\u2069 \u2068c",
    "embeddings": "\u202aa\u202b b\u202c \u202dc",
    "line separators": "a\u2028b\u2029c\x85d\x0be\x0cf",
    "a lone surrogate": "a\ud83db",
    "annotation": "a\ufff9b\ufffac\ufffb",
    "null": "a\x00b",
}
ACTS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_nothing_that_acts_reaches_the_terminal(text: str) -> None:
    assert not ACTS.search(block(text))
    assert not ACTS.search(one_line(text))
    assert "\n" not in one_line(text)
    assert one_line(text).encode()


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=())))
def test_no_text_at_all_acts(text: str) -> None:
    assert not ACTS.search(block(text))
    assert "\n" not in one_line(text)
    assert block(block(text)) == block(text)


def test_what_would_act_is_seen_and_what_only_hides_is_gone() -> None:
    assert one_line("\x1b[31mred") == "\ufffd[31mred"
    assert one_line("exe.\u202egpj") == "exe.\ufffdgpj"
    assert one_line("pay\u200bpal \ufeffcom\u2060.") == "paypal com."


def test_lines_and_blanks_of_a_block_stay() -> None:
    assert block("a\r\nb\rc\n\n\td") == "a\nb\nc\n\n    d"
    assert one_line("a\r\nb\rc\n\n\td") == "a b c d"


@pytest.mark.parametrize("text", ["می‌خواهم", "👨‍👩‍👧", "שלום, עולם", "é ệ हिन्दी", "a\u200fb", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
def test_honest_text_is_left_alone(text: str) -> None:
    assert block(text) == text


def test_stacks_of_marks_are_levelled() -> None:
    zalgo = "z" + "\u0335\u0322\u0353\u0301\u0310\u0308" * 20 + "algo"
    kept = one_line(zalgo)
    assert sum(map(bool, map(unicodedata.combining, kept))) == 4
    assert kept.endswith("algo")


def test_joiners_that_join_nothing_are_dropped() -> None:
    assert one_line("a\u200d b \u200c c") == "a b c"
    assert one_line("a\u200d\u200d\u200db") == "a\u200db"


@pytest.mark.parametrize(
    ("text", "columns", "shown"),
    [
        ("hello", 5, "hello"),
        ("hello world", 8, "hello w…"),
        ("hello world", 7, "hello…"),
        ("今天天气", 8, "今天天气"),
        ("今天天气", 6, "今天…"),
        ("e\u0301e\u0301", 2, "e\u0301e\u0301"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_a_text_is_cut_to_columns(text: str, columns: int, shown: str) -> None:
    assert truncate(text, columns) == shown
    assert width(shown) <= columns
