"""The words of a rich message, whose blocks may be all there is: the text itself is then empty."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

from telethon.tl import types
from telethon.tl.tlobject import TLObject

_INLINE: tuple[type, ...] = typing.get_args(types.TypeRichText)


def words_of(rich: Any) -> str:
    """The text of each block on lines of its own, without its formatting."""
    return "\n".join(_lines(rich.blocks))


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _lines(item)
    elif isinstance(value, _INLINE):
        if words := _inline(value):
            yield words
    elif isinstance(value, TLObject):
        yield from _lines(list(vars(value).values()))


def _inline(text: Any) -> str:
    kind = type(text)
    if kind is types.TextPlain:
        return str(text.text)
    if kind is types.TextConcat:
        return "".join(map(_inline, text.texts))
    if kind is types.TextCustomEmoji:
        return str(text.alt)
    if kind is types.TextMath:
        return str(text.source)
    inner = getattr(text, "text", None)
    return "" if inner is None else _inline(inner)
