"""Search by relevance: bm25 of the newest posts found, less with their age."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator

from archiver.store.hits import COLUMNS, Found
from archiver.store.plan import INDEX_KEY, SLOT_BITS, Plan

# BM25 scores every post it is asked for, 1 us each, 0.7 of it for one look at how many words the
# post has: the best of the newest, not of all.
SCORED = 4_000
# A post two years older than the newest one found weighs half.
_HALF_LIFE = 2 * 365 * 24 * 60 << SLOT_BITS
_AT_ONCE = 100
_FEW = 50  # statements, which mostly are among twice as many posts

# bm25 is the smaller, the better; the key is the time. SQLite puts in order what it scored: to do
# it here takes 2 ms more.
_SCORED = "SELECT posts_fts.rowid AS key, bm25(posts_fts, 1.0, 0.0) AS score"
_NEWEST_FIRST = "ORDER BY posts_fts.rowid DESC LIMIT"
_INDEX = "FROM posts_fts WHERE posts_fts MATCH ?"
_NEWEST = f"SELECT posts_fts.rowid {_INDEX} {_NEWEST_FIRST} 1"
_ORDER = f"ORDER BY score / (1.0 + ({{}} - key) / {_HALF_LIFE}.0), key DESC"
_RANKED = (
    f"SELECT key FROM ({_SCORED} {_INDEX} {_NEWEST_FIRST} {SCORED}) {_ORDER.format('?')}"
    " LIMIT ? OFFSET ?"
)
# Where posts are looked at on the way, perhaps with a regular expression, once is enough.
_RANKED_ONCE = (
    f"WITH scored AS ({_SCORED} {{}} {_NEWEST_FIRST} {SCORED})"
    f" SELECT key FROM scored {_ORDER.format('(SELECT max(key) FROM scored)')}"
)
# Where broad filters were asked for beside the words: those found by all are ranked by the words.
# The plus keeps SQLite from asking the index for each of them.
_RANKED_BY_WORDS = (
    f"WITH found AS MATERIALIZED (SELECT {{}} AS key {{}} ORDER BY key DESC LIMIT {SCORED}),"
    f" scored AS ({_SCORED} {_INDEX} AND posts_fts.rowid >= (SELECT min(key) FROM found)"
    " AND +posts_fts.rowid IN (SELECT key FROM found))"
    f" SELECT key FROM scored {_ORDER.format('(SELECT max(key) FROM found)')}"
)


def relevant(db: sqlite3.Connection, wanted: Plan, most: int | None) -> Iterator[Found]:
    """The newest few thousand, those first that say the most of what was asked for.

    `most` says how many statements will be shown, if not all.
    """
    if wanted.ranking is not None:
        yield from _keys_to_posts(db, _by_words(db, wanted, wanted.ranking))
        return
    if wanted.expression is None:
        yield from _keys_to_posts(db, db.execute(_RANKED_ONCE.format(wanted.sql), wanted.values))
        return
    newest = db.execute(_NEWEST, (wanted.expression,)).fetchone()
    if newest is None:
        return
    # The first few alone spare SQLite 1 ms of putting all in order.
    few = 2 * most if most is not None and most <= _FEW else 0
    for limit, offset in ((few, 0), (-1, few)):
        asked = (wanted.expression, *newest, limit, offset)
        met = yield from _keys_to_posts(db, db.execute(_RANKED, asked))
        if met < limit:
            return


def _by_words(db: sqlite3.Connection, wanted: Plan, words: str) -> sqlite3.Cursor:
    source, values = wanted.sql, wanted.values
    if wanted.expression is not None:
        source, values = _INDEX, [wanted.expression]
    return db.execute(_RANKED_BY_WORDS.format(INDEX_KEY, source), [*values, words])


def _keys_to_posts(db: sqlite3.Connection, keys: sqlite3.Cursor) -> Generator[Found, None, int]:
    met = 0
    while some := [key for (key,) in keys.fetchmany(_AT_ONCE)]:
        met += len(some)
        marks = ",".join("?" * len(some))
        sql = f"SELECT {COLUMNS} FROM post INDEXED BY ix_post_walk WHERE sort_key IN ({marks})"
        posts = {row[3]: Found(*row) for row in db.execute(sql, some)}
        yield from (posts[key] for key in some if key in posts)
    return met
