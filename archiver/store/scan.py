"""Reads every post for a regular expression: the newest ones first, then the others in processes.

A common expression is found among the newest and ends there; a rare one takes all processors.
"""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from archiver.text.regex import fitting

PORTION = 20_000  # posts; a tenth of a second
_END = (1 << 63) - 1

Keys = list[int]


def scan(
    db: sqlite3.Connection, pattern: str, progress: Callable[[int], None] | None = None
) -> Iterator[Keys]:
    """The sort keys of the posts that an expression fits, a portion of the newest posts at a time.

    `progress` gets how many posts have been looked at.
    """
    ranges = list(pairwise(_bounds(db)))
    for number, keys in enumerate(_each(db, pattern, ranges), 1):
        if progress is not None:
            progress(number * PORTION)
        yield keys


def _bounds(db: sqlite3.Connection) -> list[int]:
    """Keys with a portion of posts between two, from the greatest on."""
    bounds = [_END]
    sql = "SELECT sort_key FROM post WHERE sort_key < ? ORDER BY sort_key DESC LIMIT 1 OFFSET ?"
    while row := db.execute(sql, (bounds[-1], PORTION - 1)).fetchone():
        bounds.append(row[0])
    return [*bounds, -_END - 1]


def _each(db: sqlite3.Connection, pattern: str, ranges: list[tuple[int, int]]) -> Iterator[Keys]:
    """What the expression fits in each range, in their order."""
    (_, _, file), *_ = db.execute("PRAGMA database_list").fetchall()
    alone = 1 if file and (os.cpu_count() or 1) > 1 else len(ranges)
    fits = fitting(pattern)
    for high, low in ranges[:alone]:
        yield _fitting(db, fits, low, high)
    rest = ranges[alone:]
    done = 0
    for keys in _in_processes(file, pattern, rest) if rest else ():
        yield keys
        done += 1
    # What is left where processes cannot be started, or were killed.
    for high, low in rest[done:]:
        yield _fitting(db, fits, low, high)


def _fitting(db: sqlite3.Connection, fits: Callable[[str], bool], low: int, high: int) -> Keys:
    sql = "SELECT sort_key, text FROM post WHERE sort_key >= ? AND sort_key < ?"
    return [key for key, text in db.execute(sql, (low, high)) if fits(text)]


def _in_processes(file: str, pattern: str, ranges: list[tuple[int, int]]) -> Iterator[Keys]:
    """The same in as many processes as there are processors; ends early where they die."""
    import multiprocessing
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    count = os.cpu_count() or 1
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, context, initializer=_start, initargs=(file, pattern))
    waiting: deque[Future[Keys]] = deque()
    try:
        for each in ranges:
            waiting.append(pool.submit(_work, *each))
            if len(waiting) > 2 * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        return
    finally:
        pool.shutdown(cancel_futures=True)


_worker: tuple[sqlite3.Connection, Callable[[str], bool]]


def _start(file: str, pattern: str) -> None:
    """Make a process ready: it reads for itself, and ends at Ctrl-C without a word."""
    import signal

    from archiver.processes import end_with_parent
    from archiver.store.reading import open_reading

    global _worker
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _worker = open_reading(Path(file)), fitting(pattern)


def _work(high: int, low: int) -> Keys:
    db, fits = _worker
    return _fitting(db, fits, low, high)
