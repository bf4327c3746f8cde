"""The stems of a searchable word: what its inflected forms have in common.

The index holds words as written; the lexicon leads from a stem to the forms that were seen, so a
query for one form finds the others, phrases stay exact, and a better stemmer needs no new index.

Russian and English are Snowball's. Ukrainian endings are read as the Russian ones they resemble,
for words like "закон" and "законів" are half in one alphabet and half in the other; і that turns
into о (Харків, Харкова) gives a word a second stem. Arabic is Larkey's light10: Snowball's needs
the teh marbuta that folding has unified. Scripts without an ending to cut have no stems here.

German, Spanish and French are Snowball's too, with the accents that folding took made up for, and
Farsi has light rules of its own. They share an alphabet with another language, so their stems carry
the language ("de:haus"): a word takes the endings of the languages it was seen in, no others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from itertools import product
from re import MULTILINE
from typing import Protocol

from archiver.text.patterns import later

_CYRILLIC = later(r"[\u0430-\u044f\u0451-\u045f\u0491]{3,40}")
_UKRAINIAN = later(r"[іїєґ]")
_LATIN = later(r"[a-z]{3,40}")
_ARABIC = later(r"[\u0621-\u064a\u066e-\u06d3]{3,40}")
# One word of those whose stems depend on the language, among others; by its first letter, since
# such a pattern passes over all other letters at once.
_SHARED = later(
    r"[a-z\u0621-\u064a\u066e-\u06d3](?<!\S.)"
    r"(?:(?<=[a-z])[a-z]{2,39}+|(?<![a-z])[\u0621-\u064a\u066e-\u06d3]{2,39}+)(?!\S)"
)
# Of many words, one a line: those of one kind.
_RUSSIAN_LINES = later(r"^[\u0430-\u044f\u0451-\u0453\u0455\u0458-\u045f]{3,40}$", MULTILINE)
_UKRAINIAN_LINES = later(r"^(?=.*[іїєґ])[\u0430-\u044f\u0451-\u045f\u0491]{3,40}$", MULTILINE)
_LATIN_LINES = later(r"^[a-z]{3,40}$", MULTILINE)

# What looks like a case or a verb and may be the end of a noun; the vowel that comes and goes.
_NOT_ENDING = frozenset(
    map(
        "".join,
        (
            *product("ая", ("л", "н", "ла", "на", "ло", "но", "ли", "ны", "ни", "ем", "х")),
            *product("оеая", "м"),
            *product("ое", "в"),
        ),
    )
)
_FLEETING = {"ок": "к", "ек": "к", "ец": "ц", "ен": "н", "ець": "ц", "ень": "н"}
_ODD_ENDS = _NOT_ENDING.union(_FLEETING)
_PREFIXES = ("وال", "بال", "كال", "فال", "لل", "ال")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
_FARSI_VERB = later("(?:نمي|مي)(.{2,}?)(?:يم|يد|ند|م|ي|د)?")
_FARSI_NOUN = later("(.{2,}?)(?:ترين|تر)?(?:ها)?(?:يي|ي)?(?:مان|تان|شان)?")
_FARSI_PLURAL = later("(.{2,}?)ها(?:يي|ي)?(?:مان|تان|شان|م|ت|ش)?")
_SPANISH_PLURALS = (("ces", "z"), ("es", ""), ("os", "o"), ("as", "a"))
_FRENCH_ACCENTS = (("ees", "e"), ("ee", "e"), ("eres", "er"), ("ere", "er"))
_FRENCH_SINGULARS = (
    "mais", "mois", "fois", "trois", "puis", "depuis", "jamais", "bois", "avis", "paris", "suis",
)  # fmt: skip

# By alphabet, the languages whose stems are kept apart; the first is the one without a mark.
LATIN = ("en", "de", "es", "fr")
ARABIC = ("ar", "fa")


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...
    def stemWords(self, words: Collection[str]) -> list[str]: ...


@cache
def _snowball(language: str) -> _Stemmer:
    """Snowball's stemmer, imported when the first word asks for it."""
    import Stemmer

    # No cache of its own: the lexicon asks for every form once.
    stemmer: _Stemmer = Stemmer.Stemmer(language, 0)
    return stemmer


def version() -> int:
    """The version of Snowball as a number, 30100 for 3.1.0: another one may cut words otherwise."""
    import Stemmer

    parts = [int(part) for part in Stemmer.version().split(".")[:3] if part.isdecimal()]
    major, minor, patch = (*parts, 0, 0, 0)[:3]
    return (major * 100 + minor) * 100 + patch


def _russian_stems(form: str) -> tuple[str, ...]:
    """Snowball's stem, and others where it takes the end of a noun for an ending.

    паром, канал and охрана lose what looks like a case or a verb; рынок and рынка differ by a
    vowel. A stem that no other word has does no harm.

    >>> _russian_stems("паром"), _russian_stems("парома"), _russian_stems("рынок")
    (('пар', 'паром'), ('паром',), ('рынок', 'рынк'))
    """
    stem = _snowball("russian").stemWord(form)
    return _with_others(form, stem)


def _with_others(form: str, stem: str) -> tuple[str, ...]:
    two, three = form[-2:], form[-3:]
    if two not in _ODD_ENDS and three not in _ODD_ENDS:
        return (stem,)
    others = [stem]
    if two in _NOT_ENDING or three in _NOT_ENDING:
        whole = form[:-1] if form[-1] in "аоиы" else form
        if len(whole) > max(len(stem), 2):
            others.append(whole)
    end = two if two in _FLEETING else three
    if len(form) > 4 and end in _FLEETING:
        others.append(form[: -len(end)] + _FLEETING[end])
    return tuple(dict.fromkeys(others))


def _twin(form: str) -> str:
    """The Russian word that loses the ending a Ukrainian form should."""
    if form.endswith("ість"):
        form = form[:-4] + "ость"
    # Russian endings of verbs that Ukrainian roots happen to end in: обстріл, совіт.
    elif "іл" in form or "іт" in form:
        form = form.replace("іл", "ел").replace("іт", "ет")
    # Four times as fast as a table of them.
    return form.replace("і", "и").replace("ї", "и").replace("є", "е").replace("ґ", "г")


def _ukrainian_stems(form: str) -> tuple[str, ...]:
    """The stem, and a second one where і hides о, or where -ові may be a dative or a case of -ів.

    >>> _ukrainian_stems("харків")
    ('харк', 'харков')
    """
    return _cut_as(form, _snowball("russian").stemWord(_twin(form)))


def _cut_as(form: str, twin: str) -> tuple[str, ...]:
    """The stems of a Ukrainian form as long as its twin's stem, in its own letters."""
    stem = form[: len(twin)]
    if form.endswith("ів"):
        return stem, form[:-2] + "ов"
    if form.endswith("їв"):
        return stem, form[:-2] + "єв"
    if len(form) > 6 and form.endswith(("ові", "еві", "єві")):
        return stem, form[:-3]
    return _with_others(form, stem)


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


def _farsi(form: str) -> str:
    """The form without the marks of plural, ezafe, owner and degree, or of a present verb."""
    if found := _FARSI_VERB.fullmatch(form):
        return found[1]
    found = _FARSI_PLURAL.fullmatch(form) or _FARSI_NOUN.fullmatch(form)
    return found[1] if found and len(found[1]) > 2 else form


def _farsi_marked(form: str) -> str:
    return "fa:" + _farsi(form)


def _replaced(form: str, endings: tuple[tuple[str, str], ...]) -> str:
    for ending, other in endings:
        if form.endswith(ending) and len(form) > 4:
            return form[: -len(ending)] + other
    return form


def _french(form: str) -> str:
    if len(form) > 3 and form.endswith(("is", "us")) and form not in _FRENCH_SINGULARS:
        form = form[:-1]  # Snowball keeps the s of lois, rois, élus
    # misère is no feminine: what takes the ending of one is longer.
    return _replaced(form, _FRENCH_ACCENTS if len(form) > 6 else _FRENCH_ACCENTS[:2])


def _latin(forms: Collection[str], language: str) -> list[str]:
    """The stems of words in Latin letters, read in one language."""
    if language == "en":
        return _snowball("english").stemWords(forms)
    if language == "de":
        found = _snowball("german").stemWords(forms)
    elif language == "es":
        found = _snowball("spanish").stemWords([_replaced(f, _SPANISH_PLURALS) for f in forms])
    else:
        found = _snowball("french").stemWords(list(map(_french, forms)))
    return [f"{language}:{stem}" for stem in found]


def languages(form: str) -> tuple[str, ...]:
    """The languages that a folded word may be read in; () where its letters tell enough."""
    if _LATIN.fullmatch(form):
        return LATIN
    return ARABIC if _ARABIC.fullmatch(form) else ()


def shared(folded: str) -> list[str]:
    """The words of a folded text whose stems depend on the language that they are read in.

    >>> shared("паром ferry  b2b"), languages("паром")
    (['ferry'], ())
    """
    return _SHARED.findall(folded)


def _read_in(languages: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Those of an alphabet's languages that a word is read in: all, where nobody knows better."""
    if not language:
        return languages
    # A Latin word in a Russian post takes the endings that most such words do.
    return (language,) if language in languages else languages[:1]


def stems(form: str, language: str = "") -> tuple[str, ...]:
    """The stems of a folded word in a text of some language, or of nobody knows which.

    () for numbers, CJK and other scripts, and very short words.

    >>> stems("hauser", "de"), stems("porte")
    (('de:haus',), ('port', 'de:port', 'es:port', 'fr:port'))
    """
    if _CYRILLIC.fullmatch(form):
        if _UKRAINIAN.search(form):
            return _ukrainian_stems(form)
        return _russian_stems(form)
    if _LATIN.fullmatch(form):
        return tuple(_latin((form,), each)[0] for each in _read_in(LATIN, language))
    if _ARABIC.fullmatch(form):
        both = {"ar": _arabic, "fa": _farsi_marked}
        return tuple(both[each](form) for each in _read_in(ARABIC, language))
    return ()


def reading(language: str) -> str:
    """One language for all those in whose texts every word has the same stems.

    >>> reading("uk"), reading("ar"), reading("de"), reading("")
    ('en', 'en', 'de', '')
    """
    own = not language or language in LATIN or language in ARABIC[1:]
    return language if own else LATIN[0]


def stem_all(
    forms: Collection[str], language: str, stemless: Callable[[str], tuple[str, ...]]
) -> list[tuple[str, str]]:
    """(stem, form) of many different words, as `stems` gives them for each: a third of the time.

    A word without a stem comes under those that `stemless` gives.
    """
    lines = "\n".join(forms)
    russian, latin = _RUSSIAN_LINES.findall(lines), _LATIN_LINES.findall(lines)
    ukrainian = _UKRAINIAN_LINES.findall(lines)
    cut = _snowball("russian").stemWords(russian)
    found = list(zip(cut, russian, strict=True))
    for form, stem in zip(russian, cut, strict=True):
        if form[-2:] in _ODD_ENDS or form[-3:] in _ODD_ENDS:
            found += [(other, form) for other in _with_others(form, stem)[1:]]
    twins = _snowball("russian").stemWords(list(map(_twin, ukrainian)))
    for form, twin in zip(ukrainian, twins, strict=True):
        found += [(stem, form) for stem in _cut_as(form, twin)]
    for each in _read_in(LATIN, language):
        found += zip(_latin(latin, each), latin, strict=True)
    if len(russian) + len(ukrainian) + len(latin) < len(forms):
        for form in set(forms).difference(russian, ukrainian, latin):
            found += [(stem, form) for stem in stems(form, language) or stemless(form)]
    return found
