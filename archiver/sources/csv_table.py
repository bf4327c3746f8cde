"""Tables of posts: CSV with a header, separated by comma, semicolon, tab or bar.

What a row means is in `table.py`. BadRecord: a row that cannot be read, or in which a stray quote
has swallowed the rows after it. InputError: no header with a text and an id or a date.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from typing import IO

from archiver.errors import InputError
from archiver.model import BadRecord, Notice
from archiver.sources import Item, ReadOptions, encoding
from archiver.sources.columns import columns_of, is_table
from archiver.sources.keys import Occurrences
from archiver.sources.table import Cells, Posts, moment_of, number_in, told

NAME = "csv"
LINE_LIMIT = 4 * 1024 * 1024
_DELIMITERS = ",;\t|"
# So many lines of a cell that are rows by themselves were rows, which a quote without an end took
# in. A number and some words, all that a row of two columns is, come in a list of a post, too.
_SWALLOWED = 5
_SWALLOWED_OF_TWO = 20


def sniff(head: bytes, filename: str) -> bool:
    """A first line with a column for the text and one for a number, an address or a date."""
    text = encoding.text_of(head)
    if "\0" in text:
        return False
    return is_table(columns_of(_header(text.split("\n", 1)[0].rstrip("\r"))))


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
    if not is_table(columns):
        raise InputError(
            f"{name}: no column is called text and none id or date; say which they are with"
            " --columns text=NAME,id=NAME,date=NAME"
        )
    with Occurrences() as seen:
        yield from _Table(columns, len(header), Posts(options, seen)).items(rows)


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
    def __init__(self, columns: dict[str, int], width: int, posts: Posts) -> None:
        self._columns = columns
        self._width = width
        self._posts = posts

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
                    yield self._posts.post(self._cells(row))
                except ValueError as error:
                    raw = " | ".join(row)[:200]
                    yield BadRecord(f"line {rows.line}", str(error), raw)
        yield from self._posts.notices()

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
        cells = self._cells(row)
        try:
            found = {
                "id": number_in(cells, "id"),
                "date": moment_of(cells("date") or "", UTC),
                "url": cells("url"),
            }
        except ValueError:
            return False
        return all(found[name] is not None for name in found.keys() & self._columns.keys())

    def _cells(self, row: Sequence[str]) -> Cells:
        def cell(field: str) -> str | None:
            place = self._columns.get(field)
            if place is None or place >= len(row):
                return None
            return told(field, row[place])

        return cell
