"""Methods that give messages: history, single ids, differences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from telethon.tl import types as tl
from telethon.tl.functions.channels import GetMessagesRequest
from telethon.tl.functions.messages import GetHistoryRequest
from telethon.tl.functions.updates import GetChannelDifferenceRequest
from telethon.tl.types.messages import ChannelMessages
from telethon.tl.types.updates import (
    ChannelDifference,
    ChannelDifferenceEmpty,
    ChannelDifferenceTooLong,
)

from tests.server.asked import Asked, answers
from tests.server.channel import Channel
from tests.server.faults import Refusal
from tests.server.shelf import Change, Kind
from tests.server.tl import Stored, epoch
from tests.server.world import Account

PAGE = 100  # messages an answer has at most
TIMEOUT = 30  # seconds after which a client may ask for the difference again


@answers(GetHistoryRequest)
def history(asked: Asked, request: Any) -> ChannelMessages:
    """A page of history; https://core.telegram.org/api/offsets has the arithmetic."""
    return page(asked.channel(request.peer), asked.me, request)


def page(channel: Channel, account: Account, request: Any) -> ChannelMessages:
    """The same as a function, for tests that need a page of another time or channel."""
    ids = [id_ for id_ in _window(channel, request) if id_ not in channel.page_hide]
    return _messages(channel, account, [channel.stored(id_) for id_ in ids])


def _window(channel: Channel, request: Any) -> Sequence[int]:
    """The ids of a page, newest first; positions beyond either end are clipped."""
    shelf = channel.shelf
    low = shelf.below(max(request.min_id, channel.available_min_id) + 1)
    high = shelf.below(request.max_id) if request.max_id else len(shelf.ids)
    offset = high
    if request.offset_id:
        offset = min(high, shelf.below(request.offset_id))
    elif epoch(request.offset_date):
        offset = min(high, shelf.before(epoch(request.offset_date)))
    newest = offset - request.add_offset
    oldest = newest - min(request.limit, PAGE)
    return shelf.ids[max(low, oldest) : max(low, min(high, newest))][::-1]


@answers(GetMessagesRequest)
def get_messages(asked: Asked, request: Any) -> ChannelMessages:
    """Messages by id, in the order asked; one that is gone is MessageEmpty."""
    channel = asked.channel(request.channel)
    wanted = [getattr(one, "id", one) for one in request.id]
    if len(wanted) > PAGE:
        raise Refusal(400, "MESSAGE_IDS_TOO_MUCH")
    return _messages(channel, asked.me, [_one(channel, id_) for id_ in wanted])


def _one(channel: Channel, id_: int) -> Stored:
    if id_ in channel.shelf and id_ > channel.available_min_id:
        return channel.stored(id_)
    return Stored(id_, bytes(tl.MessageEmpty(id_, channel.peer)))


def _messages(channel: Channel, account: Account, stored: list[Stored]) -> ChannelMessages:
    chats, users = _around(channel, account, (one.id for one in stored))
    return ChannelMessages(channel.pts, len(channel.ids), stored, [], chats, users)


def _around(channel: Channel, account: Account, ids: Iterable[int]) -> tuple[list[Any], list[Any]]:
    peers: set[Any] = set()
    if channel.mentioned:
        peers.update(*(channel.mentioned.get(id_, ()) for id_ in ids))
    return channel.world.seen_by(account, channel, peers)


@answers(GetChannelDifferenceRequest)
def difference(asked: Asked, request: Any) -> Any:
    """What has happened to a channel since a state."""
    channel = asked.channel(request.channel)
    if channel.diff_for_members and asked.me.id not in channel.members:
        raise Refusal(400, "CHANNEL_PRIVATE")
    if request.pts == 0:
        raise Refusal(400, "PERSISTENT_TIMESTAMP_EMPTY")
    if not channel.diff_from <= request.pts <= channel.pts:
        raise Refusal(400, "PERSISTENT_TIMESTAMP_INVALID")
    changes = channel.shelf.since(request.pts)
    if not changes:
        return ChannelDifferenceEmpty(channel.pts, final=True, timeout=TIMEOUT)
    if channel.max_diff is not None and len(changes) > channel.max_diff:
        return _too_long(channel, asked.me)
    return _difference(channel, asked.me, changes, request.limit)


def _difference(
    channel: Channel, account: Account, changes: Sequence[Change], limit: int
) -> ChannelDifference:
    """The first `limit` changes, each message as it is now."""
    told = changes[: max(1, min(limit, PAGE))]
    new = [i for c in told if c.kind is Kind.NEW for i in c.ids if i in channel.shelf]
    updates = [update for change in told for update in _update(channel, change, set(new))]
    ids = [i for change in told for i in change.ids]
    chats, users = _around(channel, account, ids)
    return ChannelDifference(
        told[-1].pts,
        [channel.stored(id_) for id_ in new],
        updates,
        chats,
        users,
        final=len(told) == len(changes),
        timeout=TIMEOUT,
    )


def _update(channel: Channel, change: Change, new: set[int]) -> list[Any]:
    if change.kind is Kind.DELETE:
        ids = list(change.ids)
        return [tl.UpdateDeleteChannelMessages(channel.id, ids, change.pts, len(ids))]
    if change.kind is Kind.NEW:
        return []
    return [
        tl.UpdateEditChannelMessage(channel.stored(id_), change.pts, 1)
        for id_ in change.ids
        if id_ in channel.shelf and id_ not in new
    ]


def _too_long(channel: Channel, account: Account) -> ChannelDifferenceTooLong:
    newest = channel.ids[-10:][::-1]
    chats, users = _around(channel, account, newest)
    stored = [channel.stored(id_) for id_ in newest]
    return ChannelDifferenceTooLong(channel.as_dialog(), stored, chats, users, final=True)
