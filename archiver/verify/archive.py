"""Checks an archive: the file, the search index, coverage, statements, and the posts themselves
against the bytes that Telegram sent.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from archiver.model import Post, Source
from archiver.store import soundness
from archiver.store.completeness import coverage_faults, damage
from archiver.store.soundness import Sent

SAMPLE = 1_000
_MOST = 10
# What a live post says for certain; names may be known from elsewhere, counters come later.
_SAID = ("message_id", "date", "kind", "reply_to", "reply_to_peer", "edited")
_HEADER = ("peer_id", "message_id", "date", "author")


class Finding(NamedTuple):
    """One thing that is wrong, and in what part of the archive."""

    about: str
    said: str


def findings(db: sqlite3.Connection, sample: int = SAMPLE) -> Iterator[Finding]:
    """What a reader sees; `sample` posts are held against their bytes."""
    parts: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
        ("file", lambda: iter(damage(db))),
        ("coverage", lambda: iter(coverage_faults(db))),
        ("statements", lambda: soundness.clusters(db)),
        ("verdicts", lambda: soundness.verdicts(db)),
        ("hidden repeats", lambda: soundness.cuts(db)),
        ("bytes", lambda: conversions(db, sample)),
    )
    for about, look in parts:
        yield from _some(about, look)


def index_findings(path: Path, sample: int = SAMPLE) -> Iterator[Finding]:
    """What is wrong with the search index; the archive must be held by the caller."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        yield from _some("search index", lambda: soundness.full_text(db, sample))


def _some(about: str, look: Callable[[], Iterator[str]]) -> Iterator[Finding]:
    """The first findings of one kind; a part that cannot be read at all is one."""
    try:
        for number, said in enumerate(look()):
            if number == _MOST:
                yield Finding(about, "and more of the kind")
                return
            yield Finding(about, said)
    except sqlite3.DatabaseError as error:
        yield Finding(about, f"cannot be read: {error}")


def conversions(db: sqlite3.Connection, sample: int) -> Iterator[str]:
    """Posts that are not what the bytes kept of them say, in the layer that we speak now."""
    from archiver.sources.telegram.convert import from_raw
    from archiver.sources.telegram.probe import layer

    ours = layer() or 0
    for each in soundness.sent(db, ours, sample):
        name = f"post #{each.post_id}" + (f", version {each.version}" if each.version else "")
        told = None if each.raw is None else from_raw(each.raw, ours)
        if told is None:
            yield f"{name}: the bytes kept of it cannot be read"
            continue
        wrong = _differences(each, told)
        if wrong:
            yield f"{name}: {', '.join(wrong)} not as Telegram sent it"


def _differences(each: Sent, told: Post) -> list[str]:
    """The fields of a row that its bytes contradict; what only a file told is not asked."""
    post = each.post
    words: list[tuple[str, Any, Any]]
    words = [("text", post.text, told.text), ("entities", post.entities or (), told.entities or ())]
    if each.version is None:
        if each.ranks.text != Source.LIVE:
            return []
        words += [(name, getattr(post, name), getattr(told, name)) for name in _SAID]
        if each.ranks.media == Source.LIVE:
            words.append(("media_kind", post.media_kind, told.media_kind))
            words.append(("grouped_id", post.grouped_id, told.grouped_id))
        if told.forward is not None and each.ranks.forward == Source.LIVE:
            words += [
                (f"forward {name}", getattr(post.forward, name, None), getattr(told.forward, name))
                for name in _HEADER
            ]
    return [name for name, here, there in words if there is not None and here != there]
