"""However a person writes a channel, it is read as one; what is none is not guessed at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.text.refs import MARK, ChannelRef, parse_channel

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{3,30}", fullmatch=True)
NUMBERS = st.integers(1_000_000, 9_999_999_999)
SITES = st.sampled_from(
    ["t.me/", "https://t.me/", "http://telegram.me/", "https://telegram.dog/", "https://www.t.me/"]
)
BLANKS = st.sampled_from(["", " ", "\t", "\n"])
ENDS = st.sampled_from(["", "/", "?before=5", "/123", "/123?single", "/12/345", "#top"])


@given(NAMES, SITES, st.sampled_from(["", "s/"]), ENDS, BLANKS)
def test_names_are_read_from_links(name: str, site: str, preview: str, end: str, pad: str) -> None:
    if name in ("joinchat",) or name == "c":
        return
    assert parse_channel(f"{pad}{site}{preview}{name}{end}{pad}") == ChannelRef(username=name)


@given(NAMES, BLANKS)
def test_names_are_read_alone_and_after_an_at(name: str, pad: str) -> None:
    assert parse_channel(f"{pad}@{name}{pad}") == ChannelRef(username=name)
    assert parse_channel(name) == ChannelRef(username=name)
    assert parse_channel(f"tg://resolve?domain={name}") == ChannelRef(username=name)


@given(NUMBERS, SITES, st.sampled_from(["", "/5", "/7/55", "/"]))
def test_numbers_are_read_marked_and_from_private_links(number: int, site: str, end: str) -> None:
    expected = ChannelRef(tg_id=MARK - number)
    assert parse_channel(str(MARK - number)) == expected
    assert parse_channel(f"{site}c/{number}{end}") == expected


@given(st.from_regex(r"[A-Za-z0-9_-]{16,24}", fullmatch=True), SITES)
def test_invitations_are_read_in_both_forms(word: str, site: str) -> None:
    assert parse_channel(f"{site}+{word}") == ChannelRef(invite=word)
    assert parse_channel(f"{site}joinchat/{word}") == ChannelRef(invite=word)


@given(st.one_of(NAMES.map(ChannelRef), NUMBERS.map(lambda n: ChannelRef(tg_id=MARK - n))))
def test_what_a_reference_says_of_itself_is_read_as_the_same(ref: ChannelRef) -> None:
    assert parse_channel(str(ref)) == ref


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "@", "@a", "a", "no such thing!", "https://example.com/channel", "t.me/"),
        *("t.me/+", "-100", "-12345", "12345", "@имя", "name with blanks", "a/b", "c/123/5"),
        *("@" + "x" * 40, "../list.txt", "list.txt", "mailto:a@b.example", "\x00", "t.me/c/abc"),
    ],
)
def test_what_names_no_channel_is_none(text: str) -> None:
    assert parse_channel(text) is None


@given(st.text(max_size=60))
def test_no_text_is_too_strange_to_be_looked_at(text: str) -> None:
    found = parse_channel(text)
    if found is not None:
        assert [found.username, found.tg_id, found.invite].count(None) == 2
        assert found.username is None or found.username.isascii()
