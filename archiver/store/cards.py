"""The light rows that dedup decides on, and what it decides; standard library only."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from archiver.kinds import Reason
from archiver.store.connection import rows_of
from archiver.store.edits import Edited, edited
from archiver.store.unlike import unlike_origin

_CARD = """
SELECT p.id, p.channel_id, p.message_id, p.date, p.body_id, coalesce(b.words, 0),
  CASE WHEN p.fwd_kind = 'channel' AND coalesce(p.fwd_imported, 0) = 0 AND p.fwd_message > 0
    THEN p.fwd_channel END,
  p.fwd_message, p.grouped_id, p.cluster_id, p.reason, p.via_post, n.leader, n.relation, n.score,
  EXISTS (SELECT 1 FROM form f WHERE f.body_id IN (p.body_id, n.leader))
FROM post p LEFT JOIN body b ON b.id = p.body_id
  LEFT JOIN near n ON n.body_id = p.body_id AND n.relation IS NOT NULL WHERE p.id IN ({marks})
"""
_SAID = "SELECT id, kind, {0} FROM verdict WHERE withdrawn IS NULL AND {0} IN ({marks})"


class Near(NamedTuple):
    """What a body was found to be a near copy of."""

    leader: int
    relation: str
    score: float


class Card(NamedTuple):
    """A post as the layers see it: keys and dates, no text.

    `date` is since when it says what it says: that of an edit which made another statement of it.
    """

    id: int
    channel_id: int
    message_id: int
    date: int | None = None
    body: int | None = None
    words: int = 0
    # (channel, message); a third number: the body that it had when it was forwarded.
    origin: tuple[int, ...] | None = None
    album: int | None = None
    cluster: int | None = None
    reason: str | None = None
    via: int | None = None
    # The body that leads it, where its words are a form: said again later they tell another event.
    form: int | None = None
    # Every other version of the post that counts and is no form: (body, words).
    older: tuple[tuple[int, int], ...] = ()
    # What each of these versions is a near copy of, the current one first.
    near: tuple[Near, ...] = ()
    # What versions say that tell another statement than the newest one: their bodies, what leads.
    past: frozenset[int] = frozenset()
    # Whether its origin was edited after it forwarded it, and has other words (`unlike.py`).
    unlike: bool = False
    # A person's word: the verdicts that join it to others, and whether it stands alone.
    joined: tuple[int, ...] = ()
    apart: bool = False


class Place(NamedTuple):
    """Where a post stands in its cluster; the canonical has no reason, equality no score."""

    post: int
    reason: Reason | None
    via: int | None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A statement that two or more posts make."""

    canonical: int
    places: tuple[Place, ...]
    copies: int
    channels: int
    first_date: int | None
    last_date: int | None


class ClusterRow(NamedTuple):
    """A row of the table `cluster`."""

    id: int
    canonical: int
    posts: int
    copies: int
    channels: int
    first_date: int | None
    last_date: int | None


class Move(NamedTuple):
    """A post whose cluster, reason or match is not what the archive holds."""

    post: int
    old_cluster: int | None
    new_cluster: int | None
    reason: str | None
    via: int | None
    score: float | None
    decided: bool  # the cluster or the reason changed: a row of `decision`


@dataclass(frozen=True, slots=True)
class Changes:
    """All that one piece of work changes in the archive."""

    moves: list[Move] = field(default_factory=list)
    rows: list[ClusterRow] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    created: int = 0
    repeated: int = 0  # statements that have copies from now on
    joined: int = 0  # posts that are in a statement with copies from now on
    album_posts: int = 0  # posts that make an album from now on that nobody repeated


class Draft(NamedTuple):
    """A text to be keyed: a post's current one, or with `revision` an older one of it."""

    post: int
    revision: int | None
    channel_id: int
    fwd_channel: int | None
    text: str
    body: int | None
    cuts: str | None


class Keyed(NamedTuple):
    """A draft with its cuts (JSON) and its body: words 0 means no body.

    `told` is what the body is compared by, where that was made as well.
    """

    draft: Draft
    cuts: str | None
    key: tuple[int, int]
    words: int
    told: bytes | None = None


def read_cards(db: sqlite3.Connection, ids: Iterable[int]) -> list[Card]:
    """The light rows of these posts, by id."""
    wanted = sorted(ids)
    versions = edited(db, wanted)
    joined, apart = _verdicts(db, wanted)
    cards = [_card(row) for row in rows_of(db, _CARD, wanted)]
    if versions:
        cards = [_with_versions(card, versions.get(card.id)) for card in cards]
    unlike = unlike_origin(db, [card.id for card in cards if card.origin is not None])
    if unlike:
        cards = [card._replace(unlike=card.id in unlike) for card in cards]
    if joined or apart:
        cards = [
            card._replace(joined=tuple(joined.get(card.id, ())), apart=card.id in apart)
            for card in cards
        ]
    return cards


def _with_versions(card: Card, versions: Edited | None) -> Card:
    if versions is None:
        return card
    older = [each for each in versions.kept if each.body is not None and not each.is_form]
    near = [Near(v.leader, v.relation or "", v.score or 0) for v in older if v.leader is not None]
    past = {key for v in versions.past for key in (v.body, v.leader) if key is not None}
    return card._replace(
        date=versions.since,
        older=tuple((each.body, each.words) for each in older if each.body is not None),
        near=(*card.near, *near),
        past=frozenset(past),
    )


def _verdicts(
    db: sqlite3.Connection, posts: Sequence[int]
) -> tuple[dict[int, list[int]], set[int]]:
    """What persons said of these posts, where they said anything at all."""
    joined: dict[int, list[int]] = defaultdict(list)
    apart: set[int] = set()
    if db.execute("SELECT 1 FROM verdict WHERE withdrawn IS NULL LIMIT 1").fetchone():
        for column in ("post_id", "other_id"):
            for verdict, kind, post in rows_of(db, _SAID.format(column, marks="{marks}"), posts):
                if kind == "same":
                    joined[post].append(verdict)
                else:
                    apart.add(post)
    return joined, apart


def _card(row: tuple[Any, ...]) -> Card:
    post, channel, message, date, body, words, fwd_channel, fwd_message = row[:8]
    origin = None if fwd_channel is None else (fwd_channel, fwd_message)
    album, cluster, reason, via, leader, relation, score, is_form = row[8:]
    form = (leader or body) if is_form else None
    near = () if leader is None else (Near(leader, relation, score),)
    return Card(
        post,
        channel,
        message,
        date,
        body,
        words,
        origin,
        album,
        cluster,
        reason,
        via,
        form,
        near=near,
    )
