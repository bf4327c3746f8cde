"""How many statements or posts a plan finds. Most posts stand alone, and only members are joined.

A statement is a post alone, or a cluster of which any post is found. Where the index alone tells
what is found, FTS5 counts the posts (60 ns each), and those that are in a cluster are looked up in
`ix_post_member`, which holds nothing else: 18 ms for 63,000 posts where a look at every post in
`ix_post_walk` takes 37.
"""

from __future__ import annotations

import sqlite3

from archiver.store.plan import Plan

# Posts alone, and clusters: only those that are in one are remembered while counting.
STATEMENTS = "count(*) - count(post.cluster_id) + count(DISTINCT post.cluster_id)"
POSTS = "count(*)"

_INDEX = "FROM posts_fts WHERE posts_fts MATCH ?"
_MEMBERS = (
    "FROM posts_fts CROSS JOIN post AS member INDEXED BY ix_post_member"
    " ON member.sort_key = posts_fts.rowid AND member.cluster_id IS NOT NULL"
    " WHERE posts_fts MATCH ?"
)
_RANGE = " AND posts_fts.rowid >= ? AND posts_fts.rowid < ?"

Keys = tuple[int, int]


def amount(db: sqlite3.Connection, found: Plan, *, every: bool, keys: Keys | None = None) -> int:
    """How many statements (`every`: posts) are found, of those with keys from..to if told."""
    if found.expression is not None:
        return _of_index(db, found.expression, every=every, keys=keys)
    sql, values = f"SELECT {POSTS if every else STATEMENTS} {found.sql}", list(found.values)
    if keys is not None:
        sql, values = f"{sql} AND {found.key} >= ? AND {found.key} < ?", [*values, *keys]
    return int(db.execute(sql, values).fetchone()[0])


def _of_index(db: sqlite3.Connection, expression: str, *, every: bool, keys: Keys | None) -> int:
    ranged = _RANGE if keys else ""
    asked = (expression, *(keys or ()))
    sql = f"SELECT count(*) {_INDEX}{ranged}"
    if not every:
        # One statement, so that both halves see one moment.
        sql = f"SELECT ({sql}) - count(*) + count(DISTINCT member.cluster_id) {_MEMBERS}{ranged}"
        asked *= 2
    return int(db.execute(sql, asked).fetchone()[0])


def members(db: sqlite3.Connection, expression: str) -> sqlite3.Cursor:
    """The keys, and the clusters, of the posts found that are not alone; the oldest first."""
    sql = f"SELECT posts_fts.rowid, member.cluster_id {_MEMBERS} ORDER BY posts_fts.rowid"
    return db.execute(sql, (expression,))
