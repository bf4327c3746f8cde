"""Any TL value as plain JSON: for what has no field of its own but should not be lost.

Integers beyond 2^53 become strings and bytes base64, peers and dates what they are everywhere
else. What only serves one account or one moment (hashes of access, file references, thumbnails)
is left out, so that an unchanged object gives an equal value.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from telethon.tl import types
from telethon.tl.tlobject import TLObject

from archiver.model import OriginKind
from archiver.sources.keys import marked
from archiver.sources.telegram.entities import to_entities
from archiver.sources.telegram.peers import marked_id

_EXACT = 1 << 53
_VOLATILE = frozenset(
    (
        "access_hash", "file_reference", "thumbs", "video_thumbs", "sizes", "video_sizes",
        # how a gift sells
        "availability_remains", "availability_resale", "last_sale_date", "resell_min_stars",
        "sold_out",
    )
)  # fmt: skip
_BARE_IDS = {"channel_id": OriginKind.CHANNEL, "chat_id": OriginKind.CHAT}
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def seconds(date: datetime | None) -> int | None:
    """Seconds since 1970; None for a missing date, which Telegram sends as 0."""
    return int(date.timestamp()) or None if date is not None else None


def snake(name: str) -> str:
    """
    >>> snake("SetMessagesTTL")
    'set_messages_ttl'
    """
    return _WORD.sub("_", name).lower()


def plain(value: Any) -> Any:
    """A TL value as JSON has it; a nested object says what it is under "_"."""
    convert = _VALUES.get(type(value))
    if convert is not None:
        return convert(value)
    if isinstance(value, TLObject):
        return {"_": snake(type(value).__name__)} | fields(value)
    return str(value)


def fields(value: Any) -> dict[str, Any]:
    """The fields of a TL object that are set, without what is volatile."""
    found = {}
    for key, item in vars(value).items():
        if item is None or item is False or key in _VOLATILE or key.startswith("_"):
            continue
        kind = _BARE_IDS.get(key)
        found[key] = plain(item) if kind is None else marked(kind, item)
    return found


def told(value: Any) -> Any:
    """Like `plain`, where the key already says what the object is."""
    if isinstance(value, list):
        return [told(item) for item in value]
    if isinstance(value, TLObject) and type(value) not in _VALUES:
        return fields(value)
    return plain(value)


def with_entities(text: Any, key: str = "text") -> dict[str, Any]:
    """A text of TL with its formatting, where it has any."""
    if text is None:
        return {}
    entities = to_entities(text.entities)
    return {key: text.text, "entities": list(entities)} if entities else {key: text.text}


def _integer(value: int) -> int | str:
    return value if -_EXACT <= value <= _EXACT else str(value)


def _float(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _list(value: list[Any]) -> list[Any]:
    return [plain(item) for item in value]


def _same(value: Any) -> Any:
    return value


_VALUES: dict[type, Callable[[Any], Any]] = {
    bool: _same,
    str: _same,
    type(None): _same,
    int: _integer,
    float: _float,
    list: _list,
    datetime: seconds,
    bytes: lambda value: base64.b64encode(value).decode("ascii"),
    types.PeerChannel: marked_id,
    types.PeerChat: marked_id,
    types.PeerUser: marked_id,
    types.TextWithEntities: with_entities,
}
