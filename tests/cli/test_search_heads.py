"""Who was first: told beside every result, however narrow, and found by --originals-only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archiver.text.safe import width
from tests.cli.test_commands import post, records, write
from tests.test_near import BRIDGE, HARVEST

SHORT = BRIDGE.rsplit(". ", 1)[0] + "."
LONG = "The Harbour and Quay Gazette of the Northern Towns and Islands"
NAME = "the_first_wire_of_northern_towns"  # 32 letters: no @name is longer


@pytest.fixture
def late(archiver, tmp_path: Path):  # type: ignore[no-untyped-def]
    """A statement whose first post is short; the whole one, of two channels, came later."""
    write(
        tmp_path / "posts.jsonl",
        post(1, SHORT, f"@{NAME}", date="2024-12-31T23:50:00+00:00"),
        post(2, BRIDGE, "@quay", channel_title=LONG, date="2025-03-01T08:10:00+00:00"),
        post(3, BRIDGE, "@pier", date="2025-03-01T09:10:00+00:00"),
        post(4, HARVEST, "@dock", date="2025-03-02T09:00:00+00:00"),
        post(5, HARVEST, "@pier", forwarded_from={"channel": "@dock", "id": 4},
             date="2025-03-02T10:00:00+00:00"),
        post(6, "Storms close all harbours of the coast from noon on, pilots say.", "@pier",
             forwarded_from={"channel": "@far", "id": 9}),
    )  # fmt: skip
    assert archiver("import", "posts.jsonl").returncode == 0
    assert archiver("dedup", "merge", f"@{NAME}/1", "@quay/2").returncode == 0
    return archiver


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 120, 200])
def test_who_was_first_is_told_at_every_width(late, columns: int) -> None:  # type: ignore[no-untyped-def]
    done = late("search", "bridge pillars", env={**os.environ, "COLUMNS": str(columns)})
    lines = done.stdout.decode().splitlines()
    assert lines[0].startswith("2025-03-01 08:10Z  The Har")
    assert "+2" in lines[0]
    heads = lines[: 2 if lines[1].startswith("  first @") else 1]
    told = f"first @{NAME} 2024-12-31 23:50Z"
    assert (told if columns > 40 else told[:36]) in heads[-1]
    assert max(map(width, heads)) <= columns


def test_the_year_gives_way_before_the_name(archiver, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    write(
        tmp_path / "posts.jsonl",
        post(1, SHORT, "@harbour_wire", date="2025-03-01T08:00:00+00:00"),
        post(2, BRIDGE, "@quay", channel_title=LONG, date="2025-03-01T08:10:00+00:00"),
        post(3, BRIDGE, "@pier", date="2025-03-01T08:20:00+00:00"),
    )
    assert archiver("import", "posts.jsonl").returncode == 0
    head = archiver("search", "bridge", env={**os.environ, "COLUMNS": "80"}).stdout.decode()
    assert "…  +2, first @harbour_wire 03-01 08:00Z\n" in head or (
        "…  +2 copies, first @harbour_wire 03-01 08:00Z\n" in head
    )
    [line, *_] = head.splitlines()
    assert width(line) <= 80


def test_originals_are_first_posts_and_no_forwards(late) -> None:  # type: ignore[no-untyped-def]
    found = records(late("search", "date:2024..", "--originals-only", "--json"))
    assert [(each["username"], each["message_id"]) for each in found] == [("dock", 4), (NAME, 1)]
    assert found[1]["text"] == SHORT
    assert late("search", "chan:quay", "--originals-only").returncode == 1
    assert late("search", "date:2024..", "--originals-only", "--count").stdout == b"2\n"


def test_copies_and_originals_only_are_two_wishes(late) -> None:  # type: ignore[no-untyped-def]
    done = late("search", "bridge", "--originals-only", "--all")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"say one of the two" in done.stderr
