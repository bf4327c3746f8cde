"""Long work killed at a random moment, and what must be true then.

A `Job` is a command with what it begins from. `Rounds.kill` runs it in a process of its own, kills
that with SIGKILL, and looks: the archive is sound, nothing half-made stands under its final name,
a second run comes to its end, and what is there then is what an undisturbed run leaves.
`tests/test_kills.py` does a few rounds, `benchmarks/kills.py` hundreds.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command as alembic

from archiver.cli import run
from archiver.errors import StoreError
from archiver.store import backups, migrate
from benchmarks.corpus import Corpus

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 900  # a machine that others use may stand still
_NOW = re.compile(rb"20\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|\+00:00)?")
_MOVED = ("channel", "run", "post", "revision")
_POSTS = """
SELECT c.username, p.message_id, p.text, p.date, p.cuts, p.reason, p.fwd_message,
  (SELECT cc.username || '/' || o.message_id FROM cluster k JOIN post o ON o.id = k.canonical
   JOIN channel cc ON cc.id = o.channel_id WHERE k.id = p.cluster_id)
FROM post p JOIN channel c ON c.id = p.channel_id ORDER BY 1, 2
"""
_COUNTS = """
SELECT (SELECT count(*) FROM revision), (SELECT count(*) FROM cluster),
  (SELECT count(*) FROM pending), (SELECT count(*) FROM posts_fts_docsize),
  (SELECT count(*) FROM lexicon), (SELECT count(*) FROM unindexed),
  (SELECT count(*) FROM member), (SELECT count(*) FROM fresh_member)
"""


@dataclass(frozen=True)
class Job:
    """What is killed: its arguments, the archive it begins with, what it leaves."""

    name: str
    arguments: tuple[str, ...]
    begins: str | None
    leaves: str = "archive"  # or the name of what it writes
    readable: bool = True  # whether the archive can be verified before the second run


EXPORTS = {
    "jsonl": "out.jsonl", "json": "out.json", "csv": "out.csv", "parquet": "out.parquet",
    "atom": "out.xml", "text": "out.txt", "html": "site",
}  # fmt: skip
JOBS = (
    Job("import", ("import", "posts.jsonl"), None),
    Job("dedup", ("dedup",), "fresh"),
    Job("migration", ("dedup",), "old", readable=False),
    Job("index rebuild", ("index", "rebuild"), "full"),
    Job("backup", ("backup", "backups", "--force"), "full", leaves="backups"),
    Job("restore", ("restore", "copy.sqlite", "--yes"), "fresh", leaves="restored"),
    Job("export bundle", ("export", "--bundle", "out.zip"), "full", leaves="out.zip"),
    *(
        Job(f"export {form}", ("export", "--format", form, "--output", name), "full", leaves=name)
        for form, name in EXPORTS.items()
    ),
)


class Rounds:
    """A folder with the archives that jobs begin from, and what each job leaves undisturbed."""

    def __init__(self, folder: Path, posts: int, seed: int) -> None:
        self._folder = folder
        self._dice = random.Random(seed)
        self._expected: dict[str, Any] = {}
        self._lasts: dict[str, float] = {}
        with (folder / "posts.jsonl").open("w", encoding="utf-8") as file:
            for record in Corpus(seed).posts(posts):
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
        self._done(folder, "import", "posts.jsonl", "--no-dedup", db="fresh.sqlite")
        shutil.copy(folder / "fresh.sqlite", folder / "full.sqlite")
        self._done(folder, "dedup", db="full.sqlite")
        shutil.copy(folder / "full.sqlite", folder / "copy.sqlite")
        _aged(folder / "fresh.sqlite", folder / "old.sqlite")

    def kill(self, job: Job) -> float:
        """One round; after which share of the job's time the kill came."""
        if job.name not in self._expected:
            self._undisturbed(job)
        place = self._begun(job)
        earlier = self._dice.random() < 0.5 and self._with_earlier(job, place)
        # Not before the libraries are loaded, which is a third of a short run.
        delay = self._dice.uniform(0.35, 1.05) * self._lasts[job.name]
        process = self._started(place, *job.arguments)
        with process:
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=PATIENCE)
        was_killed = process.returncode == -signal.SIGKILL
        if job.readable:
            self._is_sound(place)
        self._nothing_half_made(job, place, earlier)
        self._done(place, *job.arguments)
        self._is_sound(place)
        found, wanted = self._left(job, place), self._expected[job.name]
        assert found == wanted, f"{job.name}: {_difference(found, wanted)}"
        shutil.rmtree(place)
        return delay / self._lasts[job.name] if was_killed else 1.0

    def _undisturbed(self, job: Job) -> None:
        place = self._begun(job)
        began = time.monotonic()
        self._done(place, *job.arguments)
        self._lasts[job.name] = time.monotonic() - began
        self._expected[job.name] = self._left(job, place)
        shutil.rmtree(place)

    def _begun(self, job: Job) -> Path:
        place = self._folder / "round"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        if job.begins is not None:
            shutil.copy(self._folder / f"{job.begins}.sqlite", place / "archive.sqlite")
        for name in ("posts.jsonl", "copy.sqlite"):
            os.link(self._folder / name, place / name)
        return place

    def _with_earlier(self, job: Job, place: Path) -> bool:
        """An earlier export stands where the new one will."""
        if not job.name.startswith("export") or job.leaves == "site":
            return False
        (place / job.leaves).write_bytes(b"earlier")
        return True

    def _is_sound(self, place: Path) -> None:
        path = place / "archive.sqlite"
        if path.exists() and migrate.current_revision(path) is not None:
            told = io.StringIO()
            # In this process, which has the libraries: a round looks twice.
            with redirect_stdout(told), redirect_stderr(told):
                code = run(["verify", "--db", str(path)])
            assert code == 0, told.getvalue()
            assert "made by an older" not in told.getvalue()

    def _nothing_half_made(self, job: Job, place: Path, earlier: bool) -> None:
        for each in place.glob("*.before-*"):
            backups.check(each)
        if job.leaves == "backups":
            for each in (place / "backups").glob("*.sqlite"):
                backups.check(each)
        elif job.leaves == "restored":
            found = _archive(place / "archive.sqlite")
            assert found in (self._expected[job.name], _archive(self._folder / "fresh.sqlite"))
        elif job.leaves != "archive" and (place / job.leaves).exists():
            whole = [self._expected[job.name], *([[("", b"earlier")]] if earlier else [])]
            found = _content(place / job.leaves)
            assert found in whole, f"{job.name}: half of it under its final name"

    def _left(self, job: Job, place: Path) -> Any:
        """What a job is for, in a form that two runs have in common."""
        if job.leaves in ("archive", "restored"):
            return _archive(place / "archive.sqlite")
        if job.leaves == "backups":
            return [_archive(max((place / "backups").glob("*.sqlite")))]
        return _content(place / job.leaves)

    def _started(
        self, place: Path, *arguments: str, db: str = "archive.sqlite"
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "archiver", *arguments],
            cwd=place,
            env={**os.environ, "ARCHIVER_DB": str(place / db), "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _ran(self, place: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        with self._started(place, *arguments, **more) as process:
            out, err = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def _done(self, place: Path, *arguments: str, **more: str) -> None:
        done = self._ran(place, *arguments, **more)
        assert done.returncode == 0, done.stdout + done.stderr


def _aged(new: Path, old: Path) -> None:
    """An archive as the first version left it, with the posts of a new one."""
    engine = migrate._engine(old)
    with engine.connect() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        connection.exec_driver_sql(f"PRAGMA application_id={migrate.APPLICATION_ID}")
        connection.commit()
        alembic.upgrade(config, "0001")
        connection.commit()
    engine.dispose()
    with closing(sqlite3.connect(old, isolation_level=None)) as db:
        db.execute("ATTACH ? AS new", (str(new),))
        db.execute("BEGIN")
        for table in (*_MOVED, "pending"):
            names = [set(_columns(db, base, table)) for base in ("main", "new")]
            shared = ", ".join(sorted(names[0] & names[1]))
            db.execute(f"INSERT INTO main.{table}({shared}) SELECT {shared} FROM new.{table}")
        db.execute("INSERT INTO main.index_state(name, value) VALUES ('fold_version', 1)")
        db.execute("COMMIT")


def _columns(db: sqlite3.Connection, base: str, table: str) -> list[str]:
    return [row[1] for row in db.execute(f"PRAGMA {base}.table_info({table})")]


def _archive(path: Path) -> Any:
    try:
        with closing(sqlite3.connect(path)) as db:
            return db.execute(_COUNTS).fetchall() + db.execute(_POSTS).fetchall()
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be read: {error}") from error


def _content(path: Path) -> list[tuple[str, bytes]]:
    """The files of an export, without the moments at which it was made."""
    if path.is_dir():
        files = sorted(each for each in path.rglob("*") if each.is_file())
        return [(str(each.relative_to(path)), _plain(each.read_bytes())) for each in files]
    if zipfile.is_zipfile(path) and path.suffix == ".zip":
        with zipfile.ZipFile(path) as zip_:
            return [(n, zip_.read(n)) for n in zip_.namelist() if n.endswith("posts.jsonl")]
    return [("", _plain(path.read_bytes()))]


def _plain(data: bytes) -> bytes:
    return _NOW.sub(b"NOW", data)


def _difference(found: Any, wanted: Any) -> str:
    pairs = zip(found, wanted, strict=False)
    first = next(((a, b) for a, b in pairs if a != b), (len(found), len(wanted)))
    return f"{str(first[0])[:300]} instead of {str(first[1])[:300]}"
