"""The light rows that dedup decides on, and what it decides; standard library only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from archiver.model import Reason


class Card(NamedTuple):
    """A post as the exact layers see it: keys and dates, no text."""

    id: int
    channel_id: int
    message_id: int
    date: int | None = None
    body: int | None = None
    words: int = 0
    origin: tuple[int, int] | None = None
    album: int | None = None
    cluster: int | None = None
    reason: str | None = None
    via: int | None = None
    # Every other version of the post: (body, words).
    older: tuple[tuple[int, int], ...] = ()


class Place(NamedTuple):
    """Where a post stands in its cluster; the canonical has no reason."""

    post: int
    reason: Reason | None
    via: int | None


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
    joined: int = 0


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
    """A draft with its cuts (JSON) and its body: words 0 means no body."""

    draft: Draft
    cuts: str | None
    key: tuple[int, int]
    words: int
