"""Shows a post without the spans that repeat what it has already told.

Cut is here and not in the model: a search needs it, and not the model's 7 ms of import.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

_MANY_NEWLINES = re.compile(r"\n[^\S\n]*\n\s*\n")


class Cut(NamedTuple):
    """A span of a post's text that repeats an earlier one; offsets in characters of `str`.

    `kind` is "repeat" (a later copy of a body) or "tail" (a second "Read in full").
    """

    start: int
    end: int
    kind: str


def apply_cuts(text: str, cuts: Iterable[Cut]) -> str:
    """The text without its cuts, with no hole left where they were."""
    kept: str | None = None
    begin = 0
    for cut in sorted(cuts):
        piece = text[begin : cut.start]
        kept = piece if kept is None else _joined(kept, piece)
        begin = cut.end
    if kept is None:
        return text
    return _MANY_NEWLINES.sub("\n\n", _joined(kept, text[begin:])).rstrip()


def _joined(before: str, after: str) -> str:
    """Two pieces of a text put together at a cut: one border, not the two that were around it."""
    head, tail = before.rstrip(), after.lstrip()
    if not head or not tail:
        return head or tail
    gaps = before[len(head) :], after[: len(after) - len(tail)]
    newlines = min(2, max(gap.count("\n") for gap in gaps))
    return head + ("\n" * newlines or " ") + tail


def read_cuts(kept: str | None) -> tuple[Cut, ...]:
    """The cuts of a post as the archive keeps them (JSON)."""
    return tuple(Cut(*span) for span in json.loads(kept)) if kept else ()
