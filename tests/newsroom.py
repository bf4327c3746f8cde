"""A small world that speaks the domain's language: channels that post, forward and edit."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

from archiver.model import Channel, Forward, OriginKind, Post, Source, Tally
from archiver.store.store import Store

DAWN = 1_735_732_800  # 2025-01-01T12:00Z


class Newsroom:
    """Channels over one archive; each verb is saved at once and can be repeated."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.run = store.start_run("test", DAWN)
        self.clock = DAWN
        self._last: dict[str, int] = {}

    def channel(self, name: str) -> Channel:
        """The channel @name; its Telegram id follows from the name."""
        number = int.from_bytes(name.encode()[:4], "big")
        return Channel(name.title(), name, -1_000_000_000_000 - number)

    def post(self, name: str, text: str, **told: Any) -> Post:
        """A new post, a minute after the one before."""
        self.clock += 60
        message_id = self._last[name] = self._last.get(name, 0) + 1
        post = Post(message_id, text, told.pop("date", self.clock), **told)
        self.save(name, post)
        return post

    def forward(self, name: str, origin: str, post: Post, **told: Any) -> Post:
        """@name forwards a post of @origin."""
        header = Forward(
            OriginKind.CHANNEL,
            peer_id=self.channel(origin).tg_id,
            message_id=post.message_id,
            date=post.date,
            name=origin.title(),
        )
        return self.post(name, post.text, forward=header, **told)

    def edit(self, name: str, post: Post, text: str) -> Post:
        """The author changes the text."""
        self.clock += 60
        edited = replace(post, text=text, edited=self.clock, source=Source.LIVE)
        self.save(name, edited)
        return edited

    def save(self, name: str, *posts: Post) -> Tally:
        """What a source tells of @name reaches the archive."""
        channel = self.channel(name)
        return self.store.add_posts(self.run, [(channel, post) for post in posts], self.clock)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What another program would see in the file."""
        with sqlite3.connect(self.store.path) as connection:
            found = connection.execute(query, values).fetchall()
        connection.close()
        return found

    def one(self, query: str, *values: Any) -> Any:
        """The single value of a query."""
        [(value,)] = self.rows(query, *values)
        return value
