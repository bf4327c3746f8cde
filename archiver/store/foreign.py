"""Another archive, opened read-only, of this schema or an older one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archiver.damage import DAMAGE, LONGEST_CELL
from archiver.errors import InputError, StoreError
from archiver.model import Channel
from archiver.store import migrate, rows

PORTION = 2_000
_VERDICT = ("kind", "said", "channel_id", "message_id", "other_channel_id", "other_message")
_VERDICTS = """
SELECT v.kind, v.said, p.channel_id, p.message_id, o.channel_id, o.message_id
FROM verdict v JOIN post p ON p.id = v.post_id LEFT JOIN post o ON o.id = v.other_id
WHERE v.withdrawn IS NULL ORDER BY v.id
"""
_CHARACTERS = 8_000_000
_ALL = ("id", "channel_id", "deleted_at", "deleted_evidence", *rows.COLUMNS)

_NEEDED = {"id", "channel_id", "message_id", "text", "digest"}

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
        except DAMAGE as error:
            raise InputError(f"{path} is damaged: {error}.") from error
        finally:
            db.close()

    def channels(self) -> dict[int, Channel]:
        """All channels, by the key they have there."""
        query = "SELECT id, title, username, tg_id, kind FROM channel"
        return {
            key: Channel(title, username, tg_id, kind)
            for key, title, username, tg_id, kind in self._db.execute(query)
            if _all(str, title, kind) and _all(str | None, username) and _all(int | None, tg_id)
        }

    def names(self) -> list[Row]:
        """Titles, @names and aliases with the times they were seen."""
        return self._rows("channel_name", ("channel_id", "kind", "name", "first_seen", "last_seen"))

    def posts(self) -> Iterator[list[Row]]:
        """The posts in portions, by the key they have there."""
        there = self._columns("post")
        if not there >= _NEEDED:
            raise InputError(f"the other archive is damaged: post lacks {min(_NEEDED - there)}.")
        columns = [name for name in _ALL if name in there]
        query = f"SELECT {', '.join(columns)} FROM post WHERE id > ? ORDER BY id LIMIT {PORTION}"
        last = -1
        while found := self._portion(query, last, columns.index("text")):
            if not last < found[-1][0]:  # a damaged tree may lead in a circle
                raise InputError("the other archive is damaged: its posts are in no order.")
            last = found[-1][0]
            nothing = dict.fromkeys(_ALL)
            yield [nothing | dict(zip(columns, values, strict=True)) for values in found]

    def _portion(self, query: str, last: int, text: int) -> list[tuple[Any, ...]]:
        """Fewer where they are long: a hostile file could have gigabytes in 2,000 rows."""
        found, size = [], 0
        for row in self._db.execute(query, (last,)):
            found.append(row)
            size += len(str(row[text]))
            if size > _CHARACTERS:
                break
        return found

    def of_posts(self, table: str, columns: Sequence[str], ids: Sequence[int]) -> list[Row]:
        """The rows of a table that hang on posts."""
        marks = ",".join("?" * len(ids))
        return self._rows(table, columns, f"WHERE post_id IN ({marks})", ids)

    def verdicts(self) -> list[Row]:
        """What persons said and did not take back, in that order, with the posts it is of."""
        if not self._columns("verdict"):
            return []
        return [dict(zip(_VERDICT, row, strict=True)) for row in self._db.execute(_VERDICTS)]

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
        db.text_factory = lambda data: data.decode("utf-8", "replace")
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_CELL)
        try:
            for pragma in ("trusted_schema=OFF", "query_only=ON", "busy_timeout=10000"):
                db.execute(f"PRAGMA {pragma}")
            db.execute("SELECT count(*) FROM channel").fetchone()
        except sqlite3.OperationalError:
            db.close()
        except DAMAGE as error:
            db.close()
            raise InputError(f"{path} is damaged: {error}.") from error
        else:
            return db
    raise InputError(f"{path} cannot be opened for reading.")


def _all(kind: Any, *values: object) -> bool:
    return all(isinstance(value, kind) for value in values)
