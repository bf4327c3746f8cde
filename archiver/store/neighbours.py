"""Finds the posts that dedup must look at together; functions of a connection.

A post's neighbours share an origin, a body of a version, an album or a stored cluster with it.
`neighbourhood` walks out from a few posts; `heaps` parts the whole archive in one pass.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from archiver.store.cards import Card, read_cards
from archiver.store.connection import LOOKUP, Connection, driver, rows_of

_IN_CLUSTERS = "SELECT id FROM post WHERE cluster_id IN ({marks})"
_WITH_BODY = "SELECT id FROM post WHERE body_id IN ({marks})"
_ONCE_WITH_BODY = "SELECT post_id FROM revision WHERE body_id IN ({marks})"
# One row of `k` after the other, each a seek in an index.
_FORWARDS = """
WITH k(c, m) AS (VALUES {marks}) SELECT p.id FROM k CROSS JOIN post p
WHERE p.fwd_channel = k.c AND p.fwd_message = k.m
  AND p.fwd_kind = 'channel' AND coalesce(p.fwd_imported, 0) = 0
"""
_ORIGINALS = """
WITH k(c, m) AS (VALUES {marks}) SELECT p.id FROM k CROSS JOIN post p
WHERE p.channel_id = k.c AND p.message_id = k.m
"""
_ALBUMS = """
WITH k(c, m) AS (VALUES {marks}) SELECT p.id FROM k CROSS JOIN post p
WHERE p.channel_id = k.c AND p.grouped_id = k.m
"""
_FOLLOWING = """
SELECT p.id FROM near n JOIN post p ON p.body_id = n.body_id
WHERE n.relation IS NOT NULL AND n.leader IN ({marks})
"""
_ONCE_FOLLOWING = """
SELECT r.post_id FROM near n JOIN revision r ON r.body_id = n.body_id
WHERE n.relation IS NOT NULL AND n.leader IN ({marks})
"""
_SAID_SAME = """
SELECT {0} FROM verdict WHERE kind = 'same' AND withdrawn IS NULL AND {1} IN ({marks})
"""
# An edited post may say it since then only.
_SINCE = (
    "SELECT id FROM post WHERE body_id = ?1 AND (date >= ?2 OR edited >= ?2)",
    """SELECT p.id FROM near n JOIN post p ON p.body_id = n.body_id
    WHERE n.relation IS NOT NULL AND n.leader = ?1 AND (p.date >= ?2 OR p.edited >= ?2)""",
)


def cards(conn: Connection, ids: Iterable[int]) -> list[Card]:
    """The light rows of these posts."""
    return read_cards(driver(conn), ids)


def neighbourhood(
    conn: Connection, ids: Iterable[int], *, short_words: int, short_hours: int
) -> list[Card]:
    """All posts whose cluster can change when these posts have changed; whole clusters of them.

    Posts of one short body or form count from `short_hours` before the earliest of them that is
    touched: windows before that stay as they are.
    """
    found = _closure(conn, {}, set(ids), short_words)
    since: dict[int, int] = {}
    for card in found.values():
        body = card.body if card.form is None else card.form
        if body is None or card.date is None:
            continue
        if card.form is not None or card.words < short_words:
            since[body] = min(card.date, since.get(body, card.date))
    more: set[int] = set()
    db = driver(conn)
    for body, date in sorted(since.items()):
        for sql in _SINCE:
            for (post,) in db.execute(sql, (body, date - short_hours * 3600)):
                if post not in found:
                    more.add(post)
    return list(_closure(conn, found, more, short_words).values())


def _closure(
    conn: Connection, found: dict[int, Card], ids: set[int], short_words: int
) -> dict[int, Card]:
    """`found` and everything that hangs together with `ids`, short bodies left out."""
    while ids:
        fresh = cards(conn, ids)
        found.update((card.id, card) for card in fresh)
        ids = {post for post in _adjacent(driver(conn), fresh, short_words) if post not in found}
    return found


def _adjacent(db: sqlite3.Connection, fresh: Sequence[Card], short_words: int) -> Iterator[int]:
    clusters = {card.cluster for card in fresh if card.cluster is not None}
    bodies = {
        card.body for card in fresh if card.body and card.form is None and card.words >= short_words
    }
    bodies |= {body for card in fresh for body, words in card.older if words >= short_words}
    leaders = bodies | {n.leader for card in fresh for n in card.near if n.leader != card.form}
    posts = sorted(card.id for card in fresh if card.joined)
    own: set[tuple[int, ...]] = {
        (card.channel_id, card.message_id) for card in fresh if card.message_id > 0
    }
    origins = {card.origin for card in fresh if card.origin is not None}
    albums = {(card.channel_id, card.album) for card in fresh if card.album is not None}
    found = chain(
        rows_of(db, _IN_CLUSTERS, sorted(clusters)),
        rows_of(db, _WITH_BODY, sorted(leaders)),
        rows_of(db, _ONCE_WITH_BODY, sorted(leaders)),
        rows_of(db, _FOLLOWING, sorted(leaders)),
        rows_of(db, _ONCE_FOLLOWING, sorted(leaders)),
        rows_of(db, _SAID_SAME.format("other_id", "post_id", marks="{marks}"), posts),
        rows_of(db, _SAID_SAME.format("post_id", "other_id", marks="{marks}"), posts),
        _pair_rows(db, _FORWARDS, sorted(own | origins)),
        _pair_rows(db, _ORIGINALS, sorted(origins)),
        _pair_rows(db, _ALBUMS, sorted(albums)),
    )
    return (row[0] for row in found)


def _pair_rows(
    db: sqlite3.Connection, sql: str, keys: Sequence[tuple[int, ...]]
) -> Iterator[tuple[Any, ...]]:
    for at in range(0, len(keys), LOOKUP):
        some = keys[at : at + LOOKUP]
        marks = ",".join(["(?,?)"] * len(some))
        found = db.execute(sql.format(marks=marks), list(chain.from_iterable(some)))
        for row in found:  # noqa: UP028 - see connection.rows_of
            yield row


# What two posts can share, each with the key first and in the order of an index.
_SHARED = (
    "SELECT body_id, NULL, id FROM post WHERE body_id IS NOT NULL ORDER BY body_id",
    """SELECT r.body_id, (SELECT p.id FROM post p WHERE p.body_id = r.body_id LIMIT 1), r.post_id
    FROM revision r WHERE r.body_id IS NOT NULL ORDER BY r.body_id""",
    "SELECT cluster_id, id, id FROM post WHERE cluster_id IS NOT NULL ORDER BY cluster_id",
    *(
        f"""SELECT n.leader, coalesce(
      (SELECT p.id FROM post p WHERE p.body_id = n.leader LIMIT 1),
      (SELECT r.post_id FROM revision r WHERE r.body_id = n.leader LIMIT 1)), {post}
    FROM near n JOIN {source} s ON s.body_id = n.body_id
    WHERE n.relation IS NOT NULL ORDER BY n.leader"""
        for source, post in (("post", "s.id"), ("revision", "s.post_id"))
    ),
    """SELECT id, other_id, post_id FROM verdict
    WHERE kind = 'same' AND withdrawn IS NULL ORDER BY id""",
)
_SHARED_PAIRS = (
    """SELECT p.fwd_channel, p.fwd_message, p.id,
      (SELECT o.id FROM post o WHERE o.channel_id = p.fwd_channel AND o.message_id = p.fwd_message)
    FROM post p WHERE p.fwd_channel IS NOT NULL AND p.fwd_message > 0
      AND p.fwd_kind = 'channel' AND coalesce(p.fwd_imported, 0) = 0
    ORDER BY p.fwd_channel, p.fwd_message""",
    """SELECT channel_id, grouped_id, id, NULL FROM post WHERE grouped_id IS NOT NULL
    ORDER BY channel_id, grouped_id""",
)


def heaps(conn: Connection) -> list[list[int]]:
    """The posts, parted so that no two heaps can ever belong together; lone posts left out.

    Only heaps with a pending post. Ints only: about 100 bytes a post that shares something.
    """
    parents = _joined(driver(conn))
    wanted = {
        _find(parents, post)
        for (post,) in driver(conn).execute("SELECT post_id FROM pending")
        if post in parents
    }
    parted: dict[int, list[int]] = {}
    for post in parents:
        if (root := _find(parents, post)) in wanted:
            parted.setdefault(root, []).append(post)
    return list(parted.values())


def _joined(db: sqlite3.Connection) -> dict[int, int]:
    """Union-find over the posts that share something; the smallest id stands for a heap."""
    parents: dict[int, int] = {}
    for sql in _SHARED:
        before = before_post = None
        for key, with_post, post in db.execute(sql):
            if key == before:
                _join(parents, before_post, post)
            else:
                before, before_post = key, post
            _join(parents, with_post, post)
    for sql in _SHARED_PAIRS:
        pair, pair_post = None, None
        for first, second, post, original in db.execute(sql):
            if (first, second) == pair:
                _join(parents, pair_post, post)
            else:
                pair, pair_post = (first, second), post
            _join(parents, original, post)
    return parents


def _find(parents: dict[int, int], post: int) -> int:
    while (above := parents.setdefault(post, post)) != post:
        parents[post] = parents[above]
        post = above
    return post


def _join(parents: dict[int, int], one: int | None, other: int) -> None:
    if one is None:
        return
    low, high = sorted((_find(parents, one), _find(parents, other)))
    parents[high] = low
