"""A portion of all posts made into pieces of the index, in this process or in another one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

from archiver.store import index, lexicon, members
from archiver.store.helper import work
from archiver.store.segments import Piece, Workshop
from archiver.store.words import SLOTS, fold

# A row of a portion: what IndexRow is made of, and the post's place among the members or None.
Row = tuple[Any, ...]


class Made(NamedTuple):
    """What the indexes and the lexicon are given of a portion."""

    posts: Piece
    members: Piece | None
    pairs: list[lexicon.Pair]


class Maker:
    """Makes portions into pieces; it remembers the words it gave."""

    def __init__(self, posts: str, of_members: str) -> None:
        """The declarations of the two indexes."""
        self._posts = Workshop("posts_fts", posts)
        self._members = Workshop("member_fts", of_members)
        self._known = lexicon.Known(SLOTS)

    def make(self, rows: Sequence[Row]) -> Made:
        """The pieces of a portion, in the order of its keys."""
        posts, pairs = fold((row[:-1] for row in rows), self._known, index.Shared())
        placed = members_among(rows, posts)
        return Made(
            self._posts.piece(index.ADD, posts),
            self._members.piece(members.ADD, placed) if placed else None,
            pairs,
        )


def members_among(rows: Sequence[Row], posts: Sequence[index.Ready]) -> list[index.Ready]:
    """Those that have a place among the members, under that place, in its order."""
    places = {row[0]: row[-1] for row in rows if row[-1] is not None}
    return sorted((places[post[0]], *post[1:]) for post in posts if post[0] in places)


def main() -> None:
    """The other process."""
    maker = Maker(*sys.argv[1:3])
    work(lambda rows: tuple(maker.make(rows)))


if __name__ == "__main__":
    main()
