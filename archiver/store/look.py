"""Looking posts up: by reference, with their versions. Plain SQL over a read-only connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from archiver.errors import ChannelUnavailable
from archiver.model import Post
from archiver.store import rows
from archiver.text.cuts import Cut
from archiver.text.refs import PostRef, parse_ref

_OURS = ("id", "channel_id", "sort_key", "cluster_id", "body_id", "reason", "via_post",
         "deleted_at", "deleted_evidence", "cuts")  # fmt: skip
_SELECT = (
    "SELECT c.title, c.username, c.tg_id, c.kind AS channel_kind, "
    + ", ".join(f"p.{name}" for name in (*_OURS, *rows.COLUMNS))
    + " FROM post p JOIN channel c ON c.id = p.channel_id"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A post as the archive holds it, with its channel and its place in a cluster."""

    id: int
    channel_id: int
    title: str
    username: str | None
    tg_id: int | None
    channel_kind: str
    post: Post
    cuts: tuple[Cut, ...]
    cluster_id: int | None
    reason: str | None
    via_post: int | None
    deleted_at: int | None
    deleted_evidence: str | None
    fwd_channel: int | None


@dataclass(frozen=True, slots=True)
class Wording:
    """An earlier or other version of a post: its text, or what was attached to it.

    `seen` is when another one took its place here, or, of a file's, when it reached us.
    """

    id: int
    text: str
    edited: int | None
    source: int
    seen: int
    media_kind: str | None = None
    media: str | None = None
    entities: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """The counters of a post as they were seen once."""

    seen: int
    views: int | None
    forwards: int | None
    replies: int | None
    reactions: Any


def find_post(db: sqlite3.Connection, text: str) -> int:
    """Our id of the post that a person names; see `text.refs.parse_ref` for the forms.

    Raises ChannelUnavailable when it is none, names nothing here, or more than one.
    """
    ref = parse_ref(text)
    if ref is None:
        raise ChannelUnavailable(
            f"{text!r} names no post; write a permalink, @channel/123, or the number after # in"
            " a search."
        )
    found = _candidates(db, ref)
    if len(found) == 1:
        return found[0]
    if found:
        raise ChannelUnavailable(
            f"{text!r} may be one of {len(found)} posts: {', '.join(f'#{i}' for i in found)}."
        )
    raise ChannelUnavailable(_missing(db, ref, text))


def _candidates(db: sqlite3.Connection, ref: PostRef) -> list[int]:
    if ref.own_id is not None:
        found = db.execute("SELECT id FROM post WHERE id = ?", (min(ref.own_id, 2**62),))
        return [row[0] for row in found]
    assert ref.message_id is not None
    channels = _channels(db, ref)
    marks = ",".join("?" * len(channels))
    message_id = max(-(2**62), min(ref.message_id, 2**62))
    query = f"SELECT id FROM post WHERE message_id = ? AND channel_id IN ({marks})"
    return [row[0] for row in db.execute(query, (message_id, *channels))]


def _channels(db: sqlite3.Connection, ref: PostRef) -> list[int]:
    if ref.tg_id is not None:
        found = db.execute("SELECT id FROM channel WHERE tg_id = ?", (max(ref.tg_id, -(2**62)),))
        return [row[0] for row in found]
    key = (ref.channel or "").casefold()
    found = db.execute(
        "SELECT id FROM channel WHERE username_key = ?1 OR title_key = ?1"
        " UNION SELECT channel_id FROM channel_name WHERE name_key IN (?1, '@' || ?1)",
        (key,),
    )
    return [row[0] for row in found]


def _missing(db: sqlite3.Connection, ref: PostRef, text: str) -> str:
    if ref.own_id is not None:
        return f"this archive has no post #{ref.own_id}."
    if not _channels(db, ref):
        return f"{text!r}: no such channel in this archive; `archiver channels list` names them."
    return f"{text!r}: the channel is here, but not this post."


def load(db: sqlite3.Connection, post_id: int) -> Stored:
    """The post with our id, which exists."""
    return next(_stored(db, _SELECT + " WHERE p.id = ?", (post_id,)))


def each(db: sqlite3.Connection, sort_keys: Iterable[int]) -> Iterator[Stored]:
    """The posts with these sort keys, one by one, in their order."""
    for key in sort_keys:
        yield from _stored(db, _SELECT + " WHERE p.sort_key = ?", (key,))


def every(db: sqlite3.Connection) -> Iterator[Stored]:
    """All posts, oldest first, undated ones before."""
    yield from _stored(db, _SELECT + " ORDER BY p.sort_key", ())


def _stored(db: sqlite3.Connection, query: str, values: tuple[Any, ...]) -> Iterator[Stored]:
    cursor = db.execute(query, values)
    names = [column[0] for column in cursor.description]
    for found in cursor:
        row = dict(zip(names, found, strict=True))
        yield Stored(
            id=row["id"],
            channel_id=row["channel_id"],
            title=row["title"],
            username=row["username"],
            tg_id=row["tg_id"],
            channel_kind=row["channel_kind"],
            post=rows.to_post(row),
            cuts=cuts_of(row["cuts"]),
            cluster_id=row["cluster_id"],
            reason=row["reason"],
            via_post=row["via_post"],
            deleted_at=row["deleted_at"],
            deleted_evidence=row["deleted_evidence"],
            fwd_channel=row["fwd_channel"],
        )


def cuts_of(stored: str | None) -> tuple[Cut, ...]:
    """The cuts of a row."""
    return tuple(Cut(*cut) for cut in json.loads(stored)) if stored else ()


def versions(db: sqlite3.Connection, post_id: int) -> list[Wording]:
    """Every other wording of a post, in the order they reached us."""
    found = db.execute(
        "SELECT id, text, edited, source, seen, media_kind, media, entities FROM revision"
        " WHERE post_id = ? ORDER BY seen, id",
        (post_id,),
    )
    return [Wording(*row) for row in found]


def archived(db: sqlite3.Connection, post_id: int) -> int:
    """When a post was first saved: the beginning of the run that did it."""
    sql = "SELECT r.started FROM post p JOIN run r ON r.id = p.added_run WHERE p.id = ?"
    return int(db.execute(sql, (post_id,)).fetchone()[0])


def counted(db: sqlite3.Connection, post_id: int) -> list[Counted]:
    """How the counters of a post grew, oldest first; nothing where they never changed."""
    found = db.execute(
        "SELECT seen, views, forwards, replies, reactions FROM metric WHERE post_id = ?"
        " ORDER BY seen",
        (post_id,),
    )
    return [Counted(at, v, f, r, rows.load(told)) for at, v, f, r, told in found]
