"""Makes the whole index anew from the stored posts; other processes fold while this one stores.

Folding and stemming take twice as long as FTS5 does.
"""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from archiver.store import index, lexicon, state
from archiver.store.meta import COLUMNS, IndexRow
from archiver.text.fold import FOLD_VERSION
from archiver.text.stem import version

_BATCH = 5_000
_HASH_BYTES = 128 << 20  # half as many segments to merge at the end: 8 us a post instead of 11
_AHEAD = 4  # batches folded before they are stored
_PROCESSES = 2
_WORTH_A_PROCESS = 50_000  # posts; starting one takes 0.2 s

Batch = list[tuple[Any, ...]]
Folded = tuple[list[tuple[int, str, str]], list[lexicon.Pair]]

_sent: set[int] = set()


def rebuild(db: sqlite3.Connection, progress: Callable[[int], None] | None = None) -> int:
    """Make index and lexicon anew; `progress` gets the posts done so far. How many there were."""
    _empty(db)
    done = 0
    (posts,) = db.execute("SELECT count(*) FROM post").fetchone()
    with index.bulk(db), _folder(posts) as fold:
        for rows, pairs in fold(_batches(db)):
            db.executemany(index.ADD, rows)
            lexicon.put(db, pairs)
            done += len(rows)
            if progress is not None:
                progress(done)
    index.add_revisions(db)
    index.optimize(db)
    index.configure(db)
    state.put(db, "fold_version", FOLD_VERSION)
    state.put(db, lexicon.STEMMER, version())
    return done


def _empty(db: sqlite3.Connection) -> None:
    """Drop the index and the lexicon, damaged or not, and begin new ones."""
    for table in ("posts_fts", "revision_fts"):
        (ddl,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        db.execute(f"DROP TABLE {table}")
        db.execute(ddl)
    index.configure(db, _HASH_BYTES)
    db.execute("DELETE FROM lexicon")
    db.execute("DELETE FROM unindexed")
    db.execute("DELETE FROM index_state WHERE name IN ('lexicon', 'revisions')")


def _batches(db: sqlite3.Connection) -> Iterator[Batch]:
    rows = db.execute(f"SELECT {COLUMNS} FROM post ORDER BY sort_key")
    while batch := list(islice(rows, _BATCH)):
        yield batch


def fold_batch(batch: Batch) -> Folded:
    """What the index and the lexicon are given of some posts. Runs in a process of its own."""
    posts = index.in_order(map(IndexRow._make, batch))
    pairs = sorted(lexicon.fresh_pairs(index.words_of(posts), _sent))
    return [post[:3] for post in posts], pairs


Folder = Callable[[Iterator[Batch]], Iterator[Folded]]


@contextmanager
def _folder(posts: int) -> Iterator[Folder]:
    """What folds batches: this process, or another one beside it."""
    _sent.clear()
    if posts < _WORTH_A_PROCESS or (os.cpu_count() or 1) < 2:
        yield lambda batches: map(fold_batch, batches)
        return
    import multiprocessing

    # A new interpreter, not a fork: a copy of open databases is a way to break them.
    with multiprocessing.get_context("spawn").Pool(min(_PROCESSES, os.cpu_count() or 1)) as pool:
        yield lambda batches: _ahead(pool, batches)


def _ahead(pool: Any, batches: Iterator[Batch]) -> Iterator[Folded]:
    """Batches in their order, a few of them being folded while one is stored."""
    waiting: deque[Any] = deque()
    for batch in batches:
        waiting.append(pool.apply_async(fold_batch, (batch,)))
        if len(waiting) >= _AHEAD:
            yield waiting.popleft().get()
    while waiting:
        yield waiting.popleft().get()
