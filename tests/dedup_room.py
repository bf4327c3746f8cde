"""A small archive to try dedup on, with the domain's verbs."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archiver.dedup import Deduped, dedup
from archiver.model import Channel, Forward, OriginKind, Post
from archiver.store import tombstones
from tests import archives

HOUR = 3600
START = 1_700_000_000
LONG = "The ministry said on Monday that the bridge over the river will be closed until spring"


def channel(number: int) -> Channel:
    return Channel(title=f"Channel {number}", tg_id=-1_000_000_000_000 - number)


class Room:
    """A small archive with the domain's verbs; posts are named (channel, message)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = archives.opened(path)
        self.run = self.store.start_run("test", START)
        self.seen = START
        self.deleted: set[tuple[int, int]] = set()
        self.origins: dict[tuple[int, int], tuple[int, int] | None] = {}

    def post(
        self, where: int, message: int, text: str, hours: float | None = 0, **more: Any
    ) -> None:
        date = None if hours is None else START + int(hours * HOUR)
        item = Post(message, text=text, date=date, **more)
        self.seen += 1
        self.store.add_posts(self.run, [(channel(where), item)], self.seen)
        self._bury()

    def delete(self, where: int, message: int) -> None:
        """A post is deleted, now or as soon as it is there."""
        self.deleted.add((where, message))
        self._bury()

    def _bury(self) -> None:
        with self.store.transaction() as conn:
            for where, message in self.deleted:
                known = "SELECT id FROM channel WHERE tg_id = ?"
                found = conn.exec_driver_sql(known, (channel(where).tg_id,)).scalar()
                if found is not None:
                    tombstones.bury(conn, found, [message], "by id", self.seen)

    def forward(
        self, where: int, message: int, origin: tuple[int, int], text: str, hours: float | None = 1
    ) -> None:
        self.post(where, message, text, hours, forward=forward_of(origin))

    def dedup(self, **options: Any) -> Deduped:
        return dedup(self.store, self.run, **options)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.path) as db:
            found = db.execute(sql, values).fetchall()
        db.close()
        return found

    def groups(self) -> set[frozenset[tuple[int, int]]]:
        """The posts of every cluster."""
        clusters: dict[int, set[tuple[int, int]]] = {}
        for cluster, where, message in self.rows(
            "SELECT cluster_id, -tg_id - 1000000000000, message_id FROM post p"
            " JOIN channel c ON c.id = channel_id WHERE cluster_id IS NOT NULL"
        ):
            clusters.setdefault(cluster, set()).add((where, message))
        return {frozenset(posts) for posts in clusters.values()}

    def verdicts(self) -> dict[tuple[int, int], tuple[Any, ...]]:
        """Of each post: its cluster's canonical, counts and dates, its reason and match."""
        name = "SELECT -c.tg_id - 1000000000000, p.message_id FROM post p JOIN channel c"
        names = dict(
            self.rows(
                name.replace("SELECT", "SELECT p.id, json_array(", 1).replace(" FROM", ") FROM", 1)
                + " ON c.id = p.channel_id"
            )
        )
        found = {}
        for post, canonical, reason, score, via, *counts in self.rows(
            "SELECT p.id, k.canonical, reason, score, via_post, posts, copies, channels,"
            " first_date, last_date, cuts FROM post p LEFT JOIN cluster k ON k.id = cluster_id"
        ):
            found[tuple(json.loads(names[post]))] = (
                names.get(canonical),
                reason,
                score,
                names.get(via),
                *counts,
            )
        return found

    def check(self) -> None:
        """What always holds, also between two transactions of a run."""
        assert (
            self.rows(
                "SELECT k.id FROM cluster k LEFT JOIN post p ON p.cluster_id = k.id"
                " GROUP BY k.id HAVING count(p.id) <> k.posts OR count(p.id) < 2"
                " OR sum(p.id = k.canonical) <> 1 OR sum(p.reason IS NULL) <> 1"
            )
            == []
        )
        assert (
            self.rows(
                "SELECT p.id FROM post p LEFT JOIN cluster k ON k.id = p.cluster_id"
                " LEFT JOIN post v ON v.id = p.via_post WHERE p.cluster_id IS NOT NULL AND"
                " (k.id IS NULL OR (p.reason IS NOT NULL AND v.cluster_id IS NOT p.cluster_id))"
                " OR p.cluster_id IS NULL AND coalesce(p.reason, p.score, p.via_post) IS NOT NULL"
            )
            == []
        )
        # Who is counted as a member is one, or waits to be looked at.
        assert (
            self.rows(
                "SELECT p.id FROM post p LEFT JOIN member m ON m.sort_key = p.sort_key"
                " WHERE p.cluster_id IS NOT m.id & 4294967295"
                " AND p.sort_key NOT IN (SELECT sort_key FROM fresh_member)"
            )
            == []
        )


def forward_of(origin: tuple[int, int], **more: Any) -> Forward:
    peer = channel(origin[0]).tg_id
    return Forward(kind=OriginKind.CHANNEL, peer_id=peer, message_id=origin[1], **more)


@contextmanager
def opened() -> Iterator[Room]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        room = Room(path)
        try:
            yield room
        finally:
            room.store.close()
