"""Another number of a thing, another place or name: other statements, at once too."""

from __future__ import annotations

import pytest

from tests.text.deciding import joined, told

LESSON = (
    "The handbook of the pilots, part {}: {}. In this part we go through what the young people of"
    " the cooperative are asked in their examination, and show on charts of the inner basin where"
    " the old marks stood. All parts so far, with the answers and the drawings, lie at the counter"
    " beside the scales, and whoever has lost his copy is given another one there for nothing."
)
FLAW = (
    "The clerks of the harbour office warn of CVE-2031-{} in the program that prints the tickets of"
    " the ferry: whoever sends it a name of more than a thousand letters reads all the others. The"
    " makers know of it, a mended version is promised for the week after next, and until then the"
    " counter beside the scales is the only place to buy a ticket without being read by strangers."
)
TOLL = (
    "In the hospitals of the three islands {0} people more have come down with the spotted fever"
    " since yesterday, so say the doctors of the board. In the hospitals of the three islands {0}"
    " beds are kept free for them. Wash your hands, and call the doctor when you are hot."
)


@pytest.mark.parametrize("hours", [0.2, 5])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LESSON.format(8, "knots and ropes"), LESSON.format(9, "lamps and bells")),
        (FLAW.format("4107"), FLAW.format("5230")),
        (TOLL.format(25), TOLL.format(37)),
        (TOLL.format(25), TOLL.format("37 old")),
    ],
)
def test_another_number_of_a_thing_is_another_one_at_any_length(
    one: str, other: str, hours: float
) -> None:
    assert told(one, other, hours).veto == told(other, one, hours).veto == "another-number"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LESSON.format(8, "knots and ropes"), LESSON.format(8, "knots and cords")),
        (FLAW.format("4107"), FLAW.format("4107").replace("thousand", "1000")),
        (FLAW.format("4107"), FLAW.format("4 107")),
        # In a text of 60 words or more a figure alone is corrected.
        (
            FLAW.format("4107").replace("thousand", "1000"),
            FLAW.format("4107").replace("thousand", "1200"),
        ),
    ],
)
def test_the_same_number_and_a_corrected_figure_are_one(one: str, other: str) -> None:
    assert joined(one, other, 0.2)


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("The list of all the boats that were sold in the old harbour in {}", "June", "July"),
        ("Список всех лодок, которые продали в старой гавани {} у маяка", "8 июля", "8 сентября"),
        ("Список усіх човнів, які продали у старій гавані у {} біля маяка", "липні", "вересні"),
        ("Die Liste aller Boote, die im alten Hafen verkauft wurden im {}", "März", "Juni"),
        ("La liste des bateaux qui ont été vendus dans le vieux port en {}", "mars", "août"),
        ("La lista de los barcos que se vendieron en el viejo puerto en {}", "enero", "abril"),
        ("قائمة بجميع القوارب التي بيعت في الميناء القديم خلال شهر {}", "يونيو", "يوليو"),
    ],
)
def test_another_month_in_a_short_text_is_another_statement(
    text: str, one: str, other: str
) -> None:
    assert told(text.format(one), text.format(other), 0.2).veto == "another-value"


PLACES = [
    (
        "In {} brennt seit dem Morgen ein Schuppen mit alten Netzen, und die Wehr ist dort",
        ("Nordhafen", "Mühlau"),
    ),
    (
        "Die Wehr löscht seit dem Morgen in {} einen Schuppen mit alten Netzen, sagt das Amt",
        ("Nordhafen", "Mühlau"),
    ),
    ("سمع دوي انفجار في مدينة {} صباح اليوم وتوجهت القوارب إلى الميناء القديم", ("رملة", "نخلة")),
    ("صدای انفجار در شهر {} صبح امروز شنیده شد و قایقها به بندر قدیمی رفتند", ("رملان", "نخلستان")),
]


@pytest.mark.parametrize(("text", "places"), PLACES)
def test_another_place_is_another_statement_at_once_too(text: str, places: list[str]) -> None:
    one, other = map(text.format, places)
    assert told(one, other, 0.1).veto == "another-name"


def test_a_german_noun_behind_an_article_is_no_place() -> None:
    text = (
        "Die Fähre liegt nach dem Sturm in der {} und wird bis zum Montag nicht fahren, sagt das"
        " Amt, und der Kapitän bittet um Geduld"
    )
    assert joined(text.format("Werft"), text.format("Bootshalle"), 0.1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Overnight the guns on the cape hit a raft over the Marsh county",
            "At half past ten the guns on the cape hit a raft over the Dune county",
        ),
        (
            "Спасатели освободили от льда посёлки Камышино и Лодейное, говорит служба порта мыса",
            "Спасатели освободили от льда посёлки Маячное и Рогожино, говорит служба порта",
        ),
        (
            "Спасатели освободили от льда посёлок Камышино, сообщает служба порта на мысу",
            "Спасатели освободили от льда посёлок Рогожино Лодейной области, сообщает служба порта"
            " на мысу",
        ),
    ],
)
def test_another_name_in_few_places_is_another_statement(one: str, other: str) -> None:
    assert told(one, other, 0.2).veto == told(other, one, 0.2).veto == "another-name"


def test_who_said_it_is_no_other_name() -> None:
    one = (
        "Yesterday the old ferry ran aground near the mill and forty people walked home, says Lund"
    )
    other = (
        "The old ferry ran aground near the mill and forty people walked home, writes Harbourcall"
    )
    assert joined(one, other, 0.2)
