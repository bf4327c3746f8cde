"""Figures with and without the signs between their thousands."""

from __future__ import annotations

import pytest

from archiver.text.figures import written_otherwise


@pytest.mark.parametrize(
    ("words", "others"),
    [
        ("1200", ["1 200"]),
        ("1 200", ["1200"]),
        ("1 200 tents", ["1200 tents"]),
        ("1200000", ["1 200 000"]),
        ("12 345 678", ["12345678"]),
        ("7 120 and 3000", ["7120 and 3000", "7 120 and 3 000"]),
        ("999", []),
        ("0 200", []),
        ("007 200", []),
        ("0120", []),
        ("12 30", []),
        ("1234 567", ["1 234 567"]),
        ("1 2000", ["1 2 000"]),
        ("миг 1200м", []),
        ("1" * 16, []),
    ],
)
def test_a_figure_has_two_ways_to_be_written(words: str, others: list[str]) -> None:
    assert [" ".join(other) for other in written_otherwise(words.split())] == others
