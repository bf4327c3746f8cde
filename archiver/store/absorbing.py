"""Another archive merged into this one: posts, versions, deletions, verdicts, coverage.

Nothing here is overwritten by worse data; where the two contradict each other ours stays and an
event of kind `conflict` says so. Statements are grouped anew by the dedup pass; who is synced, and
as which account, stays as it is here.

Functions of a connection inside a transaction that the Store opened: a portion of posts with what
hangs on them is one transaction, coverage comes in the last one, so that it never promises posts
which a kill left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, insert, select

from archiver.model import Channel, Post, Tally
from archiver.store import (
    channels,
    foreign_rows,
    identity,
    index,
    subscriptions,
    tombstones,
    verdicts,
    versions,
)
from archiver.store.connection import driver
from archiver.store.coverage import Coverage
from archiver.store.foreign import Foreign, Row
from archiver.store.merging import Ranks
from archiver.store.posts import Arrival, PostWriter
from archiver.store.schema import channel_name, coverage, event

_VERSION = ("post_id", *versions.COLUMNS)
_METRIC = ("post_id", "seen", "views", "forwards", "replies", "reactions")
_HERE = (
    "SELECT id, text, entities, media_kind, media, date, deleted_at FROM post"
    " WHERE channel_id = ? AND message_id = ?"
)
# More of one kind say nothing new, and a hostile archive could have millions.
_MOST_CONFLICTS = 1_000


class Absorber:
    """One merge: which channel there is which one here, and what went wrong."""

    def __init__(self, foreign: Foreign, writer: PostWriter, run_id: int, place: str) -> None:
        self._foreign = foreign
        self._writer = writer
        self._run = run_id
        self._place = place
        self._told = foreign.channels()
        self._recognised: dict[Channel, Channel] = {}
        self._damaged: set[int] = set()
        self._conflicts = 0
        self.bad: list[str] = []
        self.subscribed = foreign.subscribed()

    def portion(self, conn: Connection, found: Sequence[Row], now: int) -> Tally:
        """Save some posts with their versions, bytes, counters and deletions."""
        read = [(row, each) for row in found if (each := self._post(row)) is not None]
        told = [(row, post) for row, (post, _) in read]
        self._recognise(conn, told, now)
        arrivals = [self._arrival(conn, row, *each, now) for row, each in read]
        before = {a.key: self._here(conn, a) for a in arrivals}
        tally = self._writer.save(conn, self._run, arrivals, now)
        keys: dict[int, Row] = {}
        for (row, post), arrival in zip(told, arrivals, strict=True):
            here = self._here(conn, arrival)
            assert here is not None
            keys[row["id"]] = here
            self._settle(conn, row, post, arrival, before[arrival.key], here)
        kept = self._versions(conn, keys)
        self._evidence(conn, keys, told)
        return tally + Tally(revisions=kept)

    def finish(self, conn: Connection, now: int) -> None:
        """Names, links that a person made, verdicts of persons, and coverage."""
        for row in filter(foreign_rows.is_name, self._foreign.names()):
            self._name(conn, row, now)
        for row in filter(foreign_rows.is_verdict, self._foreign.verdicts()):
            self._verdict(conn, row, now)
        intervals: dict[int, list[tuple[int, int]]] = {}
        for row in filter(foreign_rows.is_interval, self._foreign.coverage()):
            if row["channel_id"] in self._told and row["channel_id"] not in self._damaged:
                intervals.setdefault(row["channel_id"], []).append((row["lo"], row["hi"]))
        for key, spans in intervals.items():
            self._cover(conn, self._channel(conn, key, now), spans)

    def _post(self, row: Row) -> tuple[Post, Ranks] | None:
        try:
            if row["channel_id"] not in self._told:
                raise ValueError("its channel is missing")
            return foreign_rows.post(row)
        except ValueError as error:
            self._damaged.add(row["channel_id"])
            self.bad.append(f"post {row['id']}: {error}")
            return None

    def _recognise(self, conn: Connection, told: Iterable[tuple[Row, Post]], now: int) -> None:
        """Channels known by less than an id are asked for by their posts, as in every import."""
        asked: dict[Channel, list[Post]] = {}
        for row, post in told:
            said = self._told[row["channel_id"]]
            if said.title and post.message_id > 0 and said not in self._recognised:
                asked.setdefault(said, []).append(post)
        for said, posts in asked.items():
            found = identity.recognise(conn, said, posts, self._writer, now)
            if found.channel is None:  # a namesake here: it keeps its own row
                name = f"{said.title} ({self._place})"
                self._recognised[said] = replace(said, title=name)
                self._conflict(conn, said.title, f"{found}; merged as {name!r}")
            elif found.settled:
                self._recognised[said] = found.channel

    def _channel(self, conn: Connection, key: int, now: int) -> int:
        said = self._told[key]
        return self._writer.directory.resolve(conn, self._recognised.get(said, said), now)

    def _arrival(self, conn: Connection, row: Row, post: Post, ranks: Ranks, now: int) -> Arrival:
        header = post.forward
        origin = None if header is None else self._writer.directory.origin(conn, header, now)
        channel_id = self._channel(conn, row["channel_id"], now)
        return Arrival(channel_id, origin, post, row["digest"], ranks)

    def _here(self, conn: Connection, arrival: Arrival) -> Row | None:
        found = driver(conn).execute(_HERE, tuple(arrival.key)).fetchone()
        names = ("id", "text", "entities", "media_kind", "media", "date", "deleted_at")
        return None if found is None else dict(zip(names, found, strict=True))

    def _settle(
        self,
        conn: Connection,
        row: Row,
        post: Post,
        arrival: Arrival,
        before: Row | None,
        here: Row,
    ) -> None:
        """Deletions, and what the two archives contradict each other in."""
        place = f"{arrival.channel_id}/{arrival.post.message_id}"
        both = before is not None and None not in (before["date"], post.date)
        if both and here["date"] != post.date:
            self._conflict(conn, place, f"dated {here['date']} here and {post.date} there")
        if row["deleted_at"] is None or here["deleted_at"] is not None:
            return
        if before is not None and channels.is_synced(conn, arrival.channel_id):
            self._conflict(conn, place, "deleted there, and there when it was last synced here")
            return
        evidence = row["deleted_evidence"] or "another archive"
        number = arrival.post.message_id
        tombstones.bury(conn, arrival.channel_id, [number], evidence, row["deleted_at"])

    def _versions(self, conn: Connection, keys: Mapping[int, Row]) -> int:
        """Wordings that are not known here; returns how many."""
        by_post: dict[int, list[Row]] = {}
        for row in self._foreign.of_posts("revision", _VERSION, list(keys)):
            if foreign_rows.is_version(row):
                by_post.setdefault(keys[row["post_id"]]["id"], []).append(row)
            else:
                self.bad.append(f"post {row['post_id']}: a version of it is damaged")
        kept = sum(versions.keep(conn, self._run, here, told) for here, told in by_post.items())
        if kept:
            index.add_revisions(driver(conn))
        return kept

    def _evidence(
        self, conn: Connection, keys: Mapping[int, Row], told: Sequence[tuple[Row, Post]]
    ) -> None:
        """The bytes of a post that stands here as it does there, and counters over time."""
        db = driver(conn)
        words = {row["id"]: post.text for row, post in told}
        raw = self._foreign.of_posts("raw_post", ("post_id", "layer", "tl"), list(keys))
        db.executemany(
            "INSERT OR IGNORE INTO raw_post(post_id, layer, tl) VALUES (?, ?, ?)",
            [(keys[r["post_id"]]["id"], r["layer"], r["tl"])
             for r in filter(foreign_rows.is_raw, raw)
             if words.get(r["post_id"]) == keys[r["post_id"]]["text"]],
        )  # fmt: skip
        seen = self._foreign.of_posts("metric", _METRIC, list(keys))
        db.executemany(
            "INSERT OR IGNORE INTO metric VALUES (?, ?, ?, ?, ?, ?)",
            [(keys[m["post_id"]]["id"], *(m[name] for name in _METRIC[1:]))
             for m in filter(foreign_rows.is_metric, seen)],
        )  # fmt: skip

    def _verdict(self, conn: Connection, row: Row, now: int) -> None:
        """What a person said there, unless a person said otherwise here."""
        posts = [
            self._post_here(conn, row[f"{which}channel_id"], row[f"{which}message{end}"], now)
            for which, end in (("", "_id"), ("other_", ""))
            if row[f"{which}channel_id"] is not None
        ]
        here = [post for post in posts if post is not None]
        if len(here) < len(posts) or not here or len(set(here)) < len(here):
            return
        if verdicts.take(conn, self._run, row["kind"], here, row["said"]) is None:
            names = " and ".join(f"#{post}" for post in here)
            said = f"{row['kind']} there, and a person said otherwise here"
            self._conflict(conn, names, said)

    def _post_here(self, conn: Connection, channel: int, message_id: int, now: int) -> int | None:
        """The post here that is this one there."""
        if channel not in self._told:
            return None
        key = (self._channel(conn, channel, now), message_id)
        found = driver(conn).execute(_HERE, key).fetchone()
        return None if found is None else int(found[0])

    def _name(self, conn: Connection, row: Row, now: int) -> None:
        """A name a channel had; one that a person linked leads here where it did there."""
        if row["channel_id"] not in self._told:
            return
        key = self._channel(conn, row["channel_id"], now)
        if row["kind"] == "alias":
            bound = channels.alias_of(conn, row["name"])
            if bound not in (None, key):
                self._conflict(conn, row["name"], "linked to one channel here and another there")
                return
        values = {
            "channel_id": key,
            "kind": row["kind"],
            "name": row["name"],
            "name_key": row["name"].casefold(),
            "first_seen": row["first_seen"],
            "last_seen": row["last_seen"],
        }
        bulk_columns = tuple(values)
        marks = ", ".join("?" * len(values))
        driver(conn).execute(
            f"INSERT INTO {channel_name.name}({', '.join(bulk_columns)}) VALUES ({marks})"
            " ON CONFLICT DO UPDATE SET first_seen = min(first_seen, excluded.first_seen),"
            " last_seen = max(last_seen, excluded.last_seen)",
            tuple(values.values()),
        )

    def _cover(self, conn: Connection, key: int, spans: Iterable[tuple[int, int]]) -> None:
        columns = select(coverage.c.lo, coverage.c.hi).where(coverage.c.channel_id == key)
        mine = Coverage(tuple(sorted((lo, hi) for lo, hi in conn.execute(columns))))
        joined = mine
        for lo, hi in spans:
            joined = joined.add(lo, hi)
        subscriptions.save_coverage(conn, key, mine, joined)

    def _conflict(self, conn: Connection, place: str, message: str) -> None:
        self._conflicts += 1
        if self._conflicts <= _MOST_CONFLICTS:
            values = {"run_id": self._run, "kind": "conflict", "place": f"{self._place}: {place}"}
            conn.execute(insert(event).values(values | {"message": message}))

    @property
    def conflicts(self) -> int:
        """In how many things the archives contradict each other."""
        return self._conflicts
