"""What to expect of a SQLite file that another program, or a stranger, made."""

from __future__ import annotations

import sqlite3

# Python cannot even say what SQLite says of names that are no UTF-8.
DAMAGE = (sqlite3.DatabaseError, UnicodeDecodeError)
# Bytes of a cell: a larger one is no text of a post, and a hostile file could fill the memory.
LONGEST_CELL = 64 * 1024 * 1024
