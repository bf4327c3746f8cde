"""When to ask: waits for a turn, and sleeps what Telegram asks for if it is short enough."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from archiver.errors import FloodWait
from archiver.sources.telegram.pace import Pace

log = logging.getLogger(__name__)

FLOODS = 10  # short waits in a row for one request; after them something is wrong
ADDED = (1.0, 3.0)  # seconds on top of what Telegram says, at least and at most
WEEK = 7 * 86_400


class Patience:
    """The turns and waits of one run; `waits` are those of earlier runs, by method.

    `on_wait` is told of a wait longer than `longest`, and until when it lasts.
    """

    def __init__(
        self,
        pace: Pace,
        waits: Mapping[str, int],
        on_wait: Callable[[str, int], None],
        longest: int,
        *,
        sleep: Callable[[float], Awaitable[Any]],
        clock: Callable[[], float],
        random: Callable[[], float],
    ) -> None:
        self._pace = pace
        self._on_wait = on_wait
        self._longest = longest
        self._sleep, self._clock, self._random = sleep, clock, random
        self._remember(waits)

    async def turn(self, method: str) -> None:
        """Wait until the method may be asked. Raises FloodWait if that is too long."""
        if self._pace.exhausted(method):
            raise _spent(method)
        now, until = self._clock(), self._pace.paused_until(method)
        self._refuse_long(method, until - now)
        wait = max(self._pace.reserve(method, now), until - now)
        while wait > 0:
            await self._sleep(wait)
            # Others may have been told to wait longer in the meantime.
            last, until = until, self._pace.paused_until(method)
            wait = until - self._clock() if until > last else 0
            self._refuse_long(method, wait)

    def flooded(self, method: str, seconds: int, times: int) -> None:
        """Note a wait, the `times`-th for a request; raise FloodWait if it is not slept."""
        low, high = ADDED
        until = self._clock() + seconds + low + (high - low) * self._random()
        self._pace.flood(method, self._clock(), until)
        if seconds > self._longest:
            self._on_wait(method, math.ceil(until))
            raise _wait(method, seconds)
        if times >= FLOODS:
            raise _wait(method, max(60, seconds))
        log.info("%s: Telegram asks to wait %d s", method, seconds)

    def _refuse_long(self, method: str, left: float) -> None:
        # What is short enough for us is still so with the seconds that we added.
        if left > self._longest + ADDED[1]:
            raise _wait(method, math.ceil(left))

    def _remember(self, waits: Mapping[str, int]) -> None:
        """Honour earlier waits, but for one of more than a week: its clock was wrong."""
        now = self._clock()
        for method, not_before in waits.items():
            if now < not_before <= now + WEEK:
                self._pace.flood(method, now, not_before)


def _wait(method: str, seconds: int) -> FloodWait:
    told = f"{seconds} s" if seconds < 120 else f"{math.ceil(seconds / 60)} minutes"
    return FloodWait(
        f"Telegram asks for patience with {method}; run it again in {told}.",
        method=method,
        seconds=seconds,
    )


def _spent(method: str) -> FloodWait:
    return FloodWait(
        f"{method} was asked as often as Telegram bears in one go; run it again in an hour.",
        method=method,
        seconds=3600,
    )
