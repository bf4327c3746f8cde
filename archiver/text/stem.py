"""The stems of a searchable word: what its inflected forms have in common.

The index holds words as written; the lexicon leads from a stem to the forms that were seen, so a
query for one form finds the others, phrases stay exact, and a better stemmer needs no new index.

Russian and English are Snowball's. Ukrainian endings are read as the Russian ones they resemble,
for words like "закон" and "законів" are half in one alphabet and half in the other; і that turns
into о (Харків, Харкова) gives a word a second stem. Arabic is Larkey's light10: Snowball's needs
the teh marbuta that folding has unified. Scripts without an ending to cut have no stems here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol

_CYRILLIC = re.compile(r"[\u0430-\u044f\u0451-\u045f\u0491]{3,40}")
_UKRAINIAN = re.compile(r"[іїєґ]")
_LATIN = re.compile(r"[a-z]{3,40}")
_ARABIC = re.compile(r"[\u0621-\u064a\u066e-\u06d3]{3,40}")

_AS_RUSSIAN = str.maketrans("іїєґ", "ииег")
# Russian endings of verbs that Ukrainian roots happen to end in: обстріл, совіт.
_NO_ENDING = re.compile(r"і(?=[лт])")
_PREFIXES = ("وال", "بال", "كال", "فال", "لل", "ال")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...


@cache
def _snowball(language: str) -> _Stemmer:
    """Snowball's stemmer, imported when the first word asks for it."""
    import Stemmer

    # No cache of its own: the lexicon asks for every form once.
    stemmer: _Stemmer = Stemmer.Stemmer(language, 0)
    return stemmer


def _ukrainian(form: str) -> str:
    """The form without the ending that its Russian twin would lose, in its own letters."""
    twin = form[:-4] + "ость" if form.endswith("ість") else _NO_ENDING.sub("е", form)
    return form[: len(_snowball("russian").stemWord(twin.translate(_AS_RUSSIAN)))]


def _ukrainian_stems(form: str) -> tuple[str, ...]:
    """The stem, and a second one where і hides о, or where -ові may be a dative or a case of -ів.

    >>> _ukrainian_stems("харків")
    ('харк', 'харков')
    """
    stem = _ukrainian(form)
    if form.endswith("ів"):
        return stem, form[:-2] + "ов"
    if form.endswith("їв"):
        return stem, form[:-2] + "єв"
    if len(form) > 6 and form.endswith(("ові", "еві", "єві")):
        return stem, form[:-3]
    return (stem,)


def _arabic(form: str) -> str:
    """The form without conjunction, article and the commonest endings."""
    if form.startswith("و") and len(form) > 4:
        form = form[1:]
    for prefix in _PREFIXES:
        if form.startswith(prefix) and len(form) - len(prefix) >= 2:
            form = form[len(prefix) :]
            break
    for suffix in _SUFFIXES:
        if form.endswith(suffix) and len(form) - len(suffix) >= 3:
            form = form[: -len(suffix)]
    return form


def stems(form: str) -> tuple[str, ...]:
    """The stems of a folded word; () for numbers, CJK and other scripts, and very short words."""
    if _CYRILLIC.fullmatch(form):
        if _UKRAINIAN.search(form):
            return _ukrainian_stems(form)
        return (_snowball("russian").stemWord(form),)
    if _LATIN.fullmatch(form):
        return (_snowball("english").stemWord(form),)
    if _ARABIC.fullmatch(form):
        return (_arabic(form),)
    return ()


def stem(form: str) -> str:
    """The first stem of a folded word, or the word itself."""
    return next(iter(stems(form)), form)
