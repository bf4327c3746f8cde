"""Rules that come before the score: what keeps two texts apart however alike they are."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.text.compare import is_number
from archiver.text.measures import SHORT, Measures
from archiver.text.turns import ANOTHER_NUMBER, EXCHANGED, OPPOSITE, TAKEN_BACK, Turn

# Hours. Sister channels reword a flash at once: of the labelled copies under 40 words with a word
# in the place of another, none was more than an hour after the other.
_ANOTHER_HOUR = 2.0
ANOTHER_DAY = 24.0
# A template is filled in a few places. What differs in more is reworded: of such pairs the labelled
# ones were copies.
_FEW_PLACES = 3
# "The night boat | the ferry to Sandholm waited outside": where words stand in for others and
# nothing else differs, labelled copies had nine tenths in common or were longer, at once too.
_FILLED = 0.9
# One word of so many is a synonym or a slip in another channel, hours later too.
_MANY_WORDS = 24
# Of so few words any may be the event: at most, other channels leave some out at once.
BRIEF = 8
_FLASH_HOURS = 1.0
# "The dollar broke | rose above 106": a level in common, and minutes. Of 27 labelled pairs of two
# channels under 40 words and within two hours, which were alike at all, all were one text. Other
# figures are no sign: "18 drones" were downed or missed, "30 tanks" sent or sold.
_AT_ONCE = 0.25
_FIGURE = 2  # digits, or letters and digits
_LEVEL_WORDS = """
above below over under past beyond выше ниже свыше вище нижче понад über unter oberhalb unterhalb
dessus delà dessous encima debajo فوق تحت بالای زیر
"""
_LEVELS = frozenset(_LEVEL_WORDS.split())

# "Tomorrow is the last day" is another day when it is said again a day later.
_SAID_ON = 20.0  # hours
_TOMORROW = frozenset(["tomorrow", "завтра", "demain", "mañana", "غدا", "فردا", "jutro", "domani"])

_AT_ANY_LENGTH = (OPPOSITE, EXCHANGED, ANOTHER_NUMBER, TAKEN_BACK)
TEMPLATE = "template"
ANOTHER = "another-event"
MEANT = "only-meant"


def is_brief(words: tuple[int, int]) -> bool:
    """Whether one of two texts is so short that it says the same for hours only."""
    return min(words) < BRIEF


def veto(found: Measures, hours: float, own: bool, turned: Turn | None) -> str | None:
    """The rule that keeps two texts apart whatever they weigh: other words in the same sentence."""
    short = min(found.words) < SHORT
    # A day later no channel tells a text again for a typo: "Austria" is not "Australia".
    if own and (found.slots or (found.swaps and hours >= ANOTHER_DAY)):
        return TEMPLATE
    if turned is not None and (short or turned.rule in _AT_ANY_LENGTH):
        return turned.rule
    if hours >= _SAID_ON and _is_tomorrow(found):
        return "another-tomorrow"
    filled = bool(found.slots) or (short and found.rewritten > 0)
    if is_brief(found.words) and (own or filled or hours > _FLASH_HOURS or found.has_come):
        return None if not own and hours <= _AT_ONCE and _is_reworded(found) else "brief"
    if found.slots and short and found.places == found.swaps and found.alike < _FILLED:
        return None if not own and found.is_inflected else "filled-anew"
    if found.places > _FEW_PLACES:
        return None
    late = short and hours >= _ANOTHER_HOUR
    named = found.slots and hours >= ANOTHER_DAY and min(found.names)
    if filled and ((late and (own or not _is_one_word(found))) or named):
        return None if not own and found.is_inflected else ANOTHER
    if short and found.was_meant:
        return MEANT
    if late and own and min(found.only):
        return ANOTHER
    return ANOTHER if late and found.has_come else None


def _is_tomorrow(found: Measures) -> bool:
    """Whether both tell of the day after they were posted."""
    return not any(map(_TOMORROW.isdisjoint, found.texts))


def _is_reworded(found: Measures) -> bool:
    """Whether two flashes begin alike and differ in how they say that one level was reached."""
    if found.places > _FEW_PLACES or any((*found.numbers, *found.names)):
        return False
    one, other = found.texts
    if one[0] != other[0]:
        return False
    exchanged = [place for place in found.stretches if place[0] < place[1] and place[2] < place[3]]
    if len(exchanged) != 1:
        return False
    a, b, c, d = exchanged[0]
    told = _is_at_level(one, b), _is_at_level(other, d)
    # "Broke" for "rose above", no two words.
    return all(told) or (told[0] and d - c == 1) or (told[1] and b - a == 1)


def _is_at_level(words: Sequence[str], end: int) -> bool:
    """Whether a place ends at "above" and a figure, or between them: "rose above 106"."""
    at = end + (end < len(words) and words[end] in _LEVELS)
    figure = words[at] if 0 < at < len(words) else ""
    return words[at - 1] in _LEVELS and len(figure) >= _FIGURE and is_number(figure)


def _is_one_word(found: Measures) -> bool:
    """Whether one word of many is another, no number or name."""
    if found.places > 1 or found.only != (1, 1) or min(found.words) < _MANY_WORDS:
        return False
    return not any((*found.numbers, *found.names))
