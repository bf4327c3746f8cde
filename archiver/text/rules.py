"""Rules that come before the score: what keeps two texts apart however alike they are."""

from __future__ import annotations

from archiver.text.compare import is_number
from archiver.text.measures import SHORT, Measures
from archiver.text.turns import ANOTHER_NUMBER, EXCHANGED, OPPOSITE, Turn

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
# "The dollar broke | rose above 106": a figure in common, and minutes. Of 27 labelled pairs of two
# channels under 40 words and within two hours, which were alike at all, all were one text.
_AT_ONCE = 0.25
_FIGURE = 2  # digits, or letters and digits

# "Tomorrow is the last day" is another day when it is said again a day later.
_SAID_ON = 20.0  # hours
_TOMORROW = frozenset(["tomorrow", "завтра", "demain", "mañana", "غدا", "فردا", "jutro", "domani"])

_AT_ANY_LENGTH = (OPPOSITE, EXCHANGED, ANOTHER_NUMBER)
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
    if is_brief(found.words) and (own or filled or hours > _FLASH_HOURS):
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
    """Whether two flashes begin alike and give the same figure: a phrase stands for another."""
    if found.places > _FEW_PLACES or any((*found.numbers, *found.names)):
        return False
    one, other = found.texts
    if one[0] != other[0]:
        return False
    return any(len(word) >= _FIGURE and is_number(word) and word in other for word in one)


def _is_one_word(found: Measures) -> bool:
    """Whether one word of many is another, no number or name."""
    if found.places > 1 or found.only != (1, 1) or min(found.words) < _MANY_WORDS:
        return False
    return not any((*found.numbers, *found.names))
