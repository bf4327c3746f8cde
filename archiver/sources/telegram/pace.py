"""How often Telegram may be asked: token buckets per method, over seconds that it is told.

Telegram publishes no limits. The rates are what people report to be safe, and each FLOOD_WAIT
halves its method's rate for a while: what it still bears is then found out in steps of 10 % a
minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

RECOVERY = 600.0  # seconds from standstill to full speed: 10 % a minute
SLOWEST = 1 / 16  # of the rate, however many floods there were


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` requests at once, then so many a second; `per_run` at most until the program ends."""

    per_second: float
    burst: int
    per_run: int | None = None


USUAL = Rate(1, 5)
POLITE: Mapping[str, Rate] = {
    "messages.GetHistory": Rate(1, 10),
    "channels.GetMessages": Rate(0.2, 10),
    "updates.GetChannelDifference": Rate(2, 10),
    "channels.GetChannels": Rate(0.5, 5),
    "channels.GetFullChannel": Rate(1, 5),
    # 160 names in a burst were answered with waits of 15 to 18 hours.
    "contacts.ResolveUsername": Rate(0.1, 1, per_run=30),
    "messages.CheckChatInvite": Rate(0.1, 1, per_run=30),
}


@dataclass(frozen=True, slots=True)
class Bucket:
    """What a method has left. `tokens` below 0 are promised to those who wait already."""

    tokens: float
    at: float
    speed: float = 1.0
    paused_until: float = 0.0
    taken: int = 0


def refilled(bucket: Bucket, rate: Rate, now: float) -> Bucket:
    """The bucket at `now`: more tokens, and a speed on its way back to 1."""
    passed = max(0.0, now - bucket.at)  # a clock set back fills nothing
    tokens = min(float(rate.burst), bucket.tokens + passed * rate.per_second * bucket.speed)
    return replace(bucket, tokens=tokens, at=now, speed=min(1.0, bucket.speed + passed / RECOVERY))


def taken(bucket: Bucket, rate: Rate, now: float) -> tuple[Bucket, float]:
    """One token less, and how many seconds from now it is there."""
    full = refilled(bucket, rate, now)
    rest = replace(full, tokens=full.tokens - 1, taken=full.taken + 1)
    return rest, max(0.0, -rest.tokens / (rate.per_second * rest.speed))


def flooded(bucket: Bucket, rate: Rate, now: float, until: float) -> Bucket:
    """Telegram was asked too often: nothing before `until`, and half the speed after it."""
    slower = max(SLOWEST, refilled(bucket, rate, now).speed / 2)
    # What was saved up is what Telegram complained of.
    tokens = min(bucket.tokens, 1.0)
    until = max(until, bucket.paused_until)
    return replace(bucket, tokens=tokens, at=until, speed=slower, paused_until=until)


class Pace:
    """The buckets of one run."""

    def __init__(self, rates: Mapping[str, Rate] | None) -> None:
        self._rates = rates
        self._buckets: dict[str, Bucket] = {}

    @classmethod
    def polite(cls, history_per_minute: int = 60) -> Self:
        """What Telegram is known to bear."""
        history = Rate(history_per_minute / 60, POLITE["messages.GetHistory"].burst)
        return cls({**POLITE, "messages.GetHistory": history})

    @classmethod
    def unlimited(cls) -> Self:
        """As fast as it goes, but for the waits that the server itself asks for."""
        return cls(None)

    def reserve(self, method: str, now: float) -> float:
        """Take a turn; in how many seconds it is due."""
        rate = self._rate(method)
        bucket, wait = taken(self._bucket(method, now), rate, now)
        self._buckets[method] = bucket
        return 0.0 if self._rates is None else wait

    def exhausted(self, method: str) -> bool:
        """Whether this run has had all its turns of a method."""
        limit = self._rate(method).per_run
        bucket = self._buckets.get(method)
        return bool(self._rates and limit and bucket and bucket.taken >= limit)

    def paused_until(self, method: str) -> float:
        """When a method may be asked again after a flood; 0 if there was none."""
        bucket = self._buckets.get(method)
        return bucket.paused_until if bucket else 0.0

    def flood(self, method: str, now: float, until: float) -> None:
        """Telegram asked for a wait."""
        bucket = self._bucket(method, now)
        self._buckets[method] = flooded(bucket, self._rate(method), now, until)

    def speed(self, method: str) -> float:
        """Which part of its rate a method has at the moment."""
        bucket = self._buckets.get(method)
        return bucket.speed if bucket else 1.0

    def _rate(self, method: str) -> Rate:
        return (self._rates or {}).get(method, USUAL)

    def _bucket(self, method: str, now: float) -> Bucket:
        return self._buckets.get(method) or Bucket(float(self._rate(method).burst), now)
