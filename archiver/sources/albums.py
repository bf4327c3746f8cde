"""Albums guessed where a format does not tell them: a look-ahead of at most ten posts.

Desktop's export has no grouped id. What Telegram sends as an album stands together in it: within
ten ids of the first, the same second, writer, forward header and reply, each with a photo or video
(or each with a file, or each with a song). At most one of them may have a text: Telegram allows a
caption on every member, but two captions in one second are far more often two statements sent by a
program, and to join those would hide one of them, while an album taken apart only shows each
picture as a post of its own.
"""

from __future__ import annotations

from dataclasses import replace

from archiver.model import Post, PostKind

MOST = 10
_CLASSES = {"photo": "picture", "video": "picture", "file": "file", "audio": "audio"}


class Albums:
    """Takes posts one by one and gives them back in order, with `grouped_id` where they are one.

    The group's id is the id of its first post, so that reading again gives the same.
    """

    def __init__(self) -> None:
        self._run: list[Post] = []
        self._key: tuple[object, ...] | None = None
        self._captions = 0

    def push(self, post: Post) -> list[Post]:
        """The posts that are decided now that this one is known."""
        key = _key(post)
        if key is None:
            return [*self.flush(), post] if self._run else [post]
        if self._run and self._fits(post, key):
            self._run.append(post)
            self._captions += bool(post.text)
            return []
        done = self.flush()
        self._run, self._key, self._captions = [post], key, int(bool(post.text))
        return done

    def flush(self) -> list[Post]:
        """The posts that were waiting."""
        run, self._run = self._run, []
        if len(run) < 2:
            return run
        group = run[0].message_id
        return [replace(post, grouped_id=group, grouped_inferred=True) for post in run]

    def _fits(self, post: Post, key: tuple[object, ...]) -> bool:
        return (
            key == self._key
            and 0 < post.message_id - self._run[0].message_id < MOST
            and self._captions + bool(post.text) <= 1
        )


def _key(post: Post) -> tuple[object, ...] | None:
    """What the members of an album share; None for what is never in one."""
    kind = _CLASSES.get(post.media_kind or "")
    if kind is None or post.kind is not PostKind.MESSAGE or post.date is None or post.grouped_id:
        return None
    writer = post.details.get("from_id") if post.details else None
    return kind, post.date, writer, post.author, post.forward, post.reply_to, post.via_bot
