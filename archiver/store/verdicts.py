"""What persons said about statements: two posts are one, or one stands alone. Of a connection.

Undoing a pass sets posts apart, too; that is a verdict of its run, and nobody's word.

A verdict is never deleted; the later one withdraws what it contradicts, and a run can be undone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from archiver.model import Channel, Verdict
from archiver.store.connection import Connection, driver
from archiver.store.pending import mark_pending

if TYPE_CHECKING:
    import sqlalchemy

_PLACED = """
SELECT v.id, v.kind, v.said, run.command, c.username, c.tg_id, c.title, p.message_id,
  p.sort_key, oc.username, oc.tg_id, oc.title, o.message_id, o.sort_key
FROM verdict v JOIN run ON run.id = v.run_id
JOIN post p ON p.id = v.post_id JOIN channel c ON c.id = p.channel_id
LEFT JOIN post o ON o.id = v.other_id LEFT JOIN channel oc ON oc.id = o.channel_id
WHERE v.withdrawn IS NULL ORDER BY v.id
"""
UNDO = "dedup undo"  # the command of runs that take others back
_TAKEN_BACK = """
SELECT 1 FROM verdict WHERE withdrawn IS NOT NULL AND kind = ? AND post_id = ? AND other_id IS ?
AND said = ?
"""
_CONTRADICTED = {
    "same": "SELECT 1 FROM verdict WHERE withdrawn IS NULL AND kind = 'apart'"
    " AND post_id IN (?, ?)",
    "apart": "SELECT 1 FROM verdict WHERE withdrawn IS NULL AND kind = 'same'"
    " AND ?1 IN (post_id, other_id)",
}


class Place(NamedTuple):
    """A post as other archives know it."""

    username: str | None
    tg_id: int | None
    title: str
    message_id: int
    sort_key: int

    @property
    def channel(self) -> Channel:
        """The channel it stands in."""
        return Channel(self.title, self.username, self.tg_id)


class Said(NamedTuple):
    """A verdict that holds, with the posts it speaks of as other archives know them."""

    id: int
    kind: str
    said: int
    post: Place
    other: Place | None
    person: bool  # False: set apart when a pass was undone


class Apart(NamedTuple):
    """In which run a post was set apart: by a person's word, or because a pass was undone."""

    run: int
    person: bool


class Withdrawn(NamedTuple):
    """A verdict that a later one contradicted: one or two posts, and the run that said it."""

    post: int
    other: int | None  # None: the post was set apart
    run: int


def split(conn: Connection, run_id: int, post: int, now: int) -> bool:
    """Say that a post stands alone; what joined it to others is withdrawn. False: said before."""
    db = driver(conn)
    db.execute(
        "UPDATE verdict SET withdrawn = ? WHERE withdrawn IS NULL AND kind = 'same'"
        " AND (post_id = ? OR other_id = ?)",
        (run_id, post, post),
    )
    return _say(conn, run_id, "apart", post, None, now)


def merge(conn: Connection, run_id: int, post: int, other: int, now: int) -> bool:
    """Say that two posts are one statement; that one of them stands alone is withdrawn."""
    db = driver(conn)
    db.execute(
        "UPDATE verdict SET withdrawn = ? WHERE withdrawn IS NULL AND kind = 'apart'"
        " AND post_id IN (?, ?)",
        (run_id, post, other),
    )
    return _say(conn, run_id, "same", min(post, other), max(post, other), now)


def take_in(conn: sqlalchemy.Connection, run_id: int, verdict: Verdict, now: int) -> bool | None:
    """`take` a verdict on posts as other archives know them; None also for one of unknown posts."""
    from archiver.store import channels  # with SQLAlchemy, which nothing else here needs

    here = []
    for channel, message_id in verdict.posts:
        key = channels.find(conn, channel)
        sql = "SELECT id FROM post WHERE channel_id = ? AND message_id = ?"
        found = driver(conn).execute(sql, (key, message_id)).fetchone()
        here += [] if found is None else [int(found[0])]
    if not here or len(set(here)) < len(verdict.posts):
        return None
    said = now if verdict.said is None else verdict.said
    return take(conn, run_id, verdict.kind, here, said)


def take(conn: Connection, run_id: int, kind: str, posts: Sequence[int], said: int) -> bool | None:
    """Take in what a person said elsewhere, `said` then; whether it is new here.

    None where a person contradicted it here, or took the same word back: this archive's stands.
    """
    db = driver(conn)
    post, other = min(posts), max(posts) if kind == "same" else None
    row = (kind, post, other, said)
    if db.execute(_TAKEN_BACK, row).fetchone() or db.execute(_CONTRADICTED[kind], posts).fetchone():
        return None
    return _say(conn, run_id, kind, post, other, said)


def _say(conn: Connection, run_id: int, kind: str, post: int, other: int | None, now: int) -> bool:
    db = driver(conn)
    known = db.execute(
        "SELECT 1 FROM verdict WHERE withdrawn IS NULL AND kind = ? AND post_id = ?"
        " AND other_id IS ?",
        (kind, post, other),
    ).fetchone()
    mark_pending(conn, [post, *([] if other is None else [other])])
    if known:
        return False
    db.execute(
        "INSERT INTO verdict(kind, post_id, other_id, said, run_id) VALUES (?, ?, ?, ?, ?)",
        (kind, post, other, now, run_id),
    )
    return True


def undo(conn: Connection, run_id: int, undone: int) -> int:
    """Take back what a run said: its verdicts, and that it withdrew others; how many changed."""
    db = driver(conn)
    touched = [
        post
        for pair in db.execute(
            "SELECT post_id, other_id FROM verdict WHERE run_id = ?1 OR withdrawn = ?1", (undone,)
        )
        for post in pair
        if post is not None
    ]
    changed = db.execute(
        "UPDATE verdict SET withdrawn = ? WHERE run_id = ? AND withdrawn IS NULL", (run_id, undone)
    ).rowcount
    changed += db.execute(
        "UPDATE verdict SET withdrawn = NULL WHERE withdrawn = ?", (undone,)
    ).rowcount
    mark_pending(conn, touched)
    return changed


def withdrawn_by(conn: Connection, run_id: int) -> list[Withdrawn]:
    """What the verdicts of a run contradicted and therefore took back."""
    found = driver(conn).execute(
        "SELECT post_id, other_id, run_id FROM verdict WHERE withdrawn = ? ORDER BY id", (run_id,)
    )
    return [Withdrawn(*row) for row in found]


def taken_back_by(conn: Connection, run_id: int) -> int | None:
    """The run that took back what a run said, where nothing of that is left to be undone."""
    sql = """SELECT max(withdrawn) FROM verdict WHERE run_id = ?1 AND NOT EXISTS
      (SELECT 1 FROM verdict WHERE withdrawn = ?1 OR (run_id = ?1 AND withdrawn IS NULL))"""
    found: int | None = driver(conn).execute(sql, (run_id,)).fetchone()[0]
    return found


def speaks(conn: Connection, run_id: int) -> bool:
    """Whether a run said or withdrew any verdict."""
    sql = "SELECT EXISTS(SELECT 1 FROM verdict WHERE run_id = ?1 OR withdrawn = ?1)"
    return bool(driver(conn).execute(sql, (run_id,)).fetchone()[0])


def joined(conn: Connection, run_id: int) -> list[int]:
    """The posts that a pass put into a statement, and that are still there."""
    found = driver(conn).execute(
        "SELECT DISTINCT d.post_id FROM decision d JOIN post p ON p.id = d.post_id"
        " WHERE d.run_id = ? AND d.new_cluster IS NOT NULL AND d.reason IS NOT NULL"
        " AND p.cluster_id = d.new_cluster ORDER BY d.post_id",
        (run_id,),
    )
    return [int(post) for (post,) in found]


def apart(db: sqlite3.Connection, post: int) -> Apart | None:
    """Who set a post apart, if anybody did and it holds."""
    row = db.execute(
        "SELECT v.run_id, run.command FROM verdict v JOIN run ON run.id = v.run_id"
        " WHERE v.withdrawn IS NULL AND v.kind = 'apart' AND v.post_id = ?",
        (post,),
    ).fetchone()
    return None if row is None else Apart(int(row[0]), person=row[1] != UNDO)


def merged(db: sqlite3.Connection, one: int, other: int) -> int | None:
    """In which run a person said that just these two posts are one statement."""
    row = db.execute(
        "SELECT run_id FROM verdict WHERE withdrawn IS NULL AND kind = 'same'"
        " AND post_id = min(?1, ?2) AND other_id = max(?1, ?2)",
        (one, other),
    ).fetchone()
    return None if row is None else int(row[0])


def command_of(conn: Connection, run_id: int) -> str | None:
    """What a run was started as; None where no run of that number is in the log."""
    sql = "SELECT command FROM run WHERE id = ?"
    row = driver(conn).execute(sql, (min(run_id, 2**62),)).fetchone()
    return None if row is None else str(row[0])


def move(db: sqlite3.Connection, gone: int, stays: int) -> None:
    """What was said of a post is said of the one that takes its place."""
    keys = (stays, gone)
    db.execute("UPDATE verdict SET post_id = ? WHERE post_id = ?", keys)
    db.execute("UPDATE verdict SET other_id = ? WHERE other_id = ?", keys)
    db.execute("DELETE FROM verdict WHERE post_id = other_id")
    db.execute("UPDATE verdict SET post_id = other_id, other_id = post_id WHERE other_id < post_id")


def holding(db: sqlite3.Connection) -> Iterator[Said]:
    """The verdicts that hold, in the order they were said."""
    for verdict, kind, said, command, *places in db.execute(_PLACED):
        other = Place(*places[5:]) if places[8] is not None else None
        yield Said(verdict, kind, said, Place(*places[:5]), other, person=command != UNDO)
