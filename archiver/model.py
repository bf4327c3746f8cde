"""The nouns of the program, as frozen values. Standard library only.

Dates are whole seconds since 1970 in UTC (`int`), or None where nobody knows; they become
aware datetimes only where a person or another program reads them.
Telegram ids of channels are in the "marked" form everywhere: -100 followed by the bare id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from archiver.kinds import OriginKind as OriginKind
from archiver.kinds import PostKind as PostKind
from archiver.kinds import Reason as Reason
from archiver.kinds import Source as Source

Json = Mapping[str, Any]

# A key of `Post.details`: the source gave local times and nobody said where; they were read as UTC.
ASSUMED_ZONE = "date_zone_assumed"


class PostKey(NamedTuple):
    """What Telegram itself calls a post: our key of its channel and its number there."""

    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Channel:
    """A place that posts: known by id, by @name, or only by a title (a dump's).

    `title` is never empty when neither `tg_id` nor `username` is known.
    """

    title: str = ""
    username: str | None = None
    tg_id: int | None = None
    kind: str = "channel"


@dataclass(frozen=True, slots=True)
class Forward:
    """A forward header, as Telegram keeps it: it always names the first origin.

    Only `peer_id` or `username` together with `message_id` identify the original post.
    """

    kind: OriginKind = OriginKind.NAME
    peer_id: int | None = None
    username: str | None = None
    message_id: int | None = None
    date: int | None = None
    name: str | None = None
    author: str | None = None
    saved_from_peer: int | None = None
    saved_from_message: int | None = None
    saved_from_name: str | None = None
    imported: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A wording of a post that is not the current one; `seen` is when it was met, if known."""

    text: str
    entities: tuple[Json, ...] | None
    edited: int | None
    source: Source
    media_kind: str | None = None
    media: Json | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One message of a channel as one source told it.

    `message_id` is Telegram's, or a negative synthetic one (`synthetic_id`) where the source has
    none. `text` is exactly as sent. `entities` are dicts with `type`, `offset` and `length` in
    UTF-16 code units, plus what the type needs (`url`, `user_id`, `document_id`, `language`);
    None where the source cannot know them. `media`, `reactions` and `details` (poll, service
    action, buttons and whatever else the source told) hold plain JSON values.
    """

    message_id: int
    text: str = ""
    date: int | None = None
    kind: PostKind = PostKind.MESSAGE
    edited: int | None = None
    entities: tuple[Json, ...] | None = None
    forward: Forward | None = None
    grouped_id: int | None = None
    grouped_inferred: bool = False
    reply_to: int | None = None
    reply_to_peer: int | None = None
    author: str | None = None
    via_bot: str | None = None
    media_kind: str | None = None
    media: Json | None = None
    views: int | None = None
    forwards: int | None = None
    replies: int | None = None
    reactions: tuple[Json, ...] | None = None
    details: Json | None = None
    source: Source = Source.EXPORT
    # The bytes a live source sent, and the layer of the protocol they are in: evidence only, two
    # posts are equal without them.
    raw: bytes | None = field(default=None, compare=False, repr=False)
    raw_layer: int | None = field(default=None, compare=False, repr=False)
    # Other wordings that the source knows; two posts are equal without them, too.
    versions: tuple[Version, ...] = field(default=(), compare=False)


class ChannelState(StrEnum):
    """Whether a channel can be read by the account that asks."""

    READABLE = "readable"
    PRIVATE = "private"  # it exists, but this account may not read it (any more)
    GONE = "gone"  # deleted or banned by Telegram
    CONFLICT = "conflict"  # its name leads to another channel now; never said by a feed


class Address(NamedTuple):
    """What a feed needs to ask for a channel; the hash is valid for one account only."""

    tg_id: int
    access_hash: int


@dataclass(frozen=True, slots=True)
class Account:
    """Who is logged in; `label` is what a person recognises it by (@name or first name)."""

    user_id: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A channel as a feed shows it now.

    `channel.username` is the name its links are made with, `usernames` are all active ones.
    `access_hash` is None where this account has none that works (private, gone).
    """

    channel: Channel
    state: ChannelState = ChannelState.READABLE
    access_hash: int | None = None
    usernames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a feed tells of a channel besides its posts."""

    available_min_id: int = 0  # posts below are hidden from this account
    linked_tg_id: int | None = None  # the discussion group
    pts: int | None = None


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """Something of note that a feed met: a hidden or refused page, a post it cannot read.

    `kind` is one of hidden-page, refused-page, unreadable, unproved. `partial` says that something
    is missing from the archive because of it.
    """

    kind: str
    message: str
    message_id: int | None = None
    data: bytes = field(default=b"", repr=False)
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The whole truth about the ids lo..hi of a channel at one moment, newest post first.

    An id of lo..hi without a post here does not exist, but for those in `unknown`, of which
    nothing is proved. Nothing is proved where `hi < lo` (an empty channel). `pts` is the channel's
    state at that moment, `count` how many posts the server says it has.
    """

    lo: int
    hi: int
    posts: tuple[Post, ...] = ()
    pts: int | None = None
    count: int | None = None
    unknown: frozenset[int] = frozenset()
    events: tuple[FeedEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in a channel since an earlier state: posts new or edited, ids deleted.

    It proves nothing about any id it does not name. `pts` is the state to ask from next; `final`
    says that nothing more waits. `lost`: the server no longer knows what changed (too long ago, or
    a state it calls invalid); `refused`: it does not answer this account at all.
    """

    posts: tuple[Post, ...] = ()
    deleted: tuple[int, ...] = ()
    pts: int | None = None
    final: bool = True
    lost: bool = False
    refused: bool = False
    events: tuple[FeedEvent, ...] = ()


# Where a record is that is the file itself: nothing of it could be read.
WHOLE_FILE = "whole file"


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record of a file that could not be read: where, why, and its raw beginning."""

    where: str
    reason: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said: two posts are the same statement, or one stands apart.

    `posts` are (channel, message id); `said` is when, in Unix seconds, if known.
    """

    kind: str
    posts: tuple[tuple[Channel, int], ...]
    said: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader had to assume; told once to the user, never fatal."""

    message: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What a batch or a whole import did to the archive."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    revisions: int = 0
    bad: int = 0
    notices: tuple[str, ...] = field(default=())
    deleted: int = 0
    restored: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.revisions + other.revisions,
            self.bad + other.bad,
            self.notices + other.notices,
            self.deleted + other.deleted,
            self.restored + other.restored,
        )
