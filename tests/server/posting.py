"""How messages come into being: posts, albums, service messages, and forwards of every kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from telethon.tl import types as tl

from tests.server import media as made
from tests.server.messages import Messages, Posted, verb
from tests.server.tl import plain_post

if TYPE_CHECKING:
    from tests.server.world import Person


class Posting(Messages):
    """The verbs that make messages."""

    title = ""

    # -- posting ----------------------------------------------------------------------------

    @verb
    def post(
        self, text: str = "", *, date: int | None = None, by: Person | None = None, **parts: Any
    ) -> Posted:
        """A new post; `parts` are fields of a TL Message: entities, media, views, reply_to."""
        when = self.world.tick() if date is None else date
        counted = {} if self.megagroup else {"post": True, "views": 1, "forwards": 0}
        author = tl.PeerUser(by.id) if by else None
        fields = {**counted, "from_id": author, **parts}
        return self._new(tl.Message(self._next_id, self.peer, when, text, **fields))

    @verb
    def post_many(
        self,
        number: int,
        text: Callable[[int], str] | None = None,
        entities: list[Any] | None = None,
        step: int = 60,
        media: Callable[[int], Any] | None = None,
        replies: Callable[[int], Any] | None = None,
    ) -> None:
        """Many plain posts at once, `text`, `media` and `replies` of their ids.

        100,000 without media take about a second.
        """
        tell = text or (lambda id_: f"Report {id_} from {self.title}: the ferry left on time.")
        for id_ in range(self._next_id, self._next_id + number):
            date = self.world.tick(step)
            more = [of(id_) if of else None for of in (media, replies)]
            data = plain_post(self.id, id_, date, tell(id_), id_ % 1000, entities, *more)
            self.shelf.add(id_, data, date)
        self._next_id += number

    @verb
    def album(self, captions: Sequence[str], media: Sequence[Any] | None = None) -> list[Posted]:
        """Several pictures that belong together, one caption each (mostly "")."""
        group, date = 13_000_000_000 + self._next_id, self.world.tick()
        items = media or [made.photo() for _ in captions]
        return [
            self.post(caption, date=date, media=item, grouped_id=group)
            for caption, item in zip(captions, items, strict=True)
        ]

    @verb
    def service(self, action: Any, *, date: int | None = None, **parts: Any) -> Posted:
        """A service message: a new title, a pinned post, a move from a group."""
        when = self.world.tick() if date is None else date
        kind = not self.megagroup
        return self._new(
            tl.MessageService(self._next_id, self.peer, when, action=action, post=kind, **parts)
        )

    @verb
    def poll(
        self, question: str, answers: Sequence[str], votes: Sequence[int] | None = None
    ) -> Posted:
        """A poll."""
        return self.post(media=made.poll(question, answers, votes))

    @verb
    def skip_ids(self, number: int) -> None:
        """Ids that no message ever gets."""
        self._next_id += number

    # -- forwarding -------------------------------------------------------------------------

    @verb
    def forward(self, origin: Posted, *, saved: bool = False, **parts: Any) -> Posted:
        """Another channel's post; a forward of a forward keeps the first origin.

        `saved` adds where it was taken from, as discussion groups have it.
        """
        source = origin.message
        header = source.fwd_from or _header(origin.channel, source)
        if saved:
            header.saved_from_peer, header.saved_from_msg_id = origin.channel.peer, origin.id
        told = {"entities": source.entities, "media": source.media, **parts}
        return self.post(source.message, fwd_from=header, **told)

    @verb
    def forward_person(
        self, person: Person, text: str, *, sent: int | None = None, **parts: Any
    ) -> Posted:
        """What somebody wrote, with a link to them."""
        header = tl.MessageFwdHeader(sent or self.world.clock, from_id=tl.PeerUser(person.id))
        return self.post(text, fwd_from=header, **parts)

    @verb
    def forward_hidden(
        self, name: str, text: str, *, sent: int | None = None, **parts: Any
    ) -> Posted:
        """What somebody wrote who lets only a name be seen."""
        header = tl.MessageFwdHeader(sent or self.world.clock, from_name=name)
        return self.post(text, fwd_from=header, **parts)

    @verb
    def import_message(
        self, name: str, text: str, *, sent: int | None = None, **parts: Any
    ) -> Posted:
        """A message of a chat imported from elsewhere: neither date nor name are verified."""
        when = sent or self.world.clock
        header = tl.MessageFwdHeader(when, from_name=name, imported=True)
        return self.post(text, fwd_from=header, **parts)


def _header(channel: Messages, source: Any) -> tl.MessageFwdHeader:
    if channel.megagroup:
        return tl.MessageFwdHeader(source.date, from_id=source.from_id)
    return tl.MessageFwdHeader(
        source.date,
        from_id=channel.peer,
        channel_post=source.id,
        post_author=source.post_author,
    )
