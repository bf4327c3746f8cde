"""The searchable form of a text: words without case, marks and spelling variants, per script.

What a search and the index agree on. The rules:

* NFKC and casefold, so full width, ligatures and styled letters are plain ones;
* ё is е; a stress mark on a Cyrillic letter is dropped, but й, ї, ґ, ў stay what they are;
* Latin, Greek, Hebrew and Arabic letters lose their marks (ø, ł, đ, ı too); the forms of alef,
  ya, kaf, waw and heh are one each, in Arabic and in Farsi; tatweel is dropped;
* every decimal digit is an ASCII one; 3.5, 1,000 and 12:30 are two words each, and the query
  language looks for them as a phrase;
* an apostrophe between letters joins them (п'ять and пять are one word), elsewhere it splits, and
  so it does after the short words that French and Italian join to the next (l'état, d'oro);
* zero-width and format characters vanish, so a Farsi word is the same with ZWNJ and without;
* Han, kana, Thai, Lao, Burmese and Khmer, written without spaces, are single characters, which
  a query looks for as a phrase; Korean is written with spaces and keeps its words;
* everything else splits: punctuation, `_`, emoji (keycaps too), controls, unassigned characters.
  #tag and @name are the bare word.

Every word is letters, digits and marks: FTS5's `ascii` tokenizer takes it for one token.
Any change of the outcome must raise FOLD_VERSION: the index is a pure function of stored rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from archiver.text.letters import arabic, cyrillic
from archiver.text.patterns import later

FOLD_VERSION = 3

# A generation of the cache, of which there are two: together about 25 MB when full.
_CACHE_WORDS = 60_000
_LONGEST_CACHED = 40


class Token(NamedTuple):
    """A word in its searchable form and where it stands in the original text."""

    form: str
    start: int
    end: int


# Splits fast at what always splits; what is left is looked at once per distinct chunk.
_SPLITTERS = r"""\s!"#$%&()*+,\-./:;<=>?@\[\\\]^_{|}~«»—–…“”„•。、，！？：；《》「」（）"""
_CHUNK = re.compile(f"[^{_SPLITTERS}]+")

_PLAIN = re.compile(r"[0-9A-Za-zА-Яа-яІіЇїЄєҐґЎў]+")
_HAN = later(r"[\u4e00-\u9fff]+")

# What never begins a word of its own: combining marks, variation selectors, vowels and finals of
# decomposed Korean, half-width voice marks, and everything invisible.
_EXTENDERS = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    r"\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    r"\u0711\u0730-\u074a\u08d3-\u08e1\u08e3-\u08ff\u093c\u1160-\u11ff\u180b-\u180f"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f"
    r"\uff9e\uff9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u3164\uffa0"
    r"\U000e0000-\U000e0fff"
)
_CLUSTER = later(rf".[{_EXTENDERS}]*", re.DOTALL)
# Scripts written without spaces: every character is a word.
_UNSPACED = later(
    r"[\u0e01-\u0e4f\u0e81-\u0ecf\u0edc-\u0edf\u1000-\u103f\u104c-\u109d\u1780-\u17d3"
    r"\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u3096\u309d-\u309f"
    r"\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff]"
)

_APOSTROPHES = "'’ʼ‘`＇"
_NO_APOSTROPHES = dict.fromkeys(map(ord, _APOSTROPHES), " ")
_KEYCAP = "\u20e3"
_ALWAYS = str.maketrans(
    {
        "ё": "е",
        "ѐ": "е",
        "ѝ": "и",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ħ": "h",
        "ŧ": "t",
        "ı": "i",
        "ð": "d",
        "æ": "ae",
        "œ": "oe",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ے": "ي",
        "ک": "ك",
        "ڪ": "ك",
        "ة": "ه",
        "ۀ": "ه",
        "ە": "ه",
        "ہ": "ه",
        "ۂ": "ه",
        "ۃ": "ه",
        "ھ": "ه",
        "ـ": "",
        "ʼ": "",
    }
)
# Cyrillic and kana: what Unicode calls a mark there makes another letter.
_KEPT_WHOLE = later(r"[\u0400-\u052f\u3041-\u30ff]")
_INVISIBLE = frozenset("\u034f\u115f\u1160\u3164\uffa0\u17b4\u17b5")
# Blocks whose marks are vowels and must stay: the Indic and South-East Asian scripts.
_KEPT_MARKS = later(r"[\u0900-\u1aaf\u1b00-\u1cff\ua800-\uabff\U00011000-\U00011fff]")


def _letter(char: str) -> str:
    """One normalised character as searched: itself, its base letters, nothing, or a space."""
    if char in _INVISIBLE or unicodedata.category(char) == "Cf":
        return ""
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if char.isalnum():
        return char
    if unicodedata.category(char)[0] == "M":
        return char if _KEPT_MARKS.match(char) else ""
    return " "


def _bare(char: str) -> str:
    """A character without its marks, where the marks do not make it another letter."""
    char = char.translate(_ALWAYS)
    if _KEPT_WHOLE.match(char):
        return char
    parts = unicodedata.normalize("NFD", char).translate(_ALWAYS)
    return unicodedata.normalize("NFC", "".join(map(_letter, parts)))


def _fold_cluster(cluster: str) -> str:
    """A character and its marks: letters; "'" for an apostrophe; spaces where a word ends."""
    first = cluster[0]
    if first in _APOSTROPHES:
        return "'"
    if first.isascii() and len(cluster) == 1:
        return first.lower() if first.isalnum() else " "
    if _KEYCAP in cluster or unicodedata.category(first)[0] in "SPZ":
        return " "
    # Twice, since casefolding may undo a composition and a composition may have a case.
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    text = "".join(map(_bare, unicodedata.normalize("NFKC", text.casefold())))
    return text if text.isascii() else _UNSPACED.sub(r" \g<0> ", text)


class _Clusters(dict[str, str]):
    """Folded clusters; text holds few different ones, but strangers may send many."""

    def __missing__(self, cluster: str) -> str:
        if len(self) > 20_000:
            self.clear()
        folded = self[cluster] = _fold_cluster(cluster)
        return folded


_clusters = _Clusters()
_WORD = later(r"[^\s']+(?:'[^\s']+)*")


# Most posts hold nothing but Latin and Cyrillic letters, common punctuation and emoji, and fold
# letter by letter, without a look at each word: 25 us a post where words are mostly new, not 65.
_LETTERS = "0-9A-Za-zА-Яа-яЁёІіЇїЄєҐґЎў"
_EMOJI = re.compile(r"[\u2600-\u27bf\U0001f000-\U0001faff][\ufe0f\u200d]*")
_APOSTROPHE = later(f"(?<=[{_LETTERS}])[{_APOSTROPHES}](?=[{_LETTERS}])")
# The letter before the apostrophe of an elision: o is none (O'Hara).
_ELISION = later(
    rf"(?<![^\W_])(?<![{_APOSTROPHES}])([cdjlmnst]|qu)[{_APOSTROPHES}](?=[^\W\d_])", re.IGNORECASE
)
_SIMPLE = re.compile(f"[{_LETTERS}{_APOSTROPHES}{_SPLITTERS}]*+")


def _fold_chunk(chunk: str) -> str:
    """The words of a chunk, joined by spaces; "" when it holds none."""
    if _PLAIN.fullmatch(chunk):
        return chunk.lower()
    folded = "".join(map(_clusters.__getitem__, _CLUSTER.findall(chunk)))
    return " ".join(word.replace("'", "") for word in _WORD.findall(_elided(folded)))


def _elided(folded: str) -> str:
    """Folded text in which the words of an elision are apart; as long as it was."""
    return _ELISION.sub(r"\1 ", folded) if "'" in folded else folded


class _Chunks(dict[str, str]):
    """Folded chunks: a word that comes again costs one look-up (25 us a post instead of 250).

    A full generation becomes the older one, out of which frequent words come back.
    """

    def __init__(self) -> None:
        super().__init__()
        self.older: dict[str, str] = {}

    def __missing__(self, chunk: str) -> str:
        if _HAN.fullmatch(chunk):
            return " ".join(chunk)  # hardly any comes twice
        folded = self.older.get(chunk)
        if folded is None:
            folded = _fold_chunk(chunk)
        if len(chunk) <= _LONGEST_CACHED:
            if len(self) >= _CACHE_WORDS:
                self.older = dict(self)
                self.clear()
            self[chunk] = chunk if chunk == folded else folded
        return folded


_chunks = _Chunks()


def _plain(text: str) -> str | None:
    """A text of common letters, folded; None for one that has others.

    Emoji and apostrophes are looked for only where the text is none as it stands.
    """
    if (folded := cyrillic()(text)) is not None:
        return folded
    plain = _EMOJI.sub(" ", text)
    if any(map(plain.__contains__, _APOSTROPHES)):
        plain = _APOSTROPHE.sub("", _ELISION.sub(r"\1 ", plain)).translate(_NO_APOSTROPHES)
    return None if plain == text else cyrillic()(plain)


def fold_loosely(text: str) -> str:
    """The searchable words of a text, apart by any number of spaces: half the time of the others.

    >>> fold_loosely("Ёлка, П’ять").split()
    ['елка', 'пять']
    """
    folded = _plain(text)
    if folded is None and (folded := arabic()(text)) is None:
        folded = " ".join(map(_chunks.__getitem__, _CHUNK.findall(text)))
    return folded


def fold(text: str) -> list[str]:
    """The searchable words of a text."""
    return fold_loosely(text).split()


def fold_text(text: str) -> str:
    """The searchable words of a text, joined by spaces: what the index is given.

    >>> fold_text("Ёлка, П’ять — №7 今天")
    'елка пять 7 今 天'
    """
    return " ".join(fold(text))


def _tokens_of(chunk: str, offset: int) -> list[Token]:
    """The words of a chunk with their places; made as `_fold_chunk` makes them."""
    if _PLAIN.fullmatch(chunk):
        return [Token(chunk.lower(), offset, offset + len(chunk))]
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in _CLUSTER.finditer(chunk):
        piece = _clusters[cluster.group()]
        folded.append(piece)
        starts += [cluster.start() + offset] * len(piece)
        ends += [cluster.end() + offset] * len(piece)
    return [
        Token(word.group().replace("'", ""), starts[word.start()], ends[word.end() - 1])
        for word in _WORD.finditer(_elided("".join(folded)))
    ]


def tokens(text: str) -> list[Token]:
    """The words of a text with their places in it: for snippets, slower than `fold`."""
    return [
        token
        for chunk in _CHUNK.finditer(text)
        for token in _tokens_of(chunk.group(), chunk.start())
    ]


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def places(text: str, wanted: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Where the words of a text stand that are wanted: of few, ten times as fast as `tokens`."""
    plain = text if _SIMPLE.fullmatch(text) else _EMOJI.sub(_blank, text)
    if _SIMPLE.fullmatch(plain) and not any(map(plain.__contains__, _APOSTROPHES)):
        # Letter by letter, as `fold_text` does: 30 us a post, and 250 where words are new.
        words = _PLAIN.finditer(plain.lower().replace("ё", "е"))
        return [word.span() for word in words if wanted(word.group())]
    return [
        (token.start, token.end)
        for chunk in _CHUNK.finditer(text)
        if any(map(wanted, _chunks[chunk.group()].split()))
        for token in _tokens_of(chunk.group(), chunk.start())
        if wanted(token.form)
    ]


def is_unspaced(word: str) -> bool:
    """Whether a folded word is a character of a script written without spaces."""
    if word.isascii():
        return False
    return _UNSPACED.match(word) is not None
