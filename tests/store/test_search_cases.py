"""Two hundred searches in a dozen languages: each finds what a reader expects, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.searchroom import Room

CASES = Path(__file__).resolve().parents[1] / "data" / "search_cases.txt"


def _lines(sign: str) -> Iterator[str]:
    for line in CASES.read_text(encoding="utf-8").splitlines():
        if line.startswith(sign + " "):
            yield line[2:]


def _queries() -> list[tuple[str, set[str]]]:
    parts = [line.rpartition(" = ") for line in _lines("?")]
    return [(query, set(names.split()) - {"-"}) for query, _, names in parts]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    room = Room(tmp_path_factory.mktemp("cases") / "a.db")
    for line in _lines("+"):
        name, _, text = line.partition(" ")
        room.post(text, author=name)
    yield room
    room.close()


@pytest.mark.parametrize(("query", "expected"), _queries())
def test_a_search_finds_what_a_reader_expects(room: Room, query: str, expected: set[str]) -> None:
    assert {hit.author for hit in room.hits(query)} == expected


def test_there_are_two_hundred_of_them() -> None:
    assert len(_queries()) >= 200
