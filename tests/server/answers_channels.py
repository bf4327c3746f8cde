"""Methods about channels: names, invitations, what they are."""

from __future__ import annotations

import re
from typing import Any

from telethon.tl import types as tl
from telethon.tl.functions.channels import GetChannelsRequest, GetFullChannelRequest
from telethon.tl.functions.contacts import ResolveUsernameRequest
from telethon.tl.functions.messages import CheckChatInviteRequest, GetDialogsRequest
from telethon.tl.types import messages
from telethon.tl.types.contacts import ResolvedPeer

from tests.server.asked import Asked, answers
from tests.server.channel import Channel
from tests.server.faults import Refusal

_NAME = re.compile(r"[a-z][a-z0-9_]{2,31}", re.IGNORECASE)


@answers(ResolveUsernameRequest)
def resolve(asked: Asked, request: Any) -> ResolvedPeer:
    """Whom a name belongs to."""
    if not _NAME.fullmatch(request.username):
        raise Refusal(400, "USERNAME_INVALID")
    owner = asked.world.names.get(request.username.lower())
    if owner is None:
        raise Refusal(400, "USERNAME_NOT_OCCUPIED")
    if isinstance(owner, Channel):
        return ResolvedPeer(owner.peer, [owner.as_chat(asked.me)], [])
    return ResolvedPeer(tl.PeerUser(owner.id), [], [owner.as_user(asked.me)])


@answers(GetChannelsRequest)
def get_channels(asked: Asked, request: Any) -> messages.Chats:
    """Channels by id and hash; one wrong hash refuses them all, as the real one does."""
    return messages.Chats([asked.known(peer).as_chat(asked.me) for peer in request.id])


@answers(GetFullChannelRequest)
def full(asked: Asked, request: Any) -> messages.ChatFull:
    """All about a channel."""
    channel = asked.channel(request.channel)
    related = [c for c in (channel, channel.linked) if c is not None]
    return messages.ChatFull(_full(channel), [c.as_chat(asked.me) for c in related], [])


def _full(channel: Channel) -> tl.ChannelFull:
    return tl.ChannelFull(
        id=channel.id,
        about=channel.about,
        read_inbox_max_id=0,
        read_outbox_max_id=0,
        unread_count=0,
        chat_photo=tl.PhotoEmpty(0),
        notify_settings=tl.PeerNotifySettings(),
        bot_info=[],
        pts=channel.pts,
        participants_count=1 + len(channel.members),
        available_min_id=channel.available_min_id or None,
        hidden_prehistory=bool(channel.available_min_id),
        linked_chat_id=channel.linked.id if channel.linked else None,
    )


@answers(CheckChatInviteRequest)
def check_invite(asked: Asked, request: Any) -> Any:
    """Where an invitation leads; a member learns the channel, others only its title."""
    channel = asked.world.invitations.get(request.hash)
    if channel is None:
        raise Refusal(400, "INVITE_HASH_EXPIRED")
    if asked.me.id in channel.members:
        return tl.ChatInviteAlready(channel.as_chat(asked.me))
    return tl.ChatInvite(
        channel.title,
        tl.PhotoEmpty(0),
        1 + len(channel.members),
        color=1,
        channel=True,
        broadcast=not channel.megagroup,
        megagroup=channel.megagroup,
        about=channel.about or None,
    )


@answers(GetDialogsRequest)
def dialogs(asked: Asked, request: Any) -> Any:
    """What the account has joined, newest message first, a slice at a time."""
    joined = [c for c in asked.world.channels.values() if asked.me.id in c.members]
    joined.sort(key=lambda channel: (_top_date(channel), channel.id), reverse=True)
    start = _place(joined, request.offset_peer)
    chosen = joined[start : start + request.limit]
    tops = [c.stored(c.ids[-1]) for c in chosen if c.ids]
    told, chats = [c.as_dialog() for c in chosen], [c.as_chat(asked.me) for c in chosen]
    if len(chosen) == len(joined):
        return messages.Dialogs(told, tops, chats, [])
    return messages.DialogsSlice(len(joined), told, tops, chats, [])


def _place(joined: list[Channel], peer: Any) -> int:
    ids = [channel.id for channel in joined]
    last = getattr(peer, "channel_id", None)
    return ids.index(last) + 1 if last in ids else 0


def _top_date(channel: Channel) -> int:
    return channel.shelf.date(channel.ids[-1]) if channel.ids else channel.created
