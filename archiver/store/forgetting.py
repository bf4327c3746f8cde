"""Erases a channel's posts, a legal duty: the one exception to never deleting a row.

Everything that holds words of them goes: texts, versions, raw bytes, search index and lexicon are
made anew, and the file is rewritten, since SQLite leaves deleted bytes where they were. Copies in
other channels stay, and so do backups: those are other files.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, insert

from archiver.store import earlier, groups, prints, rebuilding, signing
from archiver.store.connection import driver
from archiver.store.schema import event

_DELETE = "DELETE FROM {} WHERE post_id IN (SELECT id FROM post WHERE channel_id = ?)"
# In this order: what hangs on a post before the post.
_HANGING = ("metric", "raw_post", "revision", "decision", "pending", "verdict")
_OF_CHANNEL = ("coverage", "channel_sync", "access_hash")
_CLUSTERS = "SELECT DISTINCT cluster_id FROM post WHERE channel_id = ? AND cluster_id IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased."""

    channel_id: int
    title: str
    posts: int
    versions: int


def forget(conn: Connection, channel_id: int, run_id: int) -> Forgotten:
    """Erase the posts of a channel and what was kept of them; note that in the log."""
    db = driver(conn)
    title, tg_id = db.execute(
        "SELECT coalesce('@' || username, title), tg_id FROM channel WHERE id = ?", (channel_id,)
    ).fetchone()
    _dissolve(conn, channel_id)
    signing.replace(conn, channel_id, groups.footers(conn), frozenset())
    mine = (channel_id,)
    erased = {table: db.execute(_DELETE.format(table), mine).rowcount for table in _HANGING}
    # The number of a post may be given out again: nothing may go on speaking of it.
    db.execute(_DELETE.format("verdict").replace("post_id", "other_id"), mine)
    posts = db.execute("DELETE FROM post WHERE channel_id = ?", (channel_id,)).rowcount
    for table in _OF_CHANNEL:
        db.execute(f"DELETE FROM {table} WHERE channel_id = ?", (channel_id,))
    db.execute(
        "UPDATE event SET data = NULL WHERE place = ? OR place LIKE ?", (str(tg_id), f"{tg_id}/%")
    )
    _drop_bodies(conn)
    rebuilding.rebuild(db)
    said = f"{posts} posts and {erased['revision']} versions were erased on request"
    values = {"run_id": run_id, "kind": "forgotten", "place": str(tg_id or title), "message": said}
    conn.execute(insert(event).values(values))
    return Forgotten(channel_id, title or "", posts, erased["revision"])


def _dissolve(conn: Connection, channel_id: int) -> None:
    """Statements with a post of the channel fall apart; dedup arranges the rest of them anew."""
    db = driver(conn)
    for (cluster,) in db.execute(_CLUSTERS, (channel_id,)).fetchall():
        db.execute(
            "INSERT OR IGNORE INTO pending(post_id) SELECT id FROM post WHERE cluster_id = ?",
            (cluster,),
        )
        db.execute(
            "UPDATE post SET cluster_id = NULL, reason = NULL, score = NULL, via_post = NULL"
            " WHERE cluster_id = ?",
            (cluster,),
        )
        db.execute("DELETE FROM cluster WHERE id = ?", (cluster,))


def _drop_bodies(conn: Connection) -> None:
    """A body is a hash of words; one that nothing uses any more tells that they were here."""
    driver(conn).execute(
        "DELETE FROM body WHERE NOT EXISTS (SELECT 1 FROM post WHERE body_id = body.id)"
        " AND NOT EXISTS (SELECT 1 FROM revision WHERE body_id = body.id)"
    )
    prints.drop_unused(driver(conn))
    earlier.drop(conn)


def wipe(engine: Engine) -> None:
    """Rewrite the file without the bytes that were deleted; needs its size once more on disk."""
    raw = engine.raw_connection()
    try:
        raw.execute("VACUUM")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()
