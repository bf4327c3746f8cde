"""Another archive, opened read-only, of this schema or an older one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archiver.errors import InputError, StoreError
from archiver.model import Channel
from archiver.store import migrate, rows

PORTION = 2_000
_ALL = ("id", "channel_id", "deleted_at", "deleted_evidence", *rows.COLUMNS)

Row = dict[str, Any]


class Foreign:
    """What another archive holds. Columns and tables that its schema lacks are empty."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Foreign]:
        """InputError for a file that is no archive, damaged, or newer than this program."""
        _check(path)
        db = _connect(path)
        try:
            db.execute("BEGIN")  # one moment of the file, whoever writes to it
            yield cls(db)
        except sqlite3.DatabaseError as error:
            raise InputError(f"{path} is damaged: {error}.") from error
        finally:
            db.close()

    def channels(self) -> dict[int, Channel]:
        """All channels, by the key they have there."""
        query = "SELECT id, title, username, tg_id, kind FROM channel"
        return {row[0]: Channel(*row[1:]) for row in self._db.execute(query)}

    def names(self) -> list[Row]:
        """Titles, @names and aliases with the times they were seen."""
        return self._rows("channel_name", ("channel_id", "kind", "name", "first_seen", "last_seen"))

    def posts(self) -> Iterator[list[Row]]:
        """The posts in portions, by the key they have there."""
        there = self._columns("post")
        columns = [name for name in _ALL if name in there]
        query = f"SELECT {', '.join(columns)} FROM post WHERE id > ? ORDER BY id LIMIT {PORTION}"
        last = -1
        while found := self._db.execute(query, (last,)).fetchall():
            last = found[-1][0]
            nothing = dict.fromkeys(_ALL)
            yield [nothing | dict(zip(columns, values, strict=True)) for values in found]

    def of_posts(self, table: str, columns: Sequence[str], ids: Sequence[int]) -> list[Row]:
        """The rows of a table that hang on posts."""
        marks = ",".join("?" * len(ids))
        return self._rows(table, columns, f"WHERE post_id IN ({marks})", ids)

    def coverage(self) -> list[Row]:
        """The intervals that are known whole."""
        return self._rows("coverage", ("channel_id", "lo", "hi"))

    def subscribed(self) -> int:
        """How many channels are synced there."""
        return len(self._rows("channel_sync", ("channel_id",), "WHERE wanted = 1"))

    def _rows(
        self, table: str, columns: Sequence[str], where: str = "", values: Sequence[Any] = ()
    ) -> list[Row]:
        there = self._columns(table)
        wanted = [name for name in columns if name in there]
        if not wanted:
            return []
        found = self._db.execute(f"SELECT {', '.join(wanted)} FROM {table} {where}", values)
        nothing = dict.fromkeys(columns)
        return [nothing | dict(zip(wanted, row, strict=True)) for row in found]

    def _columns(self, table: str) -> set[str]:
        return {row[1] for row in self._db.execute(f"PRAGMA table_info({table})")}


def _check(path: Path) -> None:
    try:
        revision = migrate.current_revision(path)
    except StoreError as error:
        raise InputError(str(error)) from error
    if revision is None:
        raise InputError(f"{path} is an empty archive.")
    if not migrate.is_known(revision):
        raise InputError(
            f"{path} was made by a newer version of archiver (schema {revision}); import it there."
        )


def _connect(path: Path) -> sqlite3.Connection:
    """Read-only; on a medium where no lock can be made the file is taken not to change."""
    for mode in ("mode=ro", "immutable=1"):
        db = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None)
        try:
            for pragma in ("trusted_schema=OFF", "query_only=ON", "busy_timeout=10000"):
                db.execute(f"PRAGMA {pragma}")
            db.execute("SELECT count(*) FROM channel").fetchone()
        except sqlite3.OperationalError:
            db.close()
        else:
            return db
    raise InputError(f"{path} cannot be opened for reading.")
