"""Files of channels: one a line, or a column of whatever a spreadsheet writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.text.channel_lists import channels_in

NAMES = st.from_regex(r"[a-z][a-z0-9_]{4,20}", fullmatch=True)
MARKS = st.sampled_from([",", ";", "\t"])
ENDS = st.sampled_from(["\n", "\r\n"])
TITLES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)


def names(text: str) -> list[str]:
    """The channels found."""
    return [str(ref) for _, _, ref in channels_in(text) if ref]


def bad(text: str) -> list[tuple[int, str]]:
    """The lines that name none."""
    return [(number, said) for number, said, ref in channels_in(text) if ref is None]


def test_one_a_line_with_remarks() -> None:
    text = "# the press\n@one\n\n  https://t.me/two/5  \n-1001234567890\n???\nt.me/+AbCdEfGhIj\n"
    assert names(text) == ["@one", "@two", "-1001234567890", "t.me/+AbCdEfGhIj"]
    assert bad(text) == [(6, "???")]


@given(st.lists(NAMES, min_size=1, max_size=8), ENDS, st.sampled_from(["", "\ufeff"]))
def test_every_name_of_a_plain_list_is_found(found: list[str], end: str, begin: str) -> None:
    text = begin + end.join(f"@{name}" for name in found) + end
    assert names(text) == [f"@{name}" for name in found]


def quoted(cell: str) -> str:
    """A cell as a spreadsheet writes it."""
    return '"' + cell.replace('"', '""') + '"'


HEADERS = st.sampled_from(["username", "Handle", "LINK", "url", "channel"])
ROWS = st.lists(st.tuples(NAMES, TITLES), min_size=1, max_size=6)


@given(ROWS, MARKS, ENDS, HEADERS, st.booleans())
def test_a_column_is_found_by_its_header(
    rows: list[tuple[str, str]], mark: str, end: str, header: str, first: bool
) -> None:
    head = [header, "title", "posts"] if first else ["title", header, "posts"]
    lines = [mark.join(head)]
    for name, title in rows:
        cells = [f"t.me/{name}", quoted(title)]
        lines.append(mark.join([*(cells if first else cells[::-1]), "12"]))
    assert names(end.join(lines)) == [f"@{name}" for name, _ in rows]


@given(st.lists(NAMES, min_size=1, max_size=6), MARKS)
def test_without_a_header_the_first_cell_that_names_one_is_taken(
    found: list[str], mark: str
) -> None:
    lines = [mark.join([f"{number}.", f"@{name}", "12"]) for number, name in enumerate(found)]
    assert names("\n".join(lines)) == [f"@{name}" for name in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('title,username\n"Smith, Jones",smith\nPlain,plain\n', ["@smith", "@plain"]),
        ("username,note\none,\ntwo,b\n", ["@one", "@two"]),
        ("id;name\n-1001234567890;Harbour\n", ["-1001234567890"]),
        ("# exported\nusername;title\n# no\none;One\n", ["@one"]),
        ("", []),
        ("\n\n# nothing\n", []),
    ],
)
def test_what_spreadsheets_write(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_cell_that_names_none_is_said_with_its_line() -> None:
    assert bad("link;title\nt.me/one;One\nhttps://example.com/x;Two\n") == [
        (3, "https://example.com/x;Two")
    ]


@given(st.text(max_size=200))
def test_no_file_is_too_strange(text: str) -> None:
    assert all(number >= 1 for number, _, _ in channels_in(text))
