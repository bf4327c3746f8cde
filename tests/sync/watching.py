"""What a run leaves behind, seen from outside: whole tables, and the statements it wrote with."""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from archiver.store.store import Store
from tests.server import Channel
from tests.syncroom import SyncRoom

# What a quiet night must not touch.
KEPT = ("post", "raw_post", "revision", "metric", "coverage", "event", "pending")
_WRITES = re.compile(
    r"\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.I
)


class Cut(BaseException):
    """The process is gone."""


def tables(room: SyncRoom, *names: str) -> dict[str, list[tuple[Any, ...]]]:
    """Whole tables, row by row."""
    chosen = names or KEPT
    return {name: sorted(room.rows(f"SELECT * FROM {name}"), key=repr) for name in chosen}


class Pen:
    """Notes which tables a run writes to: `await room.sync(on_store=pen)`."""

    def __init__(self) -> None:
        self.written: Counter[str] = Counter()

    def __call__(self, store: Store) -> None:
        """Watch every statement from now on."""
        driver_of(store).set_trace_callback(self._note)

    def _note(self, statement: str) -> None:
        if found := _WRITES.match(statement):
            self.written[found[1]] += 1


def driver_of(store: Store) -> sqlite3.Connection:
    """SQLite's own connection."""
    with store.transaction() as conn:
        raw = conn.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def cut_at_commit(number: int) -> Callable[[Store], None]:
    """The process is gone when it is about to commit its transaction of that number."""

    def watch(store: Store) -> None:
        with store.transaction() as conn:
            engine = conn.engine
        left = number

        def committing(_conn: Any) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise Cut

        event.listen(engine, "commit", committing)

    return watch


def cut_after_page(number: int) -> Callable[[Any], None]:
    """The process is gone right after its page of that number was saved."""
    left = number

    def paged(_channel: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Cut

    return paged


def asked(room: SyncRoom) -> dict[str, int]:
    """What the server was asked for since the last time, by method; connecting is left out."""
    tally = room.server.calls.tally()
    room.server.calls.clear()
    told = {name.removesuffix("Request"): count for name, count in tally.items()}
    return {name: n for name, n in told.items() if name not in ("GetConfig", "GetUsers")}


def offsets(room: SyncRoom, channel: Channel) -> list[int]:
    """Below which ids pages of a channel were asked for, in this order."""
    requests = room.server.calls.of("messages.GetHistory")
    return [each.offset_id for each in requests if each.peer.channel_id == channel.id]


def covers_no_more_than_it_has(room: SyncRoom, channel: Channel) -> bool:
    """Every id that is held to be known and has a post is archived."""
    has = room.archived(channel).keys() | room.archived(channel, deleted=True).keys()
    spans = room.covered(channel)
    return all(
        number in has
        for number in room.on_server(channel)
        if any(lo <= number <= hi for lo, hi in spans)
    )


def raw(room: SyncRoom, channel: Channel) -> dict[int, bytes]:
    """The bytes that were kept of each post, as Telegram sent them."""
    rows = room.rows(
        "SELECT message_id, tl FROM raw_post JOIN post ON post.id = post_id"
        " JOIN channel c ON c.id = channel_id WHERE c.tg_id = ?",
        tg_id(channel),
    )
    return {number: zlib.decompress(data) for number, data in rows}


def one_post(room: SyncRoom, channel: Channel, number: int, *columns: str) -> tuple[Any, ...]:
    """Columns of one post."""
    [row] = room.rows(
        f"SELECT {', '.join('p.' + each for each in columns)} FROM post p"
        " JOIN channel c ON c.id = p.channel_id WHERE c.tg_id = ? AND p.message_id = ?",
        tg_id(channel),
        number,
    )
    return row


def versions(room: SyncRoom, channel: Channel, number: int) -> list[str]:
    """The earlier wordings of a post."""
    rows = room.rows(
        "SELECT r.text FROM revision r JOIN post p ON p.id = r.post_id"
        " JOIN channel c ON c.id = p.channel_id WHERE c.tg_id = ? AND p.message_id = ?"
        " ORDER BY r.id",
        tg_id(channel),
        number,
    )
    return [text for (text,) in rows]


def metrics(room: SyncRoom, channel: Channel, number: int) -> list[tuple[Any, ...]]:
    """The counters of a post over time: views, reactions."""
    return room.rows(
        "SELECT m.views, m.reactions FROM metric m JOIN post p ON p.id = m.post_id"
        " JOIN channel c ON c.id = p.channel_id WHERE c.tg_id = ? AND p.message_id = ?"
        " ORDER BY m.seen",
        tg_id(channel),
        number,
    )


def tg_id(channel: Channel) -> int:
    """How the archive calls a channel of the world."""
    return -1_000_000_000_000 - channel.id


@contextmanager
def cut() -> Iterator[None]:
    """The run inside is cut off; it must not end by itself."""
    try:
        yield
    except Cut:
        return
    raise AssertionError("the run came to its end")
