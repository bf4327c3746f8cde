"""Tables of posts, whatever they are written in: named cells become a post and its channel.

Columns with names in use are recognised, others can be named (`columns.py`). A table has no
formatting and often text that somebody cleaned: it is trusted as plain text is. Times without an
offset are read with `timezone`, else as UTC with a notice. A row without an id gets a synthetic
one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from archiver.checks import checked
from archiver.model import Channel, Forward, Notice, OriginKind, Post, Source
from archiver.sources import ReadOptions
from archiver.sources.keys import (
    Occurrences,
    assumed_zone,
    channel_key,
    channel_said,
    marked_channel,
)
from archiver.text.refs import parse_channel

_NOTHING = frozenset(("", "none", "null", "nan", "nat", "n/a"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DOTTED = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?[ T](\d{1,2}:\d{2}(?::\d{2})?))?", re.ASCII
)
_POST_URL = re.compile(
    r"(?:https?://)?(?:www\.)?t\.me/(?:s/)?([A-Za-z][A-Za-z0-9_]{2,63})/([0-9]{1,15})(?:[?#].*)?",
    re.ASCII,
)
# Posts of a channel are sent by the channel; another sender is somebody else.
_CHANNEL = re.compile(r"-100[0-9]{5,12}(?:\.0)?", re.ASCII)
_LOCAL = (
    "times have no offset and were read as UTC; say of which zone they are, such as"
    " --timezone Europe/Kyiv, and import again"
)


# The cell of a field, if there is one with something in it; the text may be empty.
Cells = Callable[[str], str | None]


class Posts:
    """Makes posts of the rows of one file."""

    def __init__(self, options: ReadOptions, seen: Occurrences) -> None:
        self._zone = options.timezone
        self._seen = seen
        name = options.channel or options.name.rsplit(".", 1)[0] or "table"
        self._channel = channel_said(name)
        self._said = options.channel is not None
        self._local = False
        self._bad_counts: dict[str, tuple[int, str]] = {}  # cells of a field, and the first

    def notices(self) -> list[Notice]:
        """What had to be assumed of the rows so far, and what was left out of them."""
        told = [Notice(_LOCAL)] if self._local else []
        left_out = [Notice(_left_out(field, *bad)) for field, bad in self._bad_counts.items()]
        return told + left_out

    def post(self, cells: Cells) -> tuple[Channel, Post]:
        """A row as a post and its channel. ValueError, in a short sentence, where it is none."""
        url = _POST_URL.fullmatch(cells("url") or "")
        channel = self._channel_of(cells, url[1] if url else None)
        text = cells("text") or ""
        number = number_in(cells, "id")
        number = int(url[2]) if number is None and url else number
        date, assumed = self._date(cells, "date")
        forward = self._forward(cells)
        post = Post(
            message_id=number or 0,
            text=text,
            date=date,
            edited=self._date(cells, "edited")[0],
            forward=forward,
            grouped_id=number_in(cells, "grouped_id"),
            reply_to=number_in(cells, "reply_to"),
            author=cells("author"),
            media_kind=cells("media_kind"),
            views=self._count(cells, "views"),
            forwards=self._count(cells, "forwards"),
            replies=self._count(cells, "replies"),
            source=Source.TEXT,
        )
        if number is None:
            name = (forward.name if forward else None) or ""
            post = replace(post, message_id=self._seen.id_of(channel_key(channel), text, name))
        return channel, checked(assumed_zone(post) if assumed else post)

    def _count(self, cells: Cells, field: str) -> int | None:
        """A counter; what is none, such as 1.2K, costs the cell and not the post."""
        try:
            return number_in(cells, field)
        except ValueError:
            count, first = self._bad_counts.get(field, (0, (cells(field) or "")[:40]))
            self._bad_counts[field] = (count + 1, first)
            return None

    def _channel_of(self, cells: Cells, in_url: str | None) -> Channel:
        number, named = number_in(cells, "channel_id"), cells("channel")
        if self._said and number is None and named is None:
            return self._channel
        if number is None and _CHANNEL.fullmatch(cells("sender_id") or ""):
            number = number_in(cells, "sender_id")
        title = cells("title") or ""
        ref = parse_channel(named) if named else None
        if ref is not None and ref.tg_id is not None:
            return Channel(title, tg_id=ref.tg_id)
        username = ref.username if ref is not None else in_url
        if number is not None and number:
            return Channel(title or (named or "" if not username else ""), username,
                           marked_channel(number))  # fmt: skip
        if username:
            return Channel(title, username)
        if named or title:
            return Channel(title or named or "")
        return self._channel

    def _forward(self, cells: Cells) -> Forward | None:
        named, number = cells("forward_channel"), number_in(cells, "forward_id")
        username = cells("forward_username")
        if named is None and username is None:
            return None
        date = self._date(cells, "forward_date")[0]
        told = channel_said(named or "")
        username = (username or "").removeprefix("@") or told.username
        if told.tg_id is not None and told.tg_id < 0:
            return Forward(OriginKind.CHANNEL, told.tg_id, username, number, date, username)
        if username:
            kind = OriginKind.CHANNEL if number else OriginKind.NAME
            return Forward(kind, None, username, number, date, username)
        return Forward(OriginKind.NAME, date=date, name=named)

    def _date(self, cells: Cells, field: str) -> tuple[int | None, bool]:
        """Seconds in UTC, and whether the zone was only assumed."""
        cell = cells(field)
        if cell is None:
            return None, False
        found = moment_of(cell, self._zone or UTC)
        if found is None:
            raise ValueError(f"{field} {cell[:40]!r} is no date such as 2025-01-31 12:00:00+02:00")
        seconds, sure = found
        assumed = not sure and self._zone is None
        self._local |= assumed
        return seconds, assumed


def _left_out(field: str, count: int, first: str) -> str:
    """What is said of the cells of a counter that are no numbers; their posts are kept."""
    cells = f"{count:,} cells, the first {first!r}, are" if count > 1 else f"the cell {first!r} is"
    return f"{field}: {cells} no whole number and left out; the posts are kept"


def told(field: str, cell: str) -> str | None:
    """What a cell says: the text as it is, other cells without blanks, and nothing for "nan"."""
    if field == "text":
        return cell
    return None if cell.strip().casefold() in _NOTHING else cell.strip()


def number_in(cells: Cells, field: str) -> int | None:
    """A whole number, as spreadsheets write it too: 12.0."""
    cell = cells(field)
    if cell is None:
        return None
    match = re.fullmatch(r"(-?[0-9]{1,18})(?:\.0{1,6})?", cell, re.ASCII)
    if match is None:
        raise ValueError(f"{field} {cell[:40]!r} is not a whole number")
    return int(match[1])


def moment_of(written: str, zone: tzinfo) -> tuple[int, bool] | None:
    """Seconds, and whether the text says of which zone. 03/04/2025 is no date: two are meant."""
    if re.fullmatch(r"[0-9]{9,10}(?:\.[0-9]{1,6})?", written, re.ASCII):
        return int(float(written)), True
    if re.fullmatch(r"[0-9]{12,13}", written, re.ASCII):
        return int(written) // 1000, True
    if match := _DOTTED.fullmatch(written):
        day, month, year, time = match.groups()
        hour = (time or "00:00").zfill(5)
        written = f"{year}-{month:0>2}-{day:0>2}T{hour}"
    try:
        moment = datetime.fromisoformat(written.removesuffix(" UTC") + "+00:00"
                                        if written.endswith(" UTC") else written)  # fmt: skip
        sure = moment.tzinfo is not None
        moment = moment if sure else moment.replace(tzinfo=zone)
        return (moment - _EPOCH) // timedelta(seconds=1), sure
    except (ValueError, OverflowError):
        return None
