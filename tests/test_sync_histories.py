"""Random histories: whatever happens between and during runs, the archive ends as the server is.

Posts, edits and deletions come while pages are read, requests fail in every known way, and runs
are cut off at random places, inside transactions too. `pytest --seeds 300` runs a long series.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError

from archiver.errors import ArchiverError
from archiver.store.coverage import Coverage, faults
from archiver.store.live import LiveArchive
from archiver.store.store import Store
from archiver.sync.plan import Rules
from tests.server import Channel, Server, doubled, drop, hang, omit, rpc, unordered
from tests.server.fixtures import running
from tests.sources.telegram.gatewayroom import Timeouts
from tests.syncroom import SyncRoom

RUNS = 6
LIMIT = 90.0


class Cut(BaseException):
    """The process is gone."""


class History:
    """One seed: a world that changes, a server that fails, runs that are cut off."""

    def __init__(self, path: Path, server: Server, seed: int) -> None:
        self.random = random.Random(seed)
        self.room = SyncRoom(path, server)
        self.room.options = {"timeouts": Timeouts(answer=0.05, connect=1.0)}
        self.server = server
        self.seen: set[tuple[int, int, str]] = set()
        self.channels: list[Channel] = []
        # A page that withholds posts in its middle proves what is not so; a sweep finds them.
        self.hides = self.random.random() < 0.3

    async def live(self) -> None:
        """All of it: runs amid change, then a calm one that reads everything again."""
        self._begin()
        await self.room.add(*self.channels)
        for _ in range(RUNS):
            self._happen(self.random.randrange(30))
            self._sabotage()
            await self._run_once()
            self.room.sleep(self.random.choice([0.01, 1, 1, 8, 31]))
        self._calm()
        await self.room.sync()
        if not self.hides:
            self._compare_ids()
        for _ in range(2):
            result = await self.room.sync(Rules(full_sweep=True))
        assert result.complete, [each.error for each in result.channels]
        self._compare()

    def _begin(self) -> None:
        for number in range(self.random.choice([1, 1, 2])):
            channel = self.server.world.channel(f"channel_{number}")
            channel.diff_for_members = self.random.random() < 0.4
            channel.max_diff = self.random.choice([None, None, 3, 20])
            self.channels.append(channel)
            for _ in range(self.random.choice([0, 1, 99, 150, 260])):
                self._post(channel)

    def _post(self, channel: Channel) -> None:
        if self.random.random() < 0.1:
            channel.skip_ids(self.random.choice([1, 5, 120]))
        channel.post(f"{self.random.random()} over the harbour", views=self.random.randrange(50))

    def _happen(self, times: int) -> None:
        """Posts, edits, deletions, counters: what a channel's owner does."""
        for _ in range(times):
            channel = self.random.choice(self.channels)
            ids = list(channel.live())
            what = self.random.random()
            if what < 0.45 or not ids:
                self._post(channel)
            elif what < 0.7:
                self._edit(channel, self.random.choice(ids))
            elif what < 0.9:
                channel.delete(self.random.choice(ids), told=self.random.random() < 0.8)
            else:
                post = channel.handle(self.random.choice(ids))
                channel.count(post, views=self.random.randrange(1000))

    def _edit(self, channel: Channel, number: int) -> None:
        post = channel.handle(number)
        if self.random.random() < 0.3:
            channel.react(post, "👍", self.random.randrange(1, 9))
        else:
            channel.edit(post, f"{self.random.random()} corrected")

    def _sabotage(self) -> None:
        """Faults for this run."""
        faults_ = [
            rpc(500, "INTERNAL"), rpc(420, "FLOOD_WAIT_2"), rpc(420, "FLOOD_WAIT_9000"),
            drop(partial=self.random.randrange(1, 4000)), drop(), hang(), unordered(), doubled(),
            omit(*range(1, 400, self.random.randrange(1, 9))),
        ]  # fmt: skip
        for _ in range(self.random.randrange(4)):
            method = self.random.choice(["GetHistory", "GetHistory", "GetMessages",
                                         "GetChannelDifference", "GetChannels"])  # fmt: skip
            fault = self.random.choice(faults_)
            if method != "GetHistory" and fault in faults_[6:8]:
                continue
            if fault is faults_[8] and method != "GetMessages":
                continue
            self.server.fail(method, fault, skip=self.random.randrange(5))
        chance = self.random.choice([0, 0, 0.2, 0.6])

        def meanwhile(_call: Any) -> None:
            if self.random.random() < chance:
                self._happen(self.random.randrange(1, 4))

        self.server.on_call = meanwhile
        for channel in self.channels:
            ids = list(channel.live())
            at = self.random.randrange(len(ids) + 1)
            hides = self.hides and self.random.random() < 0.5
            channel.page_hide = set(ids[at : at + self.random.randrange(120)]) if hides else ()

    def _calm(self) -> None:
        self.server.heal()
        self.server.on_call = None
        for channel in self.channels:
            channel.page_hide = ()
        self.room.sleep(3)

    async def _run_once(self) -> None:
        rules = self.random.choice(
            [Rules(), Rules(), Rules(full_sweep=True), Rules(channel_pages=2), Rules(run_pages=3)]
        )
        cut_after = self.random.choice([None, None, 1, 2, 4])
        steps = self.random.choice([None, None, 5_000, 30_000, 200_000])

        def paged(_channel: Any) -> None:
            nonlocal cut_after
            if cut_after is not None:
                cut_after -= 1
                if cut_after == 0:
                    raise Cut

        def on_store(store: Store) -> None:
            if steps is not None:
                cut_inside(store, steps)

        try:
            await self.room.sync(rules, on_store=on_store, paged=paged)
        except (Cut, ArchiverError):
            pass
        except (sqlite3.OperationalError, DatabaseError) as error:
            assert "interrupted" in str(error), error  # noqa: PT017
        self._remember()

    def _remember(self) -> None:
        """Every text that the archive has had: none may ever be lost."""
        for channel in self.channels:
            intervals = self.room.covered(channel)
            assert not faults(intervals), intervals
            for deleted in (False, True):
                texts = self.room.archived(channel, deleted=deleted)
                self.seen |= {(channel.id, number, text) for number, text in texts.items()}

    def _compare_ids(self) -> None:
        """Without reading anything twice every post has been met."""
        for channel in self.channels:
            met = self.room.archived(channel).keys() | self.room.archived(channel, deleted=True)
            assert self.room.on_server(channel).keys() <= met

    def _compare(self) -> None:
        for channel in self.channels:
            assert self.room.archived(channel) == self.room.on_server(channel)
            top = max(self.room.on_server(channel), default=0)
            [(lo, hi)] = self.room.covered(channel) or [(1, 0)]
            assert lo == 1
            assert hi >= top
        kept = self.room.rows(
            "SELECT -1000000000000 - tg_id, message_id, text FROM post JOIN channel c"
            " ON c.id = channel_id UNION SELECT -1000000000000 - tg_id, message_id, r.text"
            " FROM revision r JOIN post p ON p.id = post_id JOIN channel c ON c.id = channel_id"
        )
        assert self.seen <= set(kept)
        assert self.room.one("PRAGMA integrity_check") == "ok"


def cut_inside(store: Store, steps: int) -> None:
    """The database gives up after so many steps, in the middle of whatever it is doing."""
    with store.transaction() as conn:
        raw = conn.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.set_progress_handler(lambda: 1, steps)


def tell(path: Path, seed: int) -> None:
    """One history."""

    async def story() -> None:
        async with asyncio.timeout(LIMIT), running() as server:
            await History(path, server, seed).live()

    asyncio.run(story())


def test_after_any_history_the_archive_is_what_the_server_is(
    tmp_path: Path, history_seed: int
) -> None:
    tell(tmp_path / "archive.sqlite", history_seed)


def _highest_id(coverage: Coverage, number: int) -> int:
    """Everything below the highest id is held to be known."""
    return 1 if number <= coverage.top else number


def _coverage_first(
    self: LiveArchive, subscription: Any, page: Any, deleted: Any, state: Any, now: int
) -> Any:
    """Coverage in a transaction of its own, before the posts it speaks of."""
    from archiver.store import subscriptions

    covered = subscription.coverage.add_page(page.lo, page.hi, page.unknown)
    with self._store.transaction() as conn:
        subscriptions.save_coverage(conn, subscription.channel_id, subscription.coverage, covered)
    return _add_page(self, replace(subscription, coverage=covered), page, deleted, state, now)


_add_page = LiveArchive.add_page
MUTANTS = {
    "highest-id": (Coverage, "bottom", _highest_id),
    "coverage-first": (LiveArchive, "add_page", _coverage_first),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_algorithm_does_not_pass(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The histories are hard enough: each of these faults is noticed within some of them."""
    monkeypatch.setattr(*MUTANTS[name])
    for seed in range(40):
        try:
            tell(tmp_path / f"{seed}.sqlite", seed)
        except AssertionError:
            return
    pytest.fail("forty histories passed although the algorithm is broken")
