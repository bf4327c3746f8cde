"""Formatting: offsets in UTF-16, whatever they say, become HTML that is balanced and harmless."""

from __future__ import annotations

import doctest
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.text import entities
from archiver.text.entities import flat, safe_url, spans, to_html
from archiver.text.safe import block

KINDS = (
    "bold", "italic", "underline", "strikethrough", "code", "pre", "spoiler", "blockquote",
    "text_link", "link", "mention", "email", "custom_emoji", "unknown", "hashtag",
)  # fmt: skip
words = st.text(st.sampled_from("ab <>&\"'\U0001f6a2ש"), max_size=30)
some = st.lists(
    st.builds(
        lambda kind, offset, length, url: {
            "type": kind, "offset": offset, "length": length, "url": url,
        },
        st.sampled_from(KINDS),
        st.integers(-2, 40),
        st.integers(-2, 40),
        st.sampled_from(["https://a.example", "javascript:alert(1)", '"><script>', None, 7]),
    ),
    max_size=8,
)  # fmt: skip


class Balanced(HTMLParser):
    """Fails where a tag closes another than the last one opened; keeps words and tags."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"strong", "em", "u", "s", "code", "span", "a"}
        assert tag != "a" or "a" not in self.open
        self.open.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def parsed(html: str) -> Balanced:
    found = Balanced()
    found.feed(html)
    found.close()
    assert not found.open
    return found


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


def test_the_examples_of_the_module() -> None:
    assert doctest.testmod(entities).failed == 0


@given(words, some)
def test_any_entities_give_balanced_html_with_all_the_words(
    text: str, told: list[dict[str, Any]]
) -> None:
    found = parsed(to_html(text, told))
    assert "".join(found.words) == block(text)
    assert all(
        name in ("class", "tabindex", "title", "rel", "href") for name, _ in found.attributes
    )
    links = [value or "" for name, value in found.attributes if name == "href"]
    assert all(link.startswith(("https://", "http://", "mailto:")) for link in links)


@given(words, some)
def test_flat_runs_hold_the_text_once_and_in_order(text: str, told: list[dict[str, Any]]) -> None:
    assert "".join(piece for piece, _ in flat(text, told)) == text


def test_offsets_count_utf_16_units() -> None:
    text = "\U0001f6a2\U0001f6a2 sails"
    assert to_html(text, [entity("bold", 5, 5)]) == "\U0001f6a2\U0001f6a2 <strong>sails</strong>"
    [span] = spans(text, [entity("bold", 2, 2)])
    assert text[span.start : span.end] == "\U0001f6a2"


def test_what_crosses_is_closed_and_opened_again() -> None:
    told = [entity("bold", 0, 6), entity("italic", 3, 6)]
    assert to_html("abcdefghi", told) == ("<strong>abc<em>def</em></strong><em>ghi</em>")


def test_a_link_inside_a_link_is_one_link() -> None:
    told = [entity("text_link", 0, 9, url="https://a.example"), entity("mention", 2, 5)]
    assert to_html("a @bcdef i", told).count("<a ") == 1


def test_a_link_shows_where_it_leads() -> None:
    html = to_html("bank", [entity("text_link", 0, 4, url="https://evil.example/?a=1&b=2")])
    assert 'title="https://evil.example/?a=1&amp;b=2"' in html


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", " JAVASCRIPT:alert(1)", "java\tscript:alert(1)", "data:text/html,x",
        "java\x00script:alert(1)", "vbscript:x", "file:///etc/passwd", "tg://proxy?server=1",
        "https://bank.example/\u202egnp.exe", "blob:x", "", "   ", "\x01javascript:alert(1)",
    ],
)  # fmt: skip
def test_other_addresses_are_no_links(url: str) -> None:
    assert safe_url(url) is None
    assert "<a" not in to_html("click", [entity("text_link", 0, 5, url=url)])


def test_an_address_without_a_scheme_is_one_of_the_web() -> None:
    assert safe_url("harbour.example:8080/x") == "https://harbour.example:8080/x"
    assert safe_url("//harbour.example") == "https://harbour.example"


def test_words_are_escaped_and_cannot_act() -> None:
    html = to_html("<script>\x1b[2J\u202e&", [entity("bold", 0, 4)])
    assert "<script" not in html
    assert unescape(html).count("\ufffd") == 2


def test_a_thousand_crossing_entities_stay_small() -> None:
    told = [entity(KINDS[n % 8], n % 50, 40) for n in range(5_000)]
    assert len(to_html("x" * 100, told)) < 60_000
