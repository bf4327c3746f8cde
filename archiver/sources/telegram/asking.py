"""Asking for history until an answer keeps the contract of a page, and noting what did not.

Stale pages, pages of another channel and pages in disorder have been seen on bad connections. None
of them may prove anything: each is dropped, and asked for again over a new connection.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from telethon.tl import functions

from archiver.errors import TryAgainLater
from archiver.model import Address, FeedEvent
from archiver.sources.telegram.caller import Caller, input_peer
from archiver.sources.telegram.history import HistoryAnswer, HistoryRequest, Unreadable
from archiver.sources.telegram.lookup import is_of

LIMIT = 100
_AGAIN = 3  # a stale page came once in a while on a bad line, never twice on a new one


class Untrusted(TryAgainLater):
    """No page can be had that keeps the contract; `events` tell what was wrong each time."""

    def __init__(self, message: str, events: Sequence[FeedEvent]) -> None:
        super().__init__(message)
        self.events = tuple(events)


def fault(answer: object, channel: Address, below: int) -> str | None:
    """What is wrong with a page of history; None where it can be trusted."""
    if not isinstance(answer, HistoryAnswer):
        return f"the answer is {type(answer).__name__}, no page of a channel"
    if not all(is_of(message, channel) for _, message in answer.messages):
        return "it holds a message of another chat"
    ids = ids_of(answer)
    if any(newer <= older for newer, older in pairwise(ids)):
        return "its ids do not go down"
    if ids and (ids[-1] < 1 or (below and ids[0] >= below)):
        return f"its ids are not below {below}" if below else "it has an id below 1"
    return None


def ids_of(answer: HistoryAnswer) -> list[int]:
    """All ids of an answer in its order, with that of a message that cannot be read."""
    ids = [message.id for _, message in answer.messages]
    if answer.unreadable is not None and answer.unreadable.message_id is not None:
        ids.append(answer.unreadable.message_id)
    return ids


class Asker:
    """History of one channel, and the events that a page made of it has to tell."""

    def __init__(self, caller: Caller, channel: Address) -> None:
        self.events: list[FeedEvent] = []
        self._caller = caller
        self._channel = channel

    async def history(
        self, offset: int, *, add: int = 0, limit: int = LIMIT, below: int | None = None
    ) -> HistoryAnswer:
        """Messages below `offset`, moved by `add`; all ids are below `below` (else `offset`)."""
        request = _request(self._channel, offset, add, limit)
        below = offset if below is None else below
        for again in range(_AGAIN + 1):
            if again:
                await self._caller.reconnect()
            answer = await self._caller.call(request)
            wrong = fault(answer, self._channel, below)
            if wrong is None and isinstance(answer, HistoryAnswer):
                return answer
            self.note("refused-page", f"a page below {offset or 'the newest'}: {wrong}")
        raise self.untrusted(
            f"Telegram sent {_AGAIN + 1} pages of {self._channel.tg_id} that contradict"
            f" themselves ({wrong}); nothing of them was kept, run it again later"
        )

    async def oldest(self) -> int | None:
        """The lowest id there is, as far as the server shows it; 1 where it cannot be read."""
        answer = await self.history(1, add=-LIMIT, below=0)
        if answer.unreadable is not None:  # what lies below it was lost with it
            answer = await self.history(1, add=-1, limit=1, below=0)
        if answer.unreadable is not None and answer.unreadable.message_id is None:
            return 1
        return min(ids_of(answer), default=None)

    def note(self, kind: str, message: str, *, partial: bool = False) -> None:
        """Something of note happened."""
        self.events.append(FeedEvent(kind, message, partial=partial))

    def note_unreadable(self, bad: Unreadable) -> None:
        """A post cannot be read."""
        which = "a post" if bad.message_id is None else f"post {bad.message_id}"
        message = f"{which} is in a form this version does not know; a newer one may read it"
        self.events.append(FeedEvent("unreadable", message, bad.message_id, bad.raw, partial=True))

    def untrusted(self, message: str) -> Untrusted:
        """The error that tells of all that happened."""
        return Untrusted(message, self.events)


def _request(channel: Address, offset: int, add: int, limit: int) -> HistoryRequest:
    query = functions.messages.GetHistoryRequest(
        peer=input_peer(channel),
        offset_id=offset,
        offset_date=None,
        add_offset=add,
        limit=limit,
        max_id=0,
        min_id=0,
        hash=0,
    )
    return HistoryRequest(query)
