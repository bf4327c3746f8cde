"""How many statements or posts a plan finds.

A statement is a post alone, or a cluster of which any post is found. Where the index alone tells
what is found, FTS5 counts the posts, and the index of members (`store/members.py`) says which of
them are in a cluster: statements are posts, less what members repeat. While some members wait for
their places in it, all posts found are looked up in `ix_post_member`, at 0.2 us each.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import gcd

from archiver.store.members import CLUSTER, PLANE, is_complete
from archiver.store.plan import INDEX_KEY, Plan

# Posts alone, and clusters: only those that are in one are remembered while counting.
STATEMENTS = "count(*) - count(post.cluster_id) + count(DISTINCT post.cluster_id)"
POSTS = "count(*)"

_INDEX = "FROM posts_fts WHERE posts_fts MATCH ?"
_RANGE = " AND posts_fts.rowid >= ? AND posts_fts.rowid < ?"
_REPEATED = f"count(*) - count(DISTINCT rowid & {CLUSTER}) FROM member_fts WHERE member_fts MATCH ?"
_MEMBERS = (
    "FROM member_fts CROSS JOIN member ON member.id = member_fts.rowid WHERE member_fts MATCH ?"
)
_CHANNEL_AND_CLUSTER = f"post.channel_id << {PLANE} | post.cluster_id"  # NULL where alone
_AMONG_ALL = (
    "FROM posts_fts CROSS JOIN post INDEXED BY ix_post_member ON post.sort_key = posts_fts.rowid"
    " AND post.cluster_id IS NOT NULL WHERE posts_fts MATCH ?"
)

# Where many words are many forms, a count of each span seeks each word's posts anew, 14 us a time:
# from here on one pass that counts in groups is shorter (14 ms for 12 forms, 74,000 posts and 72
# months, against 22), and the more so for days.
_MOST_SEEKS = 500
_MOST_CASES = 300
_SLICE = 100_000  # characters

Keys = tuple[int, int]


@contextmanager
def one_moment(db: sqlite3.Connection) -> Iterator[None]:
    """Many counts, of one state of the archive: a sync may go on meanwhile."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")


def amount(db: sqlite3.Connection, found: Plan, *, every: bool, keys: Keys | None = None) -> int:
    """How many statements (`every`: posts) are found, of those with keys from..to if told."""
    if found.expression is not None and (every or keys is None):
        with one_moment(db):
            return _of_index(db, found.expression, every=every, keys=keys)
    sql, values = f"SELECT {POSTS if every else STATEMENTS} {found.sql}", list(found.values)
    if keys is not None:
        sql, values = f"{sql} AND {found.key} >= ? AND {found.key} < ?", [*values, *keys]
    return int(db.execute(sql, values).fetchone()[0])


def _of_index(db: sqlite3.Connection, expression: str, *, every: bool, keys: Keys | None) -> int:
    sql = f"SELECT count(*) {_INDEX}{_RANGE if keys else ''}"
    posts = int(db.execute(sql, (expression, *(keys or ()))).fetchone()[0])
    if every or not posts:
        return posts
    sql = f"SELECT {_REPEATED}"
    if not is_complete(db):
        sql = f"SELECT count(*) - count(DISTINCT post.cluster_id) {_AMONG_ALL}"
    return posts - int(db.execute(sql, (expression,)).fetchone()[0])


def members(db: sqlite3.Connection, expression: str) -> list[tuple[int, int]]:
    """The keys, and the clusters, of the posts found that are not alone; the oldest first."""
    if is_complete(db):
        sql = f"SELECT member.sort_key, member.id & {CLUSTER} {_MEMBERS}"
        return sorted(db.execute(sql, (expression,)))
    sql = f"SELECT post.sort_key, post.cluster_id {_AMONG_ALL} ORDER BY posts_fts.rowid"
    return db.execute(sql, (expression,)).fetchall()


def repeated_in_spans(db: sqlite3.Connection, expression: str, spans: Sequence[Keys]) -> list[int]:
    """Of each of some spans that follow each other, how many posts found say what another does."""
    if len(spans) > _MOST_CASES:
        return _repeated_in_many(members(db, expression), spans)
    key, cluster, source = "post.sort_key", "post.cluster_id", _AMONG_ALL
    if is_complete(db):
        key, cluster, source = "member.sort_key", f"member.id & {CLUSTER}", _MEMBERS
    place = _place(key, [low for low, _ in spans], 0, len(spans))
    found = db.execute(
        f"SELECT {place}, count(*) - count(DISTINCT {cluster}) {source}"
        f" AND {key} >= ? AND {key} < ? GROUP BY 1",
        (expression, spans[0][0], spans[-1][1]),
    )
    repeated = dict(found.fetchall())
    return [repeated.get(number, 0) for number in range(len(spans))]


def _place(key: str, lows: Sequence[int], first: int, last: int) -> str:
    """SQL for the number of the span that a key lies in: a search by halves, 0.1 us for 70."""
    if last - first == 1:
        return str(first)
    middle = (first + last) // 2
    before, after = _place(key, lows, first, middle), _place(key, lows, middle, last)
    return f"CASE WHEN {key} < {lows[middle]} THEN {before} ELSE {after} END"


def _repeated_in_many(rows: list[tuple[int, int]], spans: Sequence[Keys]) -> list[int]:
    """The same of days, of which a statement would be too long."""
    keys, clusters = [key for key, _ in rows], [cluster for _, cluster in rows]
    ends = [(bisect_left(keys, low), bisect_left(keys, high)) for low, high in spans]
    return [low - high - len(set(clusters[high:low])) for high, low in ends]


def by_channel(db: sqlite3.Connection, found: Plan, *, every: bool) -> dict[int, int]:
    """How many statements (`every`: posts) are found, by the key of the channel.

    Of what the index finds SQLite makes one text to be counted here: it would put all rows in order
    to group them, and twice to tell statements, which takes twice as long.
    """
    if found.key != INDEX_KEY:
        sql = f"SELECT post.channel_id, {POSTS if every else STATEMENTS} {found.sql} GROUP BY 1"
        return dict(db.execute(sql, found.values).fetchall())
    source, values = found.sql, found.values
    if found.expression is not None:
        source, values = f"{found.source} WHERE posts_fts MATCH ?", [found.expression]
    member = "NULL" if every else _CHANNEL_AND_CLUSTER
    sql = f"SELECT group_concat(post.channel_id), group_concat({member}) {source}"
    posts, told = db.execute(sql, values).fetchone()
    counts = Counter[str]()
    for some in _slices(posts or ""):
        counts.update(some)
    again = Counter[str]()
    for some in _slices(told or ""):
        again.update(some)
    for both, times in again.items():
        counts[str(int(both) >> PLANE)] -= times - 1
    return {int(channel): count for channel, count in counts.items()}


def _slices(text: str) -> Iterator[list[str]]:
    """The values of a list with commas between them, some thousands at a time."""
    at = 0
    while at < len(text):
        end = text.find(",", at + _SLICE)
        end = len(text) if end < 0 else end
        yield text[at:end].split(",")
        at = end + 1


def in_spans(db: sqlite3.Connection, expression: str, spans: Sequence[Keys]) -> list[int]:
    """How many posts the index finds in each of some spans that follow each other."""
    lows = [low for low, _ in spans]
    if expression.count('"') // 2 * len(spans) < _MOST_SEEKS:
        sql = f"SELECT count(*) {_INDEX}{_RANGE}"
        return [db.execute(sql, (expression, *some)).fetchone()[0] for some in spans]
    # The longest stretch of which all spans are made: days, or hours where clocks change.
    step = gcd(*(low - lows[0] for low in lows), spans[-1][1] - lows[0])
    sql = f"SELECT (posts_fts.rowid - ?) / ?, count(*) {_INDEX}{_RANGE} GROUP BY 1"
    counts = [0] * len(spans)
    for number, posts in db.execute(sql, (lows[0], step, expression, lows[0], spans[-1][1])):
        counts[bisect_right(lows, lows[0] + number * step) - 1] += posts
    return counts
