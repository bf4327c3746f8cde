"""Looks into an archive for what cannot be: plain SQL, findings as sentences."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from archiver.model import Post
from archiver.store import checking, rows
from archiver.store.merging import Ranks

_MOST = 10
# What dedup has still to look at may be behind.
_WAITING = """
WITH waiting AS (
  SELECT cluster_id FROM pending JOIN post ON id = post_id WHERE cluster_id IS NOT NULL
  UNION SELECT id FROM cluster k WHERE EXISTS (SELECT 1 FROM pending)
    AND NOT EXISTS (SELECT 1 FROM post WHERE cluster_id = k.id)
)"""
_FEWER = f"""{_WAITING}
SELECT k.id, k.posts, count(p.id), k.canonical, sum(p.id = k.canonical)
FROM cluster k LEFT JOIN post p ON p.cluster_id = k.id WHERE k.id NOT IN waiting
GROUP BY k.id HAVING k.posts <> count(p.id) OR count(p.id) < 2 OR sum(p.id = k.canonical) IS NOT 1
LIMIT ?
"""
# An album counts as one copy, the canonical's unit as none: in which channels the others stand.
# Where a post was edited, it may say what it says since then only.
_CACHE = f"""{_WAITING}, unit AS (
  SELECT DISTINCT cluster_id, channel_id,
    CASE WHEN grouped_id IS NULL THEN id ELSE -1 END AS own, coalesce(grouped_id, 0) AS album
  FROM post WHERE cluster_id IS NOT NULL
), shown AS (
  SELECT k.id, p.channel_id,
    CASE WHEN p.grouped_id IS NULL THEN p.id ELSE -1 END AS own, coalesce(p.grouped_id, 0) AS album
  FROM cluster k JOIN post p ON p.id = k.canonical
), counted AS (
  SELECT u.cluster_id, count(*) AS copies, count(DISTINCT u.channel_id) AS channels
  FROM unit u JOIN shown s ON s.id = u.cluster_id
  WHERE (u.channel_id, u.own, u.album) IS NOT (s.channel_id, s.own, s.album)
  GROUP BY u.cluster_id
), dated AS (
  SELECT cluster_id, min(date) AS first, max(date) AS last, max(coalesce(edited, date)) AS edit
  FROM post WHERE cluster_id IS NOT NULL GROUP BY cluster_id
), edited AS (
  SELECT p.cluster_id FROM revision r JOIN post p ON p.id = r.post_id WHERE p.cluster_id IS NOT NULL
)
SELECT k.id FROM cluster k JOIN dated d ON d.cluster_id = k.id
LEFT JOIN counted c ON c.cluster_id = k.id
WHERE k.id NOT IN waiting AND (
  k.copies <> coalesce(c.copies, 0) OR k.channels <> coalesce(c.channels, 0)
  OR k.first_date < d.first OR k.last_date < d.last OR k.last_date > d.edit
  OR (k.first_date IS NOT d.first OR k.last_date IS NOT d.last) AND k.id NOT IN edited)
ORDER BY k.id LIMIT ?
"""
_LOST = """
SELECT p.id, p.cluster_id FROM post p LEFT JOIN cluster k ON k.id = p.cluster_id
WHERE p.cluster_id IS NOT NULL AND k.id IS NULL LIMIT ?
"""
_VERDICTS = """
SELECT v.id, p.id IS NULL OR (v.kind = 'same') <> (o.id IS NOT NULL), v.kind, v.post_id, v.other_id
FROM verdict v LEFT JOIN post p ON p.id = v.post_id LEFT JOIN post o ON o.id = v.other_id
WHERE v.withdrawn IS NULL AND (p.id IS NULL OR (v.kind = 'same') <> (o.id IS NOT NULL) OR (
  p.id NOT IN (SELECT post_id FROM pending)
  AND coalesce(o.id, 0) NOT IN (SELECT post_id FROM pending)
  AND CASE v.kind WHEN 'same' THEN p.cluster_id IS NULL OR p.cluster_id IS NOT o.cluster_id
    ELSE p.cluster_id IS NOT NULL END))
ORDER BY v.id LIMIT ?
"""
_CUTS = "SELECT id, length(text), cuts FROM post WHERE cuts IS NOT NULL"
_RAW = """
SELECT post_id, tl FROM raw_post WHERE layer = ? ORDER BY random() LIMIT ?
"""
_OLD_RAW = """
SELECT id, post_id, text, entities, raw FROM revision
WHERE raw_layer = ? AND raw IS NOT NULL ORDER BY random() LIMIT ?
"""


def clusters(db: sqlite3.Connection) -> Iterator[str]:
    """What is wrong with statements and what is kept of them."""
    for found, told, count, canonical, shown in db.execute(_FEWER, (_MOST,)):
        if count < 2:
            yield f"statement {found} is kept as one of several posts, but has {count}"
        elif told != count:
            yield f"statement {found} is said to have {told} posts, and has {count}"
        elif shown != 1:
            yield f"statement {found} shows post #{canonical}, which is none of its posts"
    for (found,) in db.execute(_CACHE, (_MOST,)):
        yield f"what is kept of statement {found} (copies, channels, dates) is not what it holds"
    for post_id, cluster in db.execute(_LOST, (_MOST,)):
        yield f"post #{post_id} belongs to statement {cluster}, which is not there"


def verdicts(db: sqlite3.Connection) -> Iterator[str]:
    """What persons said of posts that are not there, or that statements do not follow."""
    for found, lost, kind, post, other in db.execute(_VERDICTS, (_MOST,)):
        if lost:
            yield f"verdict {found} speaks of a post that is not there"
        elif kind == "same":
            yield f"posts #{post} and #{other} are one by verdict {found}, and are kept as two"
        else:
            yield f"post #{post} stands alone by verdict {found}, and is kept in a statement"


def cuts(db: sqlite3.Connection) -> Iterator[str]:
    """Hidden spans that do not lie in their text, or overlap."""
    for post_id, size, stored in db.execute(_CUTS):
        if not _is_sound(stored, size):
            yield f"what is hidden of post #{post_id} does not lie in its text"


def _is_sound(stored: str, size: int) -> bool:
    try:
        at = 0
        for start, end, _ in sorted(json.loads(stored)):
            if not at <= start < end <= size:
                return False
            at = end
    except (ValueError, TypeError):
        return False
    return True


def full_text(db: sqlite3.Connection, sample: int) -> Iterator[str]:
    """What is wrong with the search index; on a writable connection, which is not changed."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield from checking.check(db, sample)
    finally:
        db.execute("ROLLBACK")


class Sent(NamedTuple):
    """A post, or an earlier version of it, beside the bytes Telegram sent (None: damaged)."""

    post_id: int
    version: int | None
    raw: bytes | None
    post: Post
    ranks: Ranks


def sent(db: sqlite3.Connection, layer: int, sample: int) -> Iterator[Sent]:
    """Some of the posts and versions whose bytes of this layer are kept."""
    for post_id, stored in db.execute(_RAW, (layer, sample)).fetchall():
        post, ranks = _current(db, post_id)
        yield Sent(post_id, None, _unpacked(stored), post, ranks)
    for found in db.execute(_OLD_RAW, (layer, sample)).fetchall():
        number, post_id, text, entities, stored = found
        post = Post(0, text, entities=tuple(rows.load(entities) or ()))
        yield Sent(post_id, number, _unpacked(stored), post, Ranks(0))


def _current(db: sqlite3.Connection, post_id: int) -> tuple[Post, Ranks]:
    names = ", ".join(rows.COLUMNS)
    found = db.execute(f"SELECT {names} FROM post WHERE id = ?", (post_id,)).fetchone()
    row = dict(zip(rows.COLUMNS, found, strict=True))
    return rows.to_post(row), rows.to_ranks(row)


def _unpacked(stored: bytes) -> bytes | None:
    try:
        return zlib.decompress(stored)
    except zlib.error:
        return None
