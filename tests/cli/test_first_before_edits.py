"""Who said a statement first, where its source rewrote the post afterwards."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import records, write
from tests.cli.test_first import at, of, said, was
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
    lines = told(rewritten(), said(5, "@blue", "08:10"))
    keys = ("channel_username", "first", "statements")
    found = records(archiver("channels", "firsts", "--fewest", "1", "--json"))
    assert [tuple(each[key] for key in keys) for each in found] == [("red", 1, 1), ("blue", 0, 1)]
    [pair] = records(archiver("channels", "similar", "--fewest", "1", "--format", "json"))
    assert (pair["source"], pair["copier"], pair["statements"]) == ("@red", "@blue", 1)
    assert (pair["forwards"], pair["unsure"]) == (0, 0)
    assert "edited since" not in lines("channels", "similar", "--fewest", "1")[0]


def test_a_forward_of_what_was_never_archived_stays_alone_and_names_its_origin(told) -> None:  # type: ignore[no-untyped-def]
    lines = told(
        said(6, "@blue", "10:00", HARVEST, forwarded_from=of("@red", 7, "09:50")),
        said(7, "@red", "09:50", "Nothing to see here any more.", edited=at("11:00")),
    )
    first, second = lines("spread", "@blue/6")
    assert "@red first" in first
    assert "by the forward's header" in first
    assert "@blue +10 min after @red" in second


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


def test_clusters_show_search_and_why_tell_of_the_rewritten_source(archiver, told) -> None:  # type: ignore[no-untyped-def]
    lines = told(rewritten(), said(5, "@blue", "08:10"), said(6, "@dock", "08:20"))
    gone = "(an earlier version, edited away 2025-03-01 09:00Z)"
    assert lines("clusters")[0].endswith(f", first @red 2025-03-01 08:00Z {gone}")
    [ranked] = records(archiver("clusters", "--json"))
    assert (ranked["first_channel"], ranked["first"]) == ("red", at("08:00"))
    assert (ranked["first_by"], ranked["first_edited_away"]) == ("earlier-version", at("09:00"))
    assert (ranked["channel_username"], ranked["first_channel_username"]) == ("blue", "red")
    assert f"First said by @red 2025-03-01 08:00Z {gone} https://t.me/red/5" in lines(
        "show", "@dock/6"
    )
    [shown] = records(archiver("show", "@dock/6", "--json"))
    first = shown["first_said_before"]
    assert (first["channel_username"], first["by"], first["post_id"]) == (
        "red", "earlier-version", 1,
    )  # fmt: skip
    assert records(archiver("show", "@red/5", "--json"))[0]["first_said_before"] is None
    head = lines("search", "bridge")[0]
    assert head.endswith("+1 copy in 1 channel, first @red 2025-03-01 08:00Z in an earlier version")
    [hit] = records(archiver("search", "bridge", "--format", "jsonl"))
    assert (hit["first"]["username"], hit["first"]["by"]) == ("red", "earlier-version")
    assert hit["first"]["edited_away"] == at("09:00")
    why = " ".join(lines("why", "@dock/6", "@red/5"))
    assert "#1 said in an earlier version what the statement of #3 says" in why
    assert records(archiver("why", "@dock/6", "@red/5", "--json"))[0]["once"]["post"] == 1


def test_a_post_alone_names_who_said_it_until_an_edit(archiver, told) -> None:  # type: ignore[no-untyped-def]
    lines = told(rewritten(), said(5, "@blue", "08:10"))
    found = lines("search", "bridge", "--versions")
    assert found[0] == (
        "2025-03-01 08:10Z @blue first @red 2025-03-01 08:00Z in an earlier version"
    )
    assert "2025-03-01 08:00Z @red +1 copy in 1 channel" in found
    assert "(another statement: that of #2)" in lines("show", "@red/5")


def test_under_an_earlier_version_stand_the_copies_of_what_it_told(archiver, told) -> None:  # type: ignore[no-untyped-def]
    told(
        said(5, "@red", "08:00", HARVEST, edited=at("09:00"), versions=[{"text": BRIDGE}]),
        said(1, "@dock", "10:00", HARVEST), said(1, "@pier", "10:10", HARVEST),
        said(1, "@quay", "10:20", HARVEST), said(2, "@dock", "08:30"), said(2, "@pier", "08:40"),
    )  # fmt: skip
    found = records(archiver("search", "bridge", "--versions", "--format", "jsonl"))
    [old] = [hit for hit in found if hit["version"] is not None]
    assert (old["copies"], old["channels"], old["first"]["username"]) == (2, 2, "red")
    told(said(7, "@mole", "08:00", GONE, edited=at("09:00"), versions=[{"text": "Quite alone"}]),
         said(8, "@mole", "10:00", GONE))  # fmt: skip
    [old] = records(archiver("search", "quite alone", "--versions", "--format", "jsonl"))
    assert (old["copies"], old["cluster"]) == (0, None)


def test_all_name_the_origin_that_only_a_header_tells_of(archiver, told) -> None:  # type: ignore[no-untyped-def]
    header = {"forwarded_from": of("@outsider", 9, "07:00")}
    lines = told(said(1, "@red", "08:00", **header), said(1, "@blue", "08:10"))
    assert lines("spread", "@blue/1")[0].startswith("2025-03-01 07:00Z @outsider first")
    assert lines("clusters")[0].endswith(
        ", first @outsider 2025-03-01 07:00Z (by the forward's header)"
    )
    [ranked] = records(archiver("clusters", "--json"))
    [hit] = records(archiver("search", "bridge", "--format", "jsonl"))
    [shown] = records(archiver("show", "@blue/1", "--json"))
    first, *_ = records(archiver("spread", "@blue/1", "--json"))
    told_by = [
        (ranked["first_channel"], ranked["first"], ranked["first_by"]),
        (hit["first"]["username"], hit["first"]["date"], hit["first"]["by"]),
        (shown["first_said_before"]["channel_username"], shown["first_said_before"]["date"],
         shown["first_said_before"]["by"]),
        (first["channel_username"], first["date"], "forward-header"),
    ]  # fmt: skip
    assert set(told_by) == {("outsider", at("07:00"), "forward-header")}
    assert "first @outsider 03-01 07:00Z by a forward's header" in lines("search", "bridge")[0]
    assert any("First said by @outsider" in line for line in lines("show", "@red/1"))


def test_an_origin_that_a_person_set_apart_is_told_as_that(archiver, told) -> None:  # type: ignore[no-untyped-def]
    lines = told(
        said(1, "@beta", "08:00"),
        said(1, "@alpha", "08:10", forwarded_from=of("@beta", 1, "08:00")),
    )
    assert archiver("dedup", "split", "@beta/1").returncode == 0
    first = lines("spread", "@alpha/1")[0]
    assert "(by the forward's header; a person set one of them apart)" in first


def test_a_wording_that_came_back_counts_from_its_first_time(archiver, told) -> None:  # type: ignore[no-untyped-def]
    between = was(GONE, "09:00")
    lines = told(
        said(5, "@red", "08:00", edited=at("10:00"), versions=[{"text": BRIDGE}, between]),
        said(5, "@blue", "08:10"),
        said(6, "@dock", "08:00", HARVEST, edited=at("10:00"), versions=[between]),
        said(6, "@quay", "08:10", HARVEST),
    )
    assert lines("spread", "@blue/5")[0].startswith("2025-03-01 08:00Z @red first")
    # What stood there before is not archived: nobody knows whether it was the same.
    assert lines("spread", "@dock/6")[0].startswith("2025-03-01 08:10Z @quay first")
    kept = [len(each.get("versions") or ()) for each in records(archiver("export"))]
    assert sorted(kept) == [0, 0, 1, 2]


def test_what_is_said_in_the_same_second_is_said_at_once(told) -> None:  # type: ignore[no-untyped-def]
    lines = told(said(1, "@red", "08:00"), said(1, "@blue", "08:00"))
    assert " at once with @" in lines("spread", "@red/1")[1]


def test_names_are_equally_wide_and_an_undated_post_says_so(archiver, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    long = {"channel_title": "The Gazette of the Northern Towns", "channel_username": "gazette"}
    write(
        tmp_path / "posts.jsonl",
        said(1, "@red", "08:00"),
        said(2, "@gazette", "08:10", **long),
        said(3, "@dock", "09:00") | {"date": None},
    )
    assert archiver("import", "posts.jsonl").returncode == 0
    for columns in ("80", "200"):
        told = archiver("spread", "@red/1", env={"COLUMNS": columns}).stdout.decode().splitlines()
        dated = [line for line in told if re.match(r"\d{4}-|undated", line)]
        assert len(dated) == 3
        assert dated[0].index("first") == dated[1].index("   +10 min after")
        assert dated[2].index("undated, from @red") == dated[0].index("first") + 2
        assert not any("?" in line for line in told)
