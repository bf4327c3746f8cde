"""How fast files become an archive: posts a second, memory, bytes a post.

    python -m benchmarks.ingest [--posts 200000] [--work DIR]

Each figure is a process of its own; rates are also given as a share of the floor, which is the
same posts written through SQLAlchemy Core into one table without any index, in the same run.
"ready, one core" leaves the reading of the file out: posts that are in memory already are stored
and indexed on one processor, 2,000 a transaction. The other cases may use two.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import usage

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Run all cases and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=200_000)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--case", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.case:
        print(json.dumps(_run_case(given.case, given.work)))
        return
    with tempfile.TemporaryDirectory() as folder:
        work = given.work or Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        _corpus(work, given.posts)
        floor = _measure("floor", work)
        size = (work / "posts.jsonl").stat().st_size / given.posts
        print(f"{given.posts:,} posts, {size:.0f} B a line")
        print(f"{'case':<22}{'posts/s':>10}{'CPU s':>8}{'of floor':>10}{'peak MB':>9}")
        _print("floor (Core, no index)", given.posts, floor, floor)
        _print("ready, one core", given.posts, _measure("ready", work), floor)
        for case in ("no-dedup", "unchanged", "dedup-after", "as users run it"):
            _print(case, given.posts, _measure(case, work), floor)
        for name in ("plain", "full"):
            file = work / f"{name}.sqlite"
            print(f"{name:<8} {file.stat().st_size / given.posts:,.0f} B/post")


def _corpus(work: Path, posts: int) -> None:
    file = work / "posts.jsonl"
    if not file.exists():
        command = [sys.executable, "-m", "benchmarks.corpus", str(posts), str(file)]
        subprocess.run(command, check=True, cwd=ROOT)


def _measure(case: str, work: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.ingest", "--case", case, "--work", str(work)]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _print(case: str, posts: int, found: dict[str, float], floor: dict[str, float]) -> None:
    share = floor["seconds"] / found["seconds"]
    print(
        f"{case:<22}{posts / found['seconds']:>10,.0f}{found['cpu']:>8.1f}{share:>10.0%}"
        f"{found['peak']:>9.0f}",
        flush=True,
    )


def _run_case(case: str, work: Path) -> dict[str, float]:
    started, used = time.perf_counter(), usage.cpu()
    if case == "ready":
        return _ready(work)
    if case == "floor":
        _floor(work)
    else:
        _archiver(case, work)
    return {
        "seconds": time.perf_counter() - started,
        "cpu": usage.cpu() - used,
        "peak": usage.peak(),
    }


def _floor(work: Path) -> None:
    from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine, insert

    names = ("channel", "date", "text", "views")
    key = Column("id", Integer, primary_key=True)
    table = Table("post", MetaData(), key, *(Column(name, Text) for name in names))
    file = work / "floor.sqlite"
    file.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{file}")
    table.metadata.create_all(engine)
    with (work / "posts.jsonl").open("rb") as lines:
        rows: list[dict[str, object]] = []
        for line in lines:
            told = json.loads(line)
            rows.append({name: told.get(name) for name in ("channel", "date", "text", "views")})
            if len(rows) == 2000:
                with engine.begin() as conn:
                    conn.execute(insert(table), rows)
                rows = []


def _ready(work: Path) -> dict[str, float]:
    """Posts in memory, stored and indexed by this process alone."""
    from archiver.model import Post
    from archiver.sources import ReadOptions
    from archiver.sources.detect import open_source
    from archiver.store.store import Store

    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    stream, reader = open_source(work / "posts.jsonl")
    with stream:
        told = reader.read(stream, ReadOptions(name="posts.jsonl"))
        posts = [each for each in told if isinstance(each, tuple) and isinstance(each[1], Post)]
    file = work / "ready.sqlite"
    file.unlink(missing_ok=True)
    with Store.open(file, create=True) as store:
        run_id = store.start_run("benchmark", 0)
        started, used = time.perf_counter(), usage.cpu()
        for at in range(0, len(posts), 2_000):
            store.add_posts(run_id, posts[at : at + 2_000], 0)
        store.settle()
        seconds, cpu = time.perf_counter() - started, usage.cpu() - used
    return {"seconds": seconds, "cpu": cpu, "peak": usage.peak()}


def _archiver(case: str, work: Path) -> None:
    from archiver.cli import run

    plain, full = work / "plain.sqlite", work / "full.sqlite"
    posts = str(work / "posts.jsonl")
    if case == "no-dedup":
        plain.unlink(missing_ok=True)
        code = run(["-q", "import", posts, "--no-dedup", "--db", str(plain)])
    elif case == "unchanged":
        code = run(["-q", "import", posts, "--no-dedup", "--db", str(plain)])
    elif case == "dedup-after":
        code = run(["-q", "dedup", "--db", str(plain)])
    else:
        full.unlink(missing_ok=True)
        code = run(["-q", "import", posts, "--db", str(full)])
    if code:
        sys.exit(code)


if __name__ == "__main__":
    main()
