"""Regular expressions in a search: which whole words must stand in every text they fit.

Those words are looked up in the index first, so that only their posts are read; of the others only
those that hold its letters are looked at closely. Being wrong here would lose posts, so whatever is
not understood ends a word: groups, classes, repetitions.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from archiver.text.fold import fold
from archiver.text.limited import limited
from archiver.text.patterns import later

_PIECE = later(
    r"(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<escape>\\.)|(?P<many>[*?]|\{\d*,?\d*\})[+?]?|(?P<plus>\+[+?]?)|(?P<one>.)",
    re.DOTALL,
)
# What parts words both in a text's folding and for \b; an apostrophe joins them.
_PARTS = later(r"""[\s.,;:!?"()«»—–/#@…-]""")
_EDGES = frozenset((r"\b", r"\s", r"\A", r"\Z", "^", "$"))
_BREAK, _EDGE = "\0", "\n"
# Letters that most posts do not hold, each with one other case and no more (k has two: the kelvin).
_RARE = "ґђћџљњўщэфёqxzjц"


def compiled(pattern: str) -> re.Pattern[str]:
    """The expression, upper and lower case alike. Raises ValueError with a sentence."""
    try:
        return re.compile(pattern, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"this regular expression cannot be read: {error}") from None


def fitting(pattern: str) -> Callable[[str], bool]:
    """Whether a text has a place that the expression fits.

    Where it must hold some letters one after the other, they are looked for first: 0.2 us a post
    for what has no case ("-", Chinese), 0.3 for a rare letter in both cases, 1.8 for all in small
    letters, against 5 to 15 for the expression.
    """
    search = limited(pattern, compiled(pattern).search)
    sure = max(_runs(pattern), key=len, default="")
    if sure and sure == sure.upper() == sure.casefold():
        return lambda text: sure in text and search(text) is not None
    rare = next((char for char in _RARE if char in sure), None)
    if rare:
        large = rare.upper()
        return lambda text: (
            (rare in text or large in text) and sure in text.lower() and search(text) is not None
        )
    if len(sure) < 2:
        return lambda text: search(text) is not None
    return lambda text: sure in text.lower() and search(text) is not None


def finding(pattern: str) -> Callable[[str], list[tuple[int, int]]]:
    """Finds the places that the expression fits in a text, those of nothing left out."""
    found = compiled(pattern).finditer
    return limited(pattern, lambda text: [at.span() for at in found(text) if at.group()])


def _runs(pattern: str) -> list[str]:
    """What stands, in small letters, in every text that the pattern fits."""
    plain = _outermost(pattern)
    # A sigma is written in three ways, of which lower() makes two.
    return re.findall(r"[^\0\nσς]+", plain.lower()) if plain else []


def literal_words(pattern: str) -> tuple[str, ...]:
    """Folded words of which each stands whole in every text that the pattern fits.

    >>> literal_words(r"\\bновые санкции\\b.*банк")
    ('новые', 'санкции')
    """
    plain = _outermost(pattern)
    if plain is None:
        return ()
    found: list[str] = []
    for word in re.finditer(r"[^\W_]+", plain):
        before, after = plain[word.start() - 1 : word.start()], plain[word.end() : word.end() + 1]
        if _PARTS.fullmatch(before) and _PARTS.fullmatch(after):
            found += fold(word.group())
    return tuple(dict.fromkeys(found))


def _outermost(pattern: str) -> str | None:
    """The literal characters outside of groups, with edges of words and breaks between them.

    None where alternatives or flags make nothing sure.
    """
    out, depth = [_BREAK], 0
    for piece in _PIECE.finditer(pattern):
        text = piece.group()
        if text == "(":
            if pattern[piece.end() :].startswith("?") and not pattern.startswith("?:", piece.end()):
                return None
            depth += 1
        elif text == ")":
            depth -= 1
        elif depth:
            continue
        elif text == "|":
            return None
        elif piece["many"]:
            out[-1] = _BREAK  # the character before may be missing
        elif piece["plus"]:
            if out[-1] != _EDGE:
                out.append(_BREAK)
            continue
        elif text in _EDGES:
            out.append(_EDGE)
            continue
        elif piece["one"] and text != ".":
            out.append(text if text not in "\0\n" else _EDGE)
            continue
        elif piece["escape"] and not text[1].isalnum():
            out.append(text[1])
            continue
        out.append(_BREAK)
    return "".join([*out, _BREAK])
