"""What a pass of the third layer has in memory: wordings, and what it has not written yet.

To those who ask, what waits here is in the index.

Written after every batch, a pass over a million posts would write each page of the fingerprints
300 times: they are hashes, so the few of one batch lie on nearly all pages.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

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
    """Fingerprints of leaders, by hash, what turned hot, and all rows to be written."""

    prints: dict[int, list[int]] = field(default_factory=dict)
    hot: set[int] = field(default_factory=set)
    decided: list[Decided] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    forms: set[int] = field(default_factory=set)
    known: dict[int, Known] = field(default_factory=dict)
    versions: Versions = field(default_factory=Versions)
    # Of the time before the last writing: a batch that was looked up then may still ask for it.
    known_before: dict[int, Known] = field(default_factory=dict)

    def overlay(self, holders: dict[int, list[int]], hashes: Set[int]) -> set[int]:
        """Add to what the archive says of these fingerprints; which of them turned hot."""
        turned = self.hot & hashes
        for value in turned:
            holders.pop(value, None)
        for value in self.prints.keys() & hashes:
            holders[value] = [*holders.get(value, ()), *self.prints[value]]
        return turned

    def find(self, body: int) -> Known | None:
        """What was decided lately about a body."""
        return self.known.get(body) or self.known_before.get(body)

    def decide(self, decided: Decided) -> None:
        """Take a decision in."""
        self.decided.append(decided)
        self.known[decided.body] = Known(
            decided.body, decided.leader, decided.date, decided.channel
        )
        self.versions.add(decided)

    def post(self, led: dict[int, list[int]], turned_hot: Iterable[int]) -> None:
        """Take the fingerprints of a batch in, and drop what turned hot in it."""
        for value in turned_hot:
            self.prints.pop(value, None)
            self.hot.add(value)
        for value, bodies in led.items():
            if value in self.prints:
                self.prints[value] += bodies
            else:
                self.prints[value] = bodies

    @property
    def is_full(self) -> bool:
        """Whether it is time to write."""
        return len(self.decided) >= _SAVED_AT_ONCE

    def save(self, conn: Transaction, run_id: int, version: int) -> None:
        """Write all of it, and begin anew."""
        index.save(conn, run_id, version, self.decided, self.links)
        index.save_forms(conn, self.forms)
        rows = [(value, body) for value, bodies in self.prints.items() for body in bodies]
        index.post_prints(conn, rows, self.hot)
        self.known_before = self.known
        self.prints, self.hot, self.known = {}, set(), {}
        self.decided, self.links, self.forms = [], [], set()
        self.versions = Versions()


@dataclass(slots=True)
class Memory:
    """Wordings of bodies met lately, packed; what it lacks is made again from the text."""

    kept: OrderedDict[int, tuple[bytes, bytes | None]] = field(default_factory=OrderedDict)

    def add(self, body: int, made: bytes, prints: Sequence[int] | None = None) -> None:
        """Remember a wording, and forget the one that was not asked for the longest."""
        self.kept[body] = made, None if prints is None else array("Q", prints).tobytes()
        if len(self.kept) > _REMEMBERED:
            self.kept.popitem(last=False)

    def get(self, body: int) -> bytes | None:
        """A wording that is remembered."""
        found = self.kept.get(body)
        if found is None:
            return None
        self.kept.move_to_end(body)
        return found[0]

    def prints(self, body: int) -> Sequence[int] | None:
        """The fingerprints that are remembered."""
        _, prints = self.kept.get(body, (None, None))
        return None if prints is None else array("Q", prints)
