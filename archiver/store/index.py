"""The full-text index and the lexicon; plain sqlite3, inside the transaction of the caller.

Contentless FTS5 with the post's sort_key as rowid: newest first is a walk of the index (0.1 ms
instead of 53 ms for a common word in a million posts). What is indexed is a pure function of the
post's row, so a row is taken out by computing its tokens once more.

The `meta` column holds the filters, one token each, told apart by the first letter:

    c12       channel.id of the channel         f     forwarded at all; f7: from channel.id 7
    nword     a word of the forward's name, in order: fwd:"Some Name" is a phrase of them
    hphoto    kind of media                     k1    PostKind, where it is not a message
    x         deleted     e   edited            r     a reply
    reserved: t (#tag)  u (@user)  w (host of a link)  l (language)  d, m, y (not used)

A change of this layout must raise FOLD_VERSION, as a change of folding must.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from archiver.errors import StoreError
from archiver.text.fold import FOLD_VERSION, fold, fold_text
from archiver.text.stem import stems

# FTS5 collects this many bytes before it writes a segment; its default of 1 MB halves the speed.
_HASH_BYTES = 64 << 20
_REBUILD_BATCH = 5_000
_WAITING = "SELECT sort_key FROM unindexed ORDER BY sort_key LIMIT ?"
_KNOWN_FORMS = 1_000_000  # hashes, about 70 MB
_MOST_FORMS = 64
_CYRILLIC = re.compile(r"[\u0430-\u044f\u0451-\u045f\u0491]{3}")


class IndexRow(NamedTuple):
    """What the index needs of a post; `COLUMNS` selects the same from the table."""

    sort_key: int
    text: str
    channel_id: int
    kind: int = 0
    fwd_channel: int | None = None
    fwd_name: str | None = None
    media_kind: str | None = None
    deleted: bool = False
    edited: bool = False
    reply: bool = False


COLUMNS = (
    "sort_key, text, channel_id, kind, fwd_channel, fwd_name, media_kind,"
    " deleted_at IS NOT NULL, edited IS NOT NULL, reply_to IS NOT NULL"
)


def meta_tokens(row: IndexRow) -> str:
    """The filters of a post as words of the `meta` column.

    >>> meta_tokens(IndexRow(64, "", 3, fwd_channel=7, fwd_name="Some Name", media_kind="photo"))
    'c3 f f7 nsome nname hphoto'
    """
    words = [f"c{row.channel_id}"]
    if row.fwd_channel is not None or row.fwd_name is not None:
        words.append("f")
    if row.fwd_channel is not None:
        words.append(f"f{row.fwd_channel}")
    if row.fwd_name:
        words += ["n" + word for word in fold(row.fwd_name)]
    if row.media_kind:
        words.append("h" + "".join(fold(row.media_kind)))
    if row.kind:
        words.append(f"k{row.kind}")
    flags = ((row.deleted, "x"), (row.edited, "e"), (row.reply, "r"))
    return " ".join([*words, *(letter for set_, letter in flags if set_)])


def add(db: sqlite3.Connection, rows: Iterable[IndexRow]) -> None:
    """Index new posts, and teach the lexicon their words."""
    # FTS5 flushes whenever a rowid goes down: 20.4k posts/s ascending, 10.8k newest first.
    ordered = sorted(rows, key=itemgetter(0))
    texts = [fold_text(row.text) for row in ordered]
    db.executemany(
        "INSERT INTO posts_fts(rowid, text, meta) VALUES (?, ?, ?)",
        [(row[0], text, meta_tokens(row)) for row, text in zip(ordered, texts, strict=True)],
    )
    _learn(db, set().union(*map(str.split, texts)))


def add_later(db: sqlite3.Connection, sort_keys: Iterable[int]) -> None:
    """Note that these posts are still to be indexed: many at once cost a third of a few."""
    db.executemany("INSERT INTO unindexed(sort_key) VALUES (?)", [(key,) for key in sort_keys])


def add_waiting(db: sqlite3.Connection) -> int:
    """Index what `add_later` noted; how many posts that were."""
    done = 0
    while keys := [k for (k,) in db.execute(_WAITING, (_REBUILD_BATCH,))]:
        rows = db.execute(
            f"SELECT {COLUMNS} FROM post WHERE sort_key IN"
            " (SELECT sort_key FROM unindexed ORDER BY sort_key LIMIT ?)",
            (len(keys),),
        )
        add(db, map(IndexRow._make, rows))
        db.execute("DELETE FROM unindexed WHERE sort_key <= ?", (keys[-1],))
        done += len(keys)
    return done


def change(db: sqlite3.Connection, before: IndexRow, after: IndexRow) -> None:
    """A post is indexed otherwise, or will be: one that still waits is read when its turn comes."""
    if before == after:
        return
    waits = db.execute("SELECT 1 FROM unindexed WHERE sort_key = ?", (before.sort_key,)).fetchone()
    if waits:
        move = "UPDATE unindexed SET sort_key = ? WHERE sort_key = ?"
        db.execute(move, (after.sort_key, before.sort_key))
        return
    remove(db, [before])
    add(db, [after])


def remove(db: sqlite3.Connection, rows: Iterable[IndexRow]) -> None:
    """Take posts out; `rows` as they were indexed, or ghosts of their words stay behind."""
    db.executemany(
        "INSERT INTO posts_fts(posts_fts, rowid, text, meta) VALUES ('delete', ?, ?, ?)",
        [
            (row.sort_key, fold_text(row.text), meta_tokens(row))
            for row in sorted(rows, key=itemgetter(0))
        ],
    )


class _Known:
    """The forms this process need not look at again, valid while the archive shows our stamp.

    The stamp is written with the forms: after a rollback, another process's words or in another
    archive it differs, and the forms are asked for once more. Kept as hashes of 64 bits: half the
    memory of the words, and a clash only costs one inflected form its stem.
    """

    def __init__(self) -> None:
        self.stamp: int | None = None
        self.hashes: set[int] = set()


_known = _Known()


def _learn(db: sqlite3.Connection, words: set[str]) -> None:
    """Put the words not seen before under their stems."""
    stamp = _state(db, "lexicon")
    if stamp is None or stamp != _known.stamp or len(_known.hashes) > _KNOWN_FORMS:
        _known.hashes.clear()
        _known.stamp = stamp
    known = _known.hashes
    fresh = [word for word in words if hash(word) not in known]
    pairs = sorted((stem, form) for form in fresh for stem in stems(form) or _itself(form))
    if pairs:
        db.executemany("INSERT OR IGNORE INTO lexicon(stem, form) VALUES (?, ?)", pairs)
        _known.stamp = int.from_bytes(os.urandom(7), "big")
        _set_state(db, "lexicon", _known.stamp)
    known.update(map(hash, fresh))


def forms_of(db: sqlite3.Connection, word: str, limit: int = _MOST_FORMS) -> tuple[str, ...]:
    """A folded word and the forms the archive knows it in, likest first, at most `limit`."""
    found: set[str] = set()
    for stem in stems(word):
        rows = db.execute("SELECT form FROM lexicon WHERE stem = ? LIMIT 1000", (stem,))
        found.update(form for (form,) in rows)
    found.discard(word)
    likest = sorted(found, key=lambda form: (abs(len(form) - len(word)), form))
    return (word, *likest[: limit - 1])


def _itself(form: str) -> tuple[str, ...]:
    """A stemless word that begins in Cyrillic ("миг29") stands under itself, to be found there."""
    return (form,) if _CYRILLIC.match(form) else ()


def forms_beginning(db: sqlite3.Connection, prefix: str, limit: int) -> list[str] | None:
    """Every word of the archive that begins so; None where that cannot be told, or for more.

    It can for three Cyrillic letters and more, whose stems are beginnings of their forms: the stem
    begins with the prefix, or the prefix with the stem. An index of all forms would tell it for
    every script, for 100 bytes a post.
    """
    if not _CYRILLIC.match(prefix):
        return None
    end = prefix + chr(0x10FFFF)
    shorter = [prefix[:size] for size in range(1, len(prefix))]
    rows = db.execute(
        "SELECT form FROM lexicon WHERE stem >= ? AND stem < ? UNION SELECT form FROM lexicon"
        f" WHERE stem IN ({','.join('?' * len(shorter))}) AND form >= ? AND form < ? LIMIT ?",
        (prefix, end, *shorter, prefix, end, limit + 1),
    )
    found = [form for (form,) in rows]
    return found if len(found) <= limit else None


def _state(db: sqlite3.Connection, name: str) -> int | None:
    row = db.execute("SELECT value FROM index_state WHERE name = ?", (name,)).fetchone()
    return None if row is None else int(row[0])


def _set_state(db: sqlite3.Connection, name: str, value: int) -> None:
    db.execute("INSERT OR REPLACE INTO index_state(name, value) VALUES (?, ?)", (name, value))


def version(db: sqlite3.Connection) -> int | None:
    """The FOLD_VERSION the index was made with; None for an index nothing was put into."""
    return _state(db, "fold_version")


def max_overflow(db: sqlite3.Connection) -> int:
    """The most minutes by which a post's key lies behind its date."""
    return _state(db, "max_overflow") or 0


def _nothing(_: int) -> None:
    pass


def ensure_current(db: sqlite3.Connection, progress: Callable[[int], None] = _nothing) -> bool:
    """Make the index fit this program's folding before the first write; True: it was rebuilt.

    Raises StoreError when a newer program made it.
    """
    stored = version(db)
    if stored == FOLD_VERSION:
        return False
    if stored is not None and stored > FOLD_VERSION:
        raise StoreError(
            f"the search index was made by a newer version of archiver (index {stored}, this"
            f" program knows {FOLD_VERSION}); install that version to use the archive."
        )
    _configure(db)
    if db.execute("SELECT 1 FROM post LIMIT 1").fetchone() is None:
        _set_state(db, "fold_version", FOLD_VERSION)
        return False
    rebuild(db, progress)
    return True


def _configure(db: sqlite3.Connection) -> None:
    db.execute("INSERT INTO posts_fts(posts_fts, rank) VALUES ('hashsize', ?)", (_HASH_BYTES,))


@contextmanager
def bulk(db: sqlite3.Connection) -> Iterator[None]:
    """Put off the merging of segments: 13k instead of 7k posts/s; `optimize` does it at the end."""
    db.execute("INSERT INTO posts_fts(posts_fts, rank) VALUES ('automerge', 0)")
    yield
    db.execute("INSERT INTO posts_fts(posts_fts, rank) VALUES ('automerge', 4)")


def optimize(db: sqlite3.Connection) -> None:
    """Merge the index into one segment: 2 to 9 s for a million posts; nothing if it is one."""
    db.execute("INSERT INTO posts_fts(posts_fts) VALUES ('optimize')")


def merge(db: sqlite3.Connection, pages: int = 4_000) -> None:
    """Merge segments where there are two or more alike, for at most about a second.

    FTS5 does a bounded piece of the work a call, and nothing where nothing is to be done.
    """
    db.execute("INSERT INTO posts_fts(posts_fts, rank) VALUES ('usermerge', 2)")
    db.execute("INSERT INTO posts_fts(posts_fts, rank) VALUES ('merge', ?)", (pages,))


def rebuild(db: sqlite3.Connection, progress: Callable[[int], None] = _nothing) -> int:
    """Make index and lexicon anew from the stored posts; `progress` gets the posts done so far."""
    (ddl,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'posts_fts'").fetchone()
    db.execute("DROP TABLE posts_fts")
    db.execute(ddl)
    _configure(db)
    db.execute("DELETE FROM lexicon")
    db.execute("DELETE FROM unindexed")
    db.execute("DELETE FROM index_state WHERE name = 'lexicon'")
    done = 0
    with bulk(db):
        for batch in _batches(db):
            add(db, batch)
            done += len(batch)
            progress(done)
    optimize(db)
    _set_state(db, "fold_version", FOLD_VERSION)
    return done


def _batches(db: sqlite3.Connection) -> Iterator[list[IndexRow]]:
    rows = map(IndexRow._make, db.execute(f"SELECT {COLUMNS} FROM post ORDER BY sort_key"))
    while batch := list(islice(rows, _REBUILD_BATCH)):
        yield batch


def check(db: sqlite3.Connection, sample: int = 1_000) -> list[str]:
    """What is wrong with the index, in sentences; needs a writable connection, changes nothing.

    FTS5's own check does not see words that a wrong removal left behind, so `sample` posts are
    looked for by their words, and as many words are looked up in the posts they lead to.
    """
    try:
        db.execute("INSERT INTO posts_fts(posts_fts) VALUES ('integrity-check')")
        return [*_uncounted(db), *_unfindable(db, sample), *_ghosts(db, sample)]
    except sqlite3.DatabaseError as error:
        return [f"the index is damaged: {error}"]


def _uncounted(db: sqlite3.Connection) -> Iterator[str]:
    """Posts without index rows, and the reverse."""
    for told, left, right in (
        ("posts are missing from the index", "sort_key FROM post", "id FROM posts_fts_docsize"),
        ("index rows have no post", "id FROM posts_fts_docsize", "sort_key FROM post"),
    ):
        sql = f"SELECT count(*) FROM (SELECT {left} EXCEPT SELECT {right})"
        (count,) = db.execute(sql).fetchone()
        if count:
            yield f"{count} {told}"


def _unfindable(db: sqlite3.Connection, sample: int) -> Iterator[str]:
    """Posts that some of their own words do not find."""
    picked = f"SELECT sort_key FROM post ORDER BY random() LIMIT {sample:d}"
    rows = db.execute(f"SELECT {COLUMNS} FROM post WHERE sort_key IN ({picked})")
    for row in map(IndexRow._make, rows):
        words = [("text", word) for word in dict.fromkeys(fold(row.text))]
        words += [("meta", word) for word in meta_tokens(row).split()]
        some = (words[at : at + 50] for at in range(0, len(words), 50))
        if not all(_found(db, part, row.sort_key) for part in some):
            yield f"the post with sort_key {row.sort_key} is not found by its words"


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
