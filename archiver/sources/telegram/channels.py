"""Channels themselves: who they are now, and how to find the one a person names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from telethon.tl import functions, types

from archiver.errors import ChannelUnavailable
from archiver.model import Address, Channel, ChannelState, OriginKind, Sighting, Standing
from archiver.sources.keys import marked
from archiver.sources.telegram.caller import Caller, input_channel, understood
from archiver.sources.telegram.peers import Peers, marked_id, usernames
from archiver.text.refs import ChannelRef

_BATCH = 100
_FOLDERS = (0, 1)  # the chats, and the archived ones
_PAGES = 50  # of a hundred chats each


async def identify(caller: Caller, channels: Sequence[Address]) -> dict[int, Sighting]:
    """The channels of these addresses as they are now; one that is missing cannot be used."""
    found: dict[int, Sighting] = {}
    for start in range(0, len(channels), _BATCH):
        await _identify(caller, channels[start : start + _BATCH], found)
    return found


async def _identify(
    caller: Caller, channels: Sequence[Address], found: dict[int, Sighting]
) -> None:
    """One bad address spoils the answer for all: then the batch is asked for in halves."""
    request = functions.channels.GetChannelsRequest([input_channel(one) for one in channels])
    try:
        answer = await understood(caller, request)
    except ChannelUnavailable:
        if len(channels) > 1:
            middle = len(channels) // 2
            await _identify(caller, channels[:middle], found)
            await _identify(caller, channels[middle:], found)
        return
    peers = Peers(answer.chats)
    for channel in channels:
        entity = peers.get(channel.tg_id)
        if entity is not None:
            found[channel.tg_id] = sighting(entity, channel.access_hash)


def sighting(entity: Any, known_hash: int | None = None) -> Sighting:
    """What Telegram shows of a channel; `known_hash` worked, and stands in for a `min` one.

    A forbidden channel is private: whether it was deleted or this account thrown out, it does
    not say.
    """
    forbidden = isinstance(entity, types.ChannelForbidden)
    names = usernames(entity)
    channel = Channel(
        title=entity.title or "",
        username=names[0] if names else None,
        tg_id=marked(OriginKind.CHANNEL, entity.id),
        kind="channel" if entity.broadcast else "group",
    )
    if forbidden:
        return Sighting(channel, ChannelState.PRIVATE)
    access_hash = known_hash if entity.min else entity.access_hash
    return Sighting(channel, access_hash=access_hash, usernames=names)


async def resolve(caller: Caller, ref: ChannelRef) -> Sighting:
    """The channel a person names."""
    if ref.username is not None:
        return await _by_name(caller, ref.username)
    if ref.invite is not None:
        return await _by_invite(caller, ref)
    if ref.tg_id is not None:
        return await _by_id(caller, ref.tg_id)
    raise ChannelUnavailable("no channel is named")


async def _by_name(caller: Caller, name: str) -> Sighting:
    answer = await understood(caller, functions.contacts.ResolveUsernameRequest(name))
    entity = Peers(answer.chats).get(marked_id(answer.peer))
    if not isinstance(entity, types.Channel | types.ChannelForbidden):
        raise ChannelUnavailable(f"@{name} is no channel but a person, a bot or a small group")
    return _readable(entity, f"@{name}")


async def _by_invite(caller: Caller, ref: ChannelRef) -> Sighting:
    answer = await understood(caller, functions.messages.CheckChatInviteRequest(ref.invite))
    if not isinstance(answer, types.ChatInviteAlready):
        raise ChannelUnavailable(
            f"{ref} is a channel you have not joined, and archiver never joins by itself;"
            " join it in a Telegram app first"
        )
    if not isinstance(answer.chat, types.Channel | types.ChannelForbidden):
        raise ChannelUnavailable(f"{ref} is no channel but a small group")
    return _readable(answer.chat, str(ref))


async def _by_id(caller: Caller, tg_id: int) -> Sighting:
    """An id alone is no address; the account's own chats have the hash that belongs to it."""
    async for entity in _chats(caller):
        if marked(OriginKind.CHANNEL, entity.id) == tg_id:
            return _readable(entity, str(tg_id))
    raise ChannelUnavailable(
        f"{tg_id} is not among your chats; add it by its @name, or join it in a Telegram app first"
    )


def _readable(entity: Any, named: str) -> Sighting:
    found = sighting(entity)
    if found.state is not ChannelState.READABLE or found.access_hash is None:
        raise ChannelUnavailable(f"{named} cannot be read with this account", state="private")
    return found


async def _chats(caller: Caller) -> AsyncIterator[Any]:
    """The channels among the account's chats, newest activity first, archived ones last."""
    for folder in _FOLDERS:
        request = _dialogs_request(folder)
        for _ in range(_PAGES):
            answer = await understood(caller, request)
            for entity in getattr(answer, "chats", ()):
                if type(entity) is types.Channel and not entity.min:
                    yield entity
            following = _after(answer, folder)
            if following is None:
                break
            request = following


def _dialogs_request(
    folder: int, date: Any = None, number: int = 0, peer: Any = None
) -> functions.messages.GetDialogsRequest:
    return functions.messages.GetDialogsRequest(
        offset_date=date,
        offset_id=number,
        offset_peer=peer or types.InputPeerEmpty(),
        limit=_BATCH,
        hash=0,
        folder_id=folder,
    )


def _after(answer: Any, folder: int) -> Any:
    """The request for the chats behind those of an answer; None at the end.

    A place in the list is the date, id and chat of a chat's last message.
    """
    if not isinstance(answer, types.messages.DialogsSlice):
        return None
    last = {(marked_id(one.peer_id), one.id): one for one in answer.messages}
    peers = Peers(answer.chats, answer.users)
    for dialog in reversed(answer.dialogs):
        peer = marked_id(getattr(dialog, "peer", None))
        message = last.get((peer, getattr(dialog, "top_message", 0)))
        entity = peers.get(peer)
        if message is not None and entity is not None:
            return _dialogs_request(folder, message.date, message.id, _input_peer(entity))
    return None


def _input_peer(entity: Any) -> Any:
    if isinstance(entity, types.User):
        return types.InputPeerUser(entity.id, entity.access_hash or 0)
    if isinstance(entity, types.Chat | types.ChatForbidden):
        return types.InputPeerChat(entity.id)
    return types.InputPeerChannel(entity.id, entity.access_hash or 0)


async def standing(caller: Caller, channel: Address) -> Standing:
    """What is to be known of a channel besides its posts."""
    answer = await understood(
        caller, functions.channels.GetFullChannelRequest(input_channel(channel))
    )
    full = answer.full_chat
    hidden, linked = full.available_min_id, full.linked_chat_id
    return Standing(
        # Telegram names the last id that is hidden, we the first that is not.
        available_min_id=hidden + 1 if hidden else 0,
        linked_tg_id=marked(OriginKind.CHANNEL, linked) if linked else None,
        pts=full.pts,
    )
