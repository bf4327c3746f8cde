"""Puts the posts that wait into the search index; of many, another process finds the words.

Finding the words of a post, its filters and the stems of words never seen takes longer than FTS5
takes to store them: a third of a long sync. What the other process has made is used for a post
only where its row still is what was sent, so an edit in between costs nothing but another turn.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import select
import signal
import sqlite3
import sys
import time
from collections.abc import Sequence
from typing import IO, Any, BinaryIO, NamedTuple

from archiver.store import index, lexicon
from archiver.store.meta import IndexRow

# Posts of a run before another process is worth its start (0.1 s) and its memory (60 MB).
WORTH = 2_000
# Pairs that wait before the lexicon gets them, of 8,000 posts or more.
_AT_ONCE = 100_000
# Seconds after which it gets fewer, too: a sync that Telegram slows down takes hours.
_SETTLED_WITHIN = 60.0
# What the other process remembers of the words it gave: 16 MB.
_SLOTS = 1 << 21
# Seconds after which a process that does not answer is given up; a turn takes it 0.2.
_PATIENCE = 60.0


class Folded(NamedTuple):
    """What the index and the lexicon are given of some posts."""

    posts: list[tuple[int, str, str]]
    pairs: list[lexicon.Pair]


class Indexer:
    """What a run puts into the index, a turn after another. Belongs to one Store.

    What another process knows of the lexicon holds as long as all it said was written: after a
    rollback it has to be forgotten.
    """

    def __init__(self) -> None:
        self._seen = 0
        self._settled = 0.0
        self._begun: dict[int, IndexRow] = {}
        self._helper: Helper | None = None

    def take_turn(self, db: sqlite3.Connection, new: int) -> None:
        """Index what waits, or have its words found until the next turn; `new` came since then."""
        self._seen += new
        if self._helper is None and self._seen >= WORTH and (os.cpu_count() or 1) > 1:
            self._helper = Helper()
        self._write(db)
        if self._helper is None or not self._begin(db, self._helper):
            index.add_waiting(db)

    def finish(self, db: sqlite3.Connection) -> None:
        """Index everything that waits: the end of a run."""
        self._write(db)
        index.add_waiting(db)
        lexicon.settle(db)

    def forget(self) -> None:
        """End the other process, if there is one; what it was at still waits in the archive."""
        self._begun = {}
        if self._helper is not None:
            self._helper.close()
            self._helper = None

    def _begin(self, db: sqlite3.Connection, helper: Helper) -> bool:
        """Have the words found of what waits; False where nobody is there to do it."""
        rows = index.next_waiting(db)
        if rows and not helper.begin(rows):
            self._give_up()
            return False
        self._begun = {row.sort_key: row for row in rows}
        return True

    def _give_up(self) -> None:
        """The other process was killed or is stuck; a later turn tries another one."""
        self.forget()
        self._seen = 0

    def _write(self, db: sqlite3.Connection) -> None:
        """Store what the other process found; without its answer the posts go on waiting."""
        begun, self._begun = self._begun, {}
        if not begun or self._helper is None:
            return
        folded = self._helper.answer()
        if folded is None:
            self._give_up()
            return
        now = index.still_waiting(db, begun)
        same = [post for post in folded.posts if now.get(post[0]) == begun[post[0]]]
        index.put(db, same, folded.pairs)
        self._settle(db)

    def _settle(self, db: sqlite3.Connection) -> None:
        """Give the lexicon what waits for it, seldom."""
        now = time.monotonic()
        if lexicon.unsettled(db) >= _AT_ONCE or now - self._settled >= _SETTLED_WITHIN:
            lexicon.settle(db)
            self._settled = now


class Helper:
    """The other process. It gets rows and gives back words; it never opens the archive.

    A program of its own (not multiprocessing, which runs the caller's main module once more), that
    talks by pickles through its standard input and output.
    """

    def __init__(self) -> None:
        import subprocess

        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def begin(self, rows: Sequence[IndexRow]) -> bool:
        """Send rows; False where nobody takes them any more."""
        assert self._process.stdin is not None
        try:
            send(self._process.stdin, [tuple(row) for row in rows])
        except OSError:
            return False
        return True

    def answer(self) -> Folded | None:
        """What was made of the rows sent last; None where no answer will come."""
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], _PATIENCE)[0]:
            return None
        try:
            return Folded(*pickle.load(self._process.stdout))
        except (OSError, EOFError, pickle.UnpicklingError):
            return None

    def close(self) -> None:
        """End the process, at work or not."""
        self._process.kill()
        with contextlib.suppress(OSError):  # it may have ended with something left to read
            self._process.communicate()


def work(rows: BinaryIO, words: BinaryIO) -> None:
    """The life of the other process: rows in, words out, until the pipe closes.

    It ends with the one that started it, however that ended; Ctrl-C is for that one alone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # nothing here is cyclic
    known = lexicon.Known(_SLOTS)
    # Truncated: killed while it sent.
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            send(words, tuple(fold(list(map(IndexRow._make, pickle.load(rows))), known)))


def send(pipe: IO[bytes], what: Any) -> None:
    """Write one pickle."""
    pickle.dump(what, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def fold(rows: Sequence[IndexRow], known: lexicon.Known) -> Folded:
    """The words and filters of posts, and the pairs of stem and form that are not `known`."""
    posts = index.in_order(rows)
    pairs = sorted(lexicon.fresh_pairs(index.words_of(posts), known))
    return Folded([post[:3] for post in posts], pairs)


if __name__ == "__main__":
    work(sys.stdin.buffer, sys.stdout.buffer)
