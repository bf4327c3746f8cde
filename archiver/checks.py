"""Whether a post that was put together from foreign values is one that can be stored."""

from __future__ import annotations

from operator import attrgetter

from archiver.model import Post

_LOW, _HIGH = -(1 << 63), (1 << 63) - 1
_NUMBERS = (
    "message_id", "date", "edited", "grouped_id", "reply_to", "reply_to_peer", "views", "forwards",
    "replies",
)  # fmt: skip
_WORDS = ("author", "via_bot", "media_kind")
_HEADER_NUMBERS = ("peer_id", "message_id", "date", "saved_from_peer", "saved_from_message")
_HEADER_WORDS = ("username", "name", "author", "saved_from_name")
_OBJECTS = ("media", "details")
_objects = attrgetter(*_OBJECTS)
_numbers, _words = attrgetter(*_NUMBERS), attrgetter(*_WORDS)
_header_numbers, _header_words = attrgetter(*_HEADER_NUMBERS), attrgetter(*_HEADER_WORDS)


def checked(post: Post) -> Post:
    """The post itself; ValueError, in a short sentence, where a field is of the wrong kind."""
    _check(_NUMBERS, _numbers(post), int)
    _check(_WORDS, _words(post), str)
    if not isinstance(post.text, str):
        raise ValueError("text is not a string")
    if post.forward is not None:
        _check(_HEADER_NUMBERS, _header_numbers(post.forward), int)
        _check(_HEADER_WORDS, _header_words(post.forward), str)
    for entity in post.entities or ():
        if not isinstance(entity, dict):
            raise ValueError("an entity is not an object")
        for name in ("offset", "length"):
            if type(entity.get(name)) is not int:
                raise ValueError(f"{name} of an entity is not an integer")
    for name, value in zip(_OBJECTS, _objects(post), strict=True):
        if not isinstance(value, dict | None):
            raise ValueError(f"{name} is not an object")
    if not all(isinstance(each, dict) for each in post.reactions or ()):
        raise ValueError("a reaction is not an object")
    return post


def _check(names: tuple[str, ...], values: tuple[object, ...], kind: type) -> None:
    for name, value in zip(names, values, strict=True):
        if value is None:
            continue
        if type(value) is not kind:
            raise ValueError(f"{name} is not {'an integer' if kind is int else 'a string'}")
        if isinstance(value, int) and not _LOW <= value <= _HIGH:
            raise ValueError(f"{name} is beyond 64 bits")
