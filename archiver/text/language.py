"""Which language a folded text is in, by its script, its letters and its commonest words.

A guess, and a pure function of the text: it is a filter (`lang:`) and says whose endings a word may
take. "" is said where nothing speaks for a language, as in a post of two words.
"""

from __future__ import annotations

import codecs
import re
from typing import Any

from archiver.text.fold import fold_loosely
from archiver.text.patterns import later

_READ = 300  # characters: enough to guess by; all of them would take twice as long
# A scheme or what stands for one, by the letters it begins with: they are soon told from others.
_SCHEME = later(r"[:wt](?:(?<=:)//|(?<=\bw)ww\.|(?<=\bt)\.me/)")
_SCHEMES = ("://", "www.", "t.me/")
_SPACES = later(r"\s")
_CYRILLIC = later(r"[\u0430-\u045f\u0490-\u052f]+")
_LATIN = later(r"[a-z]+")
_ARABIC = later(r"[\u0621-\u06d3]+")
# An alphabet of one byte a letter: what is told of texts in it takes 3 us instead of 9.
_ALPHABET = "\0 abcdefghijklmnopqrstuvwxyz0123456789" + "".join(
    map(chr, (*range(0x430, 0x460), 0x491))
)
_PLACES: Any = codecs.charmap_build(_ALPHABET.ljust(256, "\ufffe"))


def _bytes(letters: str) -> bytes:
    return codecs.charmap_encode(letters, "strict", _PLACES)[0]


_LATIN_BYTES = _bytes(_ALPHABET[2:28])
_CYRILLIC_BYTES = _bytes(_ALPHABET[38:])
_UKRAINIAN_BYTES, _RUSSIAN_BYTES, _OTHER_SLAVS = map(_bytes, ("іїєґ", "ыэ", "ўјљњћђ"))
_SPACE = _bytes(" ")
_OTHER_SCRIPTS = (
    (later(r"[\u3041-\u30fa\u30fc-\u30ff]"), "ja"),
    (later(r"[\uac00-\ud7a3]"), "ko"),
    (later(r"[\u3400-\u9fff\U00020000-\U0003ffff]"), "zh"),
    (later(r"[\u0e01-\u0e4e]"), "th"),
    (later(r"[\u05d0-\u05ea]"), "he"),
    (later(r"[\u03b1-\u03c9]"), "el"),
    (later(r"[\u10d0-\u10ff]"), "ka"),
    (later(r"[\u0561-\u0587]"), "hy"),
    (later(r"[\u0904-\u0939]"), "hi"),
)

# The commonest words as `fold` writes them; the ones that two languages share count for both.
_COMMON = {
    "en": "the of and to in is that for it was on are with as at by this be from have has not they"
    " you we his her or will an their after about more who which said",
    "de": "der die das und ist in den von zu mit sich des auf fur im nicht dem ein eine als auch es"
    " an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem uber vor zum zur",
    "es": "el la de que y en los del se las por un con una su para es al lo como mas pero sus este"
    " ya ha fue son sobre entre tras hoy segun esta",
    "fr": "le la de les et des en du un une que est dans qui pour pas au sur plus par ne se ce il"
    " sont avec ses aux son nous vous apres ont cette selon",
    "it": "di che e la il un per in sono non del della le con una si da gli alla dei ha nel anche",
    "pt": "o de que e do da em um para com nao uma os no se na por mais as dos ao pelo sao",
    "pl": "i w na z do sie nie to jest ze o po przez dla od jak za oraz przy byl",
    "tr": "ve bir bu da de icin ile olarak olan gibi daha cok en kadar sonra dedi",
    "ru": "и в не на что с по это как от для из его уже также при были",
    "uk": "та що це як до від для за його вже також при були у з",
    "fa": "است از به در كه را با اين براي خود ان شد كرد مي يك هاي بر تا",
    "ar": "في من علي الي ان هذا التي عن مع هذه الذي بعد قال بين كما ما لا",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als naar bij",
}
_WORDS = {name: frozenset(words.split()) for name, words in _COMMON.items()}
_LATIN_ONES = ("en", "de", "es", "fr", "it", "pt", "pl", "tr", "nl")
_KNOWN_LATIN = frozenset().union(*(_WORDS[name] for name in _LATIN_ONES))
_SAID_IN = {word: [name for name in _LATIN_ONES if word in _WORDS[name]] for word in _KNOWN_LATIN}
_STEMMED = ("en", "de", "es", "fr")


def language_of(text: str, folded: str) -> str:
    """The language of a text, given its folding too (loose or not); addresses are of none.

    "com" is Portuguese, and the address of a short post in Russian has more words than the post.

    >>> language_of(text := "Ушла https://ferry.example/do/com/um", fold_loosely(text))
    ''
    """
    if any(map(text.__contains__, _SCHEMES)) and (without := _without_addresses(text)) != text:
        # Twice what is read: folding makes texts hardly longer, and seldom much shorter.
        return language(fold_loosely(without[: 2 * _READ]))
    return language(folded)


def _without_addresses(text: str) -> str:
    """A space for each address, with the (dotted) name before it.

    Looked for from the scheme to both sides: a pattern that begins at each letter took 250 us.
    """
    kept: list[str] = []
    at = 0
    for found in _SCHEME.finditer(text):
        scheme, end = found.span()
        if scheme < at:
            continue
        before = text[at:scheme]
        if before and not before[-1].isspace():
            before = before[: len(before) - len(before.rsplit(None, 1)[-1])]
        kept += before, " "
        space = _SPACES.search(text, end)
        at = space.start() if space else len(text)
    return "".join((*kept, text[at:]))


def language(folded: str) -> str:
    """The ISO 639-1 code of the language a folded text is most likely in, or "".

    >>> language("пароплав прийшов до гавані")
    'uk'
    """
    folded = _beginning(folded)
    half = (folded.count(" ") + 2) // 2
    if (plain := _plain(folded, half)) is not None:
        return plain
    if len(_CYRILLIC.findall(folded)) >= half:
        return _cyrillic(folded)
    if len(_LATIN.findall(folded)) >= half:
        return _latin(folded)
    if len(_ARABIC.findall(folded)) >= half:
        return _arabic(folded)
    return next((code for letters, code in _OTHER_SCRIPTS if letters.search(folded)), "")


def _beginning(folded: str) -> str:
    """What is read of a folded text, its words one space apart."""
    some = " ".join(folded[: 2 * _READ].split())
    if len(some) < _READ and len(folded) > 2 * _READ:
        some = " ".join(folded.split())
    return some[:_READ]


def _plain(folded: str, half: int) -> str | None:
    """The language where counting letters tells the script of half the words: in most texts.

    A word without a letter of a script has another character at least, so where words are more
    than those, half of them have one. Finding the words takes four times as long.
    """
    try:
        found = _bytes(folded).translate(None, _SPACE)
    except UnicodeEncodeError:
        return None
    words = folded.count(" ") + (folded[-1:] != " ")
    others = _without(found, _CYRILLIC_BYTES)
    if words - others >= half:
        size = len(found)
        if _without(found, _OTHER_SLAVS) < size:
            return _cyrillic(folded)
        ukrainian = size - _without(found, _UKRAINIAN_BYTES)
        return _russian(folded, ukrainian, size - _without(found, _RUSSIAN_BYTES))
    if others == len(found) and words - _without(found, _LATIN_BYTES) >= half:
        return _latin(folded)
    return None


def _without(found: bytes, letters: bytes) -> int:
    return len(found.translate(None, letters))


def _cyrillic(folded: str) -> str:
    count = folded.count
    if "ў" in folded:
        return "be"
    if "ј" in folded or any(map(folded.__contains__, "љњћђ")):
        return "sr"
    ukrainian = count("і") + count("ї") + count("є") + count("ґ")
    return _russian(folded, ukrainian, count("ы") + count("э"))


def _russian(folded: str, ukrainian: int, russian: int) -> str:
    """Russian, Ukrainian or Bulgarian, by how many letters are of the first two alone."""
    if ukrainian != russian:
        return "uk" if ukrainian > russian else "ru"
    hard = folded.count("ъ")
    if not russian and hard > 1:
        return "bg"
    words = frozenset(folded.split())
    if len(words & _WORDS["uk"]) > len(words & _WORDS["ru"]):
        return "uk"
    return "ru" if russian or hard or len(words) > 2 else ""


def _latin(folded: str) -> str:
    scores = dict.fromkeys(_LATIN_ONES, 0)
    for word in _KNOWN_LATIN.intersection(folded.split()):
        for name in _SAID_IN[word]:
            scores[name] += 1
    best = max(scores, key=scores.__getitem__)
    # Two alike by their commonest words are told apart by nothing we look at; of the languages
    # further down in the list, whose words are fewer here, none is preferred to one further up.
    tied = sum(scores[name] == scores[best] for name in _STEMMED) > 1
    return "" if scores[best] < 1 or tied else best


def _arabic(folded: str) -> str:
    if re.search("[ٹڈڑں]", folded):
        return "ur"
    words = frozenset(folded.split())
    farsi = len(words & _WORDS["fa"]) + 2 * sum(map(folded.count, "پچژگ"))
    arabic = len(words & _WORDS["ar"])
    if farsi == arabic == 0:
        return ""
    return "fa" if farsi > arabic else "ar"
