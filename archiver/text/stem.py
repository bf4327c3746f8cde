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

from functools import cache
from typing import Protocol

from archiver.text.patterns import later

_CYRILLIC = later(r"[\u0430-\u044f\u0451-\u045f\u0491]{3,40}")
_UKRAINIAN = later(r"[іїєґ]")
_LATIN = later(r"[a-z]{3,40}")
_ARABIC = later(r"[\u0621-\u064a\u066e-\u06d3]{3,40}")

_AS_RUSSIAN = str.maketrans("іїєґ", "ииег")
# Russian endings of verbs that Ukrainian roots happen to end in: обстріл, совіт.
_NO_ENDING = later(r"і(?=[лт])")
_NOT_ENDING = later("(?:[ая](?:л|н|ла|на|ло|но|ли|ны|ни|ем)|[оеая]м|[ое]в|[ая]х)$")
_FLEETING = later("(?:[ое](к)|е(ц|н)ь?)$")
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
    others = [stem]
    if _NOT_ENDING.search(form):
        whole = form[:-1] if form[-1] in "аоиы" else form
        if len(whole) > max(len(stem), 2):
            others.append(whole)
    if len(form) > 4 and (found := _FLEETING.search(form)):
        others.append(form[: found.start()] + (found[1] or found[2]))
    return tuple(dict.fromkeys(others))


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


def _latin(form: str, language: str) -> str:
    """The stem of a word in Latin letters, read in one language."""
    if language == "en":
        return _snowball("english").stemWord(form)
    if language == "de":
        return "de:" + _snowball("german").stemWord(form)
    if language == "es":
        return "es:" + _snowball("spanish").stemWord(_replaced(form, _SPANISH_PLURALS))
    if len(form) > 3 and form.endswith(("is", "us")) and form not in _FRENCH_SINGULARS:
        form = form[:-1]  # Snowball keeps the s of lois, rois, élus
    # misère is no feminine: what takes the ending of one is longer.
    plain = _replaced(form, _FRENCH_ACCENTS if len(form) > 6 else _FRENCH_ACCENTS[:2])
    return "fr:" + _snowball("french").stemWord(plain)


def languages(form: str) -> tuple[str, ...]:
    """The languages that a folded word may be read in; () where its letters tell enough."""
    if _LATIN.fullmatch(form):
        return LATIN
    return ARABIC if _ARABIC.fullmatch(form) else ()


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
        return tuple(_latin(form, each) for each in _read_in(LATIN, language))
    if _ARABIC.fullmatch(form):
        both = {"ar": _arabic, "fa": _farsi_marked}
        return tuple(both[each](form) for each in _read_in(ARABIC, language))
    return ()
