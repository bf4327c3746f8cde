"""The commands about statements: dedup and its corrections, why, show --diff, clusters, spread."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_commands import archive_of, post, records, rows, write
from tests.test_near import BRIDGE, HARVEST

EDITED = BRIDGE.replace("old bridge", "old stone bridge").replace("asked", "advised")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A statement in three channels, edited in one of them, and another statement."""
    return archive_of(
        tmp_path,
        post(1, BRIDGE, "@harbour", date="2025-03-01T08:00:00+00:00"),
        post(2, BRIDGE, "@quay", date="2025-03-01T08:10:00+00:00"),
        post(3, EDITED, "@dock", date="2025-03-01T09:00:00+00:00"),
        post(4, HARVEST, "@dock", date="2025-03-02T09:00:00+00:00"),
        post(5, f"{HARVEST} {BRIDGE}", "@pier", date="2025-03-03T09:00:00+00:00"),
    )


def clusters(db: Path) -> list[set[int]]:
    found: dict[int, set[int]] = {}
    for message, cluster in rows(db, "SELECT message_id, cluster_id FROM post"):
        if cluster is not None:
            found.setdefault(cluster, set()).add(message)
    return list(found.values())


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def test_an_import_groups_edited_copies_and_shows_them(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    assert clusters(archive) == [{1, 2, 3}]
    told = said(archiver("show", "@harbour/1", "--diff"))
    assert re.search(r"  near, \d+% sure  ", told)
    assert all(word in told for word in ("{+stone+}", "[-asked-]", "{+advised+}"))
    related = told.split("with what the words alone weigh:\n")[1].splitlines()
    assert re.fullmatch(
        r"  2025-03-03 09:00Z  contains +\d+%  @pier  https://t.me/pier/5", related[0]
    )
    assert related[1].startswith(f"    {HARVEST[:60]}")
    assert related[1].endswith("…")
    [shown] = records(archiver("show", "@dock/3", "--json", "--diff"))
    assert [each["reason"] for each in shown["copies"]] == [None, "same-text", "near"]
    assert [each["relation"] for each in shown["related"]] == ["contains"]
    assert shown["related"][0]["snippet"].startswith(HARVEST[:60])


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_linked_statements_fit_and_are_safe(  # type: ignore[no-untyped-def]
    archiver, tmp_path: Path, columns: int
) -> None:
    evil = f"\x1b[2J\u202e{HARVEST} {BRIDGE}"
    name = "@" + "pier_of_a_very_long_name_indeed"
    write(
        tmp_path / "posts.jsonl",
        post(1, BRIDGE, "@harbour", date="2025-03-01T08:00:00+00:00"),
        post(1234567, evil, name, date="2025-03-03T09:00:00+00:00"),
    )
    assert archiver("import", "posts.jsonl").returncode == 0
    told = said(archiver("show", "@harbour/1", env={"COLUMNS": str(columns)}))
    related = told.split("with what the words alone weigh:\n")[1].splitlines()
    assert len(related) == 2
    assert all(len(line) <= columns for line in related)
    assert not any(char in told for char in "\x1b\u202e")
    assert ("https://" in related[0]) == (columns > 100)
    assert HARVEST[:30] in related[1]


def test_why_tells_what_each_feature_weighed(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    told = said(archiver("why", "@harbour/1", "@dock/3"))
    assert "the same text, edited" in told
    assert "alike +" in told
    assert "late -" in told
    assert "  the two posts:\n    65 and 66 words" in told
    assert "|" in told.split("from word")[1]
    assert "the two posts:" not in said(archiver("why", "@harbour/1", "@quay/2"))
    [values] = records(archiver("why", "@harbour/1", "@pier/5", "--json"))
    assert values["together"] is False
    assert values["weighed"]["relation"] == "contains"


def test_three_places_in_which_two_posts_differ_are_named(
    archiver, archive: Path, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    more = EDITED.replace("northern", "southern").replace("governor", "mayor")
    write(tmp_path / "more.jsonl", post(7, more, "@mole", date="2025-03-01T08:30:00+00:00"))
    assert archiver("import", "more.jsonl").returncode == 0
    told = said(archiver("why", "@harbour/1", "@mole/7"))
    assert re.findall(r"from word \d+: (.*)", told) == [
        "(nothing)  |  stone", "asked  |  advised", "northern  |  southern",
    ]  # fmt: skip
    assert "and in 1 other place\n" in told
    assert "edited (probability 9" in told or "edited (probability 100%)" in told
    shown = said(archiver("show", "@harbour/1"))
    assert "(% sure: the probability that it is the same text as the post it was" in shown


def test_what_no_pass_matched_is_not_said_to_hang_on_another_text(  # type: ignore[no-untyped-def]
    archiver, tmp_path: Path
) -> None:
    (tmp_path / "strict.toml").write_text("[dedup]\nnear_percent = 101\n")
    write(tmp_path / "posts.jsonl", post(1, BRIDGE, "@harbour"), post(3, EDITED, "@dock"))
    assert archiver("--config", "strict.toml", "import", "posts.jsonl").returncode == 0
    told = said(archiver("why", "@harbour/1", "@dock/3"))
    assert "no pass has matched them" in told
    assert "do not chain" not in told


def test_a_split_is_remembered_through_a_rebuild_and_undone(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    told = said(archiver("dedup", "split", "@dock/3"))
    assert clusters(archive) == [{1, 2}]
    assert "a person said" in said(archiver("why", "@harbour/1", "@dock/3"))
    said(archiver("dedup", "--rebuild"))
    assert clusters(archive) == [{1, 2}]
    run = told.split("undo ")[1].split("`")[0]
    said(archiver("dedup", "undo", run))
    assert clusters(archive) == [{1, 2, 3}]


def test_a_merge_joins_what_nothing_else_would(archiver, archive: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    said(archiver("dedup", "merge", "@harbour/1", "@dock/4"))
    assert clusters(archive) == [{1, 2, 3, 4}]
    said(archiver("dedup", "--rebuild"))
    assert clusters(archive) == [{1, 2, 3, 4}]
    lines = said(archiver("dedup", "verdicts"))
    assert [json.loads(line)["kind"] for line in lines.splitlines()] == ["verdict"]
    (tmp_path / "verdicts.jsonl").write_text(lines + "{}\n")
    said(archiver("dedup", "split", "@dock/4"))
    assert clusters(archive) == [{1, 2, 3}]
    assert archiver("dedup", "verdicts", "verdicts.jsonl").returncode == 7
    assert clusters(archive) == [{1, 2, 3, 4}]


def test_what_an_import_joined_is_not_undone_as_a_whole(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    [(run,)] = rows(archive, "SELECT DISTINCT run_id FROM decision")
    for more in ((), ("--yes",)):
        done = archiver("dedup", "undo", str(run), *more)
        assert (done.returncode, clusters(archive)) == (2, [{1, 2, 3}])
        assert b"its 2 posts in statements" in done.stderr
        assert b"`archiver dedup split POST`" in done.stderr
    assert rows(archive, "SELECT * FROM verdict") == []
    assert archiver("dedup", "undo", "999").returncode == 4


def test_a_pass_is_undone_when_that_is_wished_and_stays_undone(  # type: ignore[no-untyped-def]
    archiver, tmp_path: Path, db: Path
) -> None:
    write(tmp_path / "posts.jsonl", post(1, BRIDGE, "@harbour"), post(2, BRIDGE, "@quay"))
    assert archiver("import", "posts.jsonl", "--no-dedup").returncode == 0
    [done] = records(archiver("dedup", "--json"))
    run = str(done["run"])
    refused = archiver("dedup", "undo", run)
    assert (refused.returncode, clusters(db)) == (2, [{1, 2}])
    [(joined,)] = rows(db, "SELECT count(*) FROM decision WHERE reason IS NOT NULL")
    assert f"joined {joined} post".encode() in refused.stderr
    undone = said(archiver("dedup", "undo", run, "--yes"))
    assert f"{joined} post" in undone
    assert clusters(db) == []
    said(archiver("dedup", "--rebuild"))
    assert clusters(db) == []
    why = said(archiver("why", "@harbour/1", "@quay/2"))
    assert "set apart when a pass was undone (run " in why
    assert "person" not in why
    assert {each["by"] for each in records(archiver("dedup", "verdicts"))} == {"undo"}
    back = re.search(r"\(run (\d+)\)", undone)
    assert back
    said(archiver("dedup", "undo", back[1]))
    assert clusters(db) == [{1, 2}]


def test_a_post_that_was_set_apart_says_so(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    assert "Set apart" not in said(archiver("show", "@dock/3"))
    run = said(archiver("dedup", "split", "@dock/3")).split("undo ")[1].split("`")[0]
    assert f"Set apart by a person (run {run};" in said(archiver("show", "@dock/3"))
    [values] = records(archiver("show", "@dock/3", "--json"))
    assert values["set_apart"] == {"run": int(run), "by": "person"}
    again = said(archiver("dedup", "split", "@dock/3"))
    assert f"in run {run}, and nothing changes; `archiver dedup undo {run}`" in again
    said(archiver("dedup", "undo", run))
    assert "Set apart" not in said(archiver("show", "@dock/3"))
    run = said(archiver("dedup", "merge", "@dock/3", "@dock/4")).split("undo ")[1].split("`")[0]
    assert f"in run {run}, and nothing" in said(archiver("dedup", "merge", "@dock/4", "@dock/3"))


def test_a_word_says_which_earlier_one_it_takes_back(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    split = _run(said(archiver("dedup", "split", "@dock/3")))
    told = said(archiver("dedup", "merge", "@dock/3", "@harbour/1"))
    assert f"\nThat #3 was set apart in run {split} holds no longer.\n" in told
    merge = _run(told)
    refused = archiver("dedup", "undo", split)
    assert refused.returncode == 2
    contradicted = f"what run {split} said was contradicted since, by run {merge} ('dedup merge')"
    assert contradicted in refused.stderr.decode()
    told = said(archiver("dedup", "split", "@harbour/1"))
    assert f"\nThat #1 and #3 were made one statement in run {merge} holds no longer.\n" in told
    assert "no longer" not in said(archiver("dedup", "merge", "@quay/2", "@dock/4"))


def test_what_is_undone_already_is_not_undone_again(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    split = _run(said(archiver("dedup", "split", "@dock/3")))
    undone = re.search(r"\(run (\d+)\)", said(archiver("dedup", "undo", split)))
    assert undone
    runs = rows(archive, "SELECT count(*) FROM run")
    again = archiver("dedup", "undo", split)
    assert again.returncode == 2
    assert f"what run {split} said is undone already, by run {undone[1]}" in again.stderr.decode()
    assert rows(archive, "SELECT count(*) FROM run") == runs
    said(archiver("dedup", "undo", undone[1]))
    assert clusters(archive) == [{1, 2}]


def test_verdicts_that_hold_already_are_not_taken_in(  # type: ignore[no-untyped-def]
    archiver, archive: Path, tmp_path: Path
) -> None:
    said(archiver("dedup", "split", "@dock/3"))
    own = said(archiver("dedup", "verdicts"))
    more = {"kind": "verdict", "verdict": "apart", "posts": [{"channel": "@quay", "id": 2}]}
    (tmp_path / "said.jsonl").write_text(own + json.dumps(more))
    told = said(archiver("dedup", "verdicts", "said.jsonl"))
    assert told.startswith("1 verdict taken in, 1 known already, 0 passed over")


def _run(told: str) -> str:
    """The run that a word says it can be undone as."""
    return told.split("undo ")[1].split("`")[0]


def test_each_faulty_verdict_is_told_what_is_wrong_with_it(  # type: ignore[no-untyped-def]
    archiver, archive: Path, tmp_path: Path
) -> None:
    here, gone = {"channel": "@harbour", "id": 1}, {"channel": "@harbour", "id": 99}
    write(
        tmp_path / "said.jsonl",
        {"kind": "post"},
        {"kind": "verdict", "verdict": "both", "posts": [here]},
        {"kind": "verdict", "verdict": "same", "posts": [here]},
        {"kind": "verdict", "verdict": "same", "posts": [here, here]},
        {"kind": "verdict", "verdict": "apart", "posts": [{"channel": "@harbour"}]},
        {"kind": "verdict", "verdict": "apart", "posts": "@harbour/1"},
        {"kind": "verdict", "verdict": "apart", "posts": [gone]},
    )
    with (tmp_path / "said.jsonl").open("a") as file:
        file.write("{\n")
    done = archiver("dedup", "verdicts", "said.jsonl")
    assert done.returncode == 7
    assert b"0 verdicts taken in, 8 passed over" in done.stdout
    told = done.stderr.decode().splitlines()
    for line, fault in zip(
        told,
        ('"kind": "verdict"', 'must be "same" or "apart", not "both"', "said of two posts",
         "both posts are #", 'needs "channel" and "id"', "must be a list", "not this post",
         "is no JSON"),
        strict=True,
    ):  # fmt: skip
        assert fault in line


def test_raw_stands_alone(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    for other in ("--json", "--diff"):
        done = archiver("show", "@dock/3", "--raw", other)
        assert (done.returncode, done.stdout) == (2, b"")
        assert f"leave out it or {other}".encode() in done.stderr


def test_a_dry_run_does_nothing_and_says_what_it_would(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    said(archiver("dedup", "split", "@dock/3"))
    before = rows(archive, "SELECT id, cluster_id, reason, score FROM post")
    rows_of_verdict = rows(archive, "SELECT withdrawn FROM verdict")
    told = said(archiver("dedup", "--rebuild", "--dry-run", "--explain"))
    assert told.startswith("A dry run: nothing is changed.")
    assert "Looked at 5 posts" in told
    assert rows(archive, "SELECT id, cluster_id, reason, score FROM post") == before
    assert rows(archive, "SELECT withdrawn FROM verdict") == rows_of_verdict


def test_explain_names_what_moved(archiver, archive: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    write(tmp_path / "more.jsonl", post(9, EDITED, "@pier", date="2025-03-01T10:00:00+00:00"))
    assert archiver("import", "more.jsonl", "--no-dedup").returncode == 0
    told = said(archiver("dedup", "--dry-run", "--explain"))
    assert "https://t.me/pier/9) is in statement" in told
    [values] = records(archiver("dedup", "--explain", "--json"))
    assert [(each["reason"], each["via"]) for each in values["moves"]] == [("near", 1)]


def test_clusters_rank_the_statements(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    told = said(archiver("clusters"))
    assert "+2 copies, 3 channels in all" in told
    [values] = records(archiver("clusters", "--json", "--by", "channels", "--date", "2025-03"))
    assert (values["copies"], values["first_hour"]) == (2, 2)
    assert archiver("clusters", "--date", "2024").returncode == 1
    assert archiver("clusters", "--date", "soon").returncode == 2


def test_clusters_across_channels_and_with_a_copy_in_the_first_hour(  # type: ignore[no-untyped-def]
    archiver, tmp_path: Path
) -> None:
    marked = f"**{HARVEST[:40]}**{HARVEST[40:]}"
    write(
        tmp_path / "posts.jsonl",
        *(post(n, marked, "@dock", date=f"2025-03-0{n}T09:00:00+00:00") for n in range(1, 6)),
        post(6, BRIDGE, "@harbour", date="2025-03-01T09:00:00+00:00"),
        post(7, BRIDGE, "@quay", date="2025-03-01T09:20:00+00:00"),
        post(8, BRIDGE, "@pier", date="2025-03-01T09:40:00+00:00"),
        post(9, BRIDGE, "@pier", date="2025-03-04T09:40:00+00:00"),
    )
    assert archiver("import", "posts.jsonl").returncode == 0
    own, across = records(archiver("clusters", "--json"))
    assert (own["copies"], own["channels"], own["all_channels"]) == (4, 1, 1)
    assert (across["copies"], across["channels"], across["all_channels"]) == (3, 2, 3)
    assert records(archiver("clusters", "--json", "--across")) == [across]
    assert records(archiver("clusters", "--json", "--by", "speed")) == [across]
    told = said(archiver("clusters"))
    assert "+4 copies, 1 channel in all" in told
    assert "**" not in told


def test_clusters_name_the_channel_that_said_it_first(  # type: ignore[no-untyped-def]
    archiver, tmp_path: Path, db: Path
) -> None:
    short = BRIDGE.rsplit(". ", 1)[0] + "."
    write(
        tmp_path / "posts.jsonl",
        post(1, short, "@harbour", date="2025-03-01T08:00:00+00:00"),
        post(2, BRIDGE, "@quay", date="2025-03-01T08:10:00+00:00"),
        post(2, BRIDGE, "@lock", date="2025-03-01T08:20:00+00:00"),
        post(3, HARVEST, "@dock", date="2025-03-02T09:00:00+00:00"),
        post(4, HARVEST, "@pier", date="2025-03-02T09:10:00+00:00"),
    )
    assert archiver("import", "posts.jsonl").returncode == 0
    bridge, _, _, harvest, *_ = said(archiver("clusters")).splitlines()
    assert bridge.startswith("2025-03-01 08:10Z  @quay")
    assert bridge.endswith(", first @harbour 2025-03-01 08:00Z")
    assert harvest.startswith("2025-03-02 09:00Z  @dock")
    assert "first @" not in harvest
    found = records(archiver("clusters", "--json"))
    assert [(each["first_channel"], each["first"], each["url"]) for each in found] == [
        ("harbour", "2025-03-01T08:00:00+00:00", "https://t.me/quay/2"),
        ("dock", "2025-03-02T09:00:00+00:00", "https://t.me/dock/3"),
    ]


def test_a_rebuild_is_undone_and_what_was_before_is_back(  # type: ignore[no-untyped-def]
    archiver, archive: Path, tmp_path: Path
) -> None:
    (tmp_path / "strict.toml").write_text("[dedup]\nnear_percent = 101\n")
    done = archiver("--config", "strict.toml", "dedup", "--rebuild")
    assert (
        b"none came into a statement that it was not in before; 1 post left theirs" in done.stdout
    )
    told = done.stderr.decode()
    assert clusters(archive) == [{1, 2}]
    hint = re.search(r"`archiver dedup undo (\d+)` brings back what was before the rebuild", told)
    assert hint
    undone = said(archiver("dedup", "undo", hint[1]))
    assert "what was before it is back" in undone
    assert clusters(archive) == [{1, 2, 3}]
    assert [row[0] for row in rows(archive, "SELECT kind FROM verdict")] == []
    write(tmp_path / "more.jsonl", post(8, EDITED, "@mole", date="2025-03-01T10:00:00+00:00"))
    assert archiver("import", "more.jsonl").returncode == 0
    assert clusters(archive) == [{1, 2, 3, 8}]


def test_only_the_last_rebuild_can_be_undone(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    [first, second] = [records(archiver("dedup", "--rebuild", "--json"))[0]["run"] for _ in "12"]
    refused = archiver("dedup", "undo", str(first))
    assert (refused.returncode, clusters(archive)) == (2, [{1, 2, 3}])
    assert "only the last rebuild can be taken back" in refused.stderr.decode()
    assert f"(what run {second} changed can)" in refused.stderr.decode()
    [dry] = records(archiver("dedup", "--rebuild", "--dry-run", "--json"))
    nothing = said(archiver("dedup", "undo", str(dry["run"])))
    assert "is left to be undone" in nothing
    told = said(archiver("dedup", "undo", str(second)))
    assert "is back; 0 posts moved" in told
    back = re.search(r"\(run (\d+)\)", told)
    assert back
    again = archiver("dedup", "undo", str(second))
    assert again.returncode == 2
    assert f"run {second} is undone already, by run {back[1]};" in again.stderr.decode()
    assert "is back" in said(archiver("dedup", "undo", back[1]))
    assert [run["status"] for run in records(archiver("runs", "--json"))][5] == "failed"


def test_spread_tells_who_followed_and_draws_it(archiver, archive: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    told = said(archiver("spread", "@dock/3"))
    assert [line.split()[2] for line in told.splitlines()] == ["@harbour", "@quay", "@dock"]
    values = records(archiver("spread", "@harbour/1", "--json"))
    assert [each["lag_seconds"] for each in values] == [None, 600, 3600]
    for name in ("hops.svg", "hops.png"):
        assert archiver("spread", "@dock/3", "--plot", name).returncode == 0
        assert (tmp_path / name).stat().st_size > 1000
    assert archiver("spread", "@dock/3", "--plot", "hops.gif").returncode == 2
    assert archiver("spread", "@dock/4").returncode == 1


def test_a_spread_without_matplotlib_says_what_to_install(  # type: ignore[no-untyped-def]
    archiver, archive: Path, tmp_path: Path
) -> None:
    (tmp_path / "bare" / "matplotlib").mkdir(parents=True)
    (tmp_path / "bare" / "matplotlib" / "__init__.py").write_text("raise ImportError")
    root = str(Path(__file__).resolve().parents[2])
    env = {"PYTHONPATH": f"{tmp_path / 'bare'}:{root}"}
    done = archiver("spread", "@dock/3", "--plot", "hops.png", env=env)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"pip install matplotlib" in done.stderr
    assert archiver("spread", "@dock/3", env=env).returncode == 0


def test_similar_channels_as_text_table_and_graph(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    assert "1 statement  @quay  copies  @harbour" in said(
        archiver("channels", "similar", "--fewest", "1")
    )
    table = said(archiver("channels", "similar", "--fewest", "1", "--format", "csv"))
    assert table.startswith("source,copier,statements")
    assert "graphml" in said(
        archiver("channels", "similar", "--fewest", "1", "--format", "graphml")
    )
    assert "<gexf" in said(archiver("channels", "similar", "--fewest", "1", "--format", "gexf"))
    assert archiver("channels", "similar", "--fewest", "9").returncode == 1


def test_what_its_own_channel_said_first_is_no_other_channel(  # type: ignore[no-untyped-def]
    archiver, tmp_path: Path
) -> None:
    short = BRIDGE.rsplit(". ", 1)[0] + "."
    write(
        tmp_path / "posts.jsonl",
        post(1, short, "@harbour", date="2025-03-01T08:00:00+00:00"),
        post(2, BRIDGE, "@harbour", date="2025-03-01T08:10:00+00:00"),
    )
    assert archiver("import", "posts.jsonl").returncode == 0
    told = said(archiver("clusters")).splitlines()[0]
    assert told.startswith("2025-03-01 08:10Z  @harbour  +1 copy")
    assert told.endswith(", first 2025-03-01 08:00Z")


def test_a_file_that_has_no_verdicts_is_told_in_a_few_lines(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    (archive.parent / "poem.txt").write_text("a line of it\n" * 52)
    done = archiver("dedup", "verdicts", "poem.txt")
    assert done.stderr.count(b"is no JSON") == 10
    assert b"(and 42 other lines that cannot be taken in)" in done.stderr
    assert b"52 passed over" in done.stdout


def test_a_run_that_rebuilt_says_so_without_a_count(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    assert archiver("dedup", "--rebuild").returncode == 0
    assert ", rebuilt in " in said(archiver("runs", "--limit", "1"))


def test_equal_copies_are_said_to_be_equal_once(archiver, archive: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    copies = [post(n, EDITED, f"@mole{n}", date="2025-03-01T08:30:00+00:00") for n in (7, 8)]
    write(tmp_path / "more.jsonl", *copies)
    assert archiver("import", "more.jsonl").returncode == 0
    told = said(archiver("show", "@harbour/1", "--diff"))
    assert told.count("Copies with no words below them") == 1
    assert "the same words" not in told


def test_a_line_of_clusters_too_short_for_who_was_first_gives_it_one(  # type: ignore[no-untyped-def]
    archiver, tmp_path: Path
) -> None:
    start = BRIDGE.rsplit(". ", 1)[0] + "."
    shown = [
        post(n, BRIDGE, f"@the_quay_of_the_old_{n}", date=f"2025-03-01T08:{n}:00Z")
        for n in (10, 20)
    ]
    write(tmp_path / "posts.jsonl", post(1, start, "@harbour", date="2025-03-01T08:00:00Z"), *shown)
    assert archiver("import", "posts.jsonl").returncode == 0
    wide = said(archiver("clusters")).splitlines()
    narrow = said(archiver("clusters", env={"COLUMNS": "80"})).splitlines()
    assert wide[0].endswith(", first @harbour 2025-03-01 08:00Z")
    assert narrow[0] == "2025-03-01 08:10Z  @the_quay_of_the_old_10  +2 copies, 3 channels in all"
    assert narrow[1] == "  2 in the first hour, first @harbour 2025-03-01 08:00Z"
