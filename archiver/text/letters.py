"""Texts of the commonest letters, folded letter by letter through an alphabet of 256: 2 us a post.

Most texts need no more than Cyrillic or Arabic letters with Latin ones, digits and punctuation. Two
tables of `codecs` make bytes of such a text and of those the letters searched for, each in one pass
of C; a text with any other letter is told by the first table, and goes the long way of `fold`. What
these tables say of a letter, the long way says too: a test compares them.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from functools import cache
from typing import Any

CYRILLIC = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюяІіЇїЄєҐґЎў"
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيٱپچژڤکگۀیے٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹،؛؟٪"
_ARABIC_FOLDED = "ءااوايابهتثجحخدذرزسشصضطظعغفقكلمنهويياپچژڤكگهيي01234567890123456789    "
# Tatweel, the vowels above and below, and what joins or parts letters: gone wherever they stand.
GONE = "ـًٌٍَُِّْٰ\u200b\u200c\u200d\u200e\u200f"

# What splits at once, the spaces of Unicode among them; no apostrophes, which may join.
SPLITTERS = (
    '\t\n\v\f\r\x1c\x1d\x1e\x1f !"#$%&()*+,-./:;<=>?@[\\]^_{|}~\x85\xa0\u1680\u2000\u2001\u2002'
    "\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
    "«»—–…“”„•。、，！？：；《》「」（）"
)
_SIZE = 256
_NO_LETTER = "\ufffe"  # what the codecs take for a gap

Folder = Callable[[str], "str | None"]


def _folder(letters: str, folded: str, gone: str = "") -> Folder:
    """What folds texts of these letters and of what splits; None for a text with any other."""
    # NUL is none of the letters: it has to stand first, or the codec takes a dict and 14 us.
    known = ("\0" + letters + SPLITTERS + gone).ljust(_SIZE, _NO_LETTER)
    heard = (" " + folded + " " * len(SPLITTERS)).ljust(_SIZE)
    encode, decode = codecs.charmap_encode, codecs.charmap_decode
    places: Any = codecs.charmap_build(known)
    vanishing = encode(gone, "strict", places)[0]

    def fold(text: str) -> str | None:
        try:
            found = encode(text, "strict", places)[0]
        except UnicodeEncodeError:
            return None
        if 0 in found:
            return None
        return decode(found.translate(None, vanishing) if vanishing else found, "strict", heard)[0]

    return fold


@cache
def cyrillic() -> Folder:
    """Folds texts in Russian, Ukrainian, English: their words with any white space between them.

    >>> cyrillic()("Ёлка, 7!"), cyrillic()("Café")
    ('елка  7 ', None)
    """
    return _folder(CYRILLIC + LATIN, CYRILLIC.lower().replace("ё", "е") + LATIN.lower())


@cache
def arabic() -> Folder:
    """Folds texts in Arabic and Farsi."""
    return _folder(ARABIC + LATIN, _ARABIC_FOLDED + LATIN.lower(), GONE)
