"""The work on texts alone: this process does it when it is asked for, others do it ahead."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import NamedTuple, Protocol

from archiver.judging import (
    FEWEST_WORDS,
    Answers,
    Footers,
    Question,
    Told,
    lines_of,
    packed,
    tell,
)
from archiver.store.cards import Draft, Keyed
from archiver.store.groups import Transaction
from archiver.store.index import IndexRow, Ready, in_order
from archiver.store.prints import BodyText, Fresh
from archiver.text.body import body_key, comparable_words, count_words
from archiver.text.cuts import apply_cuts
from archiver.text.decide import Thresholds
from archiver.text.repeats import find_cuts


class Front(Protocol):
    """The work on texts alone, that other processes can do.

    Before a step it may look at all that the step will ask for: inside a transaction first, then,
    when its answer is called, outside of any.
    """

    def foresee_keys(self, conn: Transaction, footers: Footers) -> Callable[[], None]:
        """Told before the first `key`."""

    def foresee_matches(
        self, conn: Transaction, fresh: Sequence[Fresh], footers: Footers, thresholds: Thresholds
    ) -> Callable[[], None]:
        """Told before the first `tell`, with all bodies in the order in which they will come."""

    def key(
        self, drafts: Sequence[Draft], footers: Footers, telling: Collection[int] = ()
    ) -> Callable[[], list[Keyed]]:
        """Start on the cuts and the body of each text; of the posts `telling` perhaps on what the
        body is compared by, too."""

    def tell(self, texts: Sequence[BodyText], footers: Footers) -> Callable[[], list[Told]]:
        """Start on the wording and the fingerprints of each text."""

    def judge(
        self, questions: Sequence[Question], footers: Footers, thresholds: Thresholds
    ) -> Callable[[], Answers]:
        """Start on the pairs that a batch will likely ask about; of any the answer may be missing,
        and of others it may be there."""

    def fold(self, rows: Sequence[IndexRow]) -> Callable[[], list[Ready]]:
        """Start on what the index takes of posts, which come in the order of their keys."""


class Inline:
    """The same in this process, when it is asked for."""

    def foresee_keys(self, conn: Transaction, footers: Footers) -> Callable[[], None]:
        """Nothing."""
        return nothing

    def foresee_matches(
        self, conn: Transaction, fresh: Sequence[Fresh], footers: Footers, thresholds: Thresholds
    ) -> Callable[[], None]:
        """Nothing."""
        return nothing

    def key(
        self, drafts: Sequence[Draft], footers: Footers, telling: Collection[int] = ()
    ) -> Callable[[], list[Keyed]]:
        """The cuts and the body of each text."""
        texts = [text_of(each, telling) for each in drafts]
        return lambda: with_drafts(drafts, key_texts(texts, footers, set()))

    def tell(self, texts: Sequence[BodyText], footers: Footers) -> Callable[[], list[Told]]:
        """The wording and the fingerprints of each text."""
        return partial(tell, texts, footers)

    def judge(
        self, questions: Sequence[Question], footers: Footers, thresholds: Thresholds
    ) -> Callable[[], Answers]:
        """Nothing: a pair is judged when it is its turn, and many never are."""
        return lambda: Answers({}, {})

    def fold(self, rows: Sequence[IndexRow]) -> Callable[[], list[Ready]]:
        """What the index takes of posts."""
        return partial(in_order, rows)


def nothing() -> None:
    """What is to be done where nothing is foreseen."""


INLINE = Inline()


class DraftText(NamedTuple):
    """What the body of a draft is made of, and whether also what it is compared by is wanted."""

    text: str
    channel: int
    fwd_channel: int | None
    telling: bool = False


class TextKey(NamedTuple):
    """The cuts (JSON) and the body of a text, maybe with what that is compared by (`packed`)."""

    cuts: str | None
    key: tuple[int, int]
    words: int
    told: bytes | None = None


def text_of(draft: Draft, telling: Collection[int] = ()) -> DraftText:
    """What is needed of a draft to key it; nothing is compared by an earlier version if it can."""
    is_told = draft.revision is None and draft.post in telling
    return DraftText(draft.text, draft.channel_id, draft.fwd_channel, is_told)


def with_drafts(drafts: Sequence[Draft], keys: Sequence[TextKey]) -> list[Keyed]:
    """The drafts with what was made of their texts."""
    return [Keyed(draft, *key) for draft, key in zip(drafts, keys, strict=True)]


def key_texts(
    texts: Sequence[DraftText], footers: Footers, known: set[int] | None = None
) -> list[TextKey]:
    """The cuts and the body of each text; what bodies are compared by, but of those `known`."""
    known = set() if known is None else known
    return [_key(each, lines_of(each.channel, each.fwd_channel, footers), known) for each in texts]


def _key(each: DraftText, lines: frozenset[str], known: set[int]) -> TextKey:
    cuts = find_cuts(each.text)
    text = apply_cuts(each.text, cuts) if cuts else each.text
    words = comparable_words(text, lines)
    plain = " ".join(words)
    kept = json.dumps([list(cut) for cut in cuts], separators=(",", ":")) if cuts else None
    key, count = body_key(plain), count_words(plain)
    if not each.telling or count < FEWEST_WORDS or key[0] in known:
        return TextKey(kept, key, count)
    known.add(key[0])
    return TextKey(kept, key, count, packed(text, plain, words))
