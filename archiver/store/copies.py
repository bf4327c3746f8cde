"""Reads statements and their copies across channels. Plain SQL over a read-only connection."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

from archiver.store.first import First, said_before
from archiver.store.since import since_edit, unsure_since

# Of statements with so many copies the speed says something.
FEWEST_FOR_SPEED = 3

_ORDERS = {
    "copies": "k.copies DESC, k.channels DESC",
    "channels": "k.channels DESC, k.copies DESC",
    "speed": "early DESC, k.copies DESC",
}
_RANKED = """
SELECT * FROM (SELECT k.id, k.canonical, k.posts, k.copies, k.channels, k.first_date, k.last_date,
  max(0, (SELECT count(DISTINCT CASE WHEN q.grouped_id IS NULL THEN q.id
      ELSE q.channel_id || ':' || q.grouped_id END)
    FROM post q WHERE q.cluster_id = k.id AND q.date <= k.first_date + 3600) - 1) AS early,
  c.title, c.username, c.tg_id, p.message_id, p.date, p.text, p.cuts
FROM cluster k JOIN post p ON p.id = k.canonical JOIN channel c ON c.id = p.channel_id
WHERE k.copies >= ? AND (? IS NULL OR k.first_date >= ?) AND (? IS NULL OR k.first_date < ?)
  AND (NOT ? OR EXISTS
    (SELECT 1 FROM post q WHERE q.cluster_id = k.id AND q.channel_id <> p.channel_id))) k
WHERE NOT ? OR early > 0 ORDER BY {order}, k.first_date, k.id LIMIT ?
"""
# These are asked for the few statements that are shown: in the ranking it would be for all of them.
_CHANNELS = "SELECT count(DISTINCT channel_id) FROM post WHERE cluster_id = ?"
# The plus keeps SQLite from walking all posts in the order of sort_key.
_FIRST = """
SELECT q.id, c.title, c.username, c.tg_id FROM post q JOIN channel c ON c.id = q.channel_id
WHERE q.cluster_id = ?1 AND q.date = ?2 ORDER BY +q.sort_key LIMIT 1
"""
# Where nobody posted it then, an edit said it first.
_FIRST_BY_EDIT = _FIRST.replace(
    "q.date = ?2",
    """(q.edited = ?2 OR EXISTS (
  SELECT 1 FROM revision r WHERE r.post_id = q.id AND ?2 IN (r.edited, r.seen)))""",
)
_NAMES = "SELECT id, title, username, tg_id, (SELECT count(*) FROM post WHERE channel_id = c.id)"


class Where(NamedTuple):
    """A channel by its names."""

    title: str
    username: str | None
    tg_id: int | None


class Ranked(NamedTuple):
    """A statement: how often it was repeated, where, and how fast.

    `early`: copies in the first hour; like everywhere, an album is one copy. `title` to `cuts` are
    of the canonical post, `first` is where the statement stood first. `channels` are those of the
    copies, `all_channels` counts that of the first post too. `said_since` tells when an edit made
    the post shown say so, `first_by_edit` whether one made the first post say it; `unsure` is when
    the first was edited, where others had said it by then and nothing earlier of it is archived.
    """

    cluster: int
    post: int
    posts: int
    copies: int
    channels: int
    first_date: int | None
    last_date: int | None
    early: int
    title: str
    username: str | None
    tg_id: int | None
    message_id: int
    date: int | None
    text: str
    cuts: str | None
    first: Where
    all_channels: int
    said_since: int | None
    first_by_edit: bool
    unsure: int | None
    before: First | None = None  # who said it before all posts that say it now


class Named(NamedTuple):
    """A channel and the number of its posts."""

    id: int
    title: str
    username: str | None
    tg_id: int | None
    posts: int


def ranked(
    db: sqlite3.Connection,
    order: str,
    since: int | None,
    until: int | None,
    limit: int,
    *,
    across: bool = False,
) -> list[Ranked]:
    """The statements first made in a period; `order` is "copies", "channels" or "speed".

    `across` leaves out those that one channel alone made. By speed only those with a copy in the
    first hour rank.
    """
    speed = order == "speed"
    fewest = FEWEST_FOR_SPEED if speed else 1
    values = (fewest, since, since, until, until, across, speed, limit)
    rows = db.execute(_RANKED.format(order=_ORDERS[order]), values).fetchall()
    edits = since_edit(db, (row[1] for row in rows))
    before = said_before(db, {row[0]: row[5] for row in rows})
    found = [_told(db, row, edits.get(row[1])) for row in rows]
    return [_since_before(each, before.get(each.cluster)) for each in found]


def _since_before(found: Ranked, first: First | None) -> Ranked:
    """Who said it before all its posts is the first, whether or not one of them was edited."""
    if first is None:
        return found
    where = Where(first.title, first.username, first.tg_id)
    return found._replace(
        first=where, first_date=first.date, first_by_edit=False, unsure=None, before=first
    )


def _told(db: sqlite3.Connection, row: tuple[Any, ...], since: int | None) -> Ranked:
    first, by_edit = _first(db, row)
    post, *where = first or (row[1], *row[8:11])
    unsure = None if by_edit else unsure_since(db, post)
    return Ranked._make((*row, Where(*where), _channels(db, row), since, by_edit, unsure, None))


def _channels(db: sqlite3.Connection, row: tuple[Any, ...]) -> int:
    (channels,) = db.execute(_CHANNELS, row[:1]).fetchone()
    return int(channels)


def _first(db: sqlite3.Connection, row: tuple[Any, ...]) -> tuple[tuple[Any, ...] | None, bool]:
    """The post of a statement that stood first, and whether by an edit; None: the canonical one.

    That may be a later copy.
    """
    cluster, first_date, date = row[0], row[5], row[12]
    if date == first_date:
        return None, False
    if found := db.execute(_FIRST, (cluster, first_date)).fetchone():
        return found, False
    found = db.execute(_FIRST_BY_EDIT, (cluster, first_date)).fetchone()
    return found, found is not None


def named(db: sqlite3.Connection, channels: set[int]) -> dict[int, Named]:
    """These channels, by our key."""
    found = db.execute(f"{_NAMES} FROM channel c")
    return {row[0]: Named(*row) for row in found if row[0] in channels}
