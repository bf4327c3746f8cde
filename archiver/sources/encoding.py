"""Bytes of unknown encoding to UTF-8, streaming: byte order marks, guesses, lines of bounded size.

A byte order mark decides; then the user's word (`--encoding`); then UTF-8 if the head is UTF-8;
then a guess between the two Cyrillic encodings still met in dumps. All readers work on UTF-8.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, NamedTuple

from archiver.errors import InputError

HEAD = 64 * 1024
CHUNK = 256 * 1024
UTF8 = "utf-8"

# UTF-32 first: its little-endian mark begins with the one of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, UTF8),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CYRILLIC = ("cp1251", "koi8-u")
# The commonest letters of Russian and Ukrainian: 55 to 65 % of running text in either.
_COMMON = frozenset("оеаинтсрвлі")
_WORD = re.compile(r"[а-яёіїєґ]{3,}")


class Decoding(NamedTuple):
    """How to read a file: `skip` bytes of mark, then `encoding`; `guessed` where nobody said."""

    encoding: str
    skip: int = 0
    guessed: bool = False


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a file; a medium that fails is an InputError."""
    try:
        while chunk := file.read(CHUNK):
            yield chunk
    except OSError as error:
        raise InputError(f"reading stopped: {error.strerror or error}") from error


def peeked(file: IO[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first 64 KiB (less only at the end of the file) and an iterator over all the bytes."""
    rest = pieces(file)
    head = b""
    for piece in rest:
        head += piece
        if len(head) >= HEAD:
            break
    return head[:HEAD], chain([head], rest)


def mark_of(head: bytes) -> Decoding | None:
    """What a byte order mark at the beginning says."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return Decoding(encoding, len(mark))
    return None


def decoding_of(head: bytes, wanted: str | None = None) -> Decoding | None:
    """How to read a file that begins with `head`; None where that cannot be told."""
    mark = mark_of(head)
    if mark is not None:
        return mark
    if wanted is not None:
        return Decoding(_known(wanted))
    if is_utf8(head):
        return Decoding(UTF8)
    guess = _guess(head)
    return Decoding(guess, guessed=True) if guess else None


def text_of(head: bytes) -> str:
    """The head as text, for a look at it only: what cannot be decoded is replaced."""
    how = decoding_of(head) or Decoding(UTF8)
    return head[how.skip :].decode(how.encoding, "replace")


def is_utf8(head: bytes) -> bool:
    """Whether a head is UTF-8, but for a cut last character and a few damaged places.

    In text of a one-byte encoding next to nothing above ASCII happens to be UTF-8, so one good
    character for each bad one is already proof.
    """
    decoder = codecs.getincrementaldecoder(UTF8)("replace")
    text = decoder.decode(head)
    bad = text.count("\ufffd") - head.count("\ufffd".encode())
    good = sum(1 for char in text if char > "\x7f") - bad
    return bad <= 0 or good > bad


def as_utf8(chunks: Iterable[bytes], how: Decoding, *, strict: bool = False) -> Iterator[bytes]:
    """The chunks as UTF-8 without mark; bad bytes become U+FFFD.

    With `strict` a UTF-8 file passes as it is, bad bytes and all: the caller looks at them.
    """
    if how.encoding == UTF8 and not strict:
        yield from _whole_utf8(_without(chunks, how.skip))
        return
    decoder = codecs.getincrementaldecoder(how.encoding)("replace")
    raw = strict and how.encoding == UTF8
    for chunk in _without(chunks, how.skip):
        out = chunk if raw else decoder.decode(chunk).encode(UTF8, "replace")
        if out:
            yield out
    if not raw and (out := decoder.decode(b"", True).encode(UTF8, "replace")):
        yield out


def _without(chunks: Iterable[bytes], skip: int) -> Iterator[bytes]:
    """The chunks without their first bytes."""
    for chunk in chunks:
        yield chunk[skip:] if skip else chunk
        skip = max(0, skip - len(chunk))


def _whole_utf8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Good chunks are passed on, not made anew; each ends with a whole character."""
    held = b""
    for chunk in chunks:
        data = held + chunk if held else chunk
        try:
            _, end = codecs.utf_8_decode(data, "strict", False)
            out = data[:end] if end < len(data) else data
        except UnicodeDecodeError:
            text, end = codecs.utf_8_decode(data, "replace", False)
            out = text.encode(UTF8)
        held = data[end:]
        if out:
            yield out
    if held:
        yield held.decode(UTF8, "replace").encode(UTF8)


def lines_of(chunks: Iterable[bytes], limit: int) -> Iterator[tuple[bytes, bool]]:
    """The lines without their ends, each with whether it is whole.

    A line over `limit` bytes comes once, cut to 1 KiB and marked as not whole: a file of 5 GB
    without a line end must not become a string of 5 GB.
    """
    rest, skipping = b"", False
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        rest = b"" if skipping else rest + first
        if not skipping and len(rest) > limit:
            yield rest[:1024], False
            rest, skipping = b"", True
        for line in others:
            if not skipping:
                yield rest, True
            rest, skipping = line, False
    if rest and not skipping:
        yield rest, True


def _known(name: str) -> str:
    """The name of an encoding Python can read; UTF-8 under any of its names is "utf-8"."""
    try:
        b"a".decode(name)  # refuses the codecs that are no text encodings, such as hex
        codecs.getincrementaldecoder(name)("replace").decode(b"a\n")
        found = codecs.lookup(name).name
    except (LookupError, UnicodeError, TypeError, ValueError) as error:
        raise InputError(f"unknown encoding {name!r}; say for example --encoding cp1251") from error
    return UTF8 if found in ("utf-8", "utf-8-sig") else found


def _guess(head: bytes) -> str | None:
    """The Cyrillic encoding in which a head reads like Russian or Ukrainian, if just one does.

    cp1251 read as koi8-u swaps the cases and shuffles the letters, so the right one stands out:
    at least 60 % of what is not ASCII lies in words of three small letters or more, of which at
    least half are among the commonest.
    """
    fitting = [name for name in _CYRILLIC if _reads(head.decode(name, "replace"))]
    return fitting[0] if len(fitting) == 1 else None


def _reads(text: str) -> bool:
    foreign = sum(1 for char in text if char > "\x7f")
    letters = "".join(_WORD.findall(text))
    common = sum(1 for char in letters if char in _COMMON)
    return foreign >= 8 and len(letters) >= 0.6 * foreign and common >= 0.5 * len(letters)
