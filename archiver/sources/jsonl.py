"""Our own JSONL: one post a line, the format `archiver export` writes and other tools can.

The record is described in docs/formats.md and lives in `record.py`. A line that cannot be taken
is a BadRecord with its number and never stops the file: no JSON, no channel, a wrong type, a date
without an offset, more than 16 MiB, nested deeper than 100. Lone surrogates become U+FFFD and NaN
becomes null, since neither can be stored. A post without `id` gets a synthetic one. A line of
kind "verdict" is what a person said about posts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import IO, Any

import orjson

from archiver.model import BadRecord, Channel, Post, Verdict
from archiver.sources import Item, ReadOptions, encoding
from archiver.sources.keys import Occurrences, channel_key
from archiver.sources.record import (
    EXACT,
    VERDICT,
    Record,
    from_post,
    post_of,
    to_channel,
    to_post,
    to_verdict,
)

__all__ = ["NAME", "from_post", "read", "sniff", "to_post"]

NAME = "jsonl"
LINE_LIMIT = 16 * 1024 * 1024
MAX_DEPTH = 100
# The keys whose values are kept as they are, whatever lies in them.
_KEPT = frozenset(("details", "media", "reactions", "entities", "versions"))
# The channels of a file are few; a file in which each line has another one must not fill memory.
_CACHED = 10_000


def sniff(head: bytes, filename: str) -> bool:
    """The first line is an object with `channel` and one of `text` and `id`.

    A first line too long for the head is judged by its beginning; a damaged one by the next.
    """
    lines = encoding.text_of(head).lstrip().split("\n")
    if len(lines) == 1 and len(head) >= encoding.HEAD:
        return lines[0].startswith("{") and '"channel":' in lines[0].replace(" ", "")
    whole = lines[:-1] if len(head) >= encoding.HEAD else lines
    return any(_is_ours(line) for line in whole[:10])


def _is_ours(line: str) -> bool:
    try:
        found = orjson.loads(line)
    except ValueError:
        return False
    if not isinstance(found, dict):
        return False
    if found.get("kind") == VERDICT:
        return "posts" in found
    return "channel" in found and ("text" in found or "id" in found)


def read(file: IO[bytes], options: ReadOptions) -> Iterator[Item]:
    """The posts of a file, line by line."""
    head, chunks = encoding.peeked(file)
    how = encoding.mark_of(head) or encoding.Decoding(encoding.UTF8)
    lines = encoding.lines_of(encoding.as_utf8(chunks, how, strict=True), LINE_LIMIT)
    channels: dict[object, Channel] = {}
    with Occurrences() as seen:
        for number, (line, whole) in enumerate(lines, 1):
            if not whole:
                reason = f"longer than {LINE_LIMIT >> 20} MiB"
                yield BadRecord(f"line {number}", reason, _beginning(line))
            elif line and not line.isspace():
                try:
                    yield _parsed(line, channels, seen)
                except ValueError as error:
                    yield BadRecord(f"line {number}", str(error), _beginning(line))


def objects(chunks: Iterable[bytes]) -> Iterator[tuple[str, Record] | BadRecord]:
    """The objects of lines that other programs wrote, each with where it stands."""
    for number, (line, whole) in enumerate(encoding.lines_of(chunks, LINE_LIMIT), 1):
        where = f"line {number}"
        if not whole:
            yield BadRecord(where, f"longer than {LINE_LIMIT >> 20} MiB", _beginning(line))
        elif line and not line.isspace():
            try:
                yield where, record_of(line)
            except ValueError as error:
                yield BadRecord(where, str(error), _beginning(line))


def _parsed(
    line: bytes, channels: dict[object, Channel], seen: Occurrences
) -> tuple[Channel, Post] | Verdict:
    record = record_of(line)
    if record.get("kind") == VERDICT:
        return to_verdict(record)
    channel = _channel(record, channels)
    post = post_of(record)
    if record.get("id") is None:
        name = (post.forward.name if post.forward else None) or ""
        post = replace(post, message_id=seen.id_of(channel_key(channel), post.text, name))
    return channel, post


def _channel(record: Record, channels: dict[object, Channel]) -> Channel:
    """One object a channel: the same raw values give the same Channel."""
    named = record.get("channel")
    key: tuple[object, ...] = (type(named), named)
    if not EXACT.isdisjoint(record):
        key += tuple(record.get(name, ...) for name in EXACT)
    try:
        found = channels.get(key)
    except TypeError:  # a list or an object: no channel, and to_channel says so
        return to_channel(record)
    if found is None:
        if len(channels) >= _CACHED:
            channels.clear()
        found = channels[key] = to_channel(record)
    return found


def record_of(line: bytes) -> Record:
    """The object a line is; ValueError, in a short sentence, where it is none."""
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        found = _mended(line, error)
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    if not _KEPT.isdisjoint(found) and _too_deep(found, line):
        raise ValueError(f"nested deeper than {MAX_DEPTH}")
    return found


def _mended(line: bytes, error: ValueError) -> Any:
    """What orjson refuses and Python's json takes: lone surrogates, NaN, huge numbers."""
    try:
        text = line.decode("utf-8-sig")
        found = json.loads(text, parse_constant=lambda _: None)
        whole = json.dumps(found, ensure_ascii=False).encode("utf-16", "surrogatepass")
        return orjson.loads(whole.decode("utf-16", "replace"))
    except UnicodeDecodeError as fault:
        raise ValueError("not UTF-8") from fault
    except RecursionError as fault:
        raise ValueError(f"nested deeper than {MAX_DEPTH}") from fault
    except ValueError as fault:
        raise ValueError(f"not JSON: {error}") from fault


def _too_deep(value: object, line: bytes) -> bool:
    if line.count(b"{") + line.count(b"[") <= MAX_DEPTH:
        return False
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True


def _beginning(line: bytes) -> str:
    return line[:800].decode("utf-8", "replace")[:200]
