"""Whether words are the same as others, in another form: "cancels" and "has cancelled".

The tense itself may be the news: what "will" be signed and hours later "has" been is another event,
and so is what "may" be, and who "attacked" and who "was attacked"; what somebody only "wanted to"
do is one at once. All else that a headline does with a verb says the same. Asked only where a rule
would keep two texts apart, and of short ones that none does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from archiver.text.compare import alike, is_number
from archiver.text.fold import fold_text
from archiver.text.stem import stems

Sides = tuple[Sequence[str], Sequence[str]]
Language = Callable[[], str]  # of the text; asked for only where it may matter

_COMING = """
will would shall to wird werden будет будут буде будуть va vont sera seront será serán
"""
_MAYBE = """
may might can could must should soll sollen kann können muss müssen dürfte dürften
может могут мог могли должен должна должны може можуть peut peuvent doit doivent puede pueden debe
"""
_HAVING = "has have had did do does hat haben hatte hatten a ont avait avaient ha han había habían"
# What is done to somebody: a form of "be" without an "-ing".
_BEING = """
is are was were be been being ist sind war waren wurde wurden est sont était étaient été es son
fue fueron был была было были був була було були
"""
_PAST = """
has have had did hat haben hatte hatten a ont avait avaient ha han había habían
was were been war waren wurde wurden était étaient été fue fueron
был была было были був була було були
"""
_MEANT_WORDS = """
want wants wanted plan plans planned intend intends intended propose proposes proposed
хочет хотят хотел хотела хотело хотели планирует планируют планировал планировала планировали
намерен намерена намерены собирается собираются собирался собиралась собирались готовится готовятся
предлагает предлагают предложил предложила предложили
хоче хочуть хотів хотіла хотіли планує планують збирається збираються пропонує пропонують
wollen wollte wollten plant planen plante planten möchte möchten beabsichtigt
veut veulent voulait voulaient envisage envisagent quiere quieren quería querían planea planean
"""
_MEANT = frozenset(_MEANT_WORDS.split())
# "Отменит", "подпишет": a prefix makes a future of a verb, but where "-ает", "-ывают" or a verb of
# going undo it ("отменяет", "выводит").
_WILL = re.compile(
    "(?:за|от|вы|под|на|по|при|раз|рас|об|про|вос|из|ис|пере|до)(?!.*(?:ход|нос|вод|воз)ит)"
    ".{2,}(?:[иуяа]т|(?<=дас)т|(?<![аяы])[ею]т)(?:ся)?"
)
COMING = frozenset(_COMING.split())
_UNSURE = frozenset(_MAYBE.split())
_PASSIVE = frozenset(_BEING.split())
_DONE = frozenset(_PAST.split())
_LIGHT = COMING | _UNSURE | _PASSIVE | frozenset(_HAVING.split())
_NOT_YET = frozenset(["not", "nicht", "не", "ne", "pas", "no"])
_DONE_ENDS = ("ed", "л", "ла", "ло", "ли", "лся", "лась", "лось", "лись")
_REFLEXIVE = ("ся", "сь")
_BEGINNING = 3  # letters that the forms of one word have in common at least


def are_inflected(places: Iterable[Sides], left: Sides, language: Language) -> bool:
    """Whether all that stands in for others are other forms of the same words, in no other tense.

    `left` are the words that only one text has: "hat" for "sperrt", "gesperrt" far behind it. The
    language of the text is asked for only when a word may be the form of another.
    """
    for first, second in places:
        if not _is_one_voice(first, second, left):
            return False
        for words, others, beyond in ((first, second, left[1]), (second, first, left[0])):
            mates = [*others, *beyond]
            heavy = [word for word in words if word not in _LIGHT and word not in _NOT_YET]
            if not all(any(_is_form(w, mate, language) for mate in mates) for w in heavy):
                return False
    return True


def may_be_inflected(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether it is worth asking: most templates are told apart by the beginnings of words."""
    if len(first) == len(second) == 1 and first[0][0] != second[0][0]:
        return _is_open(first[0]) or _is_open(second[0])
    begun = {word[:_BEGINNING] for word in second}
    return any(word[:_BEGINNING] in begun or _is_open(word) for word in first) or any(
        map(_is_open, second)
    )


def _is_open(word: str) -> bool:
    """Whether it may stand for a word that begins otherwise, or stands elsewhere."""
    return word in _LIGHT or word[:2] == "ge"


def has_come(first: Sequence[str], second: Sequence[str], language: Language) -> bool:
    """Whether what one says will or may be done was done by the other, in its place."""
    if _is_maybe(first) == _is_maybe(second):
        coming = _is_to_come(first)
        if coming == _is_to_come(second) or not _is_done(second if coming else first):
            return False
    return _are_of_one_verb(first, second, language)


def was_meant(first: Sequence[str], second: Sequence[str], language: Language) -> bool:
    """Whether somebody only wanted or means to do what the other text says was done."""
    meant = _MEANT.isdisjoint(second)
    if meant == _MEANT.isdisjoint(first):
        return False
    said = second if meant else first
    is_done = _is_done(said) or any(word.isascii() and word.endswith("s") for word in said)
    if not is_done or _is_to_come(said) or _is_maybe(said):
        return False
    one, other = ([word for word in words if word not in _MEANT] for words in (first, second))
    return bool(one and other) and _are_of_one_verb(one, other, language)


def _are_of_one_verb(first: Sequence[str], second: Sequence[str], language: Language) -> bool:
    heavy = [[word for word in words if word not in _LIGHT] for words in (first, second)]
    if not any(heavy):
        return bool(first) and bool(second)
    return any(_is_form(word, mate, language) for word in heavy[0] for mate in heavy[1])


def _is_one_voice(first: Sequence[str], second: Sequence[str], left: Sides) -> bool:
    """Whether neither is only to come, or only maybe, or done to whom it does in the other."""
    if _is_maybe(first) or _is_maybe(second):
        return _UNSURE.intersection(first) == _UNSURE.intersection(second)
    bare = [[word for word in words if word not in _NOT_YET] for words in (first, second)]
    light = [all(word in _LIGHT for word in words) for words in bare]
    if _is_coming(first) != _is_coming(second):
        said = (second, left[1]) if _is_coming(first) else (first, left[0])
        return not any(light) and not any(map(_is_done, said))
    if all(light) and _is_done(first) != _is_done(second):
        return False
    return _is_suffered(first) == _is_suffered(second)


def _is_maybe(words: Sequence[str]) -> bool:
    return not _UNSURE.isdisjoint(words)


def _is_coming(words: Sequence[str]) -> bool:
    return not COMING.isdisjoint(words)


def _is_to_come(words: Sequence[str]) -> bool:
    return _is_coming(words) or any(map(_WILL.fullmatch, words))


def _is_done(words: Sequence[str]) -> bool:
    return any(w in _DONE or (len(w) > 3 and w.endswith(_DONE_ENDS)) for w in words)


def _is_suffered(words: Sequence[str]) -> bool:
    return not _PASSIVE.isdisjoint(words) and not any(w.endswith("ing") for w in words[1:])


def _is_form(word: str, other: str, language: Language) -> bool:
    """Whether two words have one stem in the language of their text."""
    if word == other:
        return True
    if is_number(word) or is_number(other) or other in _LIGHT:
        return False
    if word.endswith(_REFLEXIVE) != other.endswith(_REFLEXIVE):
        return False
    word, other = _without_ge(word), _without_ge(other)
    if word[:_BEGINNING] != other[:_BEGINNING]:
        return False
    return alike(word, other) or _has_stem(word, other, language())


def _has_stem(word: str, other: str, language: str) -> bool:
    first, second = (stems(fold_text(each), language) for each in (word, other))
    return not set(first).isdisjoint(second)


def _without_ge(word: str) -> str:
    """A German participle without what begins it: "gesperrt", "sperrt"."""
    return word[2:] if len(word) > 5 and word[:2] == "ge" and word[-1] in "tn" else word
