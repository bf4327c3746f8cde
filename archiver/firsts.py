"""Which channels are usually first; pure, over statements that several channels tell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

from archiver.provenance import is_archived, traced
from archiver.store.said import Said


class Firsts(NamedTuple):
    """Of how many statements that others told too a channel told how many first.

    `lead` is the median of the seconds until the next channel did; `unsure` counts those in which
    its post was edited after that, and nothing earlier of it is archived.
    """

    channel: int
    first: int
    statements: int
    unsure: int
    lead: int | None


def firsts(
    statements: Iterable[Sequence[Said]], since: int | None, until: int | None, fewest: int = 1
) -> list[Firsts]:
    """The channels with so many statements of a period, those first that are first most often.

    A statement is of the time in which it was first told. Where the first one is not archived,
    nobody here was first; who told it in the same second was it too.
    """
    told: Counter[int] = Counter()
    unsure: Counter[int] = Counter()
    leads: dict[int, list[int]] = defaultdict(list)
    for posts in statements:
        ways = [trace.said for trace in traced(posts) if trace.said.since is not None]
        archived = [said for said in ways if is_archived(said)]
        if len(archived) < 2 or not _falls_into(ways[0].since, since, until):
            continue
        told.update(said.channel_id for said in archived)
        following = archived[1].since or 0
        for said in archived:
            if said.since == ways[0].since:
                leads[said.channel_id].append(following - (said.since or 0))
                unsure[said.channel_id] += (said.unsure or 0) > following
    found = [
        Firsts(
            channel,
            len(leads[channel]),
            count,
            unsure[channel],
            int(median(leads[channel])) if leads[channel] else None,
        )
        for channel, count in told.items()
        if count >= fewest
    ]
    return sorted(found, key=lambda each: (-each.first, each.statements, each.channel))


def ordered(found: Iterable[Firsts], by: str) -> list[Firsts]:
    """The same by the share of statements in which a channel is first, where `by` is "share"."""
    if by != "share":
        return list(found)
    return sorted(found, key=lambda each: (-each.first / each.statements, -each.first))


def _falls_into(when: int | None, since: int | None, until: int | None) -> bool:
    return when is not None and (since or when) <= when and (until is None or when < until)
