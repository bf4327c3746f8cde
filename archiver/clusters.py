"""Decides which posts make one statement, and why; pure, on light rows.

Posts are one component when they share
  - an origin: a forward names (channel, message), and the archived post there is that node itself,
    unless it was edited since and the forward tells what the earlier version told;
  - a body of at least `short_words` words, in any version of either that the newest still tells;
  - an album.
What is shorter ("Good morning") says the same only for a while, and so does a *form* ("12 patients
died yesterday"), a body that its channel also posts with other words or numbers in the same places.
Each component joins others through one such body at most: that of its earliest post's current
version, if that is dated. The components of one such body go in order of their first date (then
channel and message id) into windows: the first opens one, and each joins it whose first date is at
most `short_hours` (of a form: `FORM_HOURS`) after the opener's, unless its channel said the same in
that window already, more than `AGAIN_MINUTES` ago: that is the next alert, not a copy. The next
opens another window. As a component is in one window only, windows never chain.

The outcome depends only on the rows, not on their order nor on what was decided before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from archiver.canonical import canonical_of
from archiver.forwarded import as_forwarded
from archiver.kinds import Reason
from archiver.store.cards import Card, Cluster, Near, Place
from archiver.text.decide import Thresholds

# Of the labelled copies of short texts in other channels none came later than an hour after.
FORM_HOURS = 12
# A channel that posts the same line twice in ten minutes slipped; later it is another event.
AGAIN_MINUTES = 10
_NEVER = 1 << 62  # undated posts come after all dated ones

Node = int | tuple[int, ...] | str


@dataclass(frozen=True, slots=True)
class Rules:
    """What the config may change; after a change only a rebuild makes old posts follow."""

    short_words: int = 8
    short_hours: int = 48
    thresholds: Thresholds | None = None  # of near copies; None: the exact layers alone


def arrange(cards: Sequence[Card], rules: Rules) -> list[Cluster]:
    """The statements that two or more of these posts make.

    The posts must be whole neighbourhoods: all that share a node with one of them are there.
    """
    return [_cluster(part) for part in partition(cards, rules) if len(part) > 1]


def partition(cards: Sequence[Card], rules: Rules) -> list[list[Card]]:
    """The posts, parted by what they say; each part in order of time."""
    ordered = sorted(as_forwarded(cards), key=in_time)
    parts = _Parts(len(ordered))
    holders: dict[Node, int] = {}
    for at, card in enumerate(ordered):
        for node in _lasting_nodes(card, rules):
            parts.join(holders.setdefault(node, at), at)
    for first, later in _short_joins(ordered, parts.firsts(), rules):
        parts.join(first, later)
    return [[ordered[at] for at in part] for part in parts.all()]


def in_time(card: Card) -> tuple[int, int, int]:
    """The order of posts: by date, undated ones last, then by channel and message."""
    return (_NEVER if card.date is None else card.date, card.channel_id, card.message_id)


class _Parts:
    """Union-find over 0..size-1 in which the smallest of a part stands for it."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, at: int) -> int:
        parent = self._parent
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    def join(self, one: int, other: int) -> None:
        one, other = self.find(one), self.find(other)
        if one != other:
            self._parent[max(one, other)] = min(one, other)

    def firsts(self) -> list[int]:
        return [at for at, parent in enumerate(self._parent) if at == parent]

    def all(self) -> Iterable[list[int]]:
        parts: dict[int, list[int]] = {}
        for at in range(len(self._parent)):
            parts.setdefault(self.find(at), []).append(at)
        return parts.values()


def _lasting_nodes(card: Card, rules: Rules) -> Iterator[Node]:
    """What a post shares for good with another."""
    yield from verdict_nodes(card)
    if card.apart:
        return
    yield from origin_nodes(card)
    if card.body is not None and card.form is None and card.words >= rules.short_words:
        yield card.body
    for body, words in card.older:
        if words >= rules.short_words:
            yield body
    for near in card.near:
        if near.leader != card.form:
            yield near.leader
    yield from album_nodes(card)


def verdict_nodes(card: Card) -> Iterator[str]:
    """What a person said belongs together."""
    for verdict in card.joined:
        yield f"verdict {verdict}"


def origin_nodes(card: Card) -> Iterator[tuple[int, ...]]:
    """The post itself and the one it forwards, as places where a message first stood."""
    if card.apart:
        return
    if card.message_id > 0:
        yield (card.channel_id, card.message_id)
    if card.origin is not None:
        yield card.origin


def body_nodes(card: Card) -> Iterator[int]:
    """The bodies of its versions."""
    if card.apart:
        return
    if card.body is not None:
        yield card.body
    for body, _ in card.older:
        yield body


def album_nodes(card: Card) -> Iterator[tuple[int, int, int]]:
    """The album it belongs to, if any."""
    if card.album is not None and not card.apart:
        yield (card.channel_id, card.album, 0)


def near_nodes(card: Card) -> Iterator[tuple[int]]:
    """The bodies that lead those of its versions, and those bodies themselves: others follow."""
    for body in body_nodes(card):
        yield (body,)
    if not card.apart:
        for near in card.near:
            yield (near.leader,)


# From the strongest link to the weakest.
KINDS: tuple[tuple[Reason, Callable[[Card], Iterator[Node]]], ...] = (
    (Reason.VERDICT, verdict_nodes),
    (Reason.FORWARD, origin_nodes),
    (Reason.SAME_TEXT, body_nodes),
    (Reason.ALBUM, album_nodes),
    (Reason.NEAR, near_nodes),
)


def near_match(one: Card, other: Card, leader: int) -> Near | None:
    """What made two posts near copies that share a leader: the later finding of the two."""
    for card in (other, one):
        for near in card.near:
            if near.leader == leader:
                return near
    return None


def passing(card: Card, rules: Rules) -> int | None:
    """The body that a post shares with others for a while only: a short one, or a form."""
    if card.date is None or card.apart:
        return None
    if card.form is not None:
        return card.form
    return card.body if card.words < rules.short_words else None


@dataclass(slots=True)
class _Window:
    """The posts that say one passing body at one time."""

    opener: int
    ends: int
    said: dict[int, int]  # by channel: when it said it first

    def takes(self, card: Card) -> bool:
        assert card.date is not None
        said = self.said.get(card.channel_id, card.date)
        return card.date <= self.ends and card.date <= said + AGAIN_MINUTES * 60


def _short_joins(
    ordered: Sequence[Card], firsts: Sequence[int], rules: Rules
) -> Iterator[tuple[int, int]]:
    """Pairs of components' first posts whose passing body falls into one window."""
    open_at: dict[int, _Window] = {}
    for at in firsts:  # in order of time, as the posts are
        card = ordered[at]
        body = passing(card, rules)
        if body is None or card.date is None:
            continue
        window = open_at.get(body)
        if window is not None and window.takes(card):
            window.said.setdefault(card.channel_id, card.date)
            yield window.opener, at
        else:
            hours = rules.short_hours if card.form is None else min(FORM_HOURS, rules.short_hours)
            open_at[body] = _Window(at, card.date + hours * 3600, {card.channel_id: card.date})


def _cluster(members: Sequence[Card]) -> Cluster:
    canonical = canonical_of(members)
    dates = [card.date for card in members if card.date is not None]
    copies = {_unit(card): card.channel_id for card in members}
    del copies[_unit(canonical)]
    return Cluster(
        canonical=canonical.id,
        places=_places(canonical, members),
        copies=len(copies),
        channels=len(set(copies.values())),
        first_date=min(dates, default=None),
        last_date=max(dates, default=None),
    )


def _unit(card: Card) -> int | tuple[int, int]:
    """What counts as one copy: an album, or a post."""
    return card.id if card.album is None else (card.channel_id, card.album)


def _places(canonical: Card, members: Sequence[Card]) -> tuple[Place, ...]:
    """How each member hangs on the canonical: directly, or through the fewest others.

    Of the posts as near to the canonical, the strongest link counts, then the earliest post.
    """
    waiting = _holders(canonical, members)
    placed: dict[int, Place] = {canonical.id: Place(canonical.id, None, None)}
    level = [canonical]
    while level:
        following: list[Card] = []
        for reason, nodes_of in KINDS:
            for card in level:
                for node in nodes_of(card):
                    for other in waiting.pop((reason, node), ()):
                        if other.id not in placed:
                            placed[other.id] = _place(other, card, reason, node)
                            following.append(other)
        level = sorted(following, key=in_time)
    return tuple(placed.values())


def _place(other: Card, via: Card, reason: Reason, node: Node) -> Place:
    if reason is not Reason.NEAR:
        return Place(other.id, reason, via.id)
    assert isinstance(node, tuple)
    found = near_match(via, other, node[0])
    if found is None:  # the same body, which is the stronger reason, would have come first
        return Place(other.id, Reason.SAME_TEXT, via.id)
    return Place(other.id, Reason(found.relation), via.id, found.score)


def _holders(canonical: Card, members: Sequence[Card]) -> dict[tuple[Reason, Node], list[Card]]:
    holders: dict[tuple[Reason, Node], list[Card]] = defaultdict(list)
    for card in members:
        if card is not canonical:
            for reason, nodes_of in KINDS:
                for node in nodes_of(card):
                    holders[reason, node].append(card)
    return dict(holders)
