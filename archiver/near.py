"""Finds near copies: which earlier leader, if any, a new body is a copy of. The third layer.

Bodies are looked at in the order of their first posts. Fingerprints find candidates, `judging`
measures and weighs them. A body joins a *leader* only when it was compared with it, or with a
longer version beside it, never through another copy: no chains. A body that joins nobody leads,
and its fingerprints are added to the index.

A batch is *looked up* while the one before it is not settled yet, so that the pairs it will likely
ask about can be judged meanwhile, in other processes. Pairs that nobody foresaw are judged when it
is their turn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from archiver.ahead import FEW, between, closest, fewest_shared, questions, seems_copy
from archiver.choice import Judged, best, hopeful, is_sure, links
from archiver.judging import Answers, Found, Pair, Told, judge, pack, wording_in, wording_of
from archiver.means import Means
from archiver.store import prints as index
from archiver.store.groups import Transaction
from archiver.store.prints import BodyText, Decided, Fresh, Known
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


def _nothing_judged() -> Answers:
    return Answers({}, {})


@dataclass(slots=True)
class Matching:
    """One batch of bodies: what the archive knows around them, and what is decided."""

    means: Means
    fresh: Sequence[Fresh]
    told: Mapping[int, Told]
    holders: dict[int, list[int]] = field(default_factory=dict)
    # Those that share no fingerprint with any body before them, in the archive or here; and those
    # that share too few with each, of which fewer are left when it is their turn.
    alone: set[int] = field(default_factory=set)
    unlike: set[int] = field(default_factory=set)
    known: dict[int, Known] = field(default_factory=dict)
    texts: dict[int, BodyText] = field(default_factory=dict)
    answers: Mapping[Pair, Found | None] = field(default_factory=dict)
    finish: Callable[[], Answers] = _nothing_judged
    near: int = 0
    links: int = 0

    def look_up(self, conn: Transaction) -> None:
        """Read what the archive knows around these bodies; have pairs judged.

        Nothing may be written to the index from now on until they are settled.
        """
        recent = self.means.recent
        hashes = {value for each in self.told.values() for value in each.prints} - recent.hot
        self.holders = index.holders(conn, sorted(hashes))
        likely = []
        for fresh in self.fresh:
            told = self.told[fresh.body]
            self.means.memory.add(told)
            likely.append((told, fresh, self._likely(fresh, told)))
        waiting = recent.waiting
        self._read(conn, {body for *_, some in likely for body in some if body not in waiting})
        asked = questions(likely, self._words, self._place)
        self.finish = self.means.front.judge(asked, self.means.footers, self.means.thresholds)

    def _likely(self, fresh: Fresh, told: Told) -> list[int]:
        """The candidates of a body, if all led before it that wait and do not look like copies."""
        recent, holders = self.means.recent, self.holders
        met = recent.meet(fresh, told)
        if not holders.keys().isdisjoint(told.prints):
            for value in told.prints:
                if value in holders:
                    met += holders[value]
        shared = Counter(met)
        if max(shared.values(), default=0) < fewest_shared(told.words):
            if recent.has_met_all(told):
                (self.unlike if met else self.alone).add(told.body)
            return []
        for body in shared.keys() & recent.seeming:
            del shared[body]
        found = closest(shared, told)
        if found and seems_copy(shared[found[0]], told):
            recent.seeming.add(told.body)
        return found

    def _read(self, conn: Transaction, bodies: Iterable[int]) -> None:
        """Fetch what was decided about bodies, and the texts of those that are not remembered."""
        lately, kept = self.means.shelf.known, self.means.memory.kept
        self.known = {body: lately[body] for body in bodies if body in lately}
        self.known |= index.known(conn, set(bodies) - self.known.keys())
        missing = {body for body in self.known if body not in kept}
        missing -= {told.body for told in self._ready(missing)}
        self.texts = {each.body: each for each in index.texts(conn, missing)}

    def _ready(self, bodies: Iterable[int]) -> list[Told]:
        """Remember those bodies again that have what they are compared by from being keyed."""
        found = self.means.made.take(bodies)
        for told in found:
            self.means.memory.add(told)
        return found

    def _words(self, body: int) -> Told | BodyText | None:
        return self.means.memory.get(body) or self.texts.get(body)

    def _place(self, body: int) -> Known | Fresh | None:
        return self.known.get(body) or self.means.recent.waiting.get(body)

    def settle(self, conn: Transaction) -> None:
        """Decide what each body is, and put it on the shelf."""
        self.answers, made = self.finish()
        for body, words in made.items():
            self._remember(body, words)
        for fresh in self.fresh:
            self._settle(conn, fresh, self.told[fresh.body])

    def _remember(self, body: int, made: bytes) -> Told:
        """Remember a body of which only the wording was made; it has no fingerprints."""
        told = Told(body, made, 0, [])
        self.means.memory.add(told)
        return told

    def _settle(self, conn: Transaction, fresh: Fresh, told: Told) -> None:
        if told.body in self.alone or told.body in self.unlike:
            self._decide(_leading(fresh))
            if told.body in self.alone:
                self.means.recent.lead(told)
            else:
                self.means.recent.post(told, self.holders)
            self._note_forms(told, ())
            return
        judged = []
        for body in closest(self.means.recent.shared(told, self.holders), told):
            found = self._judge(conn, fresh, told, body)
            if found is not None:
                judged.append((body, found))
        chosen = best(judged, self._leader)
        if judged and not is_sure(chosen):
            judged += self._judge_versions(conn, fresh, told, judged)
            chosen = best(judged, self._leader)
        if chosen is None:
            self._decide(_leading(fresh))
            self.means.recent.post(told, self.holders)
        else:
            self._follow(conn, fresh, told, *chosen)
        self._note_forms(told, judged)  # after its own fingerprints were counted
        if judged:
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
        if (body, told.body) in self.answers:
            return self.answers[body, told.body]
        earlier = self._wording(conn, body)
        if earlier is None or known is None:
            return None
        later = wording_in(told.made)
        return judge(earlier, later, between(known, fresh), self.means.thresholds)

    def _met(self, conn: Transaction, body: int) -> Known | None:
        """What was decided about a candidate."""
        found = self.known.get(body) or self.means.shelf.known.get(body)
        if found is None:
            found = index.known(conn, [body]).get(body)
        if found is not None:
            self.known[body] = found
        return found

    def _wording(self, conn: Transaction, body: int) -> Wording | None:
        memory = self.means.memory
        told = memory.get(body)
        if told is None and self._ready([body]):
            told = memory.get(body)
        if told is None:
            texts = [self.texts[body]] if body in self.texts else index.texts(conn, [body])
            for text in texts:
                told = self._remember(body, pack(wording_of(text, self.means.footers)))
        return None if told is None else wording_in(told.made)

    def _prints(self, conn: Transaction, body: int) -> Container[int]:
        """The fingerprints of a candidate."""
        told = self.means.memory.get(body)
        if told is not None and told.prints:
            return frozenset(told.prints)
        words = self._wording(conn, body)
        assert words is not None
        return frozenset(prints(words.words))

    def _leader(self, body: int) -> int:
        return self.known[body].leader

    def _note_forms(self, told: Told, judged: Iterable[Judged]) -> None:
        """A sentence that one channel said with three fillings of one place is a form.

        Twice may be a correction. Where too many have said it to be found, its fingerprints are
        boilerplate.
        """
        fillings = {slot for _, found in judged for slot in found.slots}
        places = Counter(map(place_of, fillings)) if fillings else {}
        often = {place for place, count in places.items() if count >= _OFTEN - 1}
        forms = [b for b, found in judged if not often.isdisjoint(map(place_of, found.slots))]
        hot = self.means.recent.hot
        if forms:
            self.means.shelf.forms.update(forms, (told.body,))
        elif told.words < FEW and not hot.isdisjoint(told.prints):
            known = sum(value in hot for value in told.prints)
            if known >= _BOILERPLATE * len(told.prints):
                self.means.shelf.forms.add(told.body)

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
            self.means.recent.post(told, self.holders, without=self._prints(conn, body))
        else:
            self.means.recent.drop(told)

    def _decide(self, decided: Decided) -> None:
        self.means.shelf.decide(decided)

    def _link(self, told: Told, judged: Iterable[Judged], leader: int | None) -> None:
        found = links(judged, self._leader, (told.body, leader))
        self.links += len(found)
        self.means.shelf.links += [
            (told.body, other, relation.value, score) for other, relation, score in found
        ]


def _leading(fresh: Fresh) -> Decided:
    return Decided(fresh.body, fresh.body, None, None, None, True, fresh.date, fresh.channel)
