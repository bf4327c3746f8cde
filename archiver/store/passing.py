"""The archive as a pass of dedup needs it: held for writing, through the driver alone.

A `Store` can all of this too, and saves posts. With SQLAlchemy and what is built on it, it takes
0.3 s to import: a fifth of a night of 1,000 posts in 300,000.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from archiver.locks import Lock, hold
from archiver.store import migrate, opening, runs
from archiver.store.indexing import Indexer


class PassStore:
    """An open archive that this process alone may write. Use `PassStore.open` in a `with`."""

    def __init__(self, path: Path, db: sqlite3.Connection, lock: Lock) -> None:
        self.path = path
        self._db = db
        self._lock = lock

    @classmethod
    def open(cls, path: Path, *, said: str = "") -> PassStore:
        """Lock, migrate and open the archive at `path`; `said` tells others what for.

        Raises what `Store.open` raises.
        """
        opening.check_place(path, create=False)
        lock = hold(path, said)
        try:
            with opening.translated(path):
                migrate.bring_to_head(path)
                store = cls(path, sqlite3.connect(path), lock)
                store._prepare()
        except BaseException:
            lock.release()
            raise
        return store

    def _prepare(self) -> None:
        try:
            opening.set_up(self._db)
            with self.transaction() as db:
                opening.put_right(db, Indexer())
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> PassStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and let others write."""
        self._db.close()
        self._lock.release()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing."""
        with opening.translated(self.path):
            self._db.execute(opening.BEGIN)
            try:
                yield self._db
                self._db.commit()
            except BaseException:
                self._db.rollback()
                raise

    def start_run(self, command: str, now: int) -> int:
        """Note that a command began; its id goes with all it writes."""
        with self.transaction() as db:
            return runs.start(db, command, now)

    def finish_run(self, run_id: int, now: int, outcome: str, counts: dict[str, Any]) -> None:
        """Note how it ended: done, incomplete or failed."""
        with self.transaction() as db:
            runs.finish(db, run_id, now, outcome, counts)
