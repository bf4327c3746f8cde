"""Telegram Desktop's `result.json`: one chat, or an account of many, which other tools read.

Desktop's format has no place for views, the number of a forwarded post, albums, nested formatting
and more. Each message is read back as the importer reads it, and whatever does not come out equal
is told under the one key `archiver`, which other tools pass over: so nothing is lost on the way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

from archiver.export.records import Canonicals, Chosen, Edited, record_of
from archiver.model import Channel, Json, OriginKind, Post, PostKind
from archiver.sources.desktop_message import MEDIA_TYPES, OURS, Home, to_post
from archiver.sources.keys import CHANNEL_MARK
from archiver.sources.record import difference, from_channel
from archiver.store.look import Stored
from archiver.text.entities import flat

_ABOUT = "Written by archiver in the form of Telegram Desktop; more is under the key 'archiver'."
_MISSING = "(File not included. Change data exporting settings to download.)"
_DERIVED = ("url", "body", "cluster")
_PART_KEYS = {"url": "href", "path": "document_id"}
_TYPES = {kind: name for name, kind in MEDIA_TYPES.items()}
# What a message never takes from `details`: its own keys.
_OWN = frozenset(
    "id type date date_unixtime edited edited_unixtime from from_id actor actor_id author text"
    " text_entities forwarded_from forwarded_from_id saved_from reply_to_message_id"
    f" reply_to_peer_id via_bot photo file media_type reactions inline_bot_buttons {OURS}".split()
)

Raw = dict[str, Any]


def write(chosen: Chosen, file: IO[bytes]) -> int:
    """Write the posts, channel by channel; how many they were."""
    channels = chosen.by_channel()
    alone = len(channels) == 1
    count = 0
    if not alone:
        file.write(_json({"about": _ABOUT})[:-1] + b', "chats": {"about": "", "list": [')
    for number, keys in enumerate(channels.values()):
        file.write(b",\n" if number else b"\n" if not alone else b"")
        count += _write_chat(chosen, keys, file)
    if not alone:
        file.write(b"\n]}}")
    file.write(b"\n")
    return count


def _write_chat(chosen: Chosen, keys: Any, file: IO[bytes]) -> int:
    canonicals, edited = Canonicals(chosen.db), Edited(chosen.db)
    count = 0
    for found in chosen.posts(keys):
        if not count:
            file.write(_json(_head(found))[:-1] + b', "messages": [')
        raw = message(edited.whole(found))
        raw[OURS]["canonical"] = canonicals.of(found)
        if not count:
            raw[OURS]["chat"] = from_channel(_channel(found))
        file.write((b",\n" if count else b"\n") + _json(raw))
        count += 1
    file.write(b"\n]}")
    return count


def _json(value: Raw) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _channel(found: Stored) -> Channel:
    return Channel(found.title, found.username, found.tg_id, found.channel_kind)


def _head(found: Stored) -> Raw:
    number = found.tg_id or 0
    public = "public" if found.username else "private"
    if found.channel_kind == "user":
        kind = "personal_chat"
    elif found.channel_kind == "group":
        kind = f"{public}_supergroup" if number < -CHANNEL_MARK or not number else "private_group"
    else:
        kind = f"{public}_channel"
    return {"name": found.title or found.username, "type": kind, "id": _bare(number)}


def _bare(marked: int) -> int:
    return -marked - CHANNEL_MARK if marked < -CHANNEL_MARK else abs(marked)


def _peer(marked: int | None) -> str | None:
    """ "channel123", as Desktop names who wrote or is quoted."""
    if marked is None or marked == 0:
        return None
    kind = "user" if marked > 0 else "channel" if marked < -CHANNEL_MARK else "chat"
    return f"{kind}{_bare(marked)}"


def message(found: Stored) -> Raw:
    """A post as Desktop would write it, and what is lost by that under our key."""
    post, peer = found.post, found.tg_id
    bare = {"id": post.message_id, "type": post.kind.name.lower(), **_text(post)}
    raw = {
        **bare,
        **_dates("date", post.date),
        **_dates("edited", post.edited),
        **_writer(found),
        **_header(post),
        **_media(post),
        **_rest(post),
    }
    raw = {key: value for key, value in raw.items() if value is not None or key in _NULLABLE}
    home = Home(peer, found.title, UTC)
    try:
        got = to_post(raw, home)
    except ValueError:  # a poll, say, that no Desktop ever wrote
        raw, got = bare, to_post(bare, home)
    record = record_of(found)
    ours = difference(post, got)
    ours |= {key: record[key] for key in _DERIVED}
    if found.deleted_at is not None:
        ours |= {"deleted": found.deleted_at, "deleted_evidence": found.deleted_evidence}
    return raw | {OURS: ours}


_NULLABLE = frozenset(("forwarded_from",))


def _dates(key: str, date: int | None) -> Raw:
    if date is None or not 0 <= date < 253_402_300_800:
        return {}
    local = datetime.fromtimestamp(date, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return {key: local, f"{key}_unixtime": str(date)}


def _writer(found: Stored) -> Raw:
    post = found.post
    keys = ("actor", "actor_id") if post.kind is PostKind.SERVICE else ("from", "from_id")
    told = post.details or {}
    if post.kind is not PostKind.SERVICE and ("from" in told or "from_id" in told):
        written = told.get("from_id")
        return {
            "from": told.get("from"),
            "from_id": _peer(written) if isinstance(written, int) else written,
        }
    return dict(zip(keys, (found.title or None, _peer(found.tg_id)), strict=True))


def _header(post: Post) -> Raw:
    raw: Raw = {
        "author": post.author,
        "reply_to_message_id": post.reply_to,
        "reply_to_peer_id": _peer(post.reply_to_peer),
        "via_bot": post.via_bot,
        "reactions": list(post.reactions) if post.reactions else None,
    }
    forward = post.forward
    if forward is not None:
        raw["forwarded_from"] = forward.name or (forward.username and f"@{forward.username}")
        if forward.kind not in (OriginKind.NAME, OriginKind.HIDDEN):
            raw["forwarded_from_id"] = _peer(forward.peer_id)
        raw["saved_from"] = forward.saved_from_name
    return raw


def _media(post: Post) -> Raw:
    kind, media = post.media_kind, dict(post.media or {})
    if kind is None:
        return {}
    path = media.pop("path", None)
    missing = media.pop("missing", "not included")
    where = path if isinstance(path, str) else _MISSING.replace("not included", str(missing))
    raw = {key: value for key, value in media.items() if key not in _OWN}
    if kind == "photo":
        raw["photo"] = where
    elif kind in _TYPES or kind == "file":
        raw |= {"file": where, "media_type": _TYPES.get(kind)}
    return raw


def _rest(post: Post) -> Raw:
    """What a service message is about, polls, buttons, keys that an import did not know."""
    details = dict(post.details or {})
    if post.kind is PostKind.SERVICE:
        return {key: value for key, value in details.items() if key not in _OWN}
    raw: Raw = {"poll": details.get("poll"), "inline_bot_buttons": details.get("buttons")}
    other = details.get("other")
    if isinstance(other, dict):
        raw |= {key: value for key, value in other.items() if key not in _OWN}
    return raw


def _text(post: Post) -> Raw:
    parts = list(_parts(post.text, post.entities))
    plain = all(part["type"] == "plain" for part in parts)
    mixed = [part["text"] if part["type"] == "plain" else part for part in parts]
    return {"text": post.text if plain else mixed, "text_entities": parts}


def _parts(text: str, entities: tuple[Json, ...] | None) -> Iterator[Raw]:
    for words, entity in flat(text, entities):
        part: Raw = {"type": "plain", "text": words}
        for key, value in (entity or {}).items():
            if key not in ("offset", "length", "text"):
                part[_PART_KEYS.get(key, key)] = value
        yield part
