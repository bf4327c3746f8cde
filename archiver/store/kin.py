"""Reads what dedup decided: a post's kin. Plain SQL over a read-only connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from archiver.kinds import Reason
from archiver.store.cards import Card, read_cards
from archiver.store.edits import edited
from archiver.store.since import unsure_since
from archiver.text.cuts import Cut, apply_cuts, read_cuts

_MEMBERS = """
SELECT p.id, p.channel_id, c.title, c.username, c.tg_id, p.message_id, p.date, p.deleted_at,
  p.id = k.canonical, p.reason, p.score, p.via_post, p.date - k.first_date, p.edited, p.body_id,
  n.leader
FROM post own JOIN cluster k ON k.id = own.cluster_id
JOIN post p ON p.cluster_id = k.id JOIN channel c ON c.id = p.channel_id
LEFT JOIN near n ON n.body_id = p.body_id AND n.relation IS NOT NULL
WHERE own.id = ? ORDER BY p.date IS NULL, p.date, p.channel_id, p.message_id
"""
_ALONE = """
SELECT p.id, p.channel_id, c.title, c.username, c.tg_id, p.message_id, p.date, p.deleted_at,
  1, NULL, NULL, NULL, 0, p.edited, p.body_id, NULL
FROM post p JOIN channel c ON c.id = p.channel_id WHERE p.id = ?
"""
_EDITED = """
SELECT DISTINCT r.post_id FROM post own JOIN post p ON p.cluster_id = own.cluster_id
JOIN revision r ON r.post_id = p.id WHERE own.id = ? ORDER BY 1
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
# A post with this body, or with one that the same body leads; the post that is shown for it.
_TOLD_BY = """
SELECT coalesce(k.canonical, p.id) FROM post p LEFT JOIN cluster k ON k.id = p.cluster_id
WHERE p.body_id IN (SELECT :body UNION SELECT :lead
    UNION SELECT body_id FROM near WHERE leader = :lead AND relation IS NOT NULL)
  AND p.id <> :own
  AND (p.cluster_id IS NULL OR p.cluster_id IS NOT (SELECT cluster_id FROM post WHERE id = :own))
ORDER BY p.body_id <> :body, p.date IS NULL, p.date LIMIT 1
"""
_PLACE = """
SELECT p.id, c.title, c.username, c.tg_id, p.message_id, p.date, p.text, p.cuts FROM post p
JOIN channel c ON c.id = p.channel_id WHERE p.id = ?
"""


# Reasons that are found in the words.
_BY_TEXT = (Reason.SAME_TEXT, Reason.NEAR, Reason.PART)


class Member(NamedTuple):
    """A post of a statement: when, where, and why it belongs.

    `date` is since when it says it and `lag` seconds after the first dated post. The canonical has
    no reason, score and match. Where an edit made another statement of it, `said_by_edit` is true;
    `versions` tells whose earlier version was compared: of the "match", the "copy", or "both".
    `unsure` is when the first was edited, where that may be why it says so (`since.unsure_since`).
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
    edited: int | None
    body: int | None
    leader: int | None
    said_by_edit: bool = False
    versions: str | None = None
    unsure: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a post's body is made of: its text, what is cut, and the footers to leave out."""

    text: str
    cuts: tuple[Cut, ...]
    footers: frozenset[str]
    pending: bool


def members(db: sqlite3.Connection, post_id: int) -> list[Member]:
    """The posts that are one statement with this one, in order of time; [] if it is alone."""
    found = [_member(row) for row in db.execute(_MEMBERS, (post_id,))]
    versioned = [post for (post,) in db.execute(_EDITED, (post_id,))]
    if versioned:
        found = _with_versions(found, read_cards(db, versioned))
    if found:
        found[0] = found[0]._replace(unsure=unsure_since(db, found[0].id))
    return found


def alone(db: sqlite3.Connection, post_id: int) -> Member:
    """A post that nobody repeated."""
    return _member(db.execute(_ALONE, (post_id,)).fetchone())


def _member(row: tuple[Any, ...]) -> Member:
    found = Member(*row)
    return found._replace(canonical=bool(found.canonical))


def _with_versions(found: Sequence[Member], cards: Sequence[Card]) -> list[Member]:
    """The members, as their versions have it: since when, and by which of them they belong."""
    versioned = {card.id: card for card in cards}
    by_id = {member.id: member for member in found}
    dated = [_since(member, versioned.get(member.id)) for member in found]
    dated.sort(key=lambda m: (m.date is None, m.date or 0, m.channel_id, m.message_id))
    return [m._replace(versions=_versions(m, by_id.get(m.via or 0), versioned)) for m in dated]


def _since(member: Member, card: Card | None) -> Member:
    if card is None or card.date == member.date or card.date is None or member.date is None:
        return member
    lag = None if member.lag is None else member.lag + card.date - member.date
    return member._replace(date=card.date, lag=lag, said_by_edit=True)


def _versions(copy: Member, match: Member | None, versioned: Mapping[int, Card]) -> str | None:
    """Whose earlier version a copy was found by, if not by what both say now."""
    if match is None or copy.reason not in _BY_TEXT:
        return None
    (says, said), (its, was) = (_keys(each, copy.reason, versioned) for each in (copy, match))
    if says & its:
        return None
    if says & was:
        return "match"
    return "copy" if said & its else "both" if said & was else None


def _keys(post: Member, reason: str, versioned: Mapping[int, Card]) -> tuple[set[int], set[int]]:
    """The bodies of a post, now and before, or what leads them too."""
    equal = reason == Reason.SAME_TEXT
    now = {key for key in (post.body, None if equal else post.leader) if key is not None}
    card = versioned.get(post.id)
    if card is None:
        return now, set()
    before = {body for body, _ in card.older}
    return now, before if equal else before | {near.leader for near in card.near}


def told(db: sqlite3.Connection, post_id: int) -> Told:
    """The text of a post with what dedup knows of it."""
    text, cuts, *channels, pending = db.execute(
        "SELECT text, cuts, channel_id, fwd_channel,"
        " EXISTS(SELECT 1 FROM pending WHERE post_id = id) FROM post WHERE id = ?",
        (post_id,),
    ).fetchone()
    lines = db.execute("SELECT line FROM footer WHERE channel_id IN (?, ?)", channels)
    return Told(text, read_cuts(cuts), frozenset(line for (line,) in lines), bool(pending))


def told_once(db: sqlite3.Connection, revision: int, now: Told) -> Told:
    """The text of an earlier version of a post of which this is what it tells now."""
    sql = "SELECT text, cuts FROM revision WHERE id = ?"
    text, cuts = db.execute(sql, (revision,)).fetchone()
    return replace(now, text=text, cuts=read_cuts(cuts))


def told_before(db: sqlite3.Connection, post_id: int) -> dict[int, int]:
    """Of versions of a post that tell another statement: the post that is shown for that."""
    found = {}
    versions = edited(db, [post_id]).get(post_id)
    for each in () if versions is None else versions.past:
        if each.body is None:
            continue
        lead = each.body if each.leader is None else each.leader
        row = db.execute(_TOLD_BY, {"body": each.body, "lead": lead, "own": post_id}).fetchone()
        if row is not None:
            found[each.revision] = row[0]
    return found


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
