"""One post as one JSON object, the shape of our own JSONL: two functions, exact inverses.

`from_post` writes what `to_post` reads back equal, field by field; docs/formats.md has the keys.
Only what is known is written: a missing key means None (or the default of `Post`). Keys that
only people or other programs need (`body`, `cluster`, `canonical`, `url`) and unknown ones are
passed over. `to_post` raises ValueError with one short sentence for a record it cannot take.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from archiver.model import (
    Channel,
    Forward,
    Json,
    OriginKind,
    Post,
    PostKind,
    Source,
    Verdict,
    Version,
)
from archiver.sources.keys import channel_named, marked_channel, synthetic_id

Record = dict[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
FIRST_DATE = -62_135_596_800  # year 1
LAST_DATE = 253_402_300_799  # year 9999
_LOW, _HIGH = -(1 << 63), (1 << 63) - 1
_NUMBER = re.compile(r"-?[0-9]{1,15}", re.ASCII)

VERDICT = "verdict"  # the `kind` of a line that is no post
# A post that was edited more often than this is none.
MOST_VERSIONS = 10_000

T = TypeVar("T")

_KINDS = {kind.name.lower(): kind for kind in PostKind}
_SOURCES = {source.name.lower(): source for source in Source}


def to_post(record: Record) -> tuple[Channel, Post]:
    """The channel and the post a record tells of; without an `id` the post gets a synthetic one."""
    return to_channel(record), post_of(record)


def post_of(record: Record) -> Post:
    """The post alone, for a reader that has met the channel before."""
    fields: Record = {}
    for key, value in record.items():
        known = _FIELDS.get(key)
        if known is not None and value is not None:
            fields[known[0]] = known[1](value, key)
    if "media" in fields and "media_kind" not in record:
        rest = dict(fields.pop("media"))
        fields["media_kind"] = _maybe(_text, rest.pop("kind", None), "media.kind")
        fields["media"] = rest or None
    if "message_id" not in fields:
        fields["message_id"] = _made_up_id(record, fields)
    return Post(**fields)


def from_post(channel: Channel, post: Post) -> Record:
    """The record of a post: `to_post` gives the same channel and post back."""
    record: Record = {**from_channel(channel), "id": post.message_id}
    for key, name, write in _WRITTEN:
        value = getattr(post, name)
        if value is not None:
            record[key] = write(value)
    if post.kind is not PostKind.MESSAGE:
        record["kind"] = post.kind.name.lower()
    if post.source is not Source.EXPORT:
        record["source"] = post.source.name.lower()
    if post.grouped_inferred:
        record["grouped_inferred"] = True
    if post.versions:
        record["versions"] = _from_versions(post.versions)
    return record | _from_media(post)


def difference(wanted: Post, got: Post) -> Record:
    """The record's keys in which `got` is not the post that is wanted: see `overlay`."""
    told: Record = {}
    for key, (field, _) in _FIELDS.items():
        value = getattr(wanted, field)
        if value != getattr(got, field):
            told[key] = None if value is None else _ALONE.get(key, _plain)(value)
    return told


def overlay(post: Post, told: Record) -> Post:
    """The post with what `told` knows better; null says that there is none."""
    fields: Record = {}
    for key, value in told.items():
        if key in _FIELDS:
            field, convert = _FIELDS[key]
            fields[field] = _maybe(convert, value, key)
    if not _NEVER_NONE.isdisjoint(key for key, value in fields.items() if value is None):
        raise ValueError("null where there is always a value")
    return replace(post, **fields)


def to_channel(record: Record) -> Channel:
    """The channel of a record: `channel`, corrected by the exact keys where they are given."""
    named = record.get("channel")
    base = _channel(named) if named is not None else Channel()
    if not EXACT.isdisjoint(record):
        base = Channel(
            title=_text(record.get("channel_title", base.title) or "", "channel_title"),
            username=_maybe(_text, record.get("channel_username", base.username), "username"),
            tg_id=_maybe(_integer, record.get("channel_id", base.tg_id), "channel_id"),
            kind=_text(record.get("channel_kind", base.kind), "channel_kind"),
        )
    if not (base.title or base.username or base.tg_id):
        raise ValueError("no channel; write @name, a number or a title under 'channel'")
    return base


def from_channel(channel: Channel) -> Record:
    """`channel` for people, and the exact keys where it does not say everything."""
    if channel.username:
        named: str | int = "@" + channel.username
    else:
        named = channel.tg_id or channel.title
    base = _channel(named)
    record: Record = {"channel": named}
    for key, name in _CHANNEL_KEYS:
        value = getattr(channel, name)
        if value != getattr(base, name):
            record[key] = value
    return record


_CHANNEL_KEYS = (
    ("channel_title", "title"),
    ("channel_username", "username"),
    ("channel_id", "tg_id"),
    ("channel_kind", "kind"),
)
EXACT = frozenset(key for key, _ in _CHANNEL_KEYS)


def _channel(named: object) -> Channel:
    if isinstance(named, int) and not isinstance(named, bool):
        return Channel(tg_id=marked_channel(_integer(named, "channel")))
    text = _text(named, "channel")
    if _NUMBER.fullmatch(text):
        return Channel(tg_id=marked_channel(int(text)))
    return channel_named(text)


def _made_up_id(record: Record, fields: Record) -> int:
    forward = fields.get("forward")
    name = forward.name or "" if forward else ""
    return synthetic_id(fields.get("text", ""), name)


def _from_media(post: Post) -> Record:
    """`media` with its kind inside; the two keys apart where that would not come back equal."""
    kind, media = post.media_kind, post.media
    if kind is None and media is None:
        return {}
    if kind is None or media == {} or (media is not None and "kind" in media):
        return {"media_kind": kind} if media is None else {"media_kind": kind, "media": dict(media)}
    return {"media": {"kind": kind, **(media or {})}}


def _to_forward(value: object, key: str) -> Forward:
    """A forward header; a bare string is "@name" or a display name."""
    if isinstance(value, str):
        value = {"channel": value}
    raw = _object(value, key)
    base = _channel(raw["channel"]) if raw.get("channel") is not None else Channel()
    kind = OriginKind.CHANNEL if base.username or base.tg_id else OriginKind.NAME
    fields: Record = {"kind": kind, "peer_id": base.tg_id, "username": base.username}
    if base.title:
        fields["name"] = base.title
    saved = _object(raw.get("saved_from") or {}, "saved_from")
    for table, source in ((_FORWARD, raw), (_SAVED, saved)):
        for name, (field, convert) in table.items():
            if name in source:
                fields[field] = _maybe(convert, source[name], f"{key}.{name}")
    return Forward(**fields)


def _from_forward(forward: Forward) -> Record:
    record: Record = {}
    named: str | int | None = "@" + forward.username if forward.username else forward.peer_id
    if forward.kind is OriginKind.CHANNEL and named:
        record["channel"] = named
    base = _to_forward(record, "forwarded_from")
    for name, (field, _) in _FORWARD.items():
        value = getattr(forward, field)
        if value != getattr(base, field):
            record[name] = iso(value) if name == "date" else value
    saved = {name: getattr(forward, field) for name, (field, _) in _SAVED.items()}
    if known := {name: value for name, value in saved.items() if value is not None}:
        record["saved_from"] = known
    return record


def _text(value: object, key: str) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"{key} is not a string")


def _integer(value: object, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{key} is not an integer")
    if not _LOW <= value <= _HIGH:
        raise ValueError(f"{key} is beyond 64 bits")
    return value


def _flag(value: object, key: str) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"{key} is neither true nor false")


def _date(value: object, key: str) -> int:
    """Whole seconds in UTC from ISO 8601 with an offset, or from seconds since 1970."""
    if not isinstance(value, str):
        return _in_range(_integer(value, key), key)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(
            f"{key} {value[:40]!r} has no offset or is no date;"
            " write 2025-01-31T12:00:00Z, ...+02:00 or seconds since 1970, or say"
            " --format json-table for lines that another tool wrote"
        )
    return _in_range((moment - _EPOCH) // _SECOND, key)


def _in_range(seconds: int, key: str) -> int:
    if FIRST_DATE <= seconds <= LAST_DATE:
        return seconds
    raise ValueError(f"{key} is not within the years 1 to 9999; write seconds, not milliseconds")


def iso(seconds: int) -> str:
    """Seconds since 1970 as ISO 8601 in UTC."""
    return (_EPOCH + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def _object(value: object, key: str) -> Json:
    if not isinstance(value, dict):
        raise ValueError(f"{key} is not an object")
    return value


def _objects(value: object, key: str) -> tuple[Json, ...]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError(f"{key} is not a list of objects")
    return tuple(value)


def _entities(value: object, key: str) -> tuple[Json, ...]:
    entities = _objects(value, key)
    for entity in entities:
        _text(entity.get("type"), f"{key}.type")
        for name in ("offset", "length"):
            if _integer(entity.get(name), f"{key}.{name}") < 0:
                raise ValueError(f"{key}.{name} is negative")
    return entities


def _kind(value: object, key: str) -> PostKind:
    kind = _KINDS.get(_text(value, key))
    if kind is None:
        raise ValueError(f"{key} is none of {', '.join(_KINDS)}")
    return kind


def _source(value: object, key: str) -> Source:
    source = _SOURCES.get(_text(value, key))
    if source is None:
        raise ValueError(f"{key} is none of {', '.join(_SOURCES)}")
    return source


def _origin(value: object, key: str) -> OriginKind:
    try:
        return OriginKind(_text(value, key))
    except ValueError as error:
        raise ValueError(f"{key} is none of {', '.join(OriginKind)}") from error


def _versions(value: object, key: str) -> tuple[Version, ...]:
    if not isinstance(value, list) or len(value) > MOST_VERSIONS:
        raise ValueError(f"{key} is not a list of at most {MOST_VERSIONS:,}")
    return tuple(_version(_object(each, key), key) for each in value)


def _version(told: Json, key: str) -> Version:
    fields = {
        name: _maybe(convert, told.get(name), f"{key}.{name}") for name, convert in _VERSION.items()
    }
    media = dict(fields.pop("media") or {})
    return Version(
        **fields | {"text": fields["text"] or "", "source": fields["source"] or Source.EXPORT},
        media_kind=_maybe(_text, media.pop("kind", None), f"{key}.media.kind"),
        media=media or None,
    )


def _from_versions(versions: tuple[Version, ...]) -> list[Record]:
    return [_from_version(each) for each in versions]


def _from_version(version: Version) -> Record:
    told: Record = {"text": version.text, "source": version.source.name.lower()}
    if version.entities:
        told["entities"] = list(version.entities)
    for name in ("edited", "seen"):
        if (value := getattr(version, name)) is not None:
            told[name] = iso(value)
    if version.media_kind is not None:
        told["media"] = {"kind": version.media_kind, **(version.media or {})}
    return told


def to_verdict(record: Record) -> Verdict:
    """What a person said, from a line of kind "verdict"; ValueError where it is none."""
    kind, posts = record.get("verdict"), record.get("posts")
    if not isinstance(posts, list) or (kind, len(posts)) not in (("same", 2), ("apart", 1)):
        raise ValueError("no verdict: 'same' of two posts, or 'apart' of one")
    told = [_object(each, "posts") for each in posts]
    places = tuple((to_channel(dict(each)), _integer(each.get("id"), "posts.id")) for each in told)
    return Verdict(str(kind), places, _maybe(_date, record.get("said"), "said"))


def from_verdict(verdict: Verdict) -> Record:
    """The line of a verdict, which `to_verdict` reads back equal."""
    posts = [{**from_channel(channel), "id": number} for channel, number in verdict.posts]
    said = {} if verdict.said is None else {"said": iso(verdict.said)}
    return {"kind": VERDICT, "verdict": verdict.kind, "posts": posts, **said}


def _maybe(convert: Callable[[object, str], T], value: object, key: str) -> T | None:
    return None if value is None else convert(value, key)


def _plain(value: T) -> T:
    return value


Convert = Callable[[object, str], Any]

# key of the record: (field of Post, how to check it)
_FIELDS: dict[str, tuple[str, Convert]] = {
    "id": ("message_id", _integer),
    "date": ("date", _date),
    "edited": ("edited", _date),
    "text": ("text", _text),
    "kind": ("kind", _kind),
    "source": ("source", _source),
    "entities": ("entities", _entities),
    "forwarded_from": ("forward", _to_forward),
    "grouped_id": ("grouped_id", _integer),
    "grouped_inferred": ("grouped_inferred", _flag),
    "reply_to": ("reply_to", _integer),
    "reply_to_peer": ("reply_to_peer", _integer),
    "author": ("author", _text),
    "via_bot": ("via_bot", _text),
    "media_kind": ("media_kind", _text),
    "media": ("media", _object),
    "views": ("views", _integer),
    "forwards": ("forwards", _integer),
    "replies": ("replies", _integer),
    "reactions": ("reactions", _objects),
    "details": ("details", _object),
    "versions": ("versions", _versions),
}
_VERSION: dict[str, Convert] = {
    "text": _text,
    "entities": _entities,
    "edited": _date,
    "seen": _date,
    "source": _source,
    "media": _object,
}
_FORWARD: dict[str, tuple[str, Convert]] = {
    "kind": ("kind", _origin),
    "peer_id": ("peer_id", _integer),
    "username": ("username", _text),
    "id": ("message_id", _integer),
    "name": ("name", _text),
    "date": ("date", _date),
    "author": ("author", _text),
    "imported": ("imported", _flag),
}
_SAVED: dict[str, tuple[str, Convert]] = {
    "peer": ("saved_from_peer", _integer),
    "id": ("saved_from_message", _integer),
    "name": ("saved_from_name", _text),
}
_OTHERWISE: dict[str, Callable[[Any], Any]] = {
    "date": iso,
    "edited": iso,
    "forwarded_from": _from_forward,
    "entities": list,
    "reactions": list,
    "details": dict,
}
_BY_HAND = frozenset(
    ("id", "kind", "source", "grouped_inferred", "media", "media_kind", "versions")
)
_WRITTEN = tuple(
    (key, field, _OTHERWISE.get(key, _plain))
    for key, (field, _) in _FIELDS.items()
    if key not in _BY_HAND
)
_ALONE = _OTHERWISE | {
    "kind": lambda kind: kind.name.lower(),
    "source": lambda source: source.name.lower(),
    "media": dict,
    "versions": _from_versions,
}
_NEVER_NONE = frozenset(("message_id", "text", "kind", "source", "grouped_inferred", "versions"))
