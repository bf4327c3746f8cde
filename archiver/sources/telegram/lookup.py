"""Posts by id: the only proof that a post is gone.

The server may leave ids out of its answer, so everything goes by id and nothing by position: what
comes back empty is deleted, what does not come back is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

from telethon.tl import functions, types
from telethon.tl.alltlobjects import LAYER

from archiver.model import Address, Post, PostKind, Source
from archiver.sources.telegram.caller import Caller, input_channel
from archiver.sources.telegram.convert import to_post
from archiver.sources.telegram.history import HistoryAnswer, HistoryRequest, Unreadable
from archiver.sources.telegram.peers import Peers, marked_id

MOST = 100  # ids a request may name

Found = dict[int, Post | None]


async def read_posts(caller: Caller, channel: Address, ids: Sequence[int]) -> Found:
    """Posts by id, None for one that is deleted; one that is missing is unknown."""
    found: Found = {}
    for start in range(0, len(ids), MOST):
        await _read(caller, channel, ids[start : start + MOST], found)
    return found


async def _read(caller: Caller, channel: Address, ids: Sequence[int], found: Found) -> None:
    """A batch; around a post that cannot be read it is asked for in parts."""
    answer = await caller.call(_request(channel, ids))
    if not isinstance(answer, HistoryAnswer):
        return
    answered = _posts(answer, channel, frozenset(ids))
    found |= answered
    if answer.unreadable is None:
        return
    number = answer.unreadable.message_id
    if number is not None and number in ids:
        found[number] = placeholder(answer.unreadable, number)
    rest = [number for number in ids if number not in found]
    for part in [rest] if len(rest) < len(ids) else _halves(rest):
        if part:
            await _read(caller, channel, part, found)


def _halves(ids: Sequence[int]) -> list[Sequence[int]]:
    """Two parts, to close in on the one that cannot be read; none of one that is found."""
    middle = len(ids) // 2
    return [ids[:middle], ids[middle:]] if middle else []


def _request(channel: Address, ids: Sequence[int]) -> HistoryRequest:
    wanted = [types.InputMessageID(number) for number in ids]
    return HistoryRequest(functions.channels.GetMessagesRequest(input_channel(channel), wanted))


def _posts(answer: HistoryAnswer, channel: Address, wanted: frozenset[int]) -> Found:
    peers = Peers(answer.chats, answer.users)
    return {
        message.id: to_post(message, peers, raw)
        for raw, message in answer.messages
        if message.id in wanted and is_of(message, channel)
    }


def is_of(message: object, channel: Address) -> bool:
    """Whether a message is of the channel asked for; an empty one need not say."""
    peer = marked_id(getattr(message, "peer_id", None))
    return peer == channel.tg_id or (peer is None and type(message) is types.MessageEmpty)


def placeholder(bad: Unreadable, message_id: int) -> Post:
    """A post that cannot be read yet: its bytes, and what its beginning tells."""
    return Post(
        message_id=message_id,
        text=bad.text,
        date=bad.date,
        kind=PostKind.UNSUPPORTED,
        source=Source.LIVE,
        raw=bad.raw,
        raw_layer=LAYER,
    )
