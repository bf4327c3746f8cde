"""The words, filters and stems of posts, found in this process or in another one beside it.

That takes longer than FTS5 takes to store them. The other process is a program of its own (not
multiprocessing, which runs the caller's main module once more) that talks by pickles through its
standard input and output; it never opens the archive.
"""

from __future__ import annotations

import contextlib
import gc
import pickle
import select
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from typing import IO, Any, BinaryIO, NamedTuple

from archiver.store import index, lexicon
from archiver.store.meta import IndexRow

# What a process remembers of the words it gave: 8 MB.
SLOTS = 1 << 20
# Whose stems are asked for: of all words, or of those that are read by the language of their posts.
ALL, SHARED = "all", "shared"
# Seconds after which a process that does not answer is given up; a turn takes it 0.2 to 1.
PATIENCE = 60.0


class Folded(NamedTuple):
    """What the index and the lexicon are given of some posts."""

    posts: list[index.Ready]
    pairs: list[lexicon.Pair]


class Helper:
    """The other process, with one portion of posts at a time: it answers before it gets more."""

    def __init__(self, of: str = ALL) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, of], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def begin(self, rows: Sequence[tuple[Any, ...]]) -> bool:
        """Send rows; False where nobody takes them any more."""
        assert self._process.stdin is not None
        try:
            # A plain tuple takes half of what a named one takes, and a rebuild has plain ones.
            send(self._process.stdin, list(map(tuple, rows)))
        except OSError:
            return False
        return True

    def answer(self) -> Folded | None:
        """What was made of the rows sent last; None where no answer will come."""
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], PATIENCE)[0]:
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


def work(rows: BinaryIO, words: BinaryIO, of: str) -> None:
    """The life of the other process: rows in, words out, until the pipe closes.

    It ends with the one that started it, however that ended; Ctrl-C is for that one alone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # nothing here is cyclic
    known = lexicon.Known(SLOTS)
    # Truncated: killed while it sent.
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            send(words, tuple(fold(pickle.load(rows), known, of)))


def send(pipe: IO[bytes], what: Any) -> None:
    """Write one pickle."""
    pickle.dump(what, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def fold(rows: Iterable[tuple[Any, ...]], known: lexicon.Known, of: str = ALL) -> Folded:
    """The words and filters of posts, and the pairs of stem and form that are not `known`."""
    words = index.Words() if of == ALL else index.Shared()
    posts = index.in_order(map(IndexRow._make, rows), words)
    return Folded(posts, list(lexicon.fresh_pairs(words, known)))


if __name__ == "__main__":
    work(sys.stdin.buffer, sys.stdout.buffer, sys.argv[1])
