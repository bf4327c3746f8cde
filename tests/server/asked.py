"""One request on its way to a method, and the table of the methods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telethon.tl.functions import auth, help
from telethon.tl.functions.account import GetPasswordRequest

from tests.server.faults import Hang, Refusal

if TYPE_CHECKING:
    from tests.server.channel import Channel
    from tests.server.connection import Connection, Key
    from tests.server.server import Server
    from tests.server.world import Account, World

_FREE = (auth.__name__, help.__name__)  # all that these hold is allowed before one is logged in


@dataclass(slots=True)
class Asked:
    """A request, who asks, and over which connection."""

    server: Server
    connection: Connection
    request: Any
    takeout: int | None = None

    @property
    def world(self) -> World:
        """What the server serves."""
        return self.server.world

    @property
    def key(self) -> Key:
        """The key the request was sealed with."""
        assert self.connection.key is not None
        return self.connection.key

    @property
    def account(self) -> Account | None:
        """Who has logged in with it."""
        return self.key.account

    @property
    def me(self) -> Account:
        """The same where `respond` has made sure of it."""
        assert self.key.account is not None
        return self.key.account

    def channel(self, peer: Any) -> Channel:
        """The channel that an input peer means. Refuses a wrong hash and what is not readable."""
        channel = self.known(peer)
        if not channel.readable_by(self.me):
            raise Refusal(400, "CHANNEL_PRIVATE")
        return channel

    def known(self, peer: Any) -> Channel:
        """The same, without asking whether it may be read."""
        channel = self.world.channels.get(getattr(peer, "channel_id", 0))
        if channel is None or peer.access_hash != self.world.of(self.me, channel.id):
            raise Refusal(400, "CHANNEL_INVALID")
        return channel


Method = Callable[[Asked, Any], Any]
METHODS: dict[type, Method] = {}


def answers(*kinds: type) -> Callable[[Method], Method]:
    """The function answers requests of these classes."""

    def enter(method: Method) -> Method:
        METHODS.update(dict.fromkeys(kinds, method))
        return method

    return enter


def respond(asked: Asked) -> Any:
    """The proper answer. Raises Refusal; an unknown method is a bug of the server's."""
    kind = type(asked.request)
    if asked.server.silent_connect and kind is help.GetConfigRequest:
        return Hang()
    if asked.key.refusal is not None:
        raise asked.key.refusal
    if asked.account is None and not _free(kind):
        raise Refusal(401, "AUTH_KEY_UNREGISTERED")
    if kind not in METHODS:
        raise NotImplementedError(f"{kind.__name__} is not known to the test server")
    with asked.world.lock:
        return METHODS[kind](asked, asked.request)


def _free(kind: type) -> bool:
    return kind is GetPasswordRequest or kind.__module__ in _FREE
