"""What the import of a folder leaves out: what may be an export, what is clearly none, the rest.

An export that could not be read makes an import incomplete; a README beside it does not.
"""

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
# Of a page that has something to do with Telegram; its saved pages and exports have several.
_OF_TELEGRAM = (b"telegram", b"tgme", b"t.me/")
_HEAD = 64 * 1024
_PROSE = "a text without lines 'Forwarded from ...' (--separator parts one that has posts)"
_INDEX = "export_results.html"  # of an account: links to its chats and lists


class LeftOut(NamedTuple):
    """Files of a folder that are not imported, with why not.

    `data` looks like an export; `prose` are texts and pages that do not; `others` are the rest.
    """

    data: tuple[tuple[Path, str], ...] = ()
    prose: tuple[tuple[Path, str], ...] = ()
    others: int = 0

    def and_of(self, more: LeftOut) -> LeftOut:
        """What two folders leave out."""
        others = self.others + more.others
        return LeftOut(self.data + more.data, self.prose + more.prose, others)


def left_out(folder: Path, taken: list[Path]) -> LeftOut:
    """The files of a folder but for the exports `taken` from it."""
    reals = {path.resolve() for path in taken}
    beside = {path.parent for path in taken}
    data: list[tuple[Path, str]] = []
    prose: list[tuple[Path, str]] = []
    others = 0
    for path in _files(folder):
        if path.resolve() in reals:
            continue
        if _looks_like_data(path) and not _belongs(path, folder, beside):
            is_export, why = _why(path)
            (data if is_export else prose).append((path, why))
        else:
            others += 1
    return LeftOut(tuple(data), tuple(prose), others)


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


def _why(path: Path) -> tuple[bool, str]:
    """Whether a file looks like an export, and why it is not taken."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        return True, f"cannot be read: {error.strerror}"
    suffix = path.suffix.lower()
    if suffix == ".txt":
        return False, _PROSE if head else "empty"
    if not head:
        return True, "empty"
    if suffix in (".html", ".htm") and not _is_of_telegram(path, head):
        return False, "a page of something else"
    return True, "in no known format"


def _is_of_telegram(path: Path, head: bytes) -> bool:
    plain = head.lower()
    return path.name.startswith("messages") or any(mark in plain for mark in _OF_TELEGRAM)
