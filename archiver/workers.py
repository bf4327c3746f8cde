"""The work on texts in other processes: a pass over a whole archive is half of it.

A worker gets texts and gives back plain values; it never opens the archive.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from archiver.dedup import INLINE, Footers, Front, Inline, keyed_drafts
from archiver.near import Told, tell
from archiver.processes import end_with_parent
from archiver.store import groups
from archiver.store.cards import Draft, Keyed
from archiver.store.groups import Transactions
from archiver.store.prints import BodyText

Item = TypeVar("Item")

# From here on starting processes (0.3 s each) pays.
WORTH = 20_000
_PORTION = 500  # texts that one process gets at a time


@contextmanager
def front(processes: int, posts: int) -> Iterator[Front]:
    """The front of a pass over so many posts: this process alone, or some more."""
    if processes < 2 or posts < WORTH:
        yield INLINE
        return
    context = multiprocessing.get_context("spawn")  # a fork would share the open archive
    with ProcessPoolExecutor(processes, mp_context=context, initializer=end_with_parent) as pool:
        yield Pool(pool)


def posts_to_do(store: Transactions, *, rebuild: bool) -> int:
    """How many posts a pass will look at."""
    with store.transaction() as conn:
        return groups.post_count(conn) if rebuild else groups.pending_count(conn)


class Pool(Inline):
    """Texts worked on in other processes; the outcome is that of `Inline`."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def key(self, drafts: Sequence[Draft], footers: Footers) -> Callable[[], list[Keyed]]:
        """The cuts and the body of each text."""
        begun = [self._pool.submit(keyed_drafts, some, footers) for some in _portions(drafts)]
        return lambda: [each for some in begun for each in some.result()]

    def tell(self, texts: Sequence[BodyText], footers: Footers) -> Callable[[], list[Told]]:
        """The wording and the fingerprints of each text."""
        begun: list[Future[list[Told]]] = [
            self._pool.submit(tell, some, footers) for some in _portions(texts)
        ]
        return lambda: [each for some in begun for each in some.result()]


def _portions(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for at in range(0, len(items), _PORTION):
        yield items[at : at + _PORTION]
