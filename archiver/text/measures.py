"""What two texts share and where they part, as `compare.measure` finds it; pure, on words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from archiver.text.turns import Place, Turn, turn

# Where one[a:b] stands in the place of other[c:d].
Stretch = tuple[int, int, int, int]

_TURN = 4  # words; a "not" among more is of a clause that was added
# A "not" in the place of another word is the news in a short text, or where little else differs.
SHORT = 40
_FEW_PLACES = 3
_CLOSE = 0.8  # of all words: less alike, common words of unlike passages meet by chance
_FRAMED = 15  # words in a row


class Measures(NamedTuple):
    """What two texts share and where they differ; counts are words, `kept` and `held` shares.

    `kept`: the longest common sequence over the shorter text; `grams`: the 3-grams of the shorter
    that the longer has too, wherever they moved. Of the words that only one of them has, those
    spelt alike are left out; `only` counts the rest in either text. `places` counts where the texts
    part; `slots` are the places in the second text where one to three of those words stand in for
    one to three others, `swaps` counts those where they may be spelt alike; `rewritten` those of
    short texts where more words stand for others. `stretches` are all places where the texts part.
    """

    words: tuple[int, int]
    common: int
    grams: float
    only: tuple[int, int]
    places: int
    slots: tuple[int, ...]
    swaps: int
    numbers: tuple[int, int]
    names: tuple[int, int]
    negations: int
    rewritten: int
    texts: tuple[Sequence[str], Sequence[str]]
    stretches: Sequence[Stretch]

    @property
    def kept(self) -> float:
        """The share of the shorter text that stands in the longer one in its order."""
        return self.common / max(1, min(self.words))

    @property
    def alike(self) -> float:
        """The share of all words of both that are common: 1 for equal texts."""
        return 2 * self.common / max(1, sum(self.words))

    @property
    def is_framed(self) -> bool:
        """Whether the second text is the first, cut at its end, behind a headline of its own."""
        (one, other), run = self.texts, self.common
        if not _FRAMED <= run < min(self.words) or self.words[1] > 2 * run:
            return False
        return other[-run] == one[0] and other[-run:] == one[:run]

    def turned(self) -> Turn | None:
        """What in a place of few words makes the opposite of the text, or gives another value.

        Asked of few pairs, those that are one text by all else.
        """
        one, other = self.texts
        value = None
        clear = min(self.words) < SHORT or self.places <= _FEW_PLACES
        close = self.alike >= _CLOSE
        for at, (a, b, c, d) in enumerate(self.stretches):
            if b - a > _TURN or d - c > _TURN or not (close or self._is_held(at)):
                continue
            edge = -1 if a == c == 0 else int(b == len(one) and d == len(other))
            following = one[b : b + 1], other[d : d + 1]
            found = turn(Place(one[a:b], other[c:d], following, edge, clear))
            if found is not None and found.opposite:
                return found
            value = value or found
        return value

    def _is_held(self, at: int) -> bool:
        """Whether two common words, or the end, are on both sides of it: no chance meeting."""
        stretches, words = self.stretches, self.words[0]
        start, end = stretches[at][:2]
        before = start - (stretches[at - 1][1] if at else 0)
        after = (stretches[at + 1][0] if at + 1 < len(stretches) else words) - end
        return (before > 1 or start == 0) and (after > 1 or end == words)
