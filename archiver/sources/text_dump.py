"""Text dumps: posts copied out of a Telegram client one after another, without dates or ids.

A post begins with a line "Forwarded from NAME" and goes on to the next such line. With
`separator` it is blank lines or a rule ("---") that part the posts, and the first line of a block
may be such a line. A body that itself holds a line "Forwarded from X" cannot be told from a
forward without a separator. Text before the first such line is a post without a forward.

Notices: a guessed encoding, text before the first header. BadRecord: a post that is not UTF-8 or
is larger than 4 MiB. InputError: an encoding that cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO

from archiver.errors import InputError
from archiver.model import BadRecord, Forward, Notice, OriginKind, Post, Source
from archiver.sources import Item, ReadOptions, encoding
from archiver.sources.keys import Occurrences, channel_key, channel_named

NAME = "text"
POST_LIMIT = 4 * 1024 * 1024
LF = b"\n"

# What official apps write above a forward (lng_forwarded and its kin), where text is copied.
HEADERS = (
    "Forwarded from ",
    "Переслано от ",
    "Переслано из ",
    "Переслано з ",
    "Переслано від ",
    "Weitergeleitet von ",
    "Weitergeleitet aus ",
    "Reenviado de ",
    "Transféré de ",
    "Transféré depuis ",
    "Inoltrato da ",
    "Encaminhado de ",
    "محول من ",
    "تم التحويل من ",
)
_HEADER_BYTES = tuple(header.encode() for header in HEADERS)
# Most lines are no header, and a look at their first bytes shows it fastest.
_SHORTEST = min(map(len, _HEADER_BYTES))
_STARTS = frozenset(header[:_SHORTEST] for header in _HEADER_BYTES)


@dataclass(slots=True)
class Block:
    """The raw lines of one post: where it and its text begin, the forward header."""

    line: int
    name: bytes | None = None
    lines: list[bytes] = field(default_factory=list)
    whole: bool = True
    text_line: int = 0


def sniff(head: bytes, filename: str) -> bool:
    """A text in which some line begins with a forward header."""
    text = encoding.text_of(head)
    if "\0" in text:
        return False
    return any(line.startswith(HEADERS) for line in text.split("\n"))


def read(file: IO[bytes], options: ReadOptions) -> Iterator[Item]:
    """The posts of a dump, in its order."""
    head, chunks = encoding.peeked(file)
    how = encoding.decoding_of(head, options.encoding)
    if how is None:
        name = options.name or "the file"
        raise InputError(f"{name} is not UTF-8; say what it is, such as --encoding cp1251")
    if how.guessed:
        yield Notice(f"read as {how.encoding}; say --encoding if the text looks wrong")
    utf8 = encoding.as_utf8(chunks, how, strict=True)
    blocks = _blocks(encoding.lines_of(utf8, POST_LIMIT), options.separator)
    yield from _items(blocks, options)


def _items(blocks: Iterable[Block], options: ReadOptions) -> Iterator[Item]:
    title = options.channel or options.name.rsplit(".", 1)[0] or options.name or "dump"
    channel = channel_named(title)
    key = channel_key(channel)
    count = 0
    with Occurrences() as seen:
        for block in blocks:
            count += 1
            found = _post(block, key, seen)
            yield found if isinstance(found, BadRecord) else (channel, found)
            if block.name is None and not options.separator:
                yield Notice(
                    f"the text from line {block.line} on has no line 'Forwarded from ...' above it"
                    " and was kept as one post; say --separator if it is several"
                )
    if count == 1 and options.separator:
        yield Notice(f"--separator {options.separator} parted nothing: the file is one post")


def _post(block: Block, channel: str, seen: Occurrences) -> Post | BadRecord:
    where = f"line {block.line}"
    raw = LF.join(block.lines)
    if not block.whole:
        return BadRecord(where, f"a post larger than {POST_LIMIT >> 20} MiB", _beginning(raw))
    if b"\r" in raw:
        raw = (raw + b"\n").replace(b"\r\n", b"\n")[:-1]
    try:
        text = raw.decode()
        name = block.name.decode() if block.name is not None else ""
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 in line {block.text_line + error.object.count(LF, 0, error.start)}"
        return BadRecord(where, reason, _beginning(raw))
    return Post(
        message_id=seen.id_of(channel, text, name),
        text=text,
        forward=_forward(name) if block.name is not None else None,
        source=Source.TEXT,
    )


def _forward(name: str) -> Forward:
    if name.startswith("@") and len(name) > 1 and " " not in name:
        return Forward(OriginKind.NAME, username=name[1:], name=name)
    return Forward(OriginKind.NAME, name=name)


def _beginning(raw: bytes) -> str:
    return raw[:800].decode("utf-8", "replace")[:200]


def _blocks(lines: Iterator[tuple[bytes, bool]], separator: str | None) -> Iterator[Block]:
    if separator is None:
        return _headed(lines)
    if not separator.strip():
        raise InputError("--separator takes 'blank' or the characters of a rule, such as ---")
    rule = b"" if separator == "blank" else separator.strip().encode()
    return _parted(lines, rule)


def _headed(lines: Iterator[tuple[bytes, bool]]) -> Iterator[Block]:
    """Blocks that begin with a header line; the first one may have none."""
    block, size = Block(1), 0
    for number, (line, whole) in enumerate(lines, 1):
        if line[:_SHORTEST] in _STARTS and (name := _name(line)):
            yield from _finished(block)
            block, size = Block(number, name), 0
            continue
        size += len(line) + 1
        if whole and size <= POST_LIMIT:  # as in _add; here a call a line is a third of the time
            block.lines.append(line)
        else:
            _overflow(block, line)
    yield from _finished(block)


def _parted(lines: Iterator[tuple[bytes, bool]], rule: bytes) -> Iterator[Block]:
    """Blocks between lines that are a `rule`, or between blank lines where it is empty."""
    block, size = Block(1), 0
    for number, (line, whole) in enumerate(lines, 1):
        bare = line.strip()
        fresh = not block.lines and block.name is None
        if _is_rule(bare, rule) if rule else not bare:
            yield from _finished(block)
            block, size = Block(number + 1), 0
        elif fresh and not bare:
            block = Block(number + 1)
        elif fresh and (name := _name(line)):
            block = Block(number, name)
        else:
            size = _add(block, line, whole, size)
    yield from _finished(block)


def _is_rule(bare: bytes, rule: bytes) -> bool:
    """Whether a line is the rule, repeated or, of one character, as long or longer."""
    if len(set(rule)) == 1:
        return len(bare) >= len(rule) and not bare.strip(rule[:1])
    return bool(bare) and not bare.replace(rule, b"")


def _add(block: Block, line: bytes, whole: bool, size: int) -> int:
    """Takes a line while the post is not too large to be one; the new size."""
    size += len(line) + 1
    if whole and size <= POST_LIMIT:
        block.lines.append(line)
    else:
        _overflow(block, line)
    return size


def _overflow(block: Block, line: bytes) -> None:
    """Marks a block as too large and keeps only its first line, for the report."""
    block.whole = False
    block.lines[1:] = []
    if not block.lines:
        block.lines.append(line)


def _name(line: bytes) -> bytes | None:
    """The name in a header line, or None where a line is none."""
    for header in _HEADER_BYTES:
        if line.startswith(header):
            return line[len(header) :].strip() or None
    return None


def _finished(block: Block) -> Iterator[Block]:
    """The block without outer blank lines, unless nothing is left of it."""
    lines = block.lines
    while lines and not lines[-1].strip():
        lines.pop()
    start = next((i for i, line in enumerate(lines) if line.strip()), 0)
    del lines[:start]
    block.text_line = block.line + (block.name is not None) + start
    if block.name is None:
        block.line = block.text_line
    if lines or block.name is not None:
        yield block
