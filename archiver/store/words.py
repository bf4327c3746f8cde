"""The words, filters and stems of posts, found in this process or in another one beside it.

That takes longer than FTS5 takes to store them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from archiver.store import index, lexicon
from archiver.store.helper import work
from archiver.store.meta import IndexRow

# What a process remembers of the words it gave: 8 MB.
SLOTS = 1 << 20


class Folded(NamedTuple):
    """What the index and the lexicon are given of some posts."""

    posts: list[index.Ready]
    pairs: list[lexicon.Pair]


def fold(
    rows: Iterable[tuple[Any, ...]], known: lexicon.Known, words: index.Words | None = None
) -> Folded:
    """The words and filters of posts, and the pairs of stem and form that are not `known`.

    Of all words, or of those that `words` takes.
    """
    words = index.Words() if words is None else words
    posts = index.in_order(map(IndexRow._make, rows), words)
    return Folded(posts, list(lexicon.fresh_pairs(words, known)))


def main() -> None:
    """The other process."""
    known = lexicon.Known(SLOTS)
    work(lambda rows: tuple(fold(rows, known)))


if __name__ == "__main__":
    main()
