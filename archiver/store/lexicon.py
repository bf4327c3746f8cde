"""The words the archive knows, under their stems: which forms a word of a search may take.

Plain sqlite3, inside the transaction of the caller. A stem of one of the languages that share an
alphabet carries its name ("de:haus"), so that a word takes the endings of the languages it was
seen in; a word never seen takes those of all.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping

from archiver.store import state
from archiver.text.patterns import later
from archiver.text.stem import LATIN, languages, stems, version

Pair = tuple[str, str]
STEMMER = "stemmer"  # the version that every word was put under its stems by

_KNOWN_FORMS = 150_000  # hashes in a generation, about 10 MB; a million in one took 70
_MOST_FORMS = 64
_CYRILLIC = later(r"[\u0430-\u044f\u0451-\u045f\u0491]{3}")


class _Known:
    """The forms this process need not look at again, valid while the archive shows our stamp.

    The stamp is written with the forms: after a rollback, another process's words or in another
    archive it differs, and the forms are asked for once more. Kept as hashes of 64 bits: half the
    memory of the words, and a clash only costs one inflected form its stem.
    """

    def __init__(self) -> None:
        self.stamp: int | None = None
        self.hashes: set[int] = set()
        self.older: set[int] = set()

    def grow_old(self) -> None:
        """A full generation becomes the older one: words in use move on, rare ones are dropped."""
        if len(self.hashes) > _KNOWN_FORMS:
            self.older, self.hashes = self.hashes, set()


_known = _Known()


def learn(db: sqlite3.Connection, words: Mapping[str, Iterable[str]]) -> None:
    """Put the words not seen before, by their language, under their stems."""
    stamp = state.get(db, "lexicon")
    if stamp is None or stamp != _known.stamp:
        _known.hashes.clear()
        _known.older.clear()
        _known.stamp = stamp
    _known.grow_old()
    if pairs := sorted(fresh_pairs(words, _known.hashes, _known.older)):
        put(db, pairs)
        _known.stamp = int.from_bytes(os.urandom(7), "big")
        state.put(db, "lexicon", _known.stamp)


def fresh_pairs(
    words: Mapping[str, Iterable[str]], known: set[int], older: Collection[int] = ()
) -> Iterator[Pair]:
    """(stem, form) of the words that are not among the hashes `known`, which are added to it.

    Those among the `older` ones are added as well, but are not fresh.
    """
    for language, forms in words.items():
        seed = hash(language)
        for form in forms:
            key = hash(form) ^ seed
            if key not in known:
                known.add(key)
                if key in older:
                    continue
                for stem in stems(form, language) or _itself(form):
                    yield stem, form


def misplaced(db: sqlite3.Connection, sample: int) -> int:
    """How many words stand under stems that today's stemmers do not make.

    `sample` of them are looked at, and all where another version put them there (2 s a million).
    """
    same = state.get(db, STEMMER) == version()
    some = f" ORDER BY random() LIMIT {sample:d}" if same else ""
    rows = db.execute(f"SELECT stem, form FROM lexicon{some}")
    return sum(stem not in (stems(form) or (form,)) for stem, form in rows)


def put(db: sqlite3.Connection, pairs: Iterable[Pair]) -> None:
    """Store pairs of stem and form, those there already too."""
    db.executemany("INSERT OR IGNORE INTO lexicon(stem, form) VALUES (?, ?)", pairs)


def forms_of(
    db: sqlite3.Connection, word: str, limit: int = _MOST_FORMS, language: str = ""
) -> tuple[str, ...]:
    """A folded word and the forms the archive knows it in, likest first, at most `limit`.

    Without a language, in all those the word itself was seen in; in any, if it never was.
    """
    by_stem = [_under(db, stem) for stem in stems(word, language)]
    if not language and languages(word) == LATIN:
        by_stem = [forms for forms in by_stem if word in forms] or by_stem
    found = set().union(*by_stem)
    found.discard(word)
    likest = sorted(found, key=lambda form: (abs(len(form) - len(word)), form))
    return (word, *likest[: limit - 1])


def _under(db: sqlite3.Connection, stem: str) -> set[str]:
    rows = db.execute("SELECT form FROM lexicon WHERE stem = ? LIMIT 1000", (stem,))
    return {form for (form,) in rows}


def _itself(form: str) -> tuple[str, ...]:
    """A stemless word that begins in Cyrillic ("миг29") stands under itself, to be found there."""
    return (form,) if _CYRILLIC.match(form) else ()


def forms_beginning(db: sqlite3.Connection, prefix: str, limit: int) -> list[str] | None:
    """Every word of the archive that begins so; None where that cannot be told, or for more.

    It can for three Cyrillic letters and more, of whose stems one is a beginning of the form: it
    begins with the prefix, or the prefix with the stem. An index of all forms would tell it for
    every script, for 100 bytes a post.
    """
    if not _CYRILLIC.match(prefix):
        return None
    end = prefix + chr(0x10FFFF)
    shorter = [prefix[:size] for size in range(1, len(prefix))]
    rows = db.execute(
        "SELECT form FROM lexicon WHERE stem >= ?1 AND stem < ?2 AND form >= ?1 AND form < ?2"
        " UNION SELECT form FROM lexicon WHERE form >= ?1 AND form < ?2 AND stem IN"
        f" ({','.join('?' * len(shorter))}) LIMIT {limit + 1:d}",
        (prefix, end, *shorter),
    )
    found = [form for (form,) in rows]
    return found if len(found) <= limit else None
