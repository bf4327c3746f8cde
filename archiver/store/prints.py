"""The index of near copies: fingerprints of leaders, what each body is, links. Of a connection."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from archiver.kinds import PostKind
from archiver.store import fresh_prints
from archiver.store.connection import Connection, driver, rows_of

# Leaders that may have one fingerprint; what more have is boilerplate and leads nowhere.
HOTTEST = 48

_TEXTS = """
SELECT b.id, p.text, p.cuts, p.channel_id, p.fwd_channel FROM body b
JOIN post p ON p.id = (SELECT id FROM post WHERE body_id = b.id LIMIT 1) WHERE b.id IN ({marks})
"""
_OLD_TEXTS = """
SELECT b.id, r.text, r.cuts, p.channel_id, p.fwd_channel FROM body b
JOIN revision r ON r.id = (SELECT id FROM revision WHERE body_id = b.id LIMIT 1)
JOIN post p ON p.id = r.post_id WHERE b.id IN ({marks})
"""
_NEW = f"""
SELECT b.id, p.date, p.channel_id, p.message_id
FROM pending CROSS JOIN post p ON p.id = pending.post_id {{versions}}
CROSS JOIN body b ON b.id = {{version}}.body_id AND b.words >= ?
LEFT JOIN near n ON n.body_id = b.id
WHERE n.body_id IS NULL AND p.kind <> {int(PostKind.SERVICE)}
"""
# CROSS: from the few pending posts outward, never from the many bodies (5 s at a million).
_NOW = _NEW.format(versions="", version="p")
_ONCE = _NEW.format(versions="CROSS JOIN revision r ON r.post_id = p.id", version="r")
_OF_FORM = (
    "SELECT id FROM post WHERE body_id = ?",
    "SELECT post_id FROM revision WHERE body_id = ?",
)
# Words of a body, and channels that have it. Of twenty synthetic corpora of 100,000 posts three
# lost their largest statement, 5,000 copies in 200 channels of 28 words and more, to windows of
# twelve hours. Alerts that dozens of channels tell are shorter.
_WIDE = ((40, 8), (24, 24))
_SPREAD = """
SELECT b.words, (SELECT count(DISTINCT channel_id) FROM post WHERE body_id = b.id)
FROM body b WHERE b.id = ?
"""
_LAST = 1 << 62  # undated posts come after all dated ones


class Fresh(NamedTuple):
    """A body that nothing is decided about, and the first post that had it."""

    body: int
    date: int | None
    channel: int


class BodyText(NamedTuple):
    """The text a body was made of, by any of its posts."""

    body: int
    text: str
    cuts: str | None
    channel: int
    fwd_channel: int | None


class Known(NamedTuple):
    """What was decided about a body."""

    body: int
    leader: int
    date: int | None
    channel: int


class Decided(NamedTuple):
    """A row of the table `near`."""

    body: int
    leader: int
    matched: int | None
    relation: str | None
    score: float | None
    posted: bool
    date: int | None
    channel: int


def fresh_bodies(conn: Connection, fewest_words: int) -> list[Fresh]:
    """The bodies of pending posts nothing is decided about, in the order of their first posts."""
    first: dict[int, tuple[int, int, int]] = {}
    for sql in (_NOW, _ONCE):
        for body, date, channel, message in driver(conn).execute(sql, (fewest_words,)):
            place = (_LAST if date is None else date, channel, message)
            if body not in first or place < first[body]:
                first[body] = place
    ordered = sorted(first.items(), key=lambda item: item[1])
    return [
        Fresh(body, None if date == _LAST else date, channel)
        for body, (date, channel, _) in ordered
    ]


def texts(conn: Connection, bodies: Iterable[int]) -> list[BodyText]:
    """The texts of these bodies; one that only an older version had comes from there."""
    wanted = sorted(bodies)
    db = driver(conn)
    found = [BodyText(*row) for row in rows_of(db, _TEXTS, wanted)]
    missing = sorted(set(wanted) - {each.body for each in found})
    return found + [BodyText(*row) for row in rows_of(db, _OLD_TEXTS, missing)]


def holders(conn: Connection, hashes: Sequence[int]) -> dict[int, list[int]]:
    """The bodies that have each of these fingerprints, by hash."""
    found: dict[int, list[int]] = defaultdict(list)
    db = driver(conn)
    tables = fresh_prints.filled(db)
    for table in tables:
        sql = f"SELECT hash, body_id FROM {table} WHERE hash IN ({{marks}})"
        for value, body in rows_of(db, sql, hashes):
            found[value].append(body)
    for bodies in found.values() if len(tables) > 1 else ():
        bodies.sort()  # as if all were in one table
    return found


def all_hot(conn: Connection) -> set[int]:
    """The fingerprints that are boilerplate: one in 4,000."""
    return {value for (value,) in driver(conn).execute("SELECT hash FROM hot")}


def known(conn: Connection, bodies: Iterable[int]) -> dict[int, Known]:
    """What was decided about these bodies."""
    sql = "SELECT body_id, leader, date, channel_id FROM near WHERE body_id IN ({marks})"
    return {row[0]: Known(*row) for row in rows_of(driver(conn), sql, sorted(bodies))}


def versions(conn: Connection, leader: int) -> list[tuple[int, int]]:
    """The copies of a body that have fingerprints of their own in the index, as (date, body)."""
    sql = (
        "SELECT coalesce(date, 0), body_id FROM near"
        " WHERE leader = ? AND relation IS NOT NULL AND posted = 1"
    )
    return driver(conn).execute(sql, (leader,)).fetchall()


def save(
    conn: Connection,
    run_id: int,
    version: int,
    decided: Iterable[Decided],
    links: Iterable[tuple[int, int, str, float]],
) -> None:
    """Keep what was decided."""
    db = driver(conn)
    db.executemany(
        "INSERT OR REPLACE INTO near(body_id, leader, matched, relation, score, posted, date,"
        " channel_id, version, run_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(*v[:5], int(v.posted), v.date, v.channel, version, run_id) for v in decided],
    )
    db.executemany(
        "INSERT OR REPLACE INTO link(body_id, other, relation, score) VALUES (?, ?, ?, ?)",
        sorted(links),
    )


def post_prints(conn: Connection, rows: Iterable[tuple[int, int]], hot: Iterable[int]) -> None:
    """Add (hash, body) pairs to the index, in its order; take out what became boilerplate."""
    db = driver(conn)
    fresh_prints.add(db, sorted(rows))
    gone = [(value,) for value in sorted(hot)]
    db.executemany("INSERT OR IGNORE INTO hot(hash) VALUES (?)", gone)
    for table in fresh_prints.TABLES:
        db.executemany(f"DELETE FROM {table} WHERE hash = ?", gone)


def save_forms(conn: Connection, bodies: Collection[int]) -> None:
    """Note which bodies are forms; the posts that have one newly found are to be joined anew.

    A text that many channels told word by word, the more the shorter it is, is none: its own
    channel has so many edited copies of it that some differ in one place by chance.
    """
    db = driver(conn)
    wanted = sorted(body for body in set(bodies) if not _is_wide(db, body))
    sql = "SELECT body_id FROM form WHERE body_id IN ({marks})"
    fresh = sorted(set(wanted) - {body for (body,) in rows_of(db, sql, wanted)})
    db.executemany("INSERT INTO form(body_id) VALUES (?)", [(body,) for body in fresh])
    for sql in _OF_FORM:
        db.executemany(f"INSERT OR IGNORE INTO pending(post_id) {sql}", [(b,) for b in fresh])


def _is_wide(db: sqlite3.Connection, body: int) -> bool:
    words, channels = db.execute(_SPREAD, (body,)).fetchone() or (0, 0)
    return any(words >= fewest and channels >= some for fewest, some in _WIDE)


def forget_all(conn: Connection) -> None:
    """Nothing is decided any more: a rebuild begins."""
    for table in ("near", *fresh_prints.TABLES, "hot", "link", "form"):
        driver(conn).execute(f"DELETE FROM {table}")


def decided_by(conn: Connection) -> int | None:
    """The version of the decisions that the archive holds."""
    row = driver(conn).execute("SELECT value FROM index_state WHERE name = 'near_version'")
    found = row.fetchone()
    return None if found is None else int(found[0])


def set_decided_by(conn: Connection, version: int) -> None:
    """Note by which version all is decided."""
    driver(conn).execute(
        "INSERT INTO index_state(name, value) VALUES ('near_version', ?)"
        " ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        (version,),
    )


def drop_unused(db: sqlite3.Connection) -> None:
    """What was decided about bodies that are no more."""
    gone = "NOT IN (SELECT id FROM body)"
    db.execute(f"DELETE FROM near WHERE body_id {gone}")
    for table in fresh_prints.TABLES:
        db.execute(f"DELETE FROM {table} WHERE body_id {gone}")
    db.execute(f"DELETE FROM form WHERE body_id {gone}")
    db.execute(f"DELETE FROM link WHERE body_id {gone} OR other {gone}")
