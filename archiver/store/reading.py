"""Opens an archive for reading only, fast and without SQLAlchemy, or says why it cannot."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from archiver.errors import StoreError
from archiver.store.version import APPLICATION_ID, HEAD
from archiver.text.fold import FOLD_VERSION

_PLAIN = ("PRAGMA busy_timeout=10000",)
_PRAGMAS = (
    *_PLAIN,
    "PRAGMA query_only=ON",
    "PRAGMA cache_size=-16384",
    "PRAGMA mmap_size=4294967296",
)


def open_reading(path: Path, *, writing: bool = False) -> sqlite3.Connection:
    """A read-only connection to the archive at `path`; `writing` is for saved searches alone.

    Raises StoreError when there is none, it is something else, damaged or of another version.
    """
    if path.is_dir():
        raise StoreError(f"{path} is a folder; name the archive's file inside it.")
    if not path.exists() or path.stat().st_size == 0:
        raise StoreError(
            f"no archive at {path} yet; `archiver import FILE` or `archiver channels"
            " add @name` makes one, or name another with --db."
        )
    try:
        db = _opened(path, _PLAIN, "mode=rw") if writing else _connect(path)
    except sqlite3.Error as error:
        raise StoreError(_told(path, error)) from error
    try:
        _accept(db, path)
    except sqlite3.Error as error:
        db.close()
        raise StoreError(_told(path, error)) from error
    except StoreError:
        db.close()
        raise
    return db


def _connect(path: Path) -> sqlite3.Connection:
    """Open and read once; a read-only disk has no room for SQLite's shared memory file."""
    try:
        return _opened(path, _PRAGMAS, "mode=ro")
    except sqlite3.OperationalError as error:
        name = getattr(error, "sqlite_errorname", "")
        if not name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
            raise
        return _opened(path, _PRAGMAS, "mode=ro&immutable=1")


def _uri(path: Path) -> str:
    """The path as an URI; without the 4 ms that pathlib takes to import what it quotes with."""
    text = str(path)
    if not text.isascii():
        return path.as_uri()
    for char in "%?#":
        text = text.replace(char, f"%{ord(char):02x}")
    return f"file:{text}"


def _opened(path: Path, pragmas: tuple[str, ...], how: str) -> sqlite3.Connection:
    # as_uri quotes ?, # and % in names.
    db = sqlite3.connect(f"{_uri(path.absolute())}?{how}", uri=True)
    try:
        db.isolation_level = None
        for pragma in pragmas:
            db.execute(pragma)
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        db.close()
        raise
    return db


def _accept(db: sqlite3.Connection, path: Path) -> None:
    """Refuse what is not an archive of this version."""
    (application,) = db.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID or not _has_table(db, "alembic_version"):
        raise StoreError(f"{path} is a database of another program, not an archive.")
    row = db.execute("SELECT version_num FROM alembic_version").fetchone()
    revision = str(row[0]) if row else "none"
    if revision > HEAD:
        raise StoreError(
            f"{path} was made by a newer version of archiver (schema {revision}, this program"
            f" knows up to {HEAD}); install that version to use it."
        )
    if revision != HEAD:
        raise StoreError(
            f"{path} was made by an older version of archiver (schema {revision}); any command"
            " that writes, such as `archiver dedup`, brings it up to date."
        )
    _accept_index(db, path)


def _accept_index(db: sqlite3.Connection, path: Path) -> None:
    row = db.execute("SELECT value FROM index_state WHERE name = 'fold_version'").fetchone()
    if row is not None and row[0] > FOLD_VERSION:
        raise StoreError(
            f"the search index of {path} was made by a newer version of archiver; install that"
            " version to use it."
        )
    if row is not None and row[0] != FOLD_VERSION:
        raise StoreError(
            f"the search index of {path} was made by an older version of archiver; any command"
            " that writes, such as `archiver dedup`, makes it anew."
        )


def _has_table(db: sqlite3.Connection, name: str) -> bool:
    sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return db.execute(sql, (name,)).fetchone() is not None


def _told(path: Path, error: sqlite3.Error) -> str:
    """One sentence about what SQLite says."""
    name = getattr(error, "sqlite_errorname", None) or ""
    if name.startswith("SQLITE_NOTADB"):
        return f"{path} is not an archive, nor any SQLite database."
    if name.startswith("SQLITE_CORRUPT"):
        return f"{path} is damaged ({error}); restore a backup."
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"{path} is in use by another program; try again later."
    return f"{path} cannot be read: {error}."
