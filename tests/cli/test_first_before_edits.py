"""Who said a statement first, where its source rewrote the post afterwards."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import records, write
from tests.cli.test_first import at, of, said
from tests.test_near import BRIDGE, HARVEST

GONE = "The post was taken down."


def rewritten(channel: str = "@red", clock: str = "08:00", until: str = "09:00") -> dict[str, Any]:
    """A post that said BRIDGE until it was edited into something else."""
    before = {"text": BRIDGE, "source": "export"}
    return said(5, channel, clock, GONE, edited=at(until), versions=[before])


@pytest.fixture
def told(archiver, tmp_path: Path):  # type: ignore[no-untyped-def]
    """`told(posts...)` imports posts; what is returned gives the lines that a command prints."""

    def run(*posts: dict[str, Any]):  # type: ignore[no-untyped-def]
        assert archiver("import", str(write(tmp_path / "posts.jsonl", *posts))).returncode == 0
        return lines

    def lines(*command: str, code: int = 0) -> list[str]:
        done = archiver(*command)
        assert done.returncode == code, done
        return [re.sub(r" {2,}", " ", line) for line in done.stdout.decode().splitlines()]

    return run


def test_a_source_that_was_rewritten_is_first(archiver, told, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    lines = told(rewritten(), said(5, "@blue", "08:10"))
    first, second = lines("spread", "@blue/5")
    note = "first (an earlier version, edited away 2025-03-01 09:00Z)"
    assert first == f"2025-03-01 08:00Z @red {note} https://t.me/red/5"
    assert second == "2025-03-01 08:10Z @blue +10 min after @red (same text) https://t.me/blue/5"
    first, second = records(archiver("spread", "@blue/5", "--json"))
    assert (first["channel"], first["earlier_version"], first["archived"]) == ("red", True, True)
    assert (first["edited_away"], second["edited_away"]) == (at("09:00"), None)
    assert (second["from_channel"], second["reason"]) == ("red", "same-text")
    assert lines("spread", "@red/5", code=1)[0].startswith("2025-03-01 09:00Z @red first")
    assert archiver("spread", "@blue/5", "--plot", "way.svg").returncode == 0
    assert "@red (edited since)" in (tmp_path / "way.svg").read_text("utf-8")


def test_who_is_usually_first_and_who_copies_count_what_was_rewritten(archiver, told) -> None:  # type: ignore[no-untyped-def]
    lines = told(
        rewritten(),
        said(5, "@blue", "08:10"),
        said(6, "@blue", "10:00", HARVEST, forwarded_from=of("@red", 7, "09:50")),
        said(7, "@red", "09:50", "Nothing to see here any more.", edited=at("11:00")),
    )
    keys = ("channel_username", "first", "statements")
    found = records(archiver("channels", "firsts", "--fewest", "1", "--json"))
    assert [tuple(each[key] for key in keys) for each in found] == [("red", 2, 2), ("blue", 0, 2)]
    [pair] = records(archiver("channels", "similar", "--fewest", "1", "--format", "json"))
    assert (pair["source"], pair["copier"], pair["statements"]) == ("@red", "@blue", 2)
    assert (pair["forwards"], pair["unsure"]) == (1, 0)
    assert "edited since" not in lines("channels", "similar")[0]


def test_what_a_source_may_have_written_later_is_marked_in_pairs(told) -> None:  # type: ignore[no-untyped-def]
    lines = told(said(1, "@red", "08:00", edited=at("09:00")), said(1, "@blue", "08:30"))
    [pair] = lines("channels", "similar", "--fewest", "1")
    assert pair.endswith("(0 forwards, 0 edited; 1 edited since by the source)")


def test_channels_by_the_share_in_which_they_are_first(archiver, told) -> None:  # type: ignore[no-untyped-def]
    def firsts(*options: str) -> list[str]:
        found = records(archiver("channels", "firsts", "--fewest", "1", "--json", *options))
        return [each["channel_username"] for each in found]

    other = "The council of the town has sold the old mill to a baker who lives on the island."
    third = "A storm has torn the roof off the market hall in the harbour town during the night."
    told(
        said(1, "@red", "08:00"), said(1, "@blue", "08:10"),
        said(2, "@red", "09:00", HARVEST), said(2, "@blue", "09:10", HARVEST),
        said(3, "@blue", "10:00", other), said(3, "@red", "10:10", other),
        said(4, "@dock", "11:00", third), said(4, "@blue", "11:10", third),
    )  # fmt: skip
    assert firsts() == firsts("--by", "first") == ["red", "dock", "blue"]
    assert firsts("--by", "share") == ["dock", "red", "blue"]


def test_a_line_of_a_few_words_is_another_event_days_later(told) -> None:  # type: ignore[no-untyped-def]
    brief = "Good morning to everybody"
    before = {"text": brief, "source": "export"}
    lines = told(
        said(5, "@red", "08:00", GONE, edited=at("09:00"), versions=[before]),
        said(5, "@blue", "08:10", brief),
        said(6, "@grey", "08:10", brief) | {"date": "2025-03-09T08:00:00+00:00"},
    )
    assert lines("spread", "@blue/5")[0].startswith("2025-03-01 08:00Z @red first")
    lines("spread", "@grey/6", code=1)


def test_what_a_person_set_apart_has_no_earlier_teller(archiver, told) -> None:  # type: ignore[no-untyped-def]
    lines = told(rewritten(), said(5, "@blue", "08:10"))
    assert archiver("dedup", "split", "@blue/5").returncode == 0
    lines("spread", "@blue/5", code=1)
