"""Finds near copies: which earlier leader, if any, a new body is a copy of. The third layer.

Bodies are looked at in the order of their first posts. Fingerprints find candidates, `compare`
measures them, `decide` weighs. A body joins a *leader* only when it was compared with it, or with
a longer version beside it, never through another copy: no chains. A body that joins nobody leads,
and its fingerprints are added to the index.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import chain
from typing import NamedTuple

from archiver.store import prints as index
from archiver.store.groups import Transaction
from archiver.store.prints import HOTTEST, BodyText, Decided, Fresh, Known
from archiver.text.body import comparable
from archiver.text.compare import kept_words, measure
from archiver.text.cuts import apply_cuts, read_cuts
from archiver.text.decide import Between, Decision, Relation, Thresholds, decide, is_brief
from archiver.text.prints import codes_and_prints, prints
from archiver.text.wording import Wording, names_in, wording

FEWEST_WORDS = 4  # of a body that may be a near copy
CANDIDATES = 8  # of a body, those with the most fingerprints in common
_FEW = 40  # words; of shorter texts one fingerprint in common is enough
_LEAST = 0.4  # of the shorter text in common, or the pair is not looked at any further
_LINKS = 6  # of a body
# A copy is worth being found by where it is so many words longer than what it was compared with,
# or so many hours later: copies of it are nearer to it than to the leader.
_ADDS = 8
_LATER = 24
_ROUNDED = 20  # scores are compared in steps of a twentieth; of equal ones the earlier leader wins
_OFTEN = 3
_BOILERPLATE = 0.5  # of the fingerprints of a text of few words: it is a form
_REMEMBERED = 50_000  # wordings: about a kilobyte each

Footers = Mapping[int, frozenset[str]]


class Told(NamedTuple):
    """A body ready to be compared."""

    body: int
    wording: Wording
    prints: list[int]


@dataclass(slots=True)
class Memory:
    """Wordings of bodies met lately; what it lacks is made again from the text."""

    kept: OrderedDict[int, Wording] = field(default_factory=OrderedDict)

    def add(self, body: int, words: Wording) -> None:
        """Remember a wording, and forget the one that was not asked for the longest."""
        self.kept[body] = words
        if len(self.kept) > _REMEMBERED:
            self.kept.popitem(last=False)

    def get(self, body: int) -> Wording | None:
        """A wording that is remembered."""
        if body in self.kept:
            self.kept.move_to_end(body)
        return self.kept.get(body)


def tell(found: Sequence[BodyText], footers: Footers) -> list[Told]:
    """The wording and the fingerprints of each text."""
    told = []
    for each in found:
        text = _plain(each)
        plain = comparable(text, _lines(each, footers))
        codes, found_prints = codes_and_prints(plain.split())
        told.append(Told(each.body, Wording(plain, codes, names_in(text)), found_prints))
    return told


def wording_of(found: BodyText, footers: Footers) -> Wording:
    """The wording of a text."""
    return wording(_plain(found), _lines(found, footers))


def _plain(found: BodyText) -> str:
    return apply_cuts(found.text, read_cuts(found.cuts)) if found.cuts else found.text


def _lines(found: BodyText, footers: Footers) -> frozenset[str]:
    lines = footers.get(found.channel, frozenset())
    if found.fwd_channel is not None and found.fwd_channel in footers:
        lines = lines | footers[found.fwd_channel]
    return lines


@dataclass(slots=True)
class Matching:
    """One batch of bodies: the part of the index it touches, and what it adds to it."""

    conn: Transaction
    footers: Footers
    thresholds: Thresholds
    memory: Memory
    holders: dict[int, list[int]] = field(default_factory=dict)
    # Of each body, how many fingerprints it shares with bodies of the archive, and what this batch
    # adds to that: by fingerprint.
    shared: dict[int, Counter[int]] = field(default_factory=dict)
    fresh: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    hot: set[int] = field(default_factory=set)
    turned_hot: set[int] = field(default_factory=set)
    known: dict[int, Known] = field(default_factory=dict)
    added: list[tuple[int, int]] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)
    forms: set[int] = field(default_factory=set)
    links: list[tuple[int, int, str, float]] = field(default_factory=list)

    def look_up(self, told: Sequence[Told]) -> None:
        """Read what the archive knows around these bodies."""
        hashes = sorted({value for each in told for value in each.prints})
        self.hot = index.hot_among(self.conn, hashes)
        self.holders = index.holders(self.conn, hashes)
        self.shared = {each.body: self._in_archive(each) for each in told}
        near = {body for each in told for body in self.candidates(each)}
        self.known = index.known(self.conn, near)
        for each in told:
            self.memory.add(each.body, each.wording)
        self._recall()

    def _recall(self) -> None:
        """Have the wordings of all that may be compared with at hand."""
        missing = [body for body in self.known if body not in self.memory.kept]
        for found in index.texts(self.conn, missing):
            self.memory.add(found.body, wording_of(found, self.footers))

    def _in_archive(self, told: Told) -> Counter[int]:
        lists = [self.holders[value] for value in told.prints if value in self.holders]
        return Counter(chain.from_iterable(lists))

    def candidates(self, told: Told) -> list[int]:
        """The bodies that share the most fingerprints, of equal ones the earlier."""
        shared = self.shared[told.body]
        for value in told.prints:
            for body in self.fresh.get(value, ()):
                shared[body] += 1
        if not shared:
            return []
        least = fewest_shared(len(told.wording.codes))
        ranked = [(-count, -body) for body, count in shared.items() if count >= least]
        return [-body for _, body in nsmallest(CANDIDATES, ranked)]

    def settle(self, fresh: Fresh, told: Told) -> None:
        """Decide what a body is, and let the following bodies find it."""
        judged = []
        for body in self.candidates(told):
            found = self._judge(fresh, told, body)
            if found is not None:
                judged.append((body, found))
        best = self._best(judged)
        if best is None:
            self._lead(fresh, told)
        else:
            self._follow(fresh, told, *best)
        self._note_forms(told, judged)  # after its own fingerprints were counted
        self._link(told, judged, None if best is None else self.known[best[0]].leader)

    def _judge(self, fresh: Fresh, told: Told, body: int) -> Decision | None:
        earlier = self.memory.get(body)
        if earlier is None or body not in self.known:
            return None
        return judge(earlier, told.wording, between(self.known[body], fresh), self.thresholds)

    def _note_forms(self, told: Told, judged: Iterable[tuple[int, Decision]]) -> None:
        """A sentence that one channel said three times, with other words in one place, is a form.

        Twice may be a correction. Where too many have said it to be found, its fingerprints are
        boilerplate.
        """
        places = Counter(place for _, decision in judged for place in decision.slots)
        slots = {place for place, count in places.items() if count >= _OFTEN - 1}
        found = [body for body, decision in judged if not slots.isdisjoint(decision.slots)]
        if found:
            self.forms.update(found, (told.body,))
        elif len(told.wording.codes) < _FEW:
            known = sum(value in self.hot for value in told.prints)
            if known >= _BOILERPLATE * len(told.prints):
                self.forms.add(told.body)

    def _best(self, judged: Iterable[tuple[int, Decision]]) -> tuple[int, Decision] | None:
        joinable = [
            (-round(found.score * _ROUNDED), self.known[body].leader, body, found)
            for body, found in judged
            if found.relation is not None and found.relation.collapses
        ]
        if not joinable:
            return None
        _, _, body, found = min(joinable, key=lambda item: item[:3])
        return body, found

    def _lead(self, fresh: Fresh, told: Told) -> None:
        self._decide(
            Decided(told.body, told.body, None, None, None, True, fresh.date, fresh.channel)
        )
        self._post(told)

    def _follow(self, fresh: Fresh, told: Told, body: int, found: Decision) -> None:
        earlier = self.memory.get(body)
        assert earlier is not None
        assert found.relation is not None
        hours = between(self.known[body], fresh).hours
        posted = len(told.wording.codes) >= len(earlier.codes) + _ADDS or (hours or 0) >= _LATER
        self._decide(
            Decided(
                told.body,
                self.known[body].leader,
                body,
                found.relation.value,
                round(found.score, 4),
                posted,
                fresh.date,
                fresh.channel,
            )
        )
        if is_brief((len(earlier.codes), len(told.wording.codes))):
            self.forms.update((told.body, self.known[body].leader))
        if posted:
            self._post(told, without=set(prints(earlier.words)))

    def _decide(self, decided: Decided) -> None:
        self.decided.append(decided)
        self.known[decided.body] = Known(
            decided.body, decided.leader, decided.date, decided.channel
        )

    def _post(self, told: Told, without: Iterable[int] = ()) -> None:
        for value in told.prints:
            if value in self.hot or value in without:
                continue
            bodies = self.fresh[value]
            bodies.append(told.body)
            if len(bodies) + len(self.holders.get(value, ())) > HOTTEST:
                self.hot.add(value)
                self.turned_hot.add(value)
                del self.fresh[value]
            else:
                self.added.append((value, told.body))

    def _link(self, told: Told, judged: Iterable[tuple[int, Decision]], leader: int | None) -> None:
        """Keep what the body has to do with other statements: the surest first, a few."""
        found: dict[int, tuple[float, Relation]] = {}
        for body, decision in judged:
            other = self.known[body].leader
            if decision.relation is None or other in (leader, told.body):
                continue
            relation = Relation.RELATED if decision.relation.collapses else decision.relation
            found[other] = max(found.get(other, (0.0, relation)), (decision.score, relation))
        ranked = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
        self.links += [
            (told.body, other, relation.value, round(score, 4))
            for other, (score, relation) in ranked[:_LINKS]
        ]

    def save(self, run_id: int, version: int) -> None:
        """Write all of it."""
        index.save(self.conn, run_id, version, self.decided, self.links)
        index.save_forms(self.conn, self.forms)
        kept = [row for row in self.added if row[0] not in self.turned_hot]
        index.post_prints(self.conn, kept, self.turned_hot)


def fewest_shared(words: int) -> int:
    """The fingerprints that a text of so many words has in common with what may be its leader."""
    return 1 if words < _FEW else 2


def judge(
    earlier: Wording, later: Wording, apart: Between, thresholds: Thresholds
) -> Decision | None:
    """What a later text is to an earlier one; None where they have too little in common."""
    sizes = len(earlier.codes), len(later.codes)
    common = kept_words(earlier.codes, later.codes, int(_LEAST * min(sizes)))
    if not common:
        return None
    return decide(measure(earlier, later, common), apart, thresholds)


def between(earlier: Known, later: Fresh) -> Between:
    """What stands between the first posts of two bodies."""
    hours = None
    if earlier.date is not None and later.date is not None:
        hours = (later.date - earlier.date) / 3600
    return Between(hours, earlier.channel == later.channel)
