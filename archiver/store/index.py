"""The full-text index; plain sqlite3, inside the transaction of the caller.

Contentless FTS5 with the post's sort_key as rowid: newest first is a walk of the index (0.1 ms
instead of 53 ms for a common word in a million posts). What is indexed is a pure function of the
post's row, so a row is taken out by computing its tokens once more. The `meta` column holds the
filters, one token each (`store/meta.py`).

`member_fts` holds those that are in a cluster once more (`store/members.py`).

`revision_fts` holds the earlier wordings, with revision.id as rowid. They only ever are added, so
what is new is what lies behind the greatest id that was indexed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from operator import itemgetter

from archiver.errors import StoreError
from archiver.store import lexicon, members, state
from archiver.store.meta import COLUMNS as COLUMNS
from archiver.store.meta import IndexRow as IndexRow
from archiver.store.meta import meta_tokens
from archiver.text.fold import FOLD_VERSION, fold_loosely
from archiver.text.language import language_of
from archiver.text.stem import reading, shared
from archiver.text.stem import version as stemmer_version

# FTS5 collects this many bytes before it writes a segment; its default of 1 MB halves the speed.
_HASH_BYTES = 64 << 20
_REVISIONS = "revisions"  # the greatest revision.id that is indexed
_BATCH = 5_000

ADD = "INSERT INTO posts_fts(rowid, text, meta) VALUES (?, ?, ?)"
_WAITING = "SELECT sort_key FROM unindexed ORDER BY sort_key LIMIT ?"


# A post as the index takes it: its sort_key, its words, its filters.
Ready = tuple[int, str, str]


class Words(dict[str, set[str]]):
    """The words of posts, by what `reading` makes of their language."""

    def __missing__(self, language: str) -> set[str]:
        found = self[language] = set()
        return found

    def take(self, folded: str, language: str) -> None:
        """The words of one more post."""
        self[reading(language)].update(folded.split())


class Shared(Words):
    """Those alone that the language of the post says the stems of, where all posts are at hand."""

    def take(self, folded: str, language: str) -> None:
        """The words of one more post."""
        if words := shared(folded):
            self[reading(language)].update(words)


def in_order(rows: Iterable[IndexRow], seen: Words | None = None) -> list[Ready]:
    """Posts ready for the index, their words put into `seen`.

    In order, since FTS5 flushes whenever a rowid goes down: half the speed. The words post by post,
    since the lists of 5,000 at once would leave the processor's cache: 7 us a post.
    """
    posts: list[Ready] = []
    for row in sorted(rows, key=itemgetter(0)):
        text, lang = _folded(row.text)
        posts.append((row.sort_key, text, meta_tokens(row, text, lang)))
        if seen is not None:
            seen.take(text, lang)
    return posts


@lru_cache(maxsize=2_000)  # copies follow each other: of posts that come into clusters two fifths
def _folded(text: str) -> tuple[str, str]:
    folded = fold_loosely(text)
    return folded, language_of(text, folded)


def ready(row: IndexRow) -> Ready:
    """One post ready for the index."""
    [post] = in_order([row])
    return post


def add(db: sqlite3.Connection, rows: Iterable[IndexRow]) -> list[Ready]:
    """Index new posts, and teach the lexicon their words; what was indexed."""
    words = Words()
    posts = in_order(rows, words)
    db.executemany(ADD, posts)
    lexicon.learn(db, words)
    return posts


def add_later(db: sqlite3.Connection, sort_keys: Iterable[int]) -> None:
    """Note that these posts are still to be indexed: many at once cost a third of a few."""
    db.executemany("INSERT INTO unindexed(sort_key) VALUES (?)", [(key,) for key in sort_keys])


def next_waiting(db: sqlite3.Connection) -> list[IndexRow]:
    """The first of the posts that wait; there may be more."""
    found = db.execute(
        f"SELECT {COLUMNS} FROM post WHERE sort_key IN"
        " (SELECT sort_key FROM unindexed ORDER BY sort_key LIMIT ?)",
        (_BATCH,),
    )
    return list(map(IndexRow._make, found))


def still_waiting(db: sqlite3.Connection, keys: Iterable[int]) -> dict[int, IndexRow]:
    """Those of some posts that wait still, by sort_key, as they are now."""
    found = db.execute(
        f"SELECT {COLUMNS} FROM post WHERE sort_key IN (SELECT sort_key FROM unindexed"
        " WHERE sort_key IN (SELECT value FROM json_each(?)))",
        (json.dumps(list(keys)),),
    )
    return {row[0]: IndexRow._make(row) for row in found}


def add_waiting(db: sqlite3.Connection) -> int:
    """Index what `add_later` noted; how many posts that were."""
    done = 0
    while keys := [k for (k,) in db.execute(_WAITING, (_BATCH,))]:
        add(db, next_waiting(db))
        db.execute("DELETE FROM unindexed WHERE sort_key <= ?", (keys[-1],))
        done += len(keys)
    return done


def add_members(db: sqlite3.Connection) -> int:
    """Index some of those that came into clusters (`members.note`); how many those were."""
    found = members.next_waiting(db)
    posts = in_order([each.row for each in found])  # as they are
    members.settle(db, list(zip([each.cluster for each in found], posts, strict=True)))
    return len(found)


def put(
    db: sqlite3.Connection,
    posts: Sequence[Ready],
    pairs: Iterable[lexicon.Pair],
) -> None:
    """Index posts that waited, their words found elsewhere; in the order of their keys.

    The lexicon gets them with the next `lexicon.settle`.
    """
    db.executemany(ADD, posts)
    lexicon.put_soon(db, pairs)
    db.executemany("DELETE FROM unindexed WHERE sort_key = ?", [(post[0],) for post in posts])


def change(db: sqlite3.Connection, before: IndexRow, after: IndexRow) -> None:
    """A post is indexed otherwise, or will be: one that still waits is read when its turn comes."""
    if before == after:
        return
    if _waits(db, before.sort_key):
        move = "UPDATE unindexed SET sort_key = ? WHERE sort_key = ?"
        db.execute(move, (after.sort_key, before.sort_key))
        members.move(db, before.sort_key, after.sort_key)
        return
    was = ready(before)
    _take_out(db, [was])
    [new] = add(db, [after])
    members.move(db, before.sort_key, after.sort_key)
    if members.holds(db, before.sort_key):
        members.change(db, was, new)


def remove(db: sqlite3.Connection, rows: Iterable[IndexRow]) -> None:
    """Take posts out; `rows` as they were indexed, or ghosts of their words stay behind.

    Those that still wait are in it no more than their words are: they need not wait any longer.
    """
    waiting: list[IndexRow] = []
    indexed: list[IndexRow] = []
    for row in rows:
        (waiting if _waits(db, row.sort_key) else indexed).append(row)
    db.executemany("DELETE FROM unindexed WHERE sort_key = ?", [row[:1] for row in waiting])
    posts = in_order(indexed)
    members.remove(db, [*in_order(waiting), *posts])
    _take_out(db, posts)


def _take_out(db: sqlite3.Connection, posts: Iterable[Ready]) -> None:
    db.executemany(
        "INSERT INTO posts_fts(posts_fts, rowid, text, meta) VALUES ('delete', ?, ?, ?)",
        posts,
    )


def _waits(db: sqlite3.Connection, sort_key: int) -> bool:
    found = db.execute("SELECT 1 FROM unindexed WHERE sort_key = ?", (sort_key,))
    return found.fetchone() is not None


def add_revisions(db: sqlite3.Connection) -> int:
    """Index the earlier wordings that are not; how many those were."""
    done = 0
    while rows := db.execute(
        "SELECT id, text FROM revision WHERE id > ? ORDER BY id LIMIT ?",
        (state.get(db, _REVISIONS) or 0, _BATCH),
    ).fetchall():
        words = Words()
        posts = in_order((IndexRow(number, text, 0) for number, text in rows), words)
        sql = "INSERT INTO revision_fts(rowid, text) VALUES (?, ?)"
        db.executemany(sql, [post[:2] for post in posts])
        lexicon.learn(db, words)
        state.put(db, _REVISIONS, rows[-1][0])
        done += len(rows)
    return done


def version(db: sqlite3.Connection) -> int | None:
    """The FOLD_VERSION the index was made with; None for an index nothing was put into."""
    return state.get(db, "fold_version")


def _nothing(_: int) -> None:
    pass


def ensure_current(db: sqlite3.Connection, progress: Callable[[int], None] = _nothing) -> bool:
    """Make the index fit this program's folding before the first write; True: it was rebuilt.

    Raises StoreError when a newer program made it.
    """
    stored = version(db)
    if stored == FOLD_VERSION:
        add_revisions(db)
        return False
    if stored is not None and stored > FOLD_VERSION:
        raise StoreError(
            f"the search index was made by a newer version of archiver (index {stored}, this"
            f" program knows {FOLD_VERSION}); install that version to use the archive."
        )
    configure(db)
    if db.execute("SELECT 1 FROM post LIMIT 1").fetchone() is None:
        state.put(db, "fold_version", FOLD_VERSION)
        state.put(db, lexicon.STEMMER, stemmer_version())
        return False
    from archiver.store.rebuilding import rebuild

    rebuild(db, progress)
    return True


def configure(db: sqlite3.Connection, size: int = _HASH_BYTES) -> None:
    """Set what FTS5 keeps with the index."""
    db.execute("INSERT INTO posts_fts(posts_fts, rank) VALUES ('hashsize', ?)", (size,))


@contextmanager
def bulk(db: sqlite3.Connection) -> Iterator[None]:
    """Put off the merging of segments: 13k instead of 7k posts/s; `optimize` does it at the end."""
    db.execute("INSERT INTO posts_fts(posts_fts, rank) VALUES ('automerge', 0)")
    yield
    db.execute("INSERT INTO posts_fts(posts_fts, rank) VALUES ('automerge', 4)")


def optimize(db: sqlite3.Connection) -> None:
    """Merge the index into one segment: 2 to 9 s for a million posts; nothing if it is one."""
    db.execute("INSERT INTO posts_fts(posts_fts) VALUES ('optimize')")
    db.execute("INSERT INTO member_fts(member_fts) VALUES ('optimize')")
    db.execute("INSERT INTO revision_fts(revision_fts) VALUES ('optimize')")


def merge(db: sqlite3.Connection, pages: int = 4_000) -> None:
    """Merge segments where there are two or more alike, for at most about a second.

    FTS5 does a bounded piece of the work a call, and nothing where nothing is to be done.
    """
    for table in ("posts_fts", "member_fts"):
        db.execute(f"INSERT INTO {table}({table}, rank) VALUES ('usermerge', 2)")
        db.execute(f"INSERT INTO {table}({table}, rank) VALUES ('merge', ?)", (pages,))
