"""SIGKILL at random moments of long work: python benchmarks/kills.py --rounds 200

Import, dedup, migration, `index rebuild`, backup, restore and every form of export take turns.
After each kill the archive must pass `archiver verify` (after a migration only the second run's),
nothing half-made may stand under its final name, and a second run must end and leave what an
undisturbed one leaves; the first round that fails ends it with a traceback.
tests/killing.py has the jobs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.killing import JOBS, Rounds


def main() -> None:
    """Kill and look."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--rounds", type=int, default=200)
    asked.add_argument("--posts", type=int, default=4_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", nargs="*", default=[job.name for job in JOBS])
    given = asked.parse_args()
    jobs = [job for job in JOBS if job.name in given.only]
    began, in_time = time.monotonic(), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        rounds = Rounds(Path(folder), given.posts, given.seed)
        for number in range(given.rounds):
            job = jobs[number % len(jobs)]
            share = rounds.kill(job)
            in_time[job.name] += share < 1
            print(f"{number + 1:4} {job.name:14} killed after {share:4.0%}", flush=True)
    print(f"{given.rounds} rounds sound in {time.monotonic() - began:,.0f} s; killed in time:")
    for job in jobs:
        print(f"  {job.name:14} {in_time[job.name]}")


if __name__ == "__main__":
    main()
