"""What stands around a post: its neighbours in the channel, and the thread it belongs to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

# A thread of a channel is short; this is where a mistake in the data ends.
_LONGEST = 200


class Neighbour(NamedTuple):
    """A post shown beside another one."""

    post_id: int
    username: str | None
    tg_id: int | None
    message_id: int
    date: int | None
    text: str
    media_kind: str | None
    deleted: bool


_COLUMNS = (
    "p.id, c.username, c.tg_id, p.message_id, p.date, p.text, p.media_kind,"
    " p.deleted_at IS NOT NULL"
)
_FROM = f"SELECT {_COLUMNS} FROM post p JOIN channel c ON c.id = p.channel_id"


def context(
    db: sqlite3.Connection, post_id: int, count: int
) -> tuple[list[Neighbour], list[Neighbour]]:
    """Up to `count` posts before and after one in its channel, in their order."""
    channel, message, key = db.execute(
        "SELECT channel_id, message_id, sort_key FROM post WHERE id = ?", (post_id,)
    ).fetchone()
    # Telegram's numbers are in the order of posting; those made up for a dump say nothing.
    column, place = ("p.message_id", message) if message > 0 else ("p.sort_key", key)
    real = "p.message_id > 0" if message > 0 else "p.message_id < 0"
    where = f"{_FROM} WHERE p.channel_id = ? AND {real} AND p.kind <> 1 AND {column}"
    before = db.execute(f"{where} < ? ORDER BY {column} DESC LIMIT ?", (channel, place, count))
    after = db.execute(f"{where} > ? ORDER BY {column} LIMIT ?", (channel, place, count))
    return _read(reversed(before.fetchall())), _read(after)


def _read(rows: Iterable[tuple[object, ...]]) -> list[Neighbour]:
    return [Neighbour(*row)._replace(deleted=bool(row[7])) for row in rows]  # type: ignore[arg-type]


def thread(db: sqlite3.Connection, post_id: int) -> tuple[list[Neighbour], list[Neighbour]]:
    """The posts that one answers, the first at the beginning, and all that answer it."""
    above: list[int] = []
    post = _parent(db, post_id)
    while post is not None and post not in above and len(above) < _LONGEST:
        above.append(post)
        post = _parent(db, post)
    below: list[int] = []
    waiting = [post_id]
    while waiting and len(below) < _LONGEST:
        answers = [each for each in _answers(db, waiting.pop(0)) if each not in below]
        below += answers
        waiting += answers
    return _posts(db, above[::-1]), _posts(db, sorted(below, key=lambda each: _when(db, each)))


def _parent(db: sqlite3.Connection, post_id: int) -> int | None:
    row = db.execute(
        "SELECT up.id FROM post p LEFT JOIN channel other ON other.tg_id = p.reply_to_peer"
        " JOIN post up ON up.channel_id ="
        " CASE WHEN p.reply_to_peer IS NULL THEN p.channel_id ELSE other.id END"
        " AND up.message_id = p.reply_to WHERE p.id = ?",
        (post_id,),
    ).fetchone()
    return None if row is None else int(row[0])


def _answers(db: sqlite3.Connection, post_id: int) -> list[int]:
    rows = db.execute(
        "SELECT a.id FROM post p JOIN channel c ON c.id = p.channel_id"
        " JOIN post a ON a.channel_id = p.channel_id AND a.reply_to = p.message_id"
        " AND (a.reply_to_peer IS NULL OR a.reply_to_peer = c.tg_id)"
        " WHERE p.id = ? ORDER BY a.message_id LIMIT ?",
        (post_id, _LONGEST),
    )
    return [key for (key,) in rows]


def _when(db: sqlite3.Connection, post_id: int) -> tuple[int, int]:
    key, message = db.execute(
        "SELECT sort_key, message_id FROM post WHERE id = ?", (post_id,)
    ).fetchone()
    return key, message


def _posts(db: sqlite3.Connection, ids: Iterable[int]) -> list[Neighbour]:
    return _read(db.execute(f"{_FROM} WHERE p.id = ?", (key,)).fetchone() for key in ids)
