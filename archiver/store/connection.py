"""The connection of a transaction: SQLAlchemy's, or the driver's own where that is all there is.

What is written in bulk, or what only SQLite can do, is written through the driver. A pass of dedup
does all of its work so, and is spared SQLAlchemy (see `passing.py`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import sqlalchemy

# Of functions that ask for no more than the driver.
Connection: TypeAlias = "sqlalchemy.Connection | sqlite3.Connection"

# SQLite takes up to 32,766 variables; 500 keep the statements small and the plan an index seek.
LOOKUP = 500


def driver(conn: Connection) -> sqlite3.Connection:
    """The DB-API connection below, inside the same transaction; the index writes through it."""
    if isinstance(conn, sqlite3.Connection):
        return conn
    raw = conn.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def rows_of(db: sqlite3.Connection, sql: str, keys: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """What a statement with `{marks}` finds for any number of keys."""
    for at in range(0, len(keys), LOOKUP):
        some = keys[at : at + LOOKUP]
        # Not `yield from`: a generator that an interrupt left behind would close the cursor, and
        # complain where the archive is closed already.
        for row in db.execute(sql.format(marks=",".join("?" * len(some))), some):  # noqa: UP028
            yield row
