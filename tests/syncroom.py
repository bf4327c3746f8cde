"""A room in which channels are synced: a world, its server, the real client, an archive.

Time is told, not waited for: a night is `room.sleep(days=1)`. One `room.sync()` is one run of the
program, with a connection of its own; what crashes leaves behind what a killed process would.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from archiver.sources.telegram.feed import TelegramFeed
from archiver.store.store import Store
from archiver.store.subscriptions import Subscription
from archiver.sync.plan import DAY, Rules
from archiver.sync.run import Hooks, Synced, sync
from archiver.text.refs import ChannelRef
from tests import archives
from tests.server import Channel, Server, World
from tests.server.fixtures import running
from tests.sources.telegram.gatewayroom import Clock, Timeouts, connected

LIMIT = 60.0
# On a busy machine an answer may take a while; tests with hangs in their script say less.
PATIENT = Timeouts(answer=20.0, connect=20.0)


class SyncRoom:
    """An archive and the server it is filled from."""

    def __init__(self, path: Path, server: Server) -> None:
        self.path = path
        self.server = server
        self.clock = Clock(float(server.world.clock))
        self.options: dict[str, Any] = {"timeouts": PATIENT}
        self.stop = asyncio.Event()
        self.calls: dict[str, int] = {}

    @property
    def world(self) -> World:
        """What is served."""
        return self.server.world

    def sleep(self, days: float = 1) -> None:
        """Time goes on."""
        self.clock.now = max(self.clock.now, float(self.world.clock)) + days * DAY

    def now(self) -> int:
        """The archiver's clock, never behind the newest post."""
        return int(max(self.clock.now, float(self.world.clock)))

    async def add(self, *channels: Channel, since: int | None = None) -> None:
        """`archiver channels add`, by name."""
        async with self._line("channels add") as (_, feed, live):
            for each in channels:
                sighting = await feed.resolve(ChannelRef(username=each.username))
                live.subscribe(sighting, f"@{each.username}", since, self.now())

    async def sync(
        self,
        rules: Rules | None = None,
        *,
        only: Sequence[Channel] = (),
        on_store: Callable[[Store], None] | None = None,
        paged: Callable[[Any], None] | None = None,
    ) -> Synced:
        """`archiver sync`; raises what a run would end with before its first channel."""
        async with asyncio.timeout(LIMIT):
            async with self._line("sync") as (store, feed, live):
                if on_store is not None:
                    on_store(store)
                wanted = live.subscriptions()
                if only:
                    ids = {-1_000_000_000_000 - each.id for each in only}
                    wanted = [each for each in wanted if each.tg_id in ids]
                hooks = Hooks(self.now, self.clock, self.stop, paged=paged or (lambda _: None))
                return await sync(feed, live, wanted, rules or Rules(), hooks)

    @asynccontextmanager
    async def _line(self, command: str) -> AsyncIterator[Any]:
        with Store.open(self.path, create=True) as store:
            run = store.start_run(command, self.now())
            known = store.account()
            user = known.user_id if known else 0
            waits = store.waits(user, self.now())

            def keep(method: str, not_before: int) -> None:
                assert known is not None
                store.live(run, known).keep_wait(method, not_before)

            async with connected(
                self.server, self.clock, waits=waits, on_wait=keep, **self.options
            ) as gateway:
                feed = TelegramFeed(gateway)
                account = await feed.account()
                store.keep_account(account.user_id, account.label, self.now())
                yield store, feed, store.live(run, account)
                self.calls = dict(gateway.calls)

    # -- what another program would see in the file ------------------------------------------

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with sqlite3.connect(self.path) as connection:
            found = connection.execute(query, values).fetchall()
        connection.close()
        return found

    def one(self, query: str, *values: Any) -> Any:
        """The single value of a query."""
        [(value,)] = self.rows(query, *values)
        return value

    def archived(self, channel: Channel, *, deleted: bool = False) -> dict[int, str]:
        """The texts of a channel by message id, those that live or those that are deleted."""
        state = "NOT NULL" if deleted else "NULL"
        rows = self.rows(
            "SELECT message_id, text FROM post JOIN channel c ON c.id = channel_id"
            f" WHERE c.tg_id = ? AND deleted_at IS {state} ORDER BY message_id",
            -1_000_000_000_000 - channel.id,
        )
        return dict(rows)

    def on_server(self, channel: Channel) -> dict[int, str]:
        """The texts that the server has now."""
        return {number: each.text for number, each in channel.live().items()}

    def covered(self, channel: Channel) -> list[tuple[int, int]]:
        """The covered ids of a channel."""
        return self.rows(
            "SELECT lo, hi FROM coverage JOIN channel c ON c.id = channel_id WHERE c.tg_id = ?"
            " ORDER BY lo",
            -1_000_000_000_000 - channel.id,
        )

    def events(self) -> list[str]:
        """The kinds of the events kept."""
        return [kind for (kind,) in self.rows("SELECT kind FROM event ORDER BY id")]

    def subscription(self, channel: Channel) -> Subscription:
        """How far the sync of a channel is."""
        with Store.open(self.path) as store:
            [found] = [
                each
                for each in store.synced(every=True)
                if each.tg_id == -1_000_000_000_000 - channel.id
            ]
        return found


def in_room(path: Path, story: Callable[[SyncRoom], Any]) -> None:
    """Tell a story in a room of its own; it has a hard time limit."""
    path.write_bytes(archives.empty())

    async def tell() -> None:
        async with asyncio.timeout(LIMIT), running() as server:
            await story(SyncRoom(path, server))

    asyncio.run(tell())
