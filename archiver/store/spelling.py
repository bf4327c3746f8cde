"""Words of the archive that look like one that nothing was found for."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from archiver.store.lexicon import forms_of
from archiver.text.compare import nearest
from archiver.text.figures import written_otherwise
from archiver.text.fold import tokens
from archiver.text.tree import Query, Term, walk

_MOST = 3
_TEXTS = """
SELECT post.text FROM posts_fts JOIN post ON post.sort_key = posts_fts.rowid
WHERE posts_fts MATCH ? ORDER BY posts_fts.rowid DESC LIMIT 20
"""
_SHORTEST = 3


class Unknown(NamedTuple):
    """A word of a search that no post holds, and what may have been meant."""

    word: str
    alike: tuple[str, ...]


def unknown_words(db: sqlite3.Connection, query: Query) -> list[Unknown]:
    """The words of a query that no post holds, each with the likest words of the archive.

    Both as they are written, not as they are looked for.
    """
    words = [word for word in dict.fromkeys(_words(query)) if not _posts(db, word)]
    typed = _written([query.text])
    return [
        Unknown(typed.get(word, word), tuple(as_written(db, each) for each in _alike(db, word)))
        for word in words
    ]


def as_written(db: sqlite3.Connection, form: str) -> str:
    """How the newest posts that have a folded word mostly write it."""
    found = _written(text for (text,) in db.execute(_TEXTS, (f'text:("{form}")',)))
    return found.get(form, form)


def _written(texts: Iterable[str]) -> dict[str, str]:
    """How texts mostly write each of their words, by its folded form; small letters of equals."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for token in tokens(text):
            seen[token.form][text[token.start : token.end]] += 1
    return {form: max(ways, key=lambda way: (ways[way], way)) for form, ways in seen.items()}


def _words(query: Query) -> Iterator[str]:
    for node, wanted in walk(query.root):
        if isinstance(node, Term) and wanted and not node.prefix:
            yield from (word for word in node.words if len(word) >= _SHORTEST)


def _posts(db: sqlite3.Connection, word: str) -> int:
    """In how many posts a word stands, in any form; no more than a thousand."""
    written = [*forms_of(db, word), *map(" ".join, written_otherwise([word]))]
    forms = " OR ".join(f'"{form}"' for form in written)
    sql = "SELECT count(*) FROM (SELECT 1 FROM posts_fts WHERE posts_fts MATCH ? LIMIT 1000)"
    return int(db.execute(sql, (f"text:({forms})",)).fetchone()[0])


def _alike(db: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """The likest words, of equals the commoner ones first; one of each stem will do."""
    found = nearest(word, _beginning(db, word[0])) or nearest(word, _all(db))
    counted = sorted(found, key=lambda each: (each[1], -_posts(db, each[0])))
    kept: list[str] = []
    known: set[str] = set()
    for form, _ in counted:
        if form not in known:
            kept.append(form)
            known.update(forms_of(db, form))
    return tuple(kept[:_MOST])


def _beginning(db: sqlite3.Connection, letter: str) -> list[str]:
    """Words of the archive that begin as it does: a 30th of all, and the likely ones."""
    rows = db.execute(
        "SELECT DISTINCT form FROM lexicon WHERE stem >= ? AND stem < ?",
        (letter, chr(ord(letter) + 1)),
    )
    return [form for (form,) in rows]


def _all(db: sqlite3.Connection) -> list[str]:
    return [form for (form,) in db.execute("SELECT DISTINCT form FROM lexicon")]
