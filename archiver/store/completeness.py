"""How complete the synced channels are, read without SQLAlchemy: for info, doctor and metrics."""

from __future__ import annotations

import sqlite3
from typing import Any

from archiver.store.coverage import Coverage, faults

_SYNCED = """
SELECT s.channel_id, c.tg_id, c.username, c.title, c.kind, s.wanted, s.added, s.added_as, s.state,
       s.state_since, s.since, s.floor_id, s.available_min_id, s.linked_tg_id, s.pts, s.differences,
       s.sweep_before, s.sweep_started, s.swept, s.server_count, s.tried, s.succeeded, s.error,
       (SELECT count(*) FROM post p WHERE p.channel_id = s.channel_id AND p.message_id > 0
           AND p.deleted_at IS NULL) AS live_posts,
       (SELECT count(*) FROM post p WHERE p.channel_id = s.channel_id
           AND p.deleted_at IS NOT NULL) AS deleted_posts
FROM channel_sync s JOIN channel c ON c.id = s.channel_id
"""


def synced_channels(
    db: sqlite3.Connection, channel_ids: list[int] | None = None
) -> list[dict[str, Any]]:
    """The synced channels with what is covered of each, and how many ids are still open.

    `covered_share` is the share, 0 to 1, of the wanted ids up to the newest one known; None for a
    channel of which nothing is known yet.
    """
    sql, values = _SYNCED + " WHERE s.wanted", list[int]()
    if channel_ids is not None:
        values = channel_ids
        sql = _SYNCED + f" WHERE s.channel_id IN ({','.join('?' * len(values))})"
    cursor = db.execute(sql + " ORDER BY s.channel_id", values)
    names = [column[0] for column in cursor.description]
    found = [dict(zip(names, row, strict=True)) for row in cursor]
    for each in found:
        each |= _covered(each, Coverage(tuple(intervals(db, each["channel_id"]))))
    return found


def intervals(db: sqlite3.Connection, channel_id: int) -> list[tuple[int, int]]:
    """The covered ids of a channel, ascending."""
    sql = "SELECT lo, hi FROM coverage WHERE channel_id = ? ORDER BY lo"
    return [(lo, hi) for lo, hi in db.execute(sql, (channel_id,))]


def _covered(each: dict[str, Any], coverage: Coverage) -> dict[str, Any]:
    floor = max(1, each["floor_id"] or 1, each["available_min_id"] or 1)
    gaps = coverage.gaps(floor, coverage.top)
    open_ids = sum(hi - lo + 1 for lo, hi in gaps)
    wanted = coverage.top - floor + 1
    share = (wanted - open_ids) / wanted if coverage.top and wanted > 0 else None
    return {"top_id": coverage.top, "gaps": list(gaps), "open_ids": open_ids,
            "covered_share": share}  # fmt: skip


def names_of(db: sqlite3.Connection, channel_id: int) -> list[dict[str, Any]]:
    """Every name a channel had, in the order they were first seen."""
    cursor = db.execute(
        "SELECT kind, name, first_seen, last_seen FROM channel_name WHERE channel_id = ?"
        " ORDER BY first_seen, kind, name",
        (channel_id,),
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def waits(db: sqlite3.Connection, now: int) -> list[tuple[str, int]]:
    """The methods that may not be called yet, and from when on they may."""
    sql = "SELECT method, not_before FROM flood_wait WHERE not_before > ? ORDER BY method"
    return [(method, not_before) for method, not_before in db.execute(sql, (now,))]


def coverage_faults(db: sqlite3.Connection) -> list[str]:
    """What is wrong with the covered intervals, in sentences; a sync cannot have done it."""
    found = []
    for (channel_id,) in db.execute("SELECT DISTINCT channel_id FROM coverage").fetchall():
        for said in faults(intervals(db, channel_id)):
            found.append(f"channel {channel_id}: {said}")
    return found


def damage(db: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong with the file: up to ten sentences, none for a sound one."""
    found = [row[0] for row in db.execute("PRAGMA integrity_check(10)")]
    found = [] if found == ["ok"] else found
    broken = db.execute("PRAGMA foreign_key_check").fetchmany(10)
    return found + [f"a row of {table} points to nothing in {to}" for table, _, to, _ in broken]
