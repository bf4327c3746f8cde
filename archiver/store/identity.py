"""Which channel a file means that names it by title or @name only: proved by the posts themselves.

A page of Desktop's HTML has the title, its JSON has title and id, t.me/s has title and @name: three
files of one channel. Titles are not unique, so a title alone joins nothing. Two posts of channels
with one title that have the same number and the same second are one post, and their channels one.

Decisions are pure; the rest are functions of a connection inside a transaction of the Store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from archiver.model import Channel, Post
from archiver.store import channels, linking
from archiver.store.posts import PostWriter
from archiver.store.schema import channel as table
from archiver.store.schema import channel_name, post

# Zones are whole quarters of an hour, at most 14 hours from UTC.
_QUARTER, _FARTHEST = 900, 14 * 3600
# Of posts with one number so many may differ in date for each that agrees: re-posted, or damaged.
_FEW = 10
_LOOKUP = 500

Known = Mapping[int, tuple[int | None, str]]


class Verdict(Enum):
    """What the posts of two channels with one title say."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Identity:
    """Which channel is meant by what a file says.

    `agree` posts prove it; `joined`: so far they were two channels, or one known by less.
    `channel` is None where the file's channel and the archive's of that title are two.
    """

    said: Channel
    channel: Channel | None
    settled: bool = True
    agree: int = 0
    rivals: tuple[str, ...] = ()
    joined: bool = False

    def __str__(self) -> str:
        if self.channel is None:
            return f"another channel is called {self.said.title!r} in the archive"
        name = f"@{self.channel.username}" if self.channel.username else str(self.channel.tg_id)
        proof = "1 post has" if self.agree == 1 else f"{self.agree} posts have"
        return f"{self.said.title!r} is {name}: {proof} the same number and date"


def judge(known: Known, told: Iterable[Post]) -> tuple[Verdict, int]:
    """Whether posts of one number are the same posts, and how many agree."""
    agree = differ = 0
    for each in told:
        date, text = known.get(each.message_id, (None, ""))
        if date is None or each.date is None:
            continue
        if date == each.date or _is_shifted(date - each.date, text, each.text):
            agree += 1
        else:
            differ += 1
    if agree and differ * _FEW <= agree:
        return Verdict.SAME, agree
    return (Verdict.OTHER if differ and not agree else Verdict.UNKNOWN), agree


def _is_shifted(by: int, text: str, other: str) -> bool:
    """The same words at a time of another zone: old exports do not say of which."""
    return by % _QUARTER == 0 and abs(by) <= _FARTHEST and bool(text) and text == other


def recognise(
    conn: Connection, said: Channel, told: Sequence[Post], writer: PostWriter, now: int
) -> Identity:
    """The channel that a file's posts belong to; channels that turn out to be one are joined."""
    mine = channels.find(conn, said)
    if said.tg_id is None and not said.username and mine is not None:
        verdict, agree = judge(_posts(conn, mine, told), told)
        if verdict is Verdict.OTHER:
            return Identity(said, None)
        if _is_linked(conn, mine):
            return Identity(said, said, agree=agree)
    whole = said if mine is None else _with_row(conn, said, mine)
    rivals = [key for key in _of_title(conn, whole) if key != mine]
    judged = {key: judge(_posts(conn, key, told), told) for key in rivals}
    same = [key for key, (verdict, _) in judged.items() if verdict is Verdict.SAME]
    if len(same) == 1 or (same and whole.tg_id is not None):
        return _join(conn, said, whole, mine, same[0], judged[same[0]][1], writer, now)
    return Identity(said, said, settled=not rivals, rivals=tuple(_names(conn, rivals)))


def _with_row(conn: Connection, said: Channel, mine: int) -> Channel:
    """What the file and the archive's row know of the channel together."""
    row = conn.execute(select(table.c.tg_id, table.c.username).where(table.c.id == mine)).one()
    number = said.tg_id if said.tg_id is not None else row.tg_id
    return replace(said, tg_id=number, username=said.username or row.username)


def _is_linked(conn: Connection, key: int) -> bool:
    """Whether a bare title leads to a channel with an id or @name: a person linked it."""
    row = conn.execute(select(table.c.tg_id, table.c.username).where(table.c.id == key)).one()
    return row.tg_id is not None or row.username is not None


def _of_title(conn: Connection, said: Channel) -> list[int]:
    """Other channels that are or were called so, that may be the one that is said."""
    if not said.title:
        return []
    key = said.title.casefold()
    once = select(channel_name.c.channel_id).where(
        channel_name.c.kind == "title", channel_name.c.name_key == key
    )
    called = or_(table.c.title_key == key, table.c.id.in_(once))
    free: list[ColumnElement[bool]] = []
    if said.tg_id is not None:
        free.append(table.c.tg_id.is_(None))
    if said.username:
        free.append(
            or_(table.c.username_key.is_(None), table.c.username_key == said.username.casefold())
        )
    held = select(post.c.id).where(post.c.channel_id == table.c.id, post.c.message_id > 0).exists()
    order = (table.c.tg_id.is_(None), table.c.username.is_(None), table.c.id)
    return list(conn.scalars(select(table.c.id).where(and_(called, held, *free)).order_by(*order)))


def _posts(conn: Connection, channel_id: int, told: Sequence[Post]) -> dict[int, tuple[int, str]]:
    numbers = sorted({each.message_id for each in told if each.message_id > 0})
    found: dict[int, tuple[int, str]] = {}
    for at in range(0, len(numbers), _LOOKUP):
        where = and_(
            post.c.channel_id == channel_id, post.c.message_id.in_(numbers[at : at + _LOOKUP])
        )
        rows = conn.execute(select(post.c.message_id, post.c.date, post.c.text).where(where))
        found |= {number: (date, text) for number, date, text in rows}
    return found


def _join(
    conn: Connection,
    said: Channel,
    known: Channel,
    mine: int | None,
    other: int,
    agree: int,
    writer: PostWriter,
    now: int,
) -> Identity:
    """Of two rows the one with an id stays, else the one with an @name.

    The title proves nothing about the next file, so it becomes no alias.
    """
    row = conn.execute(select(table).where(table.c.id == other)).mappings().one()
    whole = Channel(
        said.title,
        known.username or row["username"],
        known.tg_id if known.tg_id is not None else row["tg_id"],
        said.kind,
    )
    stays_other = known.tg_id is None and (row["tg_id"] is not None or not known.username)
    gone, stays = (mine, other) if stays_other else (other, mine)
    if gone is not None and stays is not None:
        linking.absorb(conn, gone, stays, writer, now)
    key = other if mine is None or stays is None else stays
    synced = channels.is_synced(conn, key)  # what it is called then, only its sightings say
    linking.become(conn, key, replace(whole, username=None) if synced else whole)
    writer.forget()
    return Identity(said, whole, agree=agree, joined=True)


def _names(conn: Connection, keys: Sequence[int]) -> list[str]:
    if not keys:
        return []
    rows = conn.execute(select(table.c.username, table.c.tg_id, table.c.title, table.c.id).where(
        table.c.id.in_(list(keys))
    ))  # fmt: skip
    return [f"@{r.username}" if r.username else str(r.tg_id or r.id) for r in rows]
