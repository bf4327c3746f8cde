"""How a channel keeps its messages: serialised once, found by position, with a log of changes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from tests.server.tl import Stored, epoch, read


class Kind(Enum):
    """What happened to a message."""

    NEW = "new"
    EDIT = "edit"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Change:
    """One event of a channel; `pts` is its state afterwards."""

    pts: int
    kind: Kind
    ids: tuple[int, ...]


class Shelf:
    """Messages as bytes, so that a page of 100,000 posts is a join of a hundred of them."""

    def __init__(self) -> None:
        self.ids: list[int] = []  # ascending, only those that exist
        self.log: list[Change] = []
        self.pts = 1
        self._data: dict[int, bytes] = {}
        self._dates: dict[int, int] = {}

    def __contains__(self, id_: int) -> bool:
        return id_ in self._data

    def add(self, id_: int, data: bytes, date: Any) -> None:
        """A new message, the highest id yet."""
        assert not self.ids or id_ > self.ids[-1], "ids only grow"
        self.ids.append(id_)
        self._data[id_], self._dates[id_] = data, epoch(date)
        self._happened(Kind.NEW, (id_,))

    def replace(self, id_: int, data: bytes, *, told: bool = True) -> None:
        """Other content; `told` if the difference has it, as it has not for counters."""
        self._data[id_] = data
        if told:
            self._happened(Kind.EDIT, (id_,))

    def remove(self, ids: Iterable[int], *, told: bool = True) -> None:
        """The messages are gone; `told` if the difference says so."""
        gone = tuple(id_ for id_ in ids if self._data.pop(id_, None) is not None)
        for id_ in gone:
            del self.ids[bisect_left(self.ids, id_)]
        if gone and told:
            self._happened(Kind.DELETE, gone)

    def stored(self, id_: int) -> Stored:
        """One message, as it is put into an answer."""
        return Stored(id_, self._data[id_])

    def message(self, id_: int) -> Any:
        """One message as an object, made of its bytes."""
        return read(self._data[id_])

    def date(self, id_: int) -> int:
        """When it was posted."""
        return self._dates[id_]

    def below(self, id_: int) -> int:
        """How many messages have a smaller id."""
        return bisect_left(self.ids, id_)

    def before(self, date: int) -> int:
        """How many messages are older than that date."""
        return bisect_left(self.ids, date, key=self._dates.__getitem__)

    def since(self, pts: int) -> Sequence[Change]:
        """What happened after that state."""
        return self.log[bisect_right(self.log, pts, key=lambda change: change.pts) :]

    def _happened(self, kind: Kind, ids: tuple[int, ...]) -> None:
        self.pts += len(ids)
        self.log.append(Change(self.pts, kind, ids))
