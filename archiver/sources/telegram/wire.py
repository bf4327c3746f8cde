"""The connection itself: opened, asked, closed; each within a time, and never left half done.

Telethon's own `connect()` and `client(request)` are passed by. Its `connect()` asks three things
of the account before it returns and starts loops that a reader does not need, and its requests
wait for ever: (1) when the answer never comes, (2) when they are asked while it reconnects.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from telethon.tl.alltlobjects import LAYER
from telethon.tl.functions import InvokeWithLayerRequest, InvokeWithoutUpdatesRequest
from telethon.tl.functions.help import GetConfigRequest


class Wire:
    """One connection of a client to its data centre; it can be opened again and again."""

    def __init__(self, client: Any, *, updates: bool = False) -> None:
        self._client = client
        self._updates = updates
        self._config: Any = None
        self.generation = 0  # how many connections there were

    @property
    def open(self) -> bool:
        """Whether a request could be sent."""
        sender = self._client._sender
        return bool(sender.is_connected() and sender._transport_connected())

    async def connect(self, seconds: float) -> None:
        """Open it. Raises what Telethon raises, and TimeoutError."""
        await self.disconnect(seconds)
        self.generation += 1
        try:
            async with asyncio.timeout(seconds):
                await self._open()
        except BaseException:
            await self.disconnect(seconds)
            raise

    async def _open(self) -> None:
        client, session = self._client, self._client.session
        place = (session.server_address, session.port, session.dc_id)
        line = client._connection(*place, loggers=client._log, proxy=client._proxy)
        await client._sender.connect(line)
        client._sender._disconnected.add_done_callback(_seen)
        client._init_request.query = GetConfigRequest()
        hello = client._init_request
        if not self._updates:
            hello = InvokeWithoutUpdatesRequest(hello)
        self._config = await self._answer(InvokeWithLayerRequest(LAYER, hello), None)

    async def disconnect(self, seconds: float) -> None:
        """Close it; whoever waits for an answer gets a ConnectionError."""
        sender = self._client._sender
        line = sender._connection
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await sender.disconnect()
        # A connection that was being opened is not closed by Telethon, and a reconnect that was
        # broken off leaves its mark, with which the next connection would never send anything.
        sender._reconnecting = False
        if line is not None and line._writer is not None:
            line._writer.close()
        for state in sender._send_queue._deque:
            state.future.cancel()
        sender._send_queue._deque.clear()
        sender._state.reset()

    async def close(self, seconds: float) -> None:
        """Close it and the session's file."""
        await self.disconnect(seconds)
        if self._client.session is not None:
            self._client.session.close()

    async def send(self, request: Any, seconds: float | None) -> Any:
        """The answer to a request. Raises TimeoutError, ConnectionError and what it is answered."""
        return await self._answer(request, seconds)

    async def _answer(self, request: Any, seconds: float | None) -> Any:
        sender = self._client._sender
        future = sender.send(request)
        # `wait` and not `await`: a future that Telethon cancels must not look as if we were.
        try:
            await asyncio.wait(
                {future, sender._disconnected},
                timeout=seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
        except asyncio.CancelledError:
            future.cancel()
            raise
        if future.done() and not future.cancelled():
            return future.result()
        lost = future.cancelled() or sender._disconnected.done()
        future.cancel()
        raise ConnectionError("the connection was closed") if lost else TimeoutError("no answer")

    async def update(self, seconds: float) -> Any:
        """The next thing the server says of its own accord, or None after so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._client._updates_queue.get()
        return None

    async def move(self, dc: int, seconds: float) -> None:
        """Go to another data centre, with a new key. Raises ConnectionError if there is none."""
        session = self._client.session
        options = [] if self._config is None else self._config.dc_options
        place = next((o for o in options if o.id == dc and not o.ipv6 and not o.cdn), None)
        if place is None:
            raise ConnectionError(f"the server names no data centre {dc}")
        await self.disconnect(seconds)
        session.set_dc(dc, place.ip_address, place.port)
        session.auth_key = None
        session.save()
        self._client._sender.auth_key.key = None


def _seen(ended: asyncio.Future[Any]) -> None:
    """asyncio complains of errors that nobody looked at; this one everybody has already."""
    if not ended.cancelled():
        ended.exception()
