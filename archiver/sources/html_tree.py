"""HTML as a stream of small trees, in constant memory: the only module that imports lxml.

A page of any size is read push by push; of it only the elements that a reader wants are built,
one after another, and given away when they end. lxml (libxml2) reads what browsers would read;
no document is ever built, so nothing hostile in one can grow in memory or recurse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

# A message has some hundred elements at most; what has more, or is longer, is none.
MOST_ELEMENTS = 20_000
MOST_CHARACTERS = 4 * 1024 * 1024
# Below this depth elements are taken for their text alone.
DEEPEST = 100
# Open elements around and inside the one that is read.
DEEPEST_PAGE = 5_000
_UNSEEN = frozenset(("script", "style"))
# So many bytes without a "<", or without a ">", are no HTML.
LONGEST_RUN = 4 * 1024 * 1024


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
        self._elements = self._characters = 0
        self.done: list[Element] = []

    @property
    def inside(self) -> bool:
        return bool(self._path)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
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
        self.depth -= 1
        if not self._path:
            return
        if self._hidden:
            self._hidden -= 1
            return
        closed = self._path.pop()
        if not self._path:
            self.done.append(closed)

    def data(self, text: str) -> None:
        if not self._path or (self._hidden and self._silent):
            return
        self._characters += len(text)
        if self._characters > MOST_CHARACTERS:
            self._path[0].whole = False
        else:
            self._path[-1].children.append(text)

    def close(self) -> None:
        """Nothing is left to do: what is open was not closed by the page."""

    def take(self) -> list[Element]:
        done, self.done = self.done, []
        return done


def trees(
    chunks: Iterable[bytes], wanted: Iterable[str], passed: Iterable[str] = ()
) -> Iterator[Element | Lost]:
    """The elements that have one of the `wanted` classes, without those of a `passed` one inside.

    The chunks are UTF-8. An element that begins inside a wanted one ends it.
    """
    builder = _Builder(frozenset(wanted), frozenset(passed))
    parser = etree.HTMLParser(target=builder, encoding="utf-8", recover=True)
    runs = _Runs()
    for chunk in chunks:
        parser.feed(chunk.replace(b"\0", b""))
        yield from builder.take()
        if runs.too_long(chunk):
            yield Lost(runs.position, f"{LONGEST_RUN >> 20} MiB without an element")
            return
        if builder.depth > DEEPEST_PAGE:
            yield Lost(runs.position, f"more than {DEEPEST_PAGE} elements in each other")
            return
    if runs.position:
        parser.feed(b"<wbr>")  # pushes out what the parser holds back
        yield from builder.take()
        if builder.inside:
            yield Lost(runs.position, "the file ends in the middle")


class _Runs:
    """How long it is since the last tag began, and since one ended."""

    def __init__(self) -> None:
        self.position = 0
        self._opened = self._closed = 0

    def too_long(self, chunk: bytes) -> bool:
        opened, closed = chunk.rfind(b"<"), chunk.rfind(b">")
        if opened >= 0:
            self._opened = self.position + opened
        if closed >= 0:
            self._closed = self.position + closed
        self.position += len(chunk)
        return self.position - min(self._opened, self._closed) > LONGEST_RUN
