"""Since when posts say what they say, where an edit made them say it. Plain SQL.

A search asks it too: what judges the versions takes 50 ms to import, so that it is asked for only
where a post was edited and other words of it are archived.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from archiver.store.connection import rows_of

_CHANGED = """
SELECT DISTINCT p.id FROM revision r JOIN post p ON p.id = r.post_id
WHERE r.post_id IN ({marks}) AND r.body_id IS NOT p.body_id
  AND p.edited IS NOT NULL AND p.date IS NOT NULL
"""
_DATES = "SELECT id, date FROM post WHERE id IN ({marks})"
_UNSURE = """
SELECT p.edited FROM post p WHERE p.id = ?
  AND NOT EXISTS (SELECT 1 FROM revision r WHERE r.post_id = p.id)
  AND p.edited > (SELECT min(o.date) FROM post o
    WHERE o.cluster_id = p.cluster_id AND o.channel_id <> p.channel_id)
"""


def since_edit(db: sqlite3.Connection, posts: Iterable[int]) -> dict[int, int]:
    """When an edit made another statement of a post, of those of these posts where one did."""
    changed = [post for (post,) in rows_of(db, _CHANGED, sorted(set(posts)))]
    if not changed:
        return {}
    from archiver.store.edits import edited

    dates = dict(rows_of(db, _DATES, changed))
    found = {post: versions.since for post, versions in edited(db, changed).items()}
    return {post: at for post, at in found.items() if at is not None and at != dates[post]}


def unsure_since(db: sqlite3.Connection, first: int) -> int | None:
    """When the first post of a statement was edited, if another channel had said it by then.

    None where an earlier version of it is archived: that says whether it was first.
    """
    row = db.execute(_UNSURE, (first,)).fetchone()
    return None if row is None else int(row[0])
