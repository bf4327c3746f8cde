"""Formatting of a text, from offsets in UTF-16 to HTML that is balanced and cannot act. Pure.

Telegram counts in UTF-16 code units and lets entities nest and cross. HTML can only nest: what
crosses is closed and opened again. Whatever a file says of an offset, the words come out whole, in
their order and once; what lies outside the text, or has no length, is left out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import Any, NamedTuple

from archiver.model import Json
from archiver.text.safe import block, one_line

# A text of 4,096 letters has at most 100 entities; a file may claim any number.
MOST = 1_000
_ASTRAL = re.compile(r"[\U00010000-\U0010ffff]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?![0-9]{1,5}(?:[/?#]|$))", re.I | re.ASCII)
_SCHEMES = frozenset(("http", "https", "mailto"))
_NAME = re.compile(r"@?([A-Za-z]\w{2,31})", re.ASCII)

_TAGS = {
    "bold": "strong",
    "italic": "em",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": 'code class="pre"',
    "spoiler": 'span class="spoiler" tabindex="0"',
    "blockquote": 'span class="quote"',
    "repeat": 'span class="repeat"',
}


class Span(NamedTuple):
    """A stretch of a text, in characters of `str`, and what is said of it."""

    start: int
    end: int
    entity: Json


def spans(text: str, entities: Iterable[Json] | None) -> list[Span]:
    """The entities with their places in characters, outermost first; impossible ones left out.

    >>> spans("\U0001f6a2 sails", [{"type": "bold", "offset": 3, "length": 5}])
    [Span(start=2, end=7, entity={'type': 'bold', 'offset': 3, 'length': 5})]
    """
    place = _places(text)
    found = []
    for entity in list(entities or ())[:MOST]:
        offset, length = _count(entity.get("offset")), _count(entity.get("length"))
        if offset is None or length is None or not isinstance(entity.get("type"), str):
            continue
        start, end = place(offset), place(offset + length)
        if start < end:
            found.append(Span(start, end, entity))
    # Stable: of two of one place, the first told is outside.
    return sorted(found, key=lambda span: (span.start, -span.end))


def _count(value: Any) -> int | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if fits else None


def _places(text: str) -> Callable[[int], int]:
    """From UTF-16 offsets to characters; the middle of a pair belongs to its character."""
    pairs = [match.start() + n for n, match in enumerate(_ASTRAL.finditer(text))]
    size = len(text)

    def place(offset: int) -> int:
        return min(offset - bisect_left(pairs, offset), size)

    return place


def flat(text: str, entities: Iterable[Json] | None) -> Iterator[tuple[str, Json | None]]:
    """The text in runs with at most one entity each, as Telegram Desktop writes it.

    Of entities that nest or cross, the outermost, first one stays.
    """
    at = 0
    for start, end, entity in spans(text, entities):
        if start < at:
            continue
        if start > at:
            yield text[at:start], None
        yield text[start:end], entity
        at = end
    if at < len(text):
        yield text[at:], None


def to_html(text: str, entities: Iterable[Json] | None, more: Sequence[Span] = ()) -> str:
    """The text as HTML: escaped, balanced, with links of known schemes only.

    `more` are spans of ours, such as `{"type": "repeat"}` over what repeats. The words have passed
    `text.safe`.
    """
    marked = sorted([*spans(text, entities), *more], key=lambda span: (span.start, -span.end))
    kept = [(span, *tag) for span in marked if (tag := _tag(text, span))]
    return "".join(_pieces(text, kept)) if kept else _words(text)


_Tagged = tuple[Span, str, str]


def _pieces(text: str, tagged: Sequence[_Tagged]) -> Iterator[str]:
    """The words between opening and closing tags; what crosses is closed and opened again."""
    edges = sorted({edge for span, *_ in tagged for edge in span[:2]} | {0, len(text)})
    waiting = iter(tagged)
    following = next(waiting, None)
    open_: list[_Tagged] = []
    for begin, end in zip(edges, [*edges[1:], edges[-1]], strict=True):
        yield from _closed(open_, begin)
        while following is not None and following[0].start <= begin:
            # One link inside another, or bold inside bold, says nothing that HTML can say.
            if all(following[2] != name for _, _, name in open_):
                open_.append(following)
                yield f"<{following[1]}>"
            following = next(waiting, None)
        yield _words(text[begin:end])
    yield from _closed(open_, len(text))


def _closed(open_: list[_Tagged], at: int) -> Iterator[str]:
    """Close what ends here, and what lies inside it; the latter goes on behind."""
    ended = [n for n, (span, *_) in enumerate(open_) if span.end <= at]
    if not ended:
        return
    inside = open_[ended[0] :]
    del open_[ended[0] :]
    for _, _, name in reversed(inside):
        yield f"</{name.split('.')[0]}>"
    for each in inside:
        if each[0].end > at:
            open_.append(each)
            yield f"<{each[1]}>"


def _tag(text: str, span: Span) -> tuple[str, str] | None:
    """The opening tag, and its name with what tells it from others of that name."""
    kind = span.entity["type"]
    if (tag := _TAGS.get(kind)) is not None:
        name = tag.split(" ")[0]
        return tag, f"{name}.{kind}" if " " in tag else name
    url = link_of(text[span.start : span.end], span.entity)
    if url is None:
        return None
    told = escape(one_line(url), quote=True)
    return f'a href="{told}" title="{told}" rel="nofollow noopener noreferrer ugc"', "a"


def link_of(words: str, entity: Json) -> str | None:
    """Where an entity leads, if anywhere a reader may safely go."""
    kind: str = entity["type"]
    if kind == "text_link":
        return safe_url(entity.get("url"))
    if kind == "link":
        return safe_url(words)
    if kind == "email":
        return safe_url(f"mailto:{words.strip()}")
    match = _NAME.fullmatch(words) if kind == "mention" else None
    return f"https://t.me/{match[1]}" if match else None


def safe_url(url: object) -> str | None:
    """The address with its scheme, if it is http, https or mailto; None for any other text.

    >>> safe_url("example.com/a b"), safe_url("JavaScript:alert(1)"), safe_url("java\\nscript:x")
    ('https://example.com/a%20b', None, None)
    """
    if not isinstance(url, str):
        return None
    url = url.strip().replace(" ", "%20")
    # What a browser drops from an address, or turns around in it, hides where it leads.
    if not url or one_line(url) != url:
        return None
    match = _SCHEME.match(url)
    if match is None:
        return "https://" + url.lstrip("/\\")
    return url if match[1].lower() in _SCHEMES else None


def _words(text: str) -> str:
    return escape(block(text), quote=True)
