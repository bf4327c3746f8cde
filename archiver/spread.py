"""How a statement went from channel to channel, and which channels copy which. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import NamedTuple

from archiver.kinds import Reason
from archiver.provenance import Trace, is_archived, traced
from archiver.store.kin import Member
from archiver.store.said import Said

_ALIKE = 0.5  # of all words: less, and it is a person's word that holds two posts together


@dataclass(frozen=True, slots=True)
class Hop:
    """A channel's first post of a statement, and the post it most likely had it from.

    `lag` is the time since that post, `since_first` since the very first one; None: undated. What
    only a forward's header tells is not `archived`; where it is, and says something else since, it
    was `changed`. `edited`: an edit made it say so, at that date.
    `version`: the equal text is that of an earlier version. `unsure` is when the first was edited,
    if others had said it by then and no earlier version of it is archived. A `past` version said
    it, `until` an edit. `apart`: a person set apart the origin a header names, or its forward.
    """

    member: Member
    source: Member | None
    lag: int | None
    since_first: int | None
    reason: str | None = None
    alike: float | None = None
    archived: bool = True
    changed: bool = False
    edited: bool = False
    version: bool = False
    unsure: int | None = None
    past: bool = False
    until: int | None = None
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Similar:
    """How often one channel repeats another: statements, of them forwards, median lag.

    `unsure` counts those that the source may have written later, by an edit (`Copying.unsure`).
    """

    source: int
    copier: int
    statements: int
    forwards: int
    near: int
    lag: int  # seconds, the median
    unsure: int = 0


class Copying(NamedTuple):
    """A channel that has a statement from another one."""

    source: int
    copier: int
    lag: int  # seconds
    reason: str | None
    unsure: bool = False  # whether the source was edited later, and nothing earlier is archived


def hops(traces: Sequence[Trace], members: Sequence[Member]) -> list[Hop]:
    """The channels of a statement in the order in which they had it."""
    by_id = {member.id: member for member in members}
    found: list[Hop] = []
    for trace in traces:
        member = _member(trace.said, by_id)
        source = None if trace.source is None else _member(trace.source, by_id)
        if _by_word(trace, member):
            trace = trace._replace(reason=Reason.VERDICT, alike=None)
        first = found[0].member if found else None
        found.append(
            Hop(
                member,
                source,
                _lag(source, member),
                _lag(first, member),
                trace.reason,
                trace.alike,
                archived=trace.said.id > 0,
                changed=trace.said.id < 0 and _stands(trace.said),
                edited=trace.said.edited,
                version=trace.version,
                past=trace.said.revision is not None,
                until=trace.said.until,
                apart=trace.said.id < 0 and _set_apart(trace.said),
            )
        )
    edit = traces[0].said.unsure if len(found) > 1 else None
    if edit is not None and edit > (found[1].member.date or edit):
        found[0] = replace(found[0], unsure=edit)
    return found


def _by_word(trace: Trace, member: Member) -> bool:
    """Whether a person joined the post to the statement, not its words."""
    unlike = trace.reason is None or (trace.alike or 1.0) < _ALIKE
    return trace.source is not None and member.reason == Reason.VERDICT and unlike


def _stands(said: Said) -> bool:
    return said.origin is not None and said.origin.post is not None


def _set_apart(said: Said) -> bool:
    return said.origin is not None and bool(said.origin.apart)


def _member(said: Said, members: Mapping[int, Member]) -> Member:
    """A post as it is shown; what only a header tells has the date that stands there."""
    if said.id in members:
        return members[said.id]
    origin = said.origin
    assert origin is not None
    return Member(
        said.id, said.channel_id, origin.title, origin.username, origin.tg_id, said.message_id,
        origin.date, None, False, None, None, None, None, None, None, None,
    )  # fmt: skip


def _lag(earlier: Member | None, later: Member) -> int | None:
    if earlier is None or earlier.date is None or later.date is None:
        return None
    return later.date - earlier.date


def copying(
    statements: Iterable[Sequence[Said]], since: int | None, until: int | None
) -> Iterator[Copying]:
    """Every copy of a period that stands in another channel than the archived post it is from."""
    for posts in statements:
        for said, source, reason, *_ in traced(posts):
            if source is None or not is_archived(source) or said.id < 0:
                continue
            if said.since is None or source.since is None:
                continue
            if (since is None or said.since >= since) and (until is None or said.since < until):
                lag = said.since - source.since
                unsure = reason != "forward" and (source.unsure or 0) > said.since
                yield Copying(source.channel_id, said.channel_id, lag, reason, unsure)


def similar(copies: Iterable[Copying], fewest: int = 1) -> list[Similar]:
    """Which channel copies which, the most frequent pair first."""
    pairs: dict[tuple[int, int], list[Copying]] = defaultdict(list)
    for copy in copies:
        pairs[copy.source, copy.copier].append(copy)
    found = [
        Similar(
            source,
            copier,
            len(each),
            sum(copy.reason == "forward" for copy in each),
            sum(copy.reason == "near" for copy in each),
            int(median(copy.lag for copy in each)),
            sum(copy.unsure for copy in each),
        )
        for (source, copier), each in pairs.items()
        if len(each) >= fewest
    ]
    return sorted(found, key=lambda pair: (-pair.statements, pair.source, pair.copier))
