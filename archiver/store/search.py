"""Search: a query tree -> statements. Plain sqlite3, so that it starts fast.

The index is walked in the order of time and the walk ends with the last statement asked for;
members of a cluster already met are passed over, so a statement stands where its newest matching
live post stands. What is shown of it is its canonical post.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import chain, dropwhile, islice, starmap
from typing import Any, NamedTuple

from archiver.errors import StoreError
from archiver.store.counting import amount, one_moment
from archiver.store.hits import COLUMNS, Found, Hit, load
from archiver.store.plan import INDEX_KEY, Plan, plan, plan_versions
from archiver.store.relevance import relevant
from archiver.store.scan import scan
from archiver.store.state import drifted
from archiver.text.limited import raised
from archiver.text.tree import Fwd, Not, Query, all_of

FACETS = ("channel", "day", "week", "month", "year", "lang", "fwd")  # counted by store/facets.py
SORTS = ("newest", "oldest", "relevance", "views", "copies")
Progress = Callable[[int], None]

_UNDATED_END = -(1 << 61)
# The post that `first ...` names beside a result: of several at one moment the one that is shown.
# The plus keeps SQLite from walking all posts in the order of sort_key.
_IS_FIRST = """
SELECT 1 FROM cluster k JOIN post shown ON shown.id = k.canonical
WHERE k.id = post.cluster_id AND post.date IS k.first_date
  AND post.id = CASE WHEN shown.date IS k.first_date THEN shown.id ELSE
    (SELECT q.id FROM post q WHERE q.cluster_id = k.id AND q.date = k.first_date
     ORDER BY +q.sort_key LIMIT 1) END
"""


class Seen(NamedTuple):
    """How far an archive has been looked at: the last run and the last post of that time."""

    run: int
    post: int


class How(NamedTuple):
    """In which manner a query is asked.

    `every` takes each post for itself, not one result a statement. `originals` takes the
    first post of each statement, if it is no forward. `versions` also looks into earlier wordings
    and deleted posts. `seen` leaves out what was there already; `upto` what came after the post
    with that id, so that pages of one search fit together.
    """

    sort: str = "newest"
    every: bool = False
    originals: bool = False
    versions: bool = False
    seen: Seen | None = None
    upto: int | None = None


class Page(NamedTuple):
    """Some hits, and the place after which the next ones come; None: there are no more."""

    hits: list[Hit]
    after: int | None


def search(
    db: sqlite3.Connection,
    query: Query,
    *,
    limit: int | None = 20,
    every: bool = False,
    how: How | None = None,
) -> list[Hit]:
    """The newest statements that a query finds; `every` lists each post instead.

    Raises QueryError for a channel the archive does not know, StoreError if it is damaged.
    """
    return page(db, query, how or How(every=every), limit=limit).hits


def page(
    db: sqlite3.Connection,
    query: Query,
    how: How,
    *,
    limit: int | None = 20,
    after: int | None = None,
    progress: Progress | None = None,
) -> Page:
    """Some of what a query finds, from the place `after` on. Raises as `search` does."""
    # FTS5 asks SQLite once for each post that it ranks, which takes a tenth less in a transaction.
    with translated(db), one_moment(db) if how.sort == "relevance" else nullcontext():
        most = None if limit is None else (after or 0) + limit + 1
        found, marks = _found(db, query, how, progress, most)
        rest = _after(found if how.every else _statements(found), how, after)
        picked = list(islice(rest, None if limit is None else limit + 1))
        more = limit is not None and len(picked) > limit
        picked = picked[:limit]
        last = _place(picked, how, after) if more and picked else None
        if how.sort == "newest":
            # Inside a minute keys follow the order of arrival, and a full minute overflows.
            picked.sort(key=lambda post: (post.date is not None, post.date or 0), reverse=True)
        itself = how.every or how.originals
        return Page(list(load(db, picked, marks, every=itself)), last)


def _after(found: Iterator[Found], how: How, place: int | None) -> Iterator[Found]:
    """What comes behind a place: a key where the walk is one in time, else a count."""
    if place is None:
        return found
    if how.sort == "newest":
        return dropwhile(lambda post: post.key >= place, found)
    if how.sort == "oldest":
        # Undated posts come last, though their keys are the lowest.
        here = _oldest_first(place)
        return dropwhile(lambda post: _oldest_first(post.key) <= here, found)
    return islice(found, place, None)


def _oldest_first(key: int) -> tuple[bool, int]:
    return key < _UNDATED_END, key


def _place(picked: list[Found], how: How, after: int | None) -> int:
    if how.sort in ("newest", "oldest"):
        return picked[-1].key
    return (after or 0) + len(picked)


def newest_post(db: sqlite3.Connection) -> int:
    """The greatest of our ids: what came before a search began."""
    (post,) = db.execute("SELECT coalesce(max(id), 0) FROM post").fetchone()
    return int(post)


def count(
    db: sqlite3.Connection,
    query: Query,
    *,
    every: bool = False,
    how: How | None = None,
    progress: Progress | None = None,
) -> int:
    """How many statements (`every`: posts) a query finds. Raises as `search` does."""
    how = how or How(every=every)
    with translated(db):
        if how.versions:
            found, _ = _found(db, query, how, progress)
            return sum(1 for _ in (found if how.every else _statements(found)))
        wanted = scanned(db, _plan(db, query, how, progress), progress)
        return amount(db, wanted, every=how.every)


def keys(db: sqlite3.Connection, query: Query) -> list[int]:
    """The sort keys of every post a query finds, oldest first. Raises as `search` does."""
    with translated(db):
        wanted = scanned(db, plan(db, query))
        found = db.execute(f"SELECT post.sort_key {wanted.sql}", wanted.values)
        return sorted(key for (key,) in found)


@contextmanager
def translated(db: sqlite3.Connection) -> Iterator[None]:
    """An index that does not belong to the posts, and what SQLite says of damage, in words."""
    try:
        if drifted(db):
            raise StoreError(
                "the search index and the posts do not belong together; `archiver index rebuild`"
                " makes the index anew from the posts."
            )
        yield
    except sqlite3.DatabaseError as error:
        ours = raised()
        if ours is not None:
            raise ours from None
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith("SQLITE_CORRUPT_VTAB"):
            raise StoreError(
                "the search index is damaged; `archiver index rebuild` makes it anew from the"
                " posts."
            ) from error
        raise StoreError(
            f"the archive cannot be read ({error}); try again, and if it says so again, restore"
            " a backup."
        ) from error


def _plan(db: sqlite3.Connection, query: Query, how: How, progress: Progress | None) -> Plan:
    if how.originals:
        query = without_forwards(query)
    found = plan(db, query, deleted=how.versions, progress=progress)
    narrow(found, how)
    return found


def scanned(db: sqlite3.Connection, found: Plan, progress: Progress | None = None) -> Plan:
    """The plan with the posts found that its expression fits, if it has one."""
    if found.pattern is None:
        return found
    return found.among([key for keys in scan(db, found.pattern, progress) for key in keys])


def narrow(found: Plan, how: How) -> None:
    """What the manner of asking leaves out."""
    before = len(found.conditions)
    if how.originals:
        found.add(f"(post.cluster_id IS NULL OR EXISTS ({_IS_FIRST}))")
    if how.seen is not None:
        # Ids may be given out again when the last posts are removed for good; runs are not.
        found.add("(post.id > ? OR post.added_run > ?)", how.seen.post, how.seen.run)
    if how.upto is not None:
        found.add("post.id <= ?", how.upto)
    if len(found.conditions) > before:
        found.expression = None


def without_forwards(query: Query) -> Query:
    root = all_of([*query.parts(), Not(Fwd((("*", 0),)))])
    return query._replace(root=root)


def _found(
    db: sqlite3.Connection,
    query: Query,
    how: How,
    progress: Progress | None,
    most: int | None = None,
) -> tuple[Iterator[Found], Any]:
    """The posts that a query finds, in the order asked for, and what to mark in them.

    `most` says how many will be shown, if not all: it changes nothing but how fast they come.
    """
    wanted = _plan(db, query, how, progress)
    if wanted.pattern is not None and how.sort == "newest":
        found = _scanned_newest(db, wanted, wanted.pattern, how, progress)
    else:
        found = _sorted(db, scanned(db, wanted, progress), how, most)
    if not how.versions:
        return found, wanted.marks
    earlier = plan_versions(db, without_forwards(query) if how.originals else query, progress)
    narrow(earlier, how)
    sql = f"SELECT {COLUMNS}, revision.id {earlier.sql} ORDER BY revision.id DESC"
    versions = starmap(Found, db.execute(sql, earlier.values).fetchall())
    return _with_versions(found, versions, how), wanted.marks


def _scanned_newest(
    db: sqlite3.Connection, wanted: Plan, pattern: str, how: How, progress: Progress | None
) -> Iterator[Found]:
    """The newest posts that an expression fits, as they are found."""
    for keys in scan(db, pattern, progress):
        if keys:
            yield from _sorted(db, wanted.among(keys), how)


def _sorted(
    db: sqlite3.Connection, wanted: Plan, how: How, most: int | None = None
) -> Iterator[Found]:
    if how.sort == "oldest":
        return _oldest(db, wanted)
    if how.sort == "relevance" and wanted.key == INDEX_KEY:
        return relevant(db, wanted, most)
    source, order = wanted.sql, f"{wanted.key} DESC"
    if how.sort == "views":
        order = f"post.views IS NULL, post.views DESC, {order}"
    elif how.sort == "copies":
        copies = "(SELECT copies FROM cluster WHERE cluster.id = post.cluster_id)"
        order = f"coalesce({copies}, 0) DESC, {order}"
    sql = f"SELECT {COLUMNS} {source} ORDER BY {order}"
    return starmap(Found, db.execute(sql, wanted.values))


def _oldest(db: sqlite3.Connection, wanted: Plan) -> Iterator[Found]:
    """From the beginning of time on; what has no date comes last."""
    parts = []
    for sign in (">=", "<"):
        sql = (
            f"SELECT {COLUMNS} {wanted.sql} AND {wanted.key} {sign} {_UNDATED_END}"
            f" ORDER BY {wanted.key}"
        )
        parts.append(starmap(Found, db.execute(sql, wanted.values)))
    return chain(*parts)


def _with_versions(found: Iterable[Found], versions: Iterable[Found], how: How) -> Iterator[Found]:
    """Posts and earlier wordings of others together; they are few, so all are put in order."""
    posts = list(found)
    current = {post.post_id for post in posts}
    others: dict[int, Found] = {}
    for version in versions:
        if version.post_id not in current:
            others.setdefault(version.post_id, version)
    together = [*posts, *others.values()]
    if how.sort == "oldest":
        together.sort(key=lambda post: _oldest_first(post.key))
    elif how.sort == "newest":
        together.sort(key=lambda post: post.key, reverse=True)
    return iter(together)


def _statements(found: Iterable[Found]) -> Iterator[Found]:
    """The first of every cluster, and the posts that are statements of their own."""
    seen: set[int] = set()
    for post in found:
        cluster = post.cluster_id
        if cluster is None:
            yield post
        elif cluster not in seen:
            seen.add(cluster)
            yield post
