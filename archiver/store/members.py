"""The index of the posts that are not alone: what the counting of statements asks.

Statements are posts less what members of clusters repeat, and members are a tenth of most
archives. `member_fts` holds them once more, with the words and filters that `posts_fts` has of
them. Its rowid is `n << 32 | cluster.id`, the n-th post of its cluster: so FTS5 tells which
clusters are found without a look at any other table (0.16 us a member, where two more seeks make
it 0.5), and neighbours in it are near numbers, which take a byte instead of three.

`member` leads from a post to its place. A post that came into a cluster or left one waits in
`fresh_member` from that transaction on; while any does, counting looks up every post instead.
Plain sqlite3, inside the transaction of the caller.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import count
from typing import NamedTuple

from archiver.store.meta import COLUMNS, IndexRow

PLANE = 32
CLUSTER = (1 << PLANE) - 1
FIRST = -(1 << 63)  # before every sort_key
# So many at once; FTS5 collects 4 MB of them before it writes a segment (the migration sets the
# same for an archive that is not rebuilt).
BATCH = 5_000
_HASH_BYTES = 16 << 20

Indexed = tuple[int, str, str]  # sort_key, words, filters

ADD = "INSERT INTO member_fts(rowid, text, meta) VALUES (?, ?, ?)"
_DELETE = "INSERT INTO member_fts(member_fts, rowid, text, meta) VALUES ('delete', ?, ?, ?)"
_PLACE = "SELECT id FROM member WHERE sort_key = ?"
_NOTE = (
    "INSERT OR IGNORE INTO fresh_member(sort_key) SELECT sort_key FROM post WHERE id = ? AND"
    f" cluster_id IS NOT (SELECT id & {CLUSTER} FROM member WHERE member.sort_key = post.sort_key)"
)
# Posts that the index itself still waits for go on waiting here, too.
_WAITING = (
    "SELECT sort_key FROM fresh_member WHERE sort_key > ?"
    " AND sort_key NOT IN (SELECT sort_key FROM unindexed) ORDER BY sort_key LIMIT ?"
)


class Waiting(NamedTuple):
    """A post that came into a cluster, or (None) left one."""

    cluster: int | None
    row: IndexRow


def note(db: sqlite3.Connection, posts: Iterable[int]) -> None:
    """These posts (by id) may be in another cluster now."""
    db.executemany(_NOTE, [(post,) for post in posts])


def waiting(db: sqlite3.Connection) -> int:
    """How many posts are not in the place that is theirs yet."""
    return int(db.execute("SELECT count(*) FROM fresh_member").fetchone()[0])


def is_complete(db: sqlite3.Connection) -> bool:
    """Whether the index of members is what the posts say: else counting does without it."""
    return db.execute("SELECT 1 FROM fresh_member LIMIT 1").fetchone() is None


def next_waiting(db: sqlite3.Connection, after: int = FIRST) -> list[Waiting]:
    """The first of those that wait beyond this sort_key, in order; there may be more."""
    sql = f"SELECT cluster_id, {COLUMNS} FROM post WHERE sort_key IN ({_WAITING}) ORDER BY sort_key"
    found = db.execute(sql, (after, BATCH))
    return [Waiting(row[0], IndexRow._make(row[1:])) for row in found]


def settle(db: sqlite3.Connection, posts: Sequence[tuple[int | None, Indexed]]) -> None:
    """Give posts that waited the places that are theirs, by their clusters."""
    old = [(place, post) for _, post in posts if (place := _place(db, post[0])) is not None]
    _take_out(db, old)
    put(db, [(cluster, post) for cluster, post in posts if cluster is not None])
    keys = [post[:1] for _, post in posts]
    db.executemany("DELETE FROM fresh_member WHERE sort_key = ?", keys)


def put(db: sqlite3.Connection, posts: Iterable[tuple[int, Indexed]]) -> None:
    """Index posts as members of these clusters; none of them is in the index."""
    last: dict[int, int] = {}
    placed: list[Indexed] = []
    for cluster, (sort_key, text, meta) in posts:
        last[cluster] = plane = _free(db, cluster, last.get(cluster, -1) + 1)
        place = plane << PLANE | cluster
        db.execute("INSERT INTO member(id, sort_key) VALUES (?, ?)", (place, sort_key))
        placed.append((place, text, meta))
    db.executemany(ADD, sorted(placed))


def _free(db: sqlite3.Connection, cluster: int, first: int) -> int:
    """A number that no post of a cluster has, the least or nearly: they are 3,000 at times."""

    def is_free(plane: int) -> bool:
        sql = "SELECT 1 FROM member WHERE id = ?"
        return db.execute(sql, (plane << PLANE | cluster,)).fetchone() is None

    if is_free(first):
        return first
    taken, free = first, next(n for e in count() if is_free(n := first + (1 << e)))
    while free - taken > 1:
        middle = (taken + free) // 2
        taken, free = (taken, middle) if is_free(middle) else (middle, free)
    return free


def change(db: sqlite3.Connection, before: Indexed, after: Indexed) -> None:
    """A member has other words, filters or another key; its cluster is the same."""
    place = _place(db, before[0])
    db.execute(_DELETE, (place, *before[1:]))
    db.execute(ADD, (place, *after[1:]))
    db.execute("UPDATE member SET sort_key = ? WHERE id = ?", (after[0], place))


def holds(db: sqlite3.Connection, sort_key: int) -> bool:
    """Whether a post is in the index of members."""
    return _place(db, sort_key) is not None


def move(db: sqlite3.Connection, before: int, after: int) -> None:
    """A post that may wait has another key."""
    if before != after:
        db.execute("UPDATE fresh_member SET sort_key = ? WHERE sort_key = ?", (after, before))


def remove(db: sqlite3.Connection, posts: Iterable[Indexed]) -> None:
    """Take posts out, as they were indexed."""
    posts = list(posts)
    _take_out(db, [(place, p) for p in posts if (place := _place(db, p[0])) is not None])
    db.executemany("DELETE FROM fresh_member WHERE sort_key = ?", [post[:1] for post in posts])


def _take_out(db: sqlite3.Connection, placed: Sequence[tuple[int, Indexed]]) -> None:
    db.executemany(_DELETE, sorted((place, *post[1:]) for place, post in placed))
    db.executemany("DELETE FROM member WHERE id = ?", [(place,) for place, _ in placed])


def _place(db: sqlite3.Connection, sort_key: int) -> int | None:
    found = db.execute(_PLACE, (sort_key,)).fetchone()
    return None if found is None else int(found[0])


class Places:
    """The places of all members in an index made anew, given in the order of their keys.

    What was in index and tables is gone when it begins. 100 bytes a cluster, until it ends.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._taken: dict[int, int] = {}
        db.execute("DELETE FROM member")
        db.execute("DELETE FROM fresh_member")

    def give(self, posts: Iterable[tuple[int, int]]) -> dict[int, int]:
        """Keep and tell the places of some members, told by sort_key and cluster."""
        taken, found = self._taken, {}
        for sort_key, cluster in posts:
            plane = taken.get(cluster, 0)
            taken[cluster] = plane + 1
            found[sort_key] = plane << PLANE | cluster
        rows = sorted((place, key) for key, place in found.items())
        self._db.executemany("INSERT INTO member(id, sort_key) VALUES (?, ?)", rows)
        return found
