"""What may come next in a search text: fields, their values, channels, saved searches."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def complete_words(
    ctx: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Endings of the last word of what stands there; the words before it stay as they are."""
    from click.shell_completion import CompletionItem

    before, blank, last = incomplete.rpartition(" ")
    kept = before + blank + _leading(last)
    word = last[len(_leading(last)) :]
    db = _named(ctx)
    found = [
        item
        for item in _next(db, word)
        if item[0].casefold().startswith(word.casefold()) and item[0] != word
    ]
    return [CompletionItem(kept + value, help=told) for value, told in found[:200]]


def complete_saved(
    ctx: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Names of saved searches."""
    from click.shell_completion import CompletionItem

    found = _saved(_named(ctx))
    wanted = incomplete.removeprefix("@")
    return [CompletionItem(name, help=query) for name, query in found if name.startswith(wanted)]


def _named(ctx: click.Context) -> str | None:
    """The archive that stands in the line, after the command or before it."""
    named: str | None = ctx.params.get("db") or ctx.find_root().params.get("db")
    return named


def _leading(word: str) -> str:
    return word[: len(word) - len(word.lstrip("-(\"'"))]


def _next(db: str | None, word: str) -> Iterator[tuple[str, str]]:
    from archiver.text.fields import FIELDS, HAS, LANGUAGES

    field, colon, value = word.partition(":")
    if word.startswith("@"):
        yield from (("@" + name, query) for name, query in _saved(db))
    elif not colon:
        yield from ((f"{name}:", told) for name, told in FIELDS.items())
    elif field == "has":
        yield from ((f"has:{name}", told) for name, told in HAS.items())
    elif field == "lang":
        yield from ((f"lang:{code}", "") for code in LANGUAGES)
    elif field in ("chan", "fwd"):
        yield from ((f"{field}:{name}", title) for name, title in _channels(db, field, value))
    elif field in ("date", "added"):
        for name in ("today", "yesterday", "7d", "1M", "1y"):
            yield f"{field}:{name}", ""


def _channels(db: str | None, field: str, value: str) -> Iterator[tuple[str, str]]:
    """Names of channels; of archived ones, or of those forwarded from too. With @ if typed so."""
    from archiver.store.lookup import beginning

    at = "@" if value.startswith("@") else ""
    with _archive(db) as connection:
        names = beginning(connection, value, archived=field == "chan") if connection else []
        yield from ((at + name, title) for name, title in names)


def _saved(db: str | None) -> Iterator[tuple[str, str]]:
    from archiver.store.saved import all_saved

    with _archive(db) as connection:
        for each in all_saved(connection) if connection else []:
            yield each.name, each.query


@contextmanager
def _archive(db: str | None) -> Iterator[sqlite3.Connection | None]:
    """The archive, or None where it cannot be read: a completion complains of nothing."""
    from archiver import config
    from archiver.errors import ArchiverError
    from archiver.store.reading import open_reading

    try:
        connection = open_reading(config.database(config.load(None), db))
    except ArchiverError:
        yield None
        return
    with closing(connection):
        yield connection
