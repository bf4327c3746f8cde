"""Of which version of a post a forward is, where the post tells another statement since. Pure.

An earlier version that the forward tells says so, or, where none is archived that does, the dates
and the words: the post was edited after the forward, and is unlike it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archiver.store.cards import Card


def as_forwarded(cards: Sequence[Card]) -> Sequence[Card]:
    """The same posts; forwards of an earlier version are forwards of that, not of the newest."""
    unlike = {card.origin for card in cards if card.unlike}
    edited: dict[tuple[int, ...], Card] = {
        (card.channel_id, card.message_id): card
        for card in cards
        if card.past or (unlike and (card.channel_id, card.message_id) in unlike)
    }
    if not edited:
        return cards
    return [_as_forwarded(card, edited) for card in cards]


def is_of_earlier_version(forward: Card, original: Card) -> bool:
    """Whether one post forwards the other as it was before an edit made another statement of it."""
    place = original.channel_id, original.message_id
    return _as_forwarded(forward, {place: original}) is not forward


def _as_forwarded(card: Card, edited: Mapping[tuple[int, ...], Card]) -> Card:
    original = edited.get(card.origin) if card.origin is not None else None
    if original is None or original is card or card.body is None:
        return card
    said = {card.body, *(near.leader for near in card.near)}
    says = {original.body, *(near.leader for near in original.near)}
    says.update(body for body, _ in original.older)
    if not said.isdisjoint(says) or (not card.unlike and said.isdisjoint(original.past)):
        return card
    assert card.origin is not None
    return card._replace(origin=(*card.origin, card.body))
