"""Telegram Desktop's HTML export: messages.html, messages2.html ... of any size and version.

Each page stands alone: what is joined to the message before never crosses a page. A page names
its chat by title only, and does not say what it is: a chat in which somebody else writes is no
channel and is left out, unless `all_chats`. Times without an offset (before 2021) are local to
the exporting computer: read with `timezone`, else as UTC with a notice. Albums are guessed.

InputError: no page of a chat. BadRecord: a message that cannot be read, or the end of the file in
the middle of one or before `</html>`, which Desktop writes last.
Format: Telegram Desktop, Telegram/SourceFiles/export/output/export_output_html.cpp.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from typing import IO

from archiver.errors import InputError
from archiver.model import BadRecord, Channel, Notice, Post, Source
from archiver.sources import Item, ReadOptions, encoding
from archiver.sources.albums import Albums
from archiver.sources.desktop_html_message import Before, date_written, is_local, to_post
from archiver.sources.html_tree import Element, Lost, trees
from archiver.sources.keys import assumed_zone, channel_said

NAME = "desktop-html"

_OURS = re.compile(rb'class="message (?:default|service)[^">]*"[^>]{0,40}id="message-?[0-9]')
_WANTED = ("message", "page_header")
_PASSED = ("initials",)
# The writer of a message stands alone in its line; a forward's has a date behind it.
_WRITER = re.compile(rb'class="from_name">\s{0,40}([^<]{1,400}?)\s{0,40}</div>')
_TITLE = re.compile(
    rb'class="page_header">.{0,400}?class="text bold">\s{0,40}([^<]{1,400}?)\s{0,40}</div>', re.S
)
_OVERLAP = 2_000
# How far before the end of a file its `</html>` may stand: programs add a remark or blanks.
_LAST = 4_096
_LOCAL = (
    "times are local without an offset and were read as UTC;"
    " say where it was exported, such as --timezone Europe/Kyiv, and import again"
)


def sniff(head: bytes, filename: str) -> bool:
    """A page with messages as Desktop writes them."""
    return _OURS.search(encoding.text_of(head).encode()) is not None


def read(file: IO[bytes], options: ReadOptions) -> Iterator[Item]:
    """The posts of a page."""
    if not options.all_chats and file.seekable():
        start = file.tell()
        stranger = _stranger(file)
        file.seek(start)
        if stranger is not None:
            yield Notice(
                f"skipped: {stranger!r} writes in it too, so it is a group or a private chat;"
                " --all-chats takes all"
            )
            return
    yield from _Run(options).items(file)


def _stranger(file: IO[bytes]) -> str | None:
    """Somebody who writes in the chat and is not the chat itself."""
    title: str | None = None
    rest = b""
    for piece in _utf8(file):
        data = rest + piece
        if title is None and (match := _TITLE.search(data)):
            title = _plain(match[1])
        for found in _WRITER.finditer(data):
            writer = re.sub(r" via @\S+$", "", _plain(found[1]))
            if title is not None and writer != title:
                return writer
        rest = data[-_OVERLAP:]
    return None


def _plain(written: bytes) -> str:
    return " ".join(html.unescape(written.decode("utf-8", "replace")).split())


def _utf8(file: IO[bytes]) -> Iterator[bytes]:
    head, chunks = encoding.peeked(file)
    how = encoding.mark_of(head) or encoding.Decoding(encoding.UTF8)
    return encoding.as_utf8(chunks, how)


class _Tail:
    """Hands chunks on and keeps their end: `whole` says whether the page was closed there."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._last = b""
        self.position = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.position += len(chunk)
            self._last = (self._last + chunk[-_LAST:])[-_LAST:]
            yield chunk

    @property
    def whole(self) -> bool:
        return b"</html" in self._last.lower()


class _Run:
    """One reading of one page: the chat it is of, and what its messages told for the next."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._zone = options.timezone or UTC
        self._title = ""
        self._channel: Channel | None = None
        self._before = Before()
        self._albums = Albums()
        self._local = False
        self._seen = self._kept = 0

    def items(self, file: IO[bytes]) -> Iterator[Item]:
        page, lost = _Tail(_utf8(file)), False
        for found in trees(page, _WANTED, _PASSED):
            if isinstance(found, Lost):
                lost = True
                yield from self._flush()
                yield self._broken(found)
            elif "page_header" in found.classes:
                label = found.find("text", "bold")
                self._title = label.words() if label else ""
            else:
                yield from self._message(found)
        yield from self._flush()
        if not self._seen:
            raise InputError(f"{self._options.name or 'the file'} is no page of a Telegram chat")
        if not (lost or page.whole):
            # Cut between two messages: all that is there is whole, and says nothing of the rest.
            reason = "the file is cut short: it ends without </html>"
            yield self._broken(Lost(page.position, reason))
        if self._local:
            yield Notice(_LOCAL)

    def _message(self, element: Element) -> Iterator[Item]:
        self._seen += 1
        if self._channel is None:
            self._channel = self._named()
        if not element.whole:
            yield BadRecord(self._where(element), "larger than a message can be")
            return
        try:
            post, self._before = to_post(element, self._before, self._title, self._zone)
        except ValueError as error:
            yield BadRecord(self._where(element), str(error), "".join(element.strings())[:200])
            return
        if post is None:
            return
        for done in self._albums.push(self._told(post, element)):
            self._kept += 1
            yield self._channel, done

    def _told(self, post: Post, element: Element) -> Post:
        post = replace(post, source=Source.HTML)
        if self._options.timezone is None and is_local(date_written(element)):
            self._local = True
            return assumed_zone(post)
        return post

    def _flush(self) -> Iterator[Item]:
        if self._channel is not None:
            for post in self._albums.flush():
                self._kept += 1
                yield self._channel, post

    def _named(self) -> Channel:
        if self._options.channel:
            return channel_said(self._options.channel)
        name = self._title or self._options.name.rsplit(".", 1)[0] or "export"
        return Channel(title=name)

    def _where(self, element: Element) -> str:
        number = element.attributes.get("id", "").removeprefix("message")
        return f"message {number} of {self._title}" if number else f"message number {self._seen}"

    def _broken(self, lost: Lost) -> BadRecord:
        kept = "1 post" if self._kept == 1 else f"{self._kept} posts"
        return BadRecord(f"byte {lost.position}", f"{lost.reason}; {kept} before it were kept")
