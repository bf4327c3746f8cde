"""One run at a time: who holds a lock is named, and a process that dies lets go."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archiver.errors import Locked, StoreError
from archiver.locks import hold, holder

HOLD = """
import sys
from pathlib import Path
from archiver.locks import hold
lock = hold(Path(sys.argv[1]), "sync since 2025-03-01 10:03Z")
print("held", flush=True)
sys.stdin.read()
"""


def other(path: Path) -> subprocess.Popen[bytes]:
    """Another process that holds the lock until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_lock_is_held_once_and_again_after_its_release(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    lock = hold(path)
    with pytest.raises(Locked, match=f"process {os.getpid()}"):
        hold(path)
    lock.release()
    hold(path).release()
    assert not path.exists()


def test_the_holder_is_named_with_what_it_does(tmp_path: Path) -> None:
    path = tmp_path / "a.session"
    with other(path) as process:
        wanted = f"process {process.pid}, sync since 2025-03-01 10:03Z"
        with pytest.raises(Locked, match=wanted):
            hold(path)
        assert holder(path) == wanted
        process.communicate()
    assert holder(path) is None


def test_a_killed_process_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "a.session"
    with other(path) as process:
        process.kill()
        process.communicate()
    assert holder(path) is None
    hold(path).release()


def test_nobody_holds_what_was_never_held(tmp_path: Path) -> None:
    assert holder(tmp_path / "a") is None
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot write"):
        hold(tmp_path / "file" / "a")
