"""What this process and those it started have used; a sync and an import have a second one."""

from __future__ import annotations

import os
import resource
from contextlib import suppress
from pathlib import Path

_SELF, _ENDED = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN


def cpu() -> float:
    """Seconds of processor time, of this process and of those of its children that ended."""
    spent = [resource.getrusage(who) for who in (_SELF, _ENDED)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def peak() -> float:
    """The most memory of this process in MB.

    The children's cannot be told from it: Linux counts what a child was before it became another
    program. The one that finds words has 62 MB (VmHWM in /proc).
    """
    return resource.getrusage(_SELF).ru_maxrss / 1024


def now() -> float:
    """Memory in MB, of this process and of those it started; what two of them share counts once.

    Linux' proportional set size, from /proc/PID/smaps_rollup.
    """
    own = os.getpid()
    children = Path(f"/proc/self/task/{own}/children").read_text().split()
    return sum(map(_share, [own, *map(int, children)]))


def _share(process: int) -> float:
    with suppress(OSError):  # it has ended
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
