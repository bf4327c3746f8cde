"""Collapses repeated statements: posts -> cuts and bodies -> clusters. The verb.

Works off what is `pending` and takes it off the list only when it is really done, in many small
transactions: a run killed at any moment leaves a valid archive, and the next one completes it.
What the exact layers come to depends only on the archived posts. Near copies are decided when they
arrive, in the order of their dates: a rebuild differs only where older posts arrived later.

    1. learn    posts that other footers of their channel give another body are looked at again
    2. key      cuts and body of each pending post, and of its older versions
    3. near     each new body: a copy of an earlier one, or one that leads (see near.py)
    4. join     neighbourhoods of the keyed posts are arranged into clusters
    5. place    posts that came into a cluster get into the index of members (for counting)
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from archiver import rebuilds
from archiver.clusters import Rules, arrange
from archiver.fronts import INLINE, Front
from archiver.judging import FEWEST_WORDS, Told
from archiver.means import Means
from archiver.moves import changes
from archiver.near import Matching
from archiver.placing import place
from archiver.recent import Recent
from archiver.spool import Spool, spool
from archiver.store import earlier, groups, neighbours, prints, signing
from archiver.store.cards import Card, Draft, Keyed
from archiver.store.groups import Transaction, Transactions
from archiver.text.body import BODY_VERSION
from archiver.text.decide import Thresholds
from archiver.text.footers import learn

# Told (step, done, in all) now and then; steps are "learn", "key", "near", "join", "place".
Progress = Callable[[str, int, int], None]

_KEYED_AT_ONCE = 2_000
MATCHED_AT_ONCE = 2_000
_TOLD_AHEAD = 2  # batches: the processes shall never wait for this one
_JOINED_AT_ONCE = 1_000
_HEAPED_AT_ONCE = 20_000
# Each body is looked for at a dozen places of the fingerprints, 125 MB of a million posts: a long
# pass has them in memory.
_LONG = 100_000
_LONG_KEPT = 256 * 1024  # KiB
# From here on one pass over the whole archive is cheaper than walking out from each post.
_MANY = 5_000
_MANY_SHARE = 0.05


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
    rebuilt: bool = False


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
        rebuild = rebuild or rebuilds.is_outdated(conn, near=run.rules.thresholds is not None)
        if rebuild:
            rebuilds.begin(conn, run_id)
        is_long = groups.pending_count(conn) >= _LONG
        kept = groups.keep_pages(conn, _LONG_KEPT) if is_long else 0
        folder = groups.folder(conn)
    _learn(run)
    with spool(folder) as made:
        _key(run, made)
        if run.rules.thresholds is not None:
            _match(run, run.rules.thresholds, made)
    _join(run)
    place(store, run.front, run.progress)
    with store.transaction() as conn:
        if rebuild:
            groups.drop_unused(conn, BODY_VERSION)
        earlier.end(conn)
        if run.rules.thresholds is not None:
            prints.set_decided_by(conn, rebuilds.NEAR_VERSION)
        groups.set_made_by(conn, BODY_VERSION)
        if is_long:
            groups.keep_pages(conn, kept)
        clusters = groups.cluster_count(conn)
        return replace(run.total, clusters=clusters, rebuilt=rebuild)


def _silent(_step: str, _done: int, _all: int) -> None:
    pass


def _learn(run: _Run) -> None:
    """Bring the footers of the touched channels up to date."""
    with run.store.transaction() as conn:
        channels = signing.channels_to_learn(conn)
        known = groups.footers(conn)
    changed = 0
    for at, channel in enumerate(channels):
        run.progress("learn", at, len(channels))
        with run.store.transaction() as conn:
            lines = learn(signing.last_texts(conn, channel))
            if lines != known.get(channel, frozenset()):
                signing.replace(conn, channel, known, lines)
                known[channel] = lines
                changed += 1
    run.total = replace(run.total, footers_changed=changed)


def _key(run: _Run, made: Spool) -> None:
    """Give every pending post its cuts and its body."""
    with run.store.transaction() as conn:
        lines = groups.footers(conn)
        count = groups.pending_count(conn)
        # Told is by the first post that has a body: of old ones that may be none of these.
        old = 0 if groups.all_pending(conn) else groups.last_body(conn)
        foresee = run.front.foresee_keys(conn, lines)
    run.progress("key", 0, count)
    foresee()
    with run.store.transaction() as conn:
        drafts = groups.drafts(conn, 0, _KEYED_AT_ONCE)
    begun = run.front.key(drafts, lines, _asked_for(run, drafts, old))
    seen = 0
    while drafts:
        run.progress("key", seen, count)
        last = max(draft.post for draft in drafts)
        with run.store.transaction() as conn:
            finish = begun
            drafts = groups.drafts(conn, last, _KEYED_AT_ONCE)
            begun = run.front.key(
                drafts, lines, _asked_for(run, drafts, old)
            )  # while these are saved
            keyed = finish()
            ids = groups.save_keys(conn, keyed, BODY_VERSION)
        current = [each for each in keyed if each.draft.revision is None]
        seen += len(current)
        bodies = ((ids[each.key], each.told) for each in current if each.words)
        made.add((body, told) for body, told in bodies if body > old)
        run.total = _with_cuts(run.total, current)


def _asked_for(run: _Run, drafts: Sequence[Draft], old: int) -> frozenset[int]:
    """The posts whose bodies are compared then: what other footers left as it was is not."""
    if run.rules.thresholds is None:
        return frozenset()
    return frozenset(each.post for each in drafts if each.body is None or not old)


def _match(run: _Run, thresholds: Thresholds, made: Spool) -> None:
    """Find out of each new body whether it is a near copy of an earlier one.

    A batch is settled after the next one was looked up, while its texts are worked on elsewhere;
    but for the last one before the index is written, which all that is looked up then finds.
    """
    with run.store.transaction() as conn:
        recent = Recent(prints.all_hot(conn))
        means = Means(groups.footers(conn), thresholds, run.front, made, recent)
        fresh = prints.fresh_bodies(conn, FEWEST_WORDS)
        foresee = run.front.foresee_matches(conn, fresh, means.footers, thresholds)
    foresee()
    portions = [fresh[at : at + MATCHED_AT_ONCE] for at in range(0, len(fresh), MATCHED_AT_ONCE)]
    begun: deque[Callable[[], list[Told]]] = deque()
    batch = None
    number = settled = 0
    while number < len(portions) or batch is not None:
        run.progress("near", settled, len(fresh))
        with run.store.transaction() as conn:
            for some in portions[number + len(begun) : number + _TOLD_AHEAD + 1]:
                begun.append(means.tell(conn, [each.body for each in some]))
            following = None
            if begun and not (batch is not None and means.shelf.is_full(len(batch.fresh))):
                told = {each.body: each for each in begun.popleft()()}
                following = Matching(means, portions[number], told)
                following.look_up(conn)
                number += 1
            if batch is not None:
                batch.settle(conn)
                settled += len(batch.fresh)
                near, links = run.total.near + batch.near, run.total.links + batch.links
                run.total = replace(run.total, near=near, links=links)
                if following is None:
                    means.save(conn, run.run_id)
        batch = following


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
        many = count > _MANY and count > _MANY_SHARE * groups.post_count(conn)
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
