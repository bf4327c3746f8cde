"""Finds near copies: which earlier leader, if any, a new body is a copy of. The third layer.

Bodies are looked at in the order of their first posts. Fingerprints find candidates, `judging`
measures and weighs them. A body joins a *leader* only when it was compared with it, or with a
longer version beside it, never through another copy: no chains. A body that joins nobody leads,
and its fingerprints are added to the index.

A batch is *looked up* while the one before it is not settled yet, so that the pairs it will likely
ask about can be judged meanwhile, in other processes. What the one before adds to the index is
caught up with; pairs that nobody foresaw are judged when it is their turn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from archiver.ahead import FEW, Ahead, between, closest, questions
from archiver.choice import Judged, best, hopeful, is_sure, links
from archiver.judging import Found, Told, judge, pack, wording_in, wording_of
from archiver.means import Means
from archiver.store import prints as index
from archiver.store.groups import Transaction
from archiver.store.prints import HOTTEST, BodyText, Decided, Fresh, Known
from archiver.text.decide import place_of
from archiver.text.prints import prints
from archiver.text.rules import is_brief
from archiver.text.wording import Wording

# A copy is worth being found by where it is so many words longer than what it was compared with,
# or so many hours later: copies of it are nearer to it than to the leader.
_ADDS = 8
_LATER = 24
_OFTEN = 3
_BOILERPLATE = 0.5  # of the fingerprints of a text of few words: it is a form


@dataclass(slots=True)
class Matching:
    """One batch of bodies: the part of the index it touches, and what it adds to it."""

    means: Means
    fresh: Sequence[Fresh]
    told: Mapping[int, Told]
    before: Matching | None = None  # the batch that was not settled yet when this was looked up
    hashes: set[int] = field(default_factory=set)
    holders: dict[int, list[int]] = field(default_factory=dict)
    # Of each body, how many fingerprints it shares with bodies of the archive; what this batch
    # adds to that is in `led`, by fingerprint.
    shared: dict[int, Counter[int]] = field(default_factory=dict)
    led: dict[int, list[int]] = field(default_factory=dict)
    hot: set[int] = field(default_factory=set)
    turned_hot: set[int] = field(default_factory=set)
    known: dict[int, Known] = field(default_factory=dict)
    texts: dict[int, BodyText] = field(default_factory=dict)
    ahead: Ahead | None = None
    near: int = 0
    links: int = 0

    def look_up(self, conn: Transaction) -> None:
        """Read what the archive and the shelf know around these bodies; have pairs judged."""
        self.hashes = {value for each in self.told.values() for value in each.prints}
        self.holders = index.holders(conn, sorted(self.hashes))
        self.hot = self.means.hot(conn) & self.hashes
        self.hot |= self.means.shelf.overlay(self.holders, self.hashes)
        self.shared = {body: self._in_archive(each) for body, each in self.told.items()}
        for body, each in self.told.items():
            self.means.memory.add(body, each.made, each.prints)
        self.ahead = self._foresee(conn)

    def _in_archive(self, told: Told) -> Counter[int]:
        holders = self.holders
        lists = [holders[value] for value in told.prints if value in holders]
        return Counter(chain.from_iterable(lists)) if lists else Counter()

    def _foresee(self, conn: Transaction) -> Ahead:
        """Have the pairs judged that are likely to be asked about, and read what that takes."""
        before = self.before
        leading = {} if before is None or before.ahead is None else before.ahead.leading
        ahead = Ahead(self.hot, leading)
        likely = [
            (told, fresh, ahead.likely(told, self.shared[fresh.body]))
            for fresh in self.fresh
            for told in (self.told[fresh.body],)
        ]
        places: dict[int, Known | Fresh] = {each.body: each for each in self.fresh}
        if before is not None:
            places |= {each.body: each for each in before.fresh}
        self._read(conn, {body for *_, some in likely for body in some} - places.keys())
        means = self.means
        asked = questions(likely, self._words, places | self.known)
        ahead.finish = means.front.judge(asked, means.footers, means.thresholds)
        return ahead

    def _read(self, conn: Transaction, bodies: Iterable[int]) -> None:
        """Fetch what was decided about bodies, and the texts of those that are not remembered."""
        shelf, kept = self.means.shelf, self.means.memory.kept
        lately = {body: found for body in bodies if (found := shelf.find(body)) is not None}
        self.known = lately | index.known(conn, set(bodies) - lately.keys())
        missing = {body for body in self.known if body not in kept}
        missing -= {told.body for told in self._ready(missing)}
        self.texts = {each.body: each for each in index.texts(conn, missing)}

    def _ready(self, bodies: Iterable[int]) -> list[Told]:
        """Remember those bodies again that have what they are compared by from being keyed."""
        found = self.means.made.take(bodies)
        for told in found:
            self.means.memory.add(told.body, told.made, told.prints)
        return found

    def _words(self, body: int) -> bytes | BodyText | None:
        return self.means.memory.get(body) or self.texts.get(body)

    def settle(self, conn: Transaction) -> None:
        """Decide what each body is, and put it on the shelf."""
        if self.before is not None:
            self._catch_up(self.before)
            self.before = None
        assert self.ahead is not None
        for body, words in self.ahead.wait().items():
            self.means.memory.add(body, words)
        for fresh in self.fresh:
            self._settle(conn, fresh, self.told[fresh.body])
        self.means.shelf.post(self.led, self.turned_hot)

    def _catch_up(self, before: Matching) -> None:
        """Take in what the batch before added to the index after this one was looked up."""
        turned = self.hashes & before.turned_hot
        added = self.hashes & before.led.keys()
        gone = {value: self.holders.pop(value, []) for value in turned}
        self.hot |= turned
        for value in added:
            self.holders[value] = [*self.holders.get(value, ()), *before.led[value]]
        touched = turned | added
        for body, each in self.told.items():
            for value in touched.intersection(each.prints):
                if value in added:
                    self.shared[body].update(before.led[value])
                else:
                    self.shared[body].subtract(gone[value])

    def candidates(self, told: Told) -> list[int]:
        """The bodies that share the most fingerprints, of equal ones the latest."""
        shared, led = self.shared[told.body], self.led
        lists = [led[value] for value in told.prints if value in led]
        if lists:
            shared.update(chain.from_iterable(lists))
        return closest(shared, told)

    def _settle(self, conn: Transaction, fresh: Fresh, told: Told) -> None:
        judged = []
        for body in self.candidates(told):
            found = self._judge(conn, fresh, told, body)
            if found is not None:
                judged.append((body, found))
        chosen = best(judged, self._leader)
        if not is_sure(chosen):
            judged += self._judge_versions(conn, fresh, told, judged)
            chosen = best(judged, self._leader)
        if chosen is None:
            self._lead(fresh, told)
        else:
            self._follow(conn, fresh, told, *chosen)
        self._note_forms(told, judged)  # after its own fingerprints were counted
        self._link(told, judged, None if chosen is None else self._leader(chosen[0]))

    def _judge_versions(
        self, conn: Transaction, fresh: Fresh, told: Told, judged: Sequence[Judged]
    ) -> list[Judged]:
        """Compare with the versions of the leaders whose wording it shares without being a copy.

        A version has no fingerprints but those that what it was compared with lacks, so that a
        body that has them too is mostly led to the leader alone.
        """
        met = {body for body, _ in judged}
        versions = self.means.shelf.versions
        found = []
        for leader in hopeful(judged, self._leader):
            for body in versions.latest(conn, leader):
                each = None if body in met else self._judge(conn, fresh, told, body)
                if each is not None:
                    found.append((body, each))
        return found

    def _judge(self, conn: Transaction, fresh: Fresh, told: Told, body: int) -> Found | None:
        known = self._met(conn, body)
        assert self.ahead is not None
        if (body, told.body) in self.ahead.answers:
            return self.ahead.answers[body, told.body]
        earlier = self._wording(conn, body)
        if earlier is None or known is None:
            return None
        later = wording_in(told.made)
        return judge(earlier, later, between(known, fresh), self.means.thresholds)

    def _met(self, conn: Transaction, body: int) -> Known | None:
        """What was decided about a candidate."""
        found = self.known.get(body) or self.means.shelf.find(body)
        if found is None:
            found = index.known(conn, [body]).get(body)
        if found is not None:
            self.known[body] = found
        return found

    def _wording(self, conn: Transaction, body: int) -> Wording | None:
        made = self.means.memory.get(body)
        if made is None and self._ready([body]):
            made = self.means.memory.get(body)
        if made is None:
            texts = [self.texts[body]] if body in self.texts else index.texts(conn, [body])
            for text in texts:
                made = pack(wording_of(text, self.means.footers))
                self.means.memory.add(body, made)
        return None if made is None else wording_in(made)

    def _prints(self, conn: Transaction, body: int) -> Container[int]:
        """The fingerprints of a candidate."""
        found = self.means.memory.prints(body)
        if found is None:
            words = self._wording(conn, body)
            assert words is not None
            found = prints(words.words)
        return frozenset(found)

    def _leader(self, body: int) -> int:
        return self.known[body].leader

    def _note_forms(self, told: Told, judged: Iterable[Judged]) -> None:
        """A sentence that one channel said with three fillings of one place is a form.

        Twice may be a correction. Where too many have said it to be found, its fingerprints are
        boilerplate.
        """
        fillings = {slot for _, found in judged for slot in found.slots}
        places = Counter(map(place_of, fillings))
        often = {place for place, count in places.items() if count >= _OFTEN - 1}
        forms = [b for b, found in judged if not often.isdisjoint(map(place_of, found.slots))]
        if forms:
            self.means.shelf.forms.update(forms, (told.body,))
        elif told.words < FEW:
            known = sum(value in self.hot for value in told.prints)
            if known >= _BOILERPLATE * len(told.prints):
                self.means.shelf.forms.add(told.body)

    def _lead(self, fresh: Fresh, told: Told) -> None:
        self._decide(
            Decided(told.body, told.body, None, None, None, True, fresh.date, fresh.channel)
        )
        self._post(told)

    def _follow(self, conn: Transaction, fresh: Fresh, told: Told, body: int, found: Found) -> None:
        assert found.relation is not None
        earlier, later = found.sizes
        hours = between(self.known[body], fresh).hours
        posted = later >= earlier + _ADDS or (hours or 0) >= _LATER
        leader = self._leader(body)
        self._decide(
            Decided(
                told.body,
                leader,
                body,
                found.relation.value,
                round(found.score, 4),
                posted,
                fresh.date,
                fresh.channel,
            )
        )
        self.near += 1
        if is_brief(found.sizes):
            # Not the leader of a version: a long text whose copies were cut to a few words is none.
            self.means.shelf.forms.update((told.body, body))
        if posted:
            self._post(told, without=self._prints(conn, body))

    def _decide(self, decided: Decided) -> None:
        self.means.shelf.decide(decided)

    def _post(self, told: Told, without: Container[int] = ()) -> None:
        holders, led = self.holders, self.led
        for value in told.prints:
            if value in self.hot or value in without:
                continue
            bodies = led.setdefault(value, [])
            bodies.append(told.body)
            if len(bodies) + (len(holders[value]) if value in holders else 0) > HOTTEST:
                self.hot.add(value)
                self.turned_hot.add(value)
                del led[value]

    def _link(self, told: Told, judged: Iterable[Judged], leader: int | None) -> None:
        found = links(judged, self._leader, (told.body, leader))
        self.links += len(found)
        self.means.shelf.links += [
            (told.body, other, relation.value, score) for other, relation, score in found
        ]
