"""One run at a time: a lock file beside what is guarded, whose text says who holds it.

A lock is the kernel's: it ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import os
from pathlib import Path

from filelock import FileLock, Timeout

from archiver.errors import Locked, StoreError

Lock = FileLock


def hold(path: Path, said: str = "") -> Lock:
    """Hold `<path>.lock` until it is released; take it before `path` is opened.

    `said` tells others what we do ("sync since 2025-03-01 10:03Z"). Raises Locked, naming the
    process that holds it, and StoreError where nothing can be written.
    """
    place = path.with_name(path.name + ".lock")
    lock = FileLock(place, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise Locked(
            f"another run holds {path}{_holder(place)}; wait for it, or stop it and try again."
        ) from None
    except OSError as error:
        raise StoreError(f"cannot write beside {path}: {error.strerror}.") from error
    place.write_text(f"process {os.getpid()}{', ' if said else ''}{said}", encoding="utf-8")
    return lock


def holder(path: Path) -> str | None:
    """Who holds `path` now, in the words of its lock file; None where nobody does."""
    place = path.with_name(path.name + ".lock")
    if not place.exists():
        return None
    try:
        hold(path).release()
    except Locked:
        return _text(place) or "a process that did not say which"
    except StoreError:
        return None
    return None


def _holder(place: Path) -> str:
    text = _text(place)
    return f" ({text})" if text else ""


def _text(place: Path) -> str:
    try:
        return place.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
