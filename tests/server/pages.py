"""Pages that a server must never send, as faults for `server.fail`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon.tl.functions.messages import GetHistoryRequest
from telethon.tl.types import InputPeerEmpty

from tests.server.answers_history import page
from tests.server.faults import Alter, instead

if TYPE_CHECKING:
    from tests.server.channel import Channel
    from tests.server.server import Server


def stale(channel: Channel, server: Server) -> Alter:
    """The answer to the first history request that the channel ever got, once more."""

    def earlier() -> Any:
        asked = [r for r in server.calls.of("GetHistory") if r.peer.channel_id == channel.id]
        return page(channel, channel.world.me, asked[0])

    return instead(earlier)


def foreign(other: Channel, limit: int = 100) -> Alter:
    """The newest page of another channel."""
    request = GetHistoryRequest(InputPeerEmpty(), 0, None, 0, limit, 0, 0, 0)
    return instead(lambda: page(other, other.world.me, request))
