"""Posts as rows of a table: its columns, and the CSV that a spreadsheet opens without harm.

A cell that begins as a formula would be run by a spreadsheet: it gets an apostrophe before it.
Texts in CSV are made safe as for a terminal; JSONL, JSON and Parquet have them byte for byte.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

from archiver.export.records import Canonicals, Chosen
from archiver.model import Source
from archiver.store.look import Stored
from archiver.store.rows import dump
from archiver.text.cuts import apply_cuts
from archiver.text.dates import iso_utc
from archiver.text.refs import permalink
from archiver.text.safe import block

# The last four are what = + - @ look like in full width; spreadsheets know them too.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")


class Row(NamedTuple):
    """A post in a table; dates in Unix seconds, nested values as JSON."""

    post_id: int
    channel: str | None
    channel_title: str
    channel_id: int | None
    message_id: int
    url: str | None
    date: int | None
    edited: int | None
    deleted: int | None
    kind: str
    text: str
    body: str
    forwarded_from: str | None
    forwarded_channel_id: int | None
    forwarded_message_id: int | None
    forwarded_date: int | None
    author: str | None
    reply_to: int | None
    grouped_id: int | None
    media_kind: str | None
    views: int | None
    forwards: int | None
    replies: int | None
    cluster: int | None
    canonical: str | None
    reason: str | None
    source: str
    entities: str | None
    media: str | None
    reactions: str | None
    details: str | None


DATES = frozenset(("date", "edited", "deleted", "forwarded_date"))
NESTED = frozenset(("entities", "media", "reactions", "details"))
CSV_COLUMNS = tuple(name for name in Row._fields if name not in NESTED)
_APART = tuple(name for name in CSV_COLUMNS if name != "body")


def rows(chosen: Chosen) -> Iterator[Row]:
    """One row a post, oldest first."""
    canonicals = Canonicals(chosen.db)
    for found in chosen.posts():
        yield _row(found, canonicals.of(found))


def _row(found: Stored, canonical: str | None) -> Row:
    post, forward = found.post, found.post.forward
    return Row(
        post_id=found.id,
        channel=found.username,
        channel_title=found.title,
        channel_id=found.tg_id,
        message_id=post.message_id,
        url=permalink(found.username, found.tg_id, post.message_id),
        date=post.date,
        edited=post.edited,
        deleted=found.deleted_at,
        kind=post.kind.name.lower(),
        text=post.text,
        body=apply_cuts(post.text, found.cuts),
        forwarded_from=(forward.name or forward.username) if forward else None,
        forwarded_channel_id=forward.peer_id if forward else None,
        forwarded_message_id=forward.message_id if forward else None,
        forwarded_date=forward.date if forward else None,
        author=post.author,
        reply_to=post.reply_to,
        grouped_id=post.grouped_id,
        media_kind=post.media_kind,
        views=post.views,
        forwards=post.forwards,
        replies=post.replies,
        cluster=found.cluster_id,
        canonical=canonical,
        reason=found.reason,
        source=Source(post.source).name.lower(),
        entities=_json(post.entities),
        media=_json(post.media),
        reactions=_json(post.reactions),
        details=_json(post.details),
    )


def _json(value: Any) -> str | None:
    return dump(value) if value else None


def write(chosen: Chosen, file: IO[bytes]) -> int:
    """Write CSV in UTF-8, RFC 4180; with `excel` a mark before it that Excel needs."""
    if chosen.excel:
        file.write(b"\xef\xbb\xbf")
    lines = csv.writer(_Encoded(file), quoting=csv.QUOTE_NONNUMERIC)
    lines.writerow(CSV_COLUMNS)
    count = 0
    for row in rows(chosen):
        cells = {name: _cell(name, getattr(row, name)) for name in _APART}
        # Most texts have nothing cut: to make them safe once halves the time.
        cells["body"] = cells["text"] if row.body == row.text else defused(row.body)
        lines.writerow([cells[name] for name in CSV_COLUMNS])
        count += 1
    return count


class _Encoded:
    """Text into a file of bytes; unlike io's wrapper it never closes what is not its own."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Write a line."""
        self._file.write(text.encode("utf-8", "replace"))


def _cell(name: str, value: Any) -> Any:
    if value is None:
        return ""
    if name in DATES:
        return iso_utc(value)
    return defused(value) if isinstance(value, str) else value


def defused(text: str) -> str:
    """Text that a spreadsheet shows and does not calculate.

    >>> defused("=HYPERLINK(1)"), defused("a = b")
    ("'=HYPERLINK(1)", 'a = b')
    """
    text = block(text)
    return f"'{text}" if _FORMULA.match(text) else text
