"""Fingerprints of the last passes, on their way into the table `print`.

They are hashes: the 7,000 of a night stand on as many pages of the index, so that a night wrote
most of it anew. Here they stand close together, and a night sorts in one range of hashes: what has
come since the range was last sorted in, to a few pages that lie side by side.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain

from archiver.store import state

TABLES = ("print", "fresh_print")

# Pairs of a pass that are put here; more of them meet most pages of the index anyway.
_FEW = 50_000
# Of a million posts the index has 16,000 pages. With 32 ranges a night writes 500 of them, and the
# 400 on which the pairs of 16 nights are.
_RANGES = 32
_WIDTH = (1 << 40) // _RANGES  # hashes have 40 bits
_NEXT = "print_range"


_ADD = "INSERT OR IGNORE INTO {}(hash, body_id) VALUES {}"
_ROWS = 200  # by one statement, which takes four fifths of the time of as many
_MARKS = ", ".join(["(?, ?)"] * _ROWS)


def filled(db: sqlite3.Connection) -> Sequence[str]:
    """Those of the tables in which anything is: in a long pass one."""
    has_fresh = db.execute("SELECT EXISTS(SELECT 1 FROM fresh_print)").fetchone()[0]
    return TABLES if has_fresh else TABLES[:1]


def add(db: sqlite3.Connection, rows: Sequence[tuple[int, int]]) -> None:
    """Add (hash, body) pairs in their order: a few here, many to the index itself."""
    table = "print" if len(rows) > _FEW else "fresh_print"
    whole = len(rows) - len(rows) % _ROWS
    many = _ADD.format(table, _MARKS)
    for at in range(0, whole, _ROWS):
        db.execute(many, list(chain.from_iterable(rows[at : at + _ROWS])))
    db.executemany(_ADD.format(table, "(?, ?)"), rows[whole:])
    if table == "fresh_print" and rows:
        _sort_in(db)


def _sort_in(db: sqlite3.Connection) -> None:
    """Move the pairs of the next range to the index."""
    at = state.get(db, _NEXT) or 0
    within = (at * _WIDTH, (at + 1) * _WIDTH)
    some = "fresh_print WHERE hash >= ? AND hash < ?"
    db.execute(
        f"INSERT OR IGNORE INTO print SELECT hash, body_id FROM {some} ORDER BY 1, 2", within
    )
    db.execute(f"DELETE FROM {some}", within)
    state.put(db, _NEXT, (at + 1) % _RANGES)
