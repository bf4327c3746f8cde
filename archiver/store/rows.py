"""Posts as rows and rows as posts; nothing else in the program knows both."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from archiver.model import Forward, OriginKind, Post, PostKind, Source
from archiver.store.merging import Ranks

# What a source tells of a post, in the order of the columns; `ours` are ours.
POST_FIELDS = (
    "message_id", "date", "kind", "edited", "text", "entities",
    "grouped_id", "grouped_inferred", "reply_to", "reply_to_peer", "author", "via_bot",
    "media_kind", "media", "views", "forwards", "replies", "reactions", "details",
)  # fmt: skip
FORWARD_FIELDS = {
    "kind": "fwd_kind",
    "peer_id": "fwd_peer",
    "username": "fwd_username",
    "message_id": "fwd_message",
    "date": "fwd_date",
    "name": "fwd_name",
    "author": "fwd_author",
    "saved_from_peer": "fwd_saved_peer",
    "saved_from_message": "fwd_saved_message",
    "saved_from_name": "fwd_saved_name",
    "imported": "fwd_imported",
}
RANK_COLUMNS = ("src_text", "src_forward", "src_media", "src_counts")
COLUMNS = (
    *POST_FIELDS, *FORWARD_FIELDS.values(), *RANK_COLUMNS,
    "fwd_channel", "digest",
)  # fmt: skip

_JSON = ("entities", "media", "reactions", "details")
_post_values = attrgetter(*POST_FIELDS)
_forward_values = attrgetter(*FORWARD_FIELDS)
_digested = attrgetter(*(f for f in POST_FIELDS if f not in ("message_id", "text")), "source")
_JSON_AT = [POST_FIELDS.index(name) for name in _JSON]
_KIND_AT = POST_FIELDS.index("kind")
_INFERRED_AT = POST_FIELDS.index("grouped_inferred")
_NO_FORWARD = (None,) * len(FORWARD_FIELDS)


def digest(post: Post) -> int:
    """64 bits over all that a source said: an equal one means the archive has it already."""
    forward = None if post.forward is None else _forward_values(post.forward)
    # The text apart: repr looks at each letter, 20 us for a post in Cyrillic.
    hashed = blake2b(post.text.encode("utf-8", "surrogatepass"), digest_size=8)
    hashed.update(repr((_digested(post), forward)).encode("utf-8", "surrogatepass"))
    return int.from_bytes(hashed.digest(), "big", signed=True)


def to_values(post: Post, ranks: Ranks, fwd_channel: int | None, digest: int) -> tuple[Any, ...]:
    """The values of `COLUMNS` for a post."""
    values = list(_post_values(post))
    values[_KIND_AT] = int(post.kind)
    values[_INFERRED_AT] = 1 if post.grouped_inferred else None
    for at in _JSON_AT:
        if values[at] is not None:
            values[at] = dump(values[at]) if values[at] else None
    told = _NO_FORWARD if post.forward is None else _forward_row(post.forward)
    levels = (ranks.text, ranks.forward or None, ranks.media or None, ranks.counts or None)
    return (*values, *told, *levels, fwd_channel, digest)


def _forward_row(forward: Forward) -> tuple[Any, ...]:
    values = _forward_values(forward)
    return (str(values[0]), *values[1:-1], 1 if forward.imported else None)


def to_post(row: Mapping[str, Any]) -> Post:
    """The post of a row that holds `COLUMNS`."""
    values = {name: row[name] for name in POST_FIELDS}
    for name in _JSON:
        values[name] = load(values[name])
    for name in ("entities", "reactions"):
        values[name] = None if values[name] is None else tuple(values[name])
    values["kind"] = PostKind(values["kind"])
    values["grouped_inferred"] = bool(values["grouped_inferred"])
    return Post(**values, forward=_to_forward(row), source=Source(row["src_text"]))


def _to_forward(row: Mapping[str, Any]) -> Forward | None:
    if row["fwd_kind"] is None:
        return None
    values = {field: row[column] for field, column in FORWARD_FIELDS.items()}
    values["kind"] = OriginKind(values["kind"])
    values["imported"] = bool(values["imported"])
    return Forward(**values)


def to_ranks(row: Mapping[str, Any]) -> Ranks:
    """How each group of a row's fields arrived."""
    return Ranks(*(row[name] or 0 for name in RANK_COLUMNS))


# Made once: json.dumps makes a new encoder for every call that has options.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump(value: Any) -> str:
    """JSON as the archive keeps it: compact, in the post's own letters."""
    return _encode(value)


def load(value: str | None) -> Any:
    """What `dump` wrote."""
    return None if value is None else json.loads(value)
