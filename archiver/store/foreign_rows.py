"""Whether the rows of another archive are what the columns are for: nobody checked them. Pure.

SQLite lets any column hold anything, and a file may have been made to harm. ValueError, in a short
sentence, for what cannot be taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archiver.checks import checked
from archiver.model import Post, Source
from archiver.store import rows
from archiver.store.merging import Ranks

Row = Mapping[str, Any]

_VERSION: dict[str, Any] = {
    "text": str, "entities": str | None, "edited": int | None, "source": int, "seen": int,
    "media_kind": str | None, "media": str | None, "raw": bytes | None, "raw_layer": int | None,
}  # fmt: skip
_RAW: dict[str, Any] = {"layer": int, "tl": bytes}
_METRIC: dict[str, Any] = {
    "seen": int, "views": int | None, "forwards": int | None, "replies": int | None,
    "reactions": str | None,
}  # fmt: skip
_NAME: dict[str, Any] = {"kind": str, "name": str, "first_seen": int, "last_seen": int}
_COVER: dict[str, Any] = {"lo": int, "hi": int}
_VERDICT: dict[str, Any] = {"kind": str, "said": int, "message_id": int}
_NAMES = ("title", "username", "alias")
# What JSON does not find its way through.
_UNREADABLE = (KeyError, TypeError, AttributeError, RecursionError)
MOST_IDS = 1 << 52


def post(row: Row) -> tuple[Post, Ranks]:
    """The post of a row, and how each group of its fields arrived."""
    try:
        found, ranks = checked(rows.to_post(row)), rows.to_ranks(row)
        for rank in (ranks.text, ranks.forward, ranks.media, ranks.counts):
            if rank:
                Source(rank)
        _typed(row, {"digest": int, "deleted_at": int | None, "deleted_evidence": str | None})
    except _UNREADABLE as error:
        raise ValueError(str(error) or "cannot be read") from error
    if not -MOST_IDS < found.message_id < MOST_IDS:
        raise ValueError("message_id is out of range")
    return found, ranks


def is_version(row: Row) -> bool:
    """Whether a row of `revision` can be kept."""
    return _fits(row, _VERSION) and row["source"] in set(Source) and _is_json(row)


def is_raw(row: Row) -> bool:
    """Whether a row of `raw_post` can be kept."""
    return _fits(row, _RAW)


def is_metric(row: Row) -> bool:
    """Whether a row of `metric` can be kept."""
    return _fits(row, _METRIC) and _loads(row["reactions"], list)


def is_name(row: Row) -> bool:
    """Whether a row of `channel_name` can be kept."""
    return _fits(row, _NAME) and row["kind"] in _NAMES


def is_interval(row: Row) -> bool:
    """Whether a row of `coverage` is an interval of ids."""
    return _fits(row, _COVER) and 1 <= row["lo"] <= row["hi"] < MOST_IDS


def is_verdict(row: Row) -> bool:
    """Whether a row of `verdict` says something of posts."""
    if not _fits(row, _VERDICT):
        return False
    other = row["other_message"]
    return (row["kind"] == "same" and type(other) is int) or (
        row["kind"] == "apart" and other is None
    )


def _is_json(row: Row) -> bool:
    return _loads(row["entities"], list) and _loads(row["media"], dict)


def _loads(stored: str | None, kind: type) -> bool:
    try:
        found = rows.load(stored)
    except (ValueError, RecursionError):
        return False
    if found is None:
        return stored is None
    if isinstance(found, list):
        return kind is list and all(isinstance(each, dict) for each in found)
    return isinstance(found, kind)


def _typed(row: Row, kinds: Mapping[str, Any]) -> None:
    for name, kind in kinds.items():
        if not isinstance(row[name], kind):
            raise ValueError(f"{name} is of the wrong kind")


def _fits(row: Row, kinds: Mapping[str, Any]) -> bool:
    return all(isinstance(row[name], kind) for name, kind in kinds.items())
