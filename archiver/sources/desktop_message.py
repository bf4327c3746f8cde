"""One message of Telegram Desktop's result.json as a `Post`: pure, and nothing is lost.

What a `Post` has a place for goes there, the rest of a service message into `details`, and any
other key we do not know into `details["other"]`. ValueError, in one short sentence, for a message
whose id, type, date or text is not of the shape Desktop writes.

Entity types keep Desktop's names (bold, text_link, custom_emoji ...); `href` becomes `url`.
Placeholders such as "(File not included. ...)" become media["missing"], never a path; a path stays
a text in media["path"] and is not opened.

Format: Telegram Desktop, Telegram/SourceFiles/export/output/export_output_json.cpp.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, NamedTuple, TypeVar

import orjson

from archiver.model import Forward, Json, OriginKind, Post, PostKind
from archiver.sources import keys
from archiver.sources.desktop_stream import TOO_DEEP
from archiver.sources.record import overlay

Raw = dict[str, Any]
T = TypeVar("T")

_KINDS = {kind.name.lower(): kind for kind in PostKind}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)

_PLACEHOLDER = re.compile(
    r"(?P<name>.*?) ?\(File (?P<why>not included|exceeds maximum size|unavailable)[^()]*\)", re.S
)
MEDIA_TYPES = {
    "sticker": "sticker",
    "video_message": "round",
    "voice_message": "voice",
    "animation": "animation",
    "video_file": "video",
    "audio_file": "audio",
}
# In this order: a venue has a location too, a photo of a game belongs to the game.
_OTHER_KINDS = (
    ("contact_information", "contact"),
    ("place_name", "venue"),
    ("location_information", "location"),
    ("poll", "poll"),
    ("game_title", "game"),
    ("invoice_information", "invoice"),
    ("todo_list", "todo_list"),
    ("giveaway_information", "giveaway"),
    ("giveaway_results", "giveaway_results"),
)
_MEDIA_KEYS = frozenset(
    (
        "file_name",
        "file_size",
        "photo_file_size",
        "width",
        "height",
        "thumbnail",
        "thumbnail_file_size",
        "sticker_emoji",
        "performer",
        "title",
        "mime_type",
        "duration_seconds",
        "media_spoiler",
        "self_destruct_period_seconds",
        "contact_information",
        "contact_vcard",
        "contact_vcard_file_size",
        "location_information",
        "live_location_period_seconds",
        "place_name",
        "address",
        "game_title",
        "game_description",
        "game_link",
        "invoice_information",
        "todo_list",
        "giveaway_information",
        "giveaway_results",
        "paid_stars_amount",
    )
)
_PHOTO_KEYS = frozenset(("photo_file_size", "width", "height"))
_ENTITY_KEYS = {"href": "url"}
# Under it `archiver export --format json` tells what Desktop's format has no place for.
OURS = "archiver"


class Home(NamedTuple):
    """Where the messages are: the marked id of the chat, its name, the zone of local times."""

    peer: int | None
    name: str
    zone: tzinfo


def to_post(message: Raw, home: Home) -> Post:
    """The post a message is; what an export of ours adds under one key is known exactly."""
    if isinstance(ours := message.get(OURS), dict):
        plain = {key: value for key, value in message.items() if key != OURS}
        return overlay(_to_post(plain, home), ours)
    return _to_post(message, home)


def _to_post(message: Raw, home: Home) -> Post:
    rest = dict(message)
    if rest.pop(TOO_DEEP, False):
        raise ValueError("nested too deep")
    number = rest.pop("id", None)
    if not isinstance(number, int) or isinstance(number, bool):
        raise ValueError("id is not an integer")
    written = rest.pop("type", None)
    kind = _KINDS.get(written) if isinstance(written, str) else None
    if kind is None:
        raise ValueError(f"type is none of {', '.join(_KINDS)}")
    text, entities = _text(rest)
    date, edited = _date(rest, "date", home.zone), _date(rest, "edited", home.zone)
    media_kind, media, details = _media(rest, kind)
    forward, reply_peer = _forward(rest), _peer(rest, "reply_to_peer_id")
    reply, author = _take(rest, "reply_to_message_id", int), _take(rest, "author", str)
    bot, reactions = _take(rest, "via_bot", str), _reactions(rest)
    return Post(
        message_id=number,
        text=text,
        date=date,
        kind=kind,
        edited=edited,
        entities=entities,
        forward=forward,
        reply_to=reply,
        reply_to_peer=reply_peer,
        author=author,
        via_bot=bot,
        media_kind=media_kind,
        media=media,
        reactions=reactions,
        details=_details(rest, kind, home, details),
    )


def _take(rest: Raw, key: str, kind: type[T]) -> T | None:
    """The value under a key if it is of the kind; else it stays and ends in details["other"]."""
    value = rest.get(key)
    if value is None:
        rest.pop(key, None)
        return None
    if not isinstance(value, kind) or isinstance(value, bool):
        return None
    del rest[key]
    return value


def _date(rest: Raw, key: str, zone: tzinfo) -> int | None:
    """Seconds in UTC: the Unix time where there is one (since 3.7.6), else the local time."""
    seconds, local = rest.pop(f"{key}_unixtime", None), rest.pop(key, None)
    if isinstance(seconds, str) and seconds.isascii() and seconds.isdecimal():
        return int(seconds[:12])
    if isinstance(seconds, int) and not isinstance(seconds, bool):
        return seconds
    if local is None:
        return None
    try:
        moment = datetime.fromisoformat(local)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        return (moment - _EPOCH) // _SECOND
    except (ValueError, TypeError, OverflowError) as error:
        raise ValueError(f"{key} is not of the form 2025-01-31T12:00:00") from error


def is_local(message: Raw) -> bool:
    """Whether the date of a message can only be told with a time zone."""
    return "date" in message and "date_unixtime" not in message


def _text(rest: Raw) -> tuple[str, tuple[Json, ...]]:
    """The text and its entities, from `text_entities` where they hold the text, else `text`."""
    plain, parts = rest.pop("text", ""), rest.pop("text_entities", None)
    if isinstance(plain, str) and (not parts or _is_plain(parts, plain)):
        return plain, ()
    return joined(parts or plain)


def _is_plain(parts: object, text: str) -> bool:
    return isinstance(parts, list) and parts == [{"type": "plain", "text": text}]


def joined(parts: object) -> tuple[str, tuple[Json, ...]]:
    """The text of Desktop's parts, with the offsets in UTF-16 that Desktop leaves out."""
    if not isinstance(parts, list):
        raise ValueError("text is neither a string nor a list of parts")
    words: list[str] = []
    entities: list[Json] = []
    offset = 0
    for part in parts:
        text = part if isinstance(part, str) else _part_text(part)
        length = len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2
        if length and part is not text and part["type"] != "plain":
            entities.append(_entity(part, offset, length))
        words.append(text)
        offset += length
    return "".join(words), tuple(entities)


def _part_text(part: object) -> str:
    text = part.get("text") if isinstance(part, dict) else None
    if not isinstance(part, dict) or not isinstance(part.get("type"), str) or text is None:
        raise ValueError("a part of the text is neither a string nor {type, text}")
    if not isinstance(text, str):
        raise ValueError("a part of the text has a text that is not a string")
    return text


def _entity(part: Raw, offset: int, length: int) -> Json:
    entity = {"type": part["type"], "offset": offset, "length": length}
    for key, value in part.items():
        if key == "document_id" and not str(value).isdecimal():
            entity["path"] = value  # Desktop may write the exported sticker's path instead
        elif key not in ("type", "text", "offset", "length"):
            entity[_ENTITY_KEYS.get(key, key)] = value
    return entity


def _peer(rest: Raw, key: str) -> int | None:
    """The marked id under a key; what is none stays."""
    written = rest.get(key)
    if written is None:
        rest.pop(key, None)
        return None
    found = keys.peer(written) if isinstance(written, str | int) else None
    if found is None:
        return None
    del rest[key]
    return found[1]


def _forward(rest: Raw) -> Forward | None:
    """The forward header: a name only in older exports, with an id since; null means hidden."""
    if "forwarded_from" not in rest and "forwarded_from_id" not in rest:
        if "saved_from" not in rest:
            return None
        return Forward(saved_from_name=_take(rest, "saved_from", str))
    written = rest.get("forwarded_from_id")
    found = keys.peer(written) if isinstance(written, str | int) else None
    name = _take(rest, "forwarded_from", str)
    saved = _take(rest, "saved_from", str)
    if found is None:
        kind = OriginKind.NAME if name else OriginKind.HIDDEN
        return Forward(kind, name=name, saved_from_name=saved)
    del rest["forwarded_from_id"]
    return Forward(found[0], peer_id=found[1], name=name, saved_from_name=saved)


def _reactions(rest: Raw) -> tuple[Json, ...] | None:
    found = rest.get("reactions")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        return None
    del rest["reactions"]
    return tuple(found)


def _media(rest: Raw, kind: PostKind) -> tuple[str | None, Json | None, Raw]:
    """Kind and description of what is attached; a poll is for `details`."""
    name = _media_kind(rest)
    details: Raw = {}
    if name is None or (kind is PostKind.SERVICE and name != "photo"):
        return None, None, details
    wanted = _PHOTO_KEYS if kind is PostKind.SERVICE else _MEDIA_KEYS
    media = {key: rest.pop(key) for key in wanted & rest.keys()}
    for key in ("photo", "file"):
        if key in rest:
            media |= _where(rest.pop(key))
    rest.pop("media_type", None)
    if isinstance(thumbnail := media.get("thumbnail"), str) and _PLACEHOLDER.fullmatch(thumbnail):
        del media["thumbnail"]
    if "poll" in rest:
        details["poll"] = flattened(rest.pop("poll"))
    if isinstance(invoice := media.get("invoice_information"), str):
        media["invoice_information"] = _unpacked(invoice)
    return name, dict(sorted(media.items())) or None, details


def _media_kind(rest: Raw) -> str | None:
    for key, name in _OTHER_KINDS:
        if key in rest:
            return name
    if "photo" in rest:
        return "photo"
    named = rest.get("media_type")
    if isinstance(named, str):
        return MEDIA_TYPES.get(named, named)
    return "file" if "file" in rest else None


def _where(written: object) -> Raw:
    """A path, or why the file is missing."""
    if not isinstance(written, str):
        return {} if written is None else {"path": str(written)}
    match = _PLACEHOLDER.fullmatch(written)
    if match is None:
        return {"path": written} if written else {}
    missing = {"missing": match["why"]}
    return missing | {"file_name": match["name"]} if match["name"] else missing


def flattened(poll: object) -> object:
    """A poll whose question and answers are strings, where Desktop wrote lists of parts."""
    if isinstance(poll, list):
        return [flattened(item) for item in poll]
    if not isinstance(poll, dict):
        return poll
    return {
        key: joined(value)[0]
        if key in ("question", "text") and isinstance(value, list)
        else flattened(value)
        for key, value in poll.items()
    }


def _unpacked(written: str) -> object:
    """The invoice, which Desktop writes as an object inside a string (line 849)."""
    try:
        return orjson.loads(written)
    except orjson.JSONDecodeError:
        return written


def _details(rest: Raw, kind: PostKind, home: Home, details: Raw) -> Json | None:
    """What has no field of its own: buttons, who wrote where it is not the channel, the rest."""
    if (buttons := rest.pop("inline_bot_buttons", None)) is not None:
        details["buttons"] = buttons
    name, written = rest.pop("from", None), rest.pop("from_id", None)
    found = keys.peer(written) if isinstance(written, str | int) else None
    writer = found[1] if found else written
    if writer != home.peer if writer is not None else name not in (None, home.name):
        details |= {"from": name, "from_id": writer}
    if kind is PostKind.SERVICE:
        details = rest | details
    elif rest:
        details["other"] = rest
    return details or None
