"""The one way to ask Telegram something: `call`. It waits, paces, tries again and translates.

A request ends in one of four ways: its answer; an error of ours; an error of Telethon's that only
the caller can make sense of (an unknown constructor, PERSISTENT_TIMESTAMP_INVALID); or it was
cancelled. It never hangs: everything has a time.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

from archiver.config import Credentials
from archiver.sources.telegram import client, session
from archiver.sources.telegram.faults import CONNECT, Fault, Kind, classify, name_of, translated
from archiver.sources.telegram.pace import Pace
from archiver.sources.telegram.patience import Patience
from archiver.sources.telegram.requests import method_of, wrapped
from archiver.sources.telegram.wire import Wire

log = logging.getLogger(__name__)

BACKOFF = (2.0, 8.0, 30.0)  # seconds between the tries, give or take half
TRIES = len(BACKOFF) + 1


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
    moved: bool = False


class Gateway:
    """An account at Telegram. `calls` counts what was asked, by method.

    `waits` are the long waits of earlier runs (method -> Unix time before which it is not asked);
    `on_wait` is told of new ones, longer than the `flood_sleep` seconds that are slept.
    `new_login` listens to updates and follows the account to its data centre.
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
        self._patience = Patience(
            pace or Pace.polite(),
            waits or {},
            on_wait or (lambda method, not_before: None),
            flood_sleep,
            sleep=sleep,
            clock=clock,
            random=random,
        )
        self._timeouts = timeouts or Timeouts()
        self._new_login = new_login
        self._sleep, self._random = sleep, random
        self._connecting = asyncio.Lock()
        self._refused: BaseException | None = None  # why connecting failed the last time

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
        method, tries = method_of(request), Tries()
        ready = request if self._new_login else wrapped(request, self.takeout_id)
        while True:
            await self._patience.turn(method)
            await self.connect()
            generation = self.wire.generation
            try:
                self.calls[method] += 1
                return await self.wire.send(ready, timeout or self._timeouts.answer)
            except Exception as error:
                fault = classify(error)
                if not again:
                    tries.failed = TRIES
                if fault.kind is Kind.RECONNECT:
                    # Also after a time-out: Telethon would send the request once more on its own.
                    await self._drop(generation)
                await self._recover(method, fault, error, tries)

    async def _recover(self, method: str, fault: Fault, error: Exception, tries: Tries) -> None:
        """Do what makes another try worth while, or raise."""
        if fault.kind is Kind.WAIT:
            tries.floods += 1
            self._patience.flooded(method, fault.seconds, tries.floods)
        elif fault.kind in (Kind.RETRY, Kind.RECONNECT):
            await self._back_off(method, fault, error, tries)
        elif fault.kind is Kind.MOVED and self._new_login and not tries.moved:
            tries.moved = True
            await self.move(fault.dc)
        else:
            _raise(translated(fault, method, error), error)

    async def _back_off(self, method: str, fault: Fault, error: Exception, tries: Tries) -> None:
        """Wait before the next try; raise after the last."""
        tries.failed += 1
        if tries.failed >= TRIES:
            _raise(translated(fault, method, error), error)
        seconds = BACKOFF[tries.failed - 1] * (0.5 + self._random())
        log.warning("%s: %s; again in %.0f s", method, name_of(error), seconds)
        await self._sleep(seconds)

    async def _join(self) -> None:
        """Connect, unless another call just did; if it just failed to, so do we."""
        before = self._refused
        async with self._connecting:
            if self._refused is not before and self._refused is not None:
                raise self._refused
            tries, joined = Tries(), self.wire.open
            while not joined:
                joined = await self._try_to_join(tries)

    async def _try_to_join(self, tries: Tries) -> bool:
        """One try; whether it is worth another if it failed is for the error to say."""
        try:
            await self._patience.turn(CONNECT)
            try:
                self.calls[CONNECT] += 1
                await self.wire.connect(self._timeouts.connect)
            except Exception as error:
                await self._recover(CONNECT, classify(error), error, tries)
                return False
        except Exception as error:
            self._refused = error
            raise
        return True

    async def _drop(self, generation: int) -> None:
        """Close the connection of that generation; a newer one is not to blame."""
        async with self._connecting:
            if self.wire.generation == generation:
                await self.wire.disconnect(self._timeouts.connect)


def _raise(ours: BaseException, error: BaseException) -> NoReturn:
    """An error of ours with its cause, or the same one as it came."""
    if ours is error:
        raise error
    raise ours from error


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
