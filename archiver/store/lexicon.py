"""The words the archive knows, under their stems: which forms a word of a search may take.

Plain sqlite3, inside the transaction of the caller. A stem of one of the languages that share an
alphabet carries its name ("de:haus"), so that a word takes the endings of the languages it was
seen in; a word never seen takes those of all.
"""

from __future__ import annotations

import os
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain, islice

from archiver.store import state
from archiver.text.patterns import later
from archiver.text.stem import LATIN, languages, stem_all, stems, version

Pair = tuple[str, str]
STEMMER = "stemmer"  # the version that every word was put under its stems by

_SLOTS = 1 << 20  # 8 MB
_FEW = 2_000  # pairs; of more each page of the lexicon would get some
_MANY = 240_000  # pairs that wait for `settle`, of 20,000 posts or more: 16 MB
_AT_ONCE = 50  # pairs a statement: 0.6 us each instead of 0.9
# OR FAIL: what could be undone by half has SQLite open a savepoint, for which FTS5 writes all it
# has collected.
_SOON = "INSERT OR FAIL INTO fresh_word(stem, form) VALUES (?,?)"
_MOST_FORMS = 64
_VOCABULARY = "SELECT term FROM temp.vocabulary WHERE term >= ? AND term <= ?"
_CYRILLIC_ENDS = ("\u0430", "\u0492")  # what `_CYRILLIC` matches lies between
_FEW_FORMS = 20_000  # at once: 4 MB
_CYRILLIC = later(r"[\u0430-\u044f\u0451-\u045f\u0491]{3}")


class Known:
    """The forms a process need not look at again, valid while the archive shows the stamp.

    The stamp is written with the forms: after a rollback, another process's words or in another
    archive it differs, and the forms are asked for once more. (Words found for another process
    have no stamp: that one takes care; see `indexing`.)

    A table of hashes in pairs of places, of which a newcomer takes that of the one longer not met:
    8 bytes a slot whatever comes, where a set took 70 a form and two generations of it forgot all
    but the last words. A form that lost its place is asked for again; a clash of 64 bits costs one
    inflected form its stem.
    """

    def __init__(self, slots: int = _SLOTS) -> None:
        self.stamp: int | None = None
        self.slots = array("q", bytes(8 * slots))

    def clear(self) -> None:
        """Know nothing."""
        self.slots = array("q", bytes(8 * len(self.slots)))

    def learn(self, forms: Iterable[str], seed: int) -> list[str]:
        """Those that are not known, and are from now on; `seed` keeps languages apart."""
        slots, new = self.slots, []
        last = len(slots) - 1  # a power of two, less one
        for form in forms:
            key = hash(form) ^ seed
            at = key & last
            if slots[at] != key:
                beside = at ^ 1
                if slots[beside] != key:
                    new.append(form)
                slots[beside], slots[at] = slots[at], key
        return new


# Made when the first word is learnt: most commands learn none.
_known = cache(Known)


def learn(db: sqlite3.Connection, words: Mapping[str, Iterable[str]]) -> None:
    """Put the words not seen before, by their language, under their stems.

    Many wait for `settle`.
    """
    known, stamp = _known(), state.get(db, "lexicon")
    if stamp is None or stamp != known.stamp:
        known.clear()
        known.stamp = stamp
    if pairs := list(fresh_pairs(words, known)):
        if len(pairs) <= _FEW:
            put(db, sorted(pairs))
        else:
            put_soon(db, pairs)
        known.stamp = int.from_bytes(os.urandom(7), "big")
        state.put(db, "lexicon", known.stamp)


def fresh_pairs(words: Mapping[str, Iterable[str]], known: Known) -> Iterator[Pair]:
    """(stem, form) of the words that are not `known`, which knows them from then on."""
    for language, forms in words.items():
        if new := known.learn(forms, hash(language)):
            yield from stem_all(new, language, _itself)


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


def take_from_index(db: sqlite3.Connection) -> None:
    """Put the words of the whole index under their stems: those that have the same everywhere.

    They all begin in Cyrillic, and FTS5 tells each of them once (1 us), in their order, which is
    nearly that of their stems; found in the posts they are met a hundred times.
    """
    db.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, posts_fts, row)")
    terms = (term for (term,) in db.execute(_VOCABULARY, _CYRILLIC_ENDS))
    while some := list(islice(terms, _FEW_FORMS)):
        forms = list(filter(_CYRILLIC.match, some))
        put(db, sorted(stem_all(forms, "", _itself)))
    db.execute("DROP TABLE temp.vocabulary")


def put_soon(db: sqlite3.Connection, pairs: Iterable[Pair]) -> None:
    """Keep pairs for `settle`: they lie all over the lexicon, so few at once rewrite all of it."""
    flat = tuple(chain.from_iterable(pairs))
    full = len(flat) - len(flat) % (2 * _AT_ONCE)
    parts = (flat[at : at + 2 * _AT_ONCE] for at in range(0, full, 2 * _AT_ONCE))
    db.executemany(_SOON + ",(?,?)" * (_AT_ONCE - 1), parts)
    db.executemany(_SOON, zip(flat[full::2], flat[full + 1 :: 2], strict=True))


def settle_many(db: sqlite3.Connection) -> None:
    """Store them if they are many enough for one writing of the lexicon."""
    settle(db, _MANY)


def unsettled(db: sqlite3.Connection) -> int:
    """About how many pairs wait for `settle`."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM fresh_word").fetchone()[0])


def settle(db: sqlite3.Connection, least: int = 1) -> None:
    """Store the pairs that `put_soon` kept, if there are so many."""
    if unsettled(db) >= least:
        db.execute(
            "INSERT OR IGNORE INTO lexicon(stem, form)"
            " SELECT DISTINCT stem, form FROM fresh_word ORDER BY stem, form"
        )
        db.execute("DELETE FROM fresh_word")


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
