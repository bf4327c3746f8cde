"""Archives that tests begin with: made once by the program itself, then copied in a millisecond."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from archiver.store.store import Store

ROOT = Path(__file__).resolve().parents[1]


@cache
def empty() -> bytes:
    """An archive without anything in it: the migrations take 70 ms, longer than many a test."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "empty.sqlite"
        Store.open(place, create=True).close()
        return place.read_bytes()


@cache
def imported(posts: str, *options: str) -> bytes:
    """What `archiver import posts.jsonl` leaves, in a process of its own, which takes a second."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "archive.sqlite"
        Path(folder, "posts.jsonl").write_text(posts, encoding="utf-8")
        subprocess.run(
            [
                sys.executable,
                "-m",
                "archiver",
                "--db",
                str(place),
                "import",
                "posts.jsonl",
                *options,
            ],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        )
        return place.read_bytes()


def opened(path: Path) -> Store:
    """A new empty archive at `path`, held for writing."""
    path.write_bytes(empty())
    return Store.open(path)
