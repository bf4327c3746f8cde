"""An archive that this process alone may write: locked, opened, its runs noted, closed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from archiver.locks import Lock, hold
from archiver.store import migrate, opening, runs
from archiver.store.connection import Connection


class Held(ABC):
    """What holds an archive for writing. Use it in a `with`."""

    def __init__(self, path: Path, lock: Lock) -> None:
        self.path = path
        self._lock = lock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Close the file and let others write."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[Connection]:
        """One transaction: all of it or nothing."""

    def start_run(self, command: str, now: int) -> int:
        """Note that a command began; its id goes with all it writes."""
        with self.transaction() as conn:
            return runs.start(conn, command, now)

    def finish_run(self, run_id: int, now: int, outcome: str, counts: dict[str, Any]) -> None:
        """Note how it ended: done, incomplete or failed."""
        with self.transaction() as conn:
            runs.finish(conn, run_id, now, outcome, counts)


Opened = TypeVar("Opened", bound=Held)


def opened(
    path: Path, make: Callable[[Lock], Opened], *, create: bool = False, said: str = ""
) -> Opened:
    """Lock and migrate the archive at `path`, and `make` what holds it.

    Raises StoreError (missing and not `create`, not an archive, from the future, read-only)
    and Locked when another run holds it.
    """
    opening.check_place(path, create=create)
    lock = hold(path, said)
    try:
        with opening.translated(path):
            migrate.bring_to_head(path)
            return make(lock)
    except BaseException:
        lock.release()
        raise
