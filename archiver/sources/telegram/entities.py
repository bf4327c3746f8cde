"""Formatting as Telegram Desktop names it; offsets and lengths stay in UTF-16 units, untouched."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from telethon.tl import types

from archiver.model import Json

_PLAIN = {
    types.MessageEntityBankCard: "bank_card",
    types.MessageEntityBold: "bold",
    types.MessageEntityBotCommand: "bot_command",
    types.MessageEntityCashtag: "cashtag",
    types.MessageEntityCode: "code",
    types.MessageEntityDiffDelete: "diff_delete",
    types.MessageEntityDiffInsert: "diff_insert",
    types.MessageEntityEmail: "email",
    types.MessageEntityHashtag: "hashtag",
    types.MessageEntityItalic: "italic",
    types.MessageEntityMention: "mention",
    types.MessageEntityPhone: "phone",
    types.MessageEntitySpoiler: "spoiler",
    types.MessageEntityStrike: "strikethrough",
    types.MessageEntityUnderline: "underline",
    types.MessageEntityUnknown: "unknown",
    types.MessageEntityUrl: "link",
}
_DATE_FORMS = (
    "relative", "short_time", "long_time", "short_date", "long_date", "day_of_week",
)  # fmt: skip

# What else a type tells: its name, the key in our entity, and the value.
_MORE: dict[type, tuple[str, str, Callable[[Any], Any]]] = {
    types.MessageEntityTextUrl: ("text_link", "url", lambda one: one.url),
    types.MessageEntityMentionName: ("mention_name", "user_id", lambda one: one.user_id),
    # Beyond 2^53, where other readers of JSON lose digits.
    types.MessageEntityCustomEmoji: (
        "custom_emoji", "document_id", lambda one: str(one.document_id),
    ),
    types.MessageEntityPre: ("pre", "language", lambda one: one.language),
    types.MessageEntityBlockquote: ("blockquote", "collapsed", lambda one: bool(one.collapsed)),
    types.MessageEntityDiffReplace: ("diff_replace", "old_text", lambda one: one.old_text),
}  # fmt: skip


def to_entities(entities: Iterable[Any] | None) -> tuple[Json, ...]:
    """The entities of a text."""
    return tuple([_entity(one) for one in entities]) if entities else ()


def _entity(one: Any) -> Json:
    kind = type(one)
    name = _PLAIN.get(kind)
    if name is not None:
        return {"type": name, "offset": one.offset, "length": one.length}
    if kind is types.MessageEntityFormattedDate:
        return _formatted_date(one)
    if kind not in _MORE:
        return {"type": "unknown", "offset": one.offset, "length": one.length}
    name, key, read = _MORE[kind]
    return {"type": name, "offset": one.offset, "length": one.length, key: read(one)}


def _formatted_date(one: Any) -> Json:
    date = int(one.date.timestamp()) if one.date else None
    told = {"type": "formatted_date", "offset": one.offset, "length": one.length, "date": date}
    return told | {form: True for form in _DATE_FORMS if getattr(one, form)}
