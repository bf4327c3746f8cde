"""Pages of history that prove what they claim.

A page of messages.getHistory below an offset states the truth about every id from its last one up
to the offset. Three things can spoil that, and each has happened: a stale or foreign page (refused
and asked for again over a new connection), a page of which the server shows nothing (telling an
end that is none: the oldest posts are asked for as a witness, then the ids one by one), and a post
that cannot be read (what precedes it is kept, and the post itself as far as it can be).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from telethon.tl import functions

from archiver.errors import TryAgainLater
from archiver.model import Address, FeedEvent, Page, Post
from archiver.sources.telegram.caller import Caller, input_peer
from archiver.sources.telegram.convert import to_post
from archiver.sources.telegram.history import HistoryAnswer, HistoryRequest, Unreadable
from archiver.sources.telegram.lookup import MOST, is_of, placeholder, read_posts
from archiver.sources.telegram.peers import Peers

LIMIT = 100
_AGAIN = 3  # a stale page came once in a while on a bad line, never twice on a new one
_SKIPS = 10  # posts in a row without a readable id; then the program is too old for the server
_MOST_UNKNOWN = 100_000  # ids listed one by one


class Untrusted(TryAgainLater):
    """No page can be had that keeps the contract; `events` tell what was wrong each time."""

    def __init__(self, message: str, events: Sequence[FeedEvent]) -> None:
        super().__init__(message)
        self.events = tuple(events)


async def read_page(caller: Caller, channel: Address, before: int) -> Page:
    """The newest posts below `before`, or of all for 0."""
    return await _Reading(caller, channel, before).page()


def fault(answer: object, channel: Address, below: int) -> str | None:
    """What is wrong with a page of history; None where it can be trusted."""
    if not isinstance(answer, HistoryAnswer):
        return f"the answer is {type(answer).__name__}, no page of a channel"
    if not all(is_of(message, channel) for _, message in answer.messages):
        return "it holds a message of another chat"
    ids = _ids(answer)
    if any(newer <= older for newer, older in pairwise(ids)):
        return "its ids do not go down"
    if ids and (ids[-1] < 1 or (below and ids[0] >= below)):
        return f"its ids are not below {below}" if below else "it has an id below 1"
    return None


def _ids(answer: HistoryAnswer) -> list[int]:
    """All ids of an answer in its order, with that of a message that cannot be read."""
    ids = [message.id for _, message in answer.messages]
    if answer.unreadable is not None and answer.unreadable.message_id is not None:
        ids.append(answer.unreadable.message_id)
    return ids


class _Reading:
    """The making of one page: what is asked for, and what has to be told with it."""

    def __init__(self, caller: Caller, channel: Address, before: int) -> None:
        self._caller = caller
        self._channel = channel
        self._before = before
        self._events: list[FeedEvent] = []

    async def page(self) -> Page:
        if self._before == 1:
            return Page(lo=1, hi=0)
        answer = await self._ask(self._before)
        bad = answer.unreadable
        if bad is not None and bad.position == 0 and bad.message_id is None:
            return await self._past(bad)
        if _ids(answer):
            return await self._told(answer)
        return await self._bottom(answer)

    async def _ask(
        self, offset: int, *, add: int = 0, limit: int = LIMIT, below: int | None = None
    ) -> HistoryAnswer:
        """A page that keeps the contract."""
        request = _request(self._channel, offset, add, limit)
        below = self._before if below is None else below
        for again in range(_AGAIN + 1):
            if again:
                await self._caller.reconnect()
            answer = await self._caller.call(request)
            wrong = fault(answer, self._channel, below)
            if wrong is None and isinstance(answer, HistoryAnswer):
                return answer
            self._note("refused-page", f"a page below {offset or 'the newest'}: {wrong}")
        raise Untrusted(
            f"Telegram sent {_AGAIN + 1} pages of {self._channel.tg_id} that contradict"
            f" themselves ({wrong}); nothing of them was kept, try again later",
            self._events,
        )

    async def _told(
        self, answer: HistoryAnswer, unknown: frozenset[int] = frozenset(), skip: int = 0
    ) -> Page:
        """The page an answer with at least one id is."""
        ids = _ids(answer)
        bad = answer.unreadable
        if bad is not None and bad.position:
            answer = await self._with_names(answer, bad.position, skip)
        posts = _posts(answer)
        if bad is not None and bad.message_id is not None:
            posts.append(placeholder(bad, bad.message_id))
            self._unreadable(bad)
        return Page(
            lo=ids[-1],
            hi=self._before - 1 if self._before else ids[0],
            posts=tuple(posts),
            pts=answer.pts,
            count=answer.count,
            unknown=unknown,
            events=tuple(self._events),
        )

    async def _with_names(self, answer: HistoryAnswer, good: int, skip: int) -> HistoryAnswer:
        """The readable beginning of an answer, asked for once more to have the names with it."""
        again = await self._ask(self._before, add=skip, limit=good)
        return replace(answer, chats=again.chats, users=again.users)

    async def _past(self, bad: Unreadable) -> Page:
        """The page behind posts that cannot even be numbered: somewhere above it they are."""
        self._unreadable(bad)
        for skip in range(1, _SKIPS + 1):
            answer = await self._ask(self._before, add=skip)
            ids = _ids(answer)
            if ids or answer.unreadable is None:
                break
            self._unreadable(answer.unreadable)
        else:
            raise Untrusted(
                f"more than {_SKIPS} posts in a row of {self._channel.tg_id} cannot be read;"
                " a newer version of this program is needed",
                self._events,
            )
        top = ids[0] if ids else 0
        if not self._before:  # how far up they reach, nobody says
            return await self._told(answer, skip=skip) if ids else self._empty(answer)
        lo = max(top + 1, self._before - _MOST_UNKNOWN)
        unknown = frozenset(range(lo, self._before))
        if ids and lo == top + 1:
            return await self._told(answer, unknown, skip)
        return self._nothing(answer, lo, unknown)

    async def _bottom(self, answer: HistoryAnswer) -> Page:
        """Nothing below: the end, if the oldest posts agree."""
        witness = await self._ask(1, add=-LIMIT, below=0)
        below = self._before or max(_ids(witness), default=0) + 1
        older = any(number < below for number in _ids(witness))
        if not older and witness.unreadable is None:
            return self._nothing(answer, 1, frozenset())
        if self._before:
            return await self._hidden(answer)
        self._note("hidden-page", "the server shows old posts but not the newest", partial=True)
        return self._empty(answer)

    async def _hidden(self, answer: HistoryAnswer) -> Page:
        """A page the server withholds, id by id."""
        lo = max(1, self._before - MOST)
        ids = range(self._before - 1, lo - 1, -1)
        found = await read_posts(self._caller, self._channel, ids)
        unknown = frozenset(number for number in ids if number not in found)
        message = f"the server withholds the page below {self._before}; read {lo} and up by id"
        self._note("hidden-page", message, partial=bool(unknown))
        posts = [found.get(number) for number in ids]
        page = self._nothing(answer, lo, unknown)
        return replace(page, posts=tuple(post for post in posts if post is not None))

    def _nothing(self, answer: HistoryAnswer, lo: int, unknown: frozenset[int]) -> Page:
        """A page without posts down to `lo`."""
        hi = max(self._before - 1, 0)
        events = tuple(self._events)
        return Page(lo, hi, (), answer.pts, answer.count, unknown=unknown, events=events)

    def _empty(self, answer: HistoryAnswer) -> Page:
        """A page that proves nothing."""
        return Page(1, 0, (), answer.pts, answer.count, events=tuple(self._events))

    def _unreadable(self, bad: Unreadable) -> None:
        which = "a post" if bad.message_id is None else f"post {bad.message_id}"
        self._events.append(
            FeedEvent(
                "unreadable",
                f"{which} is in a form this version does not know; a newer one may read it",
                message_id=bad.message_id,
                data=bad.raw,
                partial=True,
            )
        )

    def _note(self, kind: str, message: str, *, partial: bool = False) -> None:
        self._events.append(FeedEvent(kind, message, partial=partial))


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


def _posts(answer: HistoryAnswer) -> list[Post]:
    peers = Peers(answer.chats, answer.users)
    posts = [to_post(message, peers, raw) for raw, message in answer.messages]
    return [post for post in posts if post is not None]
