"""The text of an HTML element as Telegram has it: line ends, and formatting at UTF-16 offsets.

Desktop and t.me write a line end as <br>; a raw one only stands where a program laid the page
out, so it and the blanks after it are a blank, or nothing at the ends of a line. Inside <pre> all
stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from archiver.model import Json
from archiver.sources.html_tree import Element

# What an element of a text is: an entity without its place, None for nothing of note. PLAIN says
# that what is inside is nothing of note either (an emoji is drawn with <i> and <b>).
Naming = Callable[[Element, str], Json | None]
PLAIN: Json = {}

_LAID_OUT = re.compile(r"[\r\n][ \t\r\n]*")


def text_of(element: Element, name: Naming) -> tuple[str, tuple[Json, ...]]:
    """The text and the entities of an element."""
    writer = _Writer(name)
    writer.inside(element)
    return "".join(writer.words), tuple(writer.entities)


class _Writer:
    def __init__(self, name: Naming) -> None:
        self.words: list[str] = []
        self.entities: list[Json] = []
        self._name = name
        self._offset = 0  # in UTF-16 units
        self._blank = False  # a raw line end that becomes a blank if words follow
        self._raw = 0  # how many <pre> we are in

    def inside(self, element: Element) -> None:
        for child in element.children:
            if isinstance(child, str):
                self._string(child)
            elif child.tag == "br":
                self._blank = False
                self._write("\n")
            else:
                self._element(child)

    def _element(self, element: Element) -> None:
        words, place = len(self.words), len(self.entities)
        found = self._name(element, "".join(element.strings()))
        if found is not None and found is not PLAIN:
            self.entities.append({})
        begin = self._offset + self._blank
        if found is PLAIN:
            self._string("".join(element.strings()))
            return
        self._raw += element.tag == "pre"
        self.inside(element)
        self._raw -= element.tag == "pre"
        if found is None:
            return
        if len(self.words) == words or self._offset <= begin:
            del self.entities[place:]
            return
        self.entities[place] = {**found, "offset": begin, "length": self._offset - begin}

    def _string(self, text: str) -> None:
        if self._raw or ("\n" not in text and "\r" not in text):
            self._write(text)
            return
        first, *more = _LAID_OUT.split(text)
        self._write(first)
        for part in more:
            self._blank = bool(self.words) and not self.words[-1].endswith("\n")
            self._write(part)

    def _write(self, text: str) -> None:
        if not text:
            return
        if self._blank:
            text, self._blank = " " + text, False
        self.words.append(text)
        self._offset += len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
