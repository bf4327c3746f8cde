# ruff: noqa: E501 - a template is read as one sentence
"""Templates of kinds that nothing was tuned on: each post is another event, none may collapse.

Fourteen kinds in four languages, all in the channel that always posts them and, one in five, in a
second one. Half of the kinds differ from post to post in lower-case words alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple


class Templated(NamedTuple):
    """A post made from a template; two of equal text are one event."""

    kind: str
    channel: int
    hour: float
    text: str


def posts(count: int, seed: int) -> Iterator[Templated]:
    """So many posts of each kind, an hour to three days apart."""
    dice = random.Random(seed)
    for number, (kind, make) in enumerate(KINDS.items()):
        hour = 0.0
        for _ in range(count):
            hour += dice.choice([1, 6, 24, 24, 24, 72])
            channel = 10 * number + (dice.random() < 0.2)
            yield Templated(kind, channel, hour, make(dice))


def _pick(dice: random.Random, words: str) -> str:
    return dice.choice(words.split("|"))


def _menu(d: random.Random) -> str:
    dish, side = (
        _pick(d, "borscht|pea soup|goulash|lentil stew|fish pie|dumplings|risotto|ragout"),
        (_pick(d, "rye bread|mashed potatoes|rice|salad|pickles|fried cabbage|noodles")),
    )
    return (
        f"Today in our canteen by the station the cooks have made {dish} with {side} for you, and"
        " there is coffee and cake for everybody who comes before the afternoon rush. The doors are"
        " open as always, students pay half, bring your own box for the way home."
    )


def _lost(d: random.Random) -> str:
    what = _pick(d, "umbrella|wallet|glove|backpack|scarf|violin|bicycle pump|thermos|notebook")
    where = _pick(d, "tram|bus|ferry|night train|lift|waiting room|library|museum")
    return (
        f"Somebody left a {what} on the {where} this morning. It waits for its owner at the counter"
        " of the lost property office, please describe it before you come and bring a document."
    )


def _rate(d: random.Random) -> str:
    moved = _pick(d, "вырос|упал|подешевел|подорожал|просел|окреп|снизился|поднялся")
    of = _pick(d, "рубля|тенге|юаня|лиры|гривны|злотого|франка|иены")
    return (
        f"По итогам утренних торгов курс {of} {moved}, сообщили на бирже. Аналитики советуют не"
        " спешить с обменом и дождаться вечернего обзора, который мы опубликуем здесь же."
    )


def _job_ru(d: random.Random) -> str:
    who = _pick(
        d, "водитель|повар|сварщик|токарь|кладовщик|электрик|маляр|пекарь|монтажник|грузчик"
    )
    shift = _pick(d, "дневную|ночную|вечернюю|сменную|подменную")
    return (
        f"На предприятие срочно требуется {who} в {shift} смену. Оформление по договору, обеды за"
        " счёт компании, общежитие предоставляется. Звоните в отдел кадров в рабочее время."
    )


def _water(d: random.Random) -> str:
    what = _pick(d, "холодної води|гарячої води|опалення|газу|світла|інтернету")
    why = _pick(d, "пориву|ремонту|аварії|заміни засувки|підключення будинку|перевірки мереж")
    return (
        f"Шановні мешканці! Сьогодні у вашому районі не буде {what} через проведення {why}. Бригади"
        " вже працюють, просимо зробити запас і вибачаємося за тимчасові незручності."
    )


def _birthday(d: random.Random) -> str:
    who = _pick(d, "лікаря|вчительку|тренера|бібліотекаря|медсестру|пожежника|агронома|поштарку")
    wish = _pick(d, "здоров'я|терпіння|натхнення|радості|удачі|миру|сили|спокою")
    return (
        f"Сьогодні вся громада вітає з днем народження нашого {who} та щиро бажає довгих років"
        f" життя, {wish} і добрих людей поруч. Приєднуйтесь до привітань у коментарях!"
    )


def _wetter(d: random.Random) -> str:
    sky = _pick(d, "heiter|wolkig|neblig|regnerisch|stürmisch|sonnig|trüb|gewittrig")
    wind = _pick(d, "schwachem|mäßigem|frischem|starkem|böigem|kaltem|mildem")
    return (
        f"Guten Morgen aus der Wetterstation am Hafen! Heute bleibt es {sky} bei {wind} Wind von der"
        " See. Am Abend melden wir uns wie immer mit den Aussichten für die Nacht und das Wochenende."
    )


def _score(d: random.Random) -> str:
    one, two = d.sample(
        ["Dynamo", "Rotor", "Vorwaerts", "Spartak", "Arsenal", "Zenit", "Metallurg", "Lokomotiv"], 2
    )
    return (
        f"Full time at the stadium: {one} {d.randint(0, 5)}, {two} {d.randint(0, 4)}. Thank you for"
        " following the match with us, the interviews and the table come later this evening."
    )


def _flight(d: random.Random) -> str:
    town = _pick(d, "Minsk|Riga|Oslo|Rome|Cairo|Dubai|Lagos|Lima|Quito|Hanoi|Seoul|Perth")
    return (
        f"Flight {_pick(d, 'QR|LH|BA|TK')}{d.randint(100, 999)} to {town} is delayed by"
        f" {d.randint(15, 240)} minutes. Passengers are asked to stay near gate {d.randint(1, 60)} and"
        " to watch the screens; vouchers for meals are handed out at the desk."
    )


def _court(d: random.Random) -> str:
    town = _pick(d, "Самаре|Омске|Туле|Перми|Курске|Томске|Пскове|Твери|Казани|Уфе")
    return (
        f"Суд в {town} назначил жителю {d.randint(2, 15)} лет колонии по делу о мошенничестве. Сумма"
        f" ущерба составила {d.randint(1, 90)} млн рублей, приговор пока не вступил в силу."
    )


def _fire(d: random.Random) -> str:
    town = _pick(d, "Полтаві|Сумах|Луцьку|Рівному|Умані|Ніжині|Вінниці|Одесі|Львові|Херсоні")
    return (
        f"У {town} рятувальники ліквідували пожежу на площі {d.randint(20, 900)} квадратних метрів."
        f" Виклик надійшов о {d.randint(0, 23):02d}:{d.randint(0, 59):02d}, постраждалих немає, причину"
        " встановлюють фахівці."
    )


def _bahn(d: random.Random) -> str:
    town = _pick(d, "Hamburg|Leipzig|Dresden|Kassel|Bremen|Fulda|Mainz|Trier|Ulm|Erfurt")
    return (
        f"Störung im Zugverkehr: Der ICE {d.randint(10, 999)} nach {town} fährt heute"
        f" {d.randint(5, 120)} Minuten später ab, Gleis {d.randint(1, 24)}. Wir bitten um Entschuldigung"
        " und informieren Sie an dieser Stelle weiter."
    )


def _lottery(d: random.Random) -> str:
    balls = ", ".join(map(str, sorted(d.sample(range(1, 46), 6))))
    return (
        f"The numbers of tonight's draw are {balls}. The jackpot stands at {d.randint(1, 90)} million;"
        " check your ticket in the app or at any kiosk, claims end after ninety days."
    )


def _zeugnis(d: random.Random) -> str:
    club = _pick(d, "Handball|Schach|Ruder|Turn|Kegel|Tanz|Fecht|Judo|Tennis|Wander")
    return (
        f"Der {club}verein lädt am {d.randint(1, 28)}.{d.randint(1, 12)}. zum offenen Training ein."
        f" Beginn ist um {d.randint(8, 20)} Uhr in Halle {d.randint(1, 9)}, Anfänger sind willkommen und"
        " Getränke stehen bereit."
    )


KINDS: dict[str, Callable[[random.Random], str]] = {
    "menu (words, en)": _menu,
    "lost property (words, en)": _lost,
    "rates (words, ru)": _rate,
    "jobs (words, ru)": _job_ru,
    "outages (words, uk)": _water,
    "birthdays (words, uk)": _birthday,
    "weather (words, de)": _wetter,
    "scores (en)": _score,
    "flights (en)": _flight,
    "courts (ru)": _court,
    "fires (uk)": _fire,
    "trains (de)": _bahn,
    "lottery (en)": _lottery,
    "clubs (de)": _zeugnis,
}
