"""Tables of posts: CSV with a header, separated by comma, semicolon, tab or bar.

Columns with names in use are recognised, others can be named (`csv_columns.py`). A table has no
formatting and often text that somebody cleaned: it is trusted as plain text is. Times without an
offset are read with `timezone`, else as UTC with a notice. A row without an id gets a synthetic
one. BadRecord: a row that cannot be read, or in which a stray quote has swallowed the rows after
it. InputError: no header with a text and an id or a date.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import IO

from archiver.checks import checked
from archiver.errors import InputError
from archiver.model import BadRecord, Channel, Forward, Notice, OriginKind, Post, Source
from archiver.sources import Item, ReadOptions, encoding
from archiver.sources.csv_columns import columns_of
from archiver.sources.keys import (
    Occurrences,
    assumed_zone,
    channel_key,
    channel_said,
    marked_channel,
)
from archiver.text.refs import parse_channel

NAME = "csv"
LINE_LIMIT = 4 * 1024 * 1024
_DELIMITERS = ",;\t|"
# So many lines of a cell that are rows by themselves were rows, which a quote without an end took
# in. A number and some words, all that a row of two columns is, come in a list of a post, too.
_SWALLOWED = 5
_SWALLOWED_OF_TWO = 20
_NOTHING = frozenset(("", "none", "null", "nan", "nat", "n/a"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DOTTED = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?[ T](\d{1,2}:\d{2}(?::\d{2})?))?", re.ASCII
)
_POST_URL = re.compile(
    r"(?:https?://)?(?:www\.)?t\.me/(?:s/)?([A-Za-z][A-Za-z0-9_]{2,63})/([0-9]{1,15})(?:[?#].*)?",
    re.ASCII,
)
_LOCAL = (
    "times have no offset and were read as UTC; say of which zone they are, such as"
    " --timezone Europe/Kyiv, and import again"
)


def sniff(head: bytes, filename: str) -> bool:
    """A first line with a column for the text and one for a number, an address or a date."""
    text = encoding.text_of(head)
    if "\0" in text:
        return False
    found = columns_of(_header(text.split("\n", 1)[0].rstrip("\r")))
    return "text" in found and bool(found.keys() & {"id", "date", "url"})


def _header(line: str) -> list[str]:
    """The names of the columns, with the delimiter that parts most of them."""
    tries = [_cells(line, delimiter) for delimiter in _DELIMITERS]
    return max(tries, key=len)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def read(file: IO[bytes], options: ReadOptions) -> Iterator[Item]:
    """The posts of a table, row by row."""
    head, chunks = encoding.peeked(file)
    how = encoding.decoding_of(head, options.encoding)
    name = options.name or "the file"
    if how is None:
        raise InputError(f"{name} is not UTF-8; say what it is, such as --encoding cp1251")
    if how.guessed:
        yield Notice(f"read as {how.encoding}; say --encoding if the text looks wrong")
    first = encoding.text_of(head).split("\n", 1)[0].rstrip("\r")
    delimiter = max(_DELIMITERS, key=lambda each: len(_cells(first, each)))
    rows = _Rows(encoding.lines_of(encoding.as_utf8(chunks, how), LINE_LIMIT), delimiter)
    header = next(iter(rows), ())
    columns = columns_of(header, options.columns)
    if "text" not in columns or not columns.keys() & {"id", "date", "url"}:
        raise InputError(
            f"{name}: no column is called text and none id or date; say which they are with"
            " --columns text=NAME,id=NAME,date=NAME"
        )
    with Occurrences() as seen:
        yield from _Table(columns, len(header), options, seen).items(rows)


class _Rows:
    """Rows of cells, with the line they begin in; a row that is none is a BadRecord."""

    def __init__(self, lines: Iterable[tuple[bytes, bool]], delimiter: str) -> None:
        self.line = 0
        self.delimiter = delimiter
        self.ended = False  # the reader asked for more than there is: it is inside quotes
        self._lines = iter(lines)
        self._cut = False
        self._reader = csv.reader(self._texts(), delimiter=delimiter)

    def _texts(self) -> Iterator[str]:
        for line, whole in self._lines:
            self._cut |= not whole
            yield line.decode("utf-8", "replace") + "\n"
        self.ended = True

    def __iter__(self) -> Iterator[Sequence[str]]:
        while True:
            self.line = self._reader.line_num + 1
            try:
                found = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                found = []
                self._cut = True
            yield found

    def taken_whole(self) -> bool:
        """Whether the last row was; asked once a row."""
        cut, self._cut = self._cut, False
        return not cut


class _Table:
    def __init__(
        self, columns: dict[str, int], width: int, options: ReadOptions, seen: Occurrences
    ) -> None:
        self._columns = columns
        self._width = width
        self._zone = options.timezone
        self._seen = seen
        name = options.channel or options.name.rsplit(".", 1)[0] or "table"
        self._channel = channel_said(name)
        self._said = options.channel is not None
        self._local = False

    def items(self, rows: _Rows) -> Iterator[Item]:
        for row in rows:
            if not rows.taken_whole():
                yield BadRecord(
                    f"line {rows.line}", "a row or a cell that is too long, or unclosed"
                )
            elif reason := self._swallows(row, rows):
                yield BadRecord(f"line {rows.line}", reason, " | ".join(row)[:200])
            elif any(row):
                try:
                    yield self._post(row)
                except ValueError as error:
                    raw = " | ".join(row)[:200]
                    yield BadRecord(f"line {rows.line}", str(error), raw)
        if self._local:
            yield Notice(_LOCAL)

    def _swallows(self, row: Sequence[str], rows: _Rows) -> str:
        """What is wrong with a row in which a quote has no end, or has it in a later row."""
        if rows.ended:
            return "a quote that begins here is never closed, up to the end of the file"
        fewest = _SWALLOWED if len(row) > 2 else _SWALLOWED_OF_TWO
        longest = max(row, key=len, default="")  # a blank line is a row of no cells
        if longest.count("\n") < fewest:
            return ""
        lines = (_cells(line, rows.delimiter) for line in longest.split("\n")[1:])
        swallowed = sum(len(each) == self._width and self._is_row(each) for each in lines)
        if swallowed < fewest:
            return ""
        return f"a quote that begins here swallowed the next {swallowed:,} rows"

    def _is_row(self, row: Sequence[str]) -> bool:
        """Whether cells have a number, date or address wherever the table has a column for one."""
        try:
            told = {
                "id": self._number(row, "id"),
                "date": _moment(self._cell(row, "date") or "", UTC),
                "url": self._cell(row, "url"),
            }
        except ValueError:
            return False
        return all(told[name] is not None for name in told.keys() & self._columns.keys())

    def _cell(self, row: Sequence[str], field: str) -> str | None:
        place = self._columns.get(field)
        if place is None or place >= len(row):
            return None
        cell = row[place]
        if field == "text":
            return cell
        return None if cell.strip().casefold() in _NOTHING else cell.strip()

    def _number(self, row: Sequence[str], field: str) -> int | None:
        """A whole number, as spreadsheets write it too: 12.0."""
        cell = self._cell(row, field)
        if cell is None:
            return None
        match = re.fullmatch(r"(-?[0-9]{1,18})(?:\.0{1,6})?", cell, re.ASCII)
        if match is None:
            raise ValueError(f"{field} {cell[:40]!r} is not a whole number")
        return int(match[1])

    def _post(self, row: Sequence[str]) -> tuple[Channel, Post]:
        url = _POST_URL.fullmatch(self._cell(row, "url") or "")
        channel = self._channel_of(row, url[1] if url else None)
        text = self._cell(row, "text") or ""
        number = self._number(row, "id")
        number = int(url[2]) if number is None and url else number
        date, assumed = self._date(row, "date")
        forward = self._forward(row)
        post = Post(
            message_id=number or 0,
            text=text,
            date=date,
            edited=self._date(row, "edited")[0],
            forward=forward,
            grouped_id=self._number(row, "grouped_id"),
            reply_to=self._number(row, "reply_to"),
            author=self._cell(row, "author"),
            media_kind=self._cell(row, "media_kind"),
            views=self._number(row, "views"),
            forwards=self._number(row, "forwards"),
            replies=self._number(row, "replies"),
            source=Source.TEXT,
        )
        if number is None:
            name = (forward.name if forward else None) or ""
            post = replace(post, message_id=self._seen.id_of(channel_key(channel), text, name))
        return channel, checked(assumed_zone(post) if assumed else post)

    def _channel_of(self, row: Sequence[str], in_url: str | None) -> Channel:
        number, named = self._number(row, "channel_id"), self._cell(row, "channel")
        if self._said and number is None and named is None:
            return self._channel
        title = self._cell(row, "title") or ""
        ref = parse_channel(named) if named else None
        if ref is not None and ref.tg_id is not None:
            return Channel(title, tg_id=ref.tg_id)
        username = ref.username if ref is not None else in_url
        if number is not None and number:
            return Channel(title or (named or "" if not username else ""), username,
                           marked_channel(number))  # fmt: skip
        if username:
            return Channel(title, username)
        if named or title:
            return Channel(title or named or "")
        return self._channel

    def _forward(self, row: Sequence[str]) -> Forward | None:
        named, number = self._cell(row, "forward_channel"), self._number(row, "forward_id")
        if named is None:
            return None
        date = self._date(row, "forward_date")[0]
        told = channel_said(named)
        if told.tg_id is not None and told.tg_id < 0:
            return Forward(OriginKind.CHANNEL, told.tg_id, None, number, date)
        if told.username:
            kind = OriginKind.CHANNEL if number else OriginKind.NAME
            return Forward(kind, None, told.username, number, date, told.username)
        return Forward(OriginKind.NAME, date=date, name=named)

    def _date(self, row: Sequence[str], field: str) -> tuple[int | None, bool]:
        """Seconds in UTC, and whether the zone was only assumed."""
        cell = self._cell(row, field)
        if cell is None:
            return None, False
        found = _moment(cell, self._zone or UTC)
        if found is None:
            raise ValueError(f"{field} {cell[:40]!r} is no date such as 2025-01-31 12:00:00+02:00")
        seconds, sure = found
        assumed = not sure and self._zone is None
        self._local |= assumed
        return seconds, assumed


def _moment(written: str, zone: tzinfo) -> tuple[int, bool] | None:
    """Seconds, and whether the text says of which zone. 03/04/2025 is no date: two are meant."""
    if re.fullmatch(r"[0-9]{9,10}(?:\.[0-9]{1,6})?", written, re.ASCII):
        return int(float(written)), True
    if re.fullmatch(r"[0-9]{12,13}", written, re.ASCII):
        return int(written) // 1000, True
    if match := _DOTTED.fullmatch(written):
        day, month, year, time = match.groups()
        hour = (time or "00:00").zfill(5)
        written = f"{year}-{month:0>2}-{day:0>2}T{hour}"
    try:
        moment = datetime.fromisoformat(written.removesuffix(" UTC") + "+00:00"
                                        if written.endswith(" UTC") else written)  # fmt: skip
        sure = moment.tzinfo is not None
        moment = moment if sure else moment.replace(tzinfo=zone)
        return (moment - _EPOCH) // timedelta(seconds=1), sure
    except (ValueError, OverflowError):
        return None
