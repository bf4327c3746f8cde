"""What a channel holds: its messages, handles to them, and who is mentioned in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from telethon.tl import types as tl

from tests.server.shelf import Shelf
from tests.server.tl import Stored

if TYPE_CHECKING:
    from tests.server.world import World

P = ParamSpec("P")
T = TypeVar("T")


def verb(method: Callable[P, T]) -> Callable[P, T]:
    """A change of the world: never in the middle of an answer of a server in another thread."""

    @wraps(method)
    def locked(*args: P.args, **named: P.kwargs) -> T:
        with args[0].world.lock:  # type: ignore[attr-defined]
            return method(*args, **named)

    return locked


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of a channel: a handle that never grows old."""

    channel: Messages
    id: int

    @property
    def message(self) -> Any:
        """How it stands now."""
        return self.channel.shelf.message(self.id)

    @property
    def text(self) -> str:
        """What it says now."""
        return self.message.message or ""


class Messages:
    """The messages of a channel, and its state; the verbs are in the classes built on this."""

    megagroup = False

    def __init__(self, world: World, id_: int) -> None:
        self.world, self.id = world, id_
        self.shelf = Shelf()
        self.mentioned: dict[int, frozenset[tuple[type, int]]] = {}
        self._next_id = 1

    @property
    def ids(self) -> list[int]:
        """The messages there are, oldest first."""
        return self.shelf.ids

    @property
    def pts(self) -> int:
        """The state that differences count from."""
        return self.shelf.pts

    @property
    def peer(self) -> tl.PeerChannel:
        """How messages name the channel."""
        return tl.PeerChannel(self.id)

    def handle(self, id_: int) -> Posted:
        """The post with that id."""
        return Posted(self, id_)

    def stored(self, id_: int) -> Stored:
        """A message as answers have it."""
        return self.shelf.stored(id_)

    def _new(self, message: Any) -> Posted:
        self._next_id = message.id + 1
        self._mention(message)
        self.shelf.add(message.id, bytes(message), message.date)
        return Posted(self, message.id)

    def _change(self, message: Any, parts: dict[str, Any], *, told: bool = True) -> None:
        for name, value in parts.items():
            setattr(message, name, value)
        self._mention(message)
        self.shelf.replace(message.id, bytes(message), told=told)

    def _mention(self, message: Any) -> None:
        if peers := _peers(message):
            self.mentioned[message.id] = peers


def _peers(message: Any) -> frozenset[tuple[type, int]]:
    """Everybody whose name an answer with this message has to bring along."""
    header = getattr(message, "fwd_from", None)
    reply = message.reply_to
    named = [
        message.from_id,
        header and header.from_id,
        header and header.saved_from_peer,
        getattr(reply, "reply_to_peer_id", None),
    ]
    return frozenset(
        (type(peer), getattr(peer, "channel_id", 0) or getattr(peer, "user_id", 0))
        for peer in named
        if peer
    )
