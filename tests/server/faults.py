"""Scripted faults: what goes wrong, with which request, how often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from telethon.tl.types import MessageEmpty

from tests.server.tl import Stored


class Refusal(Exception):
    """An rpc_error: the answer of a method that says no."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Drop:
    """The connection ends after `partial` bytes of the answer."""

    partial: int = 0


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer, ever; the connection stays."""


@dataclass(frozen=True, slots=True)
class Transport:
    """An error below the encryption, as 404 for a key that is not known."""

    code: int


@dataclass(frozen=True, slots=True)
class Alter:
    """The proper answer, changed on its way out."""

    change: Callable[[Any], Any]


# A number is a delay in seconds before the proper answer. A function of the request makes the
# answer or another fault itself; None lets the proper answer through.
Fault = Refusal | Drop | Hang | Transport | Alter | float | Callable[[Any], Any]


def rpc(code: int, message: str) -> Refusal:
    """`rpc(420, "FLOOD_WAIT_3")`"""
    return Refusal(code, message)


def drop(partial: int = 0) -> Drop:
    """The connection ends, in the middle of the answer's frame if `partial`."""
    return Drop(partial)


def hang() -> Hang:
    """No answer, ever."""
    return Hang()


def transport(code: int) -> Transport:
    """`transport(404)`, `transport(429)`"""
    return Transport(code)


def alter(change: Callable[[Any], Any]) -> Alter:
    """The proper answer goes through `change`, which may alter it in place."""
    return Alter(change)


def unordered() -> Alter:
    """A page whose messages come oldest first."""
    return Alter(lambda page: page.messages.reverse())


def doubled() -> Alter:
    """A page that has each message twice."""
    return Alter(lambda page: setattr(page, "messages", [m for m in page.messages for _ in "12"]))


def instead(page: Callable[[], Any]) -> Alter:
    """Another answer: a stale page kept from before, a page of another channel."""
    return Alter(lambda _: page())


def omit(*ids: int) -> Alter:
    """An answer that passes over some messages in silence, as getMessages sometimes does."""
    return Alter(lambda page: setattr(page, "messages", _without(page.messages, ids)))


def emptied(*ids: int) -> Alter:
    """A page in which some messages are MessageEmpty."""
    return Alter(lambda page: setattr(page, "messages", _emptied(page.messages, ids)))


def mixed_in(data: bytes, place: int = 0) -> Alter:
    """A page with foreign bytes among its messages, as `unknown()` makes them."""
    return Alter(lambda page: page.messages.insert(place, Stored(0, data)))


def _without(messages: list[Any], ids: tuple[int, ...]) -> list[Any]:
    return [message for message in messages if message.id not in ids]


def _emptied(messages: list[Any], ids: tuple[int, ...]) -> list[Any]:
    return [MessageEmpty(m.id, None) if m.id in ids else m for m in messages]


@dataclass(slots=True)
class Plan:
    """Faults waiting for the requests of one name."""

    name: str
    faults: tuple[Fault, ...]
    skip: int
    times: int | None
    where: Callable[[Any], bool]
    met: int = field(default=0)

    def next(self, request: Any) -> Fault | None:
        """The fault for this request, if it is meant."""
        if not named(request, self.name) or not self.where(request):
            return None
        turn, self.met = self.met - self.skip, self.met + 1
        if turn < 0 or (self.times is not None and turn >= self.times * len(self.faults)):
            return None
        return self.faults[turn % len(self.faults)]


class Faults:
    """All plans; the first that has something to say wins."""

    def __init__(self) -> None:
        self.plans: list[Plan] = []

    def add(self, plan: Plan) -> Plan:
        """One plan more."""
        self.plans.append(plan)
        return plan

    def next(self, request: Any) -> Fault | None:
        """The fault for this request. Every plan counts it, whoever wins."""
        found = [fault for plan in self.plans if (fault := plan.next(request)) is not None]
        return found[0] if found else None

    def clear(self) -> None:
        """From now on everything works."""
        self.plans.clear()


def named(request: Any, name: str) -> bool:
    """Is it "*", "GetHistoryRequest" or "messages.GetHistoryRequest"? "Request" may be left out."""
    kind = type(request)
    short = kind.__name__.removesuffix("Request")
    wanted = name.removesuffix("Request")
    return wanted in ("*", short, f"{kind.__module__.rsplit('.', 1)[-1]}.{short}")
