"""How many processors this program may use."""

from __future__ import annotations

import os


def processors() -> int:
    """Those it was given: of 32 in a machine a container or `taskset` may leave one."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
