"""The connection of a transaction: SQLAlchemy's, or the driver's own where that is all there is.

What is written in bulk, or what only SQLite can do, is written through the driver. A pass of dedup
does all of its work so, and is spared SQLAlchemy (see `passing.py`).
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, TypeAlias

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
