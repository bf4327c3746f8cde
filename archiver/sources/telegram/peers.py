"""Who is meant: marked ids of Telegram's peers, and the names an answer brings along."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from telethon.tl import types

from archiver.model import OriginKind
from archiver.sources.keys import marked

_KINDS = {
    types.PeerChannel: (OriginKind.CHANNEL, "channel_id"),
    types.PeerUser: (OriginKind.USER, "user_id"),
    types.PeerChat: (OriginKind.CHAT, "chat_id"),
}
_ENTITIES = {
    types.Channel: OriginKind.CHANNEL,
    types.ChannelForbidden: OriginKind.CHANNEL,
    types.Chat: OriginKind.CHAT,
    types.ChatForbidden: OriginKind.CHAT,
    types.User: OriginKind.USER,
}


def kind_and_id(peer: Any) -> tuple[OriginKind, int] | None:
    """What a peer is, and its marked id; None where there is no peer."""
    known = _KINDS.get(type(peer))
    if known is None:
        return None
    kind, field = known
    return kind, marked(kind, getattr(peer, field))


def marked_id(peer: Any) -> int | None:
    """The marked id of a peer."""
    found = kind_and_id(peer)
    return None if found is None else found[1]


class Peers:
    """The chats and people of one answer by marked id; they may be `min` or forbidden."""

    __slots__ = ("_known",)

    def __init__(self, chats: Iterable[Any] = (), users: Iterable[Any] = ()) -> None:
        self._known: dict[int, Any] = {}
        for entity in (*chats, *users):
            kind = _ENTITIES.get(type(entity))
            if kind is not None:
                self._known[marked(kind, entity.id)] = entity

    def get(self, peer: int | None) -> Any:
        """The chat or person itself; None where the answer did not bring it."""
        return self._known.get(peer) if peer is not None else None

    def name(self, peer: int | None) -> str | None:
        """Title or full name."""
        entity = self.get(peer)
        if entity is None:
            return None
        if type(entity) is types.User:
            return " ".join(filter(None, (entity.first_name, entity.last_name))) or None
        return entity.title or None

    def username(self, peer: int | None) -> str | None:
        """The @name links are made with, without the @."""
        names = usernames(self.get(peer))
        return names[0] if names else None


NOBODY = Peers()


def usernames(entity: Any) -> tuple[str, ...]:
    """All active @names of a channel or person, the main one first."""
    main = getattr(entity, "username", None)
    more = getattr(entity, "usernames", None) or ()
    names = [main] if main else []
    names += [one.username for one in more if one.active and one.username not in names]
    return tuple(names)
