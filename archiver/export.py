"""The archive into files: our JSONL, one post a line, which `archiver import` reads back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from archiver.model import Channel
from archiver.sources.record import from_post
from archiver.store import look
from archiver.store.look import Stored
from archiver.text.cuts import apply_cuts
from archiver.text.refs import permalink


def records(db: sqlite3.Connection, sort_keys: Iterable[int] | None) -> Iterator[dict[str, Any]]:
    """One record a post: these, or all of them, oldest first.

    The keys are those of docs/formats.md, and four derived ones that an import passes over:
    `body` (the text without what repeats inside it), `cluster`, `canonical` (where the statement
    stands first) and `url`.
    """
    canonical = _Canonicals(db)
    for found in look.every(db) if sort_keys is None else look.each(db, sort_keys):
        yield record_of(found) | {"canonical": canonical.of(found)}


def record_of(found: Stored) -> dict[str, Any]:
    """One post as a JSON object."""
    record = from_post(
        Channel(found.title, found.username, found.tg_id, found.channel_kind), found.post
    )
    return record | {
        "body": apply_cuts(found.post.text, found.cuts),
        "cluster": found.cluster_id,
        "url": permalink(found.username, found.tg_id, found.post.message_id),
    }


class _Canonicals:
    """Where the statement of a cluster stands: a permalink, or #our-id where there is none."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._of_cluster = lru_cache(maxsize=50_000)(self._find)

    def of(self, found: Stored) -> str | None:
        """The place of the post that is shown for this one's cluster; None for a post alone."""
        return None if found.cluster_id is None else self._of_cluster(found.cluster_id)

    def _find(self, cluster_id: int) -> str | None:
        row = self._db.execute(
            "SELECT p.id, c.username, c.tg_id, p.message_id FROM cluster k"
            " JOIN post p ON p.id = k.canonical JOIN channel c ON c.id = p.channel_id"
            " WHERE k.id = ?",
            (cluster_id,),
        ).fetchone()
        return None if row is None else permalink(*row[1:]) or f"#{row[0]}"
