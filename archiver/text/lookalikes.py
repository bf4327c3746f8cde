"""Letters that look like those of another script: "сoвет" with a Latin "o" is the word "совет".

Of 17,080 real posts 150 have a word that mixes Cyrillic and Latin letters, mostly typed so by
chance; typed otherwise, a copy would have other words. A word is given the script of most of its
letters where each of the others has a twin in it; "USBшник" and the like stay as they are.
"""

from __future__ import annotations

import re

_CYRILLIC = "аеорсухкмтвніјѕ"
_LATIN = "aeopcyxkmtbhijs"  # in small letters: "В" and "B", "Н" and "H" were alike as capitals
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)

_SMALL = "а-яіїєґўјѕ"
_LETTERS = re.compile(f"[{_SMALL}]")
_MIXED = re.compile(rf"(?<![a-z{_SMALL}])(?:[a-z]++[{_SMALL}]|[{_SMALL}]++[a-z])[a-z{_SMALL}]*+")
# Begins with the script that fewer texts have, and takes half the time of looking for the words.
_MIXES = re.compile(rf"[a-z](?:(?=[{_SMALL}])|(?<=[{_SMALL}].))")


def in_one_script(text: str) -> str:
    """A text in small letters, whose words are of one script where they can be.

    >>> in_one_script("сoвет xpанит seсret"), in_one_script("usbшник, apkшка")
    ('совет хранит secret', 'usbшник, apkшка')
    """
    if text.isascii() or _MIXES.search(text) is None:
        return text
    return _MIXED.sub(_as_most, text)


def _as_most(found: re.Match[str]) -> str:
    word = found[0]
    cyrillic = len(_LETTERS.findall(word))
    if 2 * cyrillic == len(word):
        return word
    if 2 * cyrillic > len(word):
        same = word.translate(_TO_CYRILLIC)
        return same if len(_LETTERS.findall(same)) == len(word) else word
    same = word.translate(_TO_LATIN)
    return same if same.isascii() else word
