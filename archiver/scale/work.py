"""What runs on Daft: columns in, rows out; pure, and the same functions as everywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from archiver.ahead import between, fewest_shared
from archiver.dedup import MATCHED_AT_ONCE
from archiver.fronts import DraftText, key_texts
from archiver.judging import Footers, judge, tell, wording_in
from archiver.store.prints import HOTTEST, BodyText, Fresh, Known
from archiver.text.decide import Thresholds
from archiver.text.wording import Wording

Row = dict[str, Any]
Column = Sequence[Any]

# Of each body. The pass judges the best 8 that lead: of those, one in eleven was not among 10
# foreseen (of 109,000 judged in an archive of 100,000 posts).
FORESEEN = 10


def keys(footers: Footers, texts: Column, channels: Column, fwd_channels: Column) -> Iterator[Row]:
    """The cuts and the body of each text."""
    rows = zip(texts, channels, fwd_channels, strict=True)
    for found in key_texts([DraftText(*row) for row in rows], footers):
        first, second = found.key
        yield {"cuts": found.cuts, "key": first, "key2": second, "words": found.words}


def wordings(
    footers: Footers, texts: Column, cuts: Column, channels: Column, fwd_channels: Column
) -> Iterator[Row]:
    """The wording and the fingerprints of each text."""
    rows = zip(texts, cuts, channels, fwd_channels, strict=True)
    for told in tell([BodyText(0, *row) for row in rows], footers):
        plain, codes, names = wording_in(told.made)
        sizes = {"size": told.words, "prints": told.prints}
        yield {"plain": plain, "codes": codes, "names": names} | sizes


def meetings(holders: Iterable[Sequence[int]]) -> Iterator[list[Row]]:
    """Of each fingerprint, by the ranks of the bodies that have it: who may meet there."""
    for ranks in holders:
        yield [{"a": earlier, "b": later} for earlier, later in pairs_of(ranks)]


def pairs_of(ranks: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The (earlier, later) bodies that one fingerprint will probably bring together.

    As if every body led. More than `HOTTEST` make it boilerplate, which leads nowhere; as fewer
    lead than that, what stood in earlier batches is foreseen to the end of the batch. Those after
    that may be copies of one leader all the same, and that is the first of them.
    """
    ordered = sorted(ranks)
    stored: list[int] = []
    added: list[int] = []
    number, hot = -1, False
    for later in ordered:
        if later // MATCHED_AT_ONCE != number:
            number = later // MATCHED_AT_ONCE
            stored, added = ordered[:1] if hot else [*stored, *added], []
        yield from ((earlier, later) for earlier in (*stored, *added))
        if not hot:
            added.append(later)
            hot = len(stored) + len(added) > HOTTEST
            if hot:
                stored, added = stored or ordered[:1], []


def best(earlier: Column, counts: Column, sizes: Column) -> Iterator[list[int]]:
    """Of each body those it shares the most fingerprints with, of equal ones the latest."""
    for ranks, shared, size in zip(earlier, counts, sizes, strict=True):
        least = fewest_shared(size)
        found = [(n, rank) for n, rank in zip(shared, ranks, strict=True) if n >= least]
        yield [rank for _, rank in sorted(found, reverse=True)[:FORESEEN]]


def judgements(thresholds: Thresholds, *columns: Column) -> Iterator[Row]:
    """What each later body is to an earlier one; of both: date, channel, text, codes, names."""
    for row in zip(*columns, strict=True):
        date, channel, *words = row[:5]
        later_date, later_channel, *later_words = row[5:]
        apart = between(Known(0, 0, date, channel), Fresh(0, later_date, later_channel))
        found = judge(Wording(*words), Wording(*later_words), apart, thresholds)
        if found is None:
            yield {"relation": None, "score": None, "slots": None, "sizes": None}
        else:
            relation = None if found.relation is None else found.relation.value
            lists = {"slots": list(found.slots), "sizes": list(found.sizes)}
            yield {"relation": relation, "score": found.score} | lists
