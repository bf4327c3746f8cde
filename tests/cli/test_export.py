"""`archiver export` as a user meets it: what is chosen, where it goes, and what is new."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from archiver.cli import run
from archiver.cli.export import FORMATS
from archiver.locks import hold
from archiver.model import Post
from archiver.store.store import Store
from archiver.store.tombstones import bury, restore
from tests import archives
from tests.cli.terminal import LAUNCH, ROOT, terminal
from tests.newsroom import DAWN, Newsroom

Run = Callable[..., CompletedProcess[bytes]]
BODY = "The harbour council voted on Monday to deepen the northern channel by two metres."


@pytest.fixture
def room(db: Path) -> Newsroom:
    """A statement in two channels and another post, saved and closed."""
    with archives.opened(db) as store:
        room = Newsroom(store)
        room.forward("pier", "harbour", room.post("harbour", BODY))
        room.post("harbour", "Ferry tickets are sold in the old mill.")
    return room


@pytest.fixture
def here(
    db: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """The program in this process: the tests of many exports would start it 30 times."""
    monkeypatch.setenv("ARCHIVER_DB", str(db))

    def run_here(*arguments: str) -> CompletedProcess[bytes]:
        capfdbinary.readouterr()
        code = run(list(arguments))
        out, err = capfdbinary.readouterr()
        return CompletedProcess(arguments, code, out, err)

    return run_here


def later(db: Path, room: Newsroom, act: Callable[[Newsroom], Any]) -> None:
    """Something happens in another run."""
    with Store.open(db) as store:
        room.store = store
        room.clock += 3_600
        room.run = store.start_run("test", room.clock)
        act(room)


def texts(done: CompletedProcess[bytes]) -> list[str]:
    return [json.loads(line).get("text", "") for line in done.stdout.splitlines()]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_under_its_name(
    archiver: Run, room: Newsroom, tmp_path: Path, name: str
) -> None:
    done = archiver("export", "--format", name, "--output", "out")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode().startswith("Wrote 3 ")
    assert (tmp_path / "out").exists()
    assert not list(tmp_path.glob("*.part")) + list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize("name", ["csv", "parquet", "atom"])
def test_a_file_can_go_into_a_pipe(archiver: Run, room: Newsroom, name: str) -> None:
    done = archiver("export", "--format", name, "ferry")
    assert done.returncode == 0
    assert b"old mill" in done.stdout or name == "parquet"
    assert done.stderr == b""


def test_json_is_imported_into_an_equal_archive(
    archiver: Run, room: Newsroom, tmp_path: Path
) -> None:
    archiver("dedup")
    assert archiver("export", "--format", "json", "--output", "result.json").returncode == 0
    other = {"ARCHIVER_DB": str(tmp_path / "other.sqlite")}
    assert archiver("import", "result.json", env=other).returncode == 0

    def told(env: dict[str, str] | None = None) -> list[dict[str, Any]]:
        lines = archiver("export", env=env).stdout.splitlines()
        found = [json.loads(line) for line in lines]
        return sorted(found, key=lambda each: (each["channel"], each["id"]))

    assert [r | {"cluster": 0} for r in told(other)] == [r | {"cluster": 0} for r in told()]


def test_one_statement_alone(here: Run, room: Newsroom) -> None:
    here("dedup")
    assert texts(here("export", "--statement", "@pier/1")) == [BODY, BODY]
    assert texts(here("export", "--statement", "@harbour/2")) == [
        "Ferry tickets are sold in the old mill."
    ]
    assert here("export", "--statement", "@pier/99").returncode == 4


def test_a_saved_search_says_what_is_exported(here: Run, room: Newsroom) -> None:
    assert here("saved", "add", "tickets", "ferry -council").returncode == 0
    assert texts(here("export", "@tickets")) == ["Ferry tickets are sold in the old mill."]
    assert here("export", "@tickets council").returncode == 1


def test_since_last_gives_what_came_and_what_changed(here: Run, db: Path, room: Newsroom) -> None:
    def export() -> list[str]:
        done = here("export", "--since-last", "desk")
        assert done.returncode == (0 if done.stdout else 1)
        return texts(done)

    def act(what: Callable[[Newsroom], Any]) -> list[str]:
        later(db, room, what)
        return export()

    def channel(room: Newsroom) -> int:
        return int(room.one("SELECT id FROM channel WHERE username = 'harbour'"))

    def delete(room: Newsroom) -> None:
        with room.store.transaction() as conn:
            bury(conn, channel(room), [1], "asked", room.clock)

    def bring_back(room: Newsroom) -> None:
        own = room.one("SELECT id FROM post WHERE deleted_at IS NOT NULL")
        with room.store.transaction() as conn:
            restore(conn, room.run, [own])

    assert len(export()) == 3
    assert export() == []
    assert act(lambda room: room.post("quay", "New on the quay")) == ["New on the quay"]
    fog = Post(2, "Fog", DAWN)
    assert act(lambda room: room.save("quay", fog)) == ["Fog"]
    assert act(lambda room: room.edit("quay", fog, "Thick fog")) == ["Thick fog"]
    assert act(delete) == [BODY]
    assert act(bring_back) == [BODY]
    assert act(lambda room: None) == []


def test_since_last_keeps_each_name_apart_and_to_its_query(
    here: Run, db: Path, room: Newsroom
) -> None:
    assert len(texts(here("export", "--since-last", "all"))) == 3
    assert len(texts(here("export", "--since-last", "ferry", "ferry"))) == 1
    done = here("export", "--since-last", "ferry", "council")
    assert done.returncode == 2
    assert "was of 'ferry'" in done.stderr.decode()
    later(db, room, lambda room: room.post("quay", "The ferry and the council"))
    assert len(texts(here("export", "--since-last", "ferry", "ferry"))) == 1


def test_an_export_that_fails_is_done_again(
    here: Run, db: Path, room: Newsroom, tmp_path: Path
) -> None:
    failed = here(
        "export", "--since-last", "desk", "--output", str(tmp_path / "nowhere" / "out.jsonl")
    )
    assert failed.returncode == 6
    assert failed.stderr.count(b"\n") == 1
    assert (
        here("export", "--since-last", "desk", "--output", str(tmp_path / "out.jsonl")).returncode
        == 0
    )
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == 3


def test_since_last_waits_for_no_other_run(archiver: Run, db: Path, room: Newsroom) -> None:
    lock = hold(db)
    try:
        assert archiver("export", "--since-last", "desk").returncode == 8
        assert archiver("export").returncode == 0
    finally:
        lock.release()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "html"],
        ["--excel"],
        ["--statement", "@harbour/1", "ferry"],
        ["--bundle", "e.zip", "--output", "e.zip"],
        ["--format", "csv", "--output", "."],
    ],
)
def test_what_does_not_go_together_is_2(here: Run, room: Newsroom, arguments: list[str]) -> None:
    done = here("export", *arguments)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1


def test_a_site_never_replaces_other_things(archiver: Run, room: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter").write_text("years")
    assert archiver("export", "--format", "html", "--output", "thesis").returncode == 2
    assert (tmp_path / "thesis" / "chapter").read_text() == "years"


def test_parquet_without_its_library_says_what_to_install(
    archiver: Run, room: Newsroom, tmp_path: Path
) -> None:
    (tmp_path / "pyarrow.py").write_text("raise ImportError('none here')")
    blocked = {"PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}"}
    done = archiver("export", "--format", "parquet", "--output", "out.parquet", env=blocked)
    assert done.returncode == 2
    assert b"pip install pyarrow" in done.stderr
    assert not list(tmp_path.glob("*out.parquet*"))


def test_an_empty_archive_is_nothing_found(archiver: Run, db: Path) -> None:
    archives.opened(db).close()
    assert archiver("export", "--format", "html", "--output", "site").returncode == 1


@pytest.mark.parametrize("name", ["csv", "html"])
def test_a_killed_export_leaves_the_earlier_one_or_the_whole_new_one(
    archiver: Run, db: Path, room: Newsroom, tmp_path: Path, name: str
) -> None:
    posts = [(room.channel("many"), Post(n, f"{BODY} {n}", n * 60)) for n in range(1, 3_000)]
    with Store.open(db) as store:
        store.add_posts(store.start_run("test", 1), posts, 1)
    target = tmp_path / "out"
    assert archiver("export", "ferry", "--format", name, "--output", "out").returncode == 0
    before = _content(target)
    command = [sys.executable, "-m", "archiver", "export", "--format", name, "--output", "out"]
    env = {**os.environ, "ARCHIVER_DB": str(db), "PYTHONPATH": str(Path(__file__).parents[2])}
    for _ in range(3):
        running = subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.DEVNULL)
        _wait_for(lambda: any(tmp_path.glob(".out.*.part")))
        running.kill()
        running.wait()
        assert _content(target) == before or len(_content(target)) > 100 * len(before)
    assert archiver("export", "ferry", "--format", name, "--output", "out").returncode == 0
    assert _content(target) == before
    assert not list(tmp_path.glob(".out.*"))


def _content(target: Path) -> bytes:
    if target.is_file():
        return target.read_bytes()
    return b"".join(path.read_bytes() for path in sorted(target.rglob("*.html")))


def _wait_for(done: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not done() and time.monotonic() < end:
        time.sleep(0.005)


# As a long export would: with two posts the second that a bar waits for never comes.
AT_ONCE = """
import sys
import archiver.export.records
from archiver.cli import progress
progress.PATIENCE = -1.0
sys.modules["archiver.export.records"]._A_WORD = 1
"""


@pytest.mark.parametrize("form", FORMATS)
def test_a_person_sees_how_far_a_long_export_is(
    room: Newsroom, db: Path, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.cli.terminal.LAUNCH", AT_ONCE + LAUNCH)
    to = ["export", "--db", str(db), "--format", form, "--output", "out"]
    with terminal(*to, cwd=tmp_path, env={"TERM": "xterm"}) as seen:
        code, out = seen.finish()
    assert (code, out) == (0, "")
    assert "Exporting" in seen.seen
    assert re.search(r"\d posts", seen.seen)


def test_a_pipe_gets_no_bar_and_a_quiet_run_none(
    room: Newsroom, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.cli.terminal.LAUNCH", AT_ONCE + LAUNCH)
    told = [sys.executable, "-c", AT_ONCE + "from archiver.cli import main; main()", "export"]
    env = {**os.environ, "ARCHIVER_DB": str(db), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(told, capture_output=True, env=env, check=True, cwd=tmp_path)
    assert done.stderr == b""
    assert len(done.stdout.splitlines()) == 3
    with terminal("-q", "export", "--db", str(db), cwd=tmp_path, env={"TERM": "xterm"}) as seen:
        code, out = seen.finish()
    assert (code, len(out.splitlines()), seen.seen) == (0, 3, "")
