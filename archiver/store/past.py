"""Who said a statement in a version of a post that an edit has replaced by another statement.

A statement is told by the posts that say it now; who said it first may be a post that said it
until somebody rewrote it. Such a post joins nothing (docs/dedup.md, 7): it is only told of. Plain
SQL, read only. A search asks too: what judges versions is imported only where there are some.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archiver.store.connection import rows_of

if TYPE_CHECKING:
    from archiver.store.edits import Earlier, Edited

# A few words, or a form, are another event some days later, as `clusters.Rules` has it.
_SHORT_WORDS, _SHORT_SECONDS = 8, 48 * 3600

# A statement is known by its cluster, a post alone by its negative id.
_OF_CLUSTERS = (
    "SELECT DISTINCT p.cluster_id, p.body_id FROM post p WHERE p.cluster_id IN ({marks})"
    " AND p.body_id IS NOT NULL"
)
_OF_ALONE = "SELECT -p.id, p.body_id FROM post p WHERE p.id IN ({marks}) AND p.body_id IS NOT NULL"
# The bodies of the statements, those that lead them, and all that these lead: near copies.
_VERSIONS = """
WITH mine(key, body) AS ({mine}),
lead(key, body) AS (
  SELECT key, coalesce(n.leader, body) FROM mine
  LEFT JOIN near n ON n.body_id = body AND n.relation IS NOT NULL GROUP BY 1, 2),
told(key, body) AS (
  SELECT * FROM mine UNION SELECT * FROM lead
  UNION SELECT key, n.body_id FROM lead JOIN near n ON n.leader = body AND n.relation IS NOT NULL)
SELECT DISTINCT t.key, r.post_id, r.body_id FROM told t JOIN revision r ON r.body_id = t.body
JOIN post q ON q.id = r.post_id WHERE r.body_id IS NOT q.body_id
"""
# The same from the other end, for all statements: the archive has far fewer versions than posts.
_EVERYWHERE = """
WITH was(post, body, lead) AS (
  SELECT DISTINCT r.post_id, r.body_id, coalesce(n.leader, r.body_id)
  FROM revision r JOIN post q ON q.id = r.post_id
  LEFT JOIN near n ON n.body_id = r.body_id AND n.relation IS NOT NULL
  WHERE r.body_id IS NOT NULL AND r.body_id IS NOT q.body_id),
told(post, body, other) AS (
  SELECT post, body, body FROM was UNION SELECT post, body, lead FROM was
  UNION SELECT post, body, n.body_id FROM was
    JOIN near n ON n.leader = lead AND n.relation IS NOT NULL)
SELECT DISTINCT coalesce(p.cluster_id, -p.id), t.post, t.body FROM told t
JOIN post p ON p.body_id = t.other
"""
_POSTS = """
SELECT q.id, q.channel_id, q.message_id, c.title, c.username, c.tg_id, q.date, q.edited,
  q.cluster_id FROM post q JOIN channel c ON c.id = q.channel_id
WHERE q.id IN ({marks}) AND q.date IS NOT NULL
"""
_SPANS = "SELECT id, first_date, last_date FROM cluster WHERE id IN ({marks})"
_DATES = "SELECT -id, date, date FROM post WHERE id IN ({marks})"
_APART = "SELECT post_id FROM verdict WHERE withdrawn IS NULL AND kind = 'apart'"


class Past(NamedTuple):
    """A post that said a statement from `since` on; until when, if anybody dated the edit."""

    key: int
    post: int
    channel_id: int
    message_id: int
    title: str
    username: str | None
    tg_id: int | None
    since: int
    until: int | None
    revision: int
    body: int
    lead: int


def key_of(post_id: int, cluster: int | None) -> int:
    """By what a statement is known here: its cluster, or a post alone."""
    return -post_id if cluster is None else cluster


def past(db: sqlite3.Connection, keys: Collection[int]) -> dict[int, list[Past]]:
    """Of these statements, those who said them until an edit, the earliest first."""
    found: list[tuple[int, int, int]] = []
    if db.execute("SELECT 1 FROM revision LIMIT 1").fetchone() is None:
        return {}
    for mine, ids in (
        (_OF_CLUSTERS, [key for key in keys if key > 0]),
        (_OF_ALONE, [-key for key in keys if key < 0]),
    ):
        found += rows_of(db, _VERSIONS.format(mine=mine), sorted(ids))
    return _sayings(db, found)


def past_of_all(db: sqlite3.Connection) -> dict[int, list[Past]]:
    """The same of all statements of the archive."""
    return _sayings(db, db.execute(_EVERYWHERE).fetchall())


def _sayings(db: sqlite3.Connection, found: list[tuple[int, int, int]]) -> dict[int, list[Past]]:
    if not found:
        return {}
    from archiver.store.edits import edited

    posts = sorted({post for _, post, _ in found})
    versions = edited(db, posts)
    places = {row[0]: row for row in rows_of(db, _POSTS, posts)}
    spans = _spans(db, {key for key, _, _ in found})
    apart = {post for (post,) in db.execute(_APART)}
    best: dict[tuple[int, int], Past] = {}
    for key, post, body in found:
        place = places.get(post)
        if place is None or key in (place[8], -post) or not apart.isdisjoint((post, -key)):
            continue
        for each in _told(key, place, versions[post], body):
            known = best.get((key, post))
            if _in_time(each, versions[post], spans.get(key)) and (
                known is None or each.since < known.since
            ):
                best[key, post] = each
    told: dict[int, list[Past]] = {}
    for each in sorted(best.values(), key=lambda one: (one.since, one.channel_id, one.message_id)):
        told.setdefault(each.key, []).append(each)
    return told


def _spans(db: sqlite3.Connection, keys: Iterable[int]) -> dict[int, tuple[int, int]]:
    """From when to when each statement was said."""
    known = set(keys)
    rows = [
        *rows_of(db, _SPANS, sorted(key for key in known if key > 0)),
        *rows_of(db, _DATES, sorted(-key for key in known if key < 0)),
    ]
    return {key: (first, last) for key, first, last in rows if first is not None}


def _told(key: int, place: tuple[Any, ...], versions: Edited, body: int) -> Iterator[Past]:
    date, edit = place[6], place[7]
    for each in versions.past:
        if each.body == body:
            since = max(date, each.edited or date)
            until = _until(each, versions, since, edit)
            told = since, until, each.revision, body, _lead(each)
            yield Past._make((key, *place[:6], *told))


def _lead(version: Earlier) -> int:
    assert version.body is not None
    return version.body if version.leader is None else version.leader


def _until(version: Earlier, versions: Edited, since: int, edit: int | None) -> int | None:
    """When the next version was written that tells something else, or this one was seen to end."""
    from archiver.kinds import Source

    others = [each for each in (*versions.kept, *versions.past) if each.body != version.body]
    ends = [edit, *(each.edited for each in others)]
    if version.source == Source.LIVE:
        ends.append(version.seen)
    return min((end for end in ends if end is not None and end > since), default=None)


def _in_time(said: Past, versions: Edited, span: tuple[int, int] | None) -> bool:
    """Whether a line of a few words, or a form, was said at the time of the statement."""
    brief = any(
        each.revision == said.revision and (each.words < _SHORT_WORDS or each.is_form)
        for each in versions.past
    )
    if not brief:
        return True
    return span is not None and (span[0] - _SHORT_SECONDS <= said.since <= span[1] + _SHORT_SECONDS)
