"""What tests get: a server in their own loop or in a thread, clients, sessions ready to use."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from telethon import TelegramClient
from telethon.crypto import rsa as known_keys
from telethon.sessions import MemorySession

from tests.server.handshake import PUBLIC_KEY
from tests.server.server import Server
from tests.server.settings import toml, write_session
from tests.server.world import Account, World

T = TypeVar("T")


@pytest.fixture
def world() -> World:
    """An empty world."""
    return World()


@pytest.fixture
def served(world: World) -> Iterator[Served]:
    """A server in a thread of its own, for programs that connect from outside."""
    with serving(world) as handle:
        yield handle


@asynccontextmanager
async def running(world: World | None = None) -> AsyncIterator[Server]:
    """A server in the loop of the test; its own bugs fail the test."""
    forget()
    async with Server(world) as server:
        yield server
    forget()
    assert not server.bugs, "\n".join(server.bugs)


@contextmanager
def serving(world: World | None = None, *, port: int = 0) -> Iterator[Served]:
    """A server in a thread with a loop of its own; its own bugs fail the test."""
    forget()
    server = Server(world, port=port)
    ready, end = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=_serve, args=(loop, server, ready, end), daemon=True)
    thread.start()
    assert ready.wait(10), "the server did not start"
    try:
        yield Served(server, loop)
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(10)
        forget()
    assert not server.bugs, "\n".join(server.bugs)


def _serve(
    loop: asyncio.AbstractEventLoop, server: Server, ready: threading.Event, end: asyncio.Event
) -> None:
    async def serve() -> None:
        async with server:
            ready.set()
            await end.wait()

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(serve())


@dataclass(frozen=True, slots=True)
class Served:
    """A server in another thread. Verbs of the world may be called from here."""

    server: Server
    loop: asyncio.AbstractEventLoop

    @property
    def world(self) -> World:
        """What it serves."""
        return self.server.world

    def do(self, action: Callable[[], T]) -> T:
        """Do something in the server's thread, between two answers."""

        async def act() -> T:
            return action()

        return asyncio.run_coroutine_threadsafe(act(), self.loop).result(10)

    def config(self, folder: Path, account: Account | None = None, *, login: bool = True) -> Path:
        """A settings file for the command line, and a session that is logged in unless told."""
        session = folder / "telegram" / "account.session"
        if login:
            write_session(self.server, session, account)
        file = folder / "config.toml"
        file.write_text(toml(self.server, session), encoding="utf-8")
        return file


def session(server: Server, account: Account | None = None, *, login: bool = True) -> MemorySession:
    """A session in memory, logged in unless told otherwise."""
    made = MemorySession()
    made.set_dc(server.dc, server.host, server.port)
    if login:
        made.auth_key = server.authorise(account)
    return made


def client(server: Server, sess: MemorySession | None = None, **options: Any) -> TelegramClient:
    """The real client with the settings an archiver uses; not yet connected."""
    trust()
    chosen = {
        "receive_updates": False,
        "flood_sleep_threshold": 0,
        "request_retries": 0,
        "connection_retries": 1,
        "retry_delay": 0,
        "raise_last_call_error": True,
    }
    return TelegramClient(
        sess or session(server), server.world.api_id, server.world.api_hash, **(chosen | options)
    )


@asynccontextmanager
async def connected(
    server: Server, sess: MemorySession | None = None, **options: Any
) -> AsyncIterator[TelegramClient]:
    """The same, connected, and disconnected in the end."""
    made = client(server, sess, **options)
    try:
        await made.connect()
        yield made
    finally:
        await hang_up(made)


async def hang_up(client: TelegramClient) -> None:
    """Disconnect, and take note of how the connection ended.

    The client keeps that in a future; if nobody looks, asyncio complains when the future is
    collected, at any time of any later test.
    """
    ended = client._sender._disconnected
    await client.disconnect()
    if ended.done() and not ended.cancelled():
        ended.exception()


def trust() -> None:
    """The client in this process accepts the key of the test server."""
    known_keys.add_key(PUBLIC_KEY.read_bytes(), old=False)


def forget() -> None:
    """No address of an earlier server is remembered: the client keeps them in its class."""
    TelegramClient._config = None
