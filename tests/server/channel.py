"""A channel of the scripted world: its name, its members, what others see of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from telethon.tl import types as tl

from tests.server import live
from tests.server.changing import Changing
from tests.server.messages import Posted, verb

if TYPE_CHECKING:
    from tests.server.world import Account, World

__all__ = ["Channel", "Posted"]


class Channel(Changing):
    """A channel; a group if `megagroup`. Content changes raise `pts` and are logged."""

    def __init__(
        self,
        world: World,
        id_: int,
        title: str,
        *,
        members_only: bool = False,
        megagroup: bool = False,
        about: str = "",
        noforwards: bool = False,
    ) -> None:
        super().__init__(world, id_)
        self.title, self.about = title, about
        self.members_only, self.megagroup, self.noforwards = members_only, megagroup, noforwards
        self.created = world.clock
        self.username: str | None = None
        self.more_names: list[str] = []
        self.members: set[int] = set()
        self.banned = False
        self.min = False  # beside quotes it is a `min` constructor, whose hash does not work
        self.linked: Channel | None = None
        self.available_min_id = 0  # up to here history is hidden from those who joined later
        self.page_hide: Collection[int] = ()  # withheld from history, not from getMessages
        self.max_diff: int | None = None  # more changes than this are TooLong
        self.diff_for_members = False  # the difference is refused to others
        self.diff_from = 1  # an older pts is invalid
        self._name_before: str | None = None

    # -- the channel itself -----------------------------------------------------------------

    @verb
    def rename(
        self, username: str | None = None, title: str | None = None, *, announce: bool = False
    ) -> None:
        """Another name, another title; `announce` says so in a service message."""
        if username is not None:
            self.drop_name()
            self.take_name(username)
        if title is not None:
            self.title = title
            if announce:
                self.service(tl.MessageActionChatEditTitle(title))

    @verb
    def take_name(self, username: str) -> None:
        """@username leads here now, and no longer to whom it led before."""
        owner = self.world.names.get(username.lower())
        if isinstance(owner, Channel):
            owner.drop_name()
        self.world.names[username.lower()] = self
        self.username = username

    @verb
    def drop_name(self) -> None:
        """The name is free."""
        if self.username is not None:
            self.world.names.pop(self.username.lower(), None)
        self.username = None

    @verb
    def add_name(self, username: str) -> None:
        """A further (collectible) name beside the first."""
        self.more_names.append(username)
        self.world.names[username.lower()] = self

    @verb
    def join(self, account: Account | None = None) -> None:
        """The account becomes a member."""
        self.members.add((account or self.world.me).id)

    @verb
    def leave(self, account: Account | None = None) -> None:
        """The account is no member any more."""
        self.members.discard((account or self.world.me).id)

    @verb
    def invite(self) -> str:
        """An invitation link."""
        word = f"Invite{self.id:x}{len(self.world.invitations)}"
        self.world.invitations[word] = self
        return f"https://t.me/+{word}"

    @verb
    def link(self, group: Channel) -> None:
        """The discussion group of a channel, and the other way round."""
        self.linked, group.linked = group, self

    @verb
    def go_private(self) -> None:
        """Only members read it from now on, and the public name is given up."""
        self._name_before, self.members_only = self.username, True
        self.drop_name()

    @verb
    def ban(self) -> None:
        """Telegram closes the channel, for members too."""
        self.banned = True

    @verb
    def come_back(self) -> None:
        """Readable as before, under the name it had if that is still free."""
        self.banned = self.members_only = False
        if self._name_before and self._name_before.lower() not in self.world.names:
            self.take_name(self._name_before)

    # -- what others see --------------------------------------------------------------------

    def readable_by(self, account: Account) -> bool:
        """May the account read it?"""
        return not self.banned and (not self.members_only or account.id in self.members)

    def as_chat(
        self, account: Account, *, quoted: bool = False
    ) -> tl.Channel | tl.ChannelForbidden:
        """How an account sees the channel in an answer, or beside a post that quotes it."""
        hash_ = self.world.of(account, self.id)
        kind = {"broadcast": not self.megagroup, "megagroup": self.megagroup}
        if not self.readable_by(account):
            return tl.ChannelForbidden(self.id, hash_, self.title, **kind)
        minimal = quoted and self.min
        names = [n for n in (self.username, *self.more_names) if n]
        several = [tl.Username(n, active=True) for n in names] if self.more_names else None
        return tl.Channel(
            self.id,
            self.title,
            tl.ChatPhotoEmpty(),
            self.created,
            left=account.id not in self.members,
            access_hash=hash_ ^ 1 if minimal else hash_,
            username=None if several else self.username,
            usernames=several,
            min=minimal,
            noforwards=self.noforwards,
            has_link=self.linked is not None,
            **kind,
        )

    def as_dialog(self) -> tl.Dialog:
        """The channel in a list of chats."""
        return tl.Dialog(
            self.peer,
            top_message=self.ids[-1] if self.ids else 0,
            read_inbox_max_id=0,
            read_outbox_max_id=0,
            unread_count=0,
            unread_mentions_count=0,
            unread_reactions_count=0,
            unread_poll_votes_count=0,
            notify_settings=tl.PeerNotifySettings(),
            pts=self.pts,
        )

    def live(self) -> dict[int, live.Live]:
        """What an archive has to hold; messages that nobody can read are left out."""
        return live.live(self.shelf)
