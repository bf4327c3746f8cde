"""What the import of a folder leaves out: files that look like data, and all the others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_DATA = frozenset((".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".html", ".htm", ".txt"))
# What stands beside an export in a folder of such a name is part of it: files that were sent, and
# pages that Telegram Desktop or a browser write around the messages.
_OF_EXPORTS = frozenset(
    (
        "files", "photos", "video_files", "voice_messages", "round_video_messages", "stickers",
        "contacts", "profile_pictures", "stories", "media", "static", "images", "css", "js",
    )
)  # fmt: skip
_INDEX = "export_results.html"  # of an account: links to its chats and lists


class LeftOut(NamedTuple):
    """Files of a folder that are not imported: what looks like data with why not, and the rest."""

    data: tuple[tuple[Path, str], ...] = ()
    others: int = 0

    def and_of(self, more: LeftOut) -> LeftOut:
        """What two folders leave out."""
        return LeftOut(self.data + more.data, self.others + more.others)


def left_out(folder: Path, taken: list[Path]) -> LeftOut:
    """The files of a folder but for the exports `taken` from it."""
    reals = {path.resolve() for path in taken}
    beside = {path.parent for path in taken}
    data: list[tuple[Path, str]] = []
    others = 0
    for path in _files(folder):
        if path.resolve() in reals:
            continue
        if _looks_like_data(path) and not _belongs(path, folder, beside):
            data.append((path, _why(path)))
        else:
            others += 1
    return LeftOut(tuple(data), others)


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(place, name) for name in sorted(names))


def _looks_like_data(path: Path) -> bool:
    """A link or a pipe is none: what it leads to is no file of this folder."""
    return path.suffix.lower() in _DATA and path.is_file() and not path.is_symlink()


def _belongs(path: Path, folder: Path, beside: set[Path]) -> bool:
    """Whether a file is part of an export that was taken, and no data of its own."""
    if path.name == _INDEX:
        return True
    for inner in path.parents:
        if inner == folder or not inner.is_relative_to(folder):
            return False
        if inner.name in _OF_EXPORTS or inner.name.endswith("_files"):
            return inner.parent in beside
        if inner.name == "lists" and (inner.parent / _INDEX).exists():
            return True
    return False


def _why(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return "in no known format" if file.read(1) else "empty"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
