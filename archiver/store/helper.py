"""Another process of this program that works on one portion of rows at a time.

It is a program of its own (not multiprocessing, which runs the caller's main module once more) that
talks by pickles through its standard input and output; it never opens the archive.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import IO, Any

# Seconds after which a process that does not answer is given up; a turn takes it 0.2 to 3.
PATIENCE = 60.0
# The C library is to ask for large pages: looking for words all over 100 MB takes a tenth less.
# Others than glibc pass over it.
_LARGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


class Helper:
    """The other process, a `program` with what it is given: it answers before it gets more."""

    def __init__(self, program: str, *given: str, patience: float | None = None) -> None:
        self._patience = PATIENCE if patience is None else patience
        self._process = subprocess.Popen(
            [sys.executable, "-m", program, *given],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_LARGE_PAGES | os.environ,
        )

    def begin(self, rows: Sequence[tuple[Any, ...]]) -> bool:
        """Send rows; False where nobody takes them any more."""
        assert self._process.stdin is not None
        try:
            # A plain tuple takes half of what a named one takes, and a rebuild has plain ones.
            _send(self._process.stdin, list(map(tuple, rows)))
        except OSError:
            return False
        return True

    def answer(self) -> Any:
        """What was made of the rows sent last; None where no answer will come."""
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], self._patience)[0]:
            return None
        try:
            return pickle.load(self._process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            return None

    def close(self) -> None:
        """End the process, at work or not."""
        self._process.kill()
        with contextlib.suppress(OSError):  # it may have ended with something left to read
            self._process.communicate()


def work(answer: Callable[[list[tuple[Any, ...]]], Any]) -> None:
    """The life of the other process: rows in, answers out, until the pipe closes.

    It ends with the one that started it, however that ended; Ctrl-C is for that one alone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # nothing here is cyclic
    # Truncated: killed while it sent.
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            _send(sys.stdout.buffer, answer(pickle.load(sys.stdin.buffer)))


def _send(pipe: IO[bytes], what: Any) -> None:
    pickle.dump(what, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()
