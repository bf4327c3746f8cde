"""The program as a user meets it: a process of its own, its output, its exit codes."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import archives

BODY = (
    "The harbour council voted on Monday to deepen the northern channel by two metres before the"
    " winter storms, and to move the fish market to the old customs house next to the lighthouse."
)
NASTY = "\x1b[31mred\x1b]8;;http://evil.example\x07link\x9b2J\u202egnp.exe <b>bold</b> =1+1 ferry"


def write(path: Path, *records: dict[str, Any]) -> Path:
    """A JSONL file."""
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def post(number: int, text: str = BODY, channel: str = "@harbour", **told: Any) -> dict[str, Any]:
    """A record of our JSONL."""
    date = f"2025-03-01T10:{number % 60:02d}:00Z"
    return {"channel": channel, "id": number, "date": date, "text": text, **told}


def archive_of(folder: Path, *records: dict[str, Any]) -> Path:
    """`archive.sqlite` in a folder, as an import of `posts.jsonl` beside it leaves it."""
    path = folder / "archive.sqlite"
    posts = write(folder / "posts.jsonl", *records)
    path.write_bytes(archives.imported(posts.read_text(encoding="utf-8")))
    return path


def rows(archive: Path, query: str) -> list[tuple[Any, ...]]:
    """What another program would see in the file."""
    with closing(sqlite3.connect(archive)) as db:
        return db.execute(query).fetchall()


def records(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    """What a command with --json said."""
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of one statement in four channels, under a headline in one, and another one."""
    source = {"channel": "@harbour", "id": 1}
    return archive_of(
        tmp_path,
        post(1),
        post(2, f"Headline of the day\n{BODY}\nRead in full\n{BODY}\nRead in full", "@pier"),
        post(3, BODY, "@quay", forwarded_from=source),
        post(4, f"⚓ {BODY} https://quay.example/4", "@dock"),
        post(5, "Ferry tickets are sold in the old mill from Tuesday on.", "@dock"),
    )


def test_demo_does_it_all_on_the_sample(archiver) -> None:  # type: ignore[no-untyped-def]
    done = archiver("demo")
    assert done.returncode == 0, done.stderr
    told = done.stdout.decode()
    assert "->" in told
    assert "$ archiver search" in told
    assert "Next:" in told
    assert done.stderr == b""


def test_demo_keeps_its_archive_and_never_overwrites_one(archiver, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert archiver("demo", "--keep", "kept.sqlite").returncode == 0
    assert archiver("status", "--db", "kept.sqlite").returncode == 0
    again = archiver("demo", "--keep", "kept.sqlite")
    assert again.returncode == 2
    assert b"exists already" in again.stderr


def test_importing_twice_changes_nothing_and_says_so(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    before = rows(archive, "SELECT * FROM post")
    done = archiver("import", "posts.jsonl")
    assert done.returncode == 0
    assert b"Nothing new" in done.stdout
    assert rows(archive, "SELECT * FROM post") == before


def test_one_bad_record_never_stops_the_rest(archiver, tmp_path: Path, db: Path) -> None:  # type: ignore[no-untyped-def]
    file = write(tmp_path / "a.jsonl", post(1), post(2, "Second post here."))
    file.write_text(file.read_text() + '{"channel": "@harbour", "id": "x"}\n{broken\n')
    done = archiver("import", "a.jsonl", "--json")
    [told] = records(done)
    assert done.returncode == 7
    assert (told["new"], told["bad"]) == (2, 2)
    again = archiver("import", "a.jsonl").stderr.decode()
    assert "2 records could not be read" in again
    assert "line 3" in again
    with sqlite3.connect(db) as connection:
        places = connection.execute("SELECT place FROM event ORDER BY id").fetchall()
    connection.close()
    assert [p.rsplit(": ", 1)[1] for (p,) in places] == ["line 3", "line 4"] * 2


def test_a_truncated_export_gives_what_it_holds(archiver, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    from importlib.resources import files

    whole = (files("archiver.sample") / "result.json").read_bytes()
    (tmp_path / "result.json").write_bytes(whole[: len(whole) * 2 // 3])
    done = archiver("import", "result.json", "--json")
    [told] = records(done)
    assert done.returncode == 7
    assert told["new"] > 5
    assert told["bad"] == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.json", None, "does not exist"),
        ("empty.json", b"", "is empty"),
        ("page.html", b"<html>hello</html>", "no known format"),
        ("package.json", b'{"name": "x", "version": "1"}', "no known format"),
        ("folder", "folder", "without exports"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_9(  # type: ignore[no-untyped-def]
    archiver, tmp_path: Path, name: str, content: bytes | str | None, said: str
) -> None:
    if content == "folder":
        (tmp_path / name).mkdir()
    elif isinstance(content, bytes):
        (tmp_path / name).write_bytes(content)
    done = archiver("import", name)
    assert done.returncode == 9
    assert done.stdout == b""
    assert said in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


def test_a_folder_without_exports_does_not_stop_the_others(archiver, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for name in ("good", "other"):
        (tmp_path / name).mkdir()
    write(tmp_path / "good" / "posts.jsonl", post(1))
    (tmp_path / "other" / "notes.bin").write_bytes(b"\0")
    done = archiver("import", "other", "good")
    assert done.returncode == 7
    assert b"other is a folder without exports" in done.stderr
    assert b"1 new" in done.stdout
    assert archiver("import", "other", "other").returncode == 9


def test_files_of_a_folder_that_look_like_data_and_are_not_read_are_named_and_7(  # type: ignore[no-untyped-def]
    archiver, tmp_path: Path
) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    write(folder / "posts.jsonl", post(1))
    (folder / "photo.jpg").write_bytes(b"JFIF")
    assert archiver("import", "exports").returncode == 0
    assert b"1 other file left out" in archiver("-v", "import", "exports").stderr
    for number in range(12):
        (folder / f"strange{number:02}.json").write_text("{}")
    done = archiver("import", "exports")
    told = done.stderr.decode()
    assert done.returncode == 7
    assert "12 files that may be exports, not read:" in told
    assert "  exports/strange09.json: in no known format\n" in told
    assert "strange10" not in told
    assert "and 2 more" in told
    done = archiver("import", "exports", "--json")
    [record] = records(done)
    assert done.returncode == 7
    assert (len(record["not_read"]), record["other_files"]) == (12, 1)


def test_a_readme_beside_an_export_is_named_and_no_failure(  # type: ignore[no-untyped-def]
    archiver, tmp_path: Path
) -> None:
    (tmp_path / "exports").mkdir()
    write(tmp_path / "exports" / "posts.jsonl", post(1))
    (tmp_path / "exports" / "README.txt").write_text("What this is.\n")
    done = archiver("import", "exports")
    assert done.returncode == 0, done.stderr
    assert b"note: 1 text or page left out:\n  exports/README.txt: a text without" in done.stderr
    [told] = records(archiver("import", "exports", "--json"))
    assert [each["path"] for each in told["left_out"]] == ["exports/README.txt"]


def test_files_of_one_name_are_told_apart_and_one_notice_is_said_once(  # type: ignore[no-untyped-def]
    archiver, tmp_path: Path
) -> None:
    for place, text in (("a", "The ferry sails."), ("b", "The barge waits.")):
        (tmp_path / place).mkdir()
        (tmp_path / place / "d.txt").write_text(f"{text}\nForwarded from Pier\n{text} Late.\n")
    done = archiver("import", "a", str(tmp_path / "b"))
    assert done.stdout.decode().splitlines()[1:3] == [
        "  a/d.txt (text): 2 new",
        "  b/d.txt (text): 2 new",
    ]
    notices = [line for line in done.stderr.decode().splitlines() if line.startswith("note:")]
    assert [line.split(": ")[1] for line in notices] == ["a/d.txt and 1 other file"]


def test_a_text_parted_by_a_rule_needs_no_format(archiver, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "notes.txt").write_text("The ferry sails.\n-----\nThe ferry waits.\n")
    assert b"--format" in archiver("import", "notes.txt").stderr
    done = archiver("import", "notes.txt", "--separator", "---")
    assert (done.returncode, b"2 new" in done.stdout) == (0, True), done
    write(tmp_path / "posts.jsonl", post(1))
    done = archiver("import", "posts.jsonl", "--separator", "---")
    assert b"--separator is for texts" in done.stderr


def test_a_refused_file_is_a_refused_run_and_no_unreadable_record(  # type: ignore[no-untyped-def]
    archiver, tmp_path: Path, db: Path
) -> None:
    (tmp_path / "page.html").write_text("<html>hello</html>")
    write(tmp_path / "posts.jsonl", post(1))
    assert archiver("import", "posts.jsonl").returncode == 0
    assert archiver("import", "page.html").returncode == 9
    [run, _] = records(archiver("runs", "--json"))
    assert run["status"] == "refused"
    assert "page.html is in no known format" in run["counts"]["error"]
    assert b"no known format" in archiver("runs").stdout
    assert archiver("import", "page.html", "posts.jsonl").returncode == 7
    [run, *_] = records(archiver("runs", "--json"))
    assert run["status"] == "incomplete"
    assert "page.html is in no known format" in run["counts"]["error"]
    assert b"Unreadable" not in archiver("status").stdout
    with (tmp_path / "posts.jsonl").open("a") as file:
        file.write("{}\n")
    assert archiver("import", "posts.jsonl").returncode == 7
    assert b"Unreadable  1 record;" in archiver("status").stdout


def test_an_import_that_brought_nothing_leaves_no_archive(  # type: ignore[no-untyped-def]
    archiver, tmp_path: Path, db: Path
) -> None:
    (tmp_path / "page.html").write_text("<html>hello</html>")
    assert archiver("import", "page.html").returncode == 9
    assert list(tmp_path.glob(f"{db.name}*")) == []
    write(tmp_path / "posts.jsonl", post(1))
    assert archiver("import", "posts.jsonl").returncode == 0
    assert archiver("import", "page.html").returncode == 9
    assert rows(db, "SELECT count(*) FROM post") == [(1,)]


def test_posts_of_a_table_are_not_said_to_come_from_a_dump(archiver, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "t.csv").write_text("id,date,text\n7,2025-03-01T08:00:00Z,The ferry sails.\n")
    (tmp_path / "d.txt").write_text("Forwarded from Pier\nThe barge sails.\n")
    assert archiver("import", "t.csv", "d.txt", "--channel", "@pier").returncode == 0
    assert b"(from a table of posts)" in archiver("show", "@pier/7").stdout
    assert b"(from a text file)" in archiver("show", "#2").stdout


def test_a_russian_dump_in_cp1251_is_understood(archiver, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    text = "Forwarded from Портовый листок\nПаром к маяку отправляется в девять часов утра.\n"
    (tmp_path / "dump.txt").write_bytes(text.encode("cp1251"))
    done = archiver("import", "dump.txt")
    assert done.returncode == 0, done.stderr
    assert b"cp1251" in done.stderr
    assert archiver("search", "маяк").returncode == 0


def test_a_search_gives_one_result_a_statement(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    [hit] = records(archiver("search", "lighthouse", "-headline", "--json"))
    assert (hit["username"], hit["message_id"]) == ("harbour", 1)
    assert hit["url"] == "https://t.me/harbour/1"
    assert hit["copies"] == 3
    told = archiver("search", "lighthouse", "-headline").stdout.decode()
    assert "+3 copies in 3 channels" in told
    assert "**lighthouse**" in told


def test_all_shows_each_copy_newest_first(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    found = records(archiver("search", "lighthouse", "--all", "--json"))
    assert [hit["message_id"] for hit in found] == [4, 3, 2, 1]


def test_nothing_found_is_1_and_silent_for_programs(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    done = archiver("search", "submarine", "--json")
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def test_words_to_leave_out_are_not_taken_for_options(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    assert archiver("search", "ferry", "-harbour").returncode == 0
    assert archiver("search", "ferry", "-tickets").returncode == 1


@pytest.mark.parametrize("command", ["search", "export"])
def test_a_mistyped_option_is_not_taken_for_a_word(archiver, archive: Path, command: str) -> None:  # type: ignore[no-untyped-def]
    done = archiver(command, "ferry", "--limti", "3")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"--limti" in done.stderr


def test_a_query_that_cannot_be_read_points_at_the_place(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    done = archiver("search", "ferry date:soon")
    assert done.returncode == 2
    [_, query, mark] = done.stderr.decode().splitlines()
    assert query[mark.index("^")] in "ds"


def test_show_lists_the_copies_in_order_of_time_with_their_lag(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    told = archiver("show", "https://t.me/quay/3").stdout.decode()
    assert "This statement: 4 posts in 4 channels" in told
    assert told.index("t.me/harbour/1") < told.index("t.me/quay/3", 300) < told.index("t.me/dock/4")
    [shown] = records(archiver("show", "@dock/4", "--json"))
    assert [each["reason"] for each in shown["copies"]] == [None, "near", "forward", "same-text"]
    assert shown["copies"][2]["lag_seconds"] == 120


def test_show_hides_the_repeated_body_and_raw_gives_it_back_byte_for_byte(  # type: ignore[no-untyped-def]
    archiver, archive: Path, tmp_path: Path
) -> None:
    told = archiver("show", "@pier/2").stdout.decode()
    assert told.count("voted on Monday") == 1
    assert told.count("Read in full") == 1
    original = json.loads((tmp_path / "posts.jsonl").read_text().splitlines()[1])["text"]
    assert archiver("show", "@pier/2", "--raw").stdout == original.encode()


def test_show_tells_the_other_wordings(archiver, archive: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    write(
        tmp_path / "later.jsonl",
        post(5, "Ferry tickets are free.", "@dock", edited="2025-03-02T00:00:00Z"),
    )
    assert archiver("import", "later.jsonl").returncode == 0
    told = archiver("show", "@dock/5").stdout.decode()
    assert "Ferry tickets are free." in told
    assert "Version 1" in told
    assert "sold in the old mill" in told


@pytest.mark.parametrize("ref", ["@nobody/1", "@harbour/99", "#999", "t.me/c/123/4", "hello"])
def test_a_post_that_is_not_there_is_4(archiver, archive: Path, ref: str) -> None:  # type: ignore[no-untyped-def]
    done = archiver("show", ref)
    assert (done.returncode, done.stdout) == (4, b"")


def test_why_names_the_evidence(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    together = archiver("why", "@quay/3", "@harbour/1").stdout.decode()
    assert "One statement" in together
    assert "is a forward of" in together
    apart = archiver("why", "@harbour/1", "@dock/5").stdout.decode()
    assert "Two statements" in apart
    [told] = records(archiver("why", "@quay/3", "@dock/4", "--json"))
    assert told["together"]
    assert [step["reason"] for step in told["steps"]] == ["same-text"]


@pytest.mark.parametrize(
    "command", [("show",), ("spread",), ("why", "@pier/2"), ("dedup", "split")]
)
def test_a_post_of_a_channel_without_a_name_is_no_option(  # type: ignore[no-untyped-def]
    archiver, archive: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    write(tmp_path / "more.jsonl", post(7, BODY, -1001234567890))
    assert archiver("import", "more.jsonl").returncode == 0
    done = archiver(*command, "-1001234567890/7")
    assert done.returncode == 0, done.stderr
    assert done.stdout
    refused = archiver(*command, "@pier/2", "--nonsense")
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"No such option" in refused.stderr


def test_export_and_import_round_trip(archiver, archive: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert archiver("export", "--output", "out.jsonl").returncode == 0
    other = {"ARCHIVER_DB": str(tmp_path / "other.sqlite")}
    assert archiver("import", "out.jsonl", env=other).returncode == 0
    assert archiver("export", env=other).stdout == (tmp_path / "out.jsonl").read_bytes()


def test_export_takes_the_filters_of_search_and_tells_body_and_cluster(
    archiver, archive: Path
) -> None:  # type: ignore[no-untyped-def]
    found = records(archiver("export", "lighthouse"))
    assert [each["id"] for each in found] == [1, 2, 3, 4]
    assert found[1]["body"].count("voted on Monday") == 1
    assert found[2]["canonical"] == "https://t.me/harbour/1"
    assert found[2]["cluster"] == found[3]["cluster"] is not None
    assert archiver("export", "submarine").returncode == 1


def test_an_export_is_whole_or_not_there(archiver, archive: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    done = archiver("export", "--output", "nowhere/out.jsonl")
    assert done.returncode == 6
    assert not list(tmp_path.glob("*.part"))


def test_an_export_that_finds_nothing_leaves_the_file_as_it_was(  # type: ignore[no-untyped-def]
    archiver, archive: Path, tmp_path: Path
) -> None:
    (tmp_path / "kept.jsonl").write_text("precious")
    assert archiver("export", "submarine", "--output", "kept.jsonl").returncode == 1
    assert (tmp_path / "kept.jsonl").read_text() == "precious"


def test_a_full_disk_under_the_output_is_one_sentence_and_6(archive: Path) -> None:
    env = {**os.environ, "ARCHIVER_DB": str(archive), "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "archiver", "show", "@harbour/1"]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, env=env, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 6
    assert done.stderr == b"archiver: cannot write the output: the disk is full.\n"


def test_text_of_strangers_cannot_act_on_the_terminal(archiver, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    write(tmp_path / "nasty.jsonl", post(1, NASTY, channel_title=NASTY, author=NASTY))
    assert archiver("import", "nasty.jsonl").returncode == 0
    for command in (["search", "ferry"], ["show", "@harbour/1"], ["channels", "list"], ["status"]):
        told = archiver(*command).stdout.decode()
        assert not set(told) & set("\x1b\x07\x9b\u202e"), command
    [record] = records(archiver("export"))
    assert record["text"] == NASTY


def test_a_hostile_file_name_cannot_act_on_the_terminal(archiver, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    write(tmp_path / "a\x1b[31m.jsonl", post(1))
    done = archiver("import", "a\x1b[31m.jsonl")
    assert b"\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "atom", "text"])
def test_a_reader_that_leaves_early_is_no_error(archive: Path, tmp_path: Path, form: str) -> None:
    """`archiver export | head -1` ends quietly with 0."""
    write(tmp_path / "many.jsonl", *(post(n, f"{BODY} {n}", "@many") for n in range(10, 3000)))
    env = {**os.environ, "ARCHIVER_DB": str(archive), "PYTHONPATH": str(Path(__file__).parents[2])}
    program = [sys.executable, "-m", "archiver"]
    subprocess.run(
        [*program, "import", "many.jsonl"], cwd=tmp_path, env=env, check=True, capture_output=True
    )
    running = subprocess.Popen(
        [*program, "export", "--format", form],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None
    running.stdout.readline()
    running.stdout.close()
    assert running.wait(30) == 0
    assert running.stderr is not None
    assert running.stderr.read() == b""
    running.stderr.close()


def test_a_closed_output_is_no_bug_and_harms_no_archive(archive: Path) -> None:
    env = {**os.environ, "ARCHIVER_DB": str(archive), "PYTHONPATH": str(Path(__file__).parents[2])}
    program = f"exec {sys.executable} -m archiver"
    for command in ("status >&-", "search ferry >&-", "export >&-", "dedup --rebuild >&- <&-"):
        done = subprocess.run(["sh", "-c", f"{program} {command}"], env=env, capture_output=True)
        assert b"Traceback" not in done.stderr, command
        assert done.returncode in (0, 1), command
    done = subprocess.run(["sh", "-c", f"{program} nonsense 2>&-"], env=env, capture_output=True)
    assert done.returncode == 2
    assert rows(archive, "PRAGMA integrity_check") == [("ok",)]


def test_an_option_before_the_command_is_told_its_place(archiver) -> None:  # type: ignore[no-untyped-def]
    done = archiver("--json", "status")
    assert done.returncode == 2
    assert b"--json goes behind the command: `archiver status --json ...`" in done.stderr
    assert b"No such option" in archiver("--nonsense", "status").stderr


def test_status_says_where_and_how_much(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    [found] = records(archiver("status", "--json"))
    assert found["path"] == str(archive)
    assert (found["posts"], found["clusters"], found["doubled"], found["pending"]) == (5, 1, 1, 0)
    assert found["runs"][0]["status"] == "done"
    assert str(archive) in archiver("status").stdout.decode()


def test_channels_list_and_link(archiver, archive: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "notes.txt").write_text(f"Forwarded from Harbour\n{BODY}\n")
    assert archiver("import", "notes.txt").returncode == 0
    assert "notes" in archiver("channels", "list").stdout.decode()
    assert archiver("channels", "link", "notes", "@harbour").returncode == 0
    again = archiver("import", "notes.txt")
    assert b"Nothing new" in again.stdout
    assert "notes" not in archiver("channels", "list").stdout.decode()
    assert archiver("channels", "link", "quay", "-1001234567890").returncode == 0
    assert archiver("search", "-h").stdout.startswith(b"Usage:")
    assert archiver("channels", "link", "nobody", "@harbour").returncode == 4
    assert archiver("channels", "link", "harbour", "what is this").returncode == 2


def test_no_dedup_leaves_the_work_to_dedup(archiver, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    write(tmp_path / "posts.jsonl", post(1), post(2, BODY, "@pier"))
    assert archiver("import", "posts.jsonl", "--no-dedup").returncode == 0
    assert records(archiver("status", "--json"))[0]["pending"] == 2
    [told] = records(archiver("dedup", "--json"))
    assert (told["looked_at"], told["clusters"]) == (2, 1)
    assert b"Nothing new" in archiver("dedup").stdout


def test_the_archive_may_be_named_before_the_command(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    there = archive.rename(archive.with_name("elsewhere.sqlite"))
    assert str(there).encode() in archiver("--db", str(there), "status").stdout
    nowhere = archiver("--db", str(there), "search", "ferry", "--db", str(archive))
    assert nowhere.returncode == 6


def test_reading_commands_never_make_an_archive(archiver, db: Path) -> None:  # type: ignore[no-untyped-def]
    for command in (["search", "x"], ["status"], ["show", "1"], ["dedup"], ["export"]):
        done = archiver(*command)
        assert done.returncode == 6
        assert done.stderr.decode().startswith("archiver: no archive at")
    assert not db.exists()


def test_a_folder_or_another_file_as_archive_is_6(archiver, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "letter").write_text("Dear reader")
    for name in (".", "letter"):
        for command in (["search", "x"], ["dedup"]):
            done = archiver(*command, "--db", name)
            assert (done.returncode, done.stdout) == (6, b""), done.stderr
            assert b"Traceback" not in done.stderr


def test_a_second_writer_is_8_and_a_reader_is_not_disturbed(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    from archiver.store.store import Store

    with Store.open(archive):
        assert archiver("dedup").returncode == 8
        assert archiver("search", "lighthouse").returncode == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_place_is_6(archiver, archive: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    archive.chmod(stat.S_IRUSR)
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert archiver("dedup").returncode == 6
        assert archiver("search", "lighthouse").returncode == 0
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def test_an_import_stopped_by_a_signal_finishes_its_batch_and_goes_on_later(  # type: ignore[no-untyped-def]
    archiver, tmp_path: Path, db: Path
) -> None:
    write(tmp_path / "many.jsonl", *(post(n, f"{BODY} {n}", "@many") for n in range(1, 9_001)))
    running = _started(tmp_path, db, "import", "many.jsonl", "--json")
    _wait_for(db, "post", 1)
    running.send_signal(signal.SIGTERM)
    out, _ = running.communicate(timeout=60)
    if running.returncode == 0:
        pytest.skip("the import was done before the signal came")
    assert running.returncode == 7
    assert json.loads(out)["stopped"]
    assert archiver("import", "many.jsonl").returncode == 0
    assert records(archiver("status", "--json"))[0]["posts"] == 9_000


def test_a_dedup_stopped_by_a_signal_is_incomplete_and_goes_on_later(  # type: ignore[no-untyped-def]
    archiver, tmp_path: Path, db: Path
) -> None:
    many = [post(n, f"{BODY} {n % 3_000}", "@many") for n in range(1, 6_001)]
    write(tmp_path / "many.jsonl", *many)
    assert archiver("import", "many.jsonl", "--no-dedup").returncode == 0
    running = _started(tmp_path, db, "dedup")
    _wait_for(db, "body", 1)  # the first 2,000 are keyed
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=60)
    assert running.returncode in (0, 7)
    assert b"Traceback" not in said
    assert archiver("dedup").returncode == 0
    [found] = records(archiver("status", "--json"))
    assert (found["pending"], found["clusters"]) == (0, 3_000)


@pytest.mark.parametrize("after", [1, 2_500, 4_000])
def test_a_killed_import_leaves_a_valid_archive_that_a_second_one_completes(  # type: ignore[no-untyped-def]
    archiver, tmp_path: Path, db: Path, after: int
) -> None:
    write(
        tmp_path / "many.jsonl",
        *(post(n, f"{BODY} {n % 4_800}", "@many") for n in range(1, 7_001)),
    )
    running = _started(tmp_path, db, "import", "many.jsonl")
    _wait_for(db, "post", after)
    running.kill()
    running.communicate(timeout=60)
    done = archiver("import", "many.jsonl")
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(db) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM post").fetchone() == (7_000,)
        assert connection.execute("SELECT count(*) FROM cluster").fetchone() == (2_200,)
        connection.execute("INSERT INTO posts_fts(posts_fts) VALUES('integrity-check')")
    connection.close()


def _started(folder: Path, db: Path, *arguments: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, "ARCHIVER_DB": str(db), "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "archiver", *arguments]
    return subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def _wait_for(db: Path, table: str, count: int) -> None:
    """Until a table of the archive has so many rows, or for ten seconds."""
    for _ in range(2_000):
        time.sleep(0.005)
        if not db.exists():
            continue
        connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
        try:
            if connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] >= count:
                return
        except sqlite3.OperationalError:
            pass  # the tables are being made
        finally:
            connection.close()


def test_a_search_imports_none_of_the_heavy_libraries(archive: Path) -> None:
    """`archiver search` must start fast: SQLAlchemy alone takes 0.2 s."""
    script = (
        "import sys; from archiver.cli import run; run(['search', 'lighthouse']);"
        "heavy = {'sqlalchemy', 'telethon', 'alembic', 'rich', 'ijson', 'rapidfuzz', 'numpy',"
        " 'inspect', 'dataclasses', 'logging'};"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    env = {**os.environ, "ARCHIVER_DB": str(archive), "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, check=True)
    assert done.stderr.strip() == b"[]"
    assert b"lighthouse" in done.stdout


def test_a_bug_is_70_with_its_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from archiver import cli

    monkeypatch.setitem(cli.COMMANDS, "status", ("no_such_module", "x"))
    assert cli.run(["status"]) == 70
    assert "this is a bug" in capsys.readouterr().err
