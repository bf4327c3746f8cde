"""Which post is shown for a statement; pure, on light rows in order of time.

Who comes later and has more words mostly added them: a comment before it, a joke behind it. The
longest copy would show these as the statement. So more words than those of the first post count
only where its own channel added them, or where two channels tell them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from archiver.kinds import Reason
from archiver.store.cards import Card

# Of the words that the statement has; a shorter version is cut, and shown only if nothing better
# is there.
_COMPLETE = 0.95


def canonical_of(members: Sequence[Card]) -> Card:
    """The most forwarded of the archived origins, else the earliest complete version."""
    forwarded = Counter(
        card.origin
        for card in members
        if card.origin not in (None, (card.channel_id, card.message_id))
    )
    origins = [card for card in members if forwarded[card.channel_id, card.message_id]]
    if origins:  # max keeps the first of equals, and members are in order of time
        return max(origins, key=lambda card: forwarded[card.channel_id, card.message_id])
    words = _words(members)
    complete = (card for card in members if 0 < _COMPLETE * words <= card.words <= words)
    return next(complete, None) or max(members, key=lambda card: card.words)


def _words(members: Sequence[Card]) -> int:
    """How many words the statement has: of its first channel's posts, or of what two channels tell.

    A post that was found to be cut does not say how long it is.
    """
    whole = [card for card in members if card.words and not _is_cut(card)]
    own = [card.words for card in whole if card.channel_id == whole[0].channel_id]
    tellers: dict[tuple[int, int], set[int]] = defaultdict(set)
    for card in members:
        for body, words in ((card.body, card.words), *card.older):
            if body is not None:
                tellers[body, words].add(card.channel_id)
    shared = [words for (_, words), channels in tellers.items() if len(channels) > 1]
    return max([*own, *shared], default=0)


def _is_cut(card: Card) -> bool:
    return bool(card.near) and card.near[0].relation == Reason.PART
