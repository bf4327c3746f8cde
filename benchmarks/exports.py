"""How fast and in how much memory each format is written, and the checks of what was written.

    python benchmarks/exports.py --db archive.sqlite

Each in a process of its own, to a file beside the archive; the first line is the floor: what it
takes to read every post without writing it. Nothing is deleted but what it wrote itself.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

FORMS = ("jsonl", "json", "csv", "parquet", "text", "atom", "html", "bundle")
FLOOR = (
    "import sys; from pathlib import Path; from archiver.store.reading import open_reading;"
    " from archiver.store.look import every;"
    " print(sum(1 for _ in every(open_reading(Path(sys.argv[1])))))"
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=list(FORMS))
    arguments = parser.parse_args()
    work = arguments.db.resolve().parent
    posts = int(_timed("floor", [sys.executable, "-c", FLOOR, str(arguments.db)], None)[2])
    print(f"{posts:,} posts")
    for form in arguments.only:
        target = work / f"export.{form}"
        how = ["--bundle", target] if form == "bundle" else ["--format", form, "--output", target]
        command = [sys.executable, "-m", "archiver", "export", "--db", str(arguments.db)]
        _timed(form, [*command, *map(str, how)], posts, target)
        if form == "bundle":
            check = [sys.executable, "-m", "archiver", "verify", str(target)]
            _timed("verify bundle", check, posts)
        _remove(target)
    check = [sys.executable, "-m", "archiver", "verify", str(arguments.db)]
    _timed("verify archive", check, posts)


def _timed(
    what: str, command: list[str], posts: int | None, target: Path | None = None
) -> tuple[float, int, str]:
    """Run it; seconds, greatest memory in bytes, and what it printed."""
    began = time.perf_counter()
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout is not None
    told = running.stdout.read()
    _, status, usage = os.wait4(running.pid, 0)
    passed = time.perf_counter() - began
    size = _size(target) if target else 0
    rate = f"{posts / passed:10,.0f} posts/s" if posts else " " * 18
    print(
        f"{what:14} {passed:7.1f} s {usage.ru_utime + usage.ru_stime:7.1f} s cpu {rate}"
        f" {usage.ru_maxrss / 1024:6.0f} MiB  {size / 1e6:8.1f} MB  exit {status >> 8}",
        flush=True,
    )
    return passed, usage.ru_maxrss * 1024, told


def _size(target: Path) -> int:
    if target.is_dir():
        return sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    return target.stat().st_size if target.exists() else 0


def _remove(target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
