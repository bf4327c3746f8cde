"""A small world of invented channels that quote, copy and correct each other."""

from __future__ import annotations

import random
from collections.abc import Callable

from telethon.tl.types import MessageActionChatEditTitle, MessageEntityBold, MessageEntityUrl

from tests.server import media
from tests.server.channel import Channel, Posted
from tests.server.world import World

_CHANNELS = [
    ("harbour_news", "Harbour news"),
    ("tide_watch", "Tide watch"),
    ("pilot_diary", "A pilot's diary"),
    ("lighthouse_post", "Lighthouse post"),
    ("quay_side", "Quayside"),
    ("morning_ferry", "Morning ferry"),
]
_WHO = ["The ferry to Sandholm", "The night boat", "A tug", "The pilot cutter", "The mail boat"]
_DID = ["left", "came in", "waited outside", "turned back", "lay at the third quay", "was towed"]
_WHY = ["because of fog", "without a word", "two hours late", "with a new crew", "before the tide"]
_MORE = ["Nobody was hurt.", "More at noon.", "Photos follow.", "The office confirms it.", ""]


class Life:
    """What happens in the world: the same for the same seed."""

    def __init__(self, world: World, channels: int = 4, seed: int = 1) -> None:
        self.world, self._dice = world, random.Random(seed)
        self.channels = [self._channel(number) for number in range(channels)]
        self.secret = world.channel(title="Harbour office", members_only=True)
        self.secret.join()
        self._person = world.person("Mira Holt", "mira_holt")
        self._group = world.channel("quay_talk", title="Quay talk", megagroup=True)
        self.channels[0].link(self._group)

    def history(self, posts: int, size: int = 80) -> None:
        """The past of every channel: the older part plain and quick to make, the newer alive.

        `size` is about how many characters the older posts have.
        """
        for channel in self.channels:
            channel.post_many(max(0, posts - 200), self._older(size))
        for _ in range(min(posts, 200) * len(self.channels)):
            self.step()
        self.secret.post("The office closes at five.")

    def step(self) -> str:
        """One thing happens; what it was."""
        channel = self._dice.choice(self.channels)
        verbs = [self._post, self._forward, self._copy, self._edit, self._react]
        verbs += [self._delete, self._album, self._poll, self._quote, self._retitle]
        verb = self._dice.choices(verbs, [50, 15, 10, 8, 8, 3, 3, 1, 2, 0.2])[0]
        verb(channel)
        return f"@{channel.username}: {verb.__name__.strip('_')}"

    def sentence(self) -> str:
        """Something that may have happened at the harbour."""
        parts = [self._dice.choice(words) for words in (_WHO, _DID, _WHY)]
        return f"{' '.join(parts)}. {self._dice.choice(_MORE)}".strip()

    def _older(self, size: int) -> Callable[[int], str]:
        pool = " ".join(self.sentence() for _ in range(2000 + size // 20))
        places = len(pool) - size
        return lambda id_: f"Entry {id_}. {pool[(at := id_ * 7919 % places) : at + size]}"

    def _channel(self, number: int) -> Channel:
        name, title = _CHANNELS[number % len(_CHANNELS)]
        again = number // len(_CHANNELS)
        return self.world.channel(f"{name}_{again}" if again else name, title=title)

    def _any_post(self, channel: Channel) -> Posted | None:
        """One of the last posts of the channel."""
        recent = [post for id_ in channel.ids[-50:] if (post := channel.handle(id_)).text]
        return self._dice.choice(recent) if recent else None

    def _post(self, channel: Channel) -> None:
        text, link = self.sentence(), "https://harbour.example/log"
        head = MessageEntityBold(0, len(text.split(".")[0]))
        if self._dice.random() < 0.2:
            entities = [head, MessageEntityUrl(len(text) + 1, len(link))]
            channel.post(f"{text}\n{link}", entities=entities, media=media.web_page(link))
        else:
            channel.post(text, entities=[head], media=self._picture())

    def _forward(self, channel: Channel) -> None:
        other = self._dice.choice([*self.channels, self.secret])
        if other is not channel and (post := self._any_post(other)):
            channel.forward(post)

    def _copy(self, channel: Channel) -> None:
        """The same words without saying whose they were, and an advertisement of one's own."""
        other = self._dice.choice(self.channels)
        if other is not channel and (post := self._any_post(other)):
            channel.post(f"{post.text}\n\nRead @{channel.username}")

    def _edit(self, channel: Channel) -> None:
        if post := self._any_post(channel):
            channel.edit(post, f"{post.text} Corrected: {self._dice.choice(_MORE)}")

    def _react(self, channel: Channel) -> None:
        if post := self._any_post(channel):
            channel.react(post, self._dice.choice("👍🔥⚓"), self._dice.randint(1, 40))

    def _delete(self, channel: Channel) -> None:
        if post := self._any_post(channel):
            channel.delete(post)

    def _album(self, channel: Channel) -> None:
        channel.album([self.sentence(), "", ""])

    def _poll(self, channel: Channel) -> None:
        channel.poll("Will it sail tomorrow?", ["yes", "no", "who knows"], [4, 2, 9])

    def _quote(self, channel: Channel) -> None:
        channel.forward_person(self._person, f"I saw it myself: {self.sentence()}")

    def _retitle(self, channel: Channel) -> None:
        channel.rename(title=f"{channel.title} ⚓")
        channel.service(MessageActionChatEditTitle(channel.title))

    def _picture(self) -> object:
        return media.photo() if self._dice.random() < 0.15 else None
