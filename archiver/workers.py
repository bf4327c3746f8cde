"""The work on texts in other processes: of a pass over a whole archive two thirds.

A worker gets texts and gives back plain values; it never opens the archive.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from archiver.fronts import (
    INLINE,
    DraftText,
    Front,
    Inline,
    TextKey,
    key_texts,
    text_of,
    with_drafts,
)
from archiver.judging import Answers, Footers, Question, Told, answers, tell
from archiver.store import groups
from archiver.store.cards import Draft, Keyed
from archiver.store.groups import Transactions
from archiver.store.index import IndexRow, Ready, in_order
from archiver.store.prints import BodyText
from archiver.text.decide import Thresholds

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

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
    import multiprocessing  # 6 ms of a night, which needs none
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("spawn")  # a fork would share the open archive
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin) as pool:
        yield Pool(pool)


def _begin() -> None:
    """What a worker starts with: it makes no cyclic garbage, and looks for it seldom."""
    from archiver.processes import end_with_parent

    end_with_parent()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


# Bodies that this worker told about: of a dozen posts that have one, the first counts.
_KNOWN: set[int] = set()
_MOST_KNOWN = 200_000  # 16 MB


def _key(texts: Sequence[DraftText], footers: Footers) -> list[TextKey]:
    if len(_KNOWN) > _MOST_KNOWN:
        _KNOWN.clear()
    return key_texts(texts, footers, _KNOWN)


def posts_to_do(store: Transactions, *, rebuild: bool) -> int:
    """How many posts a pass will look at."""
    with store.transaction() as conn:
        return groups.post_count(conn) if rebuild else groups.pending_count(conn)


class Pool(Inline):
    """Texts worked on in other processes; the outcome is that of `Inline`."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def key(
        self, drafts: Sequence[Draft], footers: Footers, telling: Collection[int] = ()
    ) -> Callable[[], list[Keyed]]:
        """The cuts and the body of each text."""
        begun = []
        for some in _portions([text_of(each, telling) for each in drafts]):
            begun.append(self._pool.submit(_key, some, _footers(some, footers)))
        return lambda: with_drafts(drafts, _all(begun))

    def tell(self, texts: Sequence[BodyText], footers: Footers) -> Callable[[], list[Told]]:
        """The wording and the fingerprints of each text."""
        begun = []
        for some in _portions(texts):
            begun.append(self._pool.submit(tell, some, _footers(some, footers)))
        return lambda: _all(begun)

    def judge(
        self, questions: Sequence[Question], footers: Footers, thresholds: Thresholds
    ) -> Callable[[], Answers]:
        """What each body is to the earlier ones it may be a copy of."""
        begun = []
        for some in _portions(questions):
            texts = [one for q in some for _, one, *_ in q.earlier if isinstance(one, BodyText)]
            begun.append(self._pool.submit(answers, some, _footers(texts, footers), thresholds))
        return lambda: _together([some.result() for some in begun])

    def fold(self, rows: Sequence[IndexRow]) -> Callable[[], list[Ready]]:
        """What the index takes of posts."""
        begun = [self._pool.submit(in_order, some) for some in _portions(rows)]
        return lambda: _all(begun)


def _together(parts: Sequence[Answers]) -> Answers:
    found = {pair: each for part in parts for pair, each in part.found.items()}
    return Answers(found, {body: words for part in parts for body, words in part.made.items()})


def _footers(texts: Sequence[BodyText | DraftText], footers: Footers) -> Footers:
    """Those of the channels of these texts: what all channels have is not sent each time."""
    channels: set[int | None] = {each.channel for each in texts}
    channels |= {each.fwd_channel for each in texts}
    return {each: footers[each] for each in channels if each is not None and each in footers}


def _all(begun: Iterable[Future[list[Item]]]) -> list[Item]:
    return [each for some in begun for each in some.result()]


def _portions(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for at in range(0, len(items), _PORTION):
        yield items[at : at + _PORTION]
