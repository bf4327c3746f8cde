"""Where posts come from: feeds ask a network, readers read files; none touches the archive.

A feed proves something: its `Page` states the whole truth about a range of ids at one moment.
`archiver.sources.telegram` is the real one, `archiver.sources.memory` its twin for tests.

A reader turns one file into posts and proves nothing. It is a module with three names: `NAME` (what
`--format` takes), `sniff(head, filename)` (are these first bytes ours?) and `read(file, options)`,
a generator that holds no more than a few records at a time and yields `(Channel, Post)` pairs,
`BadRecord` for what it could not read, `Notice` for what it had to assume, and `Verdict` for what a
person said about posts that came before it.
`archiver.sources.detect` knows them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import IO, Protocol

from archiver.model import (
    Account,
    Address,
    BadRecord,
    Channel,
    Difference,
    Notice,
    Page,
    Post,
    Sighting,
    Standing,
    Verdict,
)
from archiver.text.refs import ChannelRef

Item = tuple[Channel, Post] | Verdict | BadRecord | Notice


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user may say about a file; None means the reader finds out or has a default.

    `name` is the file's name without folder; `channel` the receiving channel of a dump;
    `timezone` the zone of local times; `encoding` of a text file; `separator` between the posts
    of a dump ("blank", or a line that is repeated); `all_chats` takes groups and people too;
    `columns` says which column of a table holds a field.
    """

    name: str = ""
    channel: str | None = None
    timezone: tzinfo | None = None
    encoding: str | None = None
    separator: str | None = None
    all_chats: bool = False
    columns: Mapping[str, str] | None = None


class Reader(Protocol):
    """What a reader module offers."""

    NAME: str

    def sniff(self, head: bytes, filename: str) -> bool:
        """Whether a file that begins with `head` (up to 64 KiB) is of this format."""
        ...

    def read(self, file: IO[bytes], options: ReadOptions) -> Iterator[Item]:
        """The posts of an open file, streaming."""
        ...


class Feed(Protocol):
    """Live channels. Every method may raise LoginRequired, FloodWait and Offline.

    Those about one channel may raise ChannelUnavailable, whose `state` says private or gone, and
    TryAgainLater for an answer that cannot be trusted even when it is asked for again.
    """

    async def account(self) -> Account:
        """Who is logged in."""
        ...

    async def resolve(self, ref: ChannelRef) -> Sighting:
        """The channel a person names. Raises ChannelUnavailable where there is none to be had."""
        ...

    async def identify(self, channels: Sequence[Address]) -> dict[int, Sighting]:
        """The channels of these addresses as they are now, by their tg_id.

        One that is missing has an address that this account cannot use (any more).
        """
        ...

    async def standing(self, channel: Address) -> Standing:
        """What is to be known of a channel besides its posts."""
        ...

    async def page(self, channel: Address, before: int = 0) -> Page:
        """The newest posts with an id below `before`, or of all for 0.

        Unless `before` is 0, `hi` is `before - 1`. `lo` is 1 when nothing older is left.
        """
        ...

    async def difference(self, channel: Address, pts: int) -> Difference:
        """What changed since the state `pts`, a portion at a time."""
        ...

    async def lookup(self, channel: Address, ids: Sequence[int]) -> dict[int, Post | None]:
        """Posts by id, None for one that is deleted; nothing is known of an id that is missing."""
        ...
