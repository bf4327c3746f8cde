"""Which column of a table means what: names that are in use, and what a person says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from archiver.errors import ConfigError

# What a post is told by -> the names of columns that tell it, the first that is there.
NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "message_id", "msg_id", "post_id", "messageid", "postid", "telegram_id"),
    "text": ("text", "message", "content", "body", "message_text", "raw_text", "post", "caption"),
    "date": ("date", "datetime", "timestamp", "date_utc", "message_date", "created_at",
             "published", "published_at", "post_date", "time"),
    "channel": ("channel", "channel_username", "username", "channel_name", "chat", "chat_name",
                "chat_username"),
    "channel_id": ("channel_id", "chat_id", "peer_id", "tg_id"),
    "sender_id": ("sender_id", "from_id", "sender_chat_id"),
    "title": ("channel_title", "chat_title", "title"),
    "url": ("url", "link", "post_url", "post_link", "permalink", "message_url"),
    "edited": ("edited", "edit_date", "edited_at"),
    "views": ("views", "view_count", "views_count"),
    "forwards": ("forwards", "forward_count", "forwards_count", "shares"),
    "replies": ("replies", "replies_count", "comments", "comments_count"),
    "author": ("author", "post_author", "author_signature", "signature"),
    "reply_to": ("reply_to", "reply_to_msg_id", "reply_to_message_id", "reply_to_id"),
    "grouped_id": ("grouped_id", "album_id", "media_group_id"),
    "media_kind": ("media_kind", "media_type"),
    "forward_channel": ("forwarded_from", "fwd_from", "forward_from", "forward_channel",
                        "forwarded_from_channel", "fwd_from_name", "forward_from_name",
                        "forward_from_chat_id", "forward_from_chat_title",
                        "forward_sender_name"),
    "forward_username": ("forward_username", "fwd_username", "forward_from_chat_username"),
    "forward_id": ("forwarded_from_id", "fwd_message_id", "forward_from_message_id", "channel_post",
                   "forwarded_message_id", "fwd_channel_post"),
    "forward_date": ("forwarded_date", "fwd_date", "forward_date"),
}  # fmt: skip


def normal(name: str) -> str:
    """A header without case, blanks and signs.

    >>> normal(" Message ID ")
    'message_id'
    """
    return re.sub(r"\W+", "_", name.strip().casefold()).strip("_")


def columns_of(header: Sequence[str], said: Mapping[str, str] | None = None) -> dict[str, int]:
    """The place of each field in a header. ConfigError for a column a person names in vain."""
    places: dict[str, int] = {}
    for at, name in enumerate(header):
        places.setdefault(normal(name), at)
    found: dict[str, int] = {}
    for field, column in (said or {}).items():
        if normal(column) not in places:
            there = ", ".join(name for name in header if name.strip())[:200]
            raise ConfigError(f"--columns: no column {column!r}; the file has {there}.")
        found[field] = places[normal(column)]
    taken = set(found.values())
    for field, names in NAMES.items():
        place = next((places[n] for n in names if n in places and places[n] not in taken), None)
        if field not in found and place is not None:
            found[field] = place
            taken.add(place)
    return found


def is_table(fields: Iterable[str]) -> bool:
    """Whether fields are those of posts: a text, and what tells one post from the other."""
    there = set(fields)
    return "text" in there and not there.isdisjoint(("id", "date", "url"))


def parse(said: str) -> dict[str, str]:
    """What --columns says, "text=body,id=no". ConfigError names the fields there are."""
    found = {}
    for part in filter(None, (each.strip() for each in said.split(","))):
        field, sign, column = part.partition("=")
        if not sign or not column.strip() or field.strip() not in NAMES:
            raise ConfigError(
                f"--columns takes FIELD=COLUMN, not {part!r}; fields are {', '.join(NAMES)}."
            )
        found[field.strip()] = column.strip()
    return found
