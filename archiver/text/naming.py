# ruff: noqa: E501 - the names of one thing are read as one line
"""Whether a name stands in the place of another one, and not of the same in another form."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.text.compare import alike, is_number

_MOST = 2  # words of a name, without its particles

# Names of one actor each, by their beginnings: they are told without a capital too, as the first
# word of a text and in Arabic letters, and one in the place of another of its line is no other.
_KNOWN = """
russia* росси* росій* рф* russland* russie* russe* rusia* ruso* روسيا روسیه موسكو مسکو kremlin* кремл* moscow москв*
ukrain* украин* україн* ucrania* أوكرانيا اوکراین kiev* kyiv* киев* києв* київ* зсу всу كييف
israel* израил* ізраїл* إسرائيل اسرائیل
hamas хамас* حماس
hezbollah* хезболл* хизболл* حزب
iran* иран* іран* إيران ایران tehran* тегеран* طهران تهران
iraq* irak* ирак* ірак* العراق عراق
syria* syrie* siria* сири* сирі* سوريا سوریه
turkey* turkish türk* turquie* turquía турци* турец* туреч* تركيا ترکیه
china* chine* chino* кита* الصين چین beijing*
usa states американ* соединенн* штат* сша америк* états etats estados أمريكا آمریکا واشنطن washington*
germany german deutschland* allemagne* alemania герман* німеч* ألمانيا آلمان berlin*
france french français* francia frankreich* франц* فرنسا فرانسه paris*
britain british uk kingdom britann* британ* великобритан* grossbritannien* королевств* بريطانيا انگلیس london*
poland polish polen* pologne* polonia польш* польщ* بولندا لهستان
hungary hungarian ungarn* hongrie* hungría венгр* угорщ* المجر مجارستان
belarus* беларус* білорус* بيلاروسيا
armenia* армени* вірмен* أرمينيا ارمنستان
azerbaijan* азербайдж* أذربيجان آذربایجان
india* inde индия индии индию индий* індія індії الهند هند
pakistan* пакистан* باكستان پاکستان
saudi* саудовск* السعودية عربستان
egypt* egipto ägypten* егип* مصر
lebanon* lebanese liban* líbano ливан* ліван* لبنان
jordan* иордан* الأردن اردن
yemen* йемен* اليمن یمن
japan* japon* япон* اليابان ژاپن
italy italian italien* italia* итал* італ* إيطاليا ایتالیا
eu ес євросоюз* евросоюз*
un nations оон наций
spain spanish spanien* espagne* españa испан* іспан* إسبانيا اسپانیا
"""
_BEGUN: dict[str, int] = {}
_WHOLE: dict[str, int] = {}
for _row, _line in enumerate(_KNOWN.strip().split("\n")):
    for _word in _line.split():
        (_BEGUN if _word[-1] == "*" else _WHOLE)[_word.rstrip("*")] = _row
_STEMS = sorted({len(stem) for stem in _BEGUN})
_LIGHT_WORDS = """
the a an of in on by to at from for в во на из от з із від у під к о для der die das den dem von nach
le la les l de du d des en à el los las del al
"""
_GERMAN_WORDS = "der die das den dem und ist im zum zur nicht von mit für ein eine"
_LIGHT = frozenset(_LIGHT_WORDS.split())
_GERMAN = frozenset(_GERMAN_WORDS.split())
_TITLE = 0.6  # of the words of a text
# "Kiev", "Kyiv": written anew, a name keeps its consonants.
_VOWELS = str.maketrans("", "", "aeiouyаеиоуыэюяіїєй")


def named_anew(
    one: Sequence[str], other: Sequence[str], names: tuple[str, str], start: bool
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The names, if one is a name in the place of another.

    `start` says that both begin their texts, where every word has a capital.
    """
    first, second = (tuple(w for w in words if w not in _LIGHT) for words in (one, other))
    if not (0 < len(first) <= _MOST and 0 < len(second) <= _MOST):
        return None
    told = _is_name(first, names[0], start), _is_name(second, names[1], start)
    if not (all(told) or (start and any(told) and len(first) == len(second) == 1)):
        return None
    return None if _is_same(first, second) else (first, second)


def others_named(
    one: Sequence[str], other: Sequence[str], names: tuple[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The names among some words and among those in their place, if none is in both."""
    first, second = (
        tuple(w for w in words if f" {w} " in told and not is_number(w))
        for words, told in zip((one, other), names, strict=True)
    )
    if not first or not second or _is_same(first, second):
        return None
    return first, second


def has_capitals(words: Sequence[str], names: str) -> bool:
    """Whether all nouns have capitals, or all words of a headline: then they tell no name."""
    return is_german(words) or names.count(" ") - 1 > _TITLE * len(words)


def is_german(words: Sequence[str]) -> bool:
    """Whether a text has two of the words that a German one hardly goes without."""
    found = _GERMAN.intersection(words)
    return len(found) > 1 or (len(found) == 1 and sum(word in _GERMAN for word in words) > 1)


def _is_name(words: Sequence[str], names: str, start: bool) -> bool:
    # "ВС РФ": the first of two words that begin a text is of the name if the second is one.
    named = words[1:] if start and len(words) > 1 else words
    return all(_known(w) is not None or (f" {w} " in names and not is_number(w)) for w in named)


def _known(word: str) -> int | None:
    """Which known actor a word names, if any."""
    found = _WHOLE.get(word)
    if found is not None:
        return found
    for length in _STEMS:
        if length <= len(word) and word[:length] in _BEGUN:
            return _BEGUN[word[:length]]
    return None


def _is_same(first: Sequence[str], second: Sequence[str]) -> bool:
    left, right = ({_known(w) for w in words} - {None} for words in (first, second))
    if left and right:
        return not left.isdisjoint(right)
    if any(_is_spelt(one, other) for one in first for other in second):
        return True
    return _is_short_for(first, second) or _is_short_for(second, first)


def _is_spelt(one: str, other: str) -> bool:
    bare = one.translate(_VOWELS), other.translate(_VOWELS)
    return alike(one, other) or (one[0] == other[0] and bare[0] == bare[1] and len(bare[0]) > 1)


def _is_short_for(short: Sequence[str], words: Sequence[str]) -> bool:
    """Whether one word is the first letters of others: "EU", "European Union"."""
    return len(short) == 1 and len(words) > 1 and short[0] == "".join(w[0] for w in words)
