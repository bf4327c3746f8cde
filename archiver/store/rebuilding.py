"""Makes the whole index anew from the stored posts; other processes fold while this one stores.

Folding and stemming take twice as long as FTS5 does.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from archiver.cores import processors
from archiver.store import index, lexicon, state
from archiver.store.members import Filling
from archiver.store.meta import COLUMNS
from archiver.store.words import SHARED, SLOTS, Folded, Helper, fold
from archiver.text.fold import FOLD_VERSION
from archiver.text.stem import version

_BATCH = 5_000
_HASH_BYTES = 128 << 20  # half as many segments to merge at the end: 8 us a post instead of 11
# Pairs that wait for the lexicon, 40 MB: FTS5 writes what it has collected before they go there.
_SETTLED = 1_000_000
_PROCESSES = 2
_WORTH_A_PROCESS = 10_000  # posts; starting one takes 0.1 s


Batch = list[tuple[Any, ...]]


def rebuild(db: sqlite3.Connection, progress: Callable[[int], None] | None = None) -> int:
    """Make index and lexicon anew; `progress` gets the posts done so far. How many there were."""
    _empty(db)
    members = Filling(db)
    done = 0
    (posts,) = db.execute("SELECT count(*) FROM post").fetchone()
    with index.bulk(db), _folder(posts) as fold:
        for rows, pairs in fold(_batches(db)):
            db.executemany(index.ADD, rows)
            members.add(rows)
            lexicon.put_soon(db, pairs)
            lexicon.settle(db, _SETTLED)
            done += len(rows)
            if progress is not None:
                progress(done)
    members.finish()
    lexicon.settle(db)
    index.add_revisions(db)
    index.optimize(db)
    lexicon.take_from_index(db)
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
    db.execute("DELETE FROM fresh_word")
    db.execute("DELETE FROM unindexed")
    db.execute("DELETE FROM index_state WHERE name IN ('lexicon', 'revisions')")


def _batches(db: sqlite3.Connection) -> Iterator[Batch]:
    rows = db.execute(f"SELECT {COLUMNS} FROM post ORDER BY sort_key")
    while batch := list(islice(rows, _BATCH)):
        yield batch


Folder = Callable[[Iterator[Batch]], Iterator[Folded]]


@contextmanager
def _folder(posts: int) -> Iterator[Folder]:
    """What folds batches: this process, or others beside it."""
    known = lexicon.Known(SLOTS)

    def alone(batch: Batch) -> Folded:
        return fold(batch, known, SHARED)

    if posts < _WORTH_A_PROCESS or processors() < 2:
        yield lambda batches: map(alone, batches)
        return
    helpers = [Helper(SHARED) for _ in range(_PROCESSES)]
    try:
        yield lambda batches: _ahead(helpers, alone, batches)
    finally:
        for each in helpers:
            each.close()


def _ahead(
    helpers: list[Helper], alone: Callable[[Batch], Folded], batches: Iterator[Batch]
) -> Iterator[Folded]:
    """Batches in their order, as many being folded while one is stored as there are helpers.

    A batch that gets no answer is folded here.
    """
    idle, busy = deque(helpers), deque[tuple[Helper, Batch]]()
    for batch in batches:
        if not idle:
            helper, sent = busy.popleft()
            yield helper.answer() or alone(sent)
            idle.append(helper)
        helper = idle.popleft()
        helper.begin(batch)
        busy.append((helper, batch))
    for helper, sent in busy:
        yield helper.answer() or alone(sent)
