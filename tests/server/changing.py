"""How messages change: edits, reactions, counters, deletions, and what nobody can read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telethon.tl import types as tl

from tests.server import media as made
from tests.server.messages import Posted, verb
from tests.server.posting import Posting
from tests.server.tl import unknown


class Changing(Posting):
    """The verbs that change messages. All but counters raise the channel's pts and are logged."""

    # -- changing ---------------------------------------------------------------------------

    @verb
    def edit(self, post: Posted, text: str | None = None, **parts: Any) -> None:
        """Other text, other entities, other media; entities are dropped with the text they had."""
        message = post.message
        if text is not None:
            message.message, message.entities = text, None
        message.edit_date = self.world.tick()
        message.edit_hide = False
        self._change(message, parts)

    @verb
    def swap_media(self, post: Posted, media: Any = None) -> None:
        """Another picture under the same text."""
        self.edit(post, media=media or made.photo())

    @verb
    def react(self, post: Posted, emoji: str, number: int = 1) -> None:
        """Reactions; the message gets an edit date that clients must not show."""
        message = post.message
        results = [] if message.reactions is None else list(message.reactions.results)
        others = [r for r in results if r.reaction.emoticon != emoji]
        now = tl.ReactionCount(tl.ReactionEmoji(emoji), number)
        message.reactions = tl.MessageReactions([*others, now])
        if message.edit_date is None:
            message.edit_date, message.edit_hide = self.world.tick(), True
        self._change(message, {})

    @verb
    def count(self, post: Posted, **counters: Any) -> None:
        """Views, forwards, replies or a poll's media grow: no edit, no place in the difference."""
        self._change(post.message, counters, told=False)

    @verb
    def vote(self, post: Posted, votes: Sequence[int]) -> None:
        """The poll stands otherwise."""
        media = post.message.media
        answers = [answer.text.text for answer in media.poll.answers]
        changed = made.poll(media.poll.question.text, answers, votes, id_=media.poll.id)
        self._change(post.message, {"media": changed}, told=False)

    @verb
    def pin(self, post: Posted) -> Posted:
        """The post is pinned, and a service message says so."""
        self._change(post.message, {"pinned": True})
        reply = tl.MessageReplyHeader(reply_to_msg_id=post.id)
        return self.service(tl.MessageActionPinMessage(), reply_to=reply)

    @verb
    def delete(self, *posts: Posted | int, told: bool = True) -> None:
        """The posts are gone; not `told`: the difference never mentions it."""
        self.shelf.remove([p if isinstance(p, int) else p.id for p in posts], told=told)

    # -- what the client cannot read --------------------------------------------------------

    @verb
    def garble(self, post: Posted, data: bytes | None = None) -> None:
        """The post becomes a constructor of a layer to come."""
        self.shelf.replace(post.id, data or unknown(), told=False)

    @verb
    def empty(self, post: Posted) -> None:
        """The post becomes a MessageEmpty that history still has."""
        self.shelf.replace(post.id, bytes(tl.MessageEmpty(post.id, self.peer)), told=False)
