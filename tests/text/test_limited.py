"""Regular expressions that do not come to an end are given up, the others go on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archiver.errors import QueryError
from archiver.text import limited
from archiver.text.regex import finding, fitting

ENDLESS = "(.*a){25}b"
LINE = "a" * 60


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(limited, "TICK", 0.05)
    limited._clock.ticking = False
    yield
    limited._clock.ticking = False


@pytest.mark.parametrize("look", [fitting, finding])
def test_an_endless_expression_is_named_and_given_up(look: object) -> None:
    assert callable(look)
    with pytest.raises(QueryError, match=r"/\(\.\*a\)\{25\}b/ takes more than a second"):
        look(ENDLESS)(LINE)
    assert fitting("a+b")("caab")


def test_many_texts_may_take_as_long_as_they_like() -> None:
    fits = fitting("(.*a){4}b")
    ticks = set()
    while len(ticks) < 4:
        assert not fits("a" * 30)
        ticks.add(limited._clock.seen)


def test_the_timer_stops_where_nothing_is_asked() -> None:
    fitting("a+b")("ab")
    while limited._clock.ticking:
        pass
