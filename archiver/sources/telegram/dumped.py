"""A message as Telethon's `to_dict` or `to_json` wrote it, of any layer of the protocol since 2018.

The dict becomes the TL object it once was, so that a dump gives the posts that live channels give.
Fields that a later layer renamed are put where they are now; a constructor that the installed
Telethon does not know keeps its name and its fields.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from telethon.tl import types
from telethon.tl.tlobject import TLObject

from archiver.model import Json, Post, Source
from archiver.sources.telegram.convert import UNREADABLE
from archiver.sources.telegram.convert import to_post as converted
from archiver.sources.telegram.entities import to_entities
from archiver.sources.telegram.peers import marked_id
from archiver.sources.telegram.plain import plain

Raw = dict[str, Any]

DEEPEST = 40
_MESSAGES = ("Message", "MessageService", "MessageEmpty")
# Media that cannot be read must not cost the words; the rest is kept as it came.
_OPTIONAL = ("media", "reply_markup", "reactions", "replies", "fwd_from", "reply_to")


def channel_of(raw: Raw) -> int | None:
    """The marked id of the channel a message stands in; None for a group's or a person's."""
    try:
        peer = _value(raw.get("peer_id", raw.get("to_id")), "", 0)
    except UNREADABLE:
        return None
    if type(peer) is not types.PeerChannel or not is_bare(peer.channel_id):
        return None
    return marked_id(peer)


def is_bare(number: object) -> bool:
    """Whether something is an id that a peer may have; files hold anything."""
    return type(number) is int and 0 < number < 1 << 52


def to_post(raw: Raw) -> Post | None:
    """The post of a dumped message; None for one that was deleted (MessageEmpty).

    ValueError, in a short sentence, for what is no message.
    """
    if raw.get("_") not in _MESSAGES:
        raise ValueError(f"not a message but {str(raw.get('_'))[:40]!r}")
    if not isinstance(raw.get("id"), int) or isinstance(raw["id"], bool):
        raise ValueError("id is not an integer")
    modern = _modern(raw)
    try:
        return _post(modern)
    except UNREADABLE:
        pass
    bare = {key: value for key, value in modern.items() if key not in _OPTIONAL}
    lost = {key: modern[key] for key in _OPTIONAL if modern.get(key)}
    try:
        post = _post(bare)
    except UNREADABLE as error:
        raise ValueError("the fields of the message are of the wrong kind") from error
    return post and replace(post, details={**(post.details or {}), "other": _kept(lost)})


def _post(raw: Raw) -> Post | None:
    post = converted(_value(raw, "", 0))
    if post is None:
        return None
    if not isinstance(post.text, str):
        raise ValueError("the text is not a string")
    return replace(post, source=Source.EXPORT)


def _modern(raw: Raw) -> Raw:
    """The message with the names its fields have today."""
    found = {"peer_id": raw.get("to_id"), **raw}
    if isinstance(raw.get("from_id"), int):
        found["from_id"] = {"_": "PeerUser", "user_id": raw["from_id"]}
    if raw.get("post") and isinstance(raw.get("from_id"), int):
        del found["from_id"]  # before 2020 a signed post told the reading account who wrote it
    number = raw.get("reply_to_msg_id")
    if number is not None and not raw.get("reply_to"):
        found["reply_to"] = {"_": "MessageReplyHeader", "reply_to_msg_id": number}
    header = raw.get("fwd_from")
    if isinstance(header, dict):
        found["fwd_from"] = _modern_forward(header)
    return found


def _modern_forward(header: Raw) -> Raw:
    found = dict(header)
    if isinstance(header.get("channel_id"), int):
        found["from_id"] = {"_": "PeerChannel", "channel_id": header["channel_id"]}
    elif isinstance(header.get("from_id"), int):
        found["from_id"] = {"_": "PeerUser", "user_id": header["from_id"]}
    return found


def _value(value: Any, wanted: str, depth: int) -> Any:
    """A TL value from its JSON; `wanted` is the type its field has, as written."""
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(value, dict):
        return _object(value, depth)
    if value is None:
        return None
    if "datetime" in wanted:
        return _moment(value)
    if wanted == "bytes" or "[bytes]" in wanted:
        return bytes(value) if isinstance(value, list) else str(value).encode()
    if "TextWithEntities" in wanted and isinstance(value, str):
        return types.TextWithEntities(value, [])
    if isinstance(value, list):
        return [_value(item, wanted, depth + 1) for item in value]
    return value


def _object(value: Raw, depth: int) -> Any:
    name = value.get("_")
    if not isinstance(name, str):
        raise ValueError("an object without a name")
    if name.startswith("KeyboardButton") and "text" in value and "type" not in value:
        value = _modern_button(value, name)
        name = value["_"]
    found = _constructor(name)
    if found is None:
        unknown = _unknown(name)()
        fields = {key: _value(item, "", depth + 1) for key, item in value.items() if key != "_"}
        unknown.__dict__.update(fields)
        return unknown
    make, parameters = found
    return make(**{
        key: _value(value.get(key), wanted, depth + 1) for key, wanted in parameters.items()
    })  # fmt: skip


def _modern_button(button: Raw, name: str) -> Raw:
    """A button as it is today: what it does became an object of its own."""
    does = name.removeprefix("KeyboardButton")
    rest = {key: value for key, value in button.items() if key not in ("_", "text")}
    kinds = (f"InlineButtonType{does}", f"ButtonType{does or 'Default'}")
    kind = next((each for each in kinds if hasattr(types, each)), does or "Default")
    return {"_": "OldButton", "text": button["text"], "type": {"_": kind, **rest}}


@lru_cache(maxsize=4_000)
def _constructor(name: str) -> tuple[Callable[..., Any], dict[str, str]] | None:
    """What makes an object of a name, and which fields it takes."""
    found = getattr(types, name, None)
    if not (inspect.isclass(found) and issubclass(found, TLObject)):
        return None
    told = inspect.signature(found.__init__).parameters.values()
    named = [one for one in told if one.name != "self" and one.kind is one.POSITIONAL_OR_KEYWORD]
    parameters = {one.name: _written(one.annotation) for one in named}
    return found, parameters


def _written(annotation: Any) -> str:
    return "bytes" if annotation is bytes else str(annotation)


@lru_cache(maxsize=500)
def _unknown(name: str) -> type:
    """A stand-in for a constructor of another layer: only its name and fields are asked for."""
    return type(name[:80], (TLObject,), {})


def _moment(value: Any) -> datetime:
    """ISO 8601, "2019-09-22 12:10:51+00:00", or seconds; Telethon's dates are always UTC."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _kept(lost: Raw) -> Any:
    """What could not be read, as it came, where it is not beyond all measure."""
    try:
        return plain_json(lost, 0)
    except ValueError:
        return None


def plain_json(value: Any, depth: int) -> Any:
    """A JSON value with its numbers and nesting inside what can be kept."""
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(value, dict):
        return {str(key): plain_json(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [plain_json(item, depth + 1) for item in value]
    return plain(value)


def entities_of(found: list[Any]) -> tuple[Json, ...]:
    """The entities of a text, from their dicts; those that cannot be read are left out."""
    entities: list[Json] = []
    for one in found:
        try:
            entities += to_entities([_value(one, "", 0)])
        except UNREADABLE:
            continue
    return tuple(entities)
