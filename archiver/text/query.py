"""The search language: what a person types -> a tree. Knows nothing of SQL or the archive.

    or    := and ("OR" and)*
    and   := unary ("AND"? unary)*
    unary := ("NOT" | "-") unary | atom
    atom  := "(" or ")" | '"' phrase '"' | "=" word | word "*"? | field ":" value
    field := chan | fwd | date            value := word | '"' words '"'

Operators are upper case or symbols, so that a sentence is only words. An unknown `name:` is text
("12:30", "http://..."). A word of several searchable words ("Санкт-Петербург", "3.5", 今天) is a
phrase whose last word may take other endings. What has no letter or digit (emoji) is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

from archiver.errors import QueryError
from archiver.text.dates import interval
from archiver.text.fold import fold, is_unspaced

FIELDS = ("chan", "fwd", "date")
MOST_WORDS = 256
# FTS5's own parser has a stack of 100 and every level of ours takes a few of it.
MOST_LEVELS = 12
_LONGEST = 10_000


@dataclass(frozen=True)
class Term:
    """A word, or several in a row: `exact` takes no other endings, `prefix` any end."""

    words: tuple[str, ...]
    exact: bool = False
    prefix: bool = False


@dataclass(frozen=True)
class Chan:
    """Posts of any of these channels; each name with its place in the search text."""

    names: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Fwd:
    """Posts forwarded from any of these."""

    names: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Date:
    """Posts from `since` until before `until`; only in the tree while it is being read."""

    since: int | None
    until: int | None
    at: int


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


Node = Term | Chan | Fwd | Date | Not | And | Or


@dataclass(frozen=True)
class Query:
    """A search text understood. `root` is None when it holds nothing but dates."""

    text: str
    root: Node | None
    since: int | None = None
    until: int | None = None

    def fault(self, message: str, position: int) -> QueryError:
        """The error of something in this query that only the archive could know."""
        return QueryError(message, query=self.text, position=position)


_UNIT = re.compile(
    r"""\s+ | (?P<open>\() | (?P<close>\)) | (?P<neg>-(?=[^\s)-])) | (?P<exact>=(?=[^\s()=]))
    | (?P<field>chan|fwd|date): (?:"(?P<quoted>[^"]*)(?P<shut>"?) | (?P<value>[^\s()"]*))
    | "(?P<phrase>[^"]*)(?P<end>"?) | (?P<word>[^\s()"]+)""",
    re.VERBOSE,
)
_OPERATORS = {"AND", "OR", "NOT"}


def parse(text: str, *, now: int, zone: tzinfo = UTC) -> Query:
    """Understand a search text; `now` and `zone` say what "yesterday" is.

    Raises QueryError, with the place of the fault, for what cannot be searched for.
    """
    if len(text) > _LONGEST:
        raise QueryError(
            f"the search text has {len(text):,} characters; at most {_LONGEST:,} can be looked for",
            query=text,
        )
    return _Parser(text, now, zone).query()


class _Parser:
    """Recursive descent over the units of one text; a part that says nothing is None."""

    def __init__(self, text: str, now: int, zone: tzinfo) -> None:
        self.text = text
        self.now = now
        self.zone = zone
        self.units = [m for m in _UNIT.finditer(text) if not m.group().isspace()]
        self.at = 0
        self.words = 0

    def fault(self, message: str, position: int) -> QueryError:
        return QueryError(message, query=self.text, position=position)

    def query(self) -> Query:
        if not self.units:
            raise self.fault("nothing to search for: give a word, chan:NAME or date:A..B", 0)
        root = self.alternatives(0)
        if unit := self.peek():
            raise self.fault("this parenthesis closes nothing", unit.start())
        if root is None:
            raise self.fault("there is no letter or digit in it to search for", 0)
        return self.finished(root)

    def peek(self) -> re.Match[str] | None:
        return self.units[self.at] if self.at < len(self.units) else None

    def operator(self) -> str | None:
        unit = self.peek()
        return unit["word"] if unit and unit["word"] in _OPERATORS else None

    def alternatives(self, level: int) -> Node | None:
        parts = [self.together(level)]
        while self.operator() == "OR":
            self.at += 1
            parts.append(self.together(level))
        kept = [part for part in parts if part is not None]
        if len(kept) > 1:
            self.check_alternatives(kept)
            return Or(tuple(kept))
        return kept[0] if kept else None

    def check_alternatives(self, parts: list[Node]) -> None:
        for part in parts:
            if dates := list(_dates(part)):
                raise self.fault("date: cannot stand beside OR", dates[0].at)
            if _only_excludes(part):
                raise self.fault("an exclusion cannot stand alone beside OR", 0)

    def together(self, level: int) -> Node | None:
        start = self.peek()
        parts: list[Node] = []
        count = 0
        while (unit := self.peek()) and not unit["close"] and self.operator() != "OR":
            if self.operator() == "AND" and count:
                self.at += 1
            part = self.unary(level)
            count += 1
            if part is not None:
                parts += part.parts if isinstance(part, And) else [part]
        if not count:
            place = start.start() if start else len(self.text)
            raise self.fault("something to search for is missing here", place)
        return _all(parts)

    def unary(self, level: int) -> Node | None:
        unit = self.peek()
        excludes = False
        while unit and (unit["neg"] or unit["word"] == "NOT"):
            excludes = not excludes
            self.at += 1
            unit = self.peek()
        if unit is None or unit["close"] or self.operator():
            place = unit.start() if unit else len(self.text)
            raise self.fault("something to search for is missing here", place)
        part = self.atom(unit, level)
        return self.excluded(part, unit.start()) if excludes and part is not None else part

    def excluded(self, part: Node, place: int) -> Node:
        if isinstance(part, Not):
            return part.part
        if dates := list(_dates(part)):
            raise self.fault("date: cannot be excluded; give the range to keep", dates[0].at)
        if _only_excludes(part):
            raise self.fault("this excludes an exclusion; name what is wanted", place)
        return Not(part)

    def atom(self, unit: re.Match[str], level: int) -> Node | None:
        self.at += 1
        if unit["open"]:
            return self.group(unit, level + 1)
        if unit["field"]:
            return self.field(unit)
        if unit["exact"]:
            return self.exact(unit)
        if unit["phrase"] is not None:
            return self.phrase(unit)
        word = unit["word"]
        return self.term(word, prefix=word.endswith("*"))

    def group(self, opened: re.Match[str], level: int) -> Node | None:
        if level > MOST_LEVELS:
            message = f"more than {MOST_LEVELS} parentheses inside each other"
            raise self.fault(message, opened.start())
        part = self.alternatives(level)
        closed = self.peek()
        if closed is None:
            message = "this parenthesis is never closed; a text with one goes into double quotes"
            raise self.fault(message, opened.start())
        self.at += 1
        return part

    def exact(self, unit: re.Match[str]) -> Node | None:
        following = self.peek()
        if following and following["phrase"] is not None:
            self.at += 1
            return self.phrase(following)
        if following is None or following["word"] is None:
            raise self.fault("= takes one word: =word", unit.start())
        self.at += 1
        return self.term(following["word"], exact=True)

    def phrase(self, unit: re.Match[str]) -> Node | None:
        if not unit["end"]:
            raise self.fault("this quotation mark is never closed", unit.start())
        return self.term(unit["phrase"], exact=True)

    def term(self, text: str, *, exact: bool = False, prefix: bool = False) -> Node | None:
        words = tuple(fold(text))
        self.words += len(words)
        if self.words > MOST_WORDS:
            raise self.fault(f"more than {MOST_WORDS} words; a part of them will do", 0)
        if not words:
            return None
        return Term(words, exact, prefix and not is_unspaced(words[-1]))

    def field(self, unit: re.Match[str]) -> Node:
        name, start = unit["field"], unit.start() + len(unit["field"]) + 1
        if unit["quoted"] is not None and not unit["shut"]:
            raise self.fault("this quotation mark is never closed", start)
        value = (unit["quoted"] or unit["value"] or "").strip()
        if not value:
            raise self.fault(f"{name}: needs a value, without a blank before it", start)
        if name == "date":
            return self.date(value, start)
        return (Chan if name == "chan" else Fwd)(((value, start),))

    def date(self, value: str, start: int) -> Date:
        try:
            return Date(*interval(value, self.now, self.zone), start)
        except ValueError as error:
            raise self.fault(str(error), start) from None

    def finished(self, root: Node) -> Query:
        """The dates taken out of the tree, and what can be looked for left in it."""
        parts = root.parts if isinstance(root, And) else (root,)
        dates = [part for part in parts if isinstance(part, Date)]
        rest = [part for part in parts if not isinstance(part, Date)]
        for part in rest:
            for date in _dates(part):
                raise self.fault("date: must stand on the outermost level", date.at)
        if not dates and rest and all(map(_only_excludes, rest)):
            raise self.fault(
                "only exclusions: add a word, chan:NAME or date:A..B of what is wanted", 0
            )
        since = max((d.since for d in dates if d.since is not None), default=None)
        until = min((d.until for d in dates if d.until is not None), default=None)
        return Query(self.text, _all(rest), since, until)


def _all(parts: Sequence[Node]) -> Node | None:
    """All of the parts, each once; several channels (or origins) side by side mean any of them."""
    parts = list(dict.fromkeys(parts))
    chans = [name for part in parts if isinstance(part, Chan) for name in part.names]
    fwds = [name for part in parts if isinstance(part, Fwd) for name in part.names]
    merged: list[Node] = [part for part in parts if not isinstance(part, Chan | Fwd)]
    if chans:
        merged.append(Chan(tuple(chans)))
    if fwds:
        merged.append(Fwd(tuple(fwds)))
    return And(tuple(merged)) if len(merged) > 1 else next(iter(merged), None)


def _dates(node: Node) -> Iterator[Date]:
    if isinstance(node, Date):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from _dates(part)
    elif isinstance(node, Not):
        yield from _dates(node.part)


def _only_excludes(node: Node) -> bool:
    """Whether nothing in it says what is wanted."""
    if isinstance(node, And):
        return all(map(_only_excludes, node.parts))
    return isinstance(node, Not)
