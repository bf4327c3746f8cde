"""What the versions of an edited post mean: which still count, and since when it says what it says.

Only posts with versions are asked about. An earlier version counts in the statement of its post as
long as the newest one still tells it (`text/edits.py`), or one that counts has the same leader;
otherwise it would hold two statements together that have nothing to do with each other.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from archiver.store.connection import rows_of
from archiver.text.cuts import apply_cuts, read_cuts
from archiver.text.edits import says_still
from archiver.text.wording import Wording, wording

NEWEST = """
SELECT p.id, p.date, p.edited, p.body_id, n.leader, p.text, p.cuts, p.channel_id, p.fwd_channel
FROM post p LEFT JOIN near n ON n.body_id = p.body_id AND n.relation IS NOT NULL
WHERE p.id IN ({marks})
"""
EARLIER = """
SELECT r.id, r.post_id, r.body_id, coalesce(b.words, 0), r.edited, r.source, r.seen, r.text, r.cuts,
  n.leader, n.relation, n.score,
  EXISTS (SELECT 1 FROM form f WHERE f.body_id IN (r.body_id, n.leader))
FROM revision r LEFT JOIN body b ON b.id = r.body_id
LEFT JOIN near n ON n.body_id = r.body_id AND n.relation IS NOT NULL
WHERE r.post_id IN ({marks}) ORDER BY r.post_id, r.body_id, r.id
"""


class Newest(NamedTuple):
    """A post as it stands now."""

    id: int
    date: int | None
    edited: int | None
    body: int | None
    leader: int | None
    text: str
    cuts: str | None
    channel_id: int
    fwd_channel: int | None


class Earlier(NamedTuple):
    """Another version of it."""

    revision: int
    post: int
    body: int | None
    words: int
    edited: int | None
    source: int
    seen: int
    text: str
    cuts: str | None
    leader: int | None
    relation: str | None
    score: float | None
    is_form: int


class Edited(NamedTuple):
    """The versions that count, those that tell something else, and since when the first does."""

    kept: tuple[Earlier, ...]
    past: tuple[Earlier, ...]
    since: int | None


def edited(db: sqlite3.Connection, posts: Sequence[int]) -> dict[int, Edited]:
    """What the versions of these posts mean, of those that have other versions."""
    earlier: dict[int, list[Earlier]] = defaultdict(list)
    for row in rows_of(db, EARLIER, posts):
        version = Earlier(*row)
        earlier[version.post].append(version)
    if not earlier:
        return {}
    newest = [Newest(*row) for row in rows_of(db, NEWEST, sorted(earlier))]
    return {post.id: judged(db, post, earlier[post.id]) for post in newest}


def judged(db: sqlite3.Connection, newest: Newest, earlier: Sequence[Earlier]) -> Edited:
    """Which versions of a post count beside the newest one."""
    lines = _Lines(db, newest)
    counting: list[Newest | Earlier] = [
        newest,
        *(each for each in earlier if _counts(newest, each, lines)),
    ]
    leads = {_lead(each) for each in counting} - {None}
    kept = tuple(each for each in earlier if each in counting or _lead(each) in leads)
    past = tuple(each for each in earlier if each not in kept)
    return Edited(kept, past, _since(newest, kept, past) if past else newest.date)


def _lead(version: Newest | Earlier) -> int | None:
    """What leads its body: versions of one leader are one statement, however unlike."""
    return version.body if version.leader is None else version.leader


class _Lines:
    """The wording of a post's versions, its footers asked for once, if at all."""

    def __init__(self, db: sqlite3.Connection, post: Newest) -> None:
        self._ask: Callable[[], list[tuple[str]]] = db.execute(
            "SELECT line FROM footer WHERE channel_id IN (?, ?)",
            (post.channel_id, post.fwd_channel),
        ).fetchall
        self._lines: frozenset[str] | None = None
        self._newest: Wording | None = None
        self._post = post

    def of(self, version: Newest | Earlier) -> Wording:
        if self._lines is None:
            self._lines = frozenset(line for (line,) in self._ask())
        return wording(apply_cuts(version.text, read_cuts(version.cuts)), self._lines)

    def newest(self) -> Wording:
        if self._newest is None:
            self._newest = self.of(self._post)
        return self._newest


def _counts(newest: Newest, version: Earlier, lines: _Lines) -> bool:
    if version.body == newest.body:
        return True
    if version.body is None or newest.body is None:
        return False
    return says_still(lines.of(version), lines.newest())


def _since(newest: Newest, kept: Sequence[Earlier], past: Sequence[Earlier]) -> int | None:
    """When the first version that counts was written, by the dates of the edits.

    An edit that nobody dated leaves the date of the post. Where a version was seen to be replaced,
    that was no later: a later edit may have changed something else than the words.
    """
    if newest.date is None or newest.edited is None:
        return newest.date
    from archiver.kinds import Source  # which most searches are spared

    date, now = newest.date, newest.edited
    seen = [each.seen for each in past if each.source == Source.LIVE]
    if seen:
        now = min(now, max(seen))
    return max(date, min([now, *(each.edited or date for each in kept)]))
