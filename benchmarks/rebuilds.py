"""What it costs to keep what a rebuild forgets, and to take the rebuild back; is all as it was?

    python benchmarks/rebuilds.py --corpus CORPUS.jsonl [--posts N]

The corpus has the form that benchmarks/exact.py describes. Seconds are CPU, of one process. Exit
code 1 when a row differs.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent))

import exact

from archiver import rebuilds
from archiver.clusters import Rules
from archiver.dedup import dedup
from archiver.store import earlier
from archiver.store.store import Store
from archiver.text.decide import Thresholds

RULES = Rules(thresholds=Thresholds())
TABLES = {
    "near": "SELECT * FROM near ORDER BY 1",
    "link": "SELECT * FROM link ORDER BY 1, 2",
    "form": "SELECT * FROM form ORDER BY 1",
    "hot": "SELECT * FROM hot ORDER BY 1",
    "print": "SELECT * FROM print UNION ALL SELECT * FROM fresh_print ORDER BY 1, 2",
    "post": "SELECT id, cluster_id, reason, score, via_post FROM post ORDER BY 1",
}
Value = TypeVar("Value")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--posts", type=int, help="only the first N")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rebuilds.db"
        rows = list(exact.read(args.corpus, args.posts))
        exact.load(path, rows)
        with Store.open(path) as store:
            return measured(store, len(rows))


def measured(store: Store, posts: int) -> int:
    timed("first pass", lambda: dedup(store, store.start_run("dedup", 0), rules=RULES))
    before = state(store.path)
    with store.transaction() as conn:  # which the rebuild then need not do
        timed("keeping alone", lambda: earlier.keep(conn, 0))
    run, undo = store.start_run("dedup", 0), store.start_run("dedup undo", 0)
    timed("rebuild", lambda: dedup(store, run, rules=RULES, rebuild=True))
    sizes(store.path, posts)

    def take_back() -> None:
        with store.transaction() as conn:
            rebuilds.take_back(conn, undo, run)

    timed("putting back", take_back)
    timed("pass after it", lambda: dedup(store, undo, rules=RULES))
    after = state(store.path)
    differing = {name: sum(a != b for a, b in zip(before[name], after[name], strict=False))
                 + abs(len(before[name]) - len(after[name])) for name in TABLES}  # fmt: skip
    print("rows:", {name: len(rows) for name, rows in before.items()})
    print("rows that differ:", differing)
    return int(any(differing.values()))


def timed(what: str, work: Callable[[], Value]) -> Value:
    began = time.process_time()
    result = work()
    print(f"{what}: {time.process_time() - began:.2f} CPU-s", flush=True)
    return result


def state(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    db = sqlite3.connect(path)
    try:
        return {name: db.execute(sql).fetchall() for name, sql in TABLES.items()}
    finally:
        db.close()


def sizes(path: Path, posts: int) -> None:
    db = sqlite3.connect(path)
    (kept,) = db.execute("SELECT sum(length(packed)) FROM earlier").fetchone()
    db.close()
    share = kept / path.stat().st_size
    print(f"kept: {kept:,} bytes, {kept / posts:.1f} a post, {share:.2%} of the archive")


if __name__ == "__main__":
    sys.exit(main())
