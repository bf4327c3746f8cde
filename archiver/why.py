"""Says what holds two posts together, or keeps them apart, as values for `archiver why A B`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from archiver.clusters import KINDS, Node, Rules, in_time, near_match
from archiver.forwarded import as_forwarded, is_of_earlier_version
from archiver.kinds import Reason
from archiver.store import verdicts
from archiver.store.cards import Card, read_cards
from archiver.store.kin import Told, members, told
from archiver.store.past import key_of, past
from archiver.store.since import since_edit
from archiver.text.body import comparable
from archiver.text.compare import Difference, compare, marked
from archiver.text.cuts import apply_cuts
from archiver.text.decide import Between, Decision, Thresholds, decide
from archiver.text.measures import measure
from archiver.text.wording import wording

_ALIKE = 0.4  # of the shorter text; less is nothing to be weighed


class Cause(StrEnum):
    """Why two posts are not one statement."""

    NOT_LOOKED_AT = "not-looked-at"  # dedup has not seen the newest version of one of them
    NO_WORDS = "no-words"
    SHORT_AND_LATE = "short-and-late"  # the same few words, too long after the first who said them
    SHORT_AND_UNDATED = "short-and-undated"
    SAID_AGAIN = "said-again"  # the same few words in the same channel, or a form: another event
    EDITED_SINCE = "edited-since"  # one is a forward of what the other said before an edit
    OTHER_WORDS = "other-words"
    WEIGHED = "weighed"  # much alike, and the differences weigh more
    ANOTHER_LEADER = "another-leader"  # alike, but one hangs on another text: no chains
    NOT_MATCHED = "not-matched"  # alike, but no pass met the one at the other
    A_PERSON = "a-person"  # somebody said that one of them stands alone
    UNDONE = "undone"  # the pass that joined one of them was taken back


@dataclass(frozen=True, slots=True)
class Step:
    """Two posts that share something: `shared` is an origin (channel, message) for a forward.

    Of a near copy, `score` is what was decided, and `weighed` how these two posts weigh.
    """

    post: int
    other: int
    reason: Reason
    shared: Node
    score: float | None = None
    weighed: Decision | None = None


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A post that was forwarded and then edited into another statement, when that is known."""

    forward: int
    original: int
    edited: int | None


@dataclass(frozen=True, slots=True)
class Once:
    """A post that said the statement of the other one in an earlier version, until an edit."""

    post: int
    other: int
    since: int
    until: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The answer: `steps` lead from one post to the other, or `cause` says what is missing."""

    together: bool
    steps: tuple[Step, ...] = ()
    cause: Cause | None = None
    seconds_apart: int | None = None
    difference: Difference | None = None
    weighed: Decision | None = None
    apart_since: tuple[int, ...] = ()  # the runs in which one of them was set apart
    forwarded: Forwarded | None = None
    once: Once | None = None


def explain(db: sqlite3.Connection, one: int, other: int, rules: Rules | None = None) -> Evidence:
    """What holds the posts `one` and `other` together, or apart."""
    kin = [member.id for member in members(db, one)] or [one]
    cards = read_cards(db, {*kin, other})
    by_id = {card.id: card for card in cards}
    first, second = by_id[one], by_id[other]
    apart = _posted_apart(db, one, other)
    if one == other or (first.cluster is not None and first.cluster == second.cluster):
        steps = path([card for card in cards if card.id in kin], one, other)
        steps = tuple(_with_weights(db, step, by_id) for step in steps)
        parted = None if one == other else _difference(db, one, other)
        return Evidence(True, steps=steps, seconds_apart=apart, difference=parted)
    texts = told(db, one), told(db, other)
    difference = compare(*(_words(text) for text in texts))
    rules = rules or Rules()
    weighed = None
    if rules.thresholds is not None:
        weighed = _weighed(first, second, texts, rules.thresholds)
    cause = _cause(first, second, texts, rules)
    forwarded = _forwarded(db, first, second)
    if forwarded is not None and cause is not Cause.NOT_LOOKED_AT:
        cause = Cause.EDITED_SINCE
    said = [each for post in (one, other) if (each := verdicts.apart(db, post))]
    if said:
        cause = Cause.A_PERSON if any(each.person for each in said) else Cause.UNDONE
    elif cause is Cause.OTHER_WORDS and weighed is not None:
        joins = weighed.relation is not None and weighed.relation.collapses
        led = bool(first.near or second.near)
        cause = Cause.WEIGHED
        if joins:
            cause = Cause.ANOTHER_LEADER if led else Cause.NOT_MATCHED
    runs = tuple(each.run for each in said)
    once = _once(db, first, second)
    return Evidence(False, (), cause, apart, difference, weighed, runs, forwarded, once)


def _once(db: sqlite3.Connection, one: Card, other: Card) -> Once | None:
    """Which of two posts said in an earlier version what the other one's statement says."""
    for post, its in ((one, other), (other, one)):
        key = key_of(its.id, its.cluster)
        for said in past(db, [key]).get(key, ()):
            if said.post == post.id:
                return Once(post.id, its.id, said.since, said.until)
    return None


def _forwarded(db: sqlite3.Connection, one: Card, other: Card) -> Forwarded | None:
    """Which of two posts forwards an earlier version of the other, if one does."""
    for forward, original in ((one, other), (other, one)):
        if is_of_earlier_version(forward, original):
            edited = since_edit(db, [original.id]).get(original.id)
            return Forwarded(forward.id, original.id, edited)
    return None


def _difference(db: sqlite3.Connection, one: int, other: int) -> Difference | None:
    """Where the words of two posts part; None where they are the same."""
    first, second = (_words(told(db, post)) for post in (one, other))
    return None if first == second else compare(first, second)


def _with_weights(db: sqlite3.Connection, step: Step, cards: dict[int, Card]) -> Step:
    """A step between near copies, with what was decided and how the two posts weigh."""
    if step.reason is not Reason.NEAR:
        return step
    one, other = cards[step.post], cards[step.other]
    assert isinstance(step.shared, tuple)
    match = near_match(one, other, step.shared[0])
    if match is None:
        return replace(step, reason=Reason.SAME_TEXT)
    texts = told(db, one.id), told(db, other.id)
    weighed = _weighed(one, other, texts, Thresholds())
    return replace(step, reason=Reason(match.relation), score=match.score, weighed=weighed)


def _weighed(
    one: Card, other: Card, texts: tuple[Told, Told], thresholds: Thresholds
) -> Decision | None:
    """How two posts weigh, the earlier one first; None where nothing is alike."""
    first, second = (wording(apply_cuts(t.text, t.cuts), t.footers) for t in texts)
    if in_time(other) < in_time(one):
        first, second = second, first
    if not first.words or not second.words:
        return None
    found = measure(first, second)
    if found.kept < _ALIKE and found.grams < _ALIKE:
        return None
    apart = _seconds_apart(one, other)
    hours = None if apart is None else apart / 3600
    return decide(found, Between(hours, one.channel_id == other.channel_id), thresholds)


def path(cards: Iterable[Card], start: int, end: int) -> tuple[Step, ...]:
    """The fewest steps between two posts of a statement; of equal ones the strongest reasons."""
    waiting = {card.id: card for card in sorted(as_forwarded(list(cards)), key=in_time)}
    came: dict[int, Step] = {}
    level = [waiting.pop(start)]
    while level and end in waiting:
        following: list[Card] = []
        for reason, nodes_of in KINDS:
            for card in level:
                nodes = set(nodes_of(card))
                for near in [c for c in waiting.values() if not nodes.isdisjoint(nodes_of(c))]:
                    shared = next(node for node in nodes_of(near) if node in nodes)
                    came[near.id] = Step(card.id, near.id, reason, shared)
                    following.append(waiting.pop(near.id))
        level = following
    steps: list[Step] = []
    while end != start and end in came:
        steps.append(came[end])
        end = came[end].post
    return tuple(reversed(steps))


def _words(text: Told) -> list[str]:
    return comparable(apply_cuts(text.text, text.cuts), text.footers).split()


def _posted_apart(db: sqlite3.Connection, one: int, other: int) -> int | None:
    """Between the posts themselves; one of them may say what it says since an edit only."""
    sql = "SELECT max(date) - min(date) FROM post WHERE id IN (?, ?) HAVING count(date) = ?"
    found = db.execute(sql, (one, other, 1 if one == other else 2)).fetchone()
    return None if found is None else int(found[0])


def _seconds_apart(one: Card, other: Card) -> int | None:
    if one.date is None or other.date is None:
        return None
    return abs(one.date - other.date)


def _cause(one: Card, other: Card, texts: Iterable[Told], rules: Rules) -> Cause:
    if any(text.pending for text in texts):
        return Cause.NOT_LOOKED_AT
    if one.body is None or other.body is None:
        return Cause.NO_WORDS
    if one.form is not None and one.form == other.form:
        return Cause.SAID_AGAIN
    if one.body != other.body or one.words >= rules.short_words:
        return Cause.OTHER_WORDS
    if one.date is None or other.date is None:
        return Cause.SHORT_AND_UNDATED
    hours = abs(one.date - other.date) / 3600
    return Cause.SHORT_AND_LATE if hours > rules.short_hours else Cause.SAID_AGAIN


def word_diff(db: sqlite3.Connection, shown: int, copy: int) -> str:
    """The words in which a copy differs from another post: [-not there-] {+only there+}."""
    one, other = (_words(told(db, post)) for post in (shown, copy))
    return marked(one, other)
