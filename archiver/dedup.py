"""Collapses repeated statements: posts -> cuts and bodies -> clusters. The verb.

Works off what is `pending` and takes it off the list only when it is really done, in many small
transactions: a run killed at any moment leaves a valid archive, and the next one completes it.
What it comes to depends only on the archived posts, so a rebuild finds the same clusters.

    1. learn    channels whose footers changed have all their posts looked at again
    2. key      cuts and body of each pending post, and of its older versions
    3. join     neighbourhoods of the keyed posts are arranged into clusters
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from archiver.clusters import Rules, arrange, changes
from archiver.store import groups, neighbours
from archiver.store.cards import Card, Draft, Keyed
from archiver.store.groups import Transaction, Transactions
from archiver.text.body import BODY_VERSION, body_key, comparable, count_words
from archiver.text.cuts import apply_cuts
from archiver.text.footers import learn
from archiver.text.repeats import find_cuts

# Told (step, done, in all) now and then; steps are "learn", "key" and "join".
Progress = Callable[[str, int, int], None]

_KEYED_AT_ONCE = 2_000
_JOINED_AT_ONCE = 1_000
_HEAPED_AT_ONCE = 20_000
# From here on one pass over the whole archive is cheaper than walking out from each post.
_MANY = 5_000
_MANY_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Deduped:
    """What a run did, and what there is now."""

    looked_at: int = 0
    cut_posts: int = 0
    cut_characters: int = 0
    footers_changed: int = 0
    joined: int = 0
    moved: int = 0
    new_clusters: int = 0
    clusters: int = 0


@dataclass(slots=True)
class _Run:
    store: Transactions
    run_id: int
    rules: Rules
    progress: Progress
    total: Deduped = field(default_factory=Deduped)


def dedup(
    store: Transactions,
    run_id: int,
    *,
    rules: Rules | None = None,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> Deduped:
    """Look at all that is pending; with `rebuild`, at every post again.

    Bodies made by another version of the program lead to a rebuild.
    """
    run = _Run(store, run_id, rules or Rules(), progress or _silent)
    with store.transaction() as conn:
        rebuild = rebuild or groups.made_by_another_version(conn, BODY_VERSION)
        if rebuild:
            groups.queue_all(conn)
    _learn(run)
    _key(run)
    _join(run)
    with store.transaction() as conn:
        if rebuild:
            groups.drop_unused(conn, BODY_VERSION)
        return replace(run.total, clusters=groups.cluster_count(conn))


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
    after = seen = 0
    while True:
        run.progress("key", seen, count)
        with run.store.transaction() as conn:
            drafts = groups.drafts(conn, after, _KEYED_AT_ONCE)
            if not drafts:
                break
            keyed = [keyed_draft(draft, lines) for draft in drafts]
            groups.save_keys(conn, keyed, BODY_VERSION)
        posts = [each for each in keyed if each.draft.revision is None]
        after, seen = posts[-1].draft.post, seen + len(posts)
        run.total = _with_cuts(run.total, posts)


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
        new_clusters=total.new_clusters + found.created,
    )
