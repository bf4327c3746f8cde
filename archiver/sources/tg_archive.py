"""tg-archive's data.sqlite: messages, users and media of one group or channel.

The file does not say which: `channel` does, else the name of its folder or file. Times are UTC.
It has no forwards, views or versions; text is as sent, without formatting (newer versions keep
entities as Telethon's). BadRecord: a row that cannot be read. InputError: not such a file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import orjson

from archiver.checks import checked
from archiver.errors import InputError
from archiver.model import BadRecord, Json, Notice, Post, PostKind, Source
from archiver.sources import Item, ReadOptions, sqlite_file
from archiver.sources.keys import channel_said

NAME = "tg-archive"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEEDED = {"id", "type", "date", "content", "user_id", "media_id"}
_TABLES = (b"CREATE TABLE messages", b"CREATE TABLE users", b"CREATE TABLE media")
_ACTIONS = {
    "user_joined": "invite_members",
    "user_joined_by_link": "join_group_by_link",
    "user_left": "remove_members",
}
_ROWS = """
    SELECT m.id, m.type, m.date, m.edit_date, m.content, {entities}, m.reply_to, m.user_id,
           u.username, u.first_name, u.last_name, d.type, d.url, d.title, d.description
    FROM messages m LEFT JOIN users u ON u.id = m.user_id LEFT JOIN media d ON d.id = m.media_id
    ORDER BY m.id
"""

Row = tuple[Any, ...]


def sniff(head: bytes, filename: str) -> bool:
    """A SQLite file whose schema, on its first page, has tg-archive's tables."""
    folded = head.replace(b"table", b"TABLE")
    return head.startswith(sqlite_file.MAGIC) and all(each in folded for each in _TABLES)


def read(file: IO[bytes], options: ReadOptions) -> Iterator[Item]:
    """The posts of a file, by number."""
    with sqlite_file.opened(file) as connection:
        known = sqlite_file.columns_of(connection, "messages")
        others = [sqlite_file.columns_of(connection, name) for name in ("users", "media")]
        if not (known >= _NEEDED and all(others)):
            raise InputError(f"{options.name or 'the file'} is no data.sqlite of tg-archive")
        channel = channel_said(options.channel or _called(file, options))
        if options.channel is None:
            yield Notice(
                f"the file does not say of which channel it is; its posts went to"
                f" {channel.title!r}, say --channel @name"
            )
        own = _own_id(connection)
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        query = _ROWS.format(entities="m.entities" if "entities" in known else "NULL")
        for row in connection.execute(query):
            try:
                yield channel, _post(row, own)
            except (ValueError, TypeError) as error:
                yield BadRecord(f"message {row[0]}", str(error), str(row[4])[:200])


def _called(file: IO[bytes], options: ReadOptions) -> str:
    """data.sqlite is what all of them are called; their folder has the site's name."""
    stem = options.name.rsplit(".", 1)[0] or "data"
    place = getattr(file, "name", None)
    if stem != "data" or not isinstance(place, str | Path):
        return stem
    return Path(place).absolute().parent.name or stem


def _own_id(connection: sqlite3.Connection) -> int | None:
    """Who writes most: in a channel that is the channel itself, and no writer of note."""
    found = connection.execute(
        "SELECT user_id, count(*) FROM messages GROUP BY user_id ORDER BY 2 DESC LIMIT 1"
    ).fetchone()
    return found[0] if found else None


def _post(row: Row, own: object) -> Post:
    number, kind, date, edited, content, entities, reply, user, *named = row
    username, first, last, media_type, url, title, about = named
    if not isinstance(number, int) or number <= 0:
        raise ValueError("id is not a positive integer")
    details: dict[str, Any] = {}
    if user is not None and user != own:
        name = " ".join(str(part) for part in (first, last) if part) or username
        details |= {"from": name, "from_id": user}
    service = kind != "message"
    if service:
        details["action"] = _ACTIONS.get(str(kind), str(kind)[:80])
    media_kind, media, more = _media(media_type, url, title, about)
    return checked(
        Post(
            message_id=number,
            text="" if content is None or service else content,
            date=_seconds(date),
            kind=PostKind.SERVICE if service else PostKind.MESSAGE,
            edited=_seconds(edited),
            entities=_entities(entities),
            reply_to=reply,
            media_kind=media_kind,
            media=media,
            details=details | more or None,
            source=Source.EXPORT if entities else Source.TEXT,
        )
    )


def _seconds(written: object) -> int | None:
    """ "2025-03-04 11:20:05", with or without an offset, always UTC."""
    if written is None:
        return None
    moment = datetime.fromisoformat(str(written))
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(seconds=1)


def _entities(written: object) -> tuple[Json, ...] | None:
    """Entities of Telethon; names as everywhere here, without what is not understood."""
    if not isinstance(written, str | bytes):
        return None
    try:
        found = orjson.loads(written)
    except ValueError:
        return None
    if not isinstance(found, list):
        return None
    from archiver.sources.telegram import dumped

    return dumped.entities_of(found)


def _media(kind: object, url: object, title: object, about: object) -> tuple[Any, Any, Any]:
    """Kind, description, and what is for `details`; all files are called photos there."""
    if kind is None:
        return None, None, {}
    facts = {"url": url, "title": title, "description": about}
    told = {key: str(value) for key, value in facts.items() if value is not None}
    if kind == "webpage":
        return None, None, {"web_page": told}
    if kind == "poll":
        return "poll", None, {"poll": {"question": title, "answers": _answers(about)}}
    name = str(url or title or "").lower()
    picture = name.endswith((".jpg", ".jpeg", ".png", ".webp"))
    described = {"path": told.get("url"), "file_name": told.get("title")}
    return (
        "photo" if picture else "file",
        {key: value for key, value in described.items() if value} or None,
        {},
    )


def _answers(written: object) -> list[Any]:
    try:
        found = orjson.loads(written) if isinstance(written, str) else []
    except ValueError:
        return []
    if not isinstance(found, list):
        return []
    return [
        {"text": str(one.get("label")), "voters": one.get("count")}
        for one in found
        if isinstance(one, dict)
    ]
