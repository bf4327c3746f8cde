"""Opens an archive for writing: may this place be written, what is set, what is put right first."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from archiver.errors import StoreError
from archiver.store import index
from archiver.store.indexing import Indexer

_PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA busy_timeout=10000",
    "PRAGMA temp_store=MEMORY",
    # 8,000 pages of 8 KiB: bulk inserts write each page once instead of ten times.
    "PRAGMA wal_autocheckpoint=8000",
    "PRAGMA cache_size=-16384",
    # Debian's SQLite writes zeros over all that is freed, which FTS5 does with every merge: half
    # of the writing. What has to be gone for good is wiped by `forget`.
    "PRAGMA secure_delete=OFF",
)
BEGIN = "BEGIN IMMEDIATE"

_SAID = {
    "SQLITE_FULL": "the disk is full; nothing of the last batch was kept. Free some space and"
    " run the command again, it goes on where it stopped",
    "SQLITE_BUSY": "another program is using the archive; close it and try again",
    "SQLITE_LOCKED": "another program is using the archive; close it and try again",
    "SQLITE_READONLY": "the archive cannot be written: read-only file, folder or disk",
    "SQLITE_CANTOPEN": "the archive cannot be opened; check the path and its permissions",
    "SQLITE_IOERR": "the disk failed while reading or writing; check it, and the free space",
    "SQLITE_CORRUPT": "the archive is damaged; restore a backup",
    "SQLITE_NOTADB": "this is not an archive, nor any SQLite database",
}


def check_place(path: Path, *, create: bool) -> None:
    """Refuse, as a StoreError, a place where no archive is to be written."""
    if path.is_dir():
        raise StoreError(f"{path} is a folder; name the archive's file inside it.")
    if not path.exists():
        if not create:
            raise StoreError(
                f"no archive at {path} yet; `archiver import FILE` or `archiver channels"
                " add @name` makes one, or name another with --db."
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot make the folder {path.parent}: {error.strerror}.") from error
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise StoreError(f"{path} cannot be written: read-only file, folder or disk.")


def set_up(connection: sqlite3.Connection) -> None:
    """What a connection that writes is like; transactions are begun by hand."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    # An archive keeps it; one that came out of a backup by hand does not have it.
    with suppress(sqlite3.OperationalError):  # somebody reads: next time, then
        connection.execute("PRAGMA journal_mode=WAL")


def put_right(db: sqlite3.Connection, indexer: Indexer) -> None:
    """What an older program, or a run that was killed, left to be done."""
    index.ensure_current(db)
    indexer.finish(db)  # what a sync that was killed left
    # The same of a dedup pass. Of more, as after an upgrade, the next pass does the rest: it shows
    # how far it is, and counting is right meanwhile.
    index.add_members(db)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """SQLite's errors as ours, in words; programming errors pass as they are."""
    try:
        yield
    except Exception as error:
        cause = getattr(error, "orig", error)  # where SQLAlchemy keeps the driver's
        name = getattr(cause, "sqlite_errorname", None) or ""
        if isinstance(cause, sqlite3.DatabaseError):
            for prefix, said in _SAID.items():
                if name.startswith(prefix):
                    raise StoreError(f"{path}: {said}.") from error
        raise
