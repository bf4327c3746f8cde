"""Channels: which row a source means, what they were called, and joining two that are one.

Functions of a connection inside a transaction that the Store opened.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, and_, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from archiver.model import Channel, Forward, OriginKind, Sighting
from archiver.store.schema import channel as table
from archiver.store.schema import channel_name, channel_sync, post


class Directory:
    """Finds or makes the row of a channel; remembers what it found for the next post."""

    def __init__(self) -> None:
        self._known: dict[Channel, int] = {}
        self._origins: dict[Channel, int] = {}

    def forget(self) -> None:
        """Drop what was remembered, after a rollback or a join."""
        self._known.clear()
        self._origins.clear()

    def resolve(self, conn: Connection, channel: Channel, now: int) -> int:
        """Our key of the channel whose posts a source has."""
        found = self._known.get(channel)
        if found is None:
            found = self._known[channel] = _found_or_made(conn, channel, now)
            if not _is_alias(conn, channel):
                _remember_names(conn, found, channel, now)
        return found

    def origin(self, conn: Connection, forward: Forward, now: int) -> int | None:
        """Our key of the channel a forward comes from; None for people and bare names."""
        if forward.kind != OriginKind.CHANNEL:
            return None
        if forward.peer_id is None and forward.username is None:
            return None
        name = "" if forward.name is None else forward.name
        told = Channel(name, forward.username, forward.peer_id)
        found = self._origins.get(told)
        if found is None:
            found = self._origins[told] = _found_or_made(conn, told, now)
            # Of the posts of one batch none is saved yet.
            if found in self._known.values() or _has_posts(conn, found):
                told = _beside(conn, found, told)
            _remember_names(conn, found, told, now)
        return found


def _found_or_made(conn: Connection, channel: Channel, now: int) -> int:
    found = find(conn, channel)
    return _create(conn, channel, now) if found is None else found


def find(conn: Connection, channel: Channel) -> int | None:
    """The row a source means, by the best it knows: id, then @name, then title."""
    if channel.tg_id is not None:
        return _by_tg_id(conn, channel)
    if channel.username:
        return _by_username(conn, channel.username)
    return _by_title(conn, channel.title)


def _by_tg_id(conn: Connection, channel: Channel) -> int | None:
    found = conn.scalar(select(table.c.id).where(table.c.tg_id == channel.tg_id))
    if found is not None or not channel.username:
        return found
    # So far it was known only by @name: a forward header or another export named it first.
    unbound = and_(table.c.username_key == channel.username.casefold(), table.c.tg_id.is_(None))
    found = conn.scalar(select(table.c.id).where(unbound))
    if found is not None:
        conn.execute(update(table).where(table.c.id == found).values(tg_id=channel.tg_id))
    return found


def _by_username(conn: Connection, username: str) -> int | None:
    key = username.casefold()
    found = conn.scalar(
        select(table.c.id).where(table.c.username_key == key).order_by(table.c.tg_id.is_(None))
    )
    return _alias(conn, "@" + key) if found is None else found


def _by_title(conn: Connection, title: str) -> int | None:
    key = title.casefold()
    found = _alias(conn, key)
    if found is not None:
        return found
    nameless = and_(table.c.tg_id.is_(None), table.c.username.is_(None))
    return conn.scalar(select(table.c.id).where(table.c.title_key == key, nameless))


def _alias(conn: Connection, key: str) -> int | None:
    return conn.scalar(
        select(channel_name.c.channel_id).where(
            channel_name.c.kind == "alias", channel_name.c.name_key == key
        )
    )


def alias_of(conn: Connection, name: str) -> int | None:
    """The channel that a person linked a name to."""
    return _alias(conn, name.casefold())


def _is_alias(conn: Connection, channel: Channel) -> bool:
    """Whether a source says a name that a person linked to another channel."""
    if channel.tg_id is not None or channel.username:
        return False
    return _alias(conn, channel.title.casefold()) is not None


def _create(conn: Connection, channel: Channel, now: int) -> int:
    values = {
        "tg_id": channel.tg_id,
        "username": channel.username,
        "username_key": channel.username.casefold() if channel.username else None,
        "title": channel.title,
        "title_key": channel.title.casefold() or None,
        "kind": channel.kind,
        "added": now,
    }
    created = conn.execute(insert(table).values(values)).inserted_primary_key
    assert created is not None
    return int(created[0])


def _remember_names(conn: Connection, channel_id: int, channel: Channel, now: int) -> None:
    """Keep every name with the time it was seen; the newest is the current one.

    Not so for a channel that is synced: what it is called now, only its own sightings say.
    """
    seen = {"title": channel.title, "username": channel.username}
    current: dict[str, str] = {}
    for kind, name in seen.items():
        if name:
            _note_name(conn, channel_id, kind, name, now)
            current |= {kind: name, f"{kind}_key": name.casefold()}
    if current and not is_synced(conn, channel_id):
        conn.execute(update(table).where(table.c.id == channel_id).values(current))


def _has_posts(conn: Connection, channel_id: int) -> bool:
    where = post.c.channel_id == channel_id
    return conn.scalar(select(post.c.id).where(where).limit(1)) is not None


def _beside(conn: Connection, channel_id: int, told: Channel) -> Channel:
    """What a header tells of a channel whose posts are here, by which it is called already.

    Anything may stand in a header: it fills in a name that is missing, and replaces none.
    """
    row = conn.execute(
        select(table.c.title, table.c.username).where(table.c.id == channel_id)
    ).one()
    return replace(
        told,
        title="" if row.title else told.title,
        username=None if row.username else told.username,
    )


def is_synced(conn: Connection, channel_id: int) -> bool:
    """Whether a channel is or was synced: then it has sightings of its own."""
    where = channel_sync.c.channel_id == channel_id
    return conn.scalar(select(channel_sync.c.channel_id).where(where)) is not None


def set_names(conn: Connection, channel_id: int, sighting: Sighting, now: int) -> None:
    """What a channel is called now, by its own word; earlier names stay in its history."""
    told = sighting.channel
    names = {("username", name) for name in (told.username, *sighting.usernames) if name}
    for kind, name in sorted(names | ({("title", told.title)} if told.title else set())):
        _note_name(conn, channel_id, kind, name, now)
    values = {
        "username": told.username,
        "username_key": told.username.casefold() if told.username else None,
        "kind": told.kind,
    }
    if told.title:
        values |= {"title": told.title, "title_key": told.title.casefold()}
    conn.execute(update(table).where(table.c.id == channel_id).values(values))


def holders(conn: Connection, username: str, but: int) -> list[int]:
    """Other channels that are held to be called @username now."""
    where = and_(table.c.username_key == username.casefold(), table.c.id != but)
    return list(conn.scalars(select(table.c.id).where(where, table.c.tg_id.is_not(None))))


def drop_username(conn: Connection, channel_id: int) -> None:
    """Another channel is called so now; the name stays in the history."""
    gone = update(table).where(table.c.id == channel_id)
    conn.execute(gone.values(username=None, username_key=None))


def _note_name(conn: Connection, channel_id: int, kind: str, name: str, now: int) -> None:
    row = {
        "channel_id": channel_id,
        "kind": kind,
        "name": name,
        "name_key": name.casefold(),
        "first_seen": now,
        "last_seen": now,
    }
    statement = upsert(channel_name).values(row)
    conn.execute(
        statement.on_conflict_do_update(
            index_elements=["channel_id", "kind", "name"], set_={"last_seen": now}
        )
    )


def find_all(conn: Connection, name: str) -> list[int]:
    """The channels that a person may mean by @name, an id or a title; the exact one first."""
    key = name.removeprefix("@").casefold()
    by_id = [table.c.tg_id == int(name), table.c.id == int(name)] if _is_number(name) else []
    named = or_(table.c.username_key == key, table.c.title_key == key, *by_id)
    found = list(conn.scalars(select(table.c.id).where(named).order_by(table.c.id)))
    alias = _alias(conn, name.casefold())
    return [*found, alias] if alias is not None and alias not in found else found


def _is_number(name: str) -> bool:
    digits = name.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) < 19


def add_alias(conn: Connection, channel_id: int, name: str, now: int) -> None:
    """From now on files that call a channel `name` mean this one."""
    _note_name(conn, channel_id, "alias", name, now)
