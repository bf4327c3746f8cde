"""What an export reads beside the posts, and how far the exports by name are. Plain SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

_LIGHT = "SELECT sort_key, id, channel_id, date, cluster_id, kind, deleted_at IS NOT NULL FROM post"
# Posts that came in a later run, or of which one brought another wording.
_NEWS = """
SELECT sort_key FROM post WHERE added_run > ?1
UNION SELECT p.sort_key FROM revision r JOIN post p ON p.id = r.post_id WHERE r.run_id > ?1
UNION SELECT sort_key FROM post WHERE deleted_at >=
  (SELECT min(started) FROM run WHERE id > ?1)
UNION SELECT p.sort_key FROM event e JOIN post p ON p.id = CAST(substr(e.place, 2) AS INTEGER)
  WHERE e.kind = 'restored' AND e.run_id > ?1
ORDER BY 1
"""
_MEMBERS = """
SELECT p.sort_key FROM post own
JOIN post p ON p.id = own.id OR (own.cluster_id IS NOT NULL AND p.cluster_id = own.cluster_id)
WHERE own.id = ? ORDER BY 1
"""
_VERSIONS = """
SELECT id, text, entities, edited, source, seen, run_id, media_kind, media, raw, raw_layer
FROM revision WHERE post_id = ? ORDER BY seen, id
"""
_ORIGIN = """
SELECT p.src_text, p.src_forward, p.src_media, p.src_counts, p.added_run, p.deleted_at,
  p.deleted_evidence, p.cluster_id, p.reason, p.score, p.via_post, w.layer, w.tl
FROM post p LEFT JOIN raw_post w ON w.post_id = p.id WHERE p.id = ?
"""
_METRICS = "SELECT seen, views, forwards, replies, reactions FROM metric WHERE post_id = ?"
_CHANNELS = "SELECT id, tg_id, username, title, kind, added FROM channel WHERE id IN ({marks})"
_SYNC = """
SELECT wanted, added, state, state_since, since, floor_id, available_min_id, linked_tg_id,
  differences, swept, server_count, tried, succeeded, error
FROM channel_sync WHERE channel_id = ?
"""
_CLUSTERS = """
SELECT id, canonical, posts, copies, channels, first_date, last_date
FROM cluster WHERE id IN ({marks}) ORDER BY id
"""
_RUNS = "SELECT id, command, started, finished, status FROM run WHERE id IN ({marks}) ORDER BY id"
_VERDICTS = """
SELECT id, kind, post_id, other_id, said, run_id, withdrawn FROM verdict ORDER BY id
"""
_NAMED = """
SELECT coalesce(c.username, c.title), p.message_id FROM post p JOIN channel c ON c.id = p.channel_id
WHERE p.id = ?
"""
_AT_ONCE = 500


class Light(NamedTuple):
    """A post without its words."""

    sort_key: int
    id: int
    channel_id: int
    date: int | None
    cluster_id: int | None
    kind: int
    deleted: bool


class Cursor(NamedTuple):
    """How far an export by name is: the last run whose news it held, and what it was of."""

    run_id: int
    query: str


def light(db: sqlite3.Connection, keys: Iterable[int] | None) -> Iterator[Light]:
    """These posts, or all of them, oldest first."""
    if keys is None:
        yield from map(Light._make, db.execute(f"{_LIGHT} ORDER BY sort_key"))
        return
    for key in keys:
        yield from map(Light._make, db.execute(f"{_LIGHT} WHERE sort_key = ?", (key,)))


def count(db: sqlite3.Connection) -> int:
    """How many posts there are."""
    return int(db.execute("SELECT count(*) FROM post").fetchone()[0])


def statement(db: sqlite3.Connection, post_id: int) -> list[int]:
    """The sort keys of all posts that are one statement with this one, oldest first."""
    return [key for (key,) in db.execute(_MEMBERS, (post_id,))]


def news(db: sqlite3.Connection, run_id: int) -> list[int]:
    """The sort keys of what later runs brought: posts, wordings, deletions, returns."""
    return [key for (key,) in db.execute(_NEWS, (run_id,))]


def last_run(db: sqlite3.Connection) -> int:
    """The number of the last run; 0 for an archive without any."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM run").fetchone()[0])


def cursor(db: sqlite3.Connection, name: str) -> Cursor | None:
    """Where the export of this name stood."""
    row = db.execute("SELECT run_id, query FROM export_cursor WHERE name = ?", (name,)).fetchone()
    return None if row is None else Cursor(*row)


def move_cursor(db: sqlite3.Connection, name: str, to: Cursor, now: int) -> None:
    """Remember how far the export of this name is."""
    db.execute(
        "INSERT OR REPLACE INTO export_cursor(name, run_id, query, moved) VALUES (?, ?, ?, ?)",
        (name, to.run_id, to.query, now),
    )


def versions(db: sqlite3.Connection, post_id: int) -> list[dict[str, Any]]:
    """Every other wording of a post, with where it came from."""
    return _dicts(db.execute(_VERSIONS, (post_id,)))


def origin(db: sqlite3.Connection, post_id: int) -> dict[str, Any]:
    """How a post's row was obtained, where it stands, and the bytes Telegram sent (zlib)."""
    return _dicts(db.execute(_ORIGIN, (post_id,)))[0]


def metrics(db: sqlite3.Connection, post_id: int) -> list[dict[str, Any]]:
    """The counters of a post over time."""
    return _dicts(db.execute(f"{_METRICS} ORDER BY seen", (post_id,)))


def channels(db: sqlite3.Connection, ids: Iterable[int]) -> list[dict[str, Any]]:
    """The rows of these channels, by id."""
    return _among(db, _CHANNELS + " ORDER BY id", ids)


def sync_state(db: sqlite3.Connection, channel_id: int) -> dict[str, Any] | None:
    """How far the sync of a channel is; None for one that was never synced."""
    found = _dicts(db.execute(_SYNC, (channel_id,)))
    return found[0] if found else None


def clusters(db: sqlite3.Connection, ids: Iterable[int]) -> list[dict[str, Any]]:
    """The rows of these clusters, by id."""
    return _among(db, _CLUSTERS, ids)


def albums(db: sqlite3.Connection) -> set[int]:
    """The clusters that are one album each and have no copies."""
    return {i for (i,) in db.execute("SELECT id FROM cluster WHERE copies = 0")}


def verdicts(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """What persons said about statements, also what was taken back, in the order it was said."""
    return _dicts(db.execute(_VERDICTS))


def named(db: sqlite3.Connection, post_id: int) -> tuple[str, int]:
    """The channel of a post and its number there."""
    channel, message_id = db.execute(_NAMED, (post_id,)).fetchone()
    return str(channel), int(message_id)


def runs(db: sqlite3.Connection, ids: Iterable[int]) -> list[dict[str, Any]]:
    """The rows of these runs, by id."""
    return _among(db, _RUNS, ids)


def _among(db: sqlite3.Connection, sql: str, ids: Iterable[int]) -> list[dict[str, Any]]:
    wanted, found = sorted(ids), []
    for at in range(0, len(wanted), _AT_ONCE):
        some = wanted[at : at + _AT_ONCE]
        found += _dicts(db.execute(sql.format(marks=",".join("?" * len(some))), some))
    return found


def _dicts(found: sqlite3.Cursor) -> list[dict[str, Any]]:
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]
