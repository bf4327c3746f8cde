"""The driver's connection below SQLAlchemy's, for what is written in bulk or only SQLite can do."""

from __future__ import annotations

import sqlite3

from sqlalchemy import Connection


def driver(conn: Connection) -> sqlite3.Connection:
    """The DB-API connection below, inside the same transaction; the index writes through it."""
    raw = conn.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw
