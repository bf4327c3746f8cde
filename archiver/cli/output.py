"""How things look: dates with their offset, channels, sizes, JSON lines. Nothing else prints."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

import click

from archiver.text.safe import block, cell, one_line, width
from archiver.text.told import lag as lag

# What goes into a file or a pipe is for other programs: no line of it is broken or cut, unless
# COLUMNS says how wide it is to be.
_ENDLESS = 1 << 30
# The stable interface of --json; it grows by keys, a change of meaning raises it.
FORMAT_VERSION = 1


def line(text: str = "") -> None:
    """One line of results. `text` is ours or has passed `text.safe`."""
    click.echo(text, color=colour())


def record(values: Mapping[str, Any]) -> None:
    """One JSON object on one line, in UTF-8 whatever the terminal's encoding is."""
    import json  # 2 ms that a search for people need not wait

    text = json.dumps(values, ensure_ascii=False, default=str) + "\n"
    raw(text.encode("utf-8", "replace"))


def raw(data: bytes) -> None:
    """Bytes to standard output, after all that was said before."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def text0(text: str) -> None:
    """A text as it is, ended by NUL; made safe where a person would see it."""
    if sys.stdout.isatty():
        text = block(text)
    raw(text.replace("\0", "").encode("utf-8", "replace") + b"\0")


def csv_rows(rows: Iterable[Sequence[Any]]) -> None:
    """Rows of CSV (RFC 4180) in UTF-8; what a spreadsheet would take for a formula is text."""
    import csv
    import io

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([cell(value) if isinstance(value, str) else value for value in row])
    raw(text.getvalue().encode("utf-8", "replace"))


def colour() -> bool:
    """Whether results go to a terminal that wants colours (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def when(date: int | None, zone: tzinfo = UTC) -> str:
    """A date to the minute, always with its offset: 2025-03-01 10:03Z, 12:03+02:00."""
    if date is None:
        return "undated"
    moment = _moment(date, zone)
    return moment.strftime("%Y-%m-%d %H:%M") + _offset(moment)


def day(date: int | None) -> str:
    """The day in UTC: 2025-03-01; a dash where nobody knows."""
    return "-" if date is None else _moment(date, UTC).strftime("%Y-%m-%d")


def iso(date: int | None, zone: tzinfo = UTC) -> str | None:
    """A date to the second, for programs."""
    return None if date is None else _moment(date, zone).isoformat()


def _moment(date: int, zone: tzinfo) -> datetime:
    try:
        return datetime.fromtimestamp(date, zone)
    except (ValueError, OverflowError, OSError):
        # A hostile file may say the year 300000; it is shown as the last date there is.
        return datetime.max.replace(tzinfo=UTC) if date > 0 else datetime.min.replace(tzinfo=UTC)


def _offset(moment: datetime) -> str:
    text = moment.strftime("%z")
    return "Z" if text in ("+0000", "") else f"{text[:3]}:{text[3:5]}"


def channel_label(title: str | None, username: str | None, key: int | None = None) -> str:
    """A channel for people: its title and @name, in one safe line."""
    name = one_line(title or "")
    handle = f"@{one_line(username)}" if username else ""
    if name and handle and name.casefold() != handle[1:].casefold():
        return f"{name} ({handle})"
    return handle or name or (f"channel {key}" if key is not None else "unknown channel")


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 post`, `1,200 posts`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def size(count: int) -> str:
    """Bytes for people: 812 B, 3.4 kB, 1.2 GB."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return ""


def columns() -> int:
    """How wide the terminal is; 100 where there is none, and never less than 40."""
    if told := _told():
        return max(40, told)
    try:
        return max(40, os.get_terminal_size(sys.__stdout__.fileno()).columns or 100)  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return 100


def _told() -> int:
    told = os.environ.get("COLUMNS", "")
    return int(told) if told.isascii() and told.isdigit() else 0


def room() -> int:
    """How wide a line may be: as COLUMNS says, or the terminal; in a file or pipe it has no end."""
    return columns() if sys.stdout.isatty() or _told() else _ENDLESS


def wrapped(text: str, hang: int) -> None:
    """Text on lines that fit, broken at blanks; all but the first are indented by `hang`."""
    for each in fitted(text, hang, room()):
        line(each)


def fitted(text: str, hang: int, columns: int) -> list[str]:
    """The lines of a text; a word that is wider than a line stays whole, so that it can be copied.

    >>> fitted("Run 7   done, 12 posts and 3 more", 8, 20)
    ['Run 7   done, 12', '        posts and 3', '        more']
    """
    if width(text) <= columns:
        return [text]
    first, *words = text.split(" ")
    lines = [first]
    for word in words:
        if lines[-1].isspace() and len(lines) > 1:  # broken between two blanks
            lines[-1] = " " * hang + word
        elif width(f"{lines[-1]} {word}") > columns and width(lines[-1]) >= hang:
            lines.append(" " * hang + word)
        else:
            lines[-1] += f" {word}"
    return [each.rstrip() for each in lines]
