"""Who was first and who copied whom: edits, forwards, equal texts, origins not archived."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import post, records, write
from tests.test_near import BRIDGE, HARVEST

GREETING = "Good evening from our weekend team, here is the weather for the coast and the islands"


def at(clock: str) -> str:
    return f"2025-03-01T{clock}:00+00:00"


def said(number: int, channel: str, clock: str, text: str = BRIDGE, **more: Any) -> dict[str, Any]:
    return post(number, text, channel, date=at(clock), **more)


def was(text: str, clock: str) -> dict[str, Any]:
    return {"text": text, "edited": at(clock)}


def of(channel: str, number: int, clock: str) -> dict[str, Any]:
    return {"channel": channel, "id": number, "date": at(clock)}


@pytest.fixture
def spread(archiver, tmp_path: Path):  # type: ignore[no-untyped-def]
    """`spread("@dock/3", posts...)`: import the posts; who had it, when, from whom and why."""

    def run(ref: str, *posts: dict[str, Any]) -> list[str]:
        if posts:
            assert archiver("import", str(write(tmp_path / "posts.jsonl", *posts))).returncode == 0
        done = archiver("spread", ref)
        assert done.returncode == 0, done
        told = done.stdout.decode().splitlines()
        return [re.sub(r" {2,}", " ", line.split("  https:")[0])[11:] for line in told]

    return run


def test_an_edit_does_not_come_before_those_who_said_it_earlier(archiver, spread, tmp_path) -> None:  # type: ignore[no-untyped-def]
    late = said(20, "@dock", "16:00", edited=at("17:00"), versions=[was(GREETING, "16:00")])
    told = spread("@dock/20", said(20, "@quay", "16:30"), late)
    assert told == [
        "16:30Z @quay first",
        "17:00Z @dock +30 min after @quay (same text, said so by an edit)",
    ]
    [shown] = records(archiver("show", "@quay/20", "--json"))
    assert [(c["date"][11:16], c["said_by_edit"]) for c in shown["copies"]] == [
        ("16:30", False),
        ("17:00", True),
    ]
    lines = archiver("show", "@quay/20").stdout.decode().splitlines()
    [edited], [whole] = (
        [x for x in lines if word in x] for word in ("same-text, edited", "shown for")
    )
    assert edited.index("https:") == whole.index("https:")
    [first] = records(archiver("clusters", "--json"))
    assert (first["first"][11:16], first["first_channel"]) == ("16:30", "quay")
    for name in ("hops.svg", "hops.png"):
        assert archiver("spread", "@dock/20", "--plot", name).returncode == 0
    assert archiver("verify").returncode == 0


def test_what_a_person_joined_is_no_likeness(archiver, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    write(tmp_path / "p.jsonl", said(1, "@dock", "16:00"), said(1, "@quay", "17:30", HARVEST))
    assert archiver("import", "p.jsonl").returncode == 0
    assert archiver("dedup", "merge", "@dock/1", "@quay/1").returncode == 0
    assert "(a person said so)" in archiver("spread", "@dock/1").stdout.decode()
    _, told = records(archiver("spread", "@dock/1", "--json"))
    assert (told["reason"], told["alike"]) == ("verdict", None)


def test_who_said_it_first_by_an_edit_is_named(archiver, spread) -> None:  # type: ignore[no-untyped-def]
    longer = f"{BRIDGE} " + "The ferry will take everybody free of charge until then. " * 2
    spread(
        "@quay/1",
        said(1, "@dock", "16:00", edited=at("17:00"), versions=[was(GREETING, "16:00")]),
        said(1, "@quay", "17:30", longer),
        said(1, "@lock", "17:40", longer),
    )
    [ranked] = records(archiver("clusters", "--json"))
    assert (ranked["first"][11:16], ranked["first_channel"]) == ("17:00", "dock")
    assert ranked["first_by_edit"]
    assert ", first @dock 2025-03-01 17:00Z by an edit" in archiver("clusters").stdout.decode()
    [hit] = records(archiver("search", "bridge", "--format", "jsonl"))
    assert hit["message_id"] == 1
    assert "ferry will take" in hit["text"]
    assert (hit["first"]["date"][11:16], hit["first"]["username"]) == ("17:00", "dock")


def test_a_search_says_since_which_edit_a_post_says_so(archiver, spread) -> None:  # type: ignore[no-untyped-def]
    edit = "2025-03-01 17:00Z"
    spread(
        "@quay/20",
        said(20, "@quay", "16:30"),
        said(20, "@dock", "16:45", edited=at("17:00"), versions=[was(GREETING, "16:45")]),
        said(30, "@lock", "10:00", HARVEST, edited=at("17:00"), versions=[was(GREETING, "10:00")]),
        said(40, "@mole", "10:00", f"{GREETING}.", edited=at("17:00"),
             versions=[was(GREETING, "10:00")]),
    )  # fmt: skip
    told = archiver("search", "chan:@lock").stdout.decode()
    assert told.splitlines()[2].endswith(f"  said so by an edit of {edit}")
    assert (
        f"\nedited {edit}; it says so since {edit}\n"
        in archiver("show", "@lock/30").stdout.decode()
    )
    assert records(archiver("show", "@lock/30", "--json"))[0]["said_since"] == at("17:00")
    told = archiver("search", "bridge").stdout.decode()
    assert f"matched 2025-03-01 16:45Z @dock/20 edited {edit}" in told
    [hit] = records(archiver("search", "bridge", "--json"))
    assert (hit["said_since"], hit["matched"]["said_since"]) == (None, at("17:00"))
    [hit] = records(archiver("search", "bridge chan:@dock", "--all", "--json"))
    assert hit["said_since"] == at("17:00")
    [hit] = records(archiver("search", "chan:@mole", "--json"))  # a full stop more
    assert (hit["edited"], hit["said_since"]) == (at("17:00"), None)


def test_clusters_say_which_edit_made_the_post_shown_say_so(archiver, spread) -> None:  # type: ignore[no-untyped-def]
    spread(
        "@quay/20",
        said(20, "@dock", "16:00", edited=at("16:10"), versions=[was(GREETING, "16:00")]),
        said(20, "@quay", "16:30"),
    )
    line, _, where = archiver("clusters").stdout.decode().splitlines()
    assert line.endswith(", first 2025-03-01 16:10Z by an edit")
    assert where.endswith("  said so by an edit of 2025-03-01 16:10Z")
    [ranked] = records(archiver("clusters", "--json"))
    assert (ranked["said_since"], ranked["unsure_since_edit"]) == (at("16:10"), None)


def test_an_edit_of_which_nothing_earlier_is_known_makes_the_first_unsure(archiver, spread) -> None:  # type: ignore[no-untyped-def]
    told = spread(
        "@quay/20",
        said(20, "@dock", "16:00", edited=at("17:00")),
        said(20, "@quay", "16:30"),
        said(21, "@lock", "10:00", HARVEST, edited=at("10:20")),
        said(22, "@mole", "10:30", HARVEST),
    )
    note = "edited 2025-03-01 17:00Z; what it said before is not archived"
    assert told[0] == f"16:00Z @dock first ({note})"
    assert spread("@mole/22")[0] == "10:00Z @lock first"  # edited before anybody else had it
    assert f"\n    {note}\n" in archiver("show", "@quay/20").stdout.decode()
    assert "not archived" not in archiver("show", "@mole/22").stdout.decode()
    [told] = records(archiver("show", "@dock/20", "--json"))
    assert [c["unsure_since_edit"] for c in told["copies"]] == [at("17:00"), None]
    bridge, harvest = records(archiver("clusters", "--json"))[::-1]
    assert (bridge["unsure_since_edit"], harvest["unsure_since_edit"]) == (at("17:00"), None)
    told = archiver("clusters").stdout.decode()
    assert "the first was edited 2025-03-01 17:00Z; what it said before is not archived" in told
    first, second = records(archiver("spread", "@quay/20", "--json"))
    assert (first["unsure_since_edit"], second["unsure_since_edit"]) == (
        "2025-03-01T17:00:00+00:00",
        None,
    )


def test_a_post_edited_into_another_statement_is_in_that_one_and_names_the_other(  # type: ignore[no-untyped-def]
    archiver, spread
) -> None:
    told = spread(
        "@pier/1",
        said(1, "@harbour", "09:00"),
        said(1, "@quay", "09:30", HARVEST, edited=at("12:10"), versions=[was(BRIDGE, "09:30")]),
        said(1, "@dock", "12:00", HARVEST),
        said(1, "@pier", "12:30", HARVEST),
    )
    assert told == [
        "12:00Z @dock first",
        "12:10Z @quay +10 min after @dock (same text, said so by an edit)",
        "12:30Z @pier +30 min after @dock (same text)",
    ]
    shown = archiver("show", "@quay/1").stdout.decode()
    [number] = re.findall(r"\(another statement: that of #(\d+)\)", shown)
    assert BRIDGE in archiver("show", number).stdout.decode()
    assert spread("@harbour/1") == [
        "09:00Z @harbour first",
        "09:30Z @quay +30 min after @harbour"
        " (same text, an earlier version, edited away 2025-03-01 12:10Z)",
    ]


def test_why_tells_of_a_forward_that_was_made_before_an_edit(archiver, spread) -> None:  # type: ignore[no-untyped-def]
    spread(
        "@quay/1",
        said(1, "@quay", "09:30", HARVEST, edited=at("12:10"), versions=[was(BRIDGE, "09:30")]),
        said(1, "@pier", "10:00", forwarded_from=of("@quay", 1, "09:30")),
        said(1, "@dock", "13:00", HARVEST, forwarded_from=of("@quay", 1, "09:30")),
    )
    for pair in (("#1", "#2"), ("#2", "#1")):
        told = archiver("why", *pair).stdout.decode()
        told = re.sub(r"\s+", " ", told)
        assert "Two statements: #2 is a forward of #1 as it was before its edit" in told
        assert "edit of 2025-03-01 12:10Z, which made another statement of it." in told
    [values] = records(archiver("why", "#2", "#1", "--json"))
    assert values["cause"] == "edited-since"
    assert values["forwarded"]["original"] == 1
    assert "#3 is a forward of #1" in archiver("why", "#1", "#3").stdout.decode()
    assert "texts differ" in archiver("why", "#2", "#3").stdout.decode()
    assert archiver("dedup", "split", "#2").returncode == 0
    assert "a person said" in archiver("why", "#1", "#2").stdout.decode()


def test_who_is_usually_first_is_counted(archiver, spread) -> None:  # type: ignore[no-untyped-def]
    other = "The council of the town has sold the old mill to a baker who lives on the island."
    spread(
        "@quay/1",
        said(1, "@quay", "09:30"),
        said(1, "@dock", "09:40"),
        said(1, "@pier", "09:50"),
        said(2, "@quay", "10:00", HARVEST, edited=at("10:20")),
        said(2, "@dock", "10:10", HARVEST),
        said(3, "@dock", "11:00", other, forwarded_from=of("@elsewhere", 7, "10:30")),
        said(3, "@quay", "11:30", other, forwarded_from=of("@elsewhere", 7, "10:30")),
        said(4, "@pier", "11:40", GREETING),
        said(5, "@pier", "11:41", GREETING),
    )
    told = records(archiver("channels", "firsts", "--fewest", "1", "--json"))
    keys = ("channel_username", "first", "statements", "share", "unsure", "median_lead_seconds")
    assert [tuple(each[key] for key in keys) for each in told] == [
        ("quay", 2, 3, 0.6667, 1, 600),
        ("pier", 0, 1, 0.0, 0, None),
        ("dock", 0, 3, 0.0, 0, None),
    ]
    lines = archiver("channels", "firsts").stdout.decode().splitlines()
    assert [re.sub(r" +", " ", line) for line in lines] == [
        "first in 2 of 3 statements @quay median lead 10 min (1 edited since)",
        "first in 0 of 3 statements @dock",
    ]
    [one, *_] = records(archiver("channels", "firsts", "--json", "--date", "2025-03-01"))
    assert one["statements"] == 3
    nothing = archiver("channels", "firsts", "--date", "2024")
    assert (nothing.returncode, nothing.stdout) == (1, b"")


def test_who_posts_in_the_same_second_is_first_too(archiver, spread) -> None:  # type: ignore[no-untyped-def]
    spread("@quay/1", said(1, "@quay", "09:30"), said(1, "@dock", "09:30"))
    told = records(archiver("channels", "firsts", "--fewest", "1", "--json"))
    assert [(each["first"], each["median_lead_seconds"]) for each in told] == [(1, 0), (1, 0)]


def test_a_statement_is_of_the_time_in_which_it_was_first_told(archiver, spread) -> None:  # type: ignore[no-untyped-def]
    late = post(1, BRIDGE, "@dock", date="2025-03-02T09:00:00+00:00")
    spread("@quay/1", said(1, "@quay", "09:30"), late)
    for period, code in (("2025-03-01", 0), ("2025-03-02", 1)):
        done = archiver("channels", "firsts", "--fewest", "1", "--date", period)
        assert done.returncode == code


def test_show_names_every_channel_by_the_same_keys(archiver, spread) -> None:  # type: ignore[no-untyped-def]
    named = {"channel_title": "The Pier", "channel_id": -1001234567890, "channel_username": None}
    spread(
        "@quay/1",
        said(1, "@quay", "09:30"),
        said(1, "ignored", "09:40", **named),
        said(2, "@dock", "09:50", f"{HARVEST} {BRIDGE}"),
    )
    [told] = records(archiver("show", "@quay/1", "--json"))
    quay = {"channel_title": "", "channel_username": "quay", "channel_id": None}
    assert [{key: each[key] for key in named} for each in (told, *told["copies"])] == [
        quay, quay, named,
    ]  # fmt: skip
    assert (told["channel"], told["copies"][1]["channel"]) == ("@quay", "The Pier")
    assert [each["channel_username"] for each in told["related"]] == ["dock"]


def test_a_copy_of_an_earlier_version_says_so(archiver, spread) -> None:  # type: ignore[no-untyped-def]
    corrected = BRIDGE.replace("asked", "advised")
    told = spread(
        "@quay/1",
        said(
            1, "@harbour", "09:00", corrected, edited=at("12:00"), versions=[was(BRIDGE, "09:00")]
        ),
        said(1, "@quay", "09:30"),
    )
    assert told == [
        "09:00Z @harbour first",
        "09:30Z @quay +30 min after @harbour (same text in an earlier version)",
    ]
    shown = archiver("show", "@quay/1").stdout.decode()
    assert re.search(
        r"same-text +https://t.me/quay/1\n    same as an earlier version of #\d+\n", shown
    )
    beside = r"same as an earlier version of #\d+; beside the one that is shown: .*\{\+asked\+\}"
    assert re.search(beside, archiver("show", "@quay/1", "--diff").stdout.decode())


def test_equal_text_comes_before_what_is_nearly_so_and_before_what_is_forwarded(spread) -> None:  # type: ignore[no-untyped-def]
    told = spread(
        "@pier/1",
        said(1, "@harbour", "09:00"),
        said(1, "@quay", "09:10", BRIDGE.replace("old bridge", "old stone bridge")),
        said(1, "@dock", "09:20"),
        said(1, "@pier", "09:30"),
        said(2, "@lock", "11:00", BRIDGE.replace("old bridge", "very old stone bridge")),
        said(3, "@mole", "12:00", forwarded_from=of("@dock", 1, "09:20")),
    )
    assert [line.split(" ", 2)[2].strip() for line in told] == [
        "first",
        "+10 min after @harbour (99% alike)",
        "+20 min after @harbour (same text)",
        "+30 min after @harbour (same text)",
        "+1 h 50 after @quay (99% alike)",
        "+2 h 40 after @dock (forward)",
    ]


def test_one_copied_post_counts_for_one_source(archiver, spread) -> None:  # type: ignore[no-untyped-def]
    spread(
        "@pier/1",
        said(1, "@harbour", "09:00"),
        said(1, "@quay", "09:20"),
        said(1, "@pier", "09:30"),
        said(3, "@mole", "12:00", forwarded_from=of("@quay", 1, "09:20")),
        said(4, "@mole", "13:00", forwarded_from=of("@elsewhere", 9, "12:50")),
    )
    pairs = records(archiver("channels", "similar", "--fewest", "1", "--format", "json"))
    assert sorted((pair["copier"], pair["source"], pair["forwards"]) for pair in pairs) == [
        ("@mole", "@quay", 1),
        ("@pier", "@harbour", 0),
        ("@quay", "@harbour", 0),
    ]


def test_an_origin_that_is_not_archived_is_the_first(archiver, spread) -> None:  # type: ignore[no-untyped-def]
    header = {"forwarded_from": of("@elsewhere", 77, "08:00")}
    told = spread(
        "@quay/1",
        said(1, "@harbour", "15:00", **header),
        said(1, "@quay", "15:10", **header),
        said(1, "@dock", "15:20"),
    )
    assert told == [
        "08:00Z @elsewhere first (not archived, by the forward's header)",
        "15:00Z @harbour +7 h 00 after @elsewhere (forward)",
        "15:10Z @quay +7 h 10 after @elsewhere (forward)",
        "15:20Z @dock +7 h 20 after @elsewhere (same text)",
    ]
    first, second, *_ = records(archiver("spread", "@quay/1", "--json"))
    assert (first["post_id"], first["archived"], first["channel"]) == (None, False, "elsewhere")
    assert (second["from_post_id"], second["from_channel"]) == (None, "elsewhere")
    assert second["reason"] == "forward"


def test_a_single_forward_names_its_origin_and_a_lonely_post_itself(archiver, spread) -> None:  # type: ignore[no-untyped-def]
    told = spread(
        "@harbour/1",
        said(1, "@harbour", "15:00", forwarded_from=of("@elsewhere", 77, "08:00")),
        said(2, "@quay", "16:00", HARVEST),
        said(
            3, "@quay", "17:00", GREETING, forwarded_from={"name": "Somebody", "date": at("08:30")}
        ),
    )
    assert [line.split(" ")[1] for line in told] == ["@elsewhere", "@harbour"]
    assert spread("@quay/3")[0].startswith("08:30Z Somebody first (not archived")
    done = archiver("spread", "@quay/2")
    assert (done.returncode, done.stderr) == (1, b"nobody repeated it.\n")
    assert done.stdout.startswith(b"2025-03-01 16:00Z  @quay  ")


def test_forwards_of_an_earlier_version_stay_with_what_they_say(spread) -> None:  # type: ignore[no-untyped-def]
    told = spread(
        "@mole/1",
        said(1, "@harbour", "09:00", HARVEST, edited=at("12:00"), versions=[was(BRIDGE, "09:00")]),
        said(1, "@mole", "10:00", forwarded_from=of("@harbour", 1, "09:00")),
        said(1, "@pier", "11:00"),
    )
    assert told == [
        "09:00Z @harbour first (an earlier version, edited away 2025-03-01 12:00Z)",
        "10:00Z @mole +1 h 00 after @harbour (forward)",
        "11:00Z @pier +2 h 00 after @harbour (same text)",
    ]
