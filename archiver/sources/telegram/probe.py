"""What `archiver doctor` asks: which layer of the protocol we speak, and Telegram's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.sources.telegram.gateway import Gateway


def layer() -> int | None:
    """The layer that the installed Telethon speaks; None where Telethon is missing."""
    try:
        from telethon.tl.alltlobjects import LAYER
    except ImportError:
        return None
    return int(LAYER)


async def server_time(gateway: Gateway) -> float:
    """Telegram's clock, in Unix seconds."""
    from telethon.tl.functions.help import GetConfigRequest

    told = await gateway.call(GetConfigRequest())
    return float(told.date.timestamp())
