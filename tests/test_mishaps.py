"""What a night may meet besides kills: a full disk, a read-only folder, others, a wrong clock."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests import archives
from tests.cli.desk import Desk
from tests.killing import EXPORTS
from tests.newsroom import DAWN
from tests.server.fixtures import Served

ROOT = Path(__file__).resolve().parents[1]
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
from archiver.cli import main
main()
"""
DAY = 86_400
Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run("import", "posts.jsonl", limit=2_000_000)`: no file may become longer than that."""

    def done(
        *arguments: str,
        limit: int | None = None,
        db: Path | None = None,
        before: tuple[str, ...] = (),
        zone: str = "UTC",
    ) -> CompletedProcess[str]:
        told = ["-m", "archiver"] if limit is None else ["-c", LIMITED, str(limit)]
        return subprocess.run(
            [*before, sys.executable, *told, *arguments],
            cwd=tmp_path,
            env={
                **os.environ,
                "ARCHIVER_DB": str(db or tmp_path / "archive.sqlite"),
                "PYTHONPATH": str(ROOT),
                "TZ": zone,
            },
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    return done


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    """Three thousand posts of a kilobyte."""
    path = tmp_path / "posts.jsonl"
    path.write_text(lines())
    return path


@cache
def lines() -> str:
    """These posts as JSONL."""
    told = []
    for number in range(1, 3_001):
        words = " ".join(f"word{number * n % 977}" for n in range(130))
        record = {"channel": "@harbour", "id": number, "date": DAWN + number, "text": words}
        told.append(json.dumps(record) + "\n")
    return "".join(told)


@pytest.fixture
def archive(posts: Path, tmp_path: Path) -> Path:
    """They are in the archive."""
    path = tmp_path / "archive.sqlite"
    path.write_bytes(archives.imported(lines(), "--no-dedup"))
    return path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of six megabytes, where one may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)]
    if os.geteuid() or not shutil.which("mount") or subprocess.run(mount, check=False).returncode:
        pytest.skip("a disk cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def one_sentence(done: CompletedProcess[str], *words: str) -> None:
    """Exit code 6, no traceback, and what happened."""
    assert done.returncode == 6, done
    assert "Traceback" not in done.stderr
    assert any(word in done.stderr for word in words), done.stderr


FULL = ("disk is full", "disk failed", "File too large", "No space left", "no room", "free space")


def count(db: Path) -> int:
    with closing(sqlite3.connect(db)) as connection:
        return int(connection.execute("SELECT count(*) FROM post").fetchone()[0])


def test_an_import_that_fills_the_disk_says_so_and_goes_on_later(
    run: Run, posts: Path, tmp_path: Path
) -> None:
    one_sentence(run("import", "posts.jsonl", limit=4_500_000), *FULL)
    assert run("verify").returncode == 0
    assert run("import", "posts.jsonl").returncode == 0
    assert count(tmp_path / "archive.sqlite") == 3_000
    assert run("verify").returncode == 0


def test_a_real_full_disk_is_told_of_too(run: Run, posts: Path, small_disk: Path) -> None:
    db = small_disk / "archive.sqlite"
    one_sentence(run("import", "posts.jsonl", db=db), "disk is full")
    assert run("search", "word1", db=db).returncode in (0, 1)
    subprocess.run(["mount", "-o", "remount,size=90m", str(small_disk)], check=True)
    assert run("verify", db=db).returncode == 0
    assert run("import", "posts.jsonl", db=db).returncode == 0
    assert run("verify", db=db).returncode == 0
    assert count(db) == 3_000


def test_a_backup_that_fills_the_disk_is_none(run: Run, archive: Path, tmp_path: Path) -> None:
    one_sentence(run("backup", "copies", limit=1_000_000), *FULL)
    assert list((tmp_path / "copies").iterdir()) == []
    assert run("verify").returncode == 0
    assert run("backup", "copies").returncode == 0


def test_a_backup_onto_a_full_disk_is_refused_before_it_begins(
    run: Run, archive: Path, small_disk: Path
) -> None:
    (small_disk / "filler").write_bytes(bytes(5_000_000))
    done = run("backup", str(small_disk / "copies"))
    one_sentence(done, "no room for a backup")
    assert list((small_disk / "copies").iterdir()) == []


@pytest.mark.parametrize("form", [*EXPORTS, "bundle"])
def test_an_export_that_fills_the_disk_leaves_what_was_there(
    run: Run, archive: Path, tmp_path: Path, form: str
) -> None:
    name = EXPORTS.get(form, "out.zip")
    how = ["--bundle", name] if form == "bundle" else ["--format", form, "--output", name]
    if form != "html":
        (tmp_path / name).write_bytes(b"earlier")
    limit = {"atom": 40_000, "html": 40_000}.get(form, 300_000)
    one_sentence(run("export", *how, limit=limit), *FULL)
    if form != "html":
        assert (tmp_path / name).read_bytes() == b"earlier"
    else:
        assert not (tmp_path / name).exists()
    assert not [each for each in tmp_path.iterdir() if each.name.endswith(".part")]


def test_a_sync_on_a_full_disk_keeps_its_pages_and_claims_no_others(
    served: Served, small_disk: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    desk = Desk(served, tmp_path, capfdbinary)
    desk.db = small_disk / "archive.sqlite"
    monkeypatch.setenv("ARCHIVER_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("ARCHIVER_DB", str(desk.db))
    desk.added("harbour", posts=2_000)
    filler = small_disk / "filler"
    with filler.open("wb") as file:
        free = shutil.disk_usage(small_disk).free
        file.write(bytes(max(0, free - 1_500_000)))
    done = desk.run("sync", "--no-dedup")
    assert done.code == 6, done
    assert "disk is full" in done.err
    [(posts, covered)] = desk.rows(
        "SELECT (SELECT count(*) FROM post), (SELECT coalesce(sum(hi - lo + 1), 0) FROM coverage)"
    )
    assert posts == covered < 2_000
    filler.unlink()
    assert desk.run("sync", "--no-dedup").code == 0
    assert desk.one("SELECT count(*) FROM post") == 2_000
    assert desk.run("verify").code == 0


def powerless() -> tuple[str, ...]:
    """Root may write anywhere unless this is taken from it."""
    if os.geteuid():
        return ()
    if not shutil.which("setpriv"):
        pytest.skip("root may write anywhere")
    return ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")


def test_a_read_only_folder_is_one_sentence_and_still_searched(
    run: Run, archive: Path, tmp_path: Path
) -> None:
    before = powerless()
    archive.chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        for command in ("dedup", "nightly", "index rebuild"):
            one_sentence(run(*command.split(), before=before), "cannot be written")
        one_sentence(run("backup", "copies", before=before), "cannot make the folder")
        export = run("export", "--output", "out.jsonl", before=before)
        one_sentence(export, "cannot write")
        assert run("search", "word1", before=before).returncode == 0
    finally:
        tmp_path.chmod(0o700)
        archive.chmod(0o600)
    assert run("verify").returncode == 0


def test_another_program_that_holds_the_file_is_named(run: Run, archive: Path) -> None:
    """A lock of SQLite's own, of which ours knows nothing; it is waited for ten seconds."""
    with closing(sqlite3.connect(archive, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        one_sentence(run("dedup"), "another program is using the archive", "in use by another")
        assert run("search", "word1").returncode == 0, "readers are not in the way"
        other.execute("ROLLBACK")
    assert run("dedup").returncode == 0


@pytest.fixture
def desk(
    served: Served, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:  # fmt: skip
    made = Desk(served, tmp_path, capfdbinary)
    monkeypatch.setenv("ARCHIVER_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("ARCHIVER_DB", str(made.db))
    return made


def test_a_clock_that_was_set_back_costs_no_post_and_no_backup(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    [harbour] = desk.added("harbour", posts=30)
    real = time.time
    ahead = 0
    monkeypatch.setattr("time.time", lambda: real() + ahead * DAY)
    for ahead in range(9):
        harbour.post(f"News of day {ahead}.")
        assert desk.run("nightly").code == 0
    ahead = -10
    harbour.post("News of a day that was before.")
    done = desk.run("nightly", "--json")
    assert done.code == 0, done.err
    steps = json.loads(done.out)["steps"]
    assert steps["sync"]["new"] == 1
    made = Path(steps["backup"]["backup"])
    with closing(sqlite3.connect(made)) as copy:
        assert copy.execute("SELECT count(*) FROM post").fetchone() == (40,)
    assert desk.run("verify").code == 0
    assert desk.run("search", "before").code == 0
    ahead = 20
    harbour.post("And it goes on.")
    assert desk.run("nightly").code == 0
    assert desk.run("doctor").code == 0


def test_the_zone_of_the_machine_changes_nothing(run: Run, archive: Path, tmp_path: Path) -> None:
    """Also not between two nights, as in a summer's last hour or after a move."""
    assert run("dedup").returncode == 0
    outputs = []
    for number, zone in enumerate(("UTC", "Pacific/Kiritimati", "America/Los_Angeles")):
        made = run("backup", "copies", "--force", "--json", zone=zone)
        assert made.returncode == 0, made.stderr
        name = Path(json.loads(made.stdout)["backup"]).name
        stamp = time.mktime(time.strptime(name.split("-")[1][:15], "%Y%m%dT%H%M%S"))
        assert abs(stamp - time.mktime(time.gmtime())) < 120, "in UTC, wherever it is made"
        told = [run(*words, zone=zone).stdout for words in (
            ("export", "--format", "csv"), ("search", "date:2025-01-01", "--count"),
            ("show", "@harbour/7"), ("import", "posts.jsonl"),
        )]  # fmt: skip
        outputs.append(told)
        assert number == 0 or outputs[-1] == outputs[0]


def test_a_day_of_25_hours_has_all_its_posts(run: Run, tmp_path: Path) -> None:
    """The hour that comes twice is two hours, in Berlin on 2024-10-27; 23 hours in March."""
    october, march = 1_729_980_000, 1_711_839_600  # the midnights that these days begin with
    lines = [
        {"channel": "@harbour", "id": number, "date": first + hour * 3600 - 1800, "text": "x y"}
        for number, (first, hour) in enumerate(
            [(first, hour) for first in (march, october) for hour in range(27)], 1
        )
    ]
    (tmp_path / "hours.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines))
    assert run("import", "hours.jsonl", "--no-dedup").returncode == 0
    for day, hours in (("2024-10-27", "25"), ("2024-03-31", "23")):
        found = run("search", f"date:{day}", "--tz", "Europe/Berlin", "--all", "--count")
        assert found.stdout.split()[0] == hours, found
