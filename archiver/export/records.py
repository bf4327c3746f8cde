"""What is exported: posts chosen, streamed, and as records of our own JSONL."""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import IO, Any, TypeVar

from archiver.model import Channel, Source, Verdict, Version
from archiver.sources.record import from_post, from_verdict, iso
from archiver.store import exporting, look, rows
from archiver.store.exporting import Light
from archiver.store.look import Stored, Wording
from archiver.store.verdicts import holding
from archiver.text.cuts import apply_cuts
from archiver.text.refs import permalink


@dataclass(frozen=True, slots=True)
class Chosen:
    """The posts of one export: by sort key, oldest first, or all of them (None).

    `title` says what they are, `now` when that is, for those forms that have a place for it.
    `watch` is told how many more posts were taken out.
    """

    db: sqlite3.Connection
    keys: Sequence[int] | None = None
    title: str = "Archive"
    now: int = 0
    excel: bool = False
    watch: Callable[[int], None] = lambda _more: None

    def posts(self, keys: Iterable[int] | None = None) -> Iterator[Stored]:
        """The posts one by one; with `keys` only those."""
        wanted = self.keys if keys is None else keys
        found = look.every(self.db) if wanted is None else look.each(self.db, wanted)
        return self.watched(found)

    def records(self) -> Iterator[dict[str, Any]]:
        """The posts as records."""
        return self.watched(records(self.db, self.keys))

    def watched(self, found: Iterator[T]) -> Iterator[T]:
        """The same, and a word now and then on how far it is."""
        for number, each in enumerate(found, 1):
            yield each
            if not number % _A_WORD:
                self.watch(_A_WORD)

    def count(self) -> int:
        """How many they are."""
        return exporting.count(self.db) if self.keys is None else len(self.keys)

    def light(self) -> Iterator[Light]:
        """The posts without their words."""
        return exporting.light(self.db, self.keys)

    def by_channel(self) -> dict[int, array[int]]:
        """The sort keys of each channel, 8 bytes a post; channels in order of their first post."""
        found: dict[int, array[int]] = {}
        for each in self.light():
            found.setdefault(each.channel_id, array("q")).append(each.sort_key)
        return found


_A_WORD = 200  # posts
T = TypeVar("T")
Writer = Callable[[Chosen, IO[bytes]], int]


def records(db: sqlite3.Connection, sort_keys: Iterable[int] | None) -> Iterator[dict[str, Any]]:
    """One record a post: these, or all of them, oldest first.

    The keys are those of docs/formats.md, and derived ones that an import passes over: `body` (the
    text without what repeats inside it), `cluster`, `canonical` (where the statement stands first),
    `url`, and of a deleted post `deleted` (when that was noticed) and `deleted_evidence`.
    """
    canonical, edited = Canonicals(db), Edited(db)
    for found in look.every(db) if sort_keys is None else look.each(db, sort_keys):
        yield record_of(edited.whole(found)) | {"canonical": canonical.of(found)}


def verdicts(db: sqlite3.Connection, sort_keys: Sequence[int] | None) -> Iterator[dict[str, Any]]:
    """One record a verdict that holds, of those whose posts are all among the chosen."""
    chosen = None if sort_keys is None else frozenset(sort_keys)
    for said in holding(db):
        places = [place for place in (said.post, said.other) if place is not None]
        if chosen is None or all(place.sort_key in chosen for place in places):
            posts = tuple((place.channel, place.message_id) for place in places)
            yield from_verdict(Verdict(said.kind, posts, said.said))


def record_of(found: Stored) -> dict[str, Any]:
    """One post as a JSON object."""
    record = from_post(
        Channel(found.title, found.username, found.tg_id, found.channel_kind), found.post
    )
    if found.deleted_at is not None:
        record["deleted"] = iso(found.deleted_at)
        record["deleted_evidence"] = found.deleted_evidence
    return record | {
        "body": apply_cuts(found.post.text, found.cuts),
        "cluster": found.cluster_id,
        "url": permalink(found.username, found.tg_id, found.post.message_id),
    }


class Edited:
    """Posts with their earlier wordings; which have some is known beforehand, 8 bytes each."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        found = db.execute("SELECT DISTINCT post_id FROM revision ORDER BY post_id")
        self._ids = array("q", (key for (key,) in found))

    def whole(self, found: Stored) -> Stored:
        """The post with its versions."""
        at = bisect_left(self._ids, found.id)
        if at == len(self._ids) or self._ids[at] != found.id:
            return found
        told = tuple(map(_version, look.versions(self._db, found.id)))
        return replace(found, post=replace(found.post, versions=told))


def _version(wording: Wording) -> Version:
    entities = rows.load(wording.entities)
    return Version(
        wording.text,
        tuple(entities) if entities else None,
        wording.edited,
        Source(wording.source),
        wording.media_kind,
        rows.load(wording.media),
        wording.seen,
    )


class Canonicals:
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
