"""A message of Telegram as a `Post`: pure, and nothing is lost.

What a `Post` has a place for goes there, with the names Telegram Desktop's export has; the rest
goes into `details`. An unchanged message gives an equal post, whatever the server's references to
its files say. The bytes as received are kept as evidence.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from telethon.errors import TypeNotFoundError
from telethon.extensions import BinaryReader
from telethon.tl import types
from telethon.tl.alltlobjects import LAYER

from archiver.model import Json, Post, PostKind, Source
from archiver.sources.telegram.entities import to_entities
from archiver.sources.telegram.forwards import forward_rest, to_forward
from archiver.sources.telegram.markup import buttons
from archiver.sources.telegram.media import attached
from archiver.sources.telegram.peers import NOBODY, Peers, marked_id
from archiver.sources.telegram.plain import fields, plain, seconds, told
from archiver.sources.telegram.richtext import words_of
from archiver.sources.telegram.service import action_photo, is_about, to_action

Facts = dict[str, Any]

# What reading bytes raises where they are of another layer, or no message at all.
UNREADABLE = (
    TypeNotFoundError, struct.error, BufferError, RuntimeError, ValueError, TypeError,
    AttributeError, LookupError, OverflowError,
)  # fmt: skip

# Rare fields that keep their name in `details`; what concerns only the reading account is left out.
_REST = (
    "pinned", "silent", "noforwards", "from_scheduled", "legacy", "invert_media", "offline",
    "video_processing_pending", "paid_suggested_post_stars", "paid_suggested_post_ton",
    "from_boosts_applied", "from_rank", "saved_peer_id", "via_business_bot_id",
    "guestchat_via_from", "restriction_reason", "ttl_period", "quick_reply_shortcut_id", "effect",
    "factcheck", "report_delivery_until_date", "paid_message_stars", "suggested_post",
    "schedule_repeat_period", "summary_from_language", "rich_message",
)  # fmt: skip
_rest = attrgetter(*_REST)


def to_post(message: Any, peers: Peers = NOBODY, raw: bytes | None = None) -> Post | None:
    """The post a message is; None for one that does not exist (MessageEmpty)."""
    convert = _KINDS.get(type(message))
    return None if convert is None else convert(message, peers, raw)


def from_raw(raw: bytes, layer: int, peers: Peers = NOBODY) -> Post | None:
    """The post of stored bytes; None where they are of another layer or cannot be read."""
    if layer != LAYER:
        return None
    try:
        message = BinaryReader(raw).tgread_object()
    except UNREADABLE:
        return None
    return to_post(message, peers, raw)


def _message(message: Any, peers: Peers, raw: bytes | None) -> Post:
    found = attached(message.media)
    details = dict(found.details)
    if message.reply_markup is not None and (rows := buttons(message.reply_markup)):
        details["buttons"] = rows
    _add_rest(message, details)
    forward = None
    if message.fwd_from is not None:
        forward = to_forward(message.fwd_from, peers)
        details |= forward_rest(message.fwd_from)
    reply_to, reply_to_peer = _reply(message.reply_to, details)
    _add_writer(message, peers, details)
    unsupported = type(message.media) is types.MessageMediaUnsupported
    return Post(
        message_id=message.id,
        text=_text(message),
        date=seconds(message.date),
        kind=PostKind.UNSUPPORTED if unsupported else PostKind.MESSAGE,
        edited=_edited(message, details),
        entities=to_entities(message.entities),
        forward=forward,
        grouped_id=message.grouped_id,
        reply_to=reply_to,
        reply_to_peer=reply_to_peer,
        author=message.post_author,
        via_bot=_bot(message.via_bot_id, peers),
        media_kind=found.kind,
        media=found.media,
        views=message.views,
        forwards=message.forwards,
        replies=_replies(message.replies, details),
        reactions=_reactions(message.reactions),
        details=details or None,
        source=Source.LIVE,
        raw=raw,
        raw_layer=None if raw is None else LAYER,
    )


def _service(message: Any, peers: Peers, raw: bytes | None) -> Post:
    header = getattr(message.reply_to, "reply_to_msg_id", None)
    details = to_action(message.action, header, peers)
    reply_to, reply_to_peer = None, None
    if not is_about(message.action):
        reply_to, reply_to_peer = _reply(message.reply_to, details)
    _add_writer(message, peers, details, "actor")
    for name in ("silent", "legacy", "ttl_period"):
        if getattr(message, name):
            details[name] = getattr(message, name)
    photo = action_photo(message.action)
    return Post(
        message_id=message.id,
        date=seconds(message.date),
        kind=PostKind.SERVICE,
        entities=(),
        reply_to=reply_to,
        reply_to_peer=reply_to_peer,
        media_kind=None if photo is None else "photo",
        media=photo,
        reactions=_reactions(message.reactions),
        details=details,
        source=Source.LIVE,
        raw=raw,
        raw_layer=None if raw is None else LAYER,
    )


def _text(message: Any) -> str:
    if not message.message and message.rich_message is not None:
        return words_of(message.rich_message)
    return message.message or ""


def _add_rest(message: Any, details: Facts) -> None:
    values = _rest(message)
    if any(values):
        details |= {key: told(value) for key, value in zip(_REST, values, strict=True) if value}


def _add_writer(message: Any, peers: Peers, details: Facts, key: str = "from") -> None:
    """Who wrote it, where that is not the channel itself."""
    if message.from_id is None:
        return
    writer = marked_id(message.from_id)
    if writer is not None and writer != marked_id(message.peer_id):
        details |= {key: peers.name(writer), f"{key}_id": writer}


def _edited(message: Any, details: Facts) -> int | None:
    """When its words changed; Telegram also "edits" for a reaction, and says to hide that."""
    edited = seconds(message.edit_date)
    if edited is not None and message.edit_hide:
        details["edit_hidden"] = edited
        return None
    return edited


def _reply(header: Any, details: Facts) -> tuple[int | None, int | None]:
    """What a message replies to; the quote and what else the header says into `details`."""
    if header is None:
        return None, None
    if type(header) is not types.MessageReplyHeader:
        details["reply"] = fields(header)
        return None, None
    rest: Facts = {}
    for name in ("reply_to_top_id", "quote_text", "quote_offset", "todo_item_id", "poll_option"):
        value = getattr(header, name)
        if value is not None:
            rest[name] = plain(value)
    if header.quote_entities:
        rest["quote_entities"] = list(to_entities(header.quote_entities))
    if header.reply_from is not None:
        rest["reply_from"] = fields(header.reply_from)
    if header.reply_media is not None:
        kind, media, _ = attached(header.reply_media)
        rest["reply_media"] = {"kind": kind, **(media or {})}
    if header.forum_topic:
        rest["forum_topic"] = True
    if rest:
        details["reply"] = rest
    return header.reply_to_msg_id, marked_id(header.reply_to_peer_id)


def _bot(user_id: int | None, peers: Peers) -> str | None:
    """@name of a bot, as Desktop writes it; its id where the answer did not bring it."""
    if not user_id:
        return None
    name = peers.username(user_id)
    return f"@{name}" if name else str(user_id)


def _replies(found: Any, details: Facts) -> int | None:
    if found is None:
        return None
    if found.comments and found.channel_id:
        details["comments_in"] = marked_id(types.PeerChannel(found.channel_id))
    count: int = found.replies
    return count


def _reactions(found: Any) -> tuple[Json, ...] | None:
    if found is None:
        return None
    return tuple([_reaction(one) for one in found.results])


def _reaction(one: Any) -> Json:
    kind = type(one.reaction)
    if kind is types.ReactionEmoji:
        return {"type": "emoji", "count": one.count, "emoji": one.reaction.emoticon}
    if kind is types.ReactionCustomEmoji:
        document = str(one.reaction.document_id)
        return {"type": "custom_emoji", "count": one.count, "document_id": document}
    return {"type": "paid" if kind is types.ReactionPaid else "unknown", "count": one.count}


_KINDS: dict[type, Callable[[Any, Peers, bytes | None], Post]] = {
    types.Message: _message,
    types.MessageService: _service,
}
