"""From whom each channel had a statement. Pure, but for the reading of texts that are weighed.

A channel has it from the origin of its forward; else from the earliest post with the equal text;
else from the earlier post that is most alike; what is like none, from the first of all.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from archiver.store.kin import told, told_once
from archiver.store.said import Origin, Said
from archiver.text.compare import kept_words
from archiver.text.cuts import apply_cuts
from archiver.text.wording import wording

# Wordings of a statement that are weighed for one copy, the earliest: a large statement has
# hundreds, and a comparison takes some microseconds.
_MOST = 500
_NEVER = 1 << 62

Alike = Callable[[Said, Said], float]


class Trace(NamedTuple):
    """A channel's first post of a statement, and the one it had it from.

    `reason` is "forward", "same-text", "near", or None where nothing but the order of time tells;
    `alike` is the share of common words, where texts were weighed. With `version` the equal text is
    that of an earlier version of one of them.
    """

    said: Said
    source: Said | None
    reason: str | None = None
    alike: float | None = None
    version: bool = False


@dataclass(slots=True)
class _Earlier:
    """What was said so far in a statement."""

    first: Said | None = None
    by_body: dict[int, list[Said]] = field(default_factory=lambda: defaultdict(list))
    by_lead: dict[int, list[Said]] = field(default_factory=lambda: defaultdict(list))

    def add(self, said: Said) -> None:
        if self.first is None:
            self.first = said
        bodies = said.older if said.body is None else (said.body, *said.older)
        leads = () if said.lead is None else (said.lead,)
        lists = [self.by_body[body] for body in bodies] + [self.by_lead[lead] for lead in leads]
        for known in lists:
            # The second serves the channel of the first.
            if not known or (len(known) == 1 and known[0].channel_id != said.channel_id):
                known.append(said)


def traced(posts: Sequence[Said], alike: Alike | None = None) -> list[Trace]:
    """The channels of a statement in the order in which they had it, each with its source.

    Origins that are not among the posts are put there, as their forwards tell of them. Without
    `alike` a near copy has it from the text that it was matched with when it was decided about.
    """
    origins = _origins(posts)
    everything = [*dict.fromkeys(origins.values()), *posts]
    places = {(said.channel_id, said.message_id): said for said in posts}
    earlier, seen, found = _Earlier(), set(), []
    ordered = sorted(everything, key=_in_time)
    worded = _worded(ordered)
    for said in ordered:
        if said.channel_id not in seen:
            seen.add(said.channel_id)
            words = worded.get(_unit(said), said)
            named = None if said.id < 0 or words.origin is None else words.origin[:2]
            origin = origins.get(words.id) or places.get(named)  # type: ignore[arg-type]
            found.append(_trace(said, words, origin if named else None, earlier, alike))
        earlier.add(said)
    return found


def is_archived(said: Said) -> bool:
    """Whether a post is archived; of what a header names too, if another statement stands there."""
    origin = said.origin
    return said.id > 0 or (origin is not None and origin.post is not None and not origin.apart)


def _in_time(said: Said) -> tuple[int, bool, int, int]:
    when = _NEVER if said.since is None else said.since
    return (when, said.id > 0, said.channel_id, said.message_id)


def _unit(said: Said) -> tuple[int, int]:
    return (said.channel_id, said.message_id if said.album is None else -said.album)


def _worded(posts: Iterable[Said]) -> dict[tuple[int, int], Said]:
    """The post of each album that has the words, or is a forward."""
    found: dict[tuple[int, int], Said] = {}
    for said in posts:
        if said.album is not None and (said.body is not None or said.origin is not None):
            found.setdefault(_unit(said), said)
    return found


def _origins(posts: Sequence[Said]) -> dict[int, Said]:
    """Of each forward the post it names, by its header, where that is none of these."""
    here = {(said.channel_id, said.message_id) for said in posts}
    found: dict[tuple[object, ...], Said] = {}
    strangers: dict[object, int] = {}
    of: dict[int, Said] = {}
    for said in sorted(posts, key=_in_time):
        origin = said.origin
        if origin is None or origin[:2] in here or not _names_somebody(origin):
            continue
        name = origin.channel or origin.names
        channel = origin.channel or strangers.setdefault(name, -1 - len(strangers))
        key = (name, origin.message or origin.date)
        if key not in found:
            number = -1 - len(found)
            when = said.since if origin.date is None else origin.date
            found[key] = said._replace(
                id=number, channel_id=channel, message_id=origin.message or number, since=when,
                album=None, edited=False, unsure=None, revision=None,
            )  # fmt: skip
        of[said.id] = found[key]
    return of


def _names_somebody(origin: Origin) -> bool:
    return origin.channel is not None or any(origin.names)


def _trace(
    said: Said, words: Said, origin: Said | None, earlier: _Earlier, alike: Alike | None
) -> Trace:
    if origin is not None and _in_time(origin) < _in_time(said):
        return Trace(said, origin, "forward")
    if earlier.first is None:
        return Trace(said, None)
    if words.body is not None:
        for body in (words.body, *words.older):
            equal = _elsewhere(earlier.by_body.get(body, ()), said)
            if equal is not None:
                return Trace(said, equal, "same-text", version=equal.body != words.body)
        near = _nearest(words, earlier, alike)
        if near is not None:
            return near._replace(said=said)
    return Trace(said, earlier.first)


def _elsewhere(known: Sequence[Said], said: Said) -> Said | None:
    return next((each for each in known if each.channel_id != said.channel_id), None)


def _nearest(said: Said, earlier: _Earlier, alike: Alike | None) -> Trace | None:
    if alike is None:
        assert said.lead is not None
        matched = earlier.by_body.get(said.matched, ()) if said.matched is not None else ()
        for known in (matched, earlier.by_lead.get(said.lead, ())):
            found = _elsewhere(known, said)
            if found is not None:
                return Trace(said, found, "near")
        return None
    best = Trace(said, None, "near", 0.0)
    for known in list(earlier.by_body.values())[:_MOST]:
        other = _elsewhere(known, said)
        share = 0.0 if other is None else alike(other, said)
        if share > (best.alike or 0.0):  # of equals the earlier one
            best = Trace(said, other, "near", share)
    return None if best.source is None else best


class Likeness:
    """The share of all words of two posts that are common, in one order; texts are read once."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._codes: dict[int | None, str] = {}

    def __call__(self, one: Said, other: Said) -> float:
        first, second = self._of(one), self._of(other)
        return 2 * kept_words(first, second) / max(1, len(first) + len(second))

    def _of(self, said: Said) -> str:
        if said.body not in self._codes:
            text = told(self._db, said.text)
            if said.revision is not None:
                text = told_once(self._db, said.revision, text)
            self._codes[said.body] = wording(apply_cuts(text.text, text.cuts), text.footers).codes
        return self._codes[said.body]
