"""Which real texts would be one statement if another channel had said the later one.

    python benchmarks/elsewhere.py --db ARCHIVE [--hours 0.3 5 30] [--show]

ARCHIVE as for `near.py pairs`. Of all distinct texts of the channels that are in no test half, each
is decided about with the dozen earlier ones that have most 3-grams in common with it (words, where
it has under 8), as though two channels had told them so many hours apart. Nearly all are one
channel's next toll, lesson or month. Said is how many would collapse; `--show` prints the ids of
the posts and the words in which they differ, to be judged by eye.
"""

from __future__ import annotations

import argparse
import collections
import csv
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from archiver.store.kin import told
from archiver.text.compare import marked
from archiver.text.cuts import apply_cuts
from archiver.text.decide import Between, Thresholds, decide
from archiver.text.measures import measure
from archiver.text.wording import Wording, wording

PAIRS = Path(__file__).resolve().parent / "pairs"
FEWEST = 4  # words
SHORT, GRAM = 8, 3  # words
LATEST, MOST = 60, 12  # texts with a 3-gram that are looked at; texts that one is compared with


def in_test() -> set[str]:
    """The channels of the test halves."""
    found: set[str] = set()
    for name in ("real", "fresh"):
        with (PAIRS / f"{name}.tsv").open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                if row["half"] == "test":
                    found |= {row["channel_a"], row["channel_b"]}
    return found


def texts(db: sqlite3.Connection) -> list[tuple[int, Wording]]:
    """The earliest post with each text, in the order of their dates."""
    left_out, found = in_test(), {}
    for post, body, tg_id, title in db.execute(
        "SELECT p.id, body_id, tg_id, title FROM post p JOIN channel c ON c.id = channel_id"
        " WHERE body_id IS NOT NULL ORDER BY date"
    ):
        if body not in found and str(tg_id) not in left_out and title not in left_out:
            text = told(db, post)
            found[body] = post, wording(apply_cuts(text.text, text.cuts), text.footers)
    return [each for each in found.values() if len(each[1].codes) >= FEWEST]


def candidates(among: Sequence[tuple[int, Wording]]) -> Iterator[tuple[int, int]]:
    """Each with those before it that have most in common."""
    held: dict[str, list[int]] = collections.defaultdict(list)
    for at, (_, each) in enumerate(among):
        size = GRAM if len(each.codes) >= SHORT else 1
        shared: collections.Counter[int] = collections.Counter()
        for gram in {each.codes[n : n + size] for n in range(len(each.codes) - size + 1)}:
            shared.update(held[gram][-LATEST:])
            held[gram].append(at)
        ranked = sorted(shared.items(), key=lambda item: (-item[1], -item[0]))
        yield from ((other, at) for other, count in ranked[:MOST] if count > 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--hours", type=float, nargs="+", default=[0.3, 5.0, 30.0])
    parser.add_argument("--show", action="store_true", help="the words in which they differ")
    args = parser.parse_args()
    among = texts(sqlite3.connect(args.db))
    pairs = sorted(candidates(among))
    print(f"{len(pairs):,} pairs of {len(among):,} texts")
    for hours in args.hours:
        between, joined = Between(hours, own=False), 0
        for one, other in pairs:
            (post, first), (later, second) = among[one], among[other]
            found = decide(measure(first, second), between, Thresholds())
            if found.relation is not None and found.relation.collapses:
                joined += 1
                if args.show:
                    print(f"  {post} {later} {found.score:.2f}", marked(first.words, second.words))
        print(f"{hours} hours apart: {joined} would be one statement")


if __name__ == "__main__":
    main()
