"""What is wrong with the search index: a damaged file, posts it does not know, words of nothing.

Every search looks at the two ends (`state.drift`); this counts, and looks for a sample of posts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from archiver.store import lexicon
from archiver.store.meta import COLUMNS, IndexRow, meta_tokens
from archiver.text.fold import fold

# Posts that are still to be indexed (`index.add_later`) are not missing.
_NOT_WAITING = "sort_key FROM post WHERE sort_key NOT IN (SELECT sort_key FROM unindexed)"


def check(db: sqlite3.Connection, sample: int = 1_000) -> list[str]:
    """What is wrong with the index, in sentences; needs a writable connection, changes nothing.

    FTS5's own check does not see words that a wrong removal left behind, so `sample` posts are
    looked for by their words, and as many words are looked up in the posts they lead to.
    """
    try:
        for table in ("posts_fts", "revision_fts"):
            db.execute(f"INSERT INTO {table}({table}) VALUES ('integrity-check')")
        found = [*_uncounted(db), *_unfindable(db, sample), *_ghosts(db, sample)]
        return [*found, *_misplaced(db, sample)]
    except sqlite3.DatabaseError as error:
        return [f"the index is damaged: {error}"]


def _uncounted(db: sqlite3.Connection) -> Iterator[str]:
    """Posts without index rows, and the reverse."""
    for told, left, right in (
        ("posts are missing from the index", _NOT_WAITING, "id FROM posts_fts_docsize"),
        ("index rows have no post", "id FROM posts_fts_docsize", "sort_key FROM post"),
        ("versions are missing from the index", "id FROM revision", "id FROM revision_fts_docsize"),
        ("index rows have no version", "id FROM revision_fts_docsize", "id FROM revision"),
    ):
        sql = f"SELECT count(*) FROM (SELECT {left} EXCEPT SELECT {right})"
        (count,) = db.execute(sql).fetchone()
        if count:
            yield f"{count} {told}"


def _unfindable(db: sqlite3.Connection, sample: int) -> Iterator[str]:
    """Posts that some of their own words do not find."""
    picked = f"SELECT {_NOT_WAITING} ORDER BY random() LIMIT {sample:d}"
    rows = db.execute(f"SELECT {COLUMNS} FROM post WHERE sort_key IN ({picked})")
    for row in map(IndexRow._make, rows):
        words = [("text", word) for word in dict.fromkeys(fold(row.text))]
        words += [("meta", word) for word in meta_tokens(row).split()]
        some = (words[at : at + 50] for at in range(0, len(words), 50))
        if not all(_found(db, part, row.sort_key) for part in some):
            yield f"the post with sort_key {row.sort_key} is not found by its words"


def _misplaced(db: sqlite3.Connection, sample: int) -> Iterator[str]:
    """Words whose other forms a search misses, since a newer PyStemmer cuts them otherwise."""
    if count := lexicon.misplaced(db, sample):
        yield (
            f"{count} words stand under stems that this version of PyStemmer does not make, so that"
            " searches miss some of their forms"
        )


def _found(db: sqlite3.Connection, words: Sequence[tuple[str, str]], sort_key: int) -> bool:
    match = " AND ".join(f'{column}:"{word}"' for column, word in words)
    sql = "SELECT 1 FROM posts_fts WHERE posts_fts MATCH ? AND rowid = ?"
    return db.execute(sql, (match, sort_key)).fetchone() is not None


def _ghosts(db: sqlite3.Connection, sample: int) -> Iterator[str]:
    """Words that lead to posts which do not hold them."""
    picked = db.execute(f"SELECT form FROM lexicon ORDER BY random() LIMIT {sample:d}").fetchall()
    for (form,) in picked:
        rows = db.execute(
            "SELECT post.text FROM posts_fts LEFT JOIN post ON post.sort_key = posts_fts.rowid"
            " WHERE posts_fts MATCH ? ORDER BY posts_fts.rowid DESC LIMIT 5",
            (f'text:"{form}"',),
        )
        if any(text is None or form not in fold(text) for (text,) in rows):
            yield f"the word {form} leads to a post that does not hold it"
