"""Keys that files lack or write in another form: marked ids, and synthetic ids for id-less posts.

Telegram's "marked" form, which the whole program uses: a channel or supergroup is -100 followed
by its bare id, that is -1000000000000 - id; a basic group is -id; a person is the id itself.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from dataclasses import replace
from types import TracebackType

from archiver.model import ASSUMED_ZONE, Channel, OriginKind, Post

CHANNEL_MARK = 1_000_000_000_000
# Desktop before 2.8 (2021) wrote peers as one number: the bare 32-bit id plus one of these.
# export/data/export_data_types.cpp, kUserPeerIdShift and kChatPeerIdShift.
OLD_USER = 1 << 32
OLD_CHAT = 2 << 32

_PEER = re.compile(r"(user|chat|channel)([0-9]{1,18})", re.ASCII)
_ID = re.compile(r"-?[0-9]{5,15}", re.ASCII)
_SCHEMA = "CREATE TABLE seen (hash INTEGER PRIMARY KEY, n INTEGER NOT NULL)"
_COUNT = """
    INSERT INTO seen VALUES (?, 1) ON CONFLICT (hash) DO UPDATE SET n = n + 1 RETURNING n
"""


def marked(kind: OriginKind, bare: int) -> int:
    """The marked id of a peer whose bare, positive id is known."""
    if kind is OriginKind.CHANNEL:
        return -CHANNEL_MARK - bare
    return -bare if kind is OriginKind.CHAT else bare


def marked_channel(number: int) -> int:
    """A channel id a person wrote: bare (positive, below 10**12) or already marked."""
    return -CHANNEL_MARK - number if 0 < number < CHANNEL_MARK else number


def peer(written: str | int) -> tuple[OriginKind, int] | None:
    """Desktop's "channel123", "user123", "chat123" or an old number, as kind and marked id."""
    if isinstance(written, int):
        return _old_peer(written)
    match = _PEER.fullmatch(written)
    if match is None:
        return None
    kind = OriginKind(match[1])
    return kind, marked(kind, int(match[2]))


def _old_peer(number: int) -> tuple[OriginKind, int] | None:
    """Old exports do not tell groups from channels: an old chat is taken to be a channel."""
    if number <= 0:
        return None
    if number < OLD_CHAT:
        return OriginKind.USER, number & 0xFFFFFFFF if number >= OLD_USER else number
    return OriginKind.CHANNEL, marked(OriginKind.CHANNEL, number & 0xFFFFFFFF)


def channel_named(name: str) -> Channel:
    """The channel a person names: @username, else a title kept as it is written."""
    name = name.strip()
    if name.startswith("@") and len(name) > 1:
        return Channel(username=name[1:])
    return Channel(title=name)


def channel_said(name: str) -> Channel:
    """The channel a person names in an option: an id (bare or marked), @username or a title."""
    name = name.strip()
    if _ID.fullmatch(name):
        return Channel(tg_id=marked_channel(int(name)))
    return channel_named(name)


def assumed_zone(post: Post) -> Post:
    """A post whose date is local time that was read as UTC: any source that knows better wins."""
    return replace(post, details={**(post.details or {}), ASSUMED_ZONE: "UTC"})


def channel_key(channel: Channel) -> str:
    """What tells the channels of one file apart: id, else @name in lower case, else the title."""
    if channel.tg_id is not None:
        return str(channel.tg_id)
    if channel.username:
        return "@" + channel.username.casefold()
    return channel.title


def synthetic_id(text: str, forward_name: str = "", nth: int = 1) -> int:
    """The id of a post that came without one: negative, below 2**52 in size, stable for ever.

    `nth` is 1 for the first post of these words of its channel in the file, 2 for the second. The
    same file, or the same file grown at its end, gives the same ids again. The channel is no part
    of it (ids are unique inside a channel only): a dump whose name turns out to be @real gives the
    same ids when it is imported again as @real's.
    """
    return _number(_digest(text, forward_name), nth)


def _digest(text: str, forward_name: str) -> bytes:
    words = f"{len(forward_name)}:{forward_name}{text}"
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _number(digest: bytes, nth: int) -> int:
    if nth > 1:
        digest = hashlib.blake2b(digest + nth.to_bytes(8, "big"), digest_size=16).digest()
    return -(int.from_bytes(digest[:8], "big") >> 12 or 1)


class Occurrences:
    """Gives synthetic ids while a file is read, counting how often the same words came.

    The counts live in a temporary file of SQLite's own (deleted by itself) behind a cache of
    4 MiB, so a file of 5 GB takes no more memory than a small one. A clash of two 63-bit hashes
    only makes a first occurrence look like a second one.
    """

    def __init__(self) -> None:
        self._seen = sqlite3.connect("", isolation_level=None)
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -4096"):
            self._seen.execute(f"PRAGMA {setting}")
        self._seen.execute(_SCHEMA)
        self._seen.execute("BEGIN")

    def __enter__(self) -> Occurrences:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._seen.close()

    def id_of(self, channel: str, text: str, forward_name: str = "") -> int:
        """The synthetic id of the next post of these words in a channel (its `channel_key`)."""
        digest = _digest(text, forward_name)
        told = digest + channel.encode("utf-8", "surrogatepass")
        counted = hashlib.blake2b(told, digest_size=8).digest()
        key = int.from_bytes(counted, "big") >> 1
        (nth,) = self._seen.execute(_COUNT, (key,)).fetchone()
        return _number(digest, nth)
