"""What a night with nothing new costs: python -m benchmarks.night --posts 1000000 --work DIR

An archive of invented short posts in 200 channels, one in ten a copy, with statements and index. A
night is done once, and twice more with nothing new, each in a process of its own: seconds of wall
and of processor time. Without network: nobody is logged in, so the sync step fails at once and the
others are done all the same; `benchmarks/live.py --quiet-channels 200` has what a quiet sync costs.
With --backup MB the archive is filled up to that size and backed up alone, once more with nothing
changed, and while one process reads and another writes all the time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHANNELS = 200
WORDS = 25
READS = """
import random, sqlite3, sys, time
from archiver.store.reading import open_reading
from pathlib import Path
most = done = 0.0
while not Path(sys.argv[2]).exists():
    began = time.monotonic()
    db = open_reading(Path(sys.argv[1]))
    db.execute("SELECT count(*) FROM post WHERE id > ?", (random.randrange(10**6),)).fetchone()
    db.close()
    most, done = max(most, time.monotonic() - began), done + 1
print(f"{done:.0f} reads, the longest {most:.2f} s")
"""
WRITES = """
import sys, time
from archiver.model import Channel, Post
from archiver.store.store import Store
from pathlib import Path
most = done = 0
with Store.open(Path(sys.argv[1])) as store:
    run = store.start_run("writer", int(time.time()))
    while not Path(sys.argv[2]).exists():
        began = time.monotonic()
        posts = [
            (Channel(username="writer"), Post(done * 50 + n, f"Post {done} {n}", 1_700_000_000))
            for n in range(1, 51)
        ]
        store.add_posts(run, posts, int(time.time()))
        most, done = max(most, time.monotonic() - began), done + 1
    store.finish_run(run, int(time.time()), "done", {"new": done * 50})
print(f"{done} batches of 50 posts written, the longest {most:.2f} s")
"""


def main() -> None:
    """Build, measure, print."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--posts", type=int, default=1_000_000)
    asked.add_argument("--work", type=Path, required=True)
    asked.add_argument("--backup", type=int, metavar="MB", default=0)
    given = asked.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    archive = given.work / "archive.sqlite"
    config = given.work / "config.toml"
    config.write_text("[nightly]\nbackup = false\n")
    env = {
        **os.environ,
        "ARCHIVER_CONFIG": str(config),
        "ARCHIVER_DB": str(archive),
        "PYTHONPATH": str(ROOT),
    }
    if not archive.exists():
        _build(env, given.work, given.posts)
    for what in ("the first night", "nothing new", "nothing new"):
        _timed(what, env, "nightly", "--metrics", str(given.work / "archiver.prom"))
    if given.backup:
        _backups(env, archive, given.backup)


def _build(env: dict[str, str], work: Path, posts: int) -> None:
    file = work / "posts.jsonl"
    chance = random.Random(1)
    syllables = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
    words = ["".join(chance.choices(syllables, k=chance.choice((2, 3, 4)))) for _ in range(60_000)]
    texts: list[str] = []
    with file.open("w", encoding="utf-8") as out:
        for number in range(posts):
            channel, place = number % CHANNELS, number // CHANNELS + 1
            copy = texts and chance.random() < 0.1
            text = chance.choice(texts) if copy else " ".join(chance.choices(words, k=WORDS))
            texts = [text, *texts[:199]]
            record = {"channel": f"@archived_{channel}", "id": place, "text": text,
                      "date": 1_600_000_000 + number * 150}  # fmt: skip
            out.write(json.dumps(record) + "\n")
    _timed("import", env, "import", str(file), "--no-dedup")
    file.unlink()
    _timed("dedup", env, "dedup")


def _timed(what: str, env: dict[str, str], *arguments: str) -> str:
    began = time.perf_counter()
    running = subprocess.Popen(
        [sys.executable, "-m", "archiver", *arguments], env=env, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    said = running.stdout.read()
    _, status, usage = os.wait4(running.pid, 0)
    running.returncode = status >> 8
    print(
        f"{what:16} {time.perf_counter() - began:8.2f} s"
        f" {usage.ru_utime + usage.ru_stime:8.2f} s cpu"
        f" {usage.ru_maxrss / 1024:6.0f} MiB  exit {status >> 8}  {said.splitlines()[-1:]}",
        flush=True,
    )
    return said


def _backups(env: dict[str, str], archive: Path, megabytes: int) -> None:
    _fill(archive, megabytes)
    ended = archive.with_name("ended")
    for number, what in enumerate(("backup, alone", "skipped", "with others")):
        ended.unlink(missing_ok=True)
        others = [
            subprocess.Popen([sys.executable, "-c", code, str(archive), str(ended)], env=env)
            for code in (READS, WRITES)
            if number == 2
        ]
        time.sleep(3 if others else 0)
        _timed(what, env, "backup", *(["--force"] if number != 1 else []))
        ended.touch()
        for other in others:
            other.wait()


def _fill(archive: Path, megabytes: int) -> None:
    with closing(sqlite3.connect(archive, isolation_level=None)) as db:
        missing = megabytes - archive.stat().st_size // 1_000_000
        db.execute("BEGIN")
        db.execute(
            "INSERT OR IGNORE INTO raw_post SELECT id, 1, randomblob(2000) FROM post LIMIT ?",
            (max(0, missing) * 490,),
        )
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print(f"{archive.stat().st_size / 1e6:,.0f} MB", flush=True)


if __name__ == "__main__":
    main()
