"""The one way to ask Telegram something: `call`. It waits, paces, tries again and translates.

A request ends in one of four ways: its answer; an error of ours; an error of Telethon's that only
the caller can make sense of (an unknown constructor, PERSISTENT_TIMESTAMP_INVALID); or it was
cancelled. It never hangs: everything has a time.
"""

from __future__ import annotations

import asyncio
import logging
import math
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from telethon.tl.functions import InvokeWithoutUpdatesRequest, InvokeWithTakeoutRequest
from telethon.tl.functions.auth import LogOutRequest

from archiver.config import Credentials
from archiver.errors import FloodWait, Offline
from archiver.sources.telegram import client, session
from archiver.sources.telegram.faults import Fault, Kind, classify, name_of, translated
from archiver.sources.telegram.pace import Pace
from archiver.sources.telegram.wire import Wire

log = logging.getLogger(__name__)

BACKOFF = (2.0, 8.0, 30.0)  # seconds between the tries, give or take half
TRIES = len(BACKOFF) + 1
FLOODS = 10  # short waits in a row for one request; after them something is wrong
WEEK = 7 * 86_400
CONNECT = "help.GetConfig"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds for one answer, and for all of connecting."""

    answer: float = 30.0
    connect: float = 45.0


@dataclass(slots=True)
class Tries:
    """What happened to one request so far."""

    failed: int = 0
    floods: int = 0


class Gateway:
    """An account at Telegram. `calls` counts what was asked, by method.

    `waits` are the long waits of earlier runs (method -> Unix time before which it is not asked);
    `on_wait` is told of new ones. `new_login` listens to updates and follows the account to its
    data centre.
    """

    def __init__(
        self,
        client: Any,
        *,
        pace: Pace | None = None,
        waits: Mapping[str, int] | None = None,
        on_wait: Callable[[str, int], None] | None = None,
        flood_sleep: int = 300,
        timeouts: Timeouts | None = None,
        new_login: bool = False,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
        clock: Callable[[], float] = time.time,
        random: Callable[[], float] = random.random,
    ) -> None:
        self.calls: Counter[str] = Counter()
        self.takeout_id: int | None = None
        self.wire = Wire(client, updates=new_login)
        self._pace = pace or Pace.polite()
        self._on_wait = on_wait or (lambda method, not_before: None)
        self._flood_sleep = flood_sleep
        self._timeouts = timeouts or Timeouts()
        self._new_login = new_login
        self._sleep, self._clock, self._random = sleep, clock, random
        self._connecting = asyncio.Lock()
        self._failed_connects = 0
        self._remember(waits or {})

    async def connect(self) -> None:
        """Open the connection, in four tries. Raises Offline, LoginRequired, FloodWait."""
        if not self.wire.open:
            await self._join()

    async def reconnect(self) -> None:
        """A new connection; requests in flight are asked again on it."""
        await self._drop(self.wire.generation)
        await self.connect()

    async def move(self, dc: int) -> None:
        """Go on in another data centre, as a new login may have to."""
        await self.wire.move(dc, self._timeouts.connect)

    async def close(self) -> None:
        """Hang up."""
        await self.wire.close(self._timeouts.connect)

    async def call(self, request: Any, *, timeout: float | None = None, again: bool = True) -> Any:
        """The answer to a request; `again=False` for what must not be asked twice.

        Raises LoginRequired, ChannelUnavailable, FloodWait, Offline, TryAgainLater, and
        Telethon's own errors where only the caller knows what they mean.
        """
        method, wrapped, tries = method_of(request), self._wrapped(request), Tries()
        while True:
            await self._turn(method)
            generation = self.wire.generation
            try:
                if not self.wire.open:
                    await self._join()
                generation = self.wire.generation
                self.calls[method] += 1
                return await self.wire.send(wrapped, timeout or self._timeouts.answer)
            except Exception as error:
                fault = classify(error)
                if fault.kind in (Kind.RETRY, Kind.RECONNECT) and not again:
                    tries.failed = TRIES
                await self._recover(method, fault, error, tries, generation)

    async def _recover(
        self, method: str, fault: Fault, error: Exception, tries: Tries, generation: int
    ) -> None:
        """Do what makes another try worth while, or raise."""
        if fault.kind is Kind.WAIT:
            tries.floods += 1
            self._flooded(method, fault.seconds, tries)
        elif fault.kind is Kind.MOVED and self._new_login and tries.failed < TRIES:
            tries.failed += 1
            await self.move(fault.dc)
        elif fault.kind in (Kind.RETRY, Kind.RECONNECT):
            if fault.kind is Kind.RECONNECT:
                # Also after a time-out: Telethon would send the request once more on its own.
                await self._drop(generation)
            await self._back_off(method, fault, error, tries)
        elif (ours := translated(fault, method, error)) is error:
            raise error
        else:
            raise ours from error

    async def _back_off(self, method: str, fault: Fault, error: Exception, tries: Tries) -> None:
        """Wait before the next try; raise after the last."""
        tries.failed += 1
        if tries.failed >= TRIES:
            raise translated(fault, method, error) from error
        seconds = BACKOFF[tries.failed - 1] * (0.5 + self._random())
        log.info("%s: %s; again in %.0f s", method, name_of(error), seconds)
        await self._sleep(seconds)

    # -- patience ---------------------------------------------------------------------------

    async def _turn(self, method: str) -> None:
        """Wait until the method may be asked. Raises FloodWait if that is too long."""
        if self._pace.exhausted(method):
            raise spent(method)
        now, until = self._clock(), self._pace.paused_until(method)
        self._refuse_long(method, until - now)
        wait = max(self._pace.reserve(method, now), until - now)
        while wait > 0:
            await self._sleep(wait)
            # Others may have been told to wait longer in the meantime.
            last, until = until, self._pace.paused_until(method)
            wait = until - self._clock() if until > last else 0
            self._refuse_long(method, wait)

    def _refuse_long(self, method: str, left: float) -> None:
        """3 s more than we sleep are still slept: they were added to what Telegram said."""
        if left > self._flood_sleep + 3:
            raise flood_wait(method, math.ceil(left))

    def _flooded(self, method: str, seconds: int, tries: Tries) -> None:
        """Note the wait Telegram asks for; raise FloodWait if it is not to be slept here."""
        now = self._clock()
        until = now + seconds + 1 + 2 * self._random()
        self._pace.flood(method, now, until)
        if seconds > self._flood_sleep:
            self._on_wait(method, math.ceil(until))
            raise flood_wait(method, seconds)
        if tries.floods >= FLOODS:
            raise flood_wait(method, max(60, seconds))
        log.info("%s: Telegram asks to wait %d s", method, seconds)

    def _remember(self, waits: Mapping[str, int]) -> None:
        """The waits of earlier runs; one of more than a week was noted with a wrong clock."""
        now = self._clock()
        for method, not_before in waits.items():
            if now < not_before <= now + WEEK:
                self._pace.flood(method, now, not_before)

    # -- the connection ---------------------------------------------------------------------

    async def _join(self) -> None:
        """Connect, unless another call just did; if it just failed to, so do we."""
        seen = self._failed_connects
        async with self._connecting:
            if self.wire.open:
                return
            if self._failed_connects > seen:
                raise Offline("Telegram cannot be reached; check the network, then run it again.")
            tries = Tries()
            while not self.wire.open:
                await self._turn(CONNECT)
                try:
                    self.calls[CONNECT] += 1
                    await self.wire.connect(self._timeouts.connect)
                except Exception as error:
                    await self._not_joined(error, tries)

    async def _not_joined(self, error: Exception, tries: Tries) -> None:
        fault = classify(error)
        try:
            if fault.kind is Kind.RECONNECT:  # it is not connected: nothing to drop
                await self._back_off(CONNECT, fault, error, tries)
            else:
                await self._recover(CONNECT, fault, error, tries, self.wire.generation)
        except BaseException:
            self._failed_connects += 1
            raise

    async def _drop(self, generation: int) -> None:
        """Close the connection of that generation; a newer one is not to blame."""
        async with self._connecting:
            if self.wire.generation == generation:
                await self.wire.disconnect(self._timeouts.connect)

    def _wrapped(self, request: Any) -> Any:
        """Nobody needs updates from a reader; the request's own reading of the answer is kept."""
        # Telegram may answer a log-out with a mere acknowledgement, which Telethon looks for.
        if self._new_login or isinstance(request, LogOutRequest):
            return request
        if not isinstance(request, InvokeWithoutUpdatesRequest):
            request = WithoutUpdates(request)
        return request if self.takeout_id is None else WithTakeout(self.takeout_id, request)


class WithoutUpdates(InvokeWithoutUpdatesRequest):  # type: ignore[misc]
    """Telethon's wrapper reads any answer as one object; some are lists of bare numbers."""

    def read_result(self, reader: Any) -> Any:
        """As the request itself reads it."""
        return self.query.read_result(reader)


class WithTakeout(InvokeWithTakeoutRequest):  # type: ignore[misc]
    """The same within an export session (takeout)."""

    def read_result(self, reader: Any) -> Any:
        """As the request itself reads it."""
        return self.query.read_result(reader)


def method_of(request: Any) -> str:
    """What a request asks for, without its wrappers: messages.GetHistory."""
    while hasattr(request, "query"):
        request = request.query
    kind = next(k for k in type(request).__mro__ if k.__module__.startswith("telethon."))
    room = kind.__module__.removeprefix("telethon.tl.functions").strip(".")
    return f"{room}.{kind.__name__}".removesuffix("Request").strip(".")


def flood_wait(method: str, seconds: int) -> FloodWait:
    """The error for a wait that is longer than we sleep."""
    told = f"{seconds} s" if seconds < 120 else f"{math.ceil(seconds / 60)} minutes"
    return FloodWait(
        f"Telegram asks for patience with {method}: nothing before {told} have passed; run it"
        " again then.",
        method=method,
        seconds=seconds,
    )


def spent(method: str) -> FloodWait:
    """The error for a method that one run may ask only so often."""
    return FloodWait(
        f"{method} was asked as often as Telegram bears in one go; run it again in an hour.",
        method=method,
        seconds=3600,
    )


@asynccontextmanager
async def connected(
    credentials: Credentials, said: str = "", **options: Any
) -> AsyncIterator[Gateway]:
    """The account of the last login: locked, connected, closed again. `options` are Gateway's.

    Raises Locked, LoginRequired, ConfigError, Offline and FloodWait.
    """
    with session.logged_in(credentials.session, said) as proof:
        gateway = Gateway(client.make(credentials, proof), **options)
        try:
            await gateway.connect()
            yield gateway
        finally:
            await gateway.close()
