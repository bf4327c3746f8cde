"""HTML as a stream of small trees, in constant memory: the only module that imports lxml.

A page of any size is read push by push; of it only the elements that a reader wants are built,
one after another, and given away when they end. lxml (libxml2) reads what browsers would read;
no document is ever built, so nothing hostile in one can grow in memory or recurse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

# A message has some hundred elements at most; what has more, or is longer, is none.
MOST_ELEMENTS = 20_000
MOST_CHARACTERS = 4 * 1024 * 1024
# Below this depth elements are taken for their text alone.
DEEPEST = 100
# Open elements around and inside the one that is read.
DEEPEST_PAGE = 5_000
_UNSEEN = frozenset(("script", "style"))
# So many bytes of which the parser makes nothing are no HTML: an attribute or comment without end.
LONGEST_RUN = 8 * 1024 * 1024
PARSER_LIMIT = 4 * 1024 * 1024
# So many bytes in which nothing wanted begins are no page of messages.
PAGE_LIMIT = 64 * 1024 * 1024


@dataclass(slots=True)
class Element:
    """An element with what is inside; a wanted one that was not read to its end is not `whole`."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    children: list[Element | str] = field(default_factory=list)
    whole: bool = True

    def inside(self) -> Iterator[Element]:
        """All elements inside, in the order of the page."""
        waiting = [each for each in reversed(self.children) if not isinstance(each, str)]
        while waiting:
            found = waiting.pop()
            yield found
            waiting += [each for each in reversed(found.children) if not isinstance(each, str)]

    def find(self, *classes: str) -> Element | None:
        """The first element inside that has all the classes."""
        return next((one for one in self.inside() if all(c in one.classes for c in classes)), None)

    def find_all(self, *classes: str) -> list[Element]:
        """All elements inside that have all the classes."""
        return [one for one in self.inside() if all(c in one.classes for c in classes)]

    def elements(self) -> Iterator[Element]:
        """The elements right below."""
        return (each for each in self.children if not isinstance(each, str))

    def words(self) -> str:
        """The text inside on one line, as a person reads a label."""
        return " ".join("".join(self.strings()).split())

    def strings(self) -> Iterator[str]:
        """The pieces of text inside."""
        waiting: list[Element | str] = [self]
        while waiting:
            found = waiting.pop()
            if isinstance(found, str):
                yield found
            else:
                waiting += reversed(found.children)


@dataclass(frozen=True, slots=True)
class Lost:
    """The bytes are no HTML from about `position` on."""

    position: int
    reason: str


class _Builder:
    """What lxml tells of a page, as the wanted elements. Its starts and ends are balanced."""

    def __init__(self, wanted: frozenset[str], passed: frozenset[str]) -> None:
        self._wanted = wanted
        self._passed = passed
        self._path: list[Element] = []
        self._hidden = 0  # elements open that are passed over, or too deep
        self._silent = False  # whether their text is passed over too
        self.depth = 0
        self.told = 0  # how often anything was told
        self.deaf = False
        self._elements = self._characters = 0
        self.done: list[Element] = []

    @property
    def inside(self) -> bool:
        return bool(self._path)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self.deaf:
            return
        self.depth += 1
        self.told += 1
        if not self._path and "class" not in attributes:
            return
        classes = attributes.get("class", "").split()
        if not self._wanted.isdisjoint(classes):
            self._open(Element(tag, dict(attributes), tuple(classes)))
        elif not self._path:
            return
        elif self._hidden:
            self._hidden += 1
        else:
            self._add(tag, attributes, classes)

    def _open(self, root: Element) -> None:
        """A wanted element begins; one that was still open has lost its end."""
        if self._path:
            self.done.append(self._path[0])
        self._path = [root]
        self._hidden = self._elements = self._characters = 0

    def _add(self, tag: str, attributes: Mapping[str, str], classes: list[str]) -> None:
        self._elements += 1
        full = self._elements > MOST_ELEMENTS or self._characters > MOST_CHARACTERS
        self._path[0].whole &= not full
        passed = tag in _UNSEEN or not self._passed.isdisjoint(classes)
        if passed or full or len(self._path) >= DEEPEST:
            self._hidden, self._silent = 1, passed or full
            return
        found = Element(tag, dict(attributes), tuple(classes))
        self._path[-1].children.append(found)
        self._path.append(found)

    def end(self, tag: str) -> None:
        if self.deaf:
            return
        self.depth -= 1
        self.told += 1
        if not self._path:
            return
        if self._hidden:
            self._hidden -= 1
            return
        closed = self._path.pop()
        if not self._path:
            self.done.append(closed)

    def data(self, text: str) -> None:
        self.told += 1
        if not self._path or (self._hidden and self._silent):
            return
        self._characters += len(text)
        if self._characters > MOST_CHARACTERS:
            self._path[0].whole = False
        else:
            self._path[-1].children.append(text)

    def close(self) -> None:
        """Nothing is left to do: what is open was not closed by the page."""

    def leave(self) -> None:
        """The parser ends here: what is open has lost its end."""
        if self._path:
            self.done.append(self._path[0])
        self._path = []
        self.depth = 0

    def take(self) -> list[Element]:
        done, self.done = self.done, []
        return done


def trees(
    chunks: Iterable[bytes], wanted: Iterable[str], passed: Iterable[str] = ()
) -> Iterator[Element | Lost]:
    """The elements that have one of the `wanted` classes, without those of a `passed` one inside.

    The chunks are UTF-8. An element that begins inside a wanted one ends it.
    """
    names = frozenset(wanted)
    feeder = _Feeder(_Builder(names, frozenset(passed)), names)
    try:
        for chunk in chunks:
            feeder.feed(chunk.replace(b"\0", b""))
            yield from feeder.builder.take()
            if fault := feeder.fault():
                yield Lost(feeder.position, fault)
                return
        if feeder.position:
            feeder.push_out()
            yield from feeder.builder.take()
            if feeder.builder.inside:
                yield Lost(feeder.position, "the file ends in the middle")
    finally:
        feeder.close()


class _Feeder:
    """Feeds a parser, and begins with a new one where an element begins that is wanted.

    libxml2 keeps what it has read until it is closed: 1.3 bytes a byte.
    """

    def __init__(self, builder: _Builder, wanted: Iterable[str]) -> None:
        self.builder = builder
        self.position = 0
        names = "|".join(re.escape(name) for name in sorted(wanted))
        opening = rf"""<[a-zA-Z][^<>]*?class=["'](?:[^"'<>]*\s)?(?:{names})[\s"']"""
        self._opening = re.compile(opening.encode())
        self._fed = self._quiet = self._told = 0
        self._parser = self._begin()

    def _begin(self) -> Any:
        self._fed = 0
        parser = etree.HTMLParser(target=self.builder, encoding="utf-8", recover=True)
        parser.feed(b"")  # so that there is something to close
        return parser

    def feed(self, data: bytes) -> None:
        self.position += len(data)
        if self._fed > PARSER_LIMIT and (match := self._opening.search(data)):
            self._parser.feed(data[: match.start()])
            self.push_out()
            self.close()
            self.builder.leave()
            self._parser = self._begin()
            data = data[match.start() :]
        self._parser.feed(data)
        self._fed += len(data)
        self._quiet = 0 if self.builder.told != self._told else self._quiet + len(data)
        self._told = self.builder.told

    def fault(self) -> str | None:
        """Why it makes no sense to go on."""
        if self._quiet > LONGEST_RUN:
            return f"{LONGEST_RUN >> 20} MiB without an element or a word"
        if self._fed > PAGE_LIMIT:
            return f"{PAGE_LIMIT >> 20} MiB without a message"
        if self.builder.depth > DEEPEST_PAGE:
            return f"more than {DEEPEST_PAGE} elements in each other"
        return None

    def push_out(self) -> None:
        """Have the parser tell what it holds back in case more comes."""
        self._parser.feed(b"<wbr>")

    def close(self) -> None:
        """Give back what libxml2 holds; what it closes now, the page did not."""
        self.builder.deaf = True
        self._parser.close()
        self.builder.deaf = False
