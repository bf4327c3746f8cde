"""How well near copies are found, and what is merged wrongly.

    python benchmarks/near.py synthetic --make MAKE.py --score SCORE.py [--posts N] [--seeds 1 2 3]
    python benchmarks/near.py templates [--count N] [--seed N]
    python benchmarks/near.py pairs --db ARCHIVE [--half test]
    python benchmarks/near.py order --make MAKE.py [--posts N] [--late SHARE] [--parts N]
    python benchmarks/near.py speed --make MAKE.py [--posts 100000 300000 1000000] [--work DIR]
        [--score SCORE.py]

MAKE.py is called as `MAKE.py POSTS OUT.jsonl SEED` and writes a labelled corpus in the form that
benchmarks/exact.py describes; SCORE.py as `SCORE.py TRUTH.jsonl PREDICTED.jsonl`. `pairs` reads an
archive into which the channels of benchmarks/pairs/ were imported and deduplicated.
"""

from __future__ import annotations

import argparse
import collections
import csv
import itertools
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import exact
import templates

from archiver.clusters import Rules
from archiver.dedup import dedup
from archiver.model import Channel, Post
from archiver.store.store import Store
from archiver.text.decide import Thresholds

FIRST = -1_000_000_000_001  # a marked channel id
RULES = Rules(thresholds=Thresholds())
ROOT = Path(__file__).resolve().parents[1]
PAIRS = Path(__file__).resolve().parent / "pairs"
SETS = {"first": templates.posts, "second": templates.second, "third": templates.third}


def synthetic(args: argparse.Namespace) -> None:
    """A fresh corpus of each seed: pass, score."""
    for seed in args.seeds:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            corpus = place / "corpus.jsonl"
            run = [sys.executable, str(args.make), str(args.posts), str(corpus), str(seed)]
            subprocess.run(run, check=True)
            rows = list(exact.read(corpus, None))
            exact.load(place / "a.db", rows)
            began, cpu = time.perf_counter(), time.process_time()
            done = passed(place / "a.db")
            print(
                f"seed {seed}: {time.perf_counter() - began:.1f} s wall,"
                f" {time.process_time() - cpu:.1f} CPU-s; {done}"
            )
            predicted = place / "predicted.jsonl"
            predict(place / "a.db", rows, predicted)
            subprocess.run([sys.executable, str(args.score), corpus, predicted], check=True)


def passed(path: Path) -> Any:
    with Store.open(path) as store:
        return dedup(store, store.start_run("dedup", 0), rules=RULES)


def predict(path: Path, rows: Iterable[dict[str, Any]], out: Path) -> None:
    """The cluster of each row, and the clusters that it is linked with."""
    db = sqlite3.connect(path)
    leaders = dict(db.execute("SELECT body_id, leader FROM near"))
    of_post: dict[tuple[int, int], int] = {}
    of_body: dict[int, set[int]] = collections.defaultdict(set)
    for tg_id, message, post, cluster, body in db.execute(
        "SELECT tg_id, message_id, p.id, cluster_id, body_id FROM post p JOIN channel c"
        " ON c.id = channel_id"
    ):
        found = -post if cluster is None else cluster
        of_post[tg_id, message] = found
        of_body[leaders.get(body, body)].add(found)
    linked: dict[int, set[int]] = collections.defaultdict(set)
    for one, other in db.execute("SELECT body_id, other FROM link"):
        for a in of_body[leaders.get(one, one)]:
            for b in of_body[leaders.get(other, other)] - {a}:
                linked[a].add(b)
                linked[b].add(a)
    db.close()
    with out.open("w", encoding="utf-8") as file:
        for row in rows:
            mine = of_post[exact.channel(row["channel"]).tg_id or 0, row["number"]]
            told = {"id": row["id"], "cluster": mine, "linked": sorted(linked[mine])}
            file.write(json.dumps(told) + "\n")


def unseen(args: argparse.Namespace) -> None:
    """How many posts of unseen templates are in a statement with another event."""
    made = list(SETS[args.set](args.count, args.seed, args.elsewhere))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.db"
        with Store.open(path, create=True) as store:
            run = store.start_run("import", 0)
            items = [
                (
                    Channel(
                        title=f"Channel {each.channel}", tg_id=-1_000_000_000_001 - each.channel
                    ),
                    Post(number, text=each.text, date=exact.START + int(each.hour * 3600)),
                )
                for number, each in enumerate(made, 1)
            ]
            store.add_posts(run, items, 0)
        passed(path)
        db = sqlite3.connect(path)
        cluster = dict(db.execute("SELECT message_id, cluster_id FROM post"))
        db.close()
    texts: dict[int, set[str]] = collections.defaultdict(set)
    for number, each in enumerate(made, 1):
        if cluster[number] is not None:
            texts[cluster[number]].add(each.text)
    wrong: collections.Counter[str] = collections.Counter()
    for number, each in enumerate(made, 1):
        if cluster[number] is not None and len(texts[cluster[number]]) > 1:
            wrong[each.kind] += 1
    for kind in dict.fromkeys(each.kind for each in made):
        print(f"  {kind:28} {wrong[kind]:5} of {args.count}")
    total = sum(wrong.values())
    print(f"falsely collapsed {total}/{len(made)} = {total / len(made):.3%}")


def pairs(args: argparse.Namespace) -> None:
    """What became of the labelled pairs of a half."""
    db = sqlite3.connect(args.db)
    places: dict[tuple[str, int], tuple[int | None, int]] = {}
    for tg_id, title, message, cluster, post in db.execute(
        "SELECT tg_id, title, message_id, cluster_id, p.id FROM post p JOIN channel c"
        " ON c.id = channel_id"
    ):
        for name in (str(tg_id), title):
            places[name, message] = (cluster, post)
    db.close()
    for name in ("real", "fresh"):
        found = judged(PAIRS / f"{name}.tsv", args.half, places)
        for verdict in ("same", "part", "unclear", "apart"):
            print(f"  {name:6}{verdict:8}", {k: n for (v, k), n in found if v == verdict})


def judged(
    file: Path, half: str, places: dict[tuple[str, int], tuple[int | None, int]]
) -> list[tuple[tuple[str, str], int]]:
    """How many pairs of a half are together or apart, by verdict."""
    found: collections.Counter[tuple[str, str]] = collections.Counter()
    with file.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["half"] != half:
                continue
            one = places.get((row["channel_a"], int(row["message_a"])))
            other = places.get((row["channel_b"], int(row["message_b"])))
            if one is None or other is None:
                found[row["verdict"], "not here"] += 1
            else:
                together = one[0] is not None and one[0] == other[0]
                found[row["verdict"], "together" if together else "apart"] += 1
    return sorted(found.items())


def order(args: argparse.Namespace) -> None:
    """Ten nights against a rebuild of the same archive.

    Some posts arrive some nights late; or each night brings the whole past of a part of the
    channels (of all of them, where it is one part), newest first, as a first sync does.
    """
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.jsonl"
        run = [sys.executable, str(args.make), str(args.posts), str(corpus), str(args.seed)]
        subprocess.run(run, check=True)
        rows = list(exact.read(corpus, None))
        dice = random.Random(args.seed)
        nights: list[list[dict[str, Any]]] = [[] for _ in range(10)]
        for at, row in enumerate(rows):
            night = at * 10 // len(rows)
            if dice.random() < args.late:
                night = dice.randint(night, 9)
            if args.parts:
                night = row["channel"] % args.parts
            nights[night].append(row)
        if args.parts:
            nights = [some[::-1] for some in nights]
        path = Path(folder) / "a.db"
        with Store.open(path, create=True) as store:
            for some in nights:
                items = [(exact.channel(row["channel"]), exact.post(row)) for row in some]
                for at in range(0, len(items), 2_000):
                    store.add_posts(store.start_run("import", 0), items[at : at + 2_000], 0)
                dedup(store, store.start_run("dedup", 0), rules=RULES)
            grown = statements(path)
            dedup(store, store.start_run("dedup", 0), rules=RULES, rebuild=True)
            built = statements(path)
    touched = sum(grown[post] != built[post] for post in built)
    moved = 0
    for posts in set(built.values()):
        moved += len(posts) - max(len(posts & grown[post]) for post in posts)
    print(
        f"{args.late:.0%} late, {args.parts} first syncs:"
        f" {moved:,} of {len(built):,} posts moved ({moved / len(built):.3%}),"
    )
    print(f"  {touched:,} are in a statement that gained or lost a post")


def statements(path: Path) -> dict[int, frozenset[int]]:
    """Of each post, all that are in its statement."""
    db = sqlite3.connect(path)
    held: dict[int, set[int]] = collections.defaultdict(set)
    rows = db.execute("SELECT id, coalesce(cluster_id, -id) FROM post").fetchall()
    db.close()
    for post, cluster in rows:
        held[cluster].add(post)
    sets = {cluster: frozenset(posts) for cluster, posts in held.items()}
    return {post: sets[cluster] for post, cluster in rows}


NIGHTS, NIGHT = 3, 1_000
# What the third layer keeps: the index proper, and what it decided.
INDEX = ("print", "fresh_print", "hot")
DECIDED = ("near", "ix_near_leader", "link", "ix_link_other", "form")


def speed(args: argparse.Namespace) -> None:
    """A pass over so many posts, then three nights, at each size."""
    for posts in args.posts:
        with tempfile.TemporaryDirectory(dir=args.work) as folder:
            place = Path(folder)
            corpus = place / "corpus.jsonl"
            made = str(posts + NIGHTS * NIGHT)
            run = [sys.executable, str(args.make), made, str(corpus), str(args.seed)]
            subprocess.run(run, check=True)
            rows = exact.read(corpus, None)
            stored(place / "a.db", itertools.islice(rows, posts))
            wall, cpu, most = timed(place)
            if args.score:
                scored(args.score, place, posts)
            print(
                f"{posts:,} posts: {wall:.1f} s wall, {cpu:.1f} CPU-s ="
                f" {cpu / posts * 1e6:.0f} us a post; the largest process {most:.0f} MB"
            )
            for what, tables in (("fingerprints", INDEX), ("decisions and links", DECIDED)):
                taken = size(place / "a.db", tables) / posts
                print(f"  {what}: {taken:.0f} MB per million posts")
            for _ in range(NIGHTS):
                stored(place / "a.db", itertools.islice(rows, NIGHT))
                wall, cpu, _ = timed(place)
                print(f"  +{NIGHT:,}: {wall:.2f} s wall, {cpu:.2f} CPU-s, the program as a whole")


def scored(score: Path, place: Path, posts: int) -> None:
    """How well the pass over the first so many posts of a corpus did, by the scorer's words."""
    truth, predicted = place / "truth.jsonl", place / "predicted.jsonl"
    with (place / "corpus.jsonl").open("rb") as lines, truth.open("wb") as out:
        out.writelines(itertools.islice(lines, posts))
    predict(place / "a.db", exact.read(truth, None), predicted)
    subprocess.run([sys.executable, str(score), truth, predicted], check=True)


def stored(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    """Import posts and index them; nothing is deduplicated."""
    with Store.open(path, create=True) as store:
        run = store.start_run("import", 0)
        while some := list(itertools.islice(rows, 5_000)):
            store.add_posts(run, [(exact.channel(r["channel"]), exact.post(r)) for r in some], 0)
        store.settle()


def timed(place: Path) -> tuple[float, float, float]:
    """Wall and CPU seconds of `archiver dedup`, its helpers counted, and its peak in MB."""
    config = place / "config.toml"
    config.write_text("[dedup]\nprocesses = 2\n", encoding="utf-8")
    env = os.environ | {"ARCHIVER_CONFIG": str(config), "PYTHONPATH": str(ROOT)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # 0.2 s of each night, which nobody has who installs
    command = [sys.executable, "-m", "archiver", "--quiet", "dedup", "--db", str(place / "a.db")]
    began = time.perf_counter()
    child = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"archiver dedup ended with {child.returncode}.")
    wall = time.perf_counter() - began
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def size(path: Path, tables: Sequence[str]) -> int:
    """The bytes of some tables and indexes."""
    db = sqlite3.connect(path)
    marks = ",".join("?" * len(tables))
    sql = f"SELECT sum(pgsize) FROM dbstat WHERE aggregate = 1 AND name IN ({marks})"
    (taken,) = db.execute(sql, tables).fetchone()
    db.close()
    return int(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    kinds = parser.add_subparsers(required=True)
    made = kinds.add_parser("synthetic")
    made.add_argument("--make", type=Path, required=True)
    made.add_argument("--score", type=Path, required=True)
    made.add_argument("--posts", type=int, default=100_000)
    made.add_argument("--seeds", type=int, nargs="+", default=[1])
    made.set_defaults(run=synthetic)
    never = kinds.add_parser("templates")
    never.add_argument("--count", type=int, default=200)
    never.add_argument("--seed", type=int, default=1)
    never.add_argument("--elsewhere", type=float, default=0.2, help="share in a second channel")
    never.add_argument("--set", default="first", choices=SETS, help="the third is for tuning")
    never.set_defaults(run=unseen)
    real = kinds.add_parser("pairs")
    real.add_argument("--db", type=Path, required=True)
    real.add_argument("--half", default="test", choices=["tune", "between", "test", "articles"])
    real.set_defaults(run=pairs)
    late = kinds.add_parser("order")
    late.add_argument("--make", type=Path, required=True)
    late.add_argument("--posts", type=int, default=20_000)
    late.add_argument("--seed", type=int, default=1)
    late.add_argument("--late", type=float, default=0.0, help="share of posts that arrive later")
    late.add_argument("--parts", type=int, default=0, help="first syncs, each of so many channels")
    late.set_defaults(run=order)
    fast = kinds.add_parser("speed")
    fast.add_argument("--make", type=Path, required=True)
    fast.add_argument("--score", type=Path, help="score the passes too")
    fast.add_argument("--posts", type=int, nargs="+", default=[100_000, 300_000, 1_000_000])
    fast.add_argument("--seed", type=int, default=1)
    fast.add_argument("--work", type=Path, help="where the archives are made; 5 GB for a million")
    fast.set_defaults(run=speed)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
