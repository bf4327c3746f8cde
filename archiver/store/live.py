"""The archive as the sync of one account sees it: every method one transaction."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Connection, insert

from archiver.model import (
    Account,
    Channel,
    ChannelState,
    Difference,
    FeedEvent,
    Page,
    Sighting,
    Tally,
)
from archiver.store import accounts, subscriptions, tombstones
from archiver.store.connection import driver
from archiver.store.indexing import Indexer
from archiver.store.schema import event
from archiver.store.subscriptions import Subscription, SyncState
from archiver.text.refs import ChannelRef

if TYPE_CHECKING:
    from archiver.store.posts import PostWriter

# What a post that cannot be read brings along; enough to read it once the program can.
RAW_KEPT = 256_000
# Of a channel that was emptied so many posts are asked for in a run: five requests.
SUSPECTS = 500
_HIGHEST = 2**31 - 1
# Ten pages; a run that is killed leaves at most twice as many to be indexed by the next.
INDEXED_AT_ONCE = 1_000
# Seconds after which fewer are indexed, too: a sync that Telegram slows down takes hours.
PATIENCE = 10


class Transactions(Protocol):
    """What this needs of the Store."""

    def transaction(self) -> AbstractContextManager[Connection]:
        """One transaction: all of it or nothing."""
        ...

    def settle(self) -> None:
        """Put everything saved into the search index."""
        ...


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a page or a difference did, and the subscription as it stands now."""

    tally: Tally
    subscription: Subscription


class LiveArchive:
    """Saves what a feed tells under one run; `account` is who asks it."""

    def __init__(
        self,
        store: Transactions,
        writer: PostWriter,
        indexer: Indexer,
        run_id: int,
        account: Account,
    ) -> None:
        self._store = store
        self._writer = writer
        self._indexer = indexer
        self._run = run_id
        self._account = account
        self._waiting = self._indexed = 0

    def keep_wait(self, method: str, not_before: int) -> None:
        """Remember a long wait for the next run."""
        with self._store.transaction() as conn:
            accounts.keep_wait(conn, self._account.user_id, method, not_before)

    def subscriptions(self, only: Iterable[int] | None = None) -> list[Subscription]:
        """The channels to sync, the one that waited longest first."""
        with self._store.transaction() as conn:
            return subscriptions.load(conn, self._account.user_id, only)

    def subscribe(self, sighting: Sighting, added_as: str, since: int | None, now: int) -> bool:
        """Have a channel synced from now on; False where it was already."""
        with self._store.transaction() as conn:
            channel_id = self._writer.directory.resolve(conn, sighting.channel, now)
            new = subscriptions.subscribe(conn, channel_id, added_as, since, now)
            self._see(conn, channel_id, sighting, now)
            if sighting.access_hash is not None:
                subscriptions.note_resolved(
                    conn, self._account.user_id, channel_id, sighting.access_hash, now
                )
        self._writer.forget()
        return new

    def see(self, subscription: Subscription, sighting: Sighting, now: int) -> Subscription:
        """Take over what a channel is called now and whether it can be read."""
        with self._store.transaction() as conn:
            self._see(conn, subscription.channel_id, sighting, now)
        self._writer.forget()
        return self._again(subscription)

    def _see(self, conn: Connection, channel_id: int, sighting: Sighting, now: int) -> None:
        user = self._account.user_id
        for loser in subscriptions.see(conn, channel_id, sighting, user, now):
            name = sighting.channel.username
            said = f"@{name} belongs to {sighting.channel.tg_id} now, no longer to this channel"
            self._note(conn, "username-moved", f"channel {loser}", said)

    def want_since(self, subscription: Subscription, since: int) -> None:
        """From now on posts before this date are not wanted."""
        if subscription.sync.since != since:
            state = replace(subscription.sync, since=since, floor_id=None)
            self.save_state(subscription, state)

    def resolved(self, subscription: Subscription, sighting: Sighting, now: int) -> Subscription:
        """The name of a channel was asked for again and still leads to it."""
        with self._store.transaction() as conn:
            user, channel_id = self._account.user_id, subscription.channel_id
            if sighting.access_hash is not None:
                subscriptions.note_resolved(conn, user, channel_id, sighting.access_hash, now)
            self._see(conn, channel_id, sighting, now)
        return self._again(subscription)

    def asked_in_vain(self, subscription: Subscription, now: int) -> None:
        """The name of a channel leads nowhere, or elsewhere: enough for a day."""
        with self._store.transaction() as conn:
            user, channel_id = self._account.user_id, subscription.channel_id
            subscriptions.note_asked(conn, user, channel_id, now)

    def set_state(self, subscription: Subscription, state: ChannelState, now: int) -> None:
        """Note that a channel can or cannot be read, and since when."""
        with self._store.transaction() as conn:
            subscriptions.set_state(conn, subscription.channel_id, state, now)

    def _again(self, subscription: Subscription) -> Subscription:
        [found] = self.subscriptions([subscription.channel_id])
        return found

    def missing(self, subscription: Subscription, page: Page, *, newest: bool = False) -> list[int]:
        """The ids of the page's range that the archive holds as not deleted and the page has not.

        Those of which the page proves nothing are none of them. Above the `newest` page there are
        none at all: what the archive has there was deleted, it may be the whole channel.
        """
        there = {post.message_id for post in page.posts} | page.unknown
        key = subscription.channel_id
        above = max(page.hi + 1, subscription.sync.available_min_id or 1)
        with self._store.transaction() as conn:
            found = tombstones.missing(conn, key, page.lo, page.hi, there)
            more = tombstones.missing(conn, key, above, _HIGHEST, there) if newest else []
        return more[:SUSPECTS] + found

    def add_page(
        self,
        subscription: Subscription,
        page: Page,
        deleted: Sequence[int],
        state: SyncState,
        now: int,
    ) -> Saved:
        """Save posts, deletions, coverage and how far the sync is: all of it or nothing."""
        channel = Channel(tg_id=subscription.tg_id)
        covered = subscription.coverage.add_page(page.lo, page.hi, page.unknown)
        with self._store.transaction() as conn:
            posts = [(channel, post) for post in page.posts]
            tally = self._writer.add(conn, self._run, posts, now, index_later=True)
            gone = self._bury(conn, subscription, deleted, "by id", now)
            key, before = subscription.channel_id, subscription
            subscriptions.save_coverage(conn, key, before.coverage, covered)
            subscriptions.save_state(conn, key, before.sync, state)
            self._note_all(conn, subscription, page.events)
            self._index(conn, tally.new, now)
        after = replace(subscription, coverage=covered, sync=state)
        return Saved(tally + Tally(deleted=gone), after)

    def _index(self, conn: Connection, new: int, now: int) -> None:
        """Put what waits into the search index once it is worth while, or has waited."""
        self._waiting += new
        if self._waiting >= INDEXED_AT_ONCE or (self._waiting and now - self._indexed >= PATIENCE):
            new, self._waiting, self._indexed = self._waiting, 0, now
            self._indexer.take_turn(driver(conn), new)

    def settle(self) -> None:
        """The end of a run: everything saved can be found."""
        self._store.settle()

    def add_difference(
        self, subscription: Subscription, difference: Difference, state: SyncState, now: int
    ) -> Saved:
        """Save what changed; it says nothing about other ids, so nothing becomes covered."""
        channel = Channel(tg_id=subscription.tg_id)
        with self._store.transaction() as conn:
            items = [(channel, post) for post in difference.posts]
            tally = self._writer.add(conn, self._run, items, now)
            gone = self._bury(conn, subscription, difference.deleted, "difference", now)
            subscriptions.save_state(conn, subscription.channel_id, subscription.sync, state)
            self._note_all(conn, subscription, difference.events)
        return Saved(tally + Tally(deleted=gone), replace(subscription, sync=state))

    def _bury(
        self,
        conn: Connection,
        subscription: Subscription,
        deleted: Sequence[int],
        evidence: str,
        now: int,
    ) -> int:
        return tombstones.bury(conn, subscription.channel_id, deleted, evidence, now)

    def save_state(self, subscription: Subscription, state: SyncState) -> Subscription:
        """Keep how far the sync is, where no page says so."""
        if state != subscription.sync:
            with self._store.transaction() as conn:
                key = subscription.channel_id
                subscriptions.save_state(conn, key, subscription.sync, state)
        return replace(subscription, sync=state)

    def note_try(
        self, subscription: Subscription, error: str | None, complete: bool, now: int
    ) -> None:
        """How the sync of a channel went in this run."""
        with self._store.transaction() as conn:
            subscriptions.note_try(conn, subscription.channel_id, error, complete, now)

    def note(self, subscription: Subscription, events: Iterable[FeedEvent]) -> None:
        """Keep what a feed met, where it is not part of a page."""
        with self._store.transaction() as conn:
            self._note_all(conn, subscription, events)

    def _note_all(
        self, conn: Connection, subscription: Subscription, events: Iterable[FeedEvent]
    ) -> None:
        for each in events:
            number = "" if each.message_id is None else f"/{each.message_id}"
            place = f"{subscription.tg_id}{number}"
            data = b64encode(each.data[:RAW_KEPT]).decode() if each.data else None
            self._note(conn, each.kind, place, each.message, data)

    def _note(
        self, conn: Connection, kind: str, place: str, message: str, data: str | None = None
    ) -> None:
        values: dict[str, Any] = {"run_id": self._run, "kind": kind, "place": place}
        conn.execute(insert(event).values(values | {"message": message, "data": data}))

    def named(self, ref: ChannelRef) -> Subscription | None:
        """The synced channel that a person names so, where no name has to be asked for."""
        for each in self.subscriptions():
            by_name = ref.username and ref.username.casefold() == (each.username or "").casefold()
            by_link = ref.invite is not None and each.added_as == str(ref)
            if by_name or by_link or ref.tg_id == each.tg_id:
                return each
        return None

    def former(self, username: str, tg_id: int) -> Subscription | None:
        """A synced channel that was added as @username and is another one than `tg_id`."""
        with self._store.transaction() as conn:
            for each in subscriptions.load(conn, self._account.user_id, every=True):
                named = each.added_as.lstrip("@").casefold() == username.casefold()
                if named and each.tg_id != tg_id:
                    return each
        return None
