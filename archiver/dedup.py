"""Collapses repeated statements: posts -> cuts and bodies -> clusters. The verb.

Works off what is `pending` and takes it off the list only when it is really done, in many small
transactions: a run killed at any moment leaves a valid archive, and the next one completes it.
What the exact layers come to depends only on the archived posts. Near copies are decided when they
arrive, in the order of their dates: a rebuild differs only where older posts arrived later.

    1. learn    channels whose footers changed have all their posts looked at again
    2. key      cuts and body of each pending post, and of its older versions
    3. near     each new body: a copy of an earlier one, or one that leads (see near.py)
    4. join     neighbourhoods of the keyed posts are arranged into clusters
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Protocol

from archiver.clusters import Rules, arrange
from archiver.moves import changes
from archiver.near import FEWEST_WORDS, Matching, Memory, Told, tell
from archiver.store import groups, neighbours, prints
from archiver.store.cards import Card, Draft, Keyed
from archiver.store.groups import Transaction, Transactions
from archiver.store.prints import BodyText, Fresh
from archiver.text.body import BODY_VERSION, body_key, comparable, count_words
from archiver.text.cuts import apply_cuts
from archiver.text.decide import DECISION_VERSION, Thresholds
from archiver.text.footers import learn
from archiver.text.prints import PRINTS_VERSION
from archiver.text.repeats import find_cuts

# Told (step, done, in all) now and then; steps are "learn", "key", "near" and "join".
Progress = Callable[[str, int, int], None]

_KEYED_AT_ONCE = 2_000
MATCHED_AT_ONCE = 2_000
_JOINED_AT_ONCE = 1_000
_HEAPED_AT_ONCE = 20_000
# From here on one pass over the whole archive is cheaper than walking out from each post.
_MANY = 5_000
_MANY_SHARE = 0.05


NEAR_VERSION = 1_000 * PRINTS_VERSION + DECISION_VERSION

Footers = dict[int, frozenset[str]]


class Front(Protocol):
    """The work on texts alone, that other processes can do.

    Before a step it may have a look at all that the step will ask for: inside a transaction first,
    then, when its answer is called, outside of any.
    """

    def foresee_keys(self, conn: Transaction, footers: Footers) -> Callable[[], None]:
        """Told before the first `key`."""

    def foresee_matches(
        self, conn: Transaction, fresh: Sequence[Fresh], footers: Footers, thresholds: Thresholds
    ) -> Callable[[], None]:
        """Told before the first `tell` and `matching`."""

    def matching(
        self, conn: Transaction, footers: Footers, thresholds: Thresholds, memory: Memory
    ) -> Matching:
        """What judges the next batch of bodies."""

    def key(self, drafts: Sequence[Draft], footers: Footers) -> Callable[[], list[Keyed]]:
        """Start on the cuts and the body of each text; called, the answer gives them."""

    def tell(self, texts: Sequence[BodyText], footers: Footers) -> Callable[[], list[Told]]:
        """Start on the wording and the fingerprints of each text."""


class Inline:
    """The same in this process, when it is asked for."""

    def foresee_keys(self, conn: Transaction, footers: Footers) -> Callable[[], None]:
        """Nothing."""
        return _nothing

    def foresee_matches(
        self, conn: Transaction, fresh: Sequence[Fresh], footers: Footers, thresholds: Thresholds
    ) -> Callable[[], None]:
        """Nothing."""
        return _nothing

    def matching(
        self, conn: Transaction, footers: Footers, thresholds: Thresholds, memory: Memory
    ) -> Matching:
        """What judges the next batch of bodies."""
        return Matching(conn, footers, thresholds, memory)

    def key(self, drafts: Sequence[Draft], footers: Footers) -> Callable[[], list[Keyed]]:
        """The cuts and the body of each text."""
        return partial(keyed_drafts, drafts, footers)

    def tell(self, texts: Sequence[BodyText], footers: Footers) -> Callable[[], list[Told]]:
        """The wording and the fingerprints of each text."""
        return partial(tell, texts, footers)


def _nothing() -> None:
    pass


INLINE = Inline()


@dataclass(frozen=True, slots=True)
class Deduped:
    """What a run did, and what there is now.

    `joined`, `new_clusters` and `clusters` are of statements with copies; `album_posts` are posts
    of albums that nobody repeated.
    """

    looked_at: int = 0
    cut_posts: int = 0
    cut_characters: int = 0
    footers_changed: int = 0
    joined: int = 0
    album_posts: int = 0
    near: int = 0
    links: int = 0
    moved: int = 0
    new_clusters: int = 0
    clusters: int = 0


@dataclass(slots=True)
class _Run:
    store: Transactions
    run_id: int
    rules: Rules
    progress: Progress
    front: Front
    total: Deduped = field(default_factory=Deduped)


def dedup(
    store: Transactions,
    run_id: int,
    *,
    rules: Rules | None = None,
    rebuild: bool = False,
    progress: Progress | None = None,
    front: Front = INLINE,
) -> Deduped:
    """Look at all that is pending; with `rebuild`, at every post again.

    Bodies made or decided about by another version of the program lead to a rebuild. `front` does
    the work on texts alone, perhaps in other processes.
    """
    run = _Run(store, run_id, rules or Rules(), progress or _silent, front)
    with store.transaction() as conn:
        rebuild = rebuild or groups.made_by_another_version(conn, BODY_VERSION)
        rebuild = rebuild or (run.rules.thresholds is not None and _decided_otherwise(conn))
        if rebuild:
            groups.queue_all(conn)
            prints.forget_all(conn)
    _learn(run)
    _key(run)
    if run.rules.thresholds is not None:
        _match(run, run.rules.thresholds)
    _join(run)
    with store.transaction() as conn:
        if rebuild:
            groups.drop_unused(conn, BODY_VERSION)
        if run.rules.thresholds is not None:
            prints.set_decided_by(conn, NEAR_VERSION)
        return replace(run.total, clusters=groups.cluster_count(conn))


def _decided_otherwise(conn: Transaction) -> bool:
    """Whether bodies are there that were decided about by another version, or never."""
    return prints.decided_by(conn) != NEAR_VERSION and groups.has_bodies(conn)


def _silent(_step: str, _done: int, _all: int) -> None:
    pass


def _learn(run: _Run) -> None:
    """Bring the footers of the touched channels up to date."""
    with run.store.transaction() as conn:
        channels = groups.channels_to_learn(conn)
        known = groups.footers(conn)
    changed = 0
    for at, channel in enumerate(channels):
        run.progress("learn", at, len(channels))
        with run.store.transaction() as conn:
            lines = learn(groups.last_texts(conn, channel))
            if lines != known.get(channel, frozenset()):
                groups.replace_footers(conn, channel, lines)
                changed += 1
    run.total = replace(run.total, footers_changed=changed)


def _key(run: _Run) -> None:
    """Give every pending post its cuts and its body."""
    with run.store.transaction() as conn:
        lines = groups.footers(conn)
        count = groups.pending_count(conn)
        foresee = run.front.foresee_keys(conn, lines)
    run.progress("key", 0, count)
    foresee()
    with run.store.transaction() as conn:
        drafts = groups.drafts(conn, 0, _KEYED_AT_ONCE)
    begun = run.front.key(drafts, lines)
    seen = 0
    while drafts:
        run.progress("key", seen, count)
        posts_of = [draft.post for draft in drafts if draft.revision is None]
        with run.store.transaction() as conn:
            finish = begun
            drafts = groups.drafts(conn, posts_of[-1], _KEYED_AT_ONCE)
            begun = run.front.key(drafts, lines)  # while these are saved
            keyed = finish()
            groups.save_keys(conn, keyed, BODY_VERSION)
        seen += len(posts_of)
        run.total = _with_cuts(run.total, [k for k in keyed if k.draft.revision is None])


def _match(run: _Run, thresholds: Thresholds) -> None:
    """Find out of each new body whether it is a near copy of an earlier one."""
    with run.store.transaction() as conn:
        lines = groups.footers(conn)
        fresh = prints.fresh_bodies(conn, FEWEST_WORDS)
        foresee = run.front.foresee_matches(conn, fresh, lines, thresholds)
    foresee()
    portions = [fresh[at : at + MATCHED_AT_ONCE] for at in range(0, len(fresh), MATCHED_AT_ONCE)]
    with run.store.transaction() as conn:
        begun = _tell(run, conn, portions[:1], lines)
    memory, done = Memory(), 0
    for number, some in enumerate(portions, 1):
        run.progress("near", done, len(fresh))
        done += len(some)
        with run.store.transaction() as conn:
            finish = begun
            begun = _tell(run, conn, portions[number : number + 1], lines)  # while these are judged
            told = finish()
            by_body = {each.body: each for each in told}
            matching = run.front.matching(conn, lines, thresholds, memory)
            matching.look_up(told)
            for each in some:
                matching.settle(each, by_body[each.body])
            matching.save(run.run_id, DECISION_VERSION)
        followers = sum(each.relation is not None for each in matching.decided)
        total = run.total
        run.total = replace(
            total, near=total.near + followers, links=total.links + len(matching.links)
        )


def _tell(
    run: _Run, conn: Transaction, portions: Sequence[Sequence[Fresh]], lines: Footers
) -> Callable[[], list[Told]]:
    bodies = [each.body for portion in portions for each in portion]
    return run.front.tell(prints.texts(conn, bodies), lines)


def keyed_drafts(drafts: Sequence[Draft], footers: Footers) -> list[Keyed]:
    """The cuts and the body of each text."""
    return [keyed_draft(draft, footers) for draft in drafts]


def keyed_draft(draft: Draft, footers: dict[int, frozenset[str]]) -> Keyed:
    """The cuts and the body of a text; a forward loses the footers of its origin, too."""
    cuts = find_cuts(draft.text)
    text = apply_cuts(draft.text, cuts) if cuts else draft.text
    lines = footers.get(draft.channel_id, frozenset())
    if draft.fwd_channel is not None and draft.fwd_channel in footers:
        lines = lines | footers[draft.fwd_channel]
    words = comparable(text, lines)
    kept = json.dumps([list(cut) for cut in cuts], separators=(",", ":")) if cuts else None
    return Keyed(draft, kept, body_key(words), count_words(words))


def _with_cuts(total: Deduped, posts: Iterable[Keyed]) -> Deduped:
    posts = list(posts)
    cuts = [json.loads(each.cuts) for each in posts if each.cuts is not None]
    return replace(
        total,
        looked_at=total.looked_at + len(posts),
        cut_posts=total.cut_posts + len(cuts),
        cut_characters=total.cut_characters
        + sum(end - start for start, end, _ in chain.from_iterable(cuts)),
    )


def _join(run: _Run) -> None:
    """Arrange all that is keyed and still pending."""
    with run.store.transaction() as conn:
        count = groups.pending_count(conn)
        many = count > max(_MANY, _MANY_SHARE * groups.post_count(conn))
    if many:
        _join_heaps(run, count)
    else:
        _join_around(run, count)
    run.progress("join", count, count)


def _join_heaps(run: _Run, count: int) -> None:
    """One pass over the archive; then whole heaps at a time, each transaction complete."""
    with run.store.transaction() as conn:
        heaps = neighbours.heaps(conn)
    done = 0
    for posts in _portions(heaps):
        run.progress("join", min(done, count), count)
        with run.store.transaction() as conn:
            _settle(run, conn, neighbours.cards(conn, posts))
        done += len(posts)
    with run.store.transaction() as conn:
        groups.clear_pending(conn)


def _portions(heaps: Iterable[list[int]]) -> Iterator[list[int]]:
    portion: list[int] = []
    for heap in heaps:
        portion += heap
        if len(portion) >= _HEAPED_AT_ONCE:
            yield portion
            portion = []
    if portion:
        yield portion


def _join_around(run: _Run, count: int) -> None:
    """A few posts at a time, with their neighbourhoods."""
    words, hours = run.rules.short_words, run.rules.short_hours
    left = count
    while left:
        run.progress("join", count - left, count)
        with run.store.transaction() as conn:
            posts = groups.next_pending(conn, _JOINED_AT_ONCE)
            around = neighbours.neighbourhood(conn, posts, short_words=words, short_hours=hours)
            _settle(run, conn, around)
            left = groups.pending_count(conn)


def _settle(run: _Run, conn: Transaction, cards: list[Card]) -> None:
    stored = groups.stored_clusters(conn, cards)
    found = changes(cards, arrange(cards, run.rules), stored, groups.last_cluster(conn))
    groups.write(conn, run.run_id, found, [card.id for card in cards], BODY_VERSION)
    total = run.total
    run.total = replace(
        total,
        joined=total.joined + found.joined,
        moved=total.moved + len(found.moves),
        album_posts=total.album_posts + found.album_posts,
        new_clusters=total.new_clusters + found.repeated,
    )
