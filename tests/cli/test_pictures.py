"""What the picture of a spread tells: the words, the time in a unit that fits, kinds, names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archiver.picture import _NAMELESS, _figure, _shown
from tests.cli.test_commands import post, write
from tests.cli.test_statements import EDITED
from tests.test_near import BRIDGE

LONG = "The Harbour and Quay Gazette of the Northern Towns and Islands"


@pytest.fixture
def drawn(archiver, tmp_path: Path):  # type: ignore[no-untyped-def]
    """`drawn(posts...)`: the texts of the SVG of how the first of them spread."""

    def run(*posts: dict[str, object]) -> list[str]:
        assert archiver("import", str(write(tmp_path / "p.jsonl", *posts))).returncode == 0
        for name in ("hops.png", "hops.svg"):
            done = archiver("spread", "@wire/1", "--plot", name)
            assert (done.returncode, done.stderr) == (0, f"(drawn into {name})\n".encode())
        svg = (tmp_path / "hops.svg").read_text(encoding="utf-8")
        return re.findall(r"<text[^>]*>([^<]*)</text>", svg)

    return run


def at(
    number: int, channel: str, when: str, text: str = BRIDGE, **told: object
) -> dict[str, object]:
    return post(number, text, channel, date=f"2025-03-{when}+00:00", **told)


def test_a_picture_tells_words_date_names_and_kinds(drawn) -> None:  # type: ignore[no-untyped-def]
    told = drawn(
        at(1, "@wire", "01T08:00:00"),
        at(2, "@quay", "01T08:10:00", channel_title="新闻频道 🚢"),
        at(3, "@dock", "01T08:20:00", EDITED, channel_title=f"{LONG} $x$"),
        at(4, "@pier", "01T08:30:00", forwarded_from={"channel": "@wire", "id": 1}),
    )
    assert any(BRIDGE[:60] in text for text in told)
    assert "How this spread: 4 channels" in told
    assert "minutes after the first post, 2025-03-01 08:00 UTC" in told
    assert {"first", "same text", "edited copy", "forward", "had it from"} <= set(told)
    assert "新闻频道 🚢 (@quay)" in told
    assert any(text.startswith(LONG[:20]) and len(text) <= 32 for text in told)
    assert {"0", "10", "20", "30"} <= set(told)


def test_one_late_copy_does_not_press_the_others_into_a_line(drawn) -> None:  # type: ignore[no-untyped-def]
    early = [at(n, f"@town{n}", f"01T08:{n:02d}:00") for n in range(2, 9)]
    told = drawn(at(1, "@wire", "01T08:00:00"), *early, at(9, "@late", "30T08:00:00"))
    assert "time after the first post, 2025-03-01 08:00 UTC (not to an even scale)" in told
    assert {"1 min", "5 min", "1 day", "2 weeks"} <= set(told)


def test_days_are_days(drawn) -> None:  # type: ignore[no-untyped-def]
    told = drawn(
        at(1, "@wire", "01T08:00:00"),
        at(2, "@quay", "05T08:00:00"),
        at(3, "@pier", "09T08:00:00"),
    )
    assert "days after the first post, 2025-03-01 08:00 UTC" in told
    assert "8" in told


def test_a_name_that_no_font_can_show_is_explained() -> None:
    labels, note = _shown([(4, "🚢🚢"), (5, "Quay 🚢")], {"🚢"})
    assert (labels, note) == (["#4", "Quay"], _NAMELESS)
    assert _shown([(5, "Quay 🚢")], {"🚢"}) == (["Quay"], "")
    figure = _figure([], [], "words", note)
    assert figure.get_suptitle().endswith(_NAMELESS)
