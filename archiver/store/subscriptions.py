"""The channels that are synced: how they are asked for, how far their sync is, how it went.

Functions of a connection inside a transaction that the Store opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sqlalchemy import Connection, and_, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from archiver.model import Address, ChannelState, Sighting
from archiver.store import channels
from archiver.store.connection import driver
from archiver.store.coverage import Coverage
from archiver.store.schema import access_hash, channel, channel_sync, coverage, post


@dataclass(frozen=True, slots=True)
class SyncState:
    """How far the sync of a channel is. Decided in `sync`, kept with the page it follows from.

    `since` is the date before which nothing is wanted, `floor_id` the id at which it was met.
    `differences` is ok, refused or lost, None before the first try. While a sweep is under way
    `sweep_before` says where it goes on and `sweep_pts` the state at its beginning.
    """

    since: int | None = None
    floor_id: int | None = None
    available_min_id: int | None = None
    linked_tg_id: int | None = None
    standing_seen: int | None = None
    pts: int | None = None
    differences: str | None = None
    differences_tried: int | None = None
    sweep_before: int | None = None
    sweep_pts: int | None = None
    sweep_started: int | None = None
    swept: int | None = None
    server_count: int | None = None

    @property
    def floor(self) -> int:
        """The lowest id that is wanted and can be had."""
        return max(1, self.floor_id or 1, self.available_min_id or 1)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel to be synced, as the archive knows it.

    `newest` is the date of its last post, `newest_id` the number of the last that is not deleted.
    """

    channel_id: int
    tg_id: int
    title: str
    username: str | None
    added_as: str
    access_hash: int | None = None
    resolved: int | None = None
    state: ChannelState = ChannelState.READABLE
    state_since: int = 0
    tried: int | None = None
    succeeded: int | None = None
    error: str | None = None
    wanted: bool = True
    newest: int | None = None
    newest_id: int | None = None
    sync: SyncState = field(default_factory=SyncState)
    coverage: Coverage = field(default_factory=Coverage)

    @property
    def address(self) -> Address | None:
        """What a feed needs; None where this account has no hash that works."""
        return None if self.access_hash is None else Address(self.tg_id, self.access_hash)

    @property
    def label(self) -> str:
        """The channel in a message: @name, or its title and id."""
        return f"@{self.username}" if self.username else f"{self.title or 'channel'} ({self.tg_id})"


_STATE = [f.name for f in fields(SyncState)]


def subscribe(
    conn: Connection, channel_id: int, added_as: str, since: int | None, now: int
) -> bool:
    """Have a channel synced from now on; False where it was already."""
    row = conn.execute(select(channel_sync).where(channel_sync.c.channel_id == channel_id)).first()
    if row is None:
        values = {
            "channel_id": channel_id, "wanted": 1, "added": now, "added_as": added_as,
            "state": ChannelState.READABLE, "state_since": now, "since": since,
        }  # fmt: skip
        conn.execute(insert(channel_sync).values(values))
        return True
    values = {"wanted": 1} | ({} if since is None else since_values(since))
    _update(conn, channel_id, values)
    return not row.wanted


def since_values(since: int | None) -> dict[str, Any]:
    """A new floor: where the old one was met says nothing about it."""
    return {"since": since, "floor_id": None}


def unsubscribe(conn: Connection, channel_id: int) -> bool:
    """Stop syncing a channel; its posts stay. False where it was not synced."""
    where = and_(channel_sync.c.channel_id == channel_id, channel_sync.c.wanted == 1)
    return conn.execute(update(channel_sync).where(where).values(wanted=0)).rowcount > 0


def see(conn: Connection, channel_id: int, sighting: Sighting, user_id: int, now: int) -> list[int]:
    """Take over what a channel is called and whether it can be read.

    Returns our keys of the channels that were held to have its @name: they lost it.
    """
    state, since = conn.execute(
        select(channel_sync.c.state, channel_sync.c.state_since).where(
            channel_sync.c.channel_id == channel_id
        )
    ).one()
    readable = sighting.state is ChannelState.READABLE
    if readable:  # one that may not be read tells no names, and has not lost them
        channels.set_names(conn, channel_id, sighting, now)
    if sighting.access_hash is not None:
        keep_hash(conn, user_id, channel_id, sighting.access_hash)
    if state != sighting.state:
        _update(conn, channel_id, {"state": sighting.state, "state_since": now or since})
    name = sighting.channel.username if readable else None
    lost = channels.holders(conn, name, channel_id) if name else []
    for each in lost:
        channels.drop_username(conn, each)
    return lost


def set_state(conn: Connection, channel_id: int, state: ChannelState, now: int) -> None:
    """Note that a channel can or cannot be read, and since when."""
    where = and_(channel_sync.c.channel_id == channel_id, channel_sync.c.state != state)
    conn.execute(update(channel_sync).where(where).values(state=state, state_since=now))


def keep_hash(conn: Connection, user_id: int, channel_id: int, number: int) -> None:
    """What this account needs to ask for a channel."""
    row = {"user_id": user_id, "channel_id": channel_id, "hash": number}
    statement = upsert(access_hash).values(row)
    keys = ["user_id", "channel_id"]
    changed = access_hash.c.hash != number
    conn.execute(
        statement.on_conflict_do_update(index_elements=keys, set_={"hash": number}, where=changed)
    )


def note_resolved(conn: Connection, user_id: int, channel_id: int, number: int, now: int) -> None:
    """The name of a channel was asked for now, and led to it."""
    keep_hash(conn, user_id, channel_id, number)
    where = and_(access_hash.c.user_id == user_id, access_hash.c.channel_id == channel_id)
    conn.execute(update(access_hash).where(where).values(resolved=now))


def note_asked(conn: Connection, user_id: int, channel_id: int, now: int) -> None:
    """The name of a channel was asked for now, in vain: a hash of 0 stands for none."""
    row = {"user_id": user_id, "channel_id": channel_id, "hash": 0, "resolved": now}
    statement = upsert(access_hash).values(row)
    keys = ["user_id", "channel_id"]
    conn.execute(statement.on_conflict_do_update(index_elements=keys, set_={"resolved": now}))


def load(
    conn: Connection, user_id: int | None, only: Iterable[int] | None = None, *, every: bool = False
) -> list[Subscription]:
    """The channels to sync, the one that waited longest first; with `every` also removed ones."""
    mine = and_(access_hash.c.channel_id == channel.c.id, access_hash.c.user_id == user_id)
    joined = channel_sync.join(channel).outerjoin(access_hash, mine)
    query = select(
        channel_sync, channel.c.tg_id, channel.c.title, channel.c.username,
        access_hash.c.hash, access_hash.c.resolved, _newest(), _newest_id(),
    ).select_from(joined)  # fmt: skip
    if not every:
        query = query.where(channel_sync.c.wanted == 1)
    if only is not None:
        query = query.where(channel_sync.c.channel_id.in_(list(only)))
    order = (channel_sync.c.succeeded.is_not(None), channel_sync.c.succeeded, channel.c.id)
    rows = conn.execute(query.order_by(*order)).mappings().all()
    covered = _coverages(conn, only)
    return [_subscription(row, covered.get(row["channel_id"], ())) for row in rows]


def _newest() -> Any:
    last = select(post.c.date).where(post.c.channel_id == channel_sync.c.channel_id)
    return last.order_by(post.c.message_id.desc()).limit(1).scalar_subquery().label("newest")


def _newest_id() -> Any:
    mine = and_(post.c.channel_id == channel_sync.c.channel_id, post.c.deleted_at.is_(None))
    last = select(post.c.message_id).where(mine).order_by(post.c.message_id.desc()).limit(1)
    return last.scalar_subquery().label("newest_id")


def _subscription(row: Any, intervals: Iterable[tuple[int, int]]) -> Subscription:
    plain = ("channel_id", "tg_id", "title", "username", "added_as", "resolved")
    told = ("state_since", "tried", "succeeded", "error", "newest", "newest_id")
    return Subscription(
        **{name: row[name] for name in (*plain, *told)},
        access_hash=row["hash"] or None,
        state=ChannelState(row["state"]),
        wanted=bool(row["wanted"]),
        sync=SyncState(**{name: row[name] for name in _STATE}),
        coverage=Coverage(tuple(sorted(intervals))),
    )


def _coverages(conn: Connection, only: Iterable[int] | None) -> dict[int, list[tuple[int, int]]]:
    query = select(coverage.c.channel_id, coverage.c.lo, coverage.c.hi)
    if only is not None:
        query = query.where(coverage.c.channel_id.in_(list(only)))
    found: dict[int, list[tuple[int, int]]] = {}
    for channel_id, lo, hi in conn.execute(query):
        found.setdefault(channel_id, []).append((lo, hi))
    return found


def save_coverage(conn: Connection, channel_id: int, old: Coverage, new: Coverage) -> None:
    """Write what changed of the covered intervals."""
    gone, come = set(old.intervals) - set(new.intervals), set(new.intervals) - set(old.intervals)
    db = driver(conn)  # once a page: SQLAlchemy's own way takes 0.5 ms of it
    forget = "DELETE FROM coverage WHERE channel_id = ? AND lo = ?"
    db.executemany(forget, [(channel_id, lo) for lo, _ in gone])
    learn = "INSERT INTO coverage(channel_id, lo, hi) VALUES (?, ?, ?)"
    db.executemany(learn, [(channel_id, lo, hi) for lo, hi in sorted(come)])


def save_state(conn: Connection, channel_id: int, old: SyncState, new: SyncState) -> None:
    """Write how far the sync is, if that changed."""
    before, now = asdict(old), asdict(new)
    if changed := {name: value for name, value in now.items() if before[name] != value}:
        _update(conn, channel_id, changed)


def note_try(
    conn: Connection, channel_id: int, error: str | None, complete: bool, now: int
) -> None:
    """How the last sync of a channel went."""
    values = {"tried": now, "error": error} | ({"succeeded": now} if complete else {})
    _update(conn, channel_id, values)


def _update(conn: Connection, channel_id: int, values: dict[str, Any]) -> None:
    where = channel_sync.c.channel_id == channel_id
    conn.execute(update(channel_sync).where(where).values(values))
