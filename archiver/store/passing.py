"""The archive as a pass of dedup needs it: held for writing, through the driver alone.

A `Store` can all of this too, and saves posts. With SQLAlchemy and what is built on it, it takes
0.3 s to import: a fifth of a night of 1,000 posts in 300,000.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archiver.locks import Lock
from archiver.store import opening
from archiver.store.held import Held, opened
from archiver.store.indexing import Indexer


class PassStore(Held):
    """An open archive that this process alone may write. Use `PassStore.open` in a `with`."""

    def __init__(self, path: Path, db: sqlite3.Connection, lock: Lock) -> None:
        super().__init__(path, lock)
        self._db = db

    @classmethod
    def open(cls, path: Path, *, said: str = "") -> PassStore:
        """Lock, migrate and open the archive at `path`; `said` tells others what for.

        Raises what `held.opened` raises.
        """

        def make(lock: Lock) -> PassStore:
            store = cls(path, sqlite3.connect(path), lock)
            store._prepare()
            return store

        return opened(path, make, said=said)

    def _prepare(self) -> None:
        try:
            opening.set_up(self._db)
            with self.transaction() as db:
                opening.put_right(db, Indexer())
        except BaseException:
            self._db.close()
            raise

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
