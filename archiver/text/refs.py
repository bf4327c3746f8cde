"""How people and programs name a post: permalinks, @name/id, a channel's number/id, our own id."""

from __future__ import annotations

import re
from typing import NamedTuple

from archiver.text.patterns import later

# -100 before the bare id, as one number: Telegram's "marked" form of a channel's id.
MARK = -1_000_000_000_000

_PUBLIC = later(r"(?:https?://)?(?:t\.me|telegram\.me|telegram\.dog)/(?:s/)?([A-Za-z]\w{2,})/(\d+)")
_PRIVATE = later(r"(?:https?://)?(?:t\.me|telegram\.me)/c/(\d+)/(?:\d+/)?(\d+)")
_NAMED = later(r"@?([^\s/][^/]*)/(-?\d+)")
_OWN = later(r"#?(\d+)")


class PostRef(NamedTuple):
    """What a reference says: our own id, or a channel (name or marked id) and a message id."""

    own_id: int | None = None
    channel: str | None = None
    tg_id: int | None = None
    message_id: int | None = None


def parse_ref(text: str) -> PostRef | None:
    """Read a reference to a post; None when it is none.

    Takes https://t.me/name/123 (with query or fragment), t.me/c/1234567890/123, @name/123,
    "A Title/123", -1001234567890/123, and 123 or #123 for our own id.
    """
    text = text.strip()
    bare = re.split(r"[?#]", text, maxsplit=1)[0] if "t.me" in text or "telegram" in text else text
    if match := _PRIVATE.fullmatch(bare.rstrip("/")):
        return PostRef(tg_id=MARK - int(match[1]), message_id=int(match[2]))
    if match := _PUBLIC.fullmatch(bare.rstrip("/")):
        return PostRef(channel=match[1], message_id=int(match[2]))
    if match := _OWN.fullmatch(text):
        return PostRef(own_id=int(match[1]))
    if match := _NAMED.fullmatch(text):
        return _named(match[1], int(match[2]))
    return None


def _named(name: str, message_id: int) -> PostRef:
    if re.fullmatch(r"-100\d+", name):
        return PostRef(tg_id=int(name), message_id=message_id)
    return PostRef(channel=name, message_id=message_id)


def permalink(username: str | None, tg_id: int | None, message_id: int | None) -> str | None:
    """Where a post can be seen; None for synthetic ids and channels known only by a title."""
    if message_id is None or message_id < 0:
        return None
    if username:
        return f"https://t.me/{username}/{message_id}"
    if tg_id is not None and tg_id < MARK:
        return f"https://t.me/c/{MARK - tg_id}/{message_id}"
    return None


_INVITE = later(r"(?:joinchat/|\+)([\w-]{8,64})", re.ASCII)
_USERNAME = later(r"@?([A-Za-z]\w{2,31})", re.ASCII)
_SITE = later(r"^(?:https?://)?(?:www\.)?(?:t|telegram)\.(?:me|dog)/(?:s/)?", re.I)


class ChannelRef(NamedTuple):
    """How a person names a channel: one of the three is set."""

    username: str | None = None
    tg_id: int | None = None
    invite: str | None = None

    def __str__(self) -> str:
        if self.username:
            return f"@{self.username}"
        return str(self.tg_id) if self.tg_id is not None else f"t.me/+{self.invite}"


def parse_channel(text: str) -> ChannelRef | None:
    """Read what names a channel; None when it names none.

    Takes @name, name, t.me/name, t.me/name/123, t.me/s/name, t.me/c/1234567890(/123),
    -1001234567890, t.me/+HASH, t.me/joinchat/HASH and tg://resolve?domain=name.
    """
    text = text.strip().rstrip("/")
    if match := re.fullmatch(r"tg://resolve\?domain=(\w+).*", text, re.ASCII):
        text = match[1]
    bare = _SITE.sub("", text)
    if bare != text:
        bare = re.split(r"[?#]", bare, maxsplit=1)[0].rstrip("/")
        if match := _INVITE.fullmatch(bare):
            return ChannelRef(invite=match[1])
        if match := re.fullmatch(r"c/(\d{1,15})(?:/\d+)*", bare, re.ASCII):
            return ChannelRef(tg_id=MARK - int(match[1]))
        bare = re.sub(r"(/\d+)+$", "", bare)
    if re.fullmatch(r"-100\d{5,13}", bare, re.ASCII):
        return ChannelRef(tg_id=int(bare))
    if match := _USERNAME.fullmatch(bare):
        return ChannelRef(username=match[1])
    return None
