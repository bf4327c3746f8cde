"""What is shown of the posts a search found: text, channel, and what is known of the copies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from archiver.store.first import First, said_before
from archiver.store.past import key_of
from archiver.store.since import since_edit
from archiver.text.cuts import Cut
from archiver.text.snippet import Marks

_AT_ONCE = 500


class Found(NamedTuple):
    """A post that a query finds, in its current wording or in the earlier one `version`."""

    post_id: int
    cluster_id: int | None
    date: int | None
    key: int
    version: int | None = None


# What a Found is made of; `ix_post_walk` has all of it.
COLUMNS = "post.id, post.cluster_id, post.date, post.sort_key"


# A dataclass of this size takes 1 ms to make at start-up.
class Hit(NamedTuple):
    """A statement found: the post shown for it, what is known of its copies, what to mark.

    `matched` and its date, names, message, text and cuts are of the newest member that the query
    found; the post shown is the canonical one, and where that is the one found `matched_text` is
    None. `copies` counts the cluster without the canonical, `channels`
    where those copies stand; `first_...` is the earliest post of the cluster, or who said it before
    all of them (`store/first.py`: `first_by`, `first_until`). `version` is the id
    of the earlier wording that is shown, because it and not the current one was found. `since` and
    `matched_since` tell when an edit made these posts say so, where one did.
    """

    post_id: int
    channel_id: int
    channel: str
    username: str | None
    tg_id: int | None
    message_id: int
    date: int | None
    text: str
    cuts: tuple[Cut, ...]
    edited: int | None
    deleted: bool
    media_kind: str | None
    views: int | None
    author: str | None
    forwarded: str | None
    matched: int
    matched_date: int | None
    matched_username: str | None
    matched_tg_id: int | None
    matched_message: int
    matched_text: str | None
    matched_cuts: tuple[Cut, ...]
    cluster_id: int | None
    copies: int
    channels: int
    first_channel: str
    first_username: str | None
    first_date: int | None
    marks: Marks
    version: int | None = None
    version_edited: int | None = None
    since: int | None = None
    matched_since: int | None = None
    first_by: str | None = None
    first_until: int | None = None


_First = tuple[str, str | None]
_Firsts = dict[int, _First | None]

# The plus keeps SQLite from walking all posts in the order of sort_key.
_FIRST = """
SELECT channel.title, channel.username FROM post JOIN channel ON channel.id = post.channel_id
WHERE post.cluster_id = ?1 AND ({}) ORDER BY +post.sort_key LIMIT 1
"""
# Where nobody posted it then, an edit said it first.
_SAID_FIRST = (
    "post.date = ?2",
    """post.edited = ?2 OR EXISTS (SELECT 1 FROM revision r
    WHERE r.post_id = post.id AND ?2 IN (r.edited, r.seen))""",
)
_SHOWN = """
SELECT asked.id, post.id, post.channel_id, channel.title, channel.username, channel.tg_id,
  post.message_id, post.date, post.text, post.cuts, post.edited, post.deleted_at, post.media_kind,
  post.views, post.author, coalesce(post.fwd_name, '@' || post.fwd_username, post.fwd_peer),
  cluster.id, cluster.copies, cluster.channels, cluster.first_date, its.username, its.tg_id,
  asked.message_id, CASE WHEN asked.id <> post.id THEN asked.text END, asked.cuts
FROM post AS asked
LEFT JOIN cluster ON cluster.id = asked.cluster_id
JOIN post ON post.id = {shown}
JOIN channel ON channel.id = post.channel_id
JOIN channel AS its ON its.id = asked.channel_id
WHERE asked.id IN ({marks})
"""
_CANONICAL = "coalesce((SELECT id FROM post AS c WHERE c.id = cluster.canonical), asked.id)"


def load(
    db: sqlite3.Connection, picked: Sequence[Found], marks: Marks, *, every: bool
) -> Iterator[Hit]:
    """What is shown of the posts picked, in their order; with `every` of each its own text."""
    firsts: _Firsts = {}
    for at in range(0, len(picked), _AT_ONCE):
        some = picked[at : at + _AT_ONCE]
        # Of a statement the canonical post is shown; of an earlier wording the post that had it.
        own = [post for post in some if every or post.version is not None]
        canonical = [post for post in some if not every and post.version is None]
        rows = _rows(db, own, "asked.id") | _rows(db, canonical, _CANONICAL)
        edits = since_edit(db, [key for row in rows.items() for key in (row[0], row[1][0])])
        earlier = _earlier(db, rows.values(), edits)
        for post in some:
            row = rows[post.post_id]
            hit = _hit(post, row, _first(db, row, firsts), marks)
            hit = _with_first(hit, earlier.get(key_of(hit.post_id, hit.cluster_id)))
            hit = hit._replace(since=edits.get(hit.post_id), matched_since=edits.get(hit.matched))
            yield hit if post.version is None else _as_it_was(db, hit)


def _earlier(
    db: sqlite3.Connection, rows: Iterable[tuple[Any, ...]], edits: Mapping[int, int]
) -> dict[int, First]:
    """Of the statements of these rows those that somebody said before all their posts."""
    dates: dict[int, int | None] = {}
    for post, cluster, date, first in ((row[0], row[15], row[6], row[18]) for row in rows):
        dates[key_of(post, cluster)] = edits.get(post, date) if cluster is None else first
    return said_before(db, dates)


def _with_first(hit: Hit, first: First | None) -> Hit:
    if first is None:
        return hit
    return hit._replace(
        first_channel=first.title, first_username=first.username, first_date=first.date,
        first_by=first.by, first_until=first.until,
    )  # fmt: skip


def _rows(db: sqlite3.Connection, posts: Sequence[Found], shown: str) -> dict[int, tuple[Any, ...]]:
    if not posts:
        return {}
    sql = _SHOWN.format(shown=shown, marks=",".join("?" * len(posts)))
    return {row[0]: row[1:] for row in db.execute(sql, [post.post_id for post in posts])}


def _hit(post: Found, row: tuple[Any, ...], first: _First, marks: Marks) -> Hit:
    post_id, channel_id, title, username, tg_id, message_id, date, text, cuts = row[:9]
    edited, deleted_at, media_kind, views, author, forwarded = row[9:15]
    cluster_id, copies, channels, first_date = row[15:19]
    its_username, its_tg_id, its_message, its_text, its_cuts = row[19:]
    return Hit(
        post_id=post_id,
        channel_id=channel_id,
        channel=title,
        username=username,
        tg_id=tg_id,
        message_id=message_id,
        date=date,
        text=text,
        cuts=cuts_of(cuts),
        edited=edited,
        deleted=deleted_at is not None,
        media_kind=media_kind,
        views=views,
        author=author,
        forwarded=None if forwarded is None else str(forwarded),
        matched=post.post_id,
        matched_date=post.date,
        matched_username=its_username,
        matched_tg_id=its_tg_id,
        matched_message=its_message,
        matched_text=its_text,
        matched_cuts=cuts_of(its_cuts) if its_text is not None else (),
        cluster_id=cluster_id,
        copies=copies or 0,
        channels=channels or 1,
        first_channel=first[0],
        first_username=first[1],
        first_date=date if cluster_id is None else first_date,
        marks=marks,
        version=post.version,
    )


def _as_it_was(db: sqlite3.Connection, hit: Hit) -> Hit:
    """A hit with the text of the earlier wording that was found, and what is known of that."""
    text, cuts, edited = db.execute(
        "SELECT text, cuts, edited FROM revision WHERE id = ?", (hit.version,)
    ).fetchone()
    hit = _of_what_it_told(db, hit)
    return hit._replace(
        text=text, cuts=cuts_of(cuts), version_edited=edited, since=None, matched_since=None
    )


_OTHER = """
SELECT post.cluster_id, coalesce(cluster.copies, 0) + 1,
  CASE WHEN cluster.id IS NULL THEN 1 ELSE
    (SELECT count(DISTINCT p.channel_id) FROM post p WHERE p.cluster_id = cluster.id) END,
  channel.title, channel.username, coalesce(cluster.first_date, post.date), post.date
FROM post LEFT JOIN cluster ON cluster.id = post.cluster_id
JOIN channel ON channel.id = post.channel_id WHERE post.id = ?
"""


def _of_what_it_told(db: sqlite3.Connection, hit: Hit) -> Hit:
    """Who repeats what an earlier version told, where the post tells another statement since."""
    from archiver.store.edits import edited
    from archiver.store.kin import told_before

    versions = edited(db, [hit.post_id]).get(hit.post_id)
    if versions is None or all(each.revision != hit.version for each in versions.past):
        return hit
    shown = told_before(db, hit.post_id).get(hit.version or 0)
    if shown is None:
        return hit._replace(
            cluster_id=None, copies=0, channels=1, first_channel=hit.channel,
            first_username=hit.username, first_date=hit.date, first_by=None, first_until=None,
        )  # fmt: skip
    cluster, copies, channels, title, username, first, date = db.execute(
        _OTHER, (shown,)
    ).fetchone()
    if cluster is not None and first != date:
        title, username = _said_first(db, cluster, first) or (title, username)
    hit = hit._replace(
        cluster_id=cluster, copies=copies, channels=channels, first_channel=title,
        first_username=username, first_date=first, first_by=None, first_until=None,
    )  # fmt: skip
    key = key_of(shown, cluster)
    earlier = said_before(db, {key: first}).get(key)
    hit = _with_first(hit, earlier)
    own = earlier is not None and earlier.post == hit.post_id  # the version that is shown
    return hit._replace(first_by=None, first_until=None) if own else hit


def cuts_of(stored: str | None) -> tuple[Cut, ...]:
    """The cuts of a row."""
    if not stored:
        return ()
    import json  # 2 ms, and few posts repeat themselves

    return tuple(Cut(*cut) for cut in json.loads(stored))


def _first(db: sqlite3.Connection, row: tuple[Any, ...], known: _Firsts) -> _First:
    """Title and @name of the channel that said it first; asked only where another post is shown."""
    shown, date, cluster, first_date = row[2:4], row[6], row[15], row[18]
    if cluster is None or first_date == date:
        return shown
    if cluster not in known:
        known[cluster] = _said_first(db, cluster, first_date)
    return known[cluster] or shown


def _said_first(db: sqlite3.Connection, cluster: int, date: int | None) -> _First | None:
    """The channel that a statement stood in at its first date."""
    for said in _SAID_FIRST:
        found: _First | None = db.execute(_FIRST.format(said), (cluster, date)).fetchone()
        if found is not None:
            return found
    return None
