"""Reads what dedup decided: a post's kin. Plain SQL over a read-only connection."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, NamedTuple

from archiver.text.cuts import Cut, apply_cuts, read_cuts

_MEMBERS = """
SELECT p.id, p.channel_id, c.title, c.username, c.tg_id, p.message_id, p.date, p.deleted_at,
  p.id = k.canonical, p.reason, p.score, p.via_post, p.date - k.first_date
FROM post own JOIN cluster k ON k.id = own.cluster_id
JOIN post p ON p.cluster_id = k.id JOIN channel c ON c.id = p.channel_id
WHERE own.id = ? ORDER BY p.date IS NULL, p.date, p.channel_id, p.message_id
"""

# Links are between bodies; the statement is that of the body or of the one that leads it, and the
# post to name is the one that is shown for it.
_RELATED = """
WITH mine(body) AS (
  SELECT p.body_id FROM post own JOIN post p ON p.id = own.id OR p.cluster_id = own.cluster_id
  WHERE own.id = ?1 AND p.body_id IS NOT NULL),
pairs(other, relation, score) AS (
  SELECT l.other,
    CASE l.relation WHEN 'contains' THEN 'inside' WHEN 'inside' THEN 'contains' ELSE l.relation END,
    l.score FROM link l WHERE l.body_id IN mine
  UNION SELECT l.body_id, l.relation, l.score FROM link l WHERE l.other IN mine)
SELECT coalesce(k.canonical, p.id), x.relation, max(x.score) FROM pairs x
JOIN post p ON p.id = (SELECT id FROM post WHERE body_id = x.other ORDER BY id LIMIT 1)
LEFT JOIN cluster k ON k.id = p.cluster_id
WHERE p.cluster_id IS NULL OR p.cluster_id IS NOT (SELECT cluster_id FROM post WHERE id = ?1)
GROUP BY 1 ORDER BY 3 DESC LIMIT 20
"""
_PLACE = """
SELECT p.id, c.title, c.username, c.tg_id, p.message_id, p.date, p.text, p.cuts FROM post p
JOIN channel c ON c.id = p.channel_id WHERE p.id = ?
"""


class Member(NamedTuple):
    """A post of a statement: when, where, and why it belongs.

    `lag` is in seconds after the first dated post; the canonical has no reason, score and match.
    """

    id: int
    channel_id: int
    title: str
    username: str | None
    tg_id: int | None
    message_id: int
    date: int | None
    deleted_at: int | None
    canonical: bool
    reason: str | None
    score: float | None
    via: int | None
    lag: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """What a post's body is made of: its text, what is cut, and the footers to leave out."""

    text: str
    cuts: tuple[Cut, ...]
    footers: frozenset[str]
    pending: bool


def members(db: sqlite3.Connection, post_id: int) -> list[Member]:
    """The posts that are one statement with this one, in order of time; [] if it is alone."""
    return [_member(row) for row in db.execute(_MEMBERS, (post_id,))]


def _member(row: tuple[Any, ...]) -> Member:
    found = Member(*row)
    return found._replace(canonical=bool(found.canonical))


def told(db: sqlite3.Connection, post_id: int) -> Told:
    """The text of a post with what dedup knows of it."""
    text, cuts, *channels, pending = db.execute(
        "SELECT text, cuts, channel_id, fwd_channel,"
        " EXISTS(SELECT 1 FROM pending WHERE post_id = id) FROM post WHERE id = ?",
        (post_id,),
    ).fetchone()
    lines = db.execute("SELECT line FROM footer WHERE channel_id IN (?, ?)", channels)
    return Told(text, read_cuts(cuts), frozenset(line for (line,) in lines), bool(pending))


class Related(NamedTuple):
    """Another statement that shares wording: the post shown for it, and what it is to this one."""

    id: int
    title: str
    username: str | None
    tg_id: int | None
    message_id: int
    date: int | None
    text: str  # without what repeats inside it
    relation: str
    score: float


def related(db: sqlite3.Connection, post_id: int) -> list[Related]:
    """The statements linked with that of a post, the surest first."""
    return [_related(db, *row) for row in db.execute(_RELATED, (post_id,)).fetchall()]


def _related(db: sqlite3.Connection, post: int, relation: str, score: float) -> Related:
    *place, text, cuts = db.execute(_PLACE, (post,)).fetchone()
    return Related._make((*place, apply_cuts(text, read_cuts(cuts)), relation, score))
