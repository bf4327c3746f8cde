"""A channel known by name becomes the real one, or joins it: one transaction, nothing lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from archiver.errors import StoreError
from archiver.model import Channel, Post
from archiver.store import channels, index, rows, schema, verdicts
from archiver.store.connection import driver
from archiver.store.pending import mark_pending
from archiver.store.posts import Arrival, PostWriter, index_row
from archiver.store.schema import channel, channel_name, decision, footer, post, revision

# Rows moved at a time, so that joining a channel of any size takes little memory.
PORTION = 1_000


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking did: which row stands for the channel now, and how many posts moved to it."""

    channel_id: int
    merged: bool
    moved: int = 0
    joined: int = 0


def link(
    conn: Connection, source: int, name: str, real: Channel, writer: PostWriter, now: int
) -> Linked:
    """Let channel `source`, known as `name`, be `real`; files that say `name` mean it from now on.

    Raises StoreError when `source` already is another real channel.
    """
    row = conn.execute(select(channel).where(channel.c.id == source)).mappings().one()
    target = channels.find(conn, real)
    if row["tg_id"] is not None and target != source:
        raise StoreError(
            f"{name!r} already is the channel with the id {row['tg_id']}; only a channel known by"
            " name can be linked."
        )
    if target is None or target == source:
        become(conn, source, real)
        _keep_name(conn, source, row, name, now)
        return Linked(source, merged=False)
    moved, joined = absorb(conn, source, target, writer, now)
    _keep_name(conn, target, row, name, now)
    return Linked(target, True, moved, joined)


def absorb(
    conn: Connection, source: int, target: int, writer: PostWriter, now: int
) -> tuple[int, int]:
    """Give all that channel `source` has to `target`: how many posts moved, how many joined."""
    moved, joined = _move_posts(conn, source, target, writer, now)
    for name in ("title", "alias"):
        driver(conn).execute(
            "UPDATE OR IGNORE channel_name SET channel_id = ? WHERE channel_id = ? AND kind = ?",
            (target, source, name),
        )
    _repoint(conn, source, target)
    return moved, joined


def become(conn: Connection, source: int, real: Channel) -> None:
    """Let a row have the id and the @name of the real channel."""
    values: dict[str, Any] = {}
    if real.tg_id is not None:
        values["tg_id"] = real.tg_id
    if real.username:
        values |= {"username": real.username, "username_key": real.username.casefold()}
    conn.execute(update(channel).where(channel.c.id == source).values(values))


def _keep_name(conn: Connection, channel_id: int, row: Any, name: str, now: int) -> None:
    """Both the name a person typed and the one the files use lead here from now on."""
    names = {name, row["title"], f"@{row['username']}" if row["username"] else ""}
    for each in sorted(names - {""}):
        channels.add_alias(conn, channel_id, each, now)


def _move_posts(
    conn: Connection, source: int, target: int, writer: PostWriter, now: int
) -> tuple[int, int]:
    moved = joined = 0
    statement = select(*_columns()).where(post.c.channel_id == source).limit(PORTION)
    while found := conn.execute(statement).mappings().all():
        for row in found:
            if _taken(conn, target, row["message_id"]) is None:
                _move(conn, row, source, target)
                moved += 1
            else:
                _join(conn, row, source, target, writer, now)
                joined += 1
    return moved, joined


def _columns() -> list[Any]:
    ours = ("id", "channel_id", "sort_key", "deleted_at", "added_run", "cluster_id")
    return [post.c[name] for name in (*ours, *rows.COLUMNS)]


def _taken(conn: Connection, target: int, message_id: int) -> int | None:
    where = (post.c.channel_id == target) & (post.c.message_id == message_id)
    return conn.scalar(select(post.c.id).where(where))


def _index_row(row: Any, channel_id: int, told: Post) -> index.IndexRow:
    arrival = Arrival(channel_id, row["fwd_channel"], told, 0)
    return index_row(arrival, row["sort_key"], deleted=row["deleted_at"] is not None)


def _move(conn: Connection, row: Any, source: int, target: int) -> None:
    told = rows.to_post(row)
    index.change(driver(conn), _index_row(row, source, told), _index_row(row, target, told))
    conn.execute(update(post).where(post.c.id == row["id"]).values(channel_id=target))
    mark_pending(conn, [row["id"]])


def _join(
    conn: Connection, row: Any, source: int, target: int, writer: PostWriter, now: int
) -> None:
    """The same message in both: its versions and fields go to the one that stays."""
    told = rows.to_post(row)
    stays = _taken(conn, target, row["message_id"])
    assert stays is not None
    arrival = Arrival(target, row["fwd_channel"], told, row["digest"])
    writer.update(conn, row["added_run"], [arrival], now)
    moving = update(revision).where(revision.c.post_id == row["id"]).values(post_id=stays)
    conn.execute(moving)
    for table in ("metric", "raw_post"):
        db = driver(conn)
        keys = (stays, row["id"])
        db.execute(f"UPDATE OR IGNORE {table} SET post_id = ? WHERE post_id = ?", keys)
        db.execute(f"DELETE FROM {table} WHERE post_id = ?", (row["id"],))
    verdicts.move(driver(conn), row["id"], stays)
    index.remove(driver(conn), [_index_row(row, source, told)])
    conn.execute(delete(schema.pending).where(schema.pending.c.post_id == row["id"]))
    conn.execute(delete(decision).where(decision.c.post_id == row["id"]))
    conn.execute(delete(post).where(post.c.id == row["id"]))
    mark_pending(conn, [stays, *_companions(conn, row["cluster_id"])])


def _companions(conn: Connection, cluster_id: int | None) -> list[int]:
    """The posts whose cluster loses a member."""
    if cluster_id is None:
        return []
    return list(conn.scalars(select(post.c.id).where(post.c.cluster_id == cluster_id)))


def _repoint(conn: Connection, source: int, target: int) -> None:
    """Forwards from the name are forwards from the channel; its footers are learned anew."""
    forwards = list(conn.scalars(select(post.c.id).where(post.c.fwd_channel == source)))
    for each in forwards:
        row: Any = conn.execute(select(*_columns()).where(post.c.id == each)).mappings().one()
        told = rows.to_post(row)
        conn.execute(update(post).where(post.c.id == each).values(fwd_channel=target))
        before = _index_row(row, row["channel_id"], told)
        index.change(driver(conn), before, before._replace(fwd_channel=target))
        mark_pending(conn, [each])
    conn.execute(delete(footer).where(footer.c.channel_id == source))
    conn.execute(delete(channel_name).where(channel_name.c.channel_id == source))
    conn.execute(delete(channel).where(channel.c.id == source))
