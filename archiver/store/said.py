"""Light rows of statements for telling who had them from whom. Plain SQL, read only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from archiver.store.edits import Edited, edited
from archiver.store.past import Past, key_of, past, past_of_all

_SELECT = """
SELECT p.cluster_id, p.id, p.channel_id, p.message_id, p.date, p.body_id,
  coalesce(n.leader, p.body_id), n.matched, p.grouped_id,
  p.fwd_kind IS NOT NULL AND coalesce(p.fwd_imported, 0) = 0,
  p.fwd_channel, p.fwd_message, p.fwd_date, o.id,
  coalesce(nullif(f.title, ''), p.fwd_name, ''), coalesce(f.username, p.fwd_username),
  coalesce(f.tg_id, p.fwd_peer), EXISTS (SELECT 1 FROM verdict v WHERE v.withdrawn IS NULL
    AND v.kind = 'apart' AND v.post_id IN (p.id, o.id)), p.edited
FROM post p LEFT JOIN near n ON n.body_id = p.body_id
LEFT JOIN channel f ON f.id = p.fwd_channel
LEFT JOIN post o ON o.channel_id = p.fwd_channel AND o.message_id = p.fwd_message
"""
_OF_ONE = "p.id = ?1 OR p.cluster_id = (SELECT cluster_id FROM post WHERE id = ?1)"
_OF_ALL = """p.cluster_id IN (SELECT id FROM cluster WHERE copies > 0
  AND (?1 IS NULL OR last_date >= ?1) AND (?2 IS NULL OR first_date < ?2))"""
_VERSIONED = "SELECT DISTINCT r.post_id FROM revision r JOIN post p ON p.id = r.post_id WHERE {}"


class Origin(NamedTuple):
    """Where a forward says it comes from; `post` is that post, where it is archived."""

    channel: int | None
    message: int | None
    date: int | None
    post: int | None
    title: str
    username: str | None
    tg_id: int | None
    apart: int = 0  # whether one of both was set apart

    @property
    def names(self) -> tuple[str, str | None, int | None]:
        """What the channel, or the person, is called."""
        return self.title, self.username, self.tg_id


class Said(NamedTuple):
    """That a post says a statement: since when, in which words, and from where by its header.

    `lead` is the body that leads its own, `matched` the one it was compared with. `text` is a post
    with these words. What is known by the header of a forward alone has a negative `id`; a post
    that said it in a `revision`, `until` an edit, says something else now.
    """

    id: int
    channel_id: int
    message_id: int
    since: int | None
    body: int | None
    lead: int | None
    matched: int | None
    album: int | None
    origin: Origin | None
    text: int
    edited: bool = False  # an edit made it say so
    older: tuple[int, ...] = ()  # the bodies of earlier versions that say so too
    unsure: int | None = None  # when it was edited, where no earlier version is archived
    revision: int | None = None
    until: int | None = None


def of_statement(db: sqlite3.Connection, post_id: int) -> list[Said]:
    """The posts of the statement that a post belongs to, if only that one, and who said it once."""
    found = [said for _, some in _read(db, _OF_ONE, (post_id,)) for said in some]
    [(cluster,)] = db.execute("SELECT cluster_id FROM post WHERE id = ?", (post_id,))
    key = key_of(post_id, cluster)
    return found + _past(past(db, [key]).get(key, ()))


def of_all(db: sqlite3.Connection, since: int | None, until: int | None) -> Iterator[list[Said]]:
    """The posts of every repeated statement that has one in a period, and who said it once."""
    before = past_of_all(db)
    for cluster, some in _read(db, _OF_ALL, (since, until)):
        yield some + _past(before.get(cluster, ()))
    alone = {-key for key in before if key < 0}
    for post in sorted(alone):
        yield of_alone(db, post, before)


def of_alone(db: sqlite3.Connection, post: int, before: Mapping[int, Sequence[Past]]) -> list[Said]:
    """A post that nobody repeats, with those who said it once."""
    found = [said for _, some in _read(db, "p.id = ?1", (post,)) for said in some]
    return found + _past(before[-post])


def _past(found: Sequence[Past]) -> list[Said]:
    return [
        Said(
            each.post, each.channel_id, each.message_id, each.since, each.body, each.lead, None,
            None, None, each.post, revision=each.revision, until=each.until,
        )
        for each in found
    ]  # fmt: skip


def _read(
    db: sqlite3.Connection, where: str, values: tuple[Any, ...]
) -> Iterator[tuple[int, list[Said]]]:
    posts = sorted(post for (post,) in db.execute(_VERSIONED.format(where), values))
    versions = edited(db, posts) if posts else {}
    rows = db.execute(f"{_SELECT} WHERE {where} ORDER BY p.cluster_id", values)
    for cluster, some in groupby(rows, key=lambda row: row[0]):
        yield cluster, [_said(row, versions.get(row[1])) for row in some]


def _said(row: tuple[Any, ...], versions: Edited | None) -> Said:
    post, date = row[1], row[4]
    origin = Origin(*row[10:18]) if row[9] else None
    when: int | None = date
    older: tuple[int, ...] = ()
    if versions is not None:
        when = versions.since
        older = tuple({each.body for each in versions.kept if each.body not in (None, row[5])})
    body, lead, matched, album = row[5:9]
    return Said(
        post,
        row[2],
        row[3],
        when,
        body,
        lead,
        matched,
        album,
        origin,
        post,
        when != date,
        older,
        row[18] if versions is None else None,
    )
