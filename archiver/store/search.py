"""Search: a query tree -> statements, newest first. Plain sqlite3, so that it starts fast.

The index is walked backwards in time and the walk ends with the last statement asked for; members
of a cluster already met are passed over, so a statement stands where its newest matching live
post stands. What is shown of it is its canonical post.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from archiver.errors import StoreError
from archiver.store.match import Match, match
from archiver.store.state import max_overflow
from archiver.text.cuts import Cut
from archiver.text.query import Query
from archiver.text.snippet import Marks

_EPOCH = 1_356_998_400  # 2013-01-01T00:00Z: sort_key is minutes since then << 6 | slot
_SLOT_BITS = 6
_UNDATED_END = -(1 << 61)
_KEY_END = (1 << 63) - 1
_AT_ONCE = 500


# Without slots, which would double the 1 ms that making such a class takes at start-up.
@dataclass(frozen=True)
class Hit:
    """A statement found: the post shown for it, what is known of its copies, what to mark.

    `matched` and `matched_date` are of the newest member that the query found; the post shown is
    the canonical one. `copies` counts the cluster without the canonical, `channels` where those
    copies stand; `first_...` is the earliest post of the cluster.
    """

    post_id: int
    channel_id: int
    channel: str
    username: str | None
    tg_id: int | None
    message_id: int
    date: int | None
    text: str
    cuts: tuple[Cut, ...]
    edited: int | None
    deleted: bool
    media_kind: str | None
    matched: int
    matched_date: int | None
    cluster_id: int | None
    copies: int
    channels: int
    first_channel: str
    first_username: str | None
    first_date: int | None
    marks: Marks


# As SQLite gives it: thousands may be passed over for one that becomes a _Found.
_Row = tuple[int, int | None, int | None]


_First = tuple[str, str | None]
_Firsts = dict[int, _First | None]


class _Found(NamedTuple):
    post_id: int
    cluster_id: int | None
    date: int | None


def search(
    db: sqlite3.Connection, query: Query, *, limit: int | None = 20, every: bool = False
) -> list[Hit]:
    """The newest statements that a query finds; `every` lists each post instead.

    Raises QueryError for a channel the archive does not know, StoreError if it is damaged.
    """
    with _translated():
        wanted = match(db, query)
        found = _found(db, query, wanted)
        rows = islice(found if every else _statements(found), limit)
        picked = list(map(_Found._make, rows))
        # Inside a minute keys follow the order of arrival, and a full minute overflows.
        picked.sort(key=lambda post: (post.date is not None, post.date or 0), reverse=True)
        return list(_hits(db, picked, wanted.marks, every=every))


def count(db: sqlite3.Connection, query: Query, *, every: bool = False) -> int:
    """How many statements (`every`: posts) a query finds. Raises as `search` does."""
    with _translated():
        wanted = match(db, query)
        if every and wanted.wanted and query.since is None and query.until is None:
            sql = "SELECT count(*) FROM posts_fts WHERE posts_fts MATCH ?"
            return int(db.execute(sql, (wanted.wanted,)).fetchone()[0])
        what = "post.id" if every else "coalesce(post.cluster_id, -post.id)"
        source, values = _source(db, query, wanted)
        sql = f"SELECT count(DISTINCT {what}) {source}"
        return int(db.execute(sql, values).fetchone()[0])


def keys(db: sqlite3.Connection, query: Query) -> list[int]:
    """The sort keys of every post a query finds, oldest first. Raises as `search` does."""
    with _translated():
        source, values = _source(db, query, match(db, query))
        return sorted(key for (key,) in db.execute(f"SELECT post.sort_key {source}", values))


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"the archive cannot be read ({error}); try again, and if it says so again, restore"
            " a backup."
        ) from error


def _found(db: sqlite3.Connection, query: Query, wanted: Match) -> Iterator[_Row]:
    """The posts that a query finds, newest first, as SQLite finds them."""
    source, values = _source(db, query, wanted)
    order = "posts_fts.rowid" if wanted.wanted else "post.sort_key"
    sql = f"SELECT post.id, post.cluster_id, post.date {source} ORDER BY {order} DESC"
    return db.execute(sql, values)


def _source(db: sqlite3.Connection, query: Query, wanted: Match) -> tuple[str, list[Any]]:
    """FROM and WHERE of a query, and the values for them."""
    low, high = _key_range(db, query)
    key = "posts_fts.rowid" if wanted.wanted else "post.sort_key"
    conditions = ["post.deleted_at IS NULL", "post.kind <> 1"]
    values: list[Any] = []
    if wanted.wanted:
        # CROSS JOIN keeps the index outside: it comes in the order that is wanted.
        source = "FROM posts_fts CROSS JOIN post ON post.sort_key = posts_fts.rowid"
        conditions.insert(0, "posts_fts MATCH ?")
        values.append(wanted.wanted)
    else:
        source = "FROM post"
    for condition, value in _bounds(key, low, high, query):
        conditions.append(condition)
        values.append(value)
    if wanted.unwanted:
        conditions.append(
            "post.sort_key NOT IN"
            " (SELECT rowid FROM posts_fts WHERE posts_fts MATCH ? AND rowid >= ? AND rowid < ?)"
        )
        values += [wanted.unwanted, low, high]
    return f"{source} WHERE {' AND '.join(conditions)}", values


def _bounds(key: str, low: int, high: int, query: Query) -> Iterator[tuple[str, int]]:
    """The date filter: a range of keys that is a little too wide, and the dates themselves."""
    if query.since is None and query.until is None:
        return
    yield f"{key} >= ?", low
    yield f"{key} < ?", high
    if query.since is not None:
        yield "post.date >= ?", query.since
    if query.until is not None:
        yield "post.date < ?", query.until


def _key_range(db: sqlite3.Connection, query: Query) -> tuple[int, int]:
    """Keys that posts of the wanted dates may have; undated posts are in none."""
    low, high = _UNDATED_END, _KEY_END
    if query.since is not None:
        low = ((query.since - _EPOCH) // 60) << _SLOT_BITS
    if query.until is not None:
        # A post of a full minute went on to a later one.
        minute = (query.until - 1 - _EPOCH) // 60 + max_overflow(db) + 1
        high = minute << _SLOT_BITS
    return low, high


def _statements(found: Iterable[_Row]) -> Iterator[_Row]:
    """The first of every cluster, and the posts that are statements of their own."""
    seen: set[int] = set()
    for row in found:
        cluster = row[1]
        if cluster is None:
            yield row
        elif cluster not in seen:
            seen.add(cluster)
            yield row


_SHOWN = """
SELECT asked.id, post.id, post.channel_id, channel.title, channel.username, channel.tg_id,
  post.message_id, post.date, post.text, post.cuts, post.edited, post.deleted_at, post.media_kind,
  cluster.id, cluster.copies, cluster.channels, cluster.first_date
FROM post AS asked
LEFT JOIN cluster ON cluster.id = asked.cluster_id
JOIN post ON post.id = {shown}
JOIN channel ON channel.id = post.channel_id
WHERE asked.id IN ({marks})
"""
_CANONICAL = "coalesce((SELECT id FROM post AS c WHERE c.id = cluster.canonical), asked.id)"


def _hits(
    db: sqlite3.Connection, picked: Sequence[_Found], marks: Marks, *, every: bool
) -> Iterator[Hit]:
    """What is shown of the posts picked, in their order."""
    shown = "asked.id" if every else _CANONICAL
    firsts: _Firsts = {}
    for at in range(0, len(picked), _AT_ONCE):
        some = picked[at : at + _AT_ONCE]
        sql = _SHOWN.format(shown=shown, marks=",".join("?" * len(some)))
        rows = {row[0]: row[1:] for row in db.execute(sql, [post.post_id for post in some])}
        for post in some:
            row = rows[post.post_id]
            yield _hit(post, row, _first(db, row, firsts), marks)


def _hit(post: _Found, row: tuple[Any, ...], first: _First, marks: Marks) -> Hit:
    post_id, channel_id, title, username, tg_id, message_id, date, text = row[:8]
    cuts, edited, deleted_at, media_kind, cluster_id, copies, channels, first_date = row[8:]
    return Hit(
        post_id=post_id,
        channel_id=channel_id,
        channel=title,
        username=username,
        tg_id=tg_id,
        message_id=message_id,
        date=date,
        text=text,
        cuts=tuple(Cut(*cut) for cut in json.loads(cuts)) if cuts else (),
        edited=edited,
        deleted=deleted_at is not None,
        media_kind=media_kind,
        matched=post.post_id,
        matched_date=post.date,
        cluster_id=cluster_id,
        copies=copies or 0,
        channels=channels or 1,
        first_channel=first[0],
        first_username=first[1],
        first_date=date if cluster_id is None else first_date,
        marks=marks,
    )


def _first(db: sqlite3.Connection, row: tuple[Any, ...], known: _Firsts) -> _First:
    """Title and @name of the channel that said it first; asked only where another post is shown."""
    shown, date, cluster, first_date = row[2:4], row[6], row[12], row[15]
    if cluster is None or first_date == date:
        return shown
    if cluster not in known:
        # The plus keeps SQLite from walking all posts in the order of sort_key.
        known[cluster] = db.execute(
            "SELECT channel.title, channel.username FROM post"
            " JOIN channel ON channel.id = post.channel_id"
            " WHERE post.cluster_id = ? AND post.date = ? ORDER BY +post.sort_key LIMIT 1",
            (cluster, first_date),
        ).fetchone()
    return known[cluster] or shown
