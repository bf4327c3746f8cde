"""What all batches of the third layer have in common: settings, and what is known in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from archiver.fronts import Front
from archiver.judging import Footers, Told
from archiver.recent import Recent
from archiver.shelf import Memory, Shelf
from archiver.spool import Spool
from archiver.store import prints as index
from archiver.store.groups import Transaction
from archiver.text.decide import DECISION_VERSION, Thresholds


@dataclass(slots=True)
class Means:
    """What all batches of a pass have in common."""

    footers: Footers
    thresholds: Thresholds
    front: Front
    made: Spool
    recent: Recent
    memory: Memory = field(default_factory=Memory)
    shelf: Shelf = field(default_factory=Shelf)

    def save(self, conn: Transaction, run_id: int) -> None:
        """Write what was decided and the fingerprints of what leads."""
        self.shelf.save(conn, run_id, DECISION_VERSION)
        turned = self.recent.turned
        index.post_prints(conn, self.recent.written(), turned)

    def tell(self, conn: Transaction, bodies: Sequence[int]) -> Callable[[], list[Told]]:
        """Start on the wordings and fingerprints of the bodies that have none from being keyed."""
        ready = self.made.take(bodies)
        missing = set(bodies) - {each.body for each in ready}
        finish = self.front.tell(index.texts(conn, missing), self.footers)
        return lambda: ready + finish()
