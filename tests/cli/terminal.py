"""A person at a terminal: the real program on a pseudo-terminal, read and answered."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The terminal has to be the controlling one: Ctrl-C comes from there, and passwords go there.
LAUNCH = """
import fcntl, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from archiver.cli import main
main()
"""
PATIENCE = 20.0  # seconds for the program to say what is waited for
CTRL_C = "\x03"


class Terminal:
    """Standard input and error are the terminal; standard output is a pipe."""

    def __init__(self, process: subprocess.Popen[bytes], line: int) -> None:
        self.process, self._line = process, line
        self.seen = ""
        self._read_to = 0

    def expect(self, pattern: str) -> str:
        """Wait until the program has said this; what was said up to there since the last time."""
        end = time.monotonic() + PATIENCE
        while not (found := re.compile(pattern).search(self.seen, self._read_to)):
            if not self._more(end):
                raise AssertionError(f"{pattern!r} was never said, but {self.seen!r}")
        told = self.seen[self._read_to : found.end()]
        self._read_to = found.end()
        return told

    def type(self, text: str, *, enter: bool = True) -> None:
        """What a person types."""
        os.write(self._line, (text + ("\r" if enter else "")).encode())

    def interrupt(self) -> None:
        """Ctrl-C, and again as a person would if nothing comes of it.

        readline may miss a signal in the instant before it waits for a key.
        """
        for _ in range(5):
            self.type(CTRL_C, enter=False)
            end = time.monotonic() + 3
            while self._more(end):
                pass
            if self.process.poll() is not None:
                return

    def finish(self) -> tuple[int, str]:
        """Wait for the end: exit code and standard output."""
        end = time.monotonic() + PATIENCE
        while self._more(end):
            pass
        out, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out.decode()

    def _more(self, end: float) -> bool:
        """Read on; False at the end of the program or of our patience."""
        ready, _, _ = select.select([self._line], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            return False
        try:
            data = os.read(self._line, 65536)
        except OSError:  # EIO: nobody has the other end open any more
            return False
        self.seen += data.decode(errors="replace").replace("\r\n", "\n")
        return bool(data)


@contextmanager
def terminal(
    *arguments: str, cwd: Path, env: dict[str, str] | None = None, columns: int = 100
) -> Iterator[Terminal]:
    """`with terminal("login") as t: t.expect("Phone"); t.type("+1555")`"""
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, columns))
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    process = subprocess.Popen(
        [sys.executable, "-c", LAUNCH, *arguments],
        stdin=slave,
        stderr=slave,
        stdout=subprocess.PIPE,
        cwd=cwd,
        env=environ,
        start_new_session=True,
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        process.kill()
        process.communicate()
        os.close(master)
