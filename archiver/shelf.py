"""What a pass of the third layer has in memory: wordings, and what it has not written yet.

To those who ask, what waits here is in the index. Its fingerprints are in `recent.py`.

Written after every batch, a pass over a million posts would write each page of the fingerprints
300 times: they are hashes, so the few of one batch lie on nearly all pages.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from archiver.judging import Told
from archiver.store import prints as index
from archiver.store.groups import Transaction
from archiver.store.prints import Decided, Known

# Bodies that one transaction writes, a few seconds' work: that much a killed pass does again.
_SAVED_AT_ONCE = 20_000
_VERSIONS = 8  # of a leader, that a body is compared with which shares wording with it

_REMEMBERED = 50_000  # wordings: about two kilobytes each

Link = tuple[int, int, str, float]


@dataclass(slots=True)
class Versions:
    """Of leaders, the copies that are worth being found by, each as (date, body)."""

    written: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    waiting: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def add(self, decided: Decided) -> None:
        """Take in what was decided, if it is such a copy."""
        if decided.posted and decided.relation is not None:
            self.waiting.setdefault(decided.leader, []).append((decided.date or 0, decided.body))

    def latest(self, conn: Transaction, leader: int) -> list[int]:
        """A few bodies, the latest last; the archive is asked once for each leader."""
        if leader not in self.written:
            self.written[leader] = index.versions(conn, leader)
        found = sorted(self.written[leader] + self.waiting.get(leader, []))
        return [body for _, body in found[-_VERSIONS:]]


@dataclass(slots=True)
class Shelf:
    """What was decided since the last writing, and all rows of it."""

    decided: list[Decided] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    forms: set[int] = field(default_factory=set)
    known: dict[int, Known] = field(default_factory=dict)
    versions: Versions = field(default_factory=Versions)

    def decide(self, decided: Decided) -> None:
        """Take a decision in."""
        self.decided.append(decided)
        self.known[decided.body] = Known(
            decided.body, decided.leader, decided.date, decided.channel
        )
        self.versions.add(decided)

    def is_full(self, more: int) -> bool:
        """Whether it is time to write when so many more bodies are decided."""
        return len(self.decided) + more >= _SAVED_AT_ONCE

    def save(self, conn: Transaction, run_id: int, version: int) -> None:
        """Write all of it, and begin anew."""
        index.save(conn, run_id, version, self.decided, self.links)
        index.save_forms(conn, self.forms)
        self.known = {}
        self.decided, self.links, self.forms = [], [], set()
        self.versions = Versions()


@dataclass(slots=True)
class Memory:
    """Bodies met lately, as they were told; what it lacks is made again from the text."""

    kept: OrderedDict[int, Told] = field(default_factory=OrderedDict)

    def add(self, told: Told) -> None:
        """Remember a body, and forget the one that was not asked for the longest."""
        self.kept[told.body] = told
        if len(self.kept) > _REMEMBERED:
            self.kept.popitem(last=False)

    def get(self, body: int) -> Told | None:
        """A body that is remembered."""
        found = self.kept.get(body)
        if found is not None:
            self.kept.move_to_end(body)
        return found
