"""How a statement went from channel to channel, and which channels copy which. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from archiver.store.copies import Copying
from archiver.store.kin import Member


@dataclass(frozen=True, slots=True)
class Hop:
    """A channel's first post of a statement, and the post it most likely had it from.

    `lag` is the time since that post, `since_first` since the very first one; None: undated.
    """

    member: Member
    source: Member | None
    lag: int | None
    since_first: int | None


@dataclass(frozen=True, slots=True)
class Similar:
    """How often one channel repeats another: statements, of them forwards, median lag."""

    source: int
    copier: int
    statements: int
    forwards: int
    near: int
    lag: int  # seconds, the median


def hops(members: Sequence[Member]) -> list[Hop]:
    """The channels of a statement in the order in which they had it.

    A post has it from the one it was matched with, if that is older: the origin of a forward, else
    the text it equals or resembles most; otherwise from the first of all.
    """
    by_id = {member.id: member for member in members}
    dated = sorted((m for m in members if m.date is not None), key=_in_time)
    undated = [m for m in members if m.date is None]
    seen: set[int] = set()
    found: list[Hop] = []
    for member in [*dated, *undated]:
        if member.channel_id in seen:
            continue
        seen.add(member.channel_id)
        first = found[0].member if found else None
        source = _source(member, by_id, first)
        found.append(Hop(member, source, _lag(source, member), _lag(first, member)))
    return found


def _in_time(member: Member) -> tuple[int, int, int]:
    return (member.date or 0, member.channel_id, member.message_id)


def _source(member: Member, by_id: dict[int, Member], first: Member | None) -> Member | None:
    if first is None:
        return None
    matched = by_id.get(member.via) if member.via is not None else None
    if matched is not None and matched.channel_id != member.channel_id:
        lag = _lag(matched, member)
        if lag is not None and lag >= 0:
            return matched
    return first


def _lag(earlier: Member | None, later: Member) -> int | None:
    if earlier is None or earlier.date is None or later.date is None:
        return None
    return later.date - earlier.date


def similar(copies: Iterable[Copying], fewest: int = 1) -> list[Similar]:
    """Which channel copies which, the most frequent pair first; a statement counts once a pair."""
    pairs: dict[tuple[int, int], dict[int, Copying]] = defaultdict(dict)
    for copy in copies:
        if copy.lag < 0:
            copy = Copying(copy.copier, copy.source, copy.cluster, -copy.lag, copy.reason)
        of_pair = pairs[copy.source, copy.copier]
        known = of_pair.get(copy.cluster)
        if known is None or copy.lag < known.lag:
            of_pair[copy.cluster] = copy
    found = [
        Similar(
            source,
            copier,
            len(each),
            sum(copy.reason == "forward" for copy in each.values()),
            sum(copy.reason in ("near", "part") for copy in each.values()),
            int(median(copy.lag for copy in each.values())),
        )
        for (source, copier), each in pairs.items()
        if len(each) >= fewest
    ]
    return sorted(found, key=lambda pair: (-pair.statements, pair.source, pair.copier))
