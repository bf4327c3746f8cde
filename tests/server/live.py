"""What is on the server, in a form that tests compare with an archive."""

from __future__ import annotations

from typing import Any, NamedTuple

from telethon.tl import types as tl

from tests.server.shelf import Shelf
from tests.server.tl import epoch, unknown

_UNREADABLE = (unknown()[:4], bytes(tl.MessageEmpty(1, None))[:4])


class Live(NamedTuple):
    """What the server has of a message, for a comparison with an archive."""

    text: str
    entities: tuple[tuple[str, int, int], ...]
    date: int
    edit_date: int | None
    edit_hide: bool
    media: str | None
    media_id: int | None
    grouped_id: int | None
    action: str | None
    message: Any


def live(shelf: Shelf) -> dict[int, Live]:
    """Every message of the shelf but those that nobody can read."""
    readable = [id_ for id_ in shelf.ids if shelf.stored(id_).data[:4] not in _UNREADABLE]
    return {id_: _live(shelf.message(id_)) for id_ in readable}


def _live(message: Any) -> Live:
    media, action = getattr(message, "media", None), getattr(message, "action", None)
    edited = getattr(message, "edit_date", None)
    return Live(
        text=message.message or "",
        entities=tuple(
            (type(e).__name__, e.offset, e.length) for e in getattr(message, "entities", None) or ()
        ),
        date=epoch(message.date),
        edit_date=epoch(edited) if edited else None,
        edit_hide=bool(getattr(message, "edit_hide", False)),
        media=type(media).__name__ if media else None,
        media_id=_media_id(media),
        grouped_id=getattr(message, "grouped_id", None),
        action=type(action).__name__ if action else None,
        message=message,
    )


def _media_id(media: Any) -> int | None:
    for part in ("photo", "document", "poll", "webpage"):
        if inner := getattr(media, part, None):
            return int(inner.id)
    return None
