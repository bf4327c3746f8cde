"""Another archive of this program: known here, merged by the store, which knows its tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from archiver.errors import InputError
from archiver.sources import Item, ReadOptions, sqlite_file

NAME = "archiver"
APPLICATION_ID = 0x54474152  # store/version.py has it too: the two floors are siblings


def sniff(head: bytes, filename: str) -> bool:
    """A SQLite file that says it is an archive of ours."""
    return sqlite_file.application_of(head) == APPLICATION_ID


def read(file: IO[bytes], options: ReadOptions) -> Iterator[Item]:
    """Never used: `Store.absorb` takes posts, versions, deletions and coverage together."""
    raise InputError(f"{options.name or 'an archive'} is merged from a file on disk, not read")
