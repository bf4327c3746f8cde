"""Who said a statement before all posts that say it now: in an earlier version, or by a header.

The same that `spread` tells of the first one (`provenance.traced`), for those who show many
statements at once. Plain SQL, read only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from archiver.store.connection import rows_of
from archiver.store.past import key_of, past

VERSION, HEADER = "earlier-version", "forward-header"

# Origins that are no posts of the statement. Where a header has no date the forward's counts.
_HEADERS = """
SELECT coalesce(p.cluster_id, -p.id), coalesce(p.fwd_date, p.date), p.fwd_channel, p.fwd_message,
  coalesce(nullif(f.title, ''), p.fwd_name, ''), coalesce(f.username, p.fwd_username),
  coalesce(f.tg_id, p.fwd_peer), o.id
FROM post p LEFT JOIN channel f ON f.id = p.fwd_channel
LEFT JOIN post o ON o.channel_id = p.fwd_channel AND o.message_id = p.fwd_message
WHERE p.{column} IN ({marks}) AND p.fwd_kind IS NOT NULL AND coalesce(p.fwd_imported, 0) = 0
  AND (o.id IS NULL
    OR (o.id <> p.id AND (o.cluster_id IS NULL OR o.cluster_id IS NOT p.cluster_id)))
"""


class First(NamedTuple):
    """Who said it then: `by` an earlier version, `until` an edit, or by the header of a forward.

    `post` is the post that stands there, if it is archived.
    """

    date: int
    title: str
    username: str | None
    tg_id: int | None
    by: str
    until: int | None = None
    post: int | None = None
    message_id: int | None = None


def said_before(db: sqlite3.Connection, dates: Mapping[int, int | None]) -> dict[int, First]:
    """Of these statements (`past.key_of`) those that somebody said before the date given."""
    once = past(db, dates.keys())
    found = {}
    for key, each in once.items():
        if _is_before(each[0].since, dates[key], tie=False):
            found[key] = First(
                each[0].since, *each[0][4:7], VERSION, each[0].until, each[0].post,
                each[0].message_id,
            )  # fmt: skip
    places = {(key, said.channel_id, said.message_id) for key in once for said in once[key]}
    for key, date, channel, message, title, username, tg_id, post in _headers(db, dates):
        if (key, channel, message) in places or not (channel or title or username or tg_id):
            continue
        known = found[key].date if key in found else dates[key]
        if date is not None and _is_before(date, known, tie=key not in found):
            found[key] = First(date, title, username, tg_id, HEADER, None, post, message)
    return found


def of_post(db: sqlite3.Connection, post_id: int, date: int | None) -> First | None:
    """The same of the statement of one post."""
    [(cluster,)] = db.execute("SELECT cluster_id FROM post WHERE id = ?", (post_id,))
    key = key_of(post_id, cluster)
    return said_before(db, {key: date}).get(key)


def _is_before(date: int, other: int | None, *, tie: bool) -> bool:
    return other is None or date < other or (tie and date == other)


def _headers(
    db: sqlite3.Connection, dates: Mapping[int, int | None]
) -> list[tuple[int, int | None, int | None, int | None, str, str | None, int | None, int | None]]:
    clusters = sorted(key for key in dates if key > 0)
    alone = sorted(-key for key in dates if key < 0)
    rows = [
        *rows_of(db, _HEADERS.format(column="cluster_id", marks="{marks}"), clusters),
        *rows_of(db, _HEADERS.format(column="id", marks="{marks}"), alone),
    ]
    return sorted(rows, key=lambda row: (row[1] is None, row[1] or 0, row[2] or 0, row[3] or 0))
