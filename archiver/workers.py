"""The work on texts in other processes: of a pass over a whole archive two thirds.

A worker gets texts and gives back plain values; it never opens the archive.
"""

from __future__ import annotations

import gc
import marshal
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

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
from archiver.judging import Answers, Footers, Found, Pair, Question, Told, answers, tell
from archiver.store import groups
from archiver.store.cards import Draft, Keyed
from archiver.store.groups import Transactions
from archiver.store.index import IndexRow, Ready, in_order
from archiver.store.prints import BodyText
from archiver.text.decide import Relation, Thresholds

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

Item = TypeVar("Item")

# From here on starting processes (0.3 s each) pays.
WORTH = 20_000
_PORTION = 500  # texts that one process gets at a time


# The process that decides shall not wait for a processor: what the others do is done ahead of it.
_NICE = 5


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
    if hasattr(os, "nice"):
        os.nice(_NICE)
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


# Bodies that this worker told about: of a dozen posts that have one, the first counts.
_KNOWN: set[int] = set()
_MOST_KNOWN = 200_000  # 16 MB


# Rows go to a worker and come back marshalled: tuples pickled one by one take four times as long.
# What is a class of ours in here is one again in there.
def _key(sent: bytes) -> bytes:
    texts, footers = marshal.loads(sent)
    if len(_KNOWN) > _MOST_KNOWN:
        _KNOWN.clear()
    found = key_texts([DraftText(*each) for each in texts], footers, _KNOWN)
    return marshal.dumps(list(map(tuple, found)))


def _tell(sent: bytes) -> bytes:
    texts, footers = marshal.loads(sent)
    return marshal.dumps(list(map(tuple, tell([BodyText(*each) for each in texts], footers))))


def _fold(sent: bytes) -> bytes:
    return marshal.dumps(in_order([IndexRow(*each) for each in marshal.loads(sent)]))


def _judge(sent: bytes, thresholds: Thresholds) -> bytes:
    asked, footers = marshal.loads(sent)
    questions = [
        Question(body, later, [(b, _words(one), *rest) for b, one, *rest in earlier])
        for body, later, earlier in asked
    ]
    found, made = answers(questions, footers, thresholds)
    rows = [(*pair, *(_told(each) or ())) for pair, each in found.items()]
    return marshal.dumps((rows, made))


def _words(one: bytes | tuple[Any, ...]) -> bytes | BodyText:
    return one if isinstance(one, bytes) else BodyText(*one)


def _told(found: Found | None) -> tuple[Any, ...] | None:
    if found is None:
        return None
    relation = None if found.relation is None else found.relation.value
    return (relation, found.score, found.slots, found.sizes)


_RELATIONS: dict[str | None, Relation | None] = {None: None} | {r.value: r for r in Relation}


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
            begun.append(self._pool.submit(_key, _sent(some, _footers(some, footers))))
        return lambda: with_drafts(drafts, [TextKey(*each) for each in _all(begun)])

    def tell(self, texts: Sequence[BodyText], footers: Footers) -> Callable[[], list[Told]]:
        """The wording and the fingerprints of each text."""
        begun = []
        for some in _portions(texts):
            begun.append(self._pool.submit(_tell, _sent(some, _footers(some, footers))))
        return lambda: [Told(*each) for each in _all(begun)]

    def judge(
        self, questions: Sequence[Question], footers: Footers, thresholds: Thresholds
    ) -> Callable[[], Answers]:
        """What each body is to the earlier ones it may be a copy of."""
        begun = []
        for some in _portions(questions):
            texts = [one for q in some for _, one, *_ in q.earlier if isinstance(one, BodyText)]
            asked = [(body, later, list(map(_plain, earlier))) for body, later, earlier in some]
            sent = _sent(asked, _footers(texts, footers))
            begun.append(self._pool.submit(_judge, sent, thresholds))
        return lambda: _together([marshal.loads(some.result()) for some in begun])

    def fold(self, rows: Sequence[IndexRow]) -> Callable[[], list[Ready]]:
        """What the index takes of posts."""
        begun = []
        for some in _portions(rows):
            begun.append(self._pool.submit(_fold, marshal.dumps(list(map(tuple, some)))))
        return lambda: _all(begun)


def _sent(rows: Sequence[tuple[Any, ...]], footers: Footers) -> bytes:
    return marshal.dumps((list(map(tuple, rows)), dict(footers)))


def _plain(earlier: tuple[int, bytes | BodyText, float | None, bool]) -> tuple[Any, ...]:
    body, one, *between = earlier
    return (body, tuple(one) if isinstance(one, BodyText) else one, *between)


def _together(parts: Iterable[tuple[Sequence[Any], dict[int, bytes]]]) -> Answers:
    found: dict[Pair, Found | None] = {}
    made: dict[int, bytes] = {}
    for rows, some in parts:
        made |= some
        for body, later, *told in rows:
            if told:
                relation, score, slots, sizes = told
                found[body, later] = Found(_RELATIONS[relation], score, slots, sizes)
            else:
                found[body, later] = None
    return Answers(found, made)


def _footers(texts: Sequence[BodyText | DraftText], footers: Footers) -> Footers:
    """Those of the channels of these texts: what all channels have is not sent each time."""
    channels: set[int | None] = {each.channel for each in texts}
    channels |= {each.fwd_channel for each in texts}
    return {each: footers[each] for each in channels if each is not None and each in footers}


def _all(begun: Iterable[Future[bytes]]) -> list[Any]:
    return [each for some in begun for each in marshal.loads(some.result())]


def _portions(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for at in range(0, len(items), _PORTION):
        yield items[at : at + _PORTION]
