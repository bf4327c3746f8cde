"""The live feed: channels as Telegram shows them, through one connection."""

from __future__ import annotations

from collections.abc import Sequence

from telethon.tl import functions, types

from archiver.errors import LoginRequired
from archiver.model import Account, Address, Difference, Page, Post, Sighting, Standing
from archiver.sources.telegram import channels
from archiver.sources.telegram.caller import Caller, understood
from archiver.sources.telegram.differences import read_difference
from archiver.sources.telegram.lookup import read_posts
from archiver.sources.telegram.pages import read_page
from archiver.sources.telegram.peers import Peers
from archiver.text.refs import ChannelRef


class TelegramFeed:
    """`archiver.sources.Feed` over Telegram; the caller owns waiting, repeating and errors."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def account(self) -> Account:
        """Who is logged in."""
        myself = functions.users.GetUsersRequest([types.InputUserSelf()])
        found = await understood(self._caller, myself)
        user = found[0] if found else None
        if not isinstance(user, types.User):
            raise LoginRequired("nobody is logged in; run `archiver login`")
        peers = Peers(users=[user])
        name = peers.username(user.id)
        return Account(user.id, f"@{name}" if name else peers.name(user.id) or str(user.id))

    async def resolve(self, ref: ChannelRef) -> Sighting:
        """The channel a person names."""
        return await channels.resolve(self._caller, ref)

    async def identify(self, addresses: Sequence[Address]) -> dict[int, Sighting]:
        """The channels of these addresses as they are now, by their tg_id."""
        return await channels.identify(self._caller, addresses)

    async def standing(self, channel: Address) -> Standing:
        """What is to be known of a channel besides its posts."""
        return await channels.standing(self._caller, channel)

    async def page(self, channel: Address, before: int = 0) -> Page:
        """The newest posts with an id below `before`, or of all for 0."""
        return await read_page(self._caller, channel, before)

    async def difference(self, channel: Address, pts: int) -> Difference:
        """What changed since the state `pts`, a portion at a time."""
        return await read_difference(self._caller, channel, pts)

    async def lookup(self, channel: Address, ids: Sequence[int]) -> dict[int, Post | None]:
        """Posts by id, None for one that is deleted; nothing is known of an id that is missing."""
        return await read_posts(self._caller, channel, ids)
