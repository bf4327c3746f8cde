"""What is said of a search that found nothing: which of its words no post holds, what was meant."""

from __future__ import annotations

import sqlite3

from archiver.text.patterns import later
from archiver.text.query import saved_names
from archiver.text.tree import Query

_PARTED = later(
    r"\b(date|added|before|after|since|until):(\d{4}-\d\d?-\d\d?)\s+"
    r"(\d\d?:\d\d(?:Z|[+-]\d\d:?\d\d)?)(?!\S)"
)


def nothing(db: sqlite3.Connection, query: Query, *, new: bool) -> str:
    """That nothing was found, and which word of it no post holds."""
    if new:
        return "Nothing new."
    from archiver.store.spelling import unknown_words

    told = ["Nothing found."]
    for word, alike in unknown_words(db, query):
        hint = f"; did you mean {' or '.join(alike)}?" if alike else "."
        told.append(f"No post holds {word}{hint}")
    told += [*_no_saved(db, query), *_parted_dates(query.text)]
    return "\n".join(told)


def _parted_dates(text: str) -> list[str]:
    """Which times behind a date were looked for as words, for want of quotes."""
    return [
        f'{time} was looked for as words; quote it together with its date: {field}:"{day} {time}".'
        for field, day, time in _PARTED.findall(text)
    ]


def _no_saved(db: sqlite3.Connection, query: Query) -> list[str]:
    """Which @names are no saved searches, and were therefore looked for as words."""
    names = saved_names(query.text)
    if not names:
        return []
    from archiver.store.saved import texts

    known = texts(db)
    return [
        f"No saved search is called {name}: it was looked for as a word."
        for name in names
        if name.casefold() not in known
    ]
