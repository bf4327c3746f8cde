"""Near copies found by text-dedup on the same posts: speed, and what is merged wrongly.

    python -m venv PEER && PEER/bin/pip install text-dedup
    python benchmarks/near_peers.py --peer PEER/bin/python --make MAKE.py --score SCORE.py

MAKE.py and SCORE.py are those of benchmarks/near.py. text-dedup's own program runs with the
settings that it publishes for its benchmark of scientific papers (2-grams, 50 bands of 4), with
those of FineWeb (5-grams, 14 bands of 8) and with its defaults; both sides run in one process.
Seconds are CPU, of a process and its children, reading and writing included.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import exact
import near

SETTINGS = {
    "papers: 2-grams, 50 x 4": ["--ngram", "2", "--num_perm", "200", "--b", "50", "--r", "4"],
    "FineWeb: 5-grams, 14 x 8": ["--ngram", "5", "--num_perm", "112", "--b", "14", "--r", "8"],
    "its defaults: 5-grams, .7": ["--ngram", "5", "--threshold", "0.7"],
}
# Its pickle is read by it, and given on as plain lines.
UNPICKLE = """
import json, pickle, sys
found = pickle.load(open(sys.argv[1], "rb"))
uf, ids = (found if isinstance(found, tuple) else (found, None))
uf = getattr(uf, "parent", uf)
print(json.dumps([[int(k), int(v)] for k, v in uf.items()]))
"""


def spent(kind: int) -> float:
    used = resource.getrusage(kind)
    return used.ru_utime + used.ru_stime


def theirs(args: argparse.Namespace, corpus: Path, settings: list[str], place: Path) -> None:
    """Run it as its users do, and score its sets of duplicates."""
    lines = place / "posts.jsonl"
    with corpus.open(encoding="utf-8") as rows, lines.open("w", encoding="utf-8") as out:
        for number, row in enumerate(map(json.loads, rows)):
            out.write(json.dumps({"number": number, "text": row["text"]}) + "\n")
    run = [str(args.peer), "-m", "text_dedup.minhash", "--path", "json", "--split", "train"]
    run += ["--data_files", str(lines), "--column", "text", "--idx_column", "number"]
    run += ["--cache_dir", str(place / "cache"), "--output", str(place / "out")]
    run += ["--num_proc", "1", "--hash_func", "xxh3", "--debug", *settings]
    before = spent(resource.RUSAGE_CHILDREN)
    subprocess.run(run, check=True, capture_output=True)
    print(f"{spent(resource.RUSAGE_CHILDREN) - before:.1f} CPU-s")
    unpickle = [str(args.peer), "-c", UNPICKLE, str(place / "out" / "uf.pkl")]
    parents = dict(json.loads(subprocess.run(unpickle, check=True, capture_output=True).stdout))
    predicted = place / "theirs.jsonl"
    with corpus.open(encoding="utf-8") as rows, predicted.open("w", encoding="utf-8") as out:
        for number, row in enumerate(map(json.loads, rows)):
            at = number
            while parents.get(at, at) != at:
                at = parents[at]
            out.write(json.dumps({"id": row["id"], "cluster": at}) + "\n")
    score(args, corpus, predicted)


def ours(args: argparse.Namespace, corpus: Path, place: Path) -> None:
    """A pass over the posts, stored already, and its score."""
    rows = list(exact.read(corpus, None))
    exact.load(place / "a.db", rows)
    before = spent(resource.RUSAGE_SELF)
    near.passed(place / "a.db")
    print(f"archiver\n{spent(resource.RUSAGE_SELF) - before:.1f} CPU-s")
    near.predict(place / "a.db", rows, place / "ours.jsonl")
    score(args, corpus, place / "ours.jsonl")


def score(args: argparse.Namespace, corpus: Path, predicted: Path) -> None:
    run = [sys.executable, str(args.score), str(corpus), str(predicted)]
    told = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    print("\n".join(told.splitlines()[:4]), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peer", type=Path, required=True, help="a Python that has text-dedup")
    parser.add_argument("--make", type=Path, required=True)
    parser.add_argument("--score", type=Path, required=True)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.jsonl"
        run = [sys.executable, str(args.make), str(args.posts), str(corpus), str(args.seed)]
        subprocess.run(run, check=True)
        ours(args, corpus, Path(folder))
        for name, settings in SETTINGS.items():
            with tempfile.TemporaryDirectory() as place:
                print(f"text-dedup, {name}", flush=True)
                theirs(args, corpus, settings, Path(place))


if __name__ == "__main__":
    main()
