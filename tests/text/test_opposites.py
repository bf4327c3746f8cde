"""A statement and its opposite, another value, a copy: what a later text is to an earlier one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.text.decide import Relation
from tests.text.deciding import joined, told

LONG = (
    "The harbour board met on Tuesday evening behind closed doors, and the talks went on until two"
    " in the morning. Fishermen from both shores had come with their families, a brass band played"
    " in the rain, and the mayor served tea. Afterwards the chairman read out a letter of three"
    " pages: the board {} the new quay before winter, the money lies ready in the bank, and whoever"
    " has rented a berth on the old one can keep it for another year at the same price."
)


OPPOSITES = {
    "en-not": (
        "The president will sign the treaty on grain with the islands this week",
        "The president will not sign the treaty on grain with the islands this week",
    ),
    "en-did-not": (
        "The mayor of Harbourtown signed the order about the old ferry on Friday evening",
        "The mayor of Harbourtown did not sign the order about the old ferry on Friday evening",
    ),
    "en-contracted": (
        "Dockers say that they will return to work on Monday after all, the union told us",
        "Dockers say that they won't return to work on Monday after all, the union told us",
    ),
    "en-never": (
        "The governor has always paid for his own house by the lake, the auditors write",
        "The governor has never paid for his own house by the lake, the auditors write",
    ),
    "en-lost": (
        "The village of Sandholm north of the canal was taken this morning, the army says",
        "The village of Sandholm north of the canal was lost this morning, the army says",
    ),
    "en-decreased": (
        "Grain exports through the eastern port increased by a fifth in the last quarter",
        "Grain exports through the eastern port decreased by a fifth in the last quarter",
    ),
    "en-denied": (
        "The ministry of health confirmed an outbreak of measles in three border villages",
        "The ministry of health denied an outbreak of measles in three border villages",
    ),
    "en-down": (
        "Shares of the three largest shipping companies are up after the talks in Milltown",
        "Shares of the three largest shipping companies are down after the talks in Milltown",
    ),
    "en-failed": (
        "The two ports agree on a common price for grain, the harbour board said today",
        "The two ports fail to agree on a common price for grain, the harbour board said today",
    ),
    "en-refused": (
        "The council accepted the new tariff for the ferry by two votes late on Tuesday night",
        "The council refused the new tariff for the ferry by two votes late on Tuesday night",
    ),
    "ru-lifted": (
        "В старой гавани введены ограничения на вход лодок, сообщила утром служба порта",
        "В старой гавани сняты ограничения на вход лодок, сообщила утром служба порта",
    ),
    "en-prefix": (
        "The court in Milltown called the strike of the tram drivers legal on Wednesday",
        "The court in Milltown called the strike of the tram drivers illegal on Wednesday",
    ),
    "en-denies-that": (
        "The bridge over the Otter will be closed to lorries for the whole of next month",
        "Mayor denies that the bridge over the Otter will be closed to lorries for the whole of"
        " next month",
    ),
    "ru-not": (
        "Министр подпишет договор о поставках зерна на этой неделе, сообщили в пресс-службе",
        "Министр не подпишет договор о поставках зерна на этой неделе, сообщили в пресс-службе",
    ),
    "ru-fell": (
        "Экспорт зерна через восточный порт вырос за квартал на пятую часть, пишут газеты",
        "Экспорт зерна через восточный порт упал за квартал на пятую часть, пишут газеты",
    ),
    "ru-retreat": (
        "Армия начала наступление к северу от канала, говорится в утренней сводке штаба",
        "Армия начала отступление к северу от канала, говорится в утренней сводке штаба",
    ),
    "ru-without": (
        "Паром пришёл в гавань с пассажирами на борту, несмотря на сильный шторм у островов",
        "Паром пришёл в гавань без пассажиров на борту, несмотря на сильный шторм у островов",
    ),
    "ru-prefix": (
        "Суд признал забастовку водителей трамвая законной и обязал депо выплатить деньги",
        "Суд признал забастовку водителей трамвая незаконной и обязал депо выплатить деньги",
    ),
    "ru-none": (
        "На складе у старой мельницы есть пострадавшие после пожара, сообщили спасатели",
        "На складе у старой мельницы нет пострадавших после пожара, сообщили спасатели",
    ),
    "uk-not": (
        "Міська рада підтримає будівництво нової набережної, повідомив голова комісії",
        "Міська рада не підтримає будівництво нової набережної, повідомив голова комісії",
    ),
    "uk-fell": (
        "Ціни на пшеницю в південних портах за тиждень зросли майже на десяту частину",
        "Ціни на пшеницю в південних портах за тиждень знизилися майже на десяту частину",
    ),
    "uk-closed": (
        "Прикордонники відкрили рух вантажівок через міст біля старого млина сьогодні вранці",
        "Прикордонники закрили рух вантажівок через міст біля старого млина сьогодні вранці",
    ),
    "de-kein": (
        "Nach dem Brand in der Mühle am Kanal besteht eine Gefahr für die Anwohner, sagt die Wehr",
        "Nach dem Brand in der Mühle am Kanal besteht keine Gefahr für die Anwohner, sagt die Wehr",
    ),
    "de-nicht": (
        "Der Bürgermeister unterschreibt den Vertrag über die neue Fähre in dieser Woche",
        "Der Bürgermeister unterschreibt den Vertrag über die neue Fähre in dieser Woche nicht",
    ),
    "de-gesunken": (
        "Die Preise für Weizen sind an der Börse in dieser Woche um ein Zehntel gestiegen",
        "Die Preise für Weizen sind an der Börse in dieser Woche um ein Zehntel gesunken",
    ),
    "fr-pas": (
        "Le maire signe le contrat pour le nouveau bac avant la fin de la semaine, dit sa ville",
        "Le maire ne signe pas le contrat pour le nouveau bac avant la fin de la semaine, dit sa"
        " ville",
    ),
    "fr-elided": (
        "La préfecture a autorisé la marche des pêcheurs prévue samedi dans le vieux port",
        "La préfecture n'a pas autorisé la marche des pêcheurs prévue samedi dans le vieux port",
    ),
    "fr-fermé": (
        "Le pont sur la rivière est ouvert aux camions depuis ce matin, annonce la région",
        "Le pont sur la rivière est fermé aux camions depuis ce matin, annonce la région",
    ),
    "es-no": (
        "El alcalde firmará esta semana el contrato del nuevo transbordador, dice el puerto",
        "El alcalde no firmará esta semana el contrato del nuevo transbordador, dice el puerto",
    ),
    "es-baja": (
        "El precio del trigo en los puertos del sur sube casi un diez por ciento en una semana",
        "El precio del trigo en los puertos del sur baja casi un diez por ciento en una semana",
    ),
    "ar-not": (
        "الوزير سوف يوقع اتفاق الحبوب مع الجزر هذا الأسبوع كما قالت الصحيفة",
        "الوزير لن يوقع اتفاق الحبوب مع الجزر هذا الأسبوع كما قالت الصحيفة",
    ),
    "ar-fell": (
        "ارتفعت أسعار القمح في موانئ الجنوب بنسبة العشر تقريبا خلال أسبوع واحد",
        "انخفضت أسعار القمح في موانئ الجنوب بنسبة العشر تقريبا خلال أسبوع واحد",
    ),
    "ar-denied": (
        "أكدت وزارة الصحة ظهور مرض الحصبة في ثلاث قرى على الحدود الشرقية",
        "نفت وزارة الصحة ظهور مرض الحصبة في ثلاث قرى على الحدود الشرقية",
    ),
    "fa-verb": (
        "شهردار قرارداد کشتی تازه را در این هفته امضا کرد و به بندر رفت",
        "شهردار قرارداد کشتی تازه را در این هفته امضا نکرد و به بندر رفت",
    ),
    "fa-present": (
        "پل روی رودخانه از فردا برای کامیون‌ها بسته می‌شود، استانداری خبر داد",
        "پل روی رودخانه از فردا برای کامیون‌ها بسته نمی‌شود، استانداری خبر داد",
    ),
    "fa-fell": (
        "قیمت گندم در بندرهای جنوب در یک هفته نزدیک به یک دهم افزایش یافت",
        "قیمت گندم در بندرهای جنوب در یک هفته نزدیک به یک دهم کاهش یافت",
    ),
    "long-will-not": (LONG.format("will build"), LONG.format("will not build")),
    "long-refused": (LONG.format("has approved"), LONG.format("has rejected")),
}


@pytest.mark.parametrize("hours", [0.02, 0.5, 5, 100])
@pytest.mark.parametrize("name", OPPOSITES)
def test_a_statement_and_its_opposite_are_two_and_linked(name: str, hours: float) -> None:
    for one, other in (OPPOSITES[name], OPPOSITES[name][::-1]):
        found = told(one, other, hours)
        assert (found.veto, found.relation) == ("opposite", Relation.OPPOSITE)


@pytest.mark.parametrize("name", OPPOSITES)
def test_the_same_words_moved_typed_or_added_to_leave_it_one(name: str) -> None:
    one, other = OPPOSITES[name]
    for text in (one, other):
        assert joined(text, text + " #news")
        if name.startswith("long"):
            assert joined(text, "Nobody expected that! " + text)
            assert joined(text, text.replace("a brass band played in the rain, ", ""))


SAME = {
    "twice-turned": (
        LONG.format("has denied that it will build"),
        LONG.format("has not confirmed that it will build"),
    ),
    "not-only": (
        "Не менее двадцати лодок вышли ночью из гавани искать пропавших рыбаков, пишет газета",
        "Двадцать лодок вышли ночью из гавани искать пропавших рыбаков, пишет газета",
    ),
    "a-clause-with-not": (
        LONG.format("will build"),
        LONG.format("will build").replace(
            "the mayor served tea", "the mayor, who had not slept since Sunday, served tea"
        ),
    ),
    "a-sentence-with-not": (LONG.format("will build"), LONG.format("will build") + " Not bad!"),
    "synonyms": (
        "The mayor of Harbourtown has made an urgent statement about the tides and the ferry",
        "The mayor of Harbourtown has made an urgent announcement about the tides and the ferry",
    ),
    "a-value-as-a-figure": (
        "Firemen carried seven people out of the old mill by the canal before the roof came down",
        "Firemen carried 7 people out of the old mill by the canal before the roof came down",
    ),
    "a-figure-parted-otherwise": (
        "The ministry bought 1,200 tents for those who lost their homes when the mill burnt down",
        "The ministry bought 1200 tents for those who lost their homes when the mill burnt down",
    ),
    "another-last-sentence-with-not": (
        "A baker put 18 thousand on his own horse and won the cup. Somebody sleeps well tonight",
        "A baker put 18 thousand on his own horse and won the cup. Congratulations, not sincere",
    ),
    "corrected-in-a-long-text": (LONG.format("must mend"), LONG.format("must mend the")),
}


@pytest.mark.parametrize("name", SAME)
def test_what_says_no_other_thing_is_one_statement(name: str) -> None:
    one, other = SAME[name]
    assert joined(one, other)
    assert joined(other, one)


OTHERS = {
    "killed": "A gas blast in a bakery near the canal killed {} people, rescuers said tonight",
    "погибли": "При взрыве газа в пекарне у канала погибли {} человек, сообщили спасатели вечером",
    "gas": "Three men and {} children were in the bakery by the canal when the gas went off",
}
VALUES = [
    ("3", "30"),
    ("3", "5"),
    ("three", "thirty"),
    ("3", "thirty"),
    ("7", "9"),
    ("трое", "пятеро"),
    ("15", "1500"),
    ("1,200", "1,300"),
]


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize(("one", "other"), VALUES)
@pytest.mark.parametrize("hours", [0.02, 0.9, 6])
def test_another_number_in_a_short_text_is_another_statement(
    text: str, one: str, other: str, hours: float
) -> None:
    assert not joined(text.format(one), text.format(other), hours)
    assert not joined(text.format(other), text.format(one), hours)


@pytest.mark.parametrize(
    ("one", "other"), [("Monday", "Tuesday"), ("the north", "the south"), ("Friday", "Sunday")]
)
def test_another_day_or_side_in_a_short_text_is_another_statement(one: str, other: str) -> None:
    text = "The ferry to {} will not sail because of ice in the sound, the harbour master says"
    assert not joined(text.format(one), text.format(other))


LATER = [
    (
        "The minister of ports in Harbourtown denied all the corruption charges on Monday",
        "The minister of ports in Harbourtown resigned on Monday",
    ),
    (
        "Министр портов Приозёрска отверг все обвинения в коррупции в понедельник утром",
        "Министр портов Приозёрска ушёл в понедельник утром",
    ),
    (
        "The old lighthouse on the northern cape was sold to a family of bakers from the islands",
        "The old lighthouse on the northern cape burned",
    ),
]


@pytest.mark.parametrize(("one", "other"), LATER)
def test_a_phrase_for_another_one_hours_later_is_another_event(one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        assert not joined(first, second, hours=3)


WORDS = (
    "the",
    "board",
    "will",
    "not",
    "never",
    "build",
    "sign",
    "a",
    "new",
    "old",
    "quay",
    "rose",
    "fell",
    "denies",
    "3",
    "three",
    "said",
    "no",
)
TEXTS = st.lists(st.sampled_from(WORDS), min_size=4, max_size=14).map(" ".join)


@given(TEXTS, TEXTS, st.sampled_from([0.1, 1.5, 30.0]))
def test_which_of_two_came_first_makes_no_opposite(one: str, other: str, hours: float) -> None:
    there, back = told(one, other, hours), told(other, one, hours)
    assert (there.veto == "opposite") is (back.veto == "opposite")
    assert (there.turned is None) is (back.turned is None)


def apart(one: str, other: str, rule: str, hours: float = 0.1) -> None:
    """Both ways round the two are two statements, by this rule."""
    for first, second in ((one, other), (other, one)):
        found = told(first, second, hours)
        assert found.veto == rule, (first, second, found)
        assert found.relation is None or not found.relation.collapses


LONG_WAR = (
    "The commission on the shared river met for the third day in the old customs house, and its"
    " minutes run to forty pages. According to them {} had asked for more water in the dry months,"
    " for the mills on the canal stood still, while engineers from {} measured the lock gates and"
    " said that the work would take until autumn and cost more than was planned last year."
)
EXCHANGED = {
    "en-accuses": (
        "Norway accuses Iceland of cutting the nets of its trawlers near the bank last night",
        "Iceland accuses Norway of cutting the nets of its trawlers near the bank last night",
    ),
    "en-beat": (
        "Rovers beat Wanderers two to nil in the rain at the old ground by the canal",
        "Wanderers beat Rovers two to nil in the rain at the old ground by the canal",
    ),
    "en-two-words": (
        "The court heard that Anna Lind sued Peter Holm over the sale of the bakery by the harbour",
        "The court heard that Peter Holm sued Anna Lind over the sale of the bakery by the harbour",
    ),
    "ru-cases": (
        "Вечером Норвегия обвинила Исландию в порче рыбацких сетей у северной банки",
        "Вечером Исландия обвинила Норвегию в порче рыбацких сетей у северной банки",
    ),
    "ar": (
        "صرح الوزير أن النرويج اتهمت آيسلندا بقطع شباك الصيد قرب الساحل الشمالي مساء أمس",
        "صرح الوزير أن آيسلندا اتهمت النرويج بقطع شباك الصيد قرب الساحل الشمالي مساء أمس",
    ),
    "long": (LONG_WAR.format("Norway", "Iceland"), LONG_WAR.format("Iceland", "Norway")),
}


@pytest.mark.parametrize("hours", [0.1, 5, 100])
@pytest.mark.parametrize("name", EXCHANGED)
def test_who_did_it_to_whom_is_the_news_and_linked(name: str, hours: float) -> None:
    one, other = EXCHANGED[name]
    apart(one, other, "exchanged", hours)
    assert told(one, other, hours).relation == Relation.RELATED
    assert joined(one, one + " #news")


NAMES = {
    "en": ("The mayor said that {} had fired at the lighthouse on the cape", "Norway", "Iceland"),
    "en-known": ("{} fired at the old lighthouse on the cape this morning", "Israel", "Hamas"),
    "en-vowels": ("Sources say that {} had fired at the lighthouse on the cape", "Yemen", "Oman"),
    "ru": ("На рассвете дрон упал рядом с портом в {}, сообщили спасатели", "Сумах", "Одессе"),
    "ru-two": ("{} заняла посёлок у старой мельницы, пишет газета", "Армия РФ", "ВСУ"),
    "ru-person": ("Суд оштрафовал капитана {} за шум в гавани ночью", "Иванова", "Сидорова"),
    "ar": ("قالت {} إن المحادثات حول الميناء القديم ستبدأ غدا صباحا", "إيران", "إسرائيل"),
    "fa": ("دولت {} از آغاز گفتگو درباره بندر قدیمی خبر داد", "ایران", "ترکیه"),
    "de": ("{} liefert im Herbst zwölf neue Schlepper an die Häfen der Inseln", "Polen", "Japan"),
}


@pytest.mark.parametrize("name", NAMES)
def test_another_name_in_a_short_text_is_another_statement_at_once_too(name: str) -> None:
    text, one, other = NAMES[name]
    apart(text.format(one), text.format(other), "another-name")


ONE_NAME = [
    ("The minister told the board that {} will come to the harbour", "Lund", "Karl Lund"),
    ("The minister told the board that {} will come to the harbour", "Petrenko", "Petrenco"),
    ("The train from the harbour to {} stood still for three hours today", "Kiev", "Kyiv"),
    (
        "Reporters who waited at the gate of the harbour since five in the morning say that the"
        " treaty on the old lighthouse was signed by {} and two admirals",
        "Putin",
        "the president",
    ),
    ("Вчера поезд из гавани в {} простоял три часа из-за снега", "Киев", "Киеве"),
    ("Yesterday envoys of {} told the board that the work would take long", "USA", "States"),
    ("Вчера посол {} приехал в гавань и осмотрел старый маяк", "РФ", "России"),
    (
        "Der {} liefert im Herbst zwölf neue Schlepper an die Inseln, und der Hafen hat das Geld",
        "Betrieb",
        "Hersteller",
    ),
]


@pytest.mark.parametrize(("text", "one", "other"), ONE_NAME)
def test_a_name_in_another_form_is_one_statement(text: str, one: str, other: str) -> None:
    assert joined(text.format(one), text.format(other), 0.1)
    assert joined(text.format(other), text.format(one), 0.1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Norway, Iceland and Denmark", "Denmark, Iceland and Norway"),
        ("Norway and Iceland", "Iceland and Norway"),
        ("Norway, Iceland, Denmark", "Denmark, Iceland, Norway"),
    ],
)
def test_a_list_in_another_order_is_one_statement(one: str, other: str) -> None:
    text = "The treaty on the northern bank was signed by {} in the old customs house on the cape"
    assert joined(text.format(one), text.format(other), 0.1)


STATED = {
    "en": "The old bridge over the Otter will be closed to lorries for the whole of next month",
    "ru": "Старый мост через реку закроют для грузовиков на весь следующий месяц, пишет газета",
    "uk": "Старий міст через річку закриють для вантажівок на весь наступний місяць, пише газета",
    "de": "Die alte Brücke über die Otter wird im nächsten Monat für Lastwagen gesperrt sein",
    "fr": "Le vieux pont sur la rivière sera fermé aux camions pendant tout le mois prochain",
    "es": "El viejo puente sobre el río estará cerrado a los camiones durante todo el mes próximo",
    "ar": "الجسر القديم فوق النهر سيغلق أمام الشاحنات طوال الشهر القادم كما كتبت الصحيفة",
    "fa": "پل قدیمی روی رودخانه در تمام ماه آینده برای کامیون‌ها بسته خواهد بود",
}
TAKEN_BACK = [
    ("en", "It is not true that {}"),
    ("en", "There is no evidence that {}"),
    ("en", "WITHDRAWN: {}"),
    ("en", "RETRACTED. {}"),
    ("en", "Rumour: {}"),
    ("en", "{}. This is a lie: it stands open, I drove over it an hour ago"),
    ("en", "{}. Later the paper said that this was a mistake"),
    ("en", "Earlier it was reported that {}. This has not been confirmed"),
    ("en", "{}. This information has not been confirmed"),
    ("ru", "Неправда, что {}"),
    ("ru", "Вряд ли {}"),
    ("ru", "Опровержение: {}"),
    ("ru", "{}. Это не подтвердилось"),
    ("ru", "Сообщение о том, что {}, лишено оснований"),
    ("uk", "Неправда, що {}"),
    ("uk", "{}. Ця інформація не підтвердилася"),
    ("de", "Es stimmt nicht, dass {}"),
    ("de", "{}. Das ist nicht bestätigt"),
    ("fr", "Il est faux que {}"),
    ("fr", "{}. C'est faux"),
    ("es", "Es falso que {}"),
    ("es", "{}. Es mentira"),
    ("ar", "لا صحة لما قيل إن {}"),
    ("ar", "غير صحيح أن {}"),
    ("fa", "شایعه است که {}"),
    ("fa", "تکذیب شد: {}"),
    ("en", "{}. Update: the harbour office denies this"),
    ("en", "{}. The pilots deny the report"),
    ("ru", "{}. UPD: в порту это опровергают"),
    ("uk", "{}. Оновлено: у порту спростували це"),
    ("de", "{}. Nachtrag: das Amt dementiert das"),
    ("fr", "{}. Mise à jour : la mairie dément cette information"),
    ("es", "{}. Actualización: el puerto lo niega"),
    ("ar", "{}. تحديث: سلطة الميناء نفت ذلك"),
    ("fa", "{}. فرمانداری این خبر را تکذیب کرد"),
]


@pytest.mark.parametrize("hours", [0.1, 5])
@pytest.mark.parametrize(("language", "frame"), TAKEN_BACK)
def test_what_is_taken_back_before_or_behind_is_another_statement(
    language: str, frame: str, hours: float
) -> None:
    text = STATED[language]
    for one, other in ((text, frame.format(text)), (frame.format(text), text)):
        found = told(one, other, hours)
        assert found.relation is None or not found.relation.collapses, found


@pytest.mark.parametrize("frame", ["It is not true that {}", "{} This has not been confirmed."])
def test_a_long_text_that_is_taken_back_is_its_opposite(frame: str) -> None:
    text = LONG.format("will build")
    apart(text, frame.format(text), "opposite", 3)
    assert joined(text, "It is cold, and that is all we know: " + text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RETRACTED: {}", "Fake! {}"),
        ("It is not true that {}", "False: {}"),
    ],
)
def test_what_two_take_back_is_no_opposite_of_itself(one: str, other: str) -> None:
    text = STATED["en"]
    for first, second in ((one, other), (other, one)):
        found = told(first.format(text), second.format(text), 0.1)
        assert found.relation is Relation.RELATED, found
        assert found.veto == "taken-back"


CONTRARY = {
    "The two sailors were {} by the customs guard on the cape, the harbour radio says": (
        ("released", "killed"),
        ("arrested", "released"),
        ("rescued", "detained"),
    ),
    "Talks about the price of grain between the two ports have {}, a pilot told us": (
        ("resumed", "collapsed"),
        ("resumed", "stalled"),
    ),
    "The island council {} the ban on night ferries until the end of the summer": (
        ("lifts", "extends"),
        ("supports", "blocks"),
        ("follows", "ignores"),
    ),
    "The guards {} the evacuation of the streets along the canal late in the evening": (
        ("ordered", "cancelled"),
        ("tried to stop", "stopped"),
        ("may stop", "will stop"),
    ),
    "Power in the streets behind the mill was {} after the storm, the engineers say": (
        ("restored", "cut"),
    ),
    "Банк островов {} ставку по займам рыбакам на весь следующий год": (
        ("сохранил", "повысил"),
        ("повысил", "понизил"),
        ("сохранил", "снизил"),
    ),
    "Суд на мысу {} капитана старого парома в пятницу поздно вечером": (
        ("оправдал", "осудил"),
        ("арестовал", "отпустил"),
        ("назначил", "уволил"),
    ),
    "Рада острова {} новий закон про причали у другому читанні пізно ввечері": (
        ("підтримала", "провалила"),
        ("схвалила", "відхилила"),
    ),
    "Загони на мисі {} старий маяк після нічного бою, повідомляє радіо гавані": (
        ("відбили", "втратили"),
    ),
    "Die Reederei {} die Nachtfähre zwischen den beiden Inseln im nächsten Winter": (
        ("streicht", "behält"),
    ),
    "Der Dieb aus der Mühle am Kanal ist {}, sagt die Wache am späten Abend": (
        ("gefasst", "flüchtig"),
    ),
    "Las autoridades de la isla {} evacuar las calles junto al canal esta noche": (
        ("ordenan", "descartan"),
    ),
    "La moneda de las islas se {} otra vez frente al dólar después de la feria": (
        ("fortalece", "debilita"),
    ),
    "El puerto {} el servicio nocturno de los barcos entre las dos islas en verano": (
        ("amplía", "reduce"),
    ),
    "Le tribunal du port {} la réforme des pilotes dans son texte entier ce vendredi": (
        ("valide", "censure"),
    ),
    "La troupe du cap {} le vieux phare après deux nuits de combats dans le brouillard": (
        ("reprend", "perd"),
    ),
    "La grève des pilotes du vieux port est {} ce vendredi, dit leur syndicat": (
        ("maintenue", "levée"),
    ),
    "دادگاه بندر حکم ناخدای کشتی قدیمی را {} کرد و پرونده بسته شد": (("تأیید", "لغو"),),
    "{} البلدية رسوم العبارة بين الجزر ابتداء من يوم الأحد المقبل كما كتبت الصحيفة": (
        ("سترفع", "ستخفض"),
        ("ترفع", "تخفض"),
    ),
    "Das Gericht am Hafen hat die Klage der {} gegen das neue Fischereigesetz verhandelt": (
        ("Opposition", "Regierung"),
    ),
    "{} Orlova of the harbour union has died in hospital at the age of 71, her office says": (
        ("President", "Vice-President"),
    ),
    "{} الحرس عند الميناء القديم بحارين من الجزيرة في ساعة متأخرة أمس": (
        ("أطلق سراح", "اعتقل"),
        ("أطلقت سراح", "اعتقلت"),
    ),
}


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [(text, *pair) for text, pairs in CONTRARY.items() for pair in pairs],
)
def test_news_and_its_contrary_are_two(text: str, one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        found = told(text.format(first), text.format(second), 0.1)
        assert found.relation is None or not found.relation.collapses, found
        assert found.veto in ("opposite", "another-value")


NONE = [
    ("A gas blast in a bakery near the canal, at least 12 people injured", "nobody was hurt"),
    ("A gas blast in a bakery near the canal, at least 12 people injured", "no injuries"),
    ("Взрыв газа в пекарне у канала, пострадали не менее 12 человек", "пострадавших нет"),
    ("Gasexplosion in einer Bäckerei am Kanal, mindestens drei Verletzte", "keine Verletzten"),
]


@pytest.mark.parametrize(("text", "none"), NONE)
def test_nobody_is_the_opposite_of_so_many(text: str, none: str) -> None:
    other = f"{text.partition(',')[0]}, {none}"
    for first, second in ((text, other), (other, text)):
        assert told(first, second, 0.1).relation is Relation.OPPOSITE


def test_cut_and_reduced_are_one() -> None:
    text = "The two ports {} the price of a berth by a fifth before the winter, a pilot says"
    for one, other in (("cut", "reduced"), ("lowered", "cut"), ("reduced", "lowered")):
        assert joined(text.format(one), text.format(other), 0.1)
