"""Telegram Desktop's result.json, one chat or a whole account, of any size and any version.

Only channels are read unless `all_chats`. Times without Unix seconds (before 3.7.6) are local to
the exporting computer: read with `timezone`, else as UTC with a notice. Albums are guessed
(`albums.py`). A file that breaks off keeps what stands before the break and ends with a BadRecord.

InputError: not an export at all. BadRecord: a message of the wrong shape, or the break.
Format: Telegram Desktop, Telegram/SourceFiles/export/output/export_output_json.cpp.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from typing import IO, Any

from archiver.errors import InputError
from archiver.model import BadRecord, Channel, Notice, OriginKind
from archiver.sources import Item, ReadOptions, desktop_stream, encoding
from archiver.sources.albums import Albums
from archiver.sources.desktop_message import OURS, Home, is_local, to_post
from archiver.sources.desktop_stream import Broken, Chat, Walker
from archiver.sources.keys import OLD_USER, assumed_zone, channel_named, marked
from archiver.sources.record import to_channel

NAME = "desktop-json"

_CHANNELS = ("private_channel", "public_channel")
_GROUPS = ("private_supergroup", "public_supergroup")
_PEOPLE = ("saved_messages", "replies", "verification_codes", "personal_chat", "bot_chat")
_TYPES = (*_CHANNELS, *_GROUPS, "private_group", *_PEOPLE)
_LOCAL = (
    "times are local without an offset and were read as UTC;"
    " say where it was exported, such as --timezone Europe/Kyiv, and import again"
)

Raw = dict[str, Any]

_RECORDS = ("message", "service", "unsupported")


def sniff(head: bytes, filename: str) -> bool:
    """An object with `messages` as Desktop writes them, or with the sections of an account."""
    walker = Walker()
    chat: Raw = {}
    for batch in desktop_stream.events(desktop_stream.mended(_decoded(iter([head]), head))):
        if isinstance(batch, str):
            break
        for found in walker.feed(batch):
            if isinstance(found, Chat):
                chat = found.fields
            elif found and found.get("type") in _RECORDS and "id" in found:
                return True
    return chat.get("type") in _TYPES or len(walker.root_keys) > 1


def _decoded(chunks: Iterator[bytes], head: bytes) -> Iterator[bytes]:
    return encoding.as_utf8(chunks, encoding.mark_of(head) or encoding.Decoding(encoding.UTF8))


def read(file: IO[bytes], options: ReadOptions) -> Iterator[Item]:
    """The posts of an export, chat by chat."""
    run = _Run(file, options)
    for found in _walk(file):
        yield from run.take(found)
    yield from run.end()


def _walk(file: IO[bytes]) -> Iterator[desktop_stream.Found]:
    head, chunks = encoding.peeked(file)
    return desktop_stream.walk(_decoded(chunks, head))


class _Run:
    """One reading of one file: the chat we are in, and what has to be told at the end."""

    def __init__(self, file: IO[bytes], options: ReadOptions) -> None:
        self._file = file
        self._options = options
        self._start = file.tell() if file.seekable() else None
        self._heads: list[Raw] | None = None
        self._fields: Raw | None = None  # the head of the chat we are in; None before the first
        self._channel: Channel | None = None  # known from its first message on
        self._home = Home(None, "", UTC)
        self._albums = Albums()
        self._kept = self._seen = self._skipped = 0
        self._notices: dict[str, None] = {}

    def take(self, found: desktop_stream.Found) -> Iterator[Item]:
        """What follows from one thing found."""
        if isinstance(found, Chat):
            yield from self._flush()
            self._enter(found)
        elif isinstance(found, Broken):
            yield from self._flush()
            yield self._broken(found)
        elif self._fields is not None:
            self._seen += 1
            yield from self._message(found)

    def end(self) -> Iterator[Item]:
        """The last posts and the notices."""
        yield from self._flush()
        if self._fields is None and not self._skipped:
            raise InputError(f"{self._options.name or 'the file'} is no Telegram Desktop export")
        if self._skipped:
            what = "chat that is" if self._skipped == 1 else "chats that are"
            self._tell(f"skipped {self._skipped} {what} no channel; --all-chats takes all")
        for message in self._notices:
            yield Notice(message)

    def _tell(self, message: str) -> None:
        self._notices[message] = None

    def _enter(self, chat: Chat) -> None:
        """Into a chat, or past it where it is not wanted."""
        fields = chat.fields
        if not fields.keys() & {"name", "id"} or "type" not in fields:
            fields = self._whole_head(chat)
        self._channel = None
        kind = fields.get("type")
        single = chat.number == 0 and kind is None
        wanted = self._options.all_chats or kind in _CHANNELS or single
        self._skipped += not wanted
        self._fields = fields if wanted else None

    def _whole_head(self, chat: Chat) -> Raw:
        """The head of a chat that has it after its messages: the file is read twice."""
        if self._start is None:
            return chat.fields
        if self._heads is None:
            here = self._file.tell()
            self._file.seek(self._start)
            chats = [found for found in _walk(self._file) if isinstance(found, Chat)]
            self._heads = [found.fields for found in chats]
            self._file.seek(here)
        return self._heads[chat.number] if chat.number < len(self._heads) else chat.fields

    def _message(self, raw: Raw | None) -> Iterator[Item]:
        if raw is None:
            yield BadRecord(f"message number {self._seen}", "not a JSON object")
            return
        if self._channel is None:
            self._channel = self._named(raw)
        assumed = is_local(raw) and self._options.timezone is None
        if assumed:
            self._tell(_LOCAL)
        try:
            post = to_post(raw, self._home)
            post = assumed_zone(post) if assumed else post
        except ValueError as error:
            yield BadRecord(self._where(raw), str(error), _beginning(raw))
            return
        # Our own export tells albums: none is guessed there.
        told = isinstance(raw.get(OURS), dict)
        for done in [*self._albums.flush(), post] if told else self._albums.push(post):
            self._kept += 1
            yield self._channel, done

    def _flush(self) -> Iterator[Item]:
        if self._channel is not None:
            for post in self._albums.flush():
                self._kept += 1
                yield self._channel, post

    def _named(self, first: Raw) -> Channel:
        """The channel of the chat we are in; its first message tells how old the export is."""
        fields = self._fields or {}
        channel = _told_exactly(first) or channel_of(fields, _is_old(first))
        if channel is None:
            title = self._options.channel or self._options.name.rsplit(".", 1)[0] or "export"
            channel = channel_named(title)
            self._tell(f"the export names no chat; its posts went to {title!r}")
        zone = self._options.timezone or UTC
        self._home = Home(channel.tg_id, channel.title, zone)
        return channel

    def _broken(self, broken: Broken) -> BadRecord:
        if self._seen == self._skipped == 0 and self._fields is None:
            name = self._options.name or "the file"
            raise InputError(f"{name} is no Telegram Desktop export ({broken.reason})")
        if broken.ended:
            reason = "the file ends in the middle"
        else:
            reason = f"no JSON from here on ({broken.reason})"
        kept = "1 post" if self._kept == 1 else f"{self._kept} posts"
        return BadRecord(f"byte {broken.position}", f"{reason}; {kept} before it were kept")

    def _where(self, raw: Raw) -> str:
        number = raw.get("id")
        if isinstance(number, int):
            return f"message {number} of {self._home.name or self._home.peer}"
        return f"message number {self._seen}"


def channel_of(fields: Raw, old: bool = False) -> Channel | None:
    """The channel a chat's head tells of; None where it has neither id nor name.

    With `old` (peers as numbers, before 2.8) the id may carry the mark of a chat.
    """
    bare, name, kind = fields.get("id"), fields.get("name"), fields.get("type")
    title = name if isinstance(name, str) else ""
    if not isinstance(bare, int) or isinstance(bare, bool) or bare <= 0:
        return Channel(title=title) if title else None
    if old and bare >= OLD_USER:
        bare &= 0xFFFFFFFF
    if kind in _PEOPLE:
        return Channel(title, tg_id=bare, kind="user")
    if kind == "private_group":
        return Channel(title, tg_id=marked(OriginKind.CHAT, bare), kind="group")
    shape = "group" if kind in _GROUPS else "channel"
    return Channel(title, tg_id=marked(OriginKind.CHANNEL, bare), kind=shape)


def _told_exactly(first: Raw) -> Channel | None:
    """The channel as an export of ours tells it with the first message of a chat."""
    ours = first.get(OURS)
    told = ours.get("chat") if isinstance(ours, dict) else None
    try:
        return to_channel(told) if isinstance(told, dict) else None
    except ValueError:
        return None


def _is_old(message: Raw) -> bool:
    return any(isinstance(message.get(key), int) for key in ("from_id", "actor_id"))


def _beginning(raw: Raw) -> str:
    return json.dumps(raw, ensure_ascii=False)[:200]
