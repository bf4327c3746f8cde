"""What two near copies are compared by: words as code points, and the words that are names.

A word is one code point, so that the measures of `compare` run over short strings: six times as
fast as over letters, and nearer to what a reader calls alike.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence, Set
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from archiver.text.body import comparable_words

# The space leads, since what begins with a letter is looked for fast; few have a capital behind it.
_CAPITALS = "A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁІЇЄҐЎΑ-Ω"
_NAMES = re.compile(
    f' (?=[«"“„({_CAPITALS}])(?<=(?:[^\\W_]|[,)»”"]) )[«"“„(]?([{_CAPITALS}][^\\W_]*)'
)
_APOSTROPHES = re.compile("['`´ʼ‘’]")
_CACHED = 1 << 17
HASH_UNITS = 3  # of four bytes: the code point, and two of the hash


class Wording(NamedTuple):
    """A comparable text, ready to be compared with others.

    Strings alone, `names` with a space around each: a tuple of words takes ten times the memory,
    and as long to be handed from one process to another as to be made.
    """

    text: str
    codes: str
    names: str

    @property
    def words(self) -> list[str]:
        """The words; there are as many as code points. Not to be changed."""
        return _words(self.text)


@lru_cache(maxsize=512)  # a text is compared with up to eight others, one after the other
def _words(text: str) -> list[str]:
    return text.split()


def wording(text: str, footers: Set[str] = frozenset()) -> Wording:
    """The wording of a text whose cuts are made already.

    >>> wording("Yesterday the mayor of Paris said").names
    ' paris '
    """
    words = comparable_words(text, footers)
    return Wording(" ".join(words), encode(words), names_in(text))


def encode(words: Sequence[str]) -> str:
    """One code point a word; two words share one about once in a million."""
    return codes_in(array("I", b"".join(map(HASHES.__getitem__, words))))


def codes_in(hashes: array[int]) -> str:
    """The code points of words, out of their hashes put together."""
    return hashes[::HASH_UNITS].tobytes().decode("utf-32-le")


def names_in(text: str) -> str:
    """The words with a capital inside a sentence, in the comparable form, between spaces.

    That is: after a word, a comma or a bracket, maybe behind an opening quote.
    """
    found = _NAMES.findall(text)
    if not found:
        return " "
    return f" {_APOSTROPHES.sub('', ' '.join(found)).casefold().replace('ё', 'е')} "


class _Hashes(dict[str, bytes]):
    """The hashes of words met lately; the same in every process and on every machine.

    Of each word 12 bytes, the lower first: its code point and 64 bits. Put together, those of a
    text are parted again by slices, which costs a tenth of a look at each word.
    """

    def __missing__(self, word: str) -> bytes:
        if len(self) >= _CACHED:
            self.clear()
        digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        # 1,114,112 code points without the 2,048 surrogates.
        code = int.from_bytes(digest, "big") % 1_112_064
        letter = code + 2048 if code >= 0xD800 else code
        found = self[word] = letter.to_bytes(4, "little") + digest[::-1]
        return found


HASHES = _Hashes()
