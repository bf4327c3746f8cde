"""Which reader takes a file: by its first 64 KiB, never by its name alone."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import IO, cast

from archiver.errors import InputError
from archiver.sources import (
    Reader,
    archive_file,
    csv_table,
    desktop_html,
    desktop_json,
    json_table,
    jsonl,
    preview,
    telethon_json,
    text_dump,
    tg_archive,
)
from archiver.sources.encoding import HEAD, text_of

# A module that has the three names is a Reader; the order is the order of asking.
_MODULES = (
    archive_file,
    tg_archive,
    jsonl,
    telethon_json,
    desktop_json,
    desktop_html,
    preview,
    json_table,
    csv_table,
    text_dump,
)
READERS = tuple(cast(Reader, module) for module in _MODULES)
_NAMED = frozenset((".json", ".jsonl", ".ndjson"))
_DATABASES = frozenset((".sqlite", ".sqlite3", ".db"))
_SUFFIXES = _NAMED | _DATABASES | {".html", ".htm", ".csv", ".tsv", ".txt"}


def known_formats() -> str:
    """The names `--format` takes, for messages and help."""
    return ", ".join(reader.NAME for reader in READERS)


def reader_named(name: str) -> Reader:
    """The reader of a format; an InputError with the known ones for any other name."""
    for reader in READERS:
        if name == reader.NAME:
            return reader
    near = get_close_matches(name, [reader.NAME for reader in READERS], 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise InputError(f"unknown format {name!r}{hint} Known: {known_formats()}")


def detect(head: bytes, filename: str = "") -> Reader | None:
    """The reader whose format a file that begins with `head` has."""
    head = head[:HEAD]
    return next((reader for reader in READERS if reader.sniff(head, filename)), None)


def files_in(folder: Path) -> list[Path]:
    """The exports inside a folder and its subfolders, sorted; links out of it are not followed."""
    inside = folder.resolve()
    found: dict[Path, Path] = {}
    for path in sorted(_candidates(folder), key=_in_order):
        real = path.resolve()
        if real not in found and real.is_relative_to(inside) and _is_export(path):
            found[real] = path
    return list(found.values())


def expand(path: Path) -> list[Path]:
    """A file as it is, a folder as the exports in it; an InputError where there are none."""
    if not path.is_dir():
        return [path]
    found = files_in(path)
    if not found:
        raise InputError(f"{path} {_without_exports(path)}; known formats: {known_formats()}")
    return found


def _without_exports(folder: Path) -> str:
    files = sorted(str(Path(place, name)) for place, _, names in os.walk(folder) for name in names)
    if not files:
        return "is a folder without exports, or any file"
    first = os.path.relpath(files[0], folder)
    if len(files) == 1:
        return f"is a folder without exports: its one file, {first}, is in no known format"
    return (
        f"is a folder without exports: of its {len(files):,} files none is in a known format"
        f" ({first} for one)"
    )


def open_source(
    path: Path,
    format_name: str | None = None,
    *,
    table: bool = False,
    otherwise: str | None = None,
) -> tuple[IO[bytes], Reader]:
    """An open file and its reader; the caller closes the file. InputError says why not.

    Of a `table` a person says the columns, so that nothing else has to tell it; `otherwise` names
    the format of a text that looks like none.
    """
    named = reader_named(format_name) if format_name is not None else None
    if path.is_dir():
        expand(path)
        raise InputError(f"{path} is a folder; name the files in it, or import the folder")
    try:
        file = io.BufferedReader(io.FileIO(path), 2 * HEAD)
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    try:
        head = _head_of(file, path)
        reader = named or (_table_of(head) if table else detect(head, path.name))
        if reader is None and otherwise is not None and b"\0" not in head:
            reader = reader_named(otherwise)
        if reader is None:
            raise InputError(
                f"{path} is in no known format; known: {known_formats()}."
                f" If it is one of them, say which with --format{_hint(head)}"
            )
        return file, reader
    except BaseException:
        file.close()
        raise


def _head_of(file: io.BufferedReader[io.FileIO], path: Path) -> bytes:
    try:
        head = file.peek(HEAD)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    if not head:
        raise InputError(f"{path} is empty")
    return head


def _hint(head: bytes) -> str:
    if not _is_json(head):
        return ""
    return (
        "; if it has posts under keys of its own, say which with"
        " --columns text=KEY,id=KEY,date=KEY,channel=KEY"
    )


def _is_json(head: bytes) -> bool:
    return text_of(head[:HEAD]).lstrip().startswith(("[", "{"))


def _table_of(head: bytes) -> Reader:
    return cast(Reader, json_table if _is_json(head) else csv_table)


def _candidates(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):  # does not go into linked folders
        for name in names:
            path = Path(place, name)
            if path.suffix.lower() in _SUFFIXES and path.is_file():
                yield path


def _in_order(path: Path) -> str:
    """messages2.html before messages10.html."""
    return re.sub(r"[0-9]+", lambda number: number[0].zfill(12), str(path))


def _is_export(path: Path) -> bool:
    """A file that cannot be opened counts by its name: opening it will say why it cannot."""
    try:
        with path.open("rb") as file:
            return detect(file.read(HEAD), path.name) is not None
    except OSError:
        return path.suffix.lower() in _NAMED
