"""Telegram Desktop's result.json as a stream of messages, in constant memory.

`mended` repairs what Desktop writes that is not JSON, `walk` turns the bytes into the chats and
their raw messages. ijson does the parsing, push by push, so that a file which breaks off still
gives all that stands before the break.

Format: Telegram Desktop, Telegram/SourceFiles/export/output/export_output_json.cpp.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite
from typing import Any

import ijson
from ijson.common import JSONError

MAX_DEPTH = 64
# Levels that are counted and passed over; brackets without end take 150 ns each, 15 s in 100 MB.
_DEEPEST = 10_000
# A message is a few kB; what goes on for longer than this is no message.
MESSAGE_LIMIT = 64 * 1024 * 1024
# One endless string or number: the parser keeps it whole, and reads it anew with every chunk.
TOKEN_LIMIT = 16 * 1024 * 1024
_HOLD = 4096
_HOLD_AT_MOST = 1024 * 1024

# What may stand after a backslash: another one, \xHH (control characters, not JSON: SerializeString
# in lines 46-54), and \u surrogates, of which only a pair is a character.
_ESCAPE = re.compile(
    rb"\\(?:\\|x([0-9A-Fa-f]{2})"
    rb"|u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}"
    rb"|u[dD][89a-fA-F][0-9A-Fa-f]{2})"
)
_SUSPECT = re.compile(rb"\\(?:x|u[dD])")
_ESCAPE_BYTES = rb"\ux0123456789abcdefABCDEF"
_LONGEST_ESCAPE = 12
# Desktop 4.1 (August 2022) left out the quotes: "document_id": stickers/sticker (2).webm
_BARE_ID = re.compile(rb'("document_id": ?)([^\s"0-9\-\[{][^"\r\n]*?)(?=,?\r?\n)')


@dataclass(frozen=True, slots=True)
class Chat:
    """The head of a chat; `number` counts the chats of the file from 0."""

    number: int
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Broken:
    """The bytes are not JSON from about `position` on, or end in the middle of it."""

    position: int
    reason: str
    ended: bool


Event = tuple[str, Any]

ACCOUNT_KEYS = frozenset(
    (
        "about",
        "personal_information",
        "profile_pictures",
        "stories",
        "contacts",
        "frequent_contacts",
        "sessions",
        "web_sessions",
        "chats",
        "left_chats",
        "other_data",
    )
)
TOO_DEEP = "too deep"
_CHAT_KEYS = ("name", "type", "id")
_OPENING = ("start_map", "start_array")
_CLOSING = ("end_map", "end_array")
# (where we are, what opens, under which key; "" for any) -> where we are then
_WAYS = {
    ("", "start_map", ""): "root",
    ("root", "start_array", "messages"): "messages",
    ("root", "start_map", "chats"): "chats",
    ("root", "start_map", "left_chats"): "chats",
    ("chats", "start_array", "list"): "list",
    ("list", "start_map", ""): "chat",
    ("chat", "start_array", "messages"): "messages",
}
Found = Chat | dict[str, Any] | Broken | None


def mended(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks with Desktop's faults repaired, wherever the chunks happen to be cut."""
    held = b""
    for chunk in chunks:
        data = held + chunk
        cut = _cut(data)
        held = data[cut:]
        if cut:
            yield _mend(data[:cut])
    if held:
        yield _mend(held)


def _cut(data: bytes) -> int:
    """Up to where nothing that may need a repair is left unfinished.

    A line end near the end of the data is best, since the unquoted ids are seen by the line; else
    any byte that is in no escape. A megabyte of nothing but escapes is not waited for.
    """
    newline = data.rfind(b"\n") + 1
    if newline and len(data) - newline <= _HOLD:
        return newline
    if not newline and len(data) <= _HOLD:
        return 0
    safe = len(data.rstrip(_ESCAPE_BYTES))
    if len(data) - safe > _HOLD_AT_MOST or b"\\" not in data[max(safe, 0) :]:
        return len(data)
    return safe


def _mend(data: bytes) -> bytes:
    if _SUSPECT.search(data):  # one look instead of three: 3 us of a post's 30
        data = _ESCAPE.sub(_valid_escape, data)
    if b'"document_id": ' in data:
        data = _BARE_ID.sub(rb'\1"\2"', data)
    return data


def _valid_escape(match: re.Match[bytes]) -> bytes:
    found = match[0]
    if match[1] is not None:
        return rb"\u00" + match[1]
    return rb"\ufffd" if len(found) == 6 else found


def events(chunks: Iterable[bytes]) -> Iterator[list[Event] | str]:
    """Batches of parser events; at the end what is wrong, where the JSON is not whole.

    Numbers come exact: with `use_float` one integer beyond 64 bits would end the whole file.
    """
    batch: list[Event] = ijson.sendable_list()
    parser = ijson.basic_parse_coro(batch, use_float=False)
    fault = None
    try:
        for chunk in chunks:
            parser.send(chunk)
            yield batch
            batch.clear()
        parser.close()
    except (JSONError, ValueError, ArithmeticError) as error:  # 1e99999999999999999999
        fault = _first_line(error)
    yield batch
    if fault is not None:
        yield fault


def _first_line(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(error)
    return text.split("\n", 1)[0].strip()


class Walker:
    """Finds chats and messages among the events; keeps only where it is and the open message.

    `root_keys` are the sections of a whole account met so far.
    """

    def __init__(self) -> None:
        self.root_keys: set[str] = set()
        self._path: list[str] = []
        self._chat: dict[str, Any] = {}
        self._chats = 0
        self._key = ""
        self._message: list[Any] = []  # the open objects and lists of the message being built
        self._skip = 0  # how many levels deep we are in something of no interest

    @property
    def inside(self) -> bool:
        """Whether a message has begun and not ended."""
        return bool(self._message)

    @property
    def is_lost(self) -> bool:
        """Whether this is so deep in something of no interest that nothing will follow it."""
        return self._skip > _DEEPEST

    @property
    def open_message(self) -> dict[str, Any]:
        """As much as is known of the message that has begun and not ended."""
        return self._message[0] if self._message else {}

    def feed(self, batch: Iterable[Event]) -> Iterator[Chat | dict[str, Any] | None]:
        """Each chat at its first message, the messages; None for a message that is no object."""
        message = self._message
        for kind, value in batch:
            if self._skip:
                self._skip += (kind in _OPENING) - (kind in _CLOSING)
            elif kind == "map_key":
                self._key = value
            elif message:
                if kind == "string" and type(message[-1]) is dict:
                    message[-1][self._key] = value  # two of three events: not worth a call
                elif self._build(kind, value):
                    yield message.pop()
            elif kind in _OPENING:
                yield from self._enter(kind)
            elif kind in _CLOSING:
                self._path.pop()
            elif self._path and self._path[-1] == "messages":
                yield None
            elif self._path and self._path[-1] in ("root", "chat"):
                self._note(value)

    def _note(self, value: Any) -> None:
        """A plain value in the head of a chat, or of the account."""
        if self._key in _CHAT_KEYS:
            self._chat[self._key] = value
        elif self._key in ACCOUNT_KEYS and self._path == ["root"]:
            self.root_keys.add(self._key)

    def _enter(self, kind: str) -> Iterator[Chat | None]:
        """Goes into what leads to messages, and past everything else."""
        place = self._path[-1] if self._path else ""
        if place == "root" and self._key in ACCOUNT_KEYS:
            self.root_keys.add(self._key)
        if place == "messages" and kind == "start_map":
            self._message.append({})
            return
        into = _WAYS.get((place, kind, self._key)) or _WAYS.get((place, kind, ""))
        if into is None:
            self._skip = 1
            if place == "messages":
                yield None
            return
        self._path.append(into)
        if into == "chat":
            self._chat = {}
        elif into == "messages":
            yield Chat(self._chats, self._chat)
            self._chats += 1

    def _build(self, kind: str, value: Any) -> bool:
        """Adds one event to the open message; True when it is whole."""
        top = self._message[-1]
        if kind in _CLOSING:
            if len(self._message) == 1:
                return True
            self._message.pop()
            return False
        opened = kind in _OPENING
        if opened:
            value = {} if kind == "start_map" else []
        elif kind == "number":
            value = storable(value)
        if type(top) is dict:
            top[self._key] = value
        else:
            top.append(value)
        if opened:
            self._go_down(value)
        return False

    def _go_down(self, value: Any) -> None:
        """Into a new object or list; past it when it lies too deep, with its place marked."""
        if len(self._message) < MAX_DEPTH:
            self._message.append(value)
        else:
            self._message[0][TOO_DEEP] = True
            self._skip = 1


def storable(number: int | Decimal) -> int | float | str:
    """A JSON number as our columns and JSON can hold it; a monster stays as its digits."""
    if isinstance(number, int):
        return number if -(1 << 63) <= number < 1 << 63 else str(number)
    return float(number) if isfinite(float(number)) else str(number)


def walk(chunks: Iterable[bytes], walker: Walker | None = None) -> Iterator[Found]:
    """All of a file: each `Chat` before its messages, and `Broken` where the rest is lost."""
    walker = walker or Walker()
    counted = _Counted(chunks)
    last = spoke = 0
    for batch in events(mended(counted)):
        if isinstance(batch, str):
            yield Broken(counted.bytes, batch, counted.ended)
            return
        for found in walker.feed(batch):
            last = counted.bytes
            yield found
        if walker.is_lost:
            yield Broken(counted.bytes, f"brackets in brackets, over {_DEEPEST:,} deep", False)
            return
        if not walker.inside:
            last = counted.bytes
        elif counted.bytes - last > MESSAGE_LIMIT:
            yield Broken(counted.bytes, f"a message over {MESSAGE_LIMIT >> 20} MiB", False)
            return
        if batch:
            spoke = counted.bytes
        elif counted.bytes - spoke > TOKEN_LIMIT:
            yield Broken(counted.bytes, f"a value over {TOKEN_LIMIT >> 20} MiB", False)
            return


class _Counted:
    """Chunks that know how many bytes of them were taken, and whether that was all."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.bytes = 0
        self.ended = False
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.bytes += len(chunk)
            yield chunk
        self.ended = True
