"""The archive as an object: every method one transaction, values in, values out."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.pool import StaticPool

from archiver.errors import ChannelUnavailable, InputError
from archiver.locks import Lock
from archiver.model import (
    WHOLE_FILE,
    Account,
    BadRecord,
    Channel,
    Notice,
    Post,
    Tally,
    Verdict,
)
from archiver.store import (
    accounts,
    channels,
    exporting,
    forgetting,
    identity,
    index,
    linking,
    opening,
    subscriptions,
    verdicts,
)
from archiver.store.absorbing import Absorber
from archiver.store.connection import driver
from archiver.store.foreign import Foreign
from archiver.store.held import Held, opened
from archiver.store.indexing import Indexer
from archiver.store.live import LiveArchive
from archiver.store.posts import PostWriter
from archiver.store.schema import event as event_table
from archiver.store.subscriptions import Subscription
from archiver.text.refs import parse_channel

# What a damaged file or a record could bring along; enough to see what it was.
RAW_KEPT = 4_000

# An account is noted by whoever goes online, and that a file was refused is told to the person.
_HOLDS_ANYTHING = (
    "SELECT EXISTS (SELECT 1 FROM channel) OR EXISTS (SELECT 1 FROM flood_wait)"
    " OR EXISTS (SELECT 1 FROM event WHERE kind <> 'refused')"
)


class Store(Held):
    """An open archive that this process alone may write. Use `Store.open` in a `with`."""

    def __init__(self, path: Path, engine: Engine, lock: Lock, *, created: bool = False) -> None:
        super().__init__(path, lock)
        self._created = created
        self._engine = engine
        self._writer = PostWriter()
        self._indexer = Indexer()

    @classmethod
    def open(cls, path: Path, *, create: bool = False, said: str = "") -> Store:
        """Lock, migrate and open the archive at `path`; `said` tells others what for.

        Raises what `held.opened` raises.
        """
        created = not path.exists()

        def make(lock: Lock) -> Store:
            store = cls(path, _engine(path), lock, created=created)
            store._prepare()
            return store

        return opened(path, make, create=create, said=said)

    def close(self) -> None:
        """Close the file and let others write."""
        self._indexer.forget()
        self._engine.dispose()
        self._lock.release()

    def discard_empty(self) -> None:
        """Remove the archive if this Store made it and nothing was stored; `close` follows."""
        if not self._created:
            return
        with self.transaction() as conn:
            if driver(conn).execute(_HOLDS_ANYTHING).fetchone()[0]:
                return
        self._engine.dispose()
        for name in ("", "-wal", "-shm", ".lock"):  # nobody else opens it: the lock is held
            self.path.with_name(self.path.name + name).unlink(missing_ok=True)

    def _prepare(self) -> None:
        with self.transaction() as conn:
            opening.put_right(driver(conn), self._indexer)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction: all of it or nothing. For the verbs that bring their own functions."""
        try:
            with opening.translated(self.path), self._engine.begin() as conn:
                yield conn
        except BaseException:
            self._writer.forget()
            self._indexer.forget()
            raise

    def add_posts(
        self,
        run_id: int,
        items: Sequence[tuple[Channel, Post]],
        now: int,
        problems: Sequence[tuple[str, BadRecord | Notice]] = (),
    ) -> Tally:
        """Save a batch of posts and what went wrong around them; nothing is overwritten by worse.

        After many posts `settle` puts the last of them into the search index.
        `problems` are (file, what) pairs and become rows of `event`.
        """
        with self.transaction() as conn:
            tally = self._writer.add(conn, run_id, items, now, index_later=True)
            self._indexer.take_turn(driver(conn), tally.new)
            if problems:
                conn.execute(insert(event_table), [_event(run_id, *p) for p in problems])
        bad = sum(isinstance(what, BadRecord) for _, what in problems)
        notices = tuple(what.message for _, what in problems if isinstance(what, Notice))
        return tally + Tally(bad=bad, notices=notices)

    def settle(self) -> None:
        """The end of a run: everything saved can be found."""
        with self.transaction() as conn:
            self._indexer.finish(driver(conn))
        self._indexer.forget()

    def take_verdicts(self, run_id: int, said: Sequence[Verdict], now: int) -> tuple[int, int]:
        """Take in what persons said elsewhere: how many are new, and how many cannot be taken.

        Those are of posts that are not here, or a person said otherwise here.
        """
        with self.transaction() as conn:
            found = [verdicts.take_in(conn, run_id, each, now) for each in said]
        return sum(each is True for each in found), sum(each is None for each in found)

    def absorb(self, run_id: int, path: Path, clock: Callable[[], int]) -> Iterator[Tally]:
        """Merge another archive, a portion after another; the tally of each.

        Raises InputError for a file that is this archive, none, damaged or newer.
        """
        if path.exists() and path.samefile(self.path):
            raise InputError(f"{path} is the archive itself.")
        with Foreign.open(path) as foreign:
            absorber = Absorber(foreign, self._writer, run_id, path.name)
            for portion in foreign.posts():
                with self.transaction() as conn:
                    tally = absorber.portion(conn, portion, clock())
                    bad, absorber.bad = absorber.bad, []
                    for each in bad:
                        values = _event(run_id, str(path), BadRecord("another archive", each))
                        conn.execute(insert(event_table).values(values))
                yield tally + Tally(bad=len(bad))
            with self.transaction() as conn:
                absorber.finish(conn, clock())
        yield Tally(notices=_absorbed(absorber))

    def recognise(
        self, run_id: int, said: Channel, posts: Sequence[Post], place: str, now: int
    ) -> identity.Identity:
        """Which channel a file means by its title or @name, as far as its posts prove it."""
        with self.transaction() as conn:
            found = identity.recognise(conn, said, posts, self._writer, now)
            if found.joined:
                values = {"run_id": run_id, "kind": "recognised", "place": place}
                conn.execute(insert(event_table).values(values | {"message": str(found)}))
        return found

    def keep_account(self, user_id: int, label: str, now: int, *, switch: bool = False) -> None:
        """Remember who is logged in; with `switch` in the place of another account.

        Raises LoginRequired where the archive is synced as another account.
        """
        with self.transaction() as conn:
            if switch:
                accounts.switch(conn, user_id, label, now)
            else:
                accounts.keep(conn, user_id, label, now)

    def account(self) -> Account | None:
        """The account this archive is synced as."""
        with self.transaction() as conn:
            return accounts.known(conn)

    def waits(self, user_id: int, now: int) -> dict[str, int]:
        """The methods that may not be called yet, with the Unix time from which they may."""
        with self.transaction() as conn:
            return accounts.waits(conn, user_id, now)

    def synced(self, names: Sequence[str] = (), *, every: bool = False) -> list[Subscription]:
        """The channels that are synced: all, or those a person names. With `every` also removed.

        Raises ChannelUnavailable when one is not, or none is.
        """
        with self.transaction() as conn:
            known = accounts.known(conn)
            found = subscriptions.load(conn, known.user_id if known else None, every=every)
            if not names:
                if not found:
                    raise ChannelUnavailable(
                        "no channel is synced yet; add some with `archiver channels add @name`."
                    )
                return found
            return [_one_of(found, channels.find_all(conn, bare_name(n)), n) for n in names]

    def unsubscribe(self, subscription: Subscription) -> bool:
        """Stop syncing a channel; its posts stay. False where it was not synced."""
        with self.transaction() as conn:
            return subscriptions.unsubscribe(conn, subscription.channel_id)

    def forget(self, name: str, run_id: int, now: int) -> forgetting.Forgotten:
        """Erase a channel's posts and all that was kept of them. Raises ChannelUnavailable."""
        with self.transaction() as conn:
            found = channels.find_all(conn, bare_name(name))
            if len(found) != 1:
                raise ChannelUnavailable(_not_one(name, len(found)))
            gone = forgetting.forget(conn, found[0], run_id)
        self._writer.forget()
        forgetting.wipe(self._engine)
        return gone

    def optimize_index(self) -> None:
        """Merge the parts of the search index that a night's small writes left."""
        with self.transaction() as conn:
            index.merge(driver(conn))

    def live(self, run_id: int, account: Account) -> LiveArchive:
        """The archive as the sync of an account sees it."""
        return LiveArchive(self, self._writer, self._indexer, run_id, account)

    def move_export_cursor(self, name: str, to: exporting.Cursor, now: int) -> None:
        """Remember how far the export of this name is."""
        with self.transaction() as conn:
            exporting.move_cursor(driver(conn), name, to, now)

    def problems(self, run_id: int, limit: int = 3) -> list[tuple[str, str]]:
        """The first records of a run that could not be read: place and reason."""
        wanted = (event_table.c.run_id == run_id) & (event_table.c.kind == "bad-record")
        columns = select(event_table.c.place, event_table.c.message)
        with self.transaction() as conn:
            found = conn.execute(columns.where(wanted).order_by(event_table.c.id).limit(limit))
            return [(row.place, row.message) for row in found]

    def link_channel(self, name: str, real: Channel, now: int) -> linking.Linked:
        """Make the channel known as `name` the real one, joining the two if both have posts.

        Raises ChannelUnavailable when no channel, or more than one, is called that.
        """
        with self.transaction() as conn:
            found = channels.find_all(conn, name)
            if len(found) != 1:
                raise ChannelUnavailable(_not_one(name, len(found)))
            linked = linking.link(conn, found[0], name, real, self._writer, now)
        self._writer.forget()
        return linked


def _absorbed(absorber: Absorber) -> tuple[str, ...]:
    """What is to be said after a merge."""
    said = []
    if absorber.subscribed:
        said.append(
            f"{absorber.subscribed} channels are synced there; `archiver channels add` has them"
            " synced here"
        )
    if absorber.conflicts:
        said.append(
            f"the archives contradict each other in {absorber.conflicts} things; this one's word"
            " stands, the table `event` has them as conflicts"
        )
    return tuple(said)


def bare_name(name: str) -> str:
    """What the archive calls the channel of a link or an id; other names as they are."""
    ref = parse_channel(name)
    if ref is None or (ref.username and not name.startswith("@") and "/" not in name):
        return name
    return f"@{ref.username}" if ref.username else str(ref.tg_id)


def _one_of(found: Sequence[Subscription], keys: Sequence[int], name: str) -> Subscription:
    mine = [each for each in found if each.channel_id in keys]
    if len(mine) == 1:
        return mine[0]
    if mine:
        raise ChannelUnavailable(_not_one(name, len(mine)))
    raise ChannelUnavailable(f"{name!r} is not synced; `archiver channels add {name}` adds it.")


def _not_one(name: str, count: int) -> str:
    if count == 0:
        return f"no channel called {name!r} in this archive; `archiver channels list` names them."
    return f"{count} channels are called {name!r}; use the number `archiver channels list` shows."


def _event(run_id: int, file: str, what: BadRecord | Notice) -> dict[str, Any]:
    if isinstance(what, Notice):
        return {"run_id": run_id, "kind": "notice", "place": file, "message": what.message,
                "data": None}  # fmt: skip
    return {
        "run_id": run_id,
        "kind": "refused" if what.where == WHOLE_FILE else "bad-record",
        "place": f"{file}: {what.where}",
        "message": what.reason,
        "data": what.raw[:RAW_KEPT].encode("utf-8", "replace").decode(),
    }


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", poolclass=StaticPool)

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        opening.set_up(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(opening.BEGIN)

    return engine
