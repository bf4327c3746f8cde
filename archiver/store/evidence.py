"""What a live source leaves beside the post: the bytes it sent, and its counters over time."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from archiver.model import Post
from archiver.store.metrics import replaces_last
from archiver.store.rows import dump

try:
    from isal import isal_zlib as zlib
except ImportError:  # a machine for which there is none
    import zlib  # type: ignore[no-redef]

_METRIC = "INSERT OR REPLACE INTO metric VALUES (?, ?, ?, ?, ?, ?)"
_FIRST_SEEN = "SELECT r.started FROM post p JOIN run r ON r.id = p.added_run WHERE p.id = ?"
_LAST_TWO = "SELECT seen FROM metric WHERE post_id = ? ORDER BY seen DESC LIMIT 2"


def keep_raw(db: sqlite3.Connection, posts: Sequence[tuple[int, Post]]) -> None:
    """Keep the bytes of posts, by our ids; those of an earlier version give way."""
    rows = [
        (i, post.raw_layer, _packed(post.raw))
        for i, post in posts
        if post.raw is not None and post.raw_layer is not None
    ]
    db.executemany("INSERT OR REPLACE INTO raw_post(post_id, layer, tl) VALUES (?, ?, ?)", rows)


def _packed(raw: bytes) -> bytes:
    """Level 1, and a window and tables of the size of a post: a third of the time, same bytes.

    The zlib of ISA-L takes 40 % of the time of Python's own and makes 0.6 % fewer bytes; what they
    make is one format.
    """
    packer = zlib.compressobj(1, zlib.DEFLATED, 13, 5)
    return packer.compress(raw) + packer.flush()


def raw_of(db: sqlite3.Connection, post_id: int) -> dict[str, Any]:
    """The kept bytes of a post as columns of `revision`; nothing where there are none."""
    row = db.execute("SELECT layer, tl FROM raw_post WHERE post_id = ?", (post_id,)).fetchone()
    return {} if row is None else {"raw_layer": row[0], "raw": row[1]}


def keep_counts(db: sqlite3.Connection, post_id: int, old: Post, new: Post, now: int) -> None:
    """Note counters that changed, as seen now; observations thin out with the age of the post.

    The first change brings the observation before it along, which stood in the post's row until
    then: a post whose counters never change has no row here (24 us and 40 bytes a post).
    """
    last = [seen for (seen,) in db.execute(_LAST_TWO, (post_id,))]
    if not last and _is_counted(old):
        (first,) = db.execute(_FIRST_SEEN, (post_id,)).fetchone()
        db.execute(_METRIC, (post_id, min(first, now - 1), *_counts(old)))
    if len(last) == 2 and replaces_last(new.date, last[1], now):
        db.execute("DELETE FROM metric WHERE post_id = ? AND seen = ?", (post_id, last[0]))
    db.execute(_METRIC, (post_id, now, *_counts(new)))


def _counts(post: Post) -> tuple[Any, ...]:
    reactions = dump(post.reactions) if post.reactions else None
    return (post.views, post.forwards, post.replies, reactions)


def _is_counted(post: Post) -> bool:
    return any(value is not None for value in _counts(post))
