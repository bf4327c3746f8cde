"""What a search text means, as a tree: what the parser makes and the archive is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archiver.errors import QueryError

# A name with its place in the search text, for the message that nothing is called so.
Name = tuple[str, int]


class _Part:
    """A value: equal and hashed by what it holds. A dozen dataclasses would take 6 ms to make."""

    __slots__: tuple[str, ...] = ()

    def _held(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Part)
            and type(self) is type(other)
            and self._held() == (other._held())
        )

    def __hash__(self) -> int:
        return hash((type(self), self._held()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._held()}"


class Term(_Part):
    """A word, or several in a row: `exact` takes no other endings, `prefix` any end."""

    __slots__ = ("exact", "prefix", "words")

    def __init__(self, words: tuple[str, ...], exact: bool = False, prefix: bool = False) -> None:
        self.words, self.exact, self.prefix = words, exact, prefix


class Near(_Part):
    """Words, in any order, with no more than `distance` others between them."""

    __slots__ = ("distance", "parts")

    def __init__(self, parts: tuple[tuple[str, ...], ...], distance: int) -> None:
        self.parts, self.distance = parts, distance


class Chan(_Part):
    """Posts of any of these channels."""

    __slots__ = ("names",)

    def __init__(self, names: tuple[Name, ...]) -> None:
        self.names = names


class Fwd(_Part):
    """Posts forwarded from any of these."""

    __slots__ = ("names",)

    def __init__(self, names: tuple[Name, ...]) -> None:
        self.names = names


class Tagged(_Part):
    """Posts that bear any of these values of a field: from, lang, has, link, tag or user."""

    __slots__ = ("field", "values")

    def __init__(self, field: str, values: tuple[str, ...]) -> None:
        self.field, self.values = field, values


class Date(_Part):
    """Posts from `since` until before `until`; with `added`, those archived then."""

    __slots__ = ("added", "since", "until")

    def __init__(self, since: int | None, until: int | None, added: bool = False) -> None:
        self.since, self.until, self.added = since, until, added


class Amount(_Part):
    """Posts with so many views or copies: from `low` to `high`, both included."""

    __slots__ = ("field", "high", "low")

    def __init__(self, field: str, low: int | None, high: int | None) -> None:
        self.field, self.low, self.high = field, low, high


class Ids(_Part):
    """These posts (`id`), or the posts of these statements (`cluster`)."""

    __slots__ = ("field", "names")

    def __init__(self, field: str, names: tuple[Name, ...]) -> None:
        self.field, self.names = field, names


class Regex(_Part):
    """Posts with a place that a regular expression fits; `words` are in every such post."""

    __slots__ = ("pattern", "words")

    def __init__(self, pattern: str, words: tuple[str, ...]) -> None:
        self.pattern, self.words = pattern, words


class Not(_Part):
    """Posts that the part does not find."""

    __slots__ = ("part",)

    def __init__(self, part: Node) -> None:
        self.part = part


class And(_Part):
    """Posts that all parts find."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Node, ...]) -> None:
        self.parts = parts


class Or(_Part):
    """Posts that any part finds."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Node, ...]) -> None:
        self.parts = parts


Node = Term | Near | Chan | Fwd | Tagged | Date | Amount | Ids | Regex | Not | And | Or


class Query(NamedTuple):
    """A search text understood. `root` is None when it holds nothing but dates.

    `since` and `until` are the dates that hold for all of it.
    """

    text: str
    root: Node | None
    since: int | None = None
    until: int | None = None

    def fault(self, message: str, position: int) -> QueryError:
        """The error of something in this query that only the archive could know."""
        return QueryError(message, query=self.text, position=position)

    def parts(self) -> tuple[Node, ...]:
        """What must hold, each for itself."""
        if self.root is None:
            return ()
        return self.root.parts if isinstance(self.root, And) else (self.root,)


def walk(node: Node | None, *, wanted: bool = True) -> Iterator[tuple[Node, bool]]:
    """Every leaf of a tree, with whether it is wanted or excluded."""
    match node:
        case None:
            return
        case And() | Or():
            for part in node.parts:
                yield from walk(part, wanted=wanted)
        case Not():
            yield from walk(node.part, wanted=not wanted)
        case _:
            yield node, wanted


def only_excludes(node: Node) -> bool:
    """Whether nothing in it says what is wanted."""
    if isinstance(node, And):
        return all(map(only_excludes, node.parts))
    return isinstance(node, Not)


def all_of(parts: list[Node]) -> Node | None:
    """All of the parts, each once; one without parts says nothing."""
    parts = list(dict.fromkeys(parts))
    return And(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)
