"""Words of one stem in another form are no other event; a tense that is the news is one."""

from __future__ import annotations

import pytest

from tests.text.deciding import joined, told

BEHIND = (
    "the ticket hall beside the northern quay until the repairs of the roof are through, says the"
    " speaker of the harbour office"
)
DAHINTER = (
    "die alte Brücke über den Kanal für Lastwagen{}, weil zwei Pfeiler sich seit der Flut gesenkt"
    " haben, sagt das Amt am Hafen"
)
ДАЛЬШЕ = "без света три района после ночной грозы, бригады выехали на линии, сообщили в сетях"
ENSUITE = "le vieux pont sur le canal aux camions, parce que deux piles ont bougé, dit le bureau"

FORMS = [
    (f"The railway cancels {BEHIND}", f"The railway has cancelled {BEHIND}"),
    (f"The railway opens {BEHIND}", f"The railway opened {BEHIND}"),
    (f"The railway will open {BEHIND}", f"The railway opens {BEHIND}"),
    (f"The railway is opening {BEHIND}", f"The railway has opened {BEHIND}"),
    (f"В городе остались {ДАЛЬШЕ}", f"В городе остаётся {ДАЛЬШЕ}"),
    ("Die Stadt sperrt " + DAHINTER.format(""), "Die Stadt hat " + DAHINTER.format(" gesperrt")),
    (f"La mairie ouvre {ENSUITE}", f"La mairie a ouvert {ENSUITE}"),
]


@pytest.mark.parametrize(("one", "other"), FORMS[:6])
def test_another_form_of_a_word_is_no_other_event(one: str, other: str) -> None:
    assert joined(one, other, hours=5)
    assert joined(other, one, hours=5)
    assert not joined(one, other, hours=30, own=True)


def test_another_verb_is_one() -> None:
    one, other = (f"The railway {verb} {BEHIND}" for verb in ("cancels", "has cleaned"))
    assert told(one, other, hours=5).veto == "another-event"
    one, other = FORMS[-1]  # no stem in common
    assert told(one, other, hours=5).veto == "another-event"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("will open", "opened"),
        ("will open", "has opened"),
        ("is to open", "opened"),
        ("may open", "opens"),
        ("opens", "was opened by"),
    ],
)
def test_what_came_true_is_another_event(before: str, after: str) -> None:
    one, other = (f"The railway {verb} {BEHIND}" for verb in (before, after))
    assert told(one, other, hours=5).veto == "another-event"
    assert told(other, one, hours=5).veto == "another-event"
    assert joined(one, other, hours=1)


def test_what_came_true_is_so_in_other_languages() -> None:
    parts = "die Brücke am Kanal nach der Flut für Lastwagen und Busse, sagt das Amt am alten Hafen"
    for one, other in (
        (f"Порт будет отменять рейсы, {ДАЛЬШЕ}", f"Порт отменял рейсы, {ДАЛЬШЕ}"),
        (f"Gesperrt wird {parts}", f"Gesperrt wurde {parts}"),
    ):
        assert not joined(one, other, hours=5)


@pytest.mark.parametrize("own", [False, True])
def test_another_form_of_a_negation_fills_nothing_anew(own: bool) -> None:
    said = "The ministry {} the loss of a patrol boat near the northern cape on Tuesday"
    one, other = said.format("did not confirm"), said.format("has not confirmed")
    assert joined(one, other, hours=0.5) is True
    assert joined(one, other, hours=0.5, own=True) is False
    assert told(one, said.format("has confirmed"), own=own).turned is not None


def test_names_and_numbers_have_no_other_forms() -> None:
    one = "Pilots tell that the tug {} lies on the southern bank of the sound since the morning"
    for first, second in (("Marta", "Olga"), ("17", "170")):
        assert not joined(one.format(first), one.format(second), hours=5)


MEANT = [
    (
        "Smugglers wanted to trick a widow from the old harbour out of her boat with letters, says",
        "Smugglers tricked a widow from the old harbour out of her boat with letters, says",
    ),
    (
        "The board plans to close the ferry line between the mill and the island on the cape, says",
        "The board closes the ferry line between the mill and the island on the cape, says",
    ),
    (
        "Мошенники хотели развести смотрителя маяка на его старую лодку и три сети, пишет",
        "Мошенники развели смотрителя маяка на его старую лодку и три сети, пишет",
    ),
    (
        "Шахраї хотіли обдурити доглядача маяка та забрати його старий човен і сіті, пише",
        "Шахраї обдурили доглядача маяка та забрати його старий човен і сіті, пише",
    ),
    (
        "Diebe wollten gestern in der Nacht das alte Boot am Kanal stehlen und verkaufen, schreibt",
        "Diebe hatten gestern in der Nacht das alte Boot am Kanal stehlen und verkaufen, schreibt",
    ),
]


@pytest.mark.parametrize(("meant", "done"), MEANT[:3])
def test_what_was_only_meant_is_another_statement_at_once_too(meant: str, done: str) -> None:
    more = " the paper of the islands today" if meant.isascii() else " сегодня газета островов"
    for one, other in ((meant, done), (done, meant)):
        found = told(one + more, other + more, 0.2)
        assert found.veto == "only-meant"
        assert found.relation is not None
        assert not found.relation.collapses


def test_what_is_meant_and_what_will_be_done_are_one() -> None:
    said = (
        "The board {} the ferry line between the mill and the island on the northern cape in"
        " the week after the storm, writes the paper of the three islands"
    )
    assert joined(said.format("plans to close"), said.format("will close"), 0.2)


@pytest.mark.parametrize(("will", "did"), [("отменит", "отменил"), ("опубликует", "опубликовал")])
def test_a_russian_future_of_one_word_came_true_hours_later(will: str, did: str) -> None:
    before, after = (
        f"Суд на острове {verb} приказ о паромной линии, {ДАЛЬШЕ}" for verb in (will, did)
    )
    assert joined(before, after, 0.5)
    assert not joined(before, after, 5)


@pytest.mark.parametrize(("does", "did"), [("отменяет", "отменял"), ("выводит", "выводил")])
def test_a_russian_present_is_no_future(does: str, did: str) -> None:
    before, after = (
        f"Суд на острове {verb} приказ о паромной линии, {ДАЛЬШЕ}" for verb in (does, did)
    )
    assert joined(before, after, 5)
