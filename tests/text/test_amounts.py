"""A figure in millions is the figure in full; another one is shown whole."""

from __future__ import annotations

import pytest

from tests.text.deciding import joined, told

GIVEN = "The island council gave {} crowns for the new lighthouse on the cape, an auditor says"
GIVEN_RU = "Совет островов выделил {} крон на новый маяк у мыса, сообщил ревизор в пятницу"


@pytest.mark.parametrize("hours", [0.2, 5])
@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        (GIVEN, "1,500,000", "1.5 million"),
        (GIVEN, "1,500,000", "1.5m"),
        (GIVEN, "1,100,000", "1.1 million"),
        (GIVEN, "2 million", "2,000,000"),
        (GIVEN, "2 billion", "2bn"),
        (GIVEN_RU, "1 500 000", "1,5 млн"),
        (GIVEN_RU, "1,5 миллиона", "1,5 млн"),
        (GIVEN_RU, "2 000", "2 тыс."),
    ],
)
def test_written_otherwise_it_is_one_figure(text: str, one: str, other: str, hours: float) -> None:
    assert joined(text.format(one), text.format(other), hours)
    assert joined(text.format(other), text.format(one), hours)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,500,000", "1.7 million"),
        ("1.5 million", "1.7 million"),
        ("1,500,000", "1.5 billion"),
        ("12,500", "12,600"),
        ("3", "30"),
    ],
)
def test_another_figure_is_shown_whole(one: str, other: str) -> None:
    found = told(GIVEN.format(one), GIVEN.format(other), 0.2)
    assert found.veto == "another-value"
    assert found.turned is not None
    assert found.turned[:2] == ((one,), (other,))
