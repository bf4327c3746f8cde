"""Channels named in a file: one a line, or a column of a CSV. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from archiver.text.refs import ChannelRef, parse_channel

# A header that names the column; the first that is there wins.
_COLUMNS = ("username", "handle", "link", "url", "channel", "chat", "id", "name")


def channels_in(text: str) -> Iterator[tuple[int, str, ChannelRef | None]]:
    """Line number, what stands there, and the channel it names (None where it names none).

    Empty lines and those that begin with # are passed over. In a CSV (comma, semicolon or tab)
    the column is found by its header, else each line's first cell that names a channel is taken.

    >>> [str(ref) for _, _, ref in channels_in("title;link\\nOne;t.me/one\\n# no\\nTwo;t.me/two")]
    ['@one', '@two']
    """
    lines = text.removeprefix("\ufeff").splitlines()
    mark = _separator(lines)
    column: int | None = None
    first = True
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        cells = next(csv.reader([line], delimiter=mark)) if mark else [line]
        if first and mark and (column := _column(cells)) is not None:
            first = False
            continue
        first = False
        named = [cells[column]] if column is not None and column < len(cells) else cells
        yield number, line.strip(), next(filter(None, map(parse_channel, named)), None)


def _separator(lines: list[str]) -> str | None:
    told = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    for mark in ("\t", ";", ","):
        if told and all(mark in line for line in told):
            return mark
    return None


def _column(cells: list[str]) -> int | None:
    names = [cell.strip().casefold() for cell in cells]
    return next((names.index(name) for name in _COLUMNS if name in names), None)
