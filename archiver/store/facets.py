"""How what a query finds is spread: by channel, time, language or origin."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from archiver.store.counting import (
    POSTS,
    STATEMENTS,
    amount,
    by_channel,
    in_spans,
    one_moment,
    repeated_in_spans,
)
from archiver.store.plan import EPOCH, SLOT_BITS, Plan, plan
from archiver.store.search import (
    How,
    Progress,
    narrow,
    scanned,
    translated,
    without_forwards,
)
from archiver.store.state import max_overflow
from archiver.text.fields import LANGUAGES
from archiver.text.tree import Fwd, Node, Not, Query, Tagged, all_of

_TIMES = ("day", "week", "month", "year")
_UNDATED_END = -(1 << 61)
# Without an index to ask, more ranges than this take longer than to read all rows once.
_MOST_RANGES = 300
NONE = "none"  # undated, of no language that can be told, not forwarded from a known name


class Share(NamedTuple):
    """How many statements (or posts) have a value; `value` is for programs."""

    value: str
    label: str
    posts: int


def shares(
    db: sqlite3.Connection,
    query: Query,
    facet: str,
    how: How,
    zone: tzinfo = UTC,
    progress: Progress | None = None,
) -> list[Share]:
    """What a query finds, counted by one of `FACETS`: times in their order, others by number.

    A statement counts once for each value that one of its posts has. Raises as `search` does.
    """
    query = without_forwards(query) if how.originals else query

    def planned(*more: Node) -> Plan:
        wanted = query if not more else query._replace(root=all_of([*query.parts(), *more]))
        found = plan(db, wanted, deleted=how.versions, progress=progress)
        narrow(found, how)
        return scanned(db, found, progress)

    with translated(db), one_moment(db):
        if facet in _TIMES:
            return list(_by_time(db, planned(), facet, how, zone))
        if facet == "lang":
            return _ordered(_by_language(db, planned, how))
        if facet == "fwd":
            return _ordered(_by_origin(db, planned, how))
        return _ordered(_by_channel(db, planned(), how))


def _ordered(found: Iterable[Share]) -> list[Share]:
    return sorted((each for each in found if each.posts), key=lambda s: (-s.posts, s.label))


def _what(how: How) -> str:
    return POSTS if how.every else STATEMENTS


def _by_channel(db: sqlite3.Connection, found: Plan, how: How) -> Iterator[Share]:
    for key, count in by_channel(db, found, every=how.every).items():
        yield Share(*_channel(db, key), count)


def _channel(db: sqlite3.Connection, key: int, otherwise: str | None = None) -> tuple[str, str]:
    """What chan: and fwd: take for a channel, and how people call it.

    A channel without names has its number, as Telegram's or, if that is unknown, ours.
    """
    row = db.execute("SELECT title, username, tg_id FROM channel WHERE id = ?", (key,)).fetchone()
    title, username, number = row
    handle = f"@{username}" if username else ""
    own = str(key if number is None else number)
    return handle or title or own, title or handle or otherwise or f"channel {own}"


def _by_language(db: sqlite3.Connection, planned: Callable[..., Plan], how: How) -> Iterator[Share]:
    known = [code for code in LANGUAGES if _is_used(db, code)]
    for code in known:
        held = planned(Tagged("lang", (code,)))
        yield Share(code, code, amount(db, held, every=how.every))
    if known:
        rest = planned(Not(Tagged("lang", tuple(known))))
        yield Share(NONE, "no language told", amount(db, rest, every=how.every))


def _is_used(db: sqlite3.Connection, code: str) -> bool:
    sql = "SELECT 1 FROM posts_fts WHERE posts_fts MATCH ? LIMIT 1"
    return db.execute(sql, (f'meta:"l{code}"',)).fetchone() is not None


def _by_origin(db: sqlite3.Connection, planned: Callable[..., Plan], how: How) -> Iterator[Share]:
    forwards = planned(Fwd((("*", 0),)))
    sql = f"SELECT post.fwd_channel, post.fwd_name, {_what(how)} {forwards.sql} GROUP BY 1, 2"
    named: Counter[tuple[str, str]] = Counter()
    for key, name, count in db.execute(sql, forwards.values).fetchall():
        named[_origin(db, key, name)] += count
    for (value, label), count in named.items():
        yield Share(value, label, count)
    rest = planned(Not(Fwd((("*", 0),))))
    yield Share(NONE, "not forwarded", amount(db, rest, every=how.every))


def _origin(db: sqlite3.Connection, key: int | None, name: str | None) -> tuple[str, str]:
    if key is None:
        return name or "", name or "a hidden name"
    return _channel(db, key, name)


def _by_time(
    db: sqlite3.Connection, found: Plan, facet: str, how: How, zone: tzinfo
) -> Iterator[Share]:
    """Days, weeks, months or years, the empty ones between too."""
    ends = None if max_overflow(db) else _ends(db, found)
    spans = list(_spans(*ends, facet, zone)) if ends else []
    if spans and (found.expression is not None or len(spans) <= _MOST_RANGES):
        yield from _by_key(db, found, spans, how)
        undated = amount(db, found, every=how.every, keys=(-(1 << 63), _UNDATED_END))
    else:
        dates, undated = _dates(db, found, how)
        if dates:
            spans = list(_spans(dates[0][0], dates[-1][0], facet, zone))
            yield from _by_date(dates, spans, how)
    if undated:
        yield Share(NONE, "undated", undated)


Span = tuple[str, int, int]  # the name of a day, month ..., and the seconds it lies between
Dated = list[tuple[int, int]]  # (seconds, statement), in the order of time


def _ends(db: sqlite3.Connection, found: Plan) -> tuple[int, int] | None:
    """The seconds of the first and the last post with a date, by their keys."""
    sql = f"SELECT {found.key} {found.sql} AND {found.key} >= {_UNDATED_END} ORDER BY {found.key}"
    first, last = (
        db.execute(f"{sql} {way} LIMIT 1", found.values).fetchone() for way in ("ASC", "DESC")
    )
    return first and (_seconds(first[0]), _seconds(last[0]))


def _seconds(key: int) -> int:
    return (key >> SLOT_BITS) * 60 + EPOCH


def _by_key(
    db: sqlite3.Connection, found: Plan, spans: Sequence[Span], how: How
) -> Iterator[Share]:
    """What lies in ranges of keys: no post is looked at where the index alone tells."""
    keys = [(_key(since), _key(until)) for _, since, until in spans]
    if found.expression is None:
        for (label, _, _), some in zip(spans, keys, strict=True):
            yield Share(label, label, amount(db, found, every=how.every, keys=some))
        return
    counts = in_spans(db, found.expression, keys)
    repeated = [0] * len(keys) if how.every else repeated_in_spans(db, found.expression, keys)
    for (label, _, _), posts, again in zip(spans, counts, repeated, strict=True):
        yield Share(label, label, posts - again)


def _key(moment: int) -> int:
    """The first key that a post of that second may have."""
    return ((moment - EPOCH) // 60) << SLOT_BITS


def _dates(db: sqlite3.Connection, found: Plan, how: How) -> tuple[Dated, int]:
    """When what is found was posted, and how much of it nobody knows when."""
    sql = f"SELECT post.date, coalesce(post.cluster_id, -post.id) {found.sql}"
    rows = db.execute(sql, found.values).fetchall()
    dates = sorted(row for row in rows if row[0] is not None)
    without = [statement for moment, statement in rows if moment is None]
    return dates, len(without) if how.every else len(set(without))


def _by_date(dates: Dated, spans: Iterable[Span], how: How) -> Iterator[Share]:
    at = 0
    for label, _, until in spans:
        upto = bisect_left(dates, (until, -(1 << 63)))
        some = dates[at:upto]
        yield Share(label, label, len(some) if how.every else len({s for _, s in some}))
        at = upto


def _spans(first: int, last: int, facet: str, zone: tzinfo) -> Iterator[Span]:
    """The days, weeks (from Monday), months or years from one second to another."""
    begin, end = (datetime.fromtimestamp(moment, zone).date() for moment in (first, last))
    begin = {
        "week": begin - timedelta(days=begin.weekday()),
        "month": begin.replace(day=1),
        "year": begin.replace(month=1, day=1),
    }.get(facet, begin)
    size = {"month": 7, "year": 4}.get(facet, 10)
    while begin <= end:
        following = _next(begin, facet)
        yield begin.isoformat()[:size], _midnight(begin, zone), _midnight(following, zone)
        begin = following


def _midnight(day: date, zone: tzinfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def _next(begin: date, facet: str) -> date:
    if facet == "year":
        return begin.replace(year=begin.year + 1)
    if facet == "month":
        return (begin.replace(day=28) + timedelta(days=4)).replace(day=1)
    return begin + timedelta(days=7 if facet == "week" else 1)
