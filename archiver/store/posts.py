"""Writing posts: a batch in one transaction, with its index rows and its bookkeeping.

What a live source sends leaves more behind: the bytes (`raw_post`), the counters (`metric`), and
it brings a post back that was held to be deleted.

Functions of a connection inside a transaction that the Store opened. Hot paths use compiled
statements with tuples: SQLAlchemy's executemany with dicts takes about twice as long.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from archiver.model import Channel, Post, PostKey, Source, Tally
from archiver.store import evidence, index, rows, tombstones, versions
from archiver.store.channels import Directory
from archiver.store.connection import LOOKUP, driver
from archiver.store.merging import Merged, Ranks, merge, merge_archived, ranks_of
from archiver.store.metrics import counts
from archiver.store.pending import mark_pending
from archiver.store.schema import pending, revision
from archiver.store.schema import post as table
from archiver.store.sortkeys import SortKeys

_OURS = ("id", "channel_id", "sort_key", "added_run")
_INSERTED = (*_OURS, *rows.COLUMNS)
_LOADED = ("id", "sort_key", "deleted_at", *rows.COLUMNS)
# A change of these makes another statement of the post: dedup has to look again.
_FOR_DEDUP = ("text", "date", "forward", "grouped_id")
_HANGS_ON_EDIT = """
SELECT EXISTS (SELECT 1 FROM revision WHERE post_id = ?1) OR EXISTS (SELECT 1 FROM post o
  JOIN post p ON p.fwd_channel = o.channel_id AND p.fwd_message = o.message_id WHERE o.id = ?1)
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A post on its way in, its channels resolved."""

    channel_id: int
    fwd_channel: int | None
    post: Post
    digest: int
    ranks: Ranks | None = None  # of another archive's post: how each group of fields came there

    @property
    def key(self) -> PostKey:
        """What Telegram calls it."""
        return PostKey(self.channel_id, self.post.message_id)


class PostWriter:
    """Adds and updates posts; remembers channels and keys between batches."""

    def __init__(self) -> None:
        self.directory = Directory()
        self.sort_keys = SortKeys()

    def forget(self) -> None:
        """After a rollback nothing remembered may be trusted."""
        self.directory.forget()
        self.sort_keys.forget()

    def add(
        self,
        conn: Connection,
        run_id: int,
        items: Sequence[tuple[Channel, Post]],
        now: int,
        *,
        index_later: bool = False,
    ) -> Tally:
        """Save a batch; what is already there and says nothing new is not written.

        With `index_later` new posts only wait for `index.add_waiting`.
        """
        arrivals = self._arrivals(conn, items, now)
        return self.save(conn, run_id, arrivals, now, index_later=index_later)

    def save(
        self,
        conn: Connection,
        run_id: int,
        told: list[Arrival],
        now: int,
        *,
        index_later: bool = False,
    ) -> Tally:
        """Save what arrived, its channels resolved."""
        tally = Tally()
        for arrivals in _without_repeats(told):
            known = _known(conn, arrivals)
            met = [(a, known.get(a.key)) for a in arrivals]
            fresh = [a for a, stored in met if stored is None]
            news = [a for a, stored in met if stored is not None and _is_news(a, stored[1])]
            back = [stored[0] for a, stored in met if stored is not None and _is_back(a, stored)]
            if fresh:
                self._insert(conn, run_id, fresh, index_later)
            changed, revisions = self.update(conn, run_id, news, now)
            tombstones.restore(conn, run_id, back)
            unchanged = len(arrivals) - len(fresh) - changed
            tally += Tally(len(fresh), changed, unchanged, revisions, restored=len(back))
        kept = _keep_versions(conn, run_id, told, now)
        tally = replace(tally, revisions=tally.revisions + kept) if kept else tally
        _keep_overflow(conn, self.sort_keys.max_overflow)
        index.add_revisions(driver(conn))
        return tally

    def _arrivals(
        self, conn: Connection, items: Iterable[tuple[Channel, Post]], now: int
    ) -> list[Arrival]:
        resolve, origin = self.directory.resolve, self.directory.origin
        return [
            Arrival(
                resolve(conn, channel, now),
                None if post.forward is None else origin(conn, post.forward, now),
                post,
                rows.digest(post),
            )
            for channel, post in items
        ]

    def _insert(
        self,
        conn: Connection,
        run_id: int,
        arrivals: list[Arrival],
        index_later: bool,
    ) -> None:
        arrivals.sort(key=_in_order)
        db = driver(conn)
        keys = self.sort_keys.allocate(db, (a.post.date for a in arrivals))
        first = (conn.exec_driver_sql("SELECT max(id) FROM post").scalar() or 0) + 1
        ids = range(first, first + len(arrivals))
        values = [
            (
                *(i, a.channel_id, k, run_id),
                *rows.to_values(a.post, a.ranks or ranks_of(a.post), a.fwd_channel, a.digest),
            )
            for i, k, a in zip(ids, keys, arrivals, strict=True)
        ]
        bulk(conn, table, _INSERTED, values)
        bulk(conn, pending, ("post_id",), [(i,) for i in ids])
        if index_later:
            index.add_later(db, keys)
        else:
            index.add(db, [index_row(a, k) for a, k in zip(arrivals, keys, strict=True)])
        live = [(i, a.post) for i, a in zip(ids, arrivals, strict=True) if _is_live(a)]
        evidence.keep_raw(db, live)

    def update(
        self, conn: Connection, run_id: int, arrivals: Sequence[Arrival], now: int
    ) -> tuple[int, int]:
        changed = revisions = 0
        stored = _load(conn, arrivals)
        for arrival in arrivals:
            row = stored[arrival.key]
            old, ranks = rows.to_post(row), rows.to_ranks(row)
            another = arrival.post.text != old.text
            known = _known_texts(conn, row["id"]) if another else ()
            if arrival.ranks is None:
                merged = merge(old, ranks, arrival.post, known)
            else:
                merged = merge_archived(old, ranks, arrival.post, arrival.ranks, known)
            if merged.post == old and merged.ranks == ranks and merged.revision is None:
                continue
            if merged.revision is not None:
                _keep_revision(conn, run_id, row["id"], merged, now)
                revisions += 1
            self._rewrite(conn, row, arrival, old, merged, now)
            if _is_live(arrival):
                _keep_evidence(conn, row["id"], old, merged.post, arrival.post, now)
            changed += 1
        return changed, revisions

    def _rewrite(
        self,
        conn: Connection,
        row: Any,
        arrival: Arrival,
        old: Post,
        merged: Merged,
        seen: int,
    ) -> None:
        db = driver(conn)
        fwd_channel = row["fwd_channel"]
        if merged.post.forward is not None and merged.post.forward != old.forward:
            fwd_channel = self.directory.origin(conn, merged.post.forward, seen)
        sort_key = row["sort_key"]
        before = Arrival(arrival.channel_id, row["fwd_channel"], old, 0)
        after = Arrival(arrival.channel_id, fwd_channel, merged.post, arrival.digest)
        if merged.post.date != old.date:
            [sort_key] = self.sort_keys.allocate(db, [merged.post.date])
        deleted = row["deleted_at"] is not None
        was = index_row(before, row["sort_key"], deleted=deleted)
        now = index_row(after, sort_key, deleted=deleted)
        values = rows.to_values(merged.post, merged.ranks, fwd_channel, arrival.digest)
        changes = dict(zip(rows.COLUMNS, values, strict=True)) | {"sort_key": sort_key}
        conn.execute(update(table).where(table.c.id == row["id"]).values(changes))
        index.change(db, was, now)
        if (
            merged.revision is not None
            or any(getattr(old, name) != getattr(merged.post, name) for name in _FOR_DEDUP)
            or (old.edited != merged.post.edited and _hangs_on_edit(db, row["id"]))
        ):
            mark_pending(conn, [row["id"]])


def _hangs_on_edit(db: sqlite3.Connection, post_id: int) -> bool:
    """Whether the date of its last edit may say since when it says so, or what a forward told."""
    return bool(db.execute(_HANGS_ON_EDIT, (post_id,)).fetchone()[0])


def _in_order(arrival: Arrival) -> tuple[int, int, int]:
    """By date, channel and message; synthetic ids say nothing, there the file's order stays."""
    return (arrival.post.date or 0, arrival.channel_id, max(0, arrival.post.message_id))


def _without_repeats(arrivals: list[Arrival]) -> Iterable[list[Arrival]]:
    """The batch in portions in which no post comes twice: overlapping exports bring it again."""
    if len({(a.channel_id, a.post.message_id) for a in arrivals}) == len(arrivals):
        yield arrivals
        return
    while arrivals:
        seen: set[PostKey] = set()
        later: list[Arrival] = []
        portion: list[Arrival] = []
        for arrival in arrivals:
            (later if arrival.key in seen else portion).append(arrival)
            seen.add(arrival.key)
        yield portion
        arrivals = later


def _known(
    conn: Connection, arrivals: Sequence[Arrival]
) -> dict[PostKey, tuple[int, int, int | None]]:
    """Our id, the digest and the time of deletion of the posts that are there."""
    found = _look_up(conn, arrivals, ("id", "digest", "deleted_at"))
    return {PostKey(row[0], row[1]): (row[2], row[3], row[4]) for row in found}


def _is_live(arrival: Arrival) -> bool:
    return arrival.post.source is Source.LIVE and arrival.ranks is None


def _is_news(arrival: Arrival, digest: int) -> bool:
    """Another archive's post may have been told by others after its last record."""
    return arrival.digest != digest or arrival.ranks is not None


def _is_back(arrival: Arrival, stored: tuple[int, int, int | None]) -> bool:
    """Whether the server shows a post that was held to be deleted; a file may just be older."""
    return stored[2] is not None and _is_live(arrival)


def _keep_evidence(
    conn: Connection, post_id: int, old: Post, now_: Post, told: Post, now: int
) -> None:
    """The new bytes where more than a counter changed, the new counters where one did."""
    db = driver(conn)
    if _but_counts(old) != _but_counts(now_):
        evidence.keep_raw(db, [(post_id, told)])
    if counts(old) != counts(now_):
        evidence.keep_counts(db, post_id, old, now_, now)


def _but_counts(post: Post) -> Post:
    return replace(post, views=None, forwards=None, replies=None, reactions=None)


def _load(conn: Connection, arrivals: Sequence[Arrival]) -> dict[PostKey, dict[str, Any]]:
    """The rows of posts that are there, by key."""
    found = _look_up(conn, arrivals, _LOADED)
    return {
        PostKey(channel_id, message_id): dict(zip(_LOADED, values, strict=True))
        for channel_id, message_id, *values in found
    }


def _look_up(
    conn: Connection, arrivals: Sequence[Arrival], columns: tuple[str, ...]
) -> Iterator[tuple[Any, ...]]:
    """Channel, message id and `columns` of the arrivals that the archive has."""
    by_channel: dict[int, list[int]] = {}
    for arrival in arrivals:
        by_channel.setdefault(arrival.channel_id, []).append(arrival.post.message_id)
    db = driver(conn)
    for channel_id, ids in by_channel.items():
        for at in range(0, len(ids), LOOKUP):
            chunk = ids[at : at + LOOKUP]
            found = db.execute(_lookup_sql(columns, len(chunk)), (channel_id, *chunk))
            for row in found:  # noqa: UP028 - see connection.rows_of
                yield row


@lru_cache(maxsize=2 * LOOKUP)
def _lookup_sql(columns: tuple[str, ...], count: int) -> str:
    marks = ",".join("?" * count)
    return (
        f"SELECT channel_id, message_id, {', '.join(columns)} FROM post"
        f" WHERE channel_id = ? AND message_id IN ({marks})"
    )


def _known_texts(conn: Connection, post_id: int) -> set[str]:
    return set(conn.scalars(select(revision.c.text).where(revision.c.post_id == post_id)))


def _keep_revision(conn: Connection, run_id: int, post_id: int, merged: Merged, now: int) -> None:
    version = merged.revision
    assert version is not None
    values = {
        "post_id": post_id,
        "text": version.text,
        "entities": rows.dump(version.entities) if version.entities else None,
        "edited": version.edited,
        "source": int(version.source),
        "seen": now,
        "run_id": run_id,
        "media_kind": version.media_kind,
        "media": rows.dump(version.media) if version.media else None,
    }
    if version.source is Source.LIVE:
        values |= evidence.raw_of(driver(conn), post_id)
    conn.execute(insert(revision).values(values))


def _keep_versions(conn: Connection, run_id: int, arrivals: Iterable[Arrival], now: int) -> int:
    """Keep the other wordings that an export of ours brings along; how many were new."""
    having = [arrival for arrival in arrivals if arrival.post.versions]
    here = _known(conn, having)
    return sum(
        versions.keep(conn, run_id, here[each.key][0], versions.rows_of(each.post.versions, now))
        for each in having
    )


def _keep_overflow(conn: Connection, minutes: int) -> None:
    if minutes:
        conn.exec_driver_sql(
            "INSERT INTO index_state(name, value) VALUES ('max_overflow', ?)"
            " ON CONFLICT(name) DO UPDATE SET value = max(value, excluded.value)",
            (minutes,),
        )


def index_row(arrival: Arrival, sort_key: int, *, deleted: bool = False) -> index.IndexRow:
    """What the full-text index holds of a post."""
    post = arrival.post
    return index.IndexRow(
        sort_key=sort_key,
        text=post.text,
        channel_id=arrival.channel_id,
        kind=int(post.kind),
        fwd_channel=arrival.fwd_channel,
        fwd_name=post.forward.name if post.forward else None,
        media_kind=post.media_kind,
        deleted=deleted,
        edited=post.edited is not None,
        reply=post.reply_to is not None,
        author=post.author,
        entities=rows.dump(post.entities) if post.entities else None,
    )


def bulk(
    conn: Connection, target: Table, columns: tuple[str, ...], values: list[tuple[Any, ...]]
) -> None:
    """Insert many rows of `columns`, as tuples."""
    conn.exec_driver_sql(_insert_sql(target.name, columns), values)


@lru_cache
def _insert_sql(name: str, columns: tuple[str, ...]) -> str:
    """Written out: the tuples come in the caller's order, which a compiled insert would change."""
    return f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
