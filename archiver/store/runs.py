"""The log of runs: what a command began, and how it ended."""

from __future__ import annotations

import json
from typing import Any

from archiver.store.connection import Connection, driver


def start(conn: Connection, command: str, now: int) -> int:
    """Note that a command began; its id goes with all it writes."""
    db = driver(conn)
    made = db.execute("INSERT INTO run(command, started) VALUES (?, ?)", (command, now)).lastrowid
    assert made is not None
    return made


def finish(conn: Connection, run_id: int, now: int, outcome: str, counts: dict[str, Any]) -> None:
    """Note how it ended: done, incomplete or failed."""
    values = (now, outcome, json.dumps(counts, ensure_ascii=False, separators=(",", ":")), run_id)
    driver(conn).execute("UPDATE run SET finished = ?, status = ?, counts = ? WHERE id = ?", values)
