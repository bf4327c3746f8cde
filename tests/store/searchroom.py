"""A small archive with the verbs of its domain, for tests of index and search."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from archiver.store import index, members
from archiver.store.hits import Hit
from archiver.store.reading import open_reading
from archiver.store.schema import FTS_DDL, MEMBER_FTS_DDL, REVISION_FTS_DDL, metadata
from archiver.store.search import count, search
from archiver.store.version import APPLICATION_ID, HEAD
from archiver.text.query import parse

T = TypeVar("T")

EPOCH = 1_356_998_400
NOW = int(datetime(2024, 6, 15, 12, tzinfo=UTC).timestamp())


def day(text: str) -> int:
    """Unix seconds of an ISO date or time in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@cache
def _empty_archive() -> bytes:
    """The bytes of an archive without posts; made once, since the tables take half a second."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    with engine.connect() as connection:
        db = connection.connection.driver_connection
        assert isinstance(db, sqlite3.Connection)
        db.isolation_level = None
        db.execute(FTS_DDL)
        db.execute(MEMBER_FTS_DDL)
        db.execute(REVISION_FTS_DDL)
        db.execute("CREATE TABLE alembic_version (version_num TEXT)")
        db.execute("INSERT INTO alembic_version VALUES (?)", (HEAD,))
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute("INSERT INTO run(id, command, started) VALUES (1, 'test', 0)")
        index.ensure_current(db)
        empty = db.serialize()
    engine.dispose()
    return empty


class Room:
    """An archive file that a test fills post by post."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(_empty_archive())
        self.db = sqlite3.connect(path, isolation_level=None)
        self.keys: set[int] = set()
        self.posts = 0

    def close(self) -> None:
        self.db.close()

    def channel(self, key: int, username: str, title: str = "", tg_id: int | None = None) -> None:
        self.db.execute(
            "INSERT INTO channel(id, username, username_key, title, title_key, tg_id, added)"
            " VALUES (?, ?, ?, ?, ?, ?, 0)",
            (key, username, username.casefold(), title, title.casefold(), tg_id),
        )

    def post(
        self, text: str, *, channel: int = 1, date: str | None = "2024-05-01", **more: Any
    ) -> int:
        """Add and index a post; its id."""
        if self.db.execute("SELECT 1 FROM channel WHERE id = ?", (channel,)).fetchone() is None:
            self.channel(channel, f"channel{channel}", f"Channel {channel}")
        self.posts += 1
        moment = None if date is None else day(date)
        values = {
            "channel_id": channel,
            "message_id": self.posts,
            "sort_key": more.pop("sort_key", None) or self.key(moment),
            "date": moment,
            "text": text,
            "digest": 0,
            "src_text": 2,
            "added_run": 1,
        } | more
        if isinstance(values.get("cuts"), list):
            values["cuts"] = json.dumps(values["cuts"])
        marks = ",".join("?" * len(values))
        cursor = self.db.execute(
            f"INSERT INTO post({','.join(values)}) VALUES ({marks})", tuple(values.values())
        )
        assert cursor.lastrowid is not None
        index.add(self.db, [self.row(cursor.lastrowid)])
        return cursor.lastrowid

    def key(self, moment: int | None) -> int:
        key = -(1 << 62) if moment is None else ((moment - EPOCH) // 60) << 6
        while key in self.keys:
            key += 1
        self.keys.add(key)
        return key

    def row(self, post: int) -> index.IndexRow:
        sql = f"SELECT {index.COLUMNS} FROM post WHERE id = ?"
        return index.IndexRow._make(self.db.execute(sql, (post,)).fetchone())

    def change(self, post: int, **values: Any) -> None:
        """Change a post's row and its place in the index."""
        before = self.row(post)
        sets = ",".join(f"{name} = ?" for name in values)
        self.db.execute(f"UPDATE post SET {sets} WHERE id = ?", (*values.values(), post))
        index.change(self.db, before, self.row(post))

    def cluster(self, canonical: int, *copies: int, waits: bool = False) -> int:
        """Make posts one statement; they may go on waiting for the index of members."""
        marks = ",".join("?" * (len(copies) + 1))
        cursor = self.db.execute(
            "INSERT INTO cluster(canonical, posts, copies, channels, first_date)"
            " SELECT ?, count(*), count(*) - 1, count(DISTINCT channel_id), min(date)"
            f" FROM post WHERE id IN ({marks})",
            (canonical, canonical, *copies),
        )
        self.db.execute(
            f"UPDATE post SET cluster_id = ? WHERE id IN ({marks})",
            (cursor.lastrowid, canonical, *copies),
        )
        assert cursor.lastrowid is not None
        members.note(self.db, (canonical, *copies))
        while not waits and index.add_members(self.db):
            pass
        return cursor.lastrowid

    def hits(self, text: str, *, limit: int | None = 20, every: bool = False) -> list[Hit]:
        return self._read(lambda db: search(db, parse(text, now=NOW), limit=limit, every=every))

    def found(self, text: str, **how: Any) -> list[int]:
        """The posts shown for a search text, in order."""
        return [hit.post_id for hit in self.hits(text, **how)]

    def count(self, text: str, *, every: bool = False) -> int:
        return self._read(lambda db: count(db, parse(text, now=NOW), every=every))

    def _read(self, ask: Callable[[sqlite3.Connection], T]) -> T:
        db = open_reading(self.path)
        try:
            return ask(db)
        finally:
            db.close()
