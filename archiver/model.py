"""The nouns of the program, as frozen values. Standard library only.

Dates are whole seconds since 1970 in UTC (`int`), or None where nobody knows; they become
aware datetimes only where a person or another program reads them.
Telegram ids of channels are in the "marked" form everywhere: -100 followed by the bare id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple

Json = Mapping[str, Any]


class PostKey(NamedTuple):
    """What Telegram itself calls a post: our key of its channel and its number there."""

    channel_id: int
    message_id: int


class PostKind(IntEnum):
    """What a row of a channel is."""

    MESSAGE = 0
    SERVICE = 1
    UNSUPPORTED = 2


class Source(IntEnum):
    """How a row arrived, in the order of trust: a higher one decides which version is current."""

    TEXT = 1
    EXPORT = 2
    LIVE = 3


class OriginKind(StrEnum):
    """Whom a forward header names."""

    CHANNEL = "channel"
    USER = "user"
    CHAT = "chat"
    HIDDEN = "hidden"  # a person who hides the account: only a name
    NAME = "name"  # a display name; the format does not say of what


class Reason(StrEnum):
    """Why a post is held to be a copy of its statement."""

    FORWARD = "forward"
    SAME_TEXT = "same-text"
    ALBUM = "album"


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


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record of a file that could not be read: where, why, and its raw beginning."""

    where: str
    reason: str
    raw: str = ""


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

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.revisions + other.revisions,
            self.bad + other.bad,
            self.notices + other.notices,
        )
