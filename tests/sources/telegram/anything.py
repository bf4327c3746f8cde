"""Any TL object with random fields, made from what its constructor says it takes."""

from __future__ import annotations

import inspect
import random
import typing
from datetime import UTC, datetime
from functools import cache
from typing import Any

from telethon.tl import types
from telethon.tl.tlobject import TLObject

_DEEPEST = 4
WORDS = ("", "Boats leave at nine.", "Фары на молу", "\U0001f6a2 late", "e\u0301\u200d", "a" * 300)


class _Names(dict[str, Any]):
    """The names in Telethon's annotations; a few are of another of its modules."""

    def __missing__(self, name: str) -> Any:
        return getattr(types.messages, name.removeprefix("Type"))


_NAMES = _Names(vars(types))


def kinds_of(union: str) -> tuple[type, ...]:
    """All constructors of a TL type that are received: "TypeMessageAction" has 69."""
    found = getattr(types, union)
    return _received(typing.get_args(found) or (found,))


def _received(kinds: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(one for one in kinds if not one.__name__.startswith("Input")) or kinds


@cache
def _fields(kind: type) -> list[tuple[str, Any, bool]]:
    """Name, type, and whether it may be left out."""
    hints = typing.get_type_hints(kind.__init__, {}, _NAMES)
    parameters = inspect.signature(kind).parameters.values()
    return [(one.name, hints[one.name], one.default is None) for one in parameters]


def make(kind: type, dice: random.Random, depth: int = 0) -> Any:
    """An object of a class. Its optional fields are all set or none: some go in pairs."""
    # Messages are patched by Telethon; the generated class knows which fields go with which.
    kind = next(one for one in kind.__mro__ if one.__module__.startswith(types.__name__))
    full = depth < _DEEPEST and dice.random() < 0.6
    told = {
        name: _value(hint, dice, depth)
        for name, hint, optional in _fields(kind)
        if full or not optional
    }
    return kind(**told)


def _value(hint: Any, dice: random.Random, depth: int) -> Any:
    arguments = tuple(one for one in typing.get_args(hint) if one is not type(None))
    if typing.get_origin(hint) is list:
        number = dice.randrange(3) if depth < _DEEPEST else 0
        return [_value(arguments[0], dice, depth + 1) for _ in range(number)]
    if len(arguments) == 1:
        return _value(arguments[0], dice, depth)
    if arguments:
        return make(_choice(_received(arguments), dice, depth), dice, depth + 1)
    if isinstance(hint, type) and issubclass(hint, TLObject):
        return make(hint, dice, depth + 1)
    return _plain(hint, dice)


def _choice(kinds: tuple[type, ...], dice: random.Random, depth: int) -> type:
    """Far down only the simplest, or there is no end."""
    if depth < _DEEPEST:
        return dice.choice(kinds)
    return min(kinds, key=lambda kind: len(_fields(kind)))


def _plain(hint: Any, dice: random.Random) -> Any:
    if hint is bool:
        return dice.random() < 0.5
    if hint is int:
        return dice.choice((0, 1, 7, dice.randrange(1 << 31)))
    if hint is float:
        return dice.choice((0.0, 1.5, float("nan"), float("-inf")))
    if hint is bytes:
        return dice.randbytes(dice.randrange(9))
    if hint is datetime:
        return datetime.fromtimestamp(dice.randrange(1, 1 << 31), UTC)
    assert hint is str, hint
    return dice.choice(WORDS)
