"""The pass over leaders, as `near.py` has it, with its comparisons made already."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping

from archiver.near import Footers, Matching, Memory, Told, wording_of
from archiver.store import prints
from archiver.store.groups import Transaction
from archiver.store.prints import Fresh
from archiver.text.decide import Decision, Thresholds
from archiver.text.wording import Wording

Pair = tuple[int, int]


class Library(Memory):
    """Wordings that are made from the archive when somebody asks for them."""

    def __init__(
        self, kept: OrderedDict[int, Wording], conn: Transaction, footers: Footers
    ) -> None:
        super().__init__(kept)
        self._conn, self._footers = conn, footers

    def get(self, body: int) -> Wording | None:
        """A wording, remembered or not."""
        if body not in self.kept:
            for found in prints.texts(self._conn, [body]):
                self.add(body, wording_of(found, self._footers))
        return super().get(body)


class Foreseen(Matching):
    """A batch whose pairs were compared elsewhere; one that nobody foresaw is compared here."""

    def __init__(
        self,
        conn: Transaction,
        footers: Footers,
        thresholds: Thresholds,
        memory: Memory,
        found: Mapping[Pair, Decision | None],
        missed: Callable[[], None],
    ) -> None:
        super().__init__(conn, footers, thresholds, memory)
        self._found, self._missed = found, missed

    def _recall(self) -> None:
        """Nothing: few are asked for."""

    def _judge(self, fresh: Fresh, told: Told, body: int) -> Decision | None:
        pair = (body, told.body)
        if pair in self._found:
            return self._found[pair]
        self._missed()
        return super()._judge(fresh, told, body)
