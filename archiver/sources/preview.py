"""Pages of t.me/s/NAME (and of single posts, `?embed=1`) saved to disk, as sent or by a browser.

What a page is, its structure says, never its words: one with posts has `data-post`, one without is
empty, or introduces the channel instead of showing it. The channel is known by title and @name.

InputError: a page without posts. BadRecord: a post that cannot be read, or the end of the file in
the middle of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from archiver.errors import InputError
from archiver.model import BadRecord, Channel, Notice
from archiver.sources import Item, ReadOptions, encoding
from archiver.sources.html_tree import Element, Lost, trees
from archiver.sources.keys import channel_said
from archiver.sources.preview_message import address_of, to_posts

NAME = "preview"

_MESSAGE, _EMPTY, _LANDING = "tgme_widget_message", "tme_no_messages_found", "tgme_page"
_ERRORS = ("tgme_widget_message_error", "err_message")
_WANTED = (_MESSAGE, _EMPTY, _LANDING, *_ERRORS)
_PASSED = (
    "tgme_widget_message_user",
    "tgme_widget_message_bubble_tail",
    "tgme_widget_message_voice_progress_wrap",
    "message_media_not_supported",
)
_OURS = re.compile(r'class=["\'][^"\'>]*\b(?:tgme_widget_message|tgme_channel_|tgme_page)')


def sniff(head: bytes, filename: str) -> bool:
    """A page of t.me, with posts or without."""
    return _OURS.search(encoding.text_of(head)) is not None


def read(file: IO[bytes], options: ReadOptions) -> Iterator[Item]:
    """The posts of a page."""
    return _Run(options).items(file)


class _Run:
    def __init__(self, options: ReadOptions) -> None:
        self._name = options.name or "the file"
        self._said = channel_said(options.channel) if options.channel else None
        self._channels: dict[tuple[str, str], Channel] = {}
        self._seen = 0
        self._without: list[Element] = []

    def items(self, file: IO[bytes]) -> Iterator[Item]:
        head, chunks = encoding.peeked(file)
        how = encoding.mark_of(head) or encoding.Decoding(encoding.UTF8)
        for found in trees(encoding.as_utf8(chunks, how), _WANTED, _PASSED):
            if isinstance(found, Lost):
                yield BadRecord(
                    f"byte {found.position}", f"{found.reason}; {self._seen} posts read"
                )
            elif _MESSAGE in found.classes and "data-post" in found.attributes:
                yield from self._message(found)
            elif len(self._without) < 10:
                self._without.append(found)
        if not self._seen:
            yield self._nothing()

    def _message(self, element: Element) -> Iterator[Item]:
        self._seen += 1
        where = f"post {element.attributes['data-post'][:80]}"
        if not element.whole:
            yield BadRecord(where, "larger than a post can be")
            return
        try:
            address = address_of(element)
            posts = to_posts(element, address)
        except ValueError as error:
            yield BadRecord(where, str(error), "".join(element.strings())[:200])
            return
        channel = self._channel(address.username, address.title)
        for post in posts:
            yield channel, post

    def _channel(self, username: str, title: str) -> Channel:
        if self._said is not None:
            return self._said
        if len(self._channels) > 1_000:
            self._channels.clear()
        key = (username, title)
        return self._channels.setdefault(key, Channel(title, username))

    def _nothing(self) -> Notice:
        """What a page without posts is. InputError where posts were to be expected on it."""
        classes = {name for each in self._without for name in each.classes}
        if _EMPTY in classes:
            return Notice("the page says that there are no posts")
        if classes.intersection(_ERRORS):
            raise InputError(f"{self._name} holds no post: Telegram did not find it")
        landing = next((each for each in self._without if _LANDING in each.classes), None)
        if landing is None:
            raise InputError(f"{self._name} is no page of t.me with posts")
        title = landing.find("tgme_page_title")
        called = f" {title.words()[:80]!r}" if title and title.words() else ""
        raise InputError(
            f"{self._name} introduces{called or ' something'} and shows no posts: no channel, one"
            " without a preview, or a group"
        )
