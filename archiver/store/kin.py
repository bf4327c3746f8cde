"""Reads what dedup decided: a post's kin. Plain SQL over a read-only connection."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, NamedTuple

from archiver.text.cuts import Cut, read_cuts

_MEMBERS = """
SELECT p.id, p.channel_id, c.title, c.username, c.tg_id, p.message_id, p.date, p.deleted_at,
  p.id = k.canonical, p.reason, p.score, p.via_post, p.date - k.first_date
FROM post own JOIN cluster k ON k.id = own.cluster_id
JOIN post p ON p.cluster_id = k.id JOIN channel c ON c.id = p.channel_id
WHERE own.id = ? ORDER BY p.date IS NULL, p.date, p.channel_id, p.message_id
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
