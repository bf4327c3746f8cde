"""One figure written in two ways: 1200 and 1,200 (1 200, 1.200), as the index holds their words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archiver.text.patterns import later

# Groups of three behind the first; a figure of more than 15 digits is the number of something.
_JOINED = later(r"[1-9]\d{3,14}", re.ASCII)
_PARTED = later(r"(?<!\S)[1-9]\d{0,2}(?: \d{3}){1,4}(?!\S)", re.ASCII)


def written_otherwise(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Folded words that follow each other, with their figures joined, or parted by thousands.

    >>> written_otherwise(["1200"]), written_otherwise(["1", "200", "ton"])
    ([('1', '200')], [('1200', 'ton')])
    >>> written_otherwise(["0", "200"]), written_otherwise(["12", "30"])
    ([], [])
    """
    text = " ".join(words)
    joined = _PARTED.sub(lambda found: found.group().replace(" ", ""), text)
    parted = " ".join(map(_parted, words))
    return [tuple(other.split()) for other in (joined, parted) if other != text]


def _parted(word: str) -> str:
    return f"{int(word):,}".replace(",", " ") if _JOINED.fullmatch(word) else word
