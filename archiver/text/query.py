"""The search language: what a person types -> a tree. Knows nothing of SQL or the archive.

    or    := and ("OR" and)*
    and   := unary ("AND"? unary)*
    unary := ("NOT" | "-") unary | atom
    atom  := "(" or ")" | '"' phrase '"' ("~" number)? | "=" word | word "*"? | field ":" value
             | "/" regular expression "/" | "@" name of a saved search
    value := word | '"' words '"'           fields are those of text/fields.py

Operators are upper case or symbols, so that a sentence is only words. An unknown `name:` is text
("12:30", "http://..."), and so is an unknown @name; but one near a field's name is a fault
(`chann:x`). A word of several searchable words ("Санкт-Петербург", "3.5", 今天) is a phrase whose
last word may take other endings. What has no letter or digit (emoji) is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, tzinfo

from archiver.errors import QueryError
from archiver.text import fields
from archiver.text.fold import fold, is_unspaced
from archiver.text.regex import compiled, literal_words
from archiver.text.tree import (
    And,
    Chan,
    Date,
    Fwd,
    Ids,
    Near,
    Node,
    Not,
    Or,
    Query,
    Regex,
    Tagged,
    Term,
    all_of,
    only_excludes,
)

MOST_WORDS = 256
# FTS5's own parser has a stack of 100 and every level of ours takes a few of it.
MOST_LEVELS = 12
_LONGEST = 10_000
_FURTHEST = 100  # words between two that are "near"

_UNIT = re.compile(
    rf"""\s+ | (?P<open>\() | (?P<close>\)) | (?P<neg>-(?=[^\s)-])) | (?P<exact>=(?=[^\s()=]))
    | (?P<field>{"|".join(fields.FIELDS)}):
      (?:"(?P<quoted>[^"]*)(?P<shut>"?) | (?P<value>[^\s()"]*))
    | "(?P<phrase>[^"]*)(?P<end>"?)(?:~(?P<near>\d{{1,4}})(?![^\s()]))?
    | /(?P<regex>(?![\s/])(?:[^/\\]|\\.)*(?<!\s))/(?![^\s()])
    | @(?P<saved>[^\s()"/]+)(?![^\s()]) | (?P<word>[^\s()"]+)""",
    re.VERBOSE,
)
_OPERATORS = {"AND", "OR", "NOT"}


def parse(
    text: str, *, now: int, zone: tzinfo = UTC, saved: Mapping[str, str] | None = None
) -> Query:
    """Understand a search text; `now` and `zone` say what "yesterday" is.

    `saved` holds the saved searches by their casefolded names. Raises QueryError, with the place
    of the fault, for what cannot be searched for.
    """
    if len(text) > _LONGEST:
        raise QueryError(
            f"the search text has {len(text):,} characters; at most {_LONGEST:,} can be looked for",
            query=text,
        )
    return _Parser(text, now, zone, saved or {}).query()


def saved_names(text: str) -> list[str]:
    """The @names of a search text that may be those of saved searches.

    >>> saved_names("@boats -(ferry @News) a@b")
    ['boats', 'News']
    """
    return list(dict.fromkeys(m["saved"] for m in _UNIT.finditer(text) if m["saved"]))


class _Parser:
    """Recursive descent over the units of one text; a part that says nothing is None."""

    def __init__(self, text: str, now: int, zone: tzinfo, saved: Mapping[str, str]) -> None:
        self.text = text
        self.now = now
        self.zone = zone
        self.saved = saved
        self.units = [m for m in _UNIT.finditer(text) if not m.group().isspace()]
        self.at = 0
        self.words = 0

    def fault(self, message: str, position: int) -> QueryError:
        return QueryError(message, query=self.text, position=position)

    def query(self) -> Query:
        if not self.units:
            raise self.fault("nothing to search for: give a word, chan:NAME or date:A..B", 0)
        return self.finished(self.whole(0))

    def whole(self, level: int) -> Node:
        """All of the text as one part."""
        root = self.alternatives(level)
        if unit := self.peek():
            raise self.fault("this parenthesis closes nothing", unit.start())
        if root is None:
            raise self.fault("there is no letter or digit in it to search for", 0)
        return root

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
        if len(kept) < 2:
            return kept[0] if kept else None
        if any(map(only_excludes, kept)):
            raise self.fault("an exclusion cannot stand alone beside OR", 0)
        return Or(tuple(kept))

    def together(self, level: int) -> Node | None:
        start = self.peek()
        parts: list[tuple[Node, bool]] = []
        count = 0
        while (unit := self.peek()) and not unit["close"] and self.operator() != "OR":
            if self.operator() == "AND" and count:
                self.at += 1
            part = self.unary(level)
            count += 1
            inside = bool(unit["open"] or unit["saved"])
            some = part.parts if isinstance(part, And) else (part,)
            parts += [(each, inside) for each in some if each is not None]
        if not count:
            place = start.start() if start else len(self.text)
            raise self.fault("something to search for is missing here", place)
        return all_of(_joined(parts))

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
        if only_excludes(part):
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
        if unit["regex"]:
            return self.regex(unit)
        if unit["saved"]:
            return self.saved_search(unit, level + 1)
        return self.word(unit)

    def word(self, unit: re.Match[str]) -> Node | None:
        """A word; one that looks like a field misspelt is a fault, not text that nobody wrote."""
        word = unit["word"]
        name, _, value = word.partition(":")
        following = self.peek()
        quoted = following and following["phrase"] is not None and following.start() == unit.end()
        if (value or quoted) and (meant := fields.meant(name, value)):
            message = f"no field `{name}`; did you mean {meant}:? Quote it to look for the words"
            raise self.fault(message, unit.start())
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
        if unit["near"] is None:
            return self.term(unit["phrase"], exact=True)
        if int(unit["near"]) > _FURTHEST:
            raise self.fault(f"words more than {_FURTHEST} apart are not near", unit.start("near"))
        parts = [words for piece in unit["phrase"].split() if (words := tuple(fold(piece)))]
        self.counted(sum(map(len, parts)))
        if len(parts) < 2:
            return Term(parts[0], exact=True) if parts else None
        return Near(tuple(parts), int(unit["near"]))

    def regex(self, unit: re.Match[str]) -> Node:
        pattern = unit["regex"].replace(r"\/", "/")
        try:
            compiled(pattern)
        except ValueError as error:
            raise self.fault(str(error), unit.start()) from None
        words = literal_words(pattern)
        self.counted(len(words) + 1)
        return Regex(pattern, words)

    def saved_search(self, unit: re.Match[str], level: int) -> Node | None:
        """The search of that name, as if in parentheses; an unknown name is text."""
        name = unit["saved"].casefold()
        if name not in self.saved:
            return self.term(unit["saved"], prefix=unit["saved"].endswith("*"))
        if level > MOST_LEVELS:
            raise self.fault(f"more than {MOST_LEVELS} searches inside each other", unit.start())
        others = {known: text for known, text in self.saved.items() if known != name}
        inner = _Parser(self.saved[name], self.now, self.zone, others)
        inner.words = self.words
        try:
            part = inner.whole(level)
        except QueryError as error:
            message = f"the saved search {name} cannot be read: {error}"
            raise self.fault(message, unit.start()) from None
        self.words = inner.words
        return part

    def term(self, text: str, *, exact: bool = False, prefix: bool = False) -> Node | None:
        words = tuple(fold(text))
        self.counted(len(words))
        if not words:
            return None
        return Term(words, exact, prefix and not is_unspaced(words[-1]))

    def counted(self, words: int) -> None:
        self.words += words
        if self.words > MOST_WORDS:
            raise self.fault(f"more than {MOST_WORDS} words; a part of them will do", 0)

    def field(self, unit: re.Match[str]) -> Node | None:
        name, start = unit["field"], unit.start() + len(unit["field"]) + 1
        if unit["quoted"] is not None and not unit["shut"]:
            raise self.fault("this quotation mark is never closed", start)
        value = (unit["quoted"] or unit["value"] or "").strip()
        if not value:
            raise self.fault(f"{name}: needs a value, without a blank before it", start)
        self.counted(1)
        try:
            return fields.read(name, value, start, self.now, self.zone)
        except ValueError as error:
            raise self.fault(str(error), start) from None

    def finished(self, root: Node) -> Query:
        """The dates that hold for all of it taken out of the tree."""
        parts = root.parts if isinstance(root, And) else (root,)
        dates = [part for part in parts if isinstance(part, Date) and not part.added]
        rest = [part for part in parts if part not in dates]
        if not dates and rest and all(map(only_excludes, rest)):
            raise self.fault(
                "only exclusions: add a word, chan:NAME or date:A..B of what is wanted", 0
            )
        since = max((d.since for d in dates if d.since is not None), default=None)
        until = min((d.until for d in dates if d.until is not None), default=None)
        return Query(self.text, all_of(rest), since, until)


_ANY = {"chan", "fwd", "lang", "from", "id", "cluster"}


def _joined(parts: list[tuple[Node, bool]]) -> list[Node]:
    """Parts that stand side by side; several channels (origins, languages ...) mean any of them.

    What comes out of parentheses or a saved search must hold beside the others.
    """
    kept: dict[object, Node] = {}
    for part, inside in parts:
        key = part if inside else _any_key(part)
        before = kept.get(key)
        kept[key] = part if before is None or key is part else _with(before, part)
    return list(kept.values())


def _any_key(part: Node) -> object:
    if isinstance(part, Chan | Fwd):
        return type(part)
    if isinstance(part, Ids | Tagged) and part.field in _ANY:
        return part.field
    return part


def _with(one: Node, other: Node) -> Node:
    match one, other:
        case (Chan() | Fwd(), Chan() | Fwd()):
            return type(one)(one.names + other.names)
        case Ids(), Ids():
            return Ids(one.field, one.names + other.names)
        case Tagged(), Tagged():
            return Tagged(one.field, one.values + other.values)
    raise AssertionError(f"{one} and {other} are not of one kind")
