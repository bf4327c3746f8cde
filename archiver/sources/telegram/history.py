"""Requests whose answers keep the bytes of each message, and survive one that cannot be read.

Telethon lets a request read its own answer. Its usual reader gives objects only, and one unknown
constructor (a server ahead of our layer) costs a page of a hundred messages. These read message by
message: each with its exact bytes, up to the one that cannot be read, if there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from telethon.extensions import BinaryReader
from telethon.tl import functions, types

from archiver.sources.telegram.convert import UNREADABLE

_VECTOR = 0x1CB5C415
# Of a message that cannot be read nobody knows the end; this is far beyond the longest.
_MOST_BYTES = 256 << 10
_CONSTRUCTOR = 4


class Kept(NamedTuple):
    """A message with its bytes as received."""

    raw: bytes
    message: Any


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that cannot be read, and what its beginning tells all the same.

    `position` is its place among the messages of the answer; `raw` begins with it and goes on
    into what followed it.
    """

    position: int
    raw: bytes
    message_id: int | None = None
    date: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Garbled:
    """An answer that cannot be read at all."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class HistoryAnswer:
    """messages.channelMessages, as far as it can be read.

    `chats` and `users` are empty behind an unreadable message, since its end is unknown.
    """

    pts: int
    count: int
    messages: tuple[Kept, ...]
    chats: tuple[Any, ...] = ()
    users: tuple[Any, ...] = ()
    unreadable: Unreadable | None = None


@dataclass(frozen=True, slots=True)
class DifferenceAnswer:
    """updates.channelDifference: new messages, and the updates beside them.

    An update's bytes hold its message; `message_of` takes them out.
    """

    pts: int
    final: bool
    messages: tuple[Kept, ...]
    updates: tuple[Kept, ...]
    chats: tuple[Any, ...] = ()
    users: tuple[Any, ...] = ()


class HistoryRequest(functions.InvokeWithoutUpdatesRequest):  # type: ignore[misc]
    """A request for messages of a channel (history, or by id) that keeps their bytes.

    Its `query` may be wrapped further, by a takeout for instance.
    """

    @staticmethod
    def read_result(reader: BinaryReader) -> Any:
        """A `HistoryAnswer`, or `Garbled`; any other answer as Telethon reads it."""
        return _read(reader, types.messages.ChannelMessages, _history)


class DifferenceRequest(functions.InvokeWithoutUpdatesRequest):  # type: ignore[misc]
    """updates.getChannelDifference that keeps the bytes of its messages."""

    @staticmethod
    def read_result(reader: BinaryReader) -> Any:
        """A `DifferenceAnswer`, or `Garbled`; any other answer as Telethon reads it."""
        return _read(reader, types.updates.ChannelDifference, _difference)


def message_of(update: Kept) -> Kept:
    """The message inside an UpdateNew/EditChannelMessage: constructor, message, pts, pts_count."""
    return Kept(update.raw[_CONSTRUCTOR:-8], update.message.message)


def _read(reader: BinaryReader, usual: Any, read: Callable[[BinaryReader], Any]) -> Any:
    """Never an error: Telethon's sender would give it to us as one of the connection."""
    start = reader.tell_position()
    try:
        return read(reader) if _next(reader) == usual.CONSTRUCTOR_ID else reader.tgread_object()
    except UNREADABLE:
        return Garbled(bytes(reader.stream[start : start + _MOST_BYTES]))


def _next(reader: BinaryReader) -> int:
    """The constructor that comes next; the reader stays before it."""
    constructor: int = reader.read_int(signed=False)
    reader.seek(-_CONSTRUCTOR)
    return constructor


def _history(reader: BinaryReader) -> HistoryAnswer:
    reader.seek(_CONSTRUCTOR)
    flags = reader.read_int()
    pts, count = reader.read_int(), reader.read_int()
    if flags & 4:
        reader.read_int()  # offset_id_offset
    messages: list[Kept] = []
    start = reader.tell_position()
    try:
        for kept in _vector(reader):
            messages.append(kept)
            start = reader.tell_position()
    except UNREADABLE:
        if not messages:
            start += 2 * _CONSTRUCTOR  # the vector's constructor and length
        unreadable = _unreadable(reader, start, len(messages))
        return HistoryAnswer(pts, count, tuple(messages), unreadable=unreadable)
    chats, users = _names(reader, topics=True)
    return HistoryAnswer(pts, count, tuple(messages), chats, users)


def _difference(reader: BinaryReader) -> DifferenceAnswer:
    reader.seek(_CONSTRUCTOR)
    flags, pts = reader.read_int(), reader.read_int()
    if flags & 2:
        reader.read_int()  # timeout
    messages, updates = tuple(_vector(reader)), tuple(_vector(reader))
    chats, users = _names(reader, topics=False)
    return DifferenceAnswer(pts, bool(flags & 1), messages, updates, chats, users)


def _vector(reader: BinaryReader) -> Iterator[Kept]:
    """The objects of a vector, each with its bytes."""
    if reader.read_int(signed=False) != _VECTOR:
        raise ValueError("no vector where one should be")
    for _ in range(reader.read_int()):
        start = reader.tell_position()
        found = reader.tgread_object()
        yield Kept(bytes(reader.stream[start : reader.tell_position()]), found)


def _names(reader: BinaryReader, *, topics: bool) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Chats and users behind the messages; without names where one of them cannot be read."""
    try:
        if topics:
            reader.tgread_vector()
        return tuple(reader.tgread_vector()), tuple(reader.tgread_vector())
    except UNREADABLE:
        return (), ()


def _unreadable(reader: BinaryReader, start: int, position: int) -> Unreadable:
    raw = bytes(reader.stream[start : start + _MOST_BYTES])
    number, date, text = _Salvage(raw).read_head()
    return Unreadable(position, raw, number, date, text)


class _Salvage(BinaryReader):  # type: ignore[misc]
    """Reads a broken message once more, noting its own id, date and text on the way.

    What a message's own reader asks for at its own depth is, in this order: flags, the id, in
    between perhaps a rank, the date, the text. Deeper calls are of its forward header and the like.
    """

    # Integers that come before the id: one or two words of flags.
    _FLAGS: dict[int, int] = {  # noqa: RUF012 - never changed
        types.Message.CONSTRUCTOR_ID: 2,
        types.MessageService.CONSTRUCTOR_ID: 1,
    }

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._depth = 0
        self._integers: list[int] = []
        self._date: int | None = None
        self._text: str | None = None

    def read_head(self) -> tuple[int | None, int | None, str]:
        """Id, date and text, as far as they can be read."""
        before_id = self._FLAGS.get(_next(self)) if len(self.stream) >= _CONSTRUCTOR else None
        if before_id is None:
            return None, None, ""
        with suppress(*UNREADABLE):
            self.tgread_object()
        numbers = self._integers[before_id:]
        return (numbers[0] if numbers else None), self._date, self._text or ""

    def tgread_object(self) -> Any:
        self._depth += 1
        try:
            return super().tgread_object()
        finally:
            self._depth -= 1

    def read_int(self, signed: bool = True) -> int:
        value: int = super().read_int(signed)
        if signed:  # the others are constructors
            self._integers.append(value)
        return value

    def tgread_date(self) -> Any:
        value = super().tgread_date()
        if self._depth == 1 and self._date is None:
            self._date = int(value.timestamp()) or None
        return value

    def tgread_string(self) -> str:
        value: str = super().tgread_string()
        if self._depth == 1 and self._text is None and self._date is not None:
            self._text = value
        return value
