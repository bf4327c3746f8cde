"""A gateway to the test server whose time is told: no test waits for a real second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from telethon.tl.functions.messages import GetHistoryRequest
from telethon.tl.types import InputPeerChannel

from archiver.config import Credentials, Server
from archiver.sources.telegram.client import make
from archiver.sources.telegram.gateway import Gateway, Timeouts
from archiver.sources.telegram.pace import Pace
from tests.server import Channel
from tests.server import Server as Telegram
from tests.server.fixtures import session as session_of
from tests.server.handshake import PUBLIC_KEY

QUICK = Timeouts(answer=0.25, connect=1.0)
NOON = 1_750_000_000.0


class Clock:
    """Time that goes on only when somebody sleeps."""

    def __init__(self, now: float = NOON) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """At once, and as long as was asked."""
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


def credentials(server: Telegram, **told: Any) -> Credentials:
    """What leads a client to the test server."""
    place = Server(server.dc, server.host, server.port, str(PUBLIC_KEY))
    given = {
        "session": None,
        "api_id": server.world.api_id,
        "api_hash": server.world.api_hash,
        "server": place,
    }
    return Credentials(**(given | told))  # type: ignore[arg-type]


def gateway(server: Telegram, clock: Clock | None = None, **options: Any) -> Gateway:
    """A gateway, not connected."""
    clock = clock or Clock()
    given = {"pace": Pace.unlimited(), "timeouts": QUICK, "sleep": clock.sleep, "clock": clock}
    session = options.pop("session", None) or session_of(server)
    return Gateway(make(credentials(server), session), **(given | {"random": _half} | options))


@asynccontextmanager
async def connected(
    server: Telegram, clock: Clock | None = None, **options: Any
) -> AsyncIterator[Gateway]:
    """The same, connected, and closed in the end."""
    made = gateway(server, clock, **options)
    await made.connect()
    try:
        yield made
    finally:
        await made.close()


def history(server: Telegram, channel: Channel, offset: int = 0) -> GetHistoryRequest:
    """A page of a channel."""
    hash_ = server.world.of(server.world.me, channel.id)
    peer = InputPeerChannel(channel.id, hash_)
    return GetHistoryRequest(peer, offset, None, 0, 100, 0, 0, 0)


def _half() -> float:
    """The random number of a back-off without jitter."""
    return 0.5
