"""Pages of history that prove what they claim.

A page of messages.getHistory below an offset states the truth about every id from its last one up
to the offset, unless the server withholds posts: then it shows fewer than were asked for, or none
at all, as it does at the end of the history. The oldest post there is serves as a witness of which
it is; where something is withheld, the ids without a post are asked for one by one. So they are on
the last page of a longer history, where nothing tells the two apart, up to 2,000 ids.

A post that cannot be read costs no other: what precedes it is a page, and so is what follows.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from archiver.model import Address, Page, Post
from archiver.sources.telegram.asking import LIMIT, Asker, ids_of
from archiver.sources.telegram.caller import Caller
from archiver.sources.telegram.convert import to_post
from archiver.sources.telegram.history import HistoryAnswer, Unreadable
from archiver.sources.telegram.lookup import MOST, Found, placeholder, read_posts
from archiver.sources.telegram.peers import Peers

_SKIPS = 10  # posts in a row without a readable id; then the program is too old for the server
_BATCHES = 10  # of ids asked for one by one, for one page
_FEW = 2_000  # ids that the last page lacks: twenty requests, at the end of a history alone
_MOST_UNKNOWN = 100_000  # ids listed one by one


async def read_page(caller: Caller, channel: Address, before: int) -> Page:
    """The newest posts below `before`, or of all for 0."""
    return await _Reading(caller, channel, before).page()


class _Reading:
    """The making of one page."""

    def __init__(self, caller: Caller, channel: Address, before: int) -> None:
        self._caller = caller
        self._channel = channel
        self._before = before
        self._ask = Asker(caller, channel)

    async def page(self) -> Page:
        if self._before == 1:
            return Page(lo=1, hi=0)
        answer = await self._ask.history(self._before)
        bad, ids = answer.unreadable, ids_of(answer)
        if bad is not None:
            return await (self._told(answer) if ids else self._past(bad))
        if len(ids) == LIMIT:
            return await self._told(answer)
        if ids and ids[-1] == 1 and self._before:
            return await self._last(answer)
        return await self._short(answer)

    async def _told(
        self, answer: HistoryAnswer, unknown: frozenset[int] = frozenset(), skip: int = 0
    ) -> Page:
        """The page an answer with at least one id is."""
        ids, bad = ids_of(answer), answer.unreadable
        if bad is not None and bad.position:
            again = await self._ask.history(self._before, add=skip, limit=bad.position)
            answer = replace(answer, chats=again.chats, users=again.users)
        posts = _posts(answer)
        if bad is not None and bad.message_id is not None:
            posts.append(placeholder(bad, bad.message_id))
            self._ask.note_unreadable(bad)
        hi = self._before - 1 if self._before else ids[0]
        return self._page(answer, ids[-1], hi, posts, unknown)

    # -- fewer posts than asked for ----------------------------------------------------------

    async def _short(self, answer: HistoryAnswer) -> Page:
        """The end of the history, if the oldest post and the number of all agree."""
        ids, whole = ids_of(answer), not self._before
        lacking = whole and len(ids) < answer.count
        if ids and whole and not lacking:
            return self._page(answer, 1, ids[0], _posts(answer))
        oldest = await self._ask.oldest()
        if whole and not ids:
            return self._no_newest(answer, oldest)
        lowest = ids[-1] if ids else self._before
        if oldest is not None and oldest < lowest:
            return await self._withheld(answer, ids[-1] if ids else 1)
        if lacking:
            return await self._withheld(answer, 1)
        return await self._last(answer) if ids else self._page(answer, 1, self._before - 1)

    async def _last(self, answer: HistoryAnswer) -> Page:
        """The end of a longer history, where nothing tells whether posts are withheld.

        The ids it lacks are asked for, unless a channel has emptied its past.
        """
        ids = ids_of(answer)
        if self._before - ids[-1] - len(ids) > _FEW:
            return self._page(answer, 1, self._before - 1, _posts(answer))
        page = await self._withheld(answer, ids[-1])
        return replace(page, lo=1) if page.lo == ids[-1] else page

    def _no_newest(self, answer: HistoryAnswer, oldest: int | None) -> Page:
        """A page that proves nothing: the channel is empty, or its newest posts are withheld."""
        if oldest is not None:
            message = "the server shows old posts but not the newest"
            self._ask.note("hidden-page", message, partial=True)
        return self._page(answer, 1, 0)

    async def _withheld(self, answer: HistoryAnswer, floor: int) -> Page:
        """A page of which the server does not show everything: what it lacks, id by id."""
        shown = {post.message_id: post for post in _posts(answer)}
        hi = self._before - 1 if self._before else ids_of(answer)[0]
        lo, found, unknown = await self._by_id(ids_of(answer), hi, floor)
        posts = shown | {number: post for number, post in found.items() if post is not None}
        if unknown or len(posts) > len(shown):
            message = f"the server withheld posts of {lo}..{hi}; they were asked for by id"
            self._ask.note("hidden-page", message, partial=bool(unknown))
        chosen = [posts[number] for number in sorted(posts, reverse=True) if number >= lo]
        return self._page(answer, lo, hi, chosen, unknown)

    async def _by_id(
        self, known: list[int], hi: int, floor: int
    ) -> tuple[int, Found, frozenset[int]]:
        """The ids not known, from `hi` down: how far it was looked, what was found, what not.

        Where as many are found as a page has, or none in a thousand ids, the next page goes on.
        """
        shown = frozenset(known)
        missing = (number for number in range(hi, floor - 1, -1) if number not in shown)
        found: Found = {}
        unknown: set[int] = set()
        for number in range(_BATCHES + 1):
            batch = list(islice(missing, MOST))
            if not batch:
                break
            if number == _BATCHES or len(known) + sum(map(bool, found.values())) >= LIMIT:
                return batch[0] + 1, found, frozenset(unknown)
            found |= await read_posts(self._caller, self._channel, batch)
            unknown.update(one for one in batch if one not in found)
        return floor, found, frozenset(unknown)

    # -- posts that cannot even be numbered ----------------------------------------------------

    async def _past(self, bad: Unreadable) -> Page:
        """The page behind such posts: they are somewhere between it and where we began."""
        self._ask.note_unreadable(bad)
        for skip in range(1, _SKIPS + 1):
            answer = await self._ask.history(self._before, add=skip)
            if ids_of(answer) or answer.unreadable is None:
                return await self._behind(answer, skip)
            self._ask.note_unreadable(answer.unreadable)
        raise self._ask.untrusted(
            f"more than {_SKIPS} posts in a row of {self._channel.tg_id} cannot be read;"
            " a newer version of this program is needed"
        )

    async def _behind(self, answer: HistoryAnswer, skip: int) -> Page:
        ids = ids_of(answer)
        if not self._before:  # how far up they reach, nobody says
            return await self._told(answer, skip=skip) if ids else self._page(answer, 1, 0)
        top = ids[0] if ids else 0
        lo = max(top + 1, self._before - _MOST_UNKNOWN)
        unknown = frozenset(range(lo, self._before))
        if ids and lo == top + 1:
            return await self._told(answer, unknown, skip)
        return self._page(answer, lo, self._before - 1, unknown=unknown)

    def _page(
        self,
        answer: HistoryAnswer,
        lo: int,
        hi: int,
        posts: list[Post] | None = None,
        unknown: frozenset[int] = frozenset(),
    ) -> Page:
        events = tuple(self._ask.events)
        return Page(lo, hi, tuple(posts or ()), answer.pts, answer.count, unknown, events)


def _posts(answer: HistoryAnswer) -> list[Post]:
    peers = Peers(answer.chats, answer.users)
    posts = [to_post(message, peers, raw) for raw, message in answer.messages]
    return [post for post in posts if post is not None]
