"""What is wrong with the search index: a damaged file, posts it does not know, words of nothing.

Every search looks at the two ends (`state.drift`); this counts, and looks for a sample of posts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from archiver.store import lexicon
from archiver.store.members import CLUSTER
from archiver.store.meta import COLUMNS, IndexRow, meta_tokens
from archiver.text.fold import fold

# Posts that are still to be indexed (`index.add_later`) are not missing.
_NOT_WAITING = "sort_key FROM post WHERE sort_key NOT IN (SELECT sort_key FROM unindexed)"
# Those that wait for another place among the members may be in none, or a wrong one.
_MEMBERS = (
    "sort_key, cluster_id FROM post WHERE cluster_id IS NOT NULL"
    " AND sort_key NOT IN (SELECT sort_key FROM fresh_member)"
)
_PLACES = (
    f"sort_key, id & {CLUSTER} FROM member"
    " WHERE sort_key NOT IN (SELECT sort_key FROM fresh_member)"
)
_PLACED = "sort_key FROM member"
_POST = "SELECT text FROM post WHERE sort_key = posts_fts.rowid"
_MEMBER = (
    "SELECT text FROM member JOIN post ON post.sort_key = member.sort_key"
    " WHERE member.id = member_fts.rowid"
)


def check(db: sqlite3.Connection, sample: int = 1_000) -> list[str]:
    """What is wrong with the index, in sentences; needs a writable connection, changes nothing.

    FTS5's own check does not see words that a wrong removal left behind, so `sample` posts are
    looked for by their words, and as many words are looked up in the posts they lead to.
    """
    try:
        for table in ("posts_fts", "member_fts", "revision_fts"):
            db.execute(f"INSERT INTO {table}({table}) VALUES ('integrity-check')")
        found = [*_uncounted(db), *_unfindable(db, sample), *_ghosts(db, sample)]
        return [*found, *_unfindable_members(db, sample), *_misplaced(db, sample)]
    except sqlite3.DatabaseError as error:
        return [f"the index is damaged: {error}"]


def _uncounted(db: sqlite3.Connection) -> Iterator[str]:
    """Posts without index rows, and the reverse."""
    for told, left, right in (
        ("posts are missing from the index", _NOT_WAITING, "id FROM posts_fts_docsize"),
        ("index rows have no post", "id FROM posts_fts_docsize", "sort_key FROM post"),
        ("members of statements are missing from the index", _MEMBERS, _PLACES),
        ("index rows are of no member of a statement", _PLACES, _MEMBERS),
        ("versions are missing from the index", "id FROM revision", "id FROM revision_fts_docsize"),
        ("index rows have no version", "id FROM revision_fts_docsize", "id FROM revision"),
    ):
        sql = f"SELECT count(*) FROM (SELECT {left} EXCEPT SELECT {right})"
        (count,) = db.execute(sql).fetchone()
        if count:
            yield f"{count} {told}"


def _unfindable(db: sqlite3.Connection, sample: int) -> Iterator[str]:
    """Posts that some of their own words do not find."""
    for row in _some(db, _NOT_WAITING, sample):
        if not _is_found(db, "posts_fts", row, row.sort_key):
            yield f"the post with sort_key {row.sort_key} is not found by its words"


def _unfindable_members(db: sqlite3.Connection, sample: int) -> Iterator[str]:
    """Members that some of their words do not find: statements would be counted wrongly."""
    for row in _some(db, _PLACED, sample):
        sql = "SELECT id FROM member WHERE sort_key = ?"
        (place,) = db.execute(sql, (row.sort_key,)).fetchone()
        if not _is_found(db, "member_fts", row, place):
            yield f"the member with sort_key {row.sort_key} is not found by its words"


def _some(db: sqlite3.Connection, among: str, sample: int) -> Iterator[IndexRow]:
    picked = f"SELECT {among} ORDER BY random() LIMIT {sample:d}"
    rows = db.execute(f"SELECT {COLUMNS} FROM post WHERE sort_key IN ({picked})")
    return map(IndexRow._make, rows)


def _is_found(db: sqlite3.Connection, fts: str, row: IndexRow, rowid: int) -> bool:
    """Whether all words and filters of a post lead to it."""
    words = [("text", word) for word in dict.fromkeys(fold(row.text))]
    words += [("meta", word) for word in meta_tokens(row).split()]
    for at in range(0, len(words), 50):
        match = " AND ".join(f'{column}:"{word}"' for column, word in words[at : at + 50])
        sql = f"SELECT 1 FROM {fts} WHERE {fts} MATCH ? AND rowid = ?"
        if db.execute(sql, (match, rowid)).fetchone() is None:
            return False
    return True


def _misplaced(db: sqlite3.Connection, sample: int) -> Iterator[str]:
    """Words whose other forms a search misses, since a newer PyStemmer cuts them otherwise."""
    if count := lexicon.misplaced(db, sample):
        yield (
            f"{count} words stand under stems that this version of PyStemmer does not make, so that"
            " searches miss some of their forms"
        )


def _ghosts(db: sqlite3.Connection, sample: int) -> Iterator[str]:
    """Words that lead to posts which do not hold them."""
    picked = db.execute(f"SELECT form FROM lexicon ORDER BY random() LIMIT {sample:d}").fetchall()
    for (form,) in picked:
        for fts, of_row in (("posts_fts", _POST), ("member_fts", _MEMBER)):
            sql = (
                f"SELECT ({of_row}) FROM {fts} WHERE {fts} MATCH ?"
                f" ORDER BY {fts}.rowid DESC LIMIT 5"
            )
            texts = [text for (text,) in db.execute(sql, (f'text:"{form}"',))]
            if any(text is None or form not in fold(text) for text in texts):
                yield f"the word {form} leads to a post that does not hold it"
                break
