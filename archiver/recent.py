"""The fingerprints of the bodies that a pass has met since it wrote the index last.

A body has its place here as soon as its batch is looked up, long before it is decided whether it
leads: so each fingerprint is looked at once, and what is foreseen of later bodies needs no place of
its own. What turns out to lead nobody is taken out again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import chain

from archiver.judging import Told
from archiver.store.prints import HOTTEST, Fresh

_VERSIONS = HOTTEST // 3  # bodies that have a fingerprint; from then on versions are not posted
_MOST = 2 * HOTTEST  # bodies kept of one fingerprint while they wait; others when they lead


class Recent:
    """Who has which fingerprint, of the bodies that are not in the index.

    `waiting` are those nothing is decided about, `seeming` those of them that look like copies,
    `hot` the fingerprints that are boilerplate, `turned` those that are since the last writing.
    """

    def __init__(self, hot: Iterable[int]) -> None:
        self.hot = set(hot)
        self.turned: set[int] = set()
        self.waiting: dict[int, Fresh] = {}
        self.seeming: set[int] = set()
        # Most fingerprints are of one body: that one, or a list of several.
        self._held: dict[int, int | list[int]] = {}
        self._posted: dict[int, Sequence[int]] = {}
        self._left_out: set[int] = set()  # waiting, and not in each list
        self._cut: set[int] = set()  # fingerprints whose lists lack some

    def meet(self, fresh: Fresh, told: Told) -> list[int]:
        """Take in a body that waits; who was met before it, once for each fingerprint shared."""
        body, held, met = told.body, self._held, []
        self.waiting[body] = fresh
        for value in self._of(told):
            other = held.setdefault(value, body)
            if other == body:
                continue
            if isinstance(other, list):
                met += other
                if len(other) < _MOST:
                    other.append(body)
                else:
                    self._left_out.add(body)
                    self._cut.add(value)
            else:
                met.append(other)
                held[value] = [other, body]
        return met

    def has_met_all(self, told: Told) -> bool:
        """Whether what `meet` told of a body are all that it can share fingerprints with."""
        return self._cut.isdisjoint(told.prints)

    def shared(self, told: Told, archived: Mapping[int, Sequence[int]]) -> Counter[int]:
        """How many fingerprints a body shares with each one that is decided, here or `archived`."""
        held, alone = self._held, []
        lists: list[Sequence[int]] = []
        for value in self._of(told):
            other = held.get(value)
            if isinstance(other, list):
                lists.append(other)
            elif other is not None:
                alone.append(other)
            if value in archived:
                lists.append(archived[value])
        found = Counter(chain(alone, chain.from_iterable(lists)))
        for body in found.keys() & self.waiting.keys():
            del found[body]
        return found

    def lead(self, told: Told) -> None:
        """A body that shares no fingerprint with any before it leads."""
        self._decided(told.body)
        self._posted[told.body] = told.prints

    def post(
        self,
        told: Told,
        archived: Mapping[int, Sequence[int]],
        without: Container[int] | None = None,
    ) -> None:
        """A body is to be found by its fingerprints; a version of a leader but for those `without`.

        What more than `HOTTEST` have leads nowhere from now on. Versions do not bring that about:
        the largest statements would be lost to their later copies.
        """
        body, held = told.body, self._held
        is_left_out = body in self._left_out
        self._decided(body)
        kept = []
        for value in self._of(told):
            if without is not None and value in without:
                self._take_out(value, body)
                continue
            others = held.setdefault(value, body)
            several = isinstance(others, list)
            if is_left_out and isinstance(others, list) and body not in others:
                others.append(body)
            elder = len(archived.get(value, ()))
            holders = self._count(others) + elder if several or elder else 1
            if without is not None and holders > _VERSIONS:
                self._take_out(value, body)
            elif holders > HOTTEST:
                self.hot.add(value)
                self.turned.add(value)
                del held[value]
            else:
                kept.append(value)
        self._posted[body] = kept

    def drop(self, told: Told) -> None:
        """A body is found through its leader alone."""
        self._decided(told.body)
        for value in self._of(told):
            self._take_out(value, told.body)

    def written(self) -> list[tuple[int, int]]:
        """The (fingerprint, body) pairs to be written; begins anew. No body may wait."""
        assert not self.waiting
        turned = self.turned
        rows = [(v, body) for body, some in self._posted.items() for v in some if v not in turned]
        self._held, self._posted, self.turned, self._cut = {}, {}, set(), set()
        return rows

    def _of(self, told: Told) -> Sequence[int]:
        hot = self.hot
        if hot.isdisjoint(told.prints):
            return told.prints
        return [value for value in told.prints if value not in hot]

    def _decided(self, body: int) -> None:
        del self.waiting[body]
        self.seeming.discard(body)
        self._left_out.discard(body)

    def _count(self, bodies: int | Sequence[int]) -> int:
        """How many of these are decided."""
        if isinstance(bodies, int):
            return 1
        return len(bodies) - sum(map(self.waiting.__contains__, bodies))

    def _take_out(self, value: int, body: int) -> None:
        others = self._held.get(value)
        if others == body:
            del self._held[value]
        elif isinstance(others, list) and body in others:
            others.remove(body)
