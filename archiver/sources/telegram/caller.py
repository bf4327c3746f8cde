"""What the feed needs of a connection, and the one place that makes requests out of addresses."""

from __future__ import annotations

from typing import Any, Protocol

from telethon.errors import TypeNotFoundError
from telethon.tl import types

from archiver.errors import TryAgainLater
from archiver.model import Address
from archiver.sources.keys import CHANNEL_MARK


class Caller(Protocol):
    """A connection that owns timeouts, repeats, waits and the translation of errors."""

    async def call(self, request: Any, *, timeout: float | None = None) -> Any:
        """The answer to a request. Raises our own errors."""
        ...

    async def reconnect(self) -> None:
        """Drop the connection and open a new one: what was on its way is gone."""
        ...


def input_channel(channel: Address) -> Any:
    """The channel of a request about channels."""
    return types.InputChannel(-channel.tg_id - CHANNEL_MARK, channel.access_hash)


def input_peer(channel: Address) -> Any:
    """The channel of a request about messages."""
    return types.InputPeerChannel(-channel.tg_id - CHANNEL_MARK, channel.access_hash)


async def understood(caller: Caller, request: Any) -> Any:
    """The answer to a request of which a half would be of no use."""
    try:
        return await caller.call(request)
    except TypeNotFoundError as error:
        raise TryAgainLater(
            "Telegram answered in a form this version of archiver does not know; update it"
        ) from error
