"""Plain text for reading: a line of facts, a link, the collapsed text, a blank line."""

from __future__ import annotations

from typing import IO

from archiver.export.records import Chosen
from archiver.store.look import Stored
from archiver.text.cuts import apply_cuts
from archiver.text.dates import minute_utc
from archiver.text.refs import permalink
from archiver.text.safe import block, one_line


def write(chosen: Chosen, file: IO[bytes]) -> int:
    """Write the posts; how many they were."""
    count = 0
    for found in chosen.posts():
        file.write("".join(f"{line}\n" for line in _lines(found)).encode("utf-8", "replace"))
        count += 1
    return count


def _lines(found: Stored) -> list[str]:
    post = found.post
    where = permalink(found.username, found.tg_id, post.message_id) or f"#{found.id}"
    text = apply_cuts(post.text, found.cuts)
    return [
        f"=== {minute_utc(post.date)}  {label(found)}",
        "  ".join([where, *marks(found)]),
        "",
        block(text) if text else f"({one_line(post.media_kind or post.kind.name.lower())})",
        "",
    ]


def label(found: Stored) -> str:
    """A channel for people, in one safe line."""
    title, name = one_line(found.title), one_line(found.username or "")
    if title and name and title.casefold() != name.casefold():
        return f"{title} (@{name})"
    return f"@{name}" if name else title or str(found.tg_id)


def marks(found: Stored) -> list[str]:
    """What a reader should know before the words: forwarded, edited, deleted."""
    post, told = found.post, []
    if post.forward:
        name = post.forward.name or post.forward.username or post.forward.peer_id or "a hidden name"
        told.append(one_line(f"forwarded from {name}"))
    if post.edited is not None:
        told.append(f"edited {minute_utc(post.edited)}")
    if found.deleted_at is not None:
        told.append(f"deleted, noticed {minute_utc(found.deleted_at)}")
    return told
