"""What the archive holds, in numbers. Plain SQL over the driver's connection."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from archiver.store.version import HEAD

_COUNTS = """
SELECT
  (SELECT count(*) FROM post) AS posts,
  (SELECT count(*) FROM post WHERE kind = 1) AS service,
  (SELECT count(*) FROM post WHERE deleted_at IS NOT NULL) AS deleted,
  (SELECT count(*) FROM post WHERE date IS NULL) AS undated,
  (SELECT count(*) FROM post WHERE cuts IS NOT NULL) AS doubled,
  (SELECT count(DISTINCT channel_id) FROM post) AS channels,
  (SELECT count(*) FROM revision) AS revisions,
  (SELECT count(*) FROM cluster) AS clusters,
  (SELECT count(*) FROM cluster WHERE copies > 0) AS repeated,
  (SELECT count(*) FROM cluster WHERE copies = 0) AS albums,
  (SELECT coalesce(sum(posts), 0) FROM cluster) AS clustered,
  (SELECT coalesce(sum(copies), 0) FROM cluster) AS copies,
  (SELECT count(*) FROM pending) AS pending,
  (SELECT count(*) FROM event WHERE kind = 'bad-record'
     AND place NOT LIKE '%: whole file') AS bad_records,
  (SELECT count(*) FROM channel_sync WHERE wanted) AS synced,
  (SELECT count(*) FROM channel_sync WHERE wanted AND error IS NOT NULL) AS in_trouble,
  (SELECT count(*) FROM channel_sync WHERE wanted AND succeeded IS NULL) AS never_complete,
  (SELECT min(succeeded) FROM channel_sync WHERE wanted) AS oldest_success,
  (SELECT min(date) FROM post) AS first_date,
  (SELECT max(date) FROM post) AS last_date
"""


def overview(db: sqlite3.Connection, path: Path) -> dict[str, Any]:
    """Counts, sizes in bytes, dates in Unix seconds, and the last ten runs.

    `statements` counts what search shows: posts less those hidden behind another of their
    cluster. Of the clusters `repeated` have copies, `albums` are albums that nobody repeated.
    `collapsed_share` is the share of posts so hidden, from 0 to 1.
    """
    cursor = db.execute(_COUNTS)
    names = [column[0] for column in cursor.description]
    counts = dict(zip(names, cursor.fetchone(), strict=True))
    hidden = counts["clustered"] - counts["clusters"]
    return {
        "path": str(path),
        "schema": HEAD,
        **counts,
        "statements": counts["posts"] - hidden,
        "collapsed_share": hidden / counts["posts"] if counts["posts"] else 0.0,
        "bytes": size_of(path),
        "runs": runs(db, 10),
    }


def size_of(path: Path) -> int:
    """Bytes on disk, with what has not been merged into the main file yet."""
    files = (path, path.with_name(path.name + "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


_RUNS = """
SELECT r.id, r.command, r.started, r.finished, r.status, r.counts,
       (SELECT count(*) FROM event e WHERE e.run_id = r.id AND e.kind <> 'notice') AS events
FROM run r
"""


def runs(
    db: sqlite3.Connection, limit: int, *, failed: bool = False, number: int | None = None
) -> list[dict[str, Any]]:
    """The last runs, newest first, with their counts and how many events they met."""
    where, values = [], list[int]()
    if failed:
        where.append("coalesce(r.status, '') <> 'done'")
    if number is not None:
        where.append("r.id = ?")
        values.append(max(-(2**62), min(number, 2**62)))
    sql = _RUNS + (f" WHERE {' AND '.join(where)}" if where else "") + " ORDER BY r.id DESC LIMIT ?"
    return _read(db.execute(sql, (*values, limit)))


def runs_since(db: sqlite3.Connection, moment: int, run: int = 0) -> list[dict[str, Any]]:
    """The runs that ended at that second or later, or have not ended, and those after `run`.

    Their numbers go up whatever the clock does.
    """
    sql = _RUNS + " WHERE r.finished IS NULL OR r.finished >= ? OR r.id > ? ORDER BY r.id"
    return _read(db.execute(sql, (moment, run)))


def _read(cursor: sqlite3.Cursor) -> list[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    found = [dict(zip(names, row, strict=True)) for row in cursor]
    for run in found:
        run["counts"] = json.loads(run["counts"]) if run["counts"] else None
    return found


def events_of(db: sqlite3.Connection, run_id: int) -> list[dict[str, Any]]:
    """What a run met, in order: kind, place and message."""
    cursor = db.execute(
        "SELECT kind, place, message FROM event WHERE run_id = ? ORDER BY id", (run_id,)
    )
    return [dict(zip(("kind", "place", "message"), row, strict=True)) for row in cursor]


_CHANNELS = """
SELECT c.id, c.tg_id, c.username, c.title, c.kind,
       count(p.id) AS posts, min(p.date) AS first, max(p.date) AS last,
       coalesce(s.wanted, 0) AS synced, s.state, s.succeeded, s.error, s.server_count
FROM channel c LEFT JOIN post p ON p.channel_id = c.id
LEFT JOIN channel_sync s ON s.channel_id = c.id
GROUP BY c.id HAVING count(p.id) > 0 OR synced OR ?
ORDER BY posts DESC, c.id
"""


def channels(db: sqlite3.Connection, *, every: bool = False) -> list[dict[str, Any]]:
    """Each channel with the number and span of its posts; with `every` also mere origins."""
    cursor = db.execute(_CHANNELS, (every,))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
