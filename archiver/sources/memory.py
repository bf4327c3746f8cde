"""A feed without a network: channels in memory that answer as Telegram's would.

The twin of `archiver.sources.telegram` for tests and demonstrations; both pass the same contract
tests. `MemoryChannel` has the verbs of a channel's owner: post, edit, delete, rename, hide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from archiver.errors import ChannelUnavailable
from archiver.model import (
    Account,
    Address,
    Channel,
    ChannelState,
    Difference,
    Page,
    Post,
    Sighting,
    Source,
    Standing,
)
from archiver.text.refs import ChannelRef

PAGE = 100


@dataclass(slots=True)
class MemoryChannel:
    """A channel whose owner this program is."""

    tg_id: int
    username: str | None = None
    title: str = ""
    state: ChannelState = ChannelState.READABLE
    available_min_id: int = 0
    tells_differences: bool = True
    posts: dict[int, Post] = field(default_factory=dict)
    pts: int = 1
    clock: int = 1_735_732_800  # 2025-01-01T12:00Z
    max_difference: int = 1000
    _last: int = 0
    _log: list[tuple[int, int]] = field(default_factory=list)

    def post(self, text: str, **told: object) -> Post:
        """A new post, a minute after the one before."""
        self._last += 1
        made = Post(self._last, text, self._tick(), source=Source.LIVE, entities=())
        return self._put(replace(made, **told))  # type: ignore[arg-type]

    def skip(self, ids: int) -> None:
        """Ids that no post has."""
        self._last += ids

    def edit(self, message_id: int, text: str) -> Post:
        """Another text under the same id."""
        return self._put(replace(self.posts[message_id], text=text, edited=self._tick()))

    def count(self, message_id: int, views: int) -> Post:
        """More views; no change of the channel's state."""
        self.posts[message_id] = replace(self.posts[message_id], views=views)
        return self.posts[message_id]

    def delete(self, message_id: int) -> None:
        """The post is gone."""
        del self.posts[message_id]
        self._changed(message_id)

    def _put(self, post: Post) -> Post:
        self.posts[post.message_id] = post
        self._changed(post.message_id)
        return post

    def _changed(self, message_id: int) -> None:
        self.pts += 1
        self._log.append((self.pts, message_id))

    def _tick(self) -> int:
        self.clock += 60
        return self.clock

    def page(self, before: int) -> Page:
        """What `Feed.page` answers."""
        seen = sorted((i for i in self.posts if i >= self.available_min_id), reverse=True)
        ids = [i for i in seen if not before or i < before][:PAGE]
        hi = before - 1 if before else (ids[0] if ids else 0)
        lo = ids[-1] if len(ids) == PAGE else 1
        return Page(lo, hi, tuple(self.posts[i] for i in ids), self.pts, len(seen))

    def difference(self, pts: int) -> Difference:
        """What `Feed.difference` answers."""
        if not self.tells_differences:
            return Difference(refused=True)
        news = [entry for entry in self._log if entry[0] > pts]
        if pts > self.pts or len(news) > self.max_difference:
            return Difference(lost=True)
        some = news[:PAGE]
        ids = dict.fromkeys(i for _, i in some)
        posts = tuple(self.posts[i] for i in ids if i in self.posts)
        gone = tuple(i for i in ids if i not in self.posts)
        reached = some[-1][0] if some else self.pts
        return Difference(posts, gone, reached, final=len(some) == len(news))


class MemoryFeed:
    """Channels in memory as a `Feed`; `calls` counts what was asked."""

    def __init__(self, *channels: MemoryChannel, user_id: int = 1) -> None:
        self.channels = {each.tg_id: each for each in channels}
        self.calls: list[str] = []
        self._account = Account(user_id, "memory")

    def channel(self, username: str, **told: object) -> MemoryChannel:
        """A new channel @username; its id follows from the number of channels."""
        tg_id = -1_000_000_001_001 - len(self.channels)
        made = MemoryChannel(tg_id, username, username.title(), **told)  # type: ignore[arg-type]
        self.channels[tg_id] = made
        return made

    async def account(self) -> Account:
        """Who is logged in."""
        self.calls.append("account")
        return self._account

    async def resolve(self, ref: ChannelRef) -> Sighting:
        """The channel a person names."""
        self.calls.append("resolve")
        for each in self.channels.values():
            if ref.tg_id == each.tg_id or (ref.username and ref.username == each.username):
                return self._sighting(each)
        raise ChannelUnavailable(f"there is no channel {ref}.")

    async def identify(self, channels: Sequence[Address]) -> dict[int, Sighting]:
        """The channels of these addresses as they are now."""
        self.calls.append("identify")
        known = [self.channels.get(each.tg_id) for each in channels]
        return {each.tg_id: self._sighting(each) for each in known if each is not None}

    async def standing(self, channel: Address) -> Standing:
        """What is to be known of a channel besides its posts."""
        self.calls.append("standing")
        found = self._open(channel)
        return Standing(found.available_min_id, pts=found.pts)

    async def page(self, channel: Address, before: int = 0) -> Page:
        """The newest posts below an id."""
        self.calls.append("page")
        return self._open(channel).page(before)

    async def difference(self, channel: Address, pts: int) -> Difference:
        """What changed since a state."""
        self.calls.append("difference")
        return self._open(channel).difference(pts)

    async def lookup(self, channel: Address, ids: Sequence[int]) -> dict[int, Post | None]:
        """Posts by id."""
        self.calls.append("lookup")
        posts = self._open(channel).posts
        return {i: posts.get(i) for i in ids}

    def _open(self, channel: Address) -> MemoryChannel:
        found = self.channels[channel.tg_id]
        if found.state is not ChannelState.READABLE:
            raise ChannelUnavailable(f"{found.title} is {found.state}.", state=found.state)
        return found

    def _sighting(self, each: MemoryChannel) -> Sighting:
        names = (each.username,) if each.username else ()
        open_ = each.state is ChannelState.READABLE
        channel = Channel(each.title, each.username, each.tg_id)
        return Sighting(channel, each.state, 7 if open_ else None, names)
