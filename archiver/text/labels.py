"""What a word before it makes the name of one thing: "part 8", "CVE-2024-1234", "in Bonn".

Such a number is no figure that might be corrected: another one is another thing, in a long text as
in a short one. So is a place behind what tells that a place comes, where no capital tells it.
"""

from __future__ import annotations

from collections.abc import Sequence

from archiver.text.compare import Stretch, alike, is_number

# "no" is what "№" becomes. Left out is what counts as well as names ("day 3"), and what is a verb
# as well: "release 20 hostages" may be corrected.
_NUMBERED_WORDS = """
part chapter episode volume season lesson lecture week stage step version no
cve bulletin flight route bus tram unit case law resolution paragraph
часть глава серия эпизод выпуск том сезон урок урока лекция неделя недели тур тура этап этапа шаг
версия версии релиз номер рейс рейса маршрут маршрута автобус поезд трамвай блок дело дела
законопроект закон указ приказ статья статьи пункт пункта ст п
частина глава серія епізод випуск том сезон урок лекція тиждень тижня тур етап крок версія реліз
номер рейс маршрут автобус поїзд трамвай блок справа закон указ наказ стаття пункт
teil kapitel folge ausgabe band staffel lektion woche runde etappe schritt version nr nummer flug
linie bus zug block paragraf artikel
partie chapitre épisode numéro volume saison leçon semaine tour étape version vol ligne bloc article
parte capítulo episodio número volumen temporada lección semana ronda etapa versión vuelo línea
bloque artículo
الجزء الفصل الحلقة العدد المجلد الموسم الدرس الأسبوع الجولة المرحلة الإصدار رقم الرحلة المادة
قسمت فصل شماره جلد درس هفته مرحله نسخه پرواز ماده
"""
_NUMBERED = frozenset(_NUMBERED_WORDS.split())
_BEHIND = 2  # numbers between the label and the one that differs: "CVE-2024-1234", "3.12.1"

_PLACE_WORDS = """
مدينة محافظة بلدة قرية ولاية مقاطعة حي مخيم بلدية شهر استان شهرستان روستای
"""
_PLACES = frozenset(_PLACE_WORDS.split())
# Of places alone the article is left out behind these: "in Bonn", but "in der Stadt".
_GERMAN_PLACES = frozenset(["in", "bei", "aus", "nach", "nahe"])


def numbered_anew(
    one: Sequence[str], other: Sequence[str], parted: Sequence[Stretch]
) -> tuple[str, str] | None:
    """The numbers of two things of one kind, where one stands in the place of the other."""
    for a, b, c, d in parted:
        if a < b and c < d and a and c and is_number(one[a]) and is_number(other[c]):
            first, second = "".join(_figures(one, a)), "".join(_figures(other, c))
            if first != second and _is_labelled(one, a):
                return one[a], other[c]
    return None


def _figures(words: Sequence[str], at: int) -> Sequence[str]:
    """A number and those right behind it: "1 200" is "1200"."""
    end = at
    while end < len(words) and is_number(words[end]):
        end += 1
    return words[at:end]


def _is_labelled(words: Sequence[str], at: int) -> bool:
    label = at - 1
    while label > 0 and at - label <= _BEHIND and is_number(words[label]):
        label -= 1
    return words[label] in _NUMBERED


def placed_anew(
    one: Sequence[str], other: Sequence[str], place: Stretch, names: tuple[str, str] | None
) -> tuple[tuple[str], tuple[str]] | None:
    """The places, if one word behind what tells of a place is another one.

    `names` are the words with a capital of two German texts, and None of any others.
    """
    a, b, c, d = place
    if not (a and c and b - a == d - c == 1) or alike(one[a], other[c]):
        return None
    if is_number(one[a]) or is_number(other[c]):
        return None
    if one[a - 1] in _PLACES:
        return (one[a],), (other[c],)
    if names is None or one[a - 1] not in _GERMAN_PLACES:
        return None
    both = f" {one[a]} " in names[0] and f" {other[c]} " in names[1]
    return ((one[a],), (other[c],)) if both else None
