"""What kinds of posts, sources, origins and copies there are. Standard library only.

Apart from `model`, which has them too: a pass of dedup needs these, and not the model's 7 ms of
import.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class PostKind(IntEnum):
    """What a row of a channel is."""

    MESSAGE = 0
    SERVICE = 1
    UNSUPPORTED = 2


class Source(IntEnum):
    """How a row arrived. The numbers stand in archives and mean nothing; `trust` orders them."""

    TEXT = 1
    EXPORT = 2  # Desktop's JSON, Telethon dumps, our own JSONL
    LIVE = 3
    PREVIEW = 4  # a saved page of t.me/s: rounded counters, no date of an edit
    HTML = 5  # Desktop's HTML: no ids of forwards, less formatting

    @property
    def trust(self) -> int:
        """Of two that disagree the one with more decides which version is current."""
        return _TRUST[self]


_TRUST = {
    source: level
    for level, source in enumerate(
        (Source.TEXT, Source.PREVIEW, Source.HTML, Source.EXPORT, Source.LIVE), 1
    )
}


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
    NEAR = "near"  # the same text, edited
    PART = "part"  # the same text, cut short
    VERDICT = "verdict"  # a person said so
