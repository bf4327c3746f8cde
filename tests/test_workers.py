"""The processes that help with texts end with the one that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PATIENCE = 20.0

PARENT = """
import multiprocessing, time
from archiver import workers

if __name__ == "__main__":
    with workers.front(2, workers.WORTH) as front:
        front.tell([], {})()
        pool = front._pool
        [pool.submit(time.sleep, 0.2) for _ in range(4)]
        print(*(each.pid for each in multiprocessing.active_children()), flush=True)
        time.sleep(60)
"""


def test_a_pass_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        helpers = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(helpers) == 2
        assert all(map(alive, helpers))
        parent.send_signal(signal.SIGKILL)
    until = time.monotonic() + PATIENCE
    while any(map(alive, helpers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(alive, helpers))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
