"""The part of a text that shows why it was found: hits with their places, and the best window.

Works on folded tokens with offsets, so it marks what the index matched in any script.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from archiver.text.fold import Token, places, tokens
from archiver.text.regex import finding

ELLIPSIS = "…"
Span = tuple[int, int]


class Marks(NamedTuple):
    """What to mark: folded words, beginnings of words, phrases, and what expressions fit."""

    words: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    patterns: tuple[str, ...] = ()


class Snippet(NamedTuple):
    """A stretch of a text and the spans of the hits in it."""

    text: str
    spans: tuple[Span, ...] = ()


def spans(text: str, marks: Marks) -> list[Span]:
    """The places of the hits in a text, in order, apart from each other."""
    words, prefixes = marks.words, marks.prefixes
    hits = places(text, lambda form: form in words or form.startswith(prefixes))
    if marks.phrases:
        hits += _phrases(tokens(text), marks.phrases)
    hits += _fitting(text, marks.patterns)
    return _joined(hits)


def _phrases(found: Sequence[Token], phrases: Iterable[tuple[str, ...]]) -> list[Span]:
    """The places where all words of a phrase follow each other."""
    forms = [token.form for token in found]
    hits = []
    for phrase in phrases:
        size = len(phrase)
        for at in range(len(forms) - size + 1):
            if forms[at] == phrase[0] and tuple(forms[at : at + size]) == phrase:
                hits.append((found[at].start, found[at + size - 1].end))
    return hits


def _fitting(text: str, patterns: Iterable[str]) -> list[Span]:
    """The places that regular expressions fit, those of nothing left out."""
    return [place for pattern in patterns for place in finding(pattern)(text)]


def _joined(hits: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(hits):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _best_start(hits: Sequence[Span], width: int) -> int:
    """Where a window of `width` begins that holds the most hits; the earliest of equals."""
    best, most, last = 0, 0, 0
    for first, (start, _) in enumerate(hits):
        last = max(last, first)
        while last < len(hits) and hits[last][1] <= start + width:
            last += 1
        if last - first > most:
            best, most = first, last - first
    held = hits[best + max(most, 1) - 1][1] - hits[best][0]
    # The hits in the middle: what stands around them explains them.
    return max(0, hits[best][0] - max(0, width - held) // 2)


def _at_words(text: str, start: int, end: int, slack: int = 20) -> Span:
    """The window moved inwards to whole words, where one begins or ends within `slack`."""
    if start > 0 and not text[start - 1].isspace():
        blank = next((i for i in range(start, min(start + slack, end)) if text[i].isspace()), start)
        start = blank
    if end < len(text) and not text[end].isspace():
        first = max(end - slack, start)
        end = next((i for i in range(end - 1, first, -1) if text[i].isspace()), end)
    return start, end


def snippet(text: str, marks: Marks, width: int = 160) -> Snippet:
    """The best window of about `width` characters, with an ellipsis where text is left out.

    `text` is what is shown: collapsed and safe. Without a hit it is the beginning.
    """
    hits = spans(text, marks)
    if len(text) <= width:
        return Snippet(text, tuple(hits))
    start = min(_best_start(hits, width), len(text) - width) if hits else 0
    start, end = _at_words(text, start, start + width)
    while start < end and text[start].isspace():
        start += 1
    before = ELLIPSIS if start > 0 else ""
    after = ELLIPSIS if end < len(text) else ""
    shift = len(before) - start
    inside = tuple(
        (max(first, start) + shift, min(last, end) + shift)
        for first, last in hits
        if first < end and last > start
    )
    return Snippet(before + text[start:end].rstrip() + after, inside)


def pieces(snippet_: Snippet) -> list[tuple[str, bool]]:
    """A snippet in pieces, each with whether it is a hit: for whoever colours it."""
    edges = [0, *(edge for span in snippet_.spans for edge in span), len(snippet_.text)]
    cut = [(snippet_.text[a:b], bool(n % 2)) for n, (a, b) in enumerate(pairwise(edges))]
    return [piece for piece in cut if piece[0]]
