"""The pairs that a batch of bodies will likely ask about, judged before it is their turn.

Likely is what would be asked if every body of this batch and of the one before it led, but for
those that look like copies. Where no other process helps, nothing is judged ahead: many of these
pairs never are asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from archiver.judging import Question, Told
from archiver.store.prints import BodyText, Fresh, Known
from archiver.text.decide import Between

CANDIDATES = 8  # of a body, those with the most fingerprints in common
_BODY_BITS = 48
_BODY = (1 << _BODY_BITS) - 1
FEW = 40  # words; of shorter texts one fingerprint in common is enough
# A body nearly all of whose fingerprints one earlier body has likely follows it and adds none. Of
# 100,000 posts a ninth fewer pairs are asked, and a quarter fewer were not foreseen.
_FOLLOWS = 0.7


def fewest_shared(words: int) -> int:
    """The fingerprints that a text of so many words has in common with what may be its leader."""
    return 1 if words < FEW else 2


def closest(shared: Mapping[int, int], told: Told) -> list[int]:
    """The bodies that share the most fingerprints, of equal ones the later."""
    least = fewest_shared(told.words)
    # Both in one number: sorting pairs takes twice as long.
    ranked = [count << _BODY_BITS | body for body, count in shared.items() if count >= least]
    ranked.sort(reverse=True)
    return [each & _BODY for each in ranked[:CANDIDATES]]


def between(earlier: Known | Fresh, later: Fresh) -> Between:
    """What stands between the first posts of two bodies."""
    hours = None
    if earlier.date is not None and later.date is not None:
        hours = (later.date - earlier.date) / 3600
    return Between(hours, earlier.channel == later.channel)


def seems_copy(shared: int, told: Told) -> bool:
    """Whether a body that shares so many fingerprints with an earlier one likely follows it."""
    return shared >= _FOLLOWS * len(told.prints)


def questions(
    likely: Iterable[tuple[Told, Fresh, list[int]]],
    wordings: Callable[[int], Told | BodyText | None],
    places: Callable[[int], Known | Fresh | None],
) -> list[Question]:
    """Those of the pairs of which all is known, by their later body."""
    asked = []
    for told, fresh, bodies in likely:
        earlier = []
        for body in bodies:
            words, place = wordings(body), places(body)
            if words is not None and place is not None:
                stands = between(place, fresh)
                made = words.made if isinstance(words, Told) else words
                earlier.append((body, made, stands.hours, stands.own))
        if earlier:
            asked.append(Question(told.body, told.made, earlier))
    return asked
