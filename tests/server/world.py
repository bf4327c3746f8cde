"""The world behind the server: accounts, people, channels, names and invitations."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import Any

from telethon.tl.types import PeerChannel, PeerUser, User

from tests.server.channel import Channel, Posted
from tests.server.login import Login

DAWN = 1_735_732_800  # 2025-01-01T12:00Z
API_ID, API_HASH = 12345, "0123456789abcdef0123456789abcdef"


def secret_number(*parts: object) -> int:
    """An access hash: 64 bits that follow from what they are for."""
    digest = sha256(repr(parts).encode()).digest()
    return int.from_bytes(digest[:8], "little", signed=True)


@dataclass(eq=False, slots=True)
class Account:
    """Somebody who can log in, and what that takes."""

    id: int
    name: str
    phone: str
    code: str
    password: str | None = None

    def as_user(self) -> User:
        """How the account sees itself."""
        hash_ = secret_number(self.id, "self")
        return User(
            self.id, is_self=True, access_hash=hash_, first_name=self.name, phone=self.phone
        )


@dataclass(eq=False, slots=True)
class Person:
    """Somebody who is quoted or writes in groups."""

    id: int
    name: str
    username: str | None = None

    def as_user(self, account: Account) -> User:
        """How an account sees the person."""
        hash_ = secret_number(account.id, self.id)
        return User(self.id, access_hash=hash_, first_name=self.name, username=self.username)


@dataclass(eq=False)
class World:
    """Everything there is. The first account, `me`, is there from the beginning."""

    clock: int = DAWN
    lock: threading.RLock = field(default_factory=threading.RLock)
    accounts: list[Account] = field(default_factory=list)
    channels: dict[int, Channel] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    names: dict[str, Channel | Person] = field(default_factory=dict)  # lower case
    invitations: dict[str, Channel] = field(default_factory=dict)
    login: Login = field(default_factory=Login)
    api_id: int = API_ID
    api_hash: str = API_HASH
    _numbers: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.account("Ada", phone="15550100", code="12345")

    @property
    def me(self) -> Account:
        """The account that tests use unless they name another."""
        return self.accounts[0]

    def account(
        self, name: str, *, phone: str, code: str = "12345", password: str | None = None
    ) -> Account:
        """One more account that can log in."""
        number = 700_000_000 + next(self._numbers)
        self.accounts.append(Account(number, name, phone.lstrip("+"), code, password))
        return self.accounts[-1]

    def channel(self, name: str | None = None, *, title: str = "", **options: Any) -> Channel:
        """A new channel @name; `options` are those of Channel, `members_only=True` among them.

        One for members only has no public name: `name` is then only what its title is made of.
        """
        number = 1_500_000_000 + next(self._numbers)
        channel = Channel(
            self, number, title or (name or "A channel").replace("_", " ").title(), **options
        )
        self.channels[number] = channel
        if name and not channel.members_only:
            channel.take_name(name)
        return channel

    def person(self, name: str, username: str | None = None) -> Person:
        """Somebody without an account here."""
        person = Person(700_000_000 + next(self._numbers), name, username)
        self.people[person.id] = person
        if username:
            self.names[username.lower()] = person
        return person

    def tick(self, seconds: int = 60) -> int:
        """Time goes on; the new time."""
        self.clock += seconds
        return self.clock

    def of(self, account: Account, peer: int) -> int:
        """The access hash of a channel or a person, which is another for every account."""
        return secret_number(account.id, peer)

    def seen_by(
        self, account: Account, channel: Channel, peers: set[Any]
    ) -> tuple[list[Any], list[Any]]:
        """The `chats` and `users` that go with messages of a channel that name these peers."""
        quoted = [self.channels[n] for kind, n in sorted(peers, key=repr) if self._is(kind, n)]
        chats = [channel.as_chat(account)]
        chats += [c.as_chat(account, quoted=True) for c in quoted if c is not channel]
        users = [
            self.people[number].as_user(account)
            for kind, number in peers
            if kind is PeerUser and number in self.people
        ]
        return chats, users

    def _is(self, kind: Any, number: int) -> bool:
        return kind is PeerChannel and number in self.channels


__all__ = ["API_HASH", "API_ID", "DAWN", "Account", "Channel", "Person", "Posted", "World"]
