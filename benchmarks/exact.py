"""How many copies the exact layers find in a labelled corpus, what they merge wrongly, how fast.

    python benchmarks/exact.py --corpus CORPUS.jsonl [--db FILE] [--posts N]

A line of the corpus is an object with id, ts, channel, text, cluster (the label), kind (orig, fwd,
copy, ed_..., merge, tpl_...), fwd and fwd_post (channel and id of the original, or -1).
Seconds are CPU. Exit code 1 when a floor is missed.
"""

from __future__ import annotations

import argparse
import collections
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archiver.clusters import Rules
from archiver.dedup import Deduped, dedup
from archiver.model import Channel, Forward, OriginKind, Post
from archiver.store.store import Store
from archiver.text.body import body_key, comparable, count_words
from archiver.text.repeats import find_cuts

FORWARDS_FOUND = 1.0
COPIES_FOUND = 0.999
START = 1_600_000_000
Row = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--db", type=Path, help="keep the archive here")
    parser.add_argument("--posts", type=int, help="only the first N")
    args = parser.parse_args()
    rows = list(read(args.corpus, args.posts))
    with tempfile.TemporaryDirectory() as folder:
        path = args.db or Path(folder) / "exact.db"
        load(path, rows)
        run_dedup(path, len(rows))
        clusters = predicted(path, rows)
        nightly(path, rows)
    text_speed(rows)
    return report(rows, clusters)


def read(corpus: Path, limit: int | None) -> Iterator[Row]:
    """The rows, each with its `number` in its channel and the `fwd_number` of its original."""
    numbers: collections.Counter[int] = collections.Counter()
    given: list[int] = []
    with corpus.open(encoding="utf-8") as lines:
        for at, line in enumerate(lines):
            if limit is not None and at >= limit:
                return
            row = json.loads(line)
            numbers[row["channel"]] += 1
            given.append(numbers[row["channel"]])
            origin = given[row["fwd_post"]] if row["fwd_post"] >= 0 else None
            yield row | {"number": given[-1], "fwd_number": origin}


def channel(number: int) -> Channel:
    return Channel(title=f"Channel {number}", tg_id=-1_000_000_000_001 - number)


def post(row: Row, later: int = 0, number: int | None = None) -> Post:
    forward = None
    if row["fwd_post"] >= 0:
        origin = channel(row["fwd"]).tg_id
        forward = Forward(OriginKind.CHANNEL, peer_id=origin, message_id=row["fwd_number"])
    date = START + row["ts"] + later
    return Post(number or row["number"], text=row["text"], date=date, forward=forward)


def load(path: Path, rows: list[Row]) -> None:
    began = time.process_time()
    with Store.open(path, create=True) as store:
        run = store.start_run("import", 0)
        for at in range(0, len(rows), 5_000):
            some = rows[at : at + 5_000]
            store.add_posts(run, [(channel(r["channel"]), post(r)) for r in some], 0)
    say("import", len(rows), began)


def run_dedup(path: Path, posts: int) -> None:
    began = time.process_time()
    steps: dict[str, float] = {}

    def progress(step: str, _done: int, _all: int) -> None:
        steps.setdefault(step, time.process_time())

    with Store.open(path) as store:
        result = dedup(store, store.start_run("dedup", 0), progress=progress)
    ends = [*list(steps.values())[1:], time.process_time()]
    for (step, start), end in zip(steps.items(), ends, strict=True):
        print(f"  {step:6s} {end - start:7.2f} s  {(end - start) / posts * 1e6:6.1f} us a post")
    say("dedup", posts, began)
    print(f"  {result}")


def nightly(path: Path, rows: list[Row]) -> None:
    """A thousand copies of the newest posts arrive a little later: what does the night cost?"""
    newest = rows[-1000:]
    with Store.open(path) as store:
        run = store.start_run("import", 1)
        numbers = collections.Counter(row["channel"] for row in rows)
        items = []
        for row in newest:
            numbers[row["channel"]] += 1
            items.append((channel(row["channel"]), post(row, 60, numbers[row["channel"]])))
        store.add_posts(run, items, 1)
        began, wall = time.process_time(), time.perf_counter()
        result: Deduped = dedup(store, run)
    print(
        f"one more night: +{len(newest)} posts {time.process_time() - began:.2f} CPU-s,"
        f" {time.perf_counter() - wall:.2f} s; joined {result.joined}"
    )


def predicted(path: Path, rows: list[Row]) -> list[int]:
    """The cluster of each row, in order; a post alone has one of its own, negative."""
    db = sqlite3.connect(path)
    found = {
        (tg_id, message): -post_id if cluster is None else cluster
        for tg_id, message, post_id, cluster in db.execute(
            "SELECT tg_id, message_id, p.id, cluster_id FROM post p JOIN channel c"
            " ON c.id = channel_id"
        )
    }
    db.close()
    return [found[channel(r["channel"]).tg_id, r["number"]] for r in rows]


def text_speed(rows: list[Row]) -> None:
    texts = [row["text"] for row in rows[:20_000]]
    print(f"texts of {sum(map(len, texts)) / len(texts):.0f} characters in the middle")
    began = time.process_time()
    for text in texts:
        words = comparable(text)
        body_key(words)
        count_words(words)
    say("body", len(texts), began)
    began = time.process_time()
    for text in texts:
        find_cuts(text)
    say("cuts", len(texts), began)


def say(what: str, posts: int, began: float) -> None:
    spent = time.process_time() - began
    print(f"{what}: {spent:.2f} CPU-s, {posts / spent:,.0f} posts/s, {spent / posts * 1e6:.1f} us")


def report(rows: list[Row], clusters: list[int]) -> int:
    forwards = [r for r in rows if r["fwd_post"] >= 0]
    missed = [r for r in forwards if clusters[r["id"]] != clusters[r["fwd_post"]]]
    found = 1 - len(missed) / max(1, len(forwards))
    print(f"forwards found: {len(forwards) - len(missed)}/{len(forwards)} = {found:.5f}")
    copied = copies(rows, clusters)
    wrong = impure(rows, clusters)
    return 0 if found >= FORWARDS_FOUND and copied >= COPIES_FOUND and not wrong else 1


def copies(rows: list[Row], clusters: list[int]) -> float:
    """The share of noisy copies found beside their original; short ones after 48 hours left out."""
    original = {r["cluster"]: r for r in rows if r["kind"] == "orig"}
    kinds: collections.Counter[str] = collections.Counter()
    missed = []
    for row in rows:
        if row["kind"] != "copy":
            continue
        first = original[row["cluster"]]
        if clusters[row["id"]] == clusters[first["id"]]:
            kinds["found"] += 1
        elif short_and_late(first, row):
            kinds["short and late"] += 1
        else:
            kinds["missed"] += 1
            missed.append((first, row))
    share = kinds["found"] / max(1, kinds["found"] + kinds["missed"])
    print(f"copies found: {share:.5f} {dict(kinds)}")
    for first, row in missed[:8]:
        print(f"  missed: {comparable(first['text'])[-90:]!r} | {comparable(row['text'])[-90:]!r}")
    return share


def short_and_late(first: Row, row: Row) -> bool:
    rules = Rules()
    words = min(count_words(comparable(r["text"])) for r in (first, row))
    # A footer that was not learned hides that a text is short; four words are a usual one.
    late = row["ts"] - first["ts"] > rules.short_hours * 3600
    return words < rules.short_words + 4 and late


def impure(rows: list[Row], clusters: list[int]) -> int:
    """Clusters that hold posts of two labels; templates, merges and edits counted apart."""
    labels: dict[int, collections.Counter[tuple[str, int]]] = {}
    for row in rows:
        kind = row["kind"].split("_")[0]
        plain = "post" if kind in ("orig", "fwd", "copy") else kind
        labels.setdefault(clusters[row["id"]], collections.Counter())[plain, row["cluster"]] += 1
    wrong: collections.Counter[str] = collections.Counter()
    for some in labels.values():
        if len({label for _, label in some}) > 1:
            kinds = sorted({kind for kind, _ in some})
            same_kind = len({label for kind, label in some if kind == "post"}) > 1
            wrong["different posts" if same_kind else "+".join(kinds)] += 1
    print(f"clusters with two labels: {sum(wrong.values())} {dict(wrong)}")
    for some in [s for s in labels.values() if len({label for _, label in s}) > 1][:8]:
        ids = {label for _, label in some}
        texts = {r["text"][:70] for r in rows if r["cluster"] in ids}
        print(f"  {dict(some)}: {sorted(texts)[:4]}")
    return wrong["different posts"]


if __name__ == "__main__":
    sys.exit(main())
