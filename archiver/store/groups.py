"""The database side of dedup: what is still to be done, bodies, footers, clusters.

Functions of a connection inside a transaction that the Store opened. Each leaves the archive
valid, so that a run killed between two of them is simply gone on with.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from archiver.kinds import PostKind, Reason
from archiver.store import index, members, prints, state
from archiver.store.cards import Card, Changes, ClusterRow, Draft, Keyed
from archiver.store.connection import LOOKUP, Connection, driver
from archiver.text.decide import DECISION_VERSION

_MADE_BY = "body_version"  # of all bodies, when the last pass was done

# Reasons that are decided by weighing, not by equality.
_WEIGHED = (Reason.NEAR, Reason.PART)

# What the verbs call the connection that a Store's transaction hands them.
Transaction = Connection


class Transactions(Protocol):
    """What dedup needs of a Store."""

    def transaction(self) -> AbstractContextManager[Connection]:
        """One transaction: all of it or nothing."""


def pending_count(conn: Connection) -> int:
    """How many posts dedup has still to look at."""
    return int(driver(conn).execute("SELECT count(*) FROM pending").fetchone()[0])


def post_count(conn: Connection) -> int:
    """How many posts there are."""
    return int(driver(conn).execute("SELECT count(*) FROM post").fetchone()[0])


def cluster_count(conn: Connection) -> int:
    """How many statements have copies; an album that nobody repeated has none."""
    sql = "SELECT count(*) FROM cluster WHERE copies > 0"
    return int(driver(conn).execute(sql).fetchone()[0])


def made_by_another_version(conn: Connection, version: int) -> bool:
    """Whether bodies of another `body.BODY_VERSION` are left.

    Where the last pass left none, a look at the first and the last body is enough, in case that
    an older program was there since; a look at each takes 30 ms at a million posts.
    """
    db = driver(conn)
    for end in ("min", "max"):
        found = db.execute(f"SELECT version FROM body WHERE id = (SELECT {end}(id) FROM body)")
        if any(made != version for (made,) in found):
            return True
    if state.get(db, _MADE_BY) == version:
        return False
    sql = "SELECT EXISTS(SELECT 1 FROM body WHERE version <> ?)"
    return bool(db.execute(sql, (version,)).fetchone()[0])


def set_made_by(conn: Connection, version: int) -> None:
    """Note that all bodies are of this version."""
    state.put(driver(conn), _MADE_BY, version)


def all_pending(conn: Connection) -> bool:
    """Whether every post is still to be looked at."""
    sql = "SELECT NOT EXISTS(SELECT 1 FROM post WHERE id NOT IN (SELECT post_id FROM pending))"
    return bool(driver(conn).execute(sql).fetchone()[0])


def has_bodies(conn: Connection) -> bool:
    """Whether any post was ever keyed."""
    return bool(driver(conn).execute("SELECT EXISTS(SELECT 1 FROM body)").fetchone()[0])


def keep_pages(conn: Connection, kib: int) -> int:
    """Have SQLite keep so many KiB of the archive in memory; returns how many it kept before."""
    db = driver(conn)
    (before,) = db.execute("PRAGMA cache_size").fetchone()
    db.execute(f"PRAGMA cache_size = {-kib}")
    return -int(before)


def folder(conn: Connection) -> str:
    """Where the archive lies."""
    row = driver(conn).execute("SELECT file FROM pragma_database_list WHERE name = 'main'")
    return os.path.dirname(str(row.fetchone()[0]))


def last_body(conn: Connection) -> int:
    """The greatest id of a body; later ones are greater."""
    return int(driver(conn).execute("SELECT coalesce(max(id), 0) FROM body").fetchone()[0])


def queue_all(conn: Connection) -> None:
    """Have every post looked at again."""
    driver(conn).execute("INSERT OR IGNORE INTO pending(post_id) SELECT id FROM post")


def drop_unused(conn: Connection, version: int) -> None:
    """After a rebuild: what no post has any more; the bodies left are of `version`."""
    driver(conn).execute(
        "DELETE FROM cluster WHERE NOT EXISTS (SELECT 1 FROM post WHERE cluster_id = cluster.id)"
    )
    driver(conn).execute(
        "DELETE FROM body WHERE NOT EXISTS (SELECT 1 FROM post WHERE body_id = body.id)"
        " AND NOT EXISTS (SELECT 1 FROM revision WHERE body_id = body.id)"
    )
    driver(conn).execute("UPDATE body SET version = ? WHERE version <> ?", (version, version))
    prints.drop_unused(driver(conn))


def footers(conn: Connection) -> dict[int, frozenset[str]]:
    """Every channel's learned footers, in the comparable form."""
    lines: dict[int, set[str]] = {}
    for channel, line in driver(conn).execute("SELECT channel_id, line FROM footer"):
        lines.setdefault(channel, set()).add(line)
    return {channel: frozenset(some) for channel, some in lines.items()}


def drafts(conn: Connection, after: int, limit: int) -> list[Draft]:
    """The texts of the next pending posts beyond post `after`, and of their older versions."""
    db = driver(conn)
    # Service messages say nothing of their own; as a text they have none.
    posts = db.execute(
        "SELECT p.id, NULL, p.channel_id, p.fwd_channel,"
        f" CASE WHEN p.kind = {int(PostKind.SERVICE)} THEN '' ELSE p.text END,"
        " p.body_id, p.cuts FROM pending JOIN post p ON p.id = post_id"
        " WHERE post_id > ? ORDER BY post_id LIMIT ?",
        (after, limit),
    ).fetchall()
    found = [Draft(*row) for row in posts]
    if found:
        older = db.execute(
            "SELECT p.id, r.id, p.channel_id, p.fwd_channel, r.text, r.body_id, r.cuts"
            " FROM pending JOIN revision r ON r.post_id = pending.post_id"
            " JOIN post p ON p.id = r.post_id"
            " WHERE pending.post_id > ? AND pending.post_id <= ? ORDER BY r.id",
            (after, found[-1].post),
        )
        found += [Draft(*row) for row in older.fetchall()]
    return found


def save_keys(conn: Connection, keyed: Sequence[Keyed], version: int) -> dict[tuple[int, int], int]:
    """Write the bodies of these texts, and give their ids by key.

    The posts stay pending until they are joined.
    """
    ids = _body_ids(conn, keyed, version)
    posts, revisions = [], []
    for each in keyed:
        body = ids[each.key] if each.words else None
        if (body, each.cuts) != (each.draft.body, each.draft.cuts):
            if each.draft.revision is None:
                posts.append((body, each.cuts, each.draft.post))
            else:
                revisions.append((body, each.cuts, each.draft.revision))
    db = driver(conn)
    db.executemany("UPDATE post SET body_id = ?, cuts = ? WHERE id = ?", posts)
    db.executemany("UPDATE revision SET body_id = ?, cuts = ? WHERE id = ?", revisions)
    return ids


def _body_ids(conn: Connection, keyed: Sequence[Keyed], version: int) -> dict[tuple[int, int], int]:
    """The ids of the bodies; new ones are made. 128 bits are the body: no text is compared."""
    db = driver(conn)
    wanted = {each.key: each.words for each in keyed if each.words}
    keys = sorted(wanted)
    ids: dict[tuple[int, int], int] = {}
    for at in range(0, len(keys), LOOKUP):
        some = keys[at : at + LOOKUP]
        marks = ",".join("?" * len(some))
        sql = f"SELECT key, key2, id FROM body WHERE key IN ({marks})"
        ids.update(((k, k2), i) for k, k2, i in db.execute(sql, [k for k, _ in some]))
    last = last_body(conn)
    fresh = [key for key in wanted if key not in ids]
    made = dict(zip(fresh, range(last + 1, last + 1 + len(fresh)), strict=True))
    db.executemany(
        "INSERT INTO body(id, key, key2, words, version) VALUES (?, ?, ?, ?, ?)",
        [(i, *key, wanted[key], version) for key, i in made.items()],
    )
    return ids | made


def stored_clusters(conn: Connection, cards: Iterable[Card]) -> dict[int, ClusterRow]:
    """The rows of the clusters that these posts are in."""
    db = driver(conn)
    ids = sorted({card.cluster for card in cards if card.cluster is not None})
    rows: dict[int, ClusterRow] = {}
    for at in range(0, len(ids), LOOKUP):
        some = ids[at : at + LOOKUP]
        sql = (
            "SELECT id, canonical, posts, copies, channels, first_date, last_date"
            f" FROM cluster WHERE id IN ({','.join('?' * len(some))})"
        )
        rows.update((row[0], ClusterRow(*row)) for row in db.execute(sql, some))
    return rows


def last_cluster(conn: Connection) -> int:
    """The greatest cluster id ever given; ids of merged clusters are not given again."""
    row = driver(conn).execute("SELECT value FROM index_state WHERE name = 'last_cluster'")
    found = row.fetchone()
    return 0 if found is None else int(found[0])


def write(
    conn: Connection, run_id: int, changes: Changes, done: Iterable[int], version: int
) -> None:
    """Write what was decided, with the decisions; the posts `done` are no longer pending."""
    db = driver(conn)
    db.executemany(
        "INSERT OR REPLACE INTO cluster"
        "(id, canonical, posts, copies, channels, first_date, last_date)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        changes.rows,
    )
    db.executemany(
        "UPDATE post SET cluster_id = ?, reason = ?, score = ?, via_post = ? WHERE id = ?",
        [(m.new_cluster, m.reason, m.score, m.via, m.post) for m in changes.moves],
    )
    members.note(db, (m.post for m in changes.moves))
    db.executemany(
        "INSERT INTO decision"
        "(run_id, post_id, old_cluster, new_cluster, reason, via_post, score, version)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                run_id,
                m.post,
                m.old_cluster,
                m.new_cluster,
                m.reason,
                m.via,
                m.score,
                DECISION_VERSION if m.reason in _WEIGHED else version,
            )
            for m in changes.moves
            if m.decided
        ],
    )
    db.executemany("DELETE FROM cluster WHERE id = ?", [(i,) for i in changes.gone])
    if changes.created:
        db.execute(
            "INSERT INTO index_state(name, value) VALUES ('last_cluster', ?)"
            " ON CONFLICT(name) DO UPDATE SET value = value + excluded.value",
            (changes.created,),
        )
    db.executemany("DELETE FROM pending WHERE post_id = ?", [(i,) for i in done])


def unplaced_count(conn: Connection) -> int:
    """How many posts have come into clusters and are not in the index of members yet."""
    return members.waiting(driver(conn))


def unplaced(conn: Connection, after: int = members.FIRST) -> list[members.Waiting]:
    """The next of them beyond this sort_key that are in the index itself."""
    return members.next_waiting(driver(conn), after)


def place(
    conn: Connection, waiting: Sequence[members.Waiting], posts: Sequence[index.Ready]
) -> None:
    """Give these the places that are theirs; `posts` is what the index takes of them."""
    clusters = [each.cluster for each in waiting]
    members.settle(driver(conn), list(zip(clusters, posts, strict=True)))


def next_pending(conn: Connection, limit: int) -> list[int]:
    """Posts that are keyed but not yet joined."""
    found = driver(conn).execute("SELECT post_id FROM pending ORDER BY post_id LIMIT ?", (limit,))
    return [post for (post,) in found]


def clear_pending(conn: Connection) -> None:
    """Nothing is left to do; what is still listed shares nothing with any post."""
    driver(conn).execute("DELETE FROM pending")


def decisions(conn: Connection, run_id: int) -> list[dict[str, Any]]:
    """What a run decided, in order, with the place of each post."""
    names = ("post", "old_cluster", "new_cluster", "reason", "via", "score", "username", "tg_id",
             "message_id")  # fmt: skip
    found = driver(conn).execute(
        "SELECT d.post_id, d.old_cluster, d.new_cluster, d.reason, d.via_post, d.score,"
        " c.username, c.tg_id, p.message_id FROM decision d JOIN post p ON p.id = d.post_id"
        " JOIN channel c ON c.id = p.channel_id WHERE d.run_id = ? ORDER BY d.id",
        (run_id,),
    )
    return [dict(zip(names, row, strict=True)) for row in found]
