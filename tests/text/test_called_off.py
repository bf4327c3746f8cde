"""What was called off, half done, or done by somebody else is another statement, at once too.

Written before the lists that tell them apart were extended: of these 64 pairs in eight languages
49 were one statement then, none is now.
"""

from __future__ import annotations

import pytest

from tests.text.deciding import joined

CALLED_OFF = {
    # English
    "The queen {} the new shipyard on the islands in the first week of May": (
        ("will open", "has called off her trip to"),
        ("will visit", "cancelled her visit to"),
        ("visits", "has postponed a visit to"),
        ("tours", "suspends her tour of"),
    ),
    "The shipowner {} for the repair of the old lighthouse, the pilots write": (
        ("has paid", "has yet to pay"),
        ("pays", "almost paid"),
    ),
    "{} captain of the island ferry was fined by the court on Thursday evening": (
        ("The", "The former"),
        ("The", "The wife of the"),
        ("The", "The brother of the"),
    ),
    "Two trawlers {} in the narrow sound last night, the coastguard told reporters": (
        ("collided", "nearly collided"),
        ("sank", "almost sank"),
    ),
    "The cooperative {} the smokehouse behind the mill, its chairman told the radio": (
        ("will sell", "would sell if it had to"),
    ),
    # Russian
    "Адмирал {} верфь на северных островах в первую неделю мая": (
        ("посетит", "отменил визит на"),
        ("осмотрит", "отложил поездку на"),
        ("посетил", "перенёс визит на"),
    ),
    "{} капитан парома оштрафован судом за шум в гавани поздно вечером": (
        ("Старший", "Бывший"),
        ("Действующий", "Бывший"),
    ),
    "Суд оштрафовал {} капитана парома за ночной шум в старой гавани": (
        ("", "сына"),
        ("", "жену"),
        ("", "бывшего"),
    ),
    "Два траулера {} столкнулись ночью в узком проливе, сообщили спасатели": (
        ("", "едва не"),
        ("", "чуть не"),
        ("", "почти"),
    ),
    # Ukrainian
    "Штормову тривогу у старій гавані {} о шостій ранку, пише радіо порту": (
        ("оголошено", "скасовано"),
        ("оголосили", "відбій"),
    ),
    "Адмірал {} верф на північних островах у перший тиждень травня": (
        ("відвідає", "скасував візит на"),
        ("оглядає", "відклав поїздку на"),
    ),
    "Суд оштрафував {} капітана порома за нічний шум у старій гавані": (
        ("", "дружину"),
        ("", "колишнього"),
    ),
    "Два траулери {} зіткнулися вночі у вузькій протоці, кажуть рятувальники": (
        ("", "ледь не"),
        ("", "майже"),
    ),
    "Загони {} висоту біля старого млина після нічного бою, пише газета": (
        ("звільнили", "залишили"),
    ),
    # German
    "Der Admiral {} die Werft auf den nördlichen Inseln in der ersten Maiwoche": (
        ("besucht", "verschiebt seinen Besuch auf"),
        ("besichtigt", "hat die Reise abgesagt auf"),
    ),
    "Das Gericht verurteilt {} Kapitän der Inselfähre wegen Lärms im alten Hafen": (
        ("den", "den früheren"),
        ("den", "den Bruder vom"),
        ("den", "den ehemaligen"),
    ),
    "Zwei Kutter sind im engen Sund in der Nacht {} zusammengestossen, sagt die Wache": (
        ("", "fast"),
        ("", "beinahe"),
    ),
    # French
    "L'amiral {} le chantier des îles du nord dans la première semaine de mai": (
        ("visitera", "annule sa visite sur"),
        ("inspecte", "a reporté sa visite sur"),
    ),
    "Le port annonce la {} des bacs entre les deux îles à partir de jeudi": (
        ("reprise", "suspension"),
        ("réouverture", "fermeture"),
        ("remise en marche", "mise à l'arrêt"),
    ),
    "Le tribunal condamne {} capitaine du bac pour le bruit dans le vieux port": (
        ("le", "l'ancien"),
        ("le", "la femme du"),
    ),
    "Deux chalutiers ont {} coulé cette nuit dans la passe, disent les pilotes": (
        ("", "failli"),
        ("", "presque"),
    ),
    # Spanish
    "El almirante {} el astillero de las islas en la primera semana de mayo": (
        ("visitará", "aplazó su visita al"),
        ("inspecciona", "canceló su viaje al"),
    ),
    "La guardia del puerto {} la llegada de otro buque con trigo esta noche": (
        ("confirmó", "descartó"),
    ),
    "El tribunal condena {} capitán del transbordador por el ruido en el muelle": (
        ("al", "al ex"),
        ("al", "al hermano del"),
    ),
    "Dos pesqueros {} se hundieron anoche en el canal, dicen los pilotos": (("", "casi"),),
    # Arabic
    "الأميرال {} حوض السفن في الجزر الشمالية في الأسبوع الأول من مايو": (
        ("يزور", "ألغى زيارته إلى"),
        ("سيزور", "أرجأ زيارة إلى"),
    ),
    "حكمت المحكمة على {} قبطان العبارة بسبب الضجيج في الميناء القديم ليلا": (
        ("", "زوجة"),
        ("", "شقيق"),
    ),
    "زورقان {} يصطدمان ليلة أمس في المضيق الضيق كما قال خفر السواحل": (("", "كادا"),),
    # Farsi
    "دریاسالار {} کارگاه کشتی جزیره‌های شمالی در هفته نخست ماه مه": (
        ("بازدید می‌کند از", "سفر خود را لغو کرد به"),
        ("دیدار می‌کند از", "به تعویق انداخت دیدار از"),
    ),
    "دادگاه {} ناخدای کشتی را برای سروصدای شبانه در بندر قدیمی جریمه کرد": (
        ("", "همسر"),
        ("", "برادر"),
    ),
    "دو قایق دیشب در تنگه باریک {} به هم خوردند، نجاتگران گفتند": (("", "تقریبا"),),
}


CASES = [(text, *pair) for text, pairs in CALLED_OFF.items() for pair in pairs]


@pytest.mark.parametrize(("text", "one", "other"), CASES)
def test_what_is_called_off_or_was_another_is_another_statement(
    text: str, one: str, other: str
) -> None:
    for first, second in ((one, other), (other, one)):
        assert not joined(text.format(first), text.format(second), 0.2)


SAME = {
    "The harbour board {} the regatta because of the storm on Saturday, pilots say": (
        ("cancelled", "called off"),
        ("has cancelled", "cancels"),
        ("suspends", "halts"),
    ),
    "{} Lund opened the old lighthouse on the cape on Saturday afternoon with a speech": (
        ("Former president", "President"),
    ),
    "The flood destroyed {} houses in the lower town, the firemen told reporters today": (
        ("200", "almost 200"),
        ("all", "almost all"),
    ),
    "The mayor said that the port {} close in winter because the money is gone": (
        ("would", "will"),
    ),
    "Порт {} регату из-за шторма в субботу, сообщили утром лоцманы на мысу": (
        ("отменил", "отменяет"),
        ("перенёс", "отложил"),
    ),
    "Наводнение разрушило {} домов в нижнем городе, сообщили спасатели днём": (
        ("200", "почти 200"),
    ),
    "Der Hafen {} die Regatta wegen des Sturms am Samstag, sagen die Lotsen": (
        ("verschiebt", "vertagt"),
    ),
    "Le port {} la régate à cause de la tempête samedi, disent les pilotes": (
        ("annule", "a annulé"),
    ),
    "El puerto {} la regata por la tormenta del sábado, dicen los pilotos": (
        ("aplaza", "pospone"),
    ),
}


@pytest.mark.parametrize(
    ("text", "one", "other"), [(text, *pair) for text, pairs in SAME.items() for pair in pairs]
)
def test_what_both_call_off_or_only_count_roughly_is_one(text: str, one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        assert joined(text.format(first), text.format(second), 0.2)
