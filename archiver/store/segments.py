"""Pieces of a full-text index that were made apart, joined as FTS5 joins what it writes itself.

Half of what FTS5 takes to index a post it waits for memory: each of its words is looked for among
all that are collected. So other processes do it, each in an index of its own that holds a portion
of the posts, in memory; what FTS5 has made of a portion is one segment, whose pages become pages of
the archive's index under another number. Nothing but numbers is changed in it:

    %_data     id = segment << 37 | page; 1 counts rows and words, 10 lists the segments by levels
    %_idx      (segment, first word) -> page
    %_docsize  the words of each row, for its rank

That is the form of files since SQLite 3.9, which later versions read, too; what looks otherwise is
refused (Unfamiliar), and the index is made without this.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

_PLANE = 37
_TOTALS, _STRUCTURE = 1, 10
_FIRST_PAGE = 1 << _PLANE
_COLLECTED = 1 << 30  # bytes; more than any portion has, so that it becomes one segment
_VERSION = 4


class Unfamiliar(Exception):
    """FTS5 writes its tables otherwise than we know."""


class Piece(NamedTuple):
    """The one segment of a small index: what FTS5 wrote for it, as of segment 0."""

    pages: list[tuple[int, bytes]]
    words: list[tuple[bytes, int]]
    sizes: list[tuple[int, bytes]]
    totals: list[int]  # of rows, then of words in each column
    first: int  # the numbers of its pages
    last: int


class Workshop:
    """Makes pieces of an index with the given declaration, one at a time, in memory."""

    def __init__(self, name: str, ddl: str) -> None:
        self._name = name
        self._db = sqlite3.connect(":memory:", isolation_level=None)
        self._db.execute(ddl)
        self._set("hashsize", _COLLECTED)
        self._set("automerge", 0)

    def piece(self, add: str, rows: Iterable[Sequence[Any]]) -> Piece:
        """What FTS5 makes of rows, in the order of their ids; `add` is the statement for one."""
        self._db.execute("BEGIN")
        self._db.executemany(add, rows)
        self._db.execute("COMMIT")
        found = self._read()
        self._db.execute(f"INSERT INTO {self._name}({self._name}) VALUES ('delete-all')")
        return found

    def _set(self, name: str, value: int) -> None:
        sql = f"INSERT INTO {self._name}({self._name}, rank) VALUES (?, ?)"
        self._db.execute(sql, (name, value))

    def _read(self) -> Piece:
        name, db = self._name, self._db
        version = "SELECT v FROM {}_config WHERE k = 'version'"
        if db.execute(version.format(name)).fetchone() != (_VERSION,):
            raise Unfamiliar
        segment, first, last = _only_segment(_block(db, name, _STRUCTURE))
        low = segment << _PLANE
        pages = f"SELECT id - {low}, block FROM {name}_data WHERE id >= {_FIRST_PAGE} ORDER BY id"
        words = f"SELECT term, pgno FROM {name}_idx WHERE segid = {segment} ORDER BY term"
        sizes = f"SELECT id, sz FROM {name}_docsize ORDER BY id" if _has_sizes(db, name) else ""
        return Piece(
            db.execute(pages).fetchall(),
            db.execute(words).fetchall(),
            db.execute(sizes).fetchall() if sizes else [],
            list(_numbers(_block(db, name, _TOTALS))),
            first,
            last,
        )


class Joining:
    """Puts pieces into an index that is empty and was just made; `finish` makes it whole.

    Not before: until then FTS5 must not look at it, since it keeps in mind what it read.
    """

    def __init__(self, db: sqlite3.Connection, name: str) -> None:
        self._db = db
        self._name = name
        self._segments: list[tuple[int, int, int]] = []
        self._totals: list[int] = []

    def add(self, piece: Piece) -> None:
        """One more; its rows are none of those there already."""
        segment = len(self._segments) + 1
        self._segments.append((segment, piece.first, piece.last))
        self._totals = [
            some + more
            for some, more in zip(
                self._totals or [0] * len(piece.totals), piece.totals, strict=True
            )
        ]
        low = segment << _PLANE
        self._insert("data", "id, block", ((low + at, block) for at, block in piece.pages))
        self._insert("idx", "segid, term, pgno", ((segment, *word) for word in piece.words))
        if piece.sizes:
            self._insert("docsize", "id, sz", piece.sizes)

    def finish(self) -> None:
        """List the pieces as segments of one level, the first the oldest."""
        if not self._segments:
            return
        cookie = _block(self._db, self._name, _STRUCTURE)[:4]
        pages = sum(last - first + 1 for _, first, last in self._segments)
        count = len(self._segments)
        numbers = [1, count, pages, 0, count, *(n for some in self._segments for n in some)]
        update = f"UPDATE {self._name}_data SET block = ? WHERE id = ?"
        self._db.execute(update, (cookie + b"".join(map(_varint, numbers)), _STRUCTURE))
        self._db.execute(update, (b"".join(map(_varint, self._totals)), _TOTALS))

    def _insert(self, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
        marks = ", ".join("?" * (columns.count(",") + 1))
        sql = f"INSERT INTO {self._name}_{table}({columns}) VALUES ({marks})"
        self._db.executemany(sql, rows)


def is_familiar(db: sqlite3.Connection, name: str, ddl: str) -> bool:
    """Whether FTS5 writes such an index as we know it, and lets others write into it."""
    try:
        Workshop(name, ddl).piece(f"INSERT INTO {name}(rowid, text) VALUES (?, ?)", [(1, "word")])
        db.execute(f"UPDATE {name}_data SET id = id WHERE id IS NULL")
    except (Unfamiliar, ValueError, sqlite3.DatabaseError):
        return False
    return True


def _has_sizes(db: sqlite3.Connection, name: str) -> bool:
    sql = "SELECT 1 FROM sqlite_master WHERE name = ?"
    return db.execute(sql, (f"{name}_docsize",)).fetchone() is not None


def _block(db: sqlite3.Connection, name: str, key: int) -> bytes:
    (block,) = db.execute(f"SELECT block FROM {name}_data WHERE id = ?", (key,)).fetchone()
    return bytes(block)


def _only_segment(structure: bytes) -> tuple[int, int, int]:
    """Number, first and last page of the one segment, where a list of them holds no more."""
    levels, _, _, *told = _numbers(structure[4:])
    # Of each level how many are being merged, how many there are, and these.
    while told[:2] == [0, 0]:
        del told[:2]
        levels -= 1
    if levels != 1 or told[:2] != [0, 1] or len(told) != 5:
        raise Unfamiliar
    return told[2], told[3], told[4]


def _numbers(block: bytes) -> Iterator[int]:
    """Numbers as SQLite writes them: seven bits a byte, the highest first."""
    number = 0
    for byte in block:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            yield number
            number = 0


def _varint(number: int) -> bytes:
    """One such number below 2^56.

    >>> list(_numbers(_varint(300) + _varint(7)))
    [300, 7]
    """
    low = [number & 0x7F]
    while number := number >> 7:
        low.append(number & 0x7F | 0x80)
    return bytes(reversed(low))
