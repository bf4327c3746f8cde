"""A full rebuild of dedup by own processes and by Daft: the same decisions? At what cost?

    python benchmarks/scale.py --make MAKE.py [--posts N] [--seed N] [--ray HOST:PORT]

MAKE.py is called as `MAKE.py POSTS OUT.jsonl SEED` and writes a corpus in the form that
benchmarks/exact.py describes. Each pass runs in a process of its own over a copy of one archive;
of each step: CPU seconds of the process that decides and of its helpers (on a Ray cluster those
are not its children, and not counted), wall seconds, and its greatest memory until then. Then all
that was decided is compared, row by row. Exit code 1 where posts are in other statements.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import exact
import near

from archiver.dedup import dedup
from archiver.store.store import Store

TABLES = {
    "post": "id, body_id, cuts, cluster_id, reason, score, via_post",
    "cluster": "id, canonical, posts, copies, channels, first_date, last_date",
    "near": "body_id, leader, matched, relation, score, posted, date, channel_id",
    "print": "hash, body_id",
    "hot": "hash",
    "link": "body_id, other, relation, score",
    "form": "body_id",
}


class Watch:
    """Notes what each step took."""

    def __init__(self) -> None:
        self.step, self.since = "start", self._now()

    def _now(self) -> tuple[float, float, float]:
        spent = os.times()
        return (
            spent.user + spent.system,
            spent.children_user + spent.children_system,
            time.perf_counter(),
        )

    def __call__(self, step: str, _done: int = 0, _all: int = 0) -> None:
        if step == self.step:
            return
        now = self._now()
        own, helpers, wall = (b - a for a, b in zip(self.since, now, strict=True))
        memory = most_memory()
        print(
            f"  {self.step:8} {own:7.1f} + {helpers:7.1f} CPU-s {wall:7.1f} s wall {memory:7.0f} MB"
        )
        self.step, self.since = step, now


def most_memory() -> float:
    """Megabytes; `ru_maxrss` has those of the process that started this one, too."""
    status = Path("/proc/self/status").read_text().partition("VmHWM:")[2]
    return int(status.split()[0]) / 1024


def judged_in_place() -> list[None]:
    """One more for each pair that the pass judges itself from now on."""
    import archiver.near as pass_

    judge, judged = pass_.judge, []

    def noted(*arguments: Any) -> Any:
        judged.append(None)
        return judge(*arguments)

    pass_.judge = noted
    return judged


def one_pass(path: Path, engine: str, ray: str) -> None:
    """A rebuild, in this process."""
    watch, judged = Watch(), judged_in_place()
    with Store.open(path) as store:
        run = store.start_run("dedup", 0)
        if engine == "own":
            from archiver.workers import front

            with front(2, 1_000_000) as helpers:
                watch("learn")
                done = dedup(
                    store, run, rules=near.RULES, rebuild=True, progress=watch, front=helpers
                )
            watch("end")  # helpers are counted when they are gone
            print(f"  {len(judged):,} pairs were not foreseen")
        else:
            from archiver.scale.engine import start
            from archiver.scale.front import scaled

            with scaled(start(ray), path, "", watch) as front_:
                watch("learn")
                done = dedup(
                    store, run, rules=near.RULES, rebuild=True, progress=watch, front=front_
                )
                files = [file.stat().st_size for file in front_.folder.rglob("*.parquet")]
            watch("end")
            print(
                f"  {len(judged):,} pairs were not foreseen;"
                f" {sum(files) / 1e6:,.0f} MB in {len(files)} work files at the end"
            )
    print(f"  {done}")


def compare(one: Path, other: Path) -> int:
    """How many posts are in another statement; says in which tables rows differ."""
    for table, columns in TABLES.items():
        rows = []
        for path in (one, other):
            db = sqlite3.connect(path)
            rows.append(set(db.execute(f"SELECT {columns} FROM {table}")))
            db.close()
        print(f"  {table:8} {len(rows[0]):9,} rows, {len(rows[0] ^ rows[1]):,} differ")
    first, second = near.statements(one), near.statements(other)
    return sum(first[post] != second[post] for post in first)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--make", type=Path)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=301)
    parser.add_argument("--ray", default="", help="a cluster instead of this machine")
    parser.add_argument("--engine", choices=["own", "daft"], help=argparse.SUPPRESS)
    parser.add_argument("--db", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.engine:
        one_pass(args.db, args.engine, args.ray)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        corpus, own, daft = (Path(folder) / name for name in ("c.jsonl", "own.db", "daft.db"))
        made = [sys.executable, str(args.make), str(args.posts), str(corpus), str(args.seed)]
        subprocess.run(made, check=True)
        exact.load(own, list(exact.read(corpus, None)))
        corpus.unlink()
        with Store.open(own):  # which indexes what waits for it
            pass
        shutil.copy(own, daft)
        for engine, path in (("own", own), ("daft", daft)):
            print(f"{engine}, {args.posts:,} posts", flush=True)
            again = [sys.executable, __file__, "--engine", engine, "--db", str(path)]
            subprocess.run([*again, "--ray", args.ray], check=True)
        moved = compare(own, daft)
    print(f"{moved:,} of {args.posts:,} posts are in another statement")
    return 1 if moved else 0


if __name__ == "__main__":
    sys.exit(main())
