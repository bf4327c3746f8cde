"""Dumps of Telethon messages: a JSON list, an object with `messages`, or one message a line.

What `message.to_dict()` and `to_json()` give, of old and new layers. Only posts of channels are
read unless `all_chats`. A dump has the ids of channels and no names.

InputError: no such dump. BadRecord: a message that cannot be read, or the break of the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import IO, Any

from archiver.checks import checked
from archiver.errors import InputError
from archiver.model import BadRecord, Channel, Notice, OriginKind
from archiver.sources import Item, ReadOptions, desktop_stream, encoding, jsonl
from archiver.sources.desktop_stream import Broken, Chat, Walker
from archiver.sources.keys import channel_said, marked

NAME = "telethon"
# No set: what stands there may be a list, which has no hash.
_MESSAGES = ("Message", "MessageService", "MessageEmpty")
_OPENED, _CLOSED = b'{"messages":', b"}"

Raw = dict[str, Any]


def sniff(head: bytes, filename: str) -> bool:
    """The first objects are messages with `_`, as Telethon names its objects."""
    text = encoding.text_of(head).lstrip()
    if not text.startswith(("[", "{")) or '"_"' not in text:
        return False
    first = next(_lines_of_text(text), None)
    if first is not None:
        return _is_message(first)
    walker = Walker()
    for batch in desktop_stream.events(_framed([text.encode()], text[0] == "[", close=False)):
        if isinstance(batch, str):
            break
        for found in walker.feed(batch):
            if isinstance(found, dict):
                return _is_message(found)
    return _is_message(walker.open_message)


def _is_message(raw: Raw) -> bool:
    """Pyrogram calls its messages so, too: they have a chat."""
    return raw.get("_") in _MESSAGES and not isinstance(raw.get("chat"), dict)


def _lines_of_text(text: str) -> Iterator[Raw]:
    """The first line, where it is a whole object."""
    line = text.split("\n", 1)[0]
    if line.startswith("{"):
        try:
            found = jsonl.record_of(line.encode("utf-8", "replace"))
        except ValueError:
            return
        if "messages" not in found:
            yield found


def _framed(chunks: Iterable[bytes], is_list: bool, *, close: bool = True) -> Iterator[bytes]:
    """A list as an object that has it, so that one walker reads both."""
    if is_list:
        yield _OPENED
    yield from chunks
    if is_list and close:
        yield _CLOSED


def read(file: IO[bytes], options: ReadOptions) -> Iterator[Item]:
    """The posts of a dump."""
    head, chunks = encoding.peeked(file)
    how = encoding.mark_of(head) or encoding.Decoding(encoding.UTF8)
    text = encoding.text_of(head).lstrip()
    utf8 = encoding.as_utf8(chunks, how)
    if next(_lines_of_text(text), None) is not None:
        found = _from_lines(utf8)
    else:
        mended = _framed(utf8, text.startswith("["))
        found = _from_json(mended)
    return _Run(options).items(found)


def _from_json(chunks: Iterable[bytes]) -> Iterator[Raw | BadRecord]:
    number = 0
    for found in desktop_stream.walk(chunks):
        if isinstance(found, Broken):
            reason = "the file ends in the middle" if found.ended else f"no JSON ({found.reason})"
            yield BadRecord(f"byte {found.position}", f"{reason}; {number} messages before it")
        elif isinstance(found, Chat):
            continue
        elif found is None:
            number += 1
            yield BadRecord(f"message number {number}", "not a JSON object")
        else:
            number += 1
            yield found


def _from_lines(chunks: Iterable[bytes]) -> Iterator[Raw | BadRecord]:
    for found in jsonl.objects(chunks):
        yield found if isinstance(found, BadRecord) else found[1]


class _Run:
    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._channels: dict[int | None, Channel] = {}
        self._skipped = self._seen = 0

    def items(self, found: Iterable[Raw | BadRecord]) -> Iterator[Item]:
        for each in found:
            if isinstance(each, BadRecord):
                yield each
            else:
                self._seen += 1
                yield from self._message(each)
        if not self._seen:
            raise InputError(f"{self._options.name or 'the file'} holds no Telethon messages")
        if self._skipped:
            yield Notice(
                f"skipped {self._skipped} messages of groups and people; --all-chats takes all"
            )

    def _message(self, raw: Raw) -> Iterator[Item]:
        from archiver.sources.telegram import dumped  # Telethon takes 0.6 s to import

        try:
            post = dumped.to_post(raw)
            post = None if post is None else checked(post)
            peer = dumped.channel_of(raw)
        except ValueError as error:
            yield BadRecord(self._where(raw), str(error), _text(raw))
            return
        if post is None:
            return
        if (peer is None or raw.get("post") is False) and not self._options.all_chats:
            self._skipped += 1
            return
        if post.message_id <= 0 or post.message_id >= 1 << 53:
            yield BadRecord(self._where(raw), "the id is out of range", _text(raw))
            return
        yield self._channel(peer if peer is not None else _other_peer(raw)), post

    def _channel(self, peer: int | None) -> Channel:
        found = self._channels.get(peer)
        if found is None:
            if len(self._channels) > 10_000:
                self._channels.clear()
            if peer is None:
                name = self._options.channel or self._options.name.rsplit(".", 1)[0] or "dump"
                found = channel_said(name)
            else:
                found = Channel(tg_id=peer)
            self._channels[peer] = found
        return found

    def _where(self, raw: Raw) -> str:
        number = raw.get("id")
        return f"message {number}" if isinstance(number, int) else f"message number {self._seen}"


def _other_peer(raw: Raw) -> int | None:
    from archiver.sources.telegram.dumped import is_bare

    peer = raw.get("peer_id", raw.get("to_id"))
    for key, kind in (("chat_id", OriginKind.CHAT), ("user_id", OriginKind.USER)):
        if isinstance(peer, dict) and is_bare(peer.get(key)):
            return marked(kind, peer[key])
    return None


def _text(raw: Raw) -> str:
    try:
        return json.dumps(raw, ensure_ascii=False)[:200]
    except (ValueError, RecursionError):
        return ""
