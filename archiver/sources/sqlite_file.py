"""Another program's SQLite file, read-only: never written, never trusted."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from archiver.damage import DAMAGE, LONGEST_CELL
from archiver.errors import InputError
from archiver.sources.encoding import CHUNK

MAGIC = b"SQLite format 3\0"
_APPLICATION_AT = 68


def application_of(head: bytes) -> int | None:
    """The application id in the header of a SQLite file; None where it is none."""
    if not head.startswith(MAGIC) or len(head) < 100:
        return None
    return int.from_bytes(head[_APPLICATION_AT : _APPLICATION_AT + 4], "big")


@contextmanager
def opened(file: IO[bytes]) -> Iterator[sqlite3.Connection]:
    """A connection that can only read. InputError for a file that is damaged or no database."""
    with _on_disk(file) as path:
        connection = _connect(path)
        try:
            yield connection
        except DAMAGE as error:
            raise InputError(f"{path} cannot be read as a database: {error}") from error
        finally:
            connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    """Read-only; where not even a lock can be made beside the file, it is taken not to change."""
    for mode in ("mode=ro", "immutable=1"):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)
        try:
            for pragma in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON"):
                connection.execute(f"PRAGMA {pragma}")
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_CELL)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            connection.close()
        except DAMAGE as error:
            connection.close()
            raise InputError(f"{path} cannot be read as a database: {error}") from error
        else:
            return connection
    raise InputError(f"{path} cannot be opened as a database")


@contextmanager
def _on_disk(file: IO[bytes]) -> Iterator[Path]:
    """SQLite wants a path: the file's own, else a copy that is removed."""
    name = getattr(file, "name", None)
    if isinstance(name, str | os.PathLike) and Path(name).is_file():
        yield Path(name)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "copy.sqlite")
        with path.open("wb") as copy:
            while piece := file.read(CHUNK):
                copy.write(piece)
        yield path


def columns_of(connection: sqlite3.Connection, table: str) -> set[str]:
    """The columns of a plain table; none where it is missing, a view or computed by a program."""
    found = connection.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    if found is None or "VIRTUAL" in str(found[0]).upper()[:40]:
        return set()
    return {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')}
