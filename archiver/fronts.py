"""The work on texts alone: this process does it when it is asked for, others do it ahead."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, Protocol

from archiver.judging import Answers, Footers, Question, Told, lines_of, tell
from archiver.store.cards import Draft, Keyed
from archiver.store.groups import Transaction
from archiver.store.prints import BodyText, Fresh
from archiver.text.body import body_key, comparable, count_words
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

    def key(self, drafts: Sequence[Draft], footers: Footers) -> Callable[[], list[Keyed]]:
        """Start on the cuts and the body of each text; called, the answer gives them."""

    def tell(self, texts: Sequence[BodyText], footers: Footers) -> Callable[[], list[Told]]:
        """Start on the wording and the fingerprints of each text."""

    def judge(
        self, questions: Sequence[Question], footers: Footers, thresholds: Thresholds
    ) -> Callable[[], Answers]:
        """Start on the pairs that a batch will likely ask about; of any the answer may be missing,
        and of others it may be there."""


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

    def key(self, drafts: Sequence[Draft], footers: Footers) -> Callable[[], list[Keyed]]:
        """The cuts and the body of each text."""
        return lambda: with_drafts(drafts, key_texts([text_of(each) for each in drafts], footers))

    def tell(self, texts: Sequence[BodyText], footers: Footers) -> Callable[[], list[Told]]:
        """The wording and the fingerprints of each text."""
        return partial(tell, texts, footers)

    def judge(
        self, questions: Sequence[Question], footers: Footers, thresholds: Thresholds
    ) -> Callable[[], Answers]:
        """Nothing: a pair is judged when it is its turn, and many never are."""
        return lambda: Answers({}, {})


def nothing() -> None:
    """What is to be done where nothing is foreseen."""


INLINE = Inline()


class DraftText(NamedTuple):
    """What the body of a draft is made of."""

    text: str
    channel: int
    fwd_channel: int | None


class TextKey(NamedTuple):
    """The cuts (JSON) and the body of a text."""

    cuts: str | None
    key: tuple[int, int]
    words: int


def text_of(draft: Draft) -> DraftText:
    """What is needed of a draft to key it."""
    return DraftText(draft.text, draft.channel_id, draft.fwd_channel)


def with_drafts(drafts: Sequence[Draft], keys: Sequence[TextKey]) -> list[Keyed]:
    """The drafts with what was made of their texts."""
    return [Keyed(draft, *key) for draft, key in zip(drafts, keys, strict=True)]


def key_texts(texts: Sequence[DraftText], footers: Footers) -> list[TextKey]:
    """The cuts and the body of each text."""
    return [_key(each.text, lines_of(each.channel, each.fwd_channel, footers)) for each in texts]


def _key(text: str, lines: frozenset[str]) -> TextKey:
    cuts = find_cuts(text)
    words = comparable(apply_cuts(text, cuts) if cuts else text, lines)
    kept = json.dumps([list(cut) for cut in cuts], separators=(",", ":")) if cuts else None
    return TextKey(kept, body_key(words), count_words(words))
