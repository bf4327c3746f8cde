"""What changed in a channel since an earlier state, as the server tells it."""

from __future__ import annotations

from typing import Any

from telethon import errors
from telethon.tl import functions, types

from archiver.errors import ChannelUnavailable
from archiver.model import Address, Difference, FeedEvent, Post
from archiver.sources.telegram.caller import Caller, input_channel
from archiver.sources.telegram.convert import to_post
from archiver.sources.telegram.history import (
    DifferenceAnswer,
    DifferenceRequest,
    Garbled,
    Kept,
    message_of,
)
from archiver.sources.telegram.lookup import is_of
from archiver.sources.telegram.peers import Peers

LIMIT = 100
_LOST = (errors.PersistentTimestampInvalidError, errors.PersistentTimestampEmptyError)
_WITH_MESSAGE = (types.UpdateNewChannelMessage, types.UpdateEditChannelMessage)


async def read_difference(caller: Caller, channel: Address, pts: int) -> Difference:
    """One portion of what changed since `pts`."""
    try:
        answer = await caller.call(_request(channel, pts))
    except _LOST:
        return Difference(lost=True)
    except ChannelUnavailable:
        # Public channels the account has not joined may be refused this and still be read.
        return Difference(refused=True)
    return _told(answer, channel)


def _request(channel: Address, pts: int) -> DifferenceRequest:
    """Without `force`, which lets the server skip what it holds to be unneeded."""
    query = functions.updates.GetChannelDifferenceRequest(
        channel=input_channel(channel),
        filter=types.ChannelMessagesFilterEmpty(),
        pts=pts,
        limit=LIMIT,
    )
    return DifferenceRequest(query)


def _told(answer: Any, channel: Address) -> Difference:
    if isinstance(answer, DifferenceAnswer):
        return _changes(answer, channel)
    if isinstance(answer, types.updates.ChannelDifferenceEmpty):
        return Difference(pts=answer.pts)
    if isinstance(answer, Garbled):
        return Difference(lost=True, events=(_unreadable(answer),))
    pts = getattr(getattr(answer, "dialog", None), "pts", None)
    return Difference(pts=pts, lost=True)


def _changes(answer: DifferenceAnswer, channel: Address) -> Difference:
    kept = [*answer.messages, *map(message_of, _updates(answer, *_WITH_MESSAGE))]
    if not all(is_of(message, channel) for _, message in kept):
        event = FeedEvent("refused-page", "a difference holds a message of another chat")
        return Difference(lost=True, events=(event,))
    peers = Peers(answer.chats, answer.users)
    posts: dict[int, Post] = {}
    for raw, message in kept:  # in the server's order: the last one is how it stands
        post = to_post(message, peers, raw)
        if post is not None:
            posts[post.message_id] = post
    deletions = [one.message for one in _updates(answer, types.UpdateDeleteChannelMessages)]
    return Difference(
        posts=tuple(posts.values()),
        deleted=tuple(number for one in deletions for number in one.messages),
        pts=answer.pts,
        final=answer.final,
        lost=bool(_updates(answer, types.UpdateChannelTooLong)),
    )


def _updates(answer: DifferenceAnswer, *kinds: type) -> list[Kept]:
    return [one for one in answer.updates if isinstance(one.message, kinds)]


def _unreadable(answer: Garbled) -> FeedEvent:
    message = "a difference is in a form this version does not know; a newer one may read it"
    return FeedEvent("unreadable", message, data=answer.raw, partial=True)
