"""Where posts come from. A reader turns one file into posts and never touches the archive.

A reader is a module with three names: `NAME` (what `--format` takes), `sniff(head, filename)`
(are these first bytes ours?) and `read(file, options)`, a generator that holds no more than a few
records at a time and yields `(Channel, Post)` pairs, `BadRecord` for what it could not read, and
`Notice` for what it had to assume. `archiver.sources.detect` knows them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import IO, Protocol

from archiver.model import BadRecord, Channel, Notice, Post

Item = tuple[Channel, Post] | BadRecord | Notice


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user may say about a file; None means the reader finds out or has a default.

    `name` is the file's name without folder; `channel` the receiving channel of a dump;
    `timezone` the zone of local times; `encoding` of a text file; `separator` between the posts
    of a dump ("blank", or a line that is repeated); `all_chats` takes groups and people too.
    """

    name: str = ""
    channel: str | None = None
    timezone: tzinfo | None = None
    encoding: str | None = None
    separator: str | None = None
    all_chats: bool = False


class Reader(Protocol):
    """What a reader module offers."""

    NAME: str

    def sniff(self, head: bytes, filename: str) -> bool:
        """Whether a file that begins with `head` (up to 64 KiB) is of this format."""
        ...

    def read(self, file: IO[bytes], options: ReadOptions) -> Iterator[Item]:
        """The posts of an open file, streaming."""
        ...
