"""What a search text means, as a tree: what the parser makes and the archive is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archiver.errors import QueryError

# A name with its place in the search text, for the message that nothing is called so.
Name = tuple[str, int]


@dataclass(frozen=True)
class Term:
    """A word, or several in a row: `exact` takes no other endings, `prefix` any end."""

    words: tuple[str, ...]
    exact: bool = False
    prefix: bool = False


@dataclass(frozen=True)
class Near:
    """Words, in any order, with no more than `distance` others between them."""

    parts: tuple[tuple[str, ...], ...]
    distance: int


@dataclass(frozen=True)
class Chan:
    """Posts of any of these channels."""

    names: tuple[Name, ...]


@dataclass(frozen=True)
class Fwd:
    """Posts forwarded from any of these."""

    names: tuple[Name, ...]


@dataclass(frozen=True)
class Tagged:
    """Posts that bear any of these values of a field: from, lang, has, link, tag or user."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Date:
    """Posts from `since` until before `until`; of the day they were archived with `added`."""

    since: int | None
    until: int | None
    added: bool = False


@dataclass(frozen=True)
class Amount:
    """Posts with so many views or copies: from `low` to `high`, both included."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Ids:
    """These posts (`id`), or the posts of these statements (`cluster`)."""

    field: str
    names: tuple[Name, ...]


@dataclass(frozen=True)
class Regex:
    """Posts with a place that a regular expression fits; `words` are in every such post."""

    pattern: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Not:
    """Posts that the part does not find."""

    part: Node


@dataclass(frozen=True)
class And:
    """Posts that all parts find."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Or:
    """Posts that any part finds."""

    parts: tuple[Node, ...]


Node = Term | Near | Chan | Fwd | Tagged | Date | Amount | Ids | Regex | Not | And | Or


@dataclass(frozen=True)
class Query:
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
