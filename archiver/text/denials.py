"""Words before or behind a whole text that take it back: "It is not true that", "Withdrawn:"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_LONGEST = 16  # words
_WITHDRAWN = 4  # words; among more of them the mark may be of another thing

# Before a statement.
_BEFORE = """
it is not true that
it is untrue that
it isnt true that
it is false that
it is a lie that
it is only a rumour that
it is a rumour that
it is a rumor that
it is not the case that
it was not the case that
not true that
no evidence that
no evidence of
no proof that
no confirmation that
no truth to
no truth in
there is no truth
false reports
false rumour
false rumours
false rumors
contrary to reports
contrary to earlier
contrary to claims
it is unlikely that
nobody has confirmed that
denies that
denied that
denies reports
denied reports
wrongly reported that
we wrongly reported
we withdraw
we retract
не соответствует действительности
неправда что
это неправда
ложь что
это ложь
неверно что
нет доказательств
нет подтверждения
нет никаких доказательств
нет свидетельств
фейк о том
ложные сообщения
вряд ли
едва ли
опровергли информацию
опровергает информацию
опроверг информацию
опровергла информацию
опровергли сообщения
опроверг сообщения
ошибочно сообщили
неправда що
це неправда
брехня що
немає доказів
нема доказів
немає підтверджень
не відповідає дійсності
фейк про те
навряд чи
спростували інформацію
спростував інформацію
спростувала інформацію
es stimmt nicht dass
es ist nicht wahr dass
es ist unwahr dass
es ist falsch dass
nicht wahr ist dass
es gibt keine belege
es gibt keine beweise
es gibt keine hinweise
keine belege
il est faux que
il est faux de dire
il n est pas vrai
il n est pas exact
ce n est pas vrai
aucune preuve
rien ne prouve
rien n indique
es falso que
no es cierto que
no es verdad que
es mentira que
no hay pruebas
no hay evidencia
no hay indicios
falso que
é falso que
non è vero che
nieprawda że
لا صحة ل
لا صحة لما
لا صحة لأنباء
لا صحة لخبر
ليس صحيحا أن
غير صحيح أن
من غير الصحيح
لا دليل على
لا توجد أدلة
نفي أن
شایعه است که
صحت ندارد که
حقیقت ندارد که
درست نیست که
دروغ است که
تکذیب شد
تکذیب می شود
تکذیب میشود
هیچ مدرکی
هیچ شواهدی
"""

# Behind it.
_BEHIND = """
has not been confirmed
have not been confirmed
was not confirmed
were not confirmed
is not confirmed
not been confirmed
not confirmed
hasnt been confirmed
could not be confirmed
is not true
was not true
is untrue
was untrue
are untrue
this is false
that is false
was false
were false
turned out to be false
proved false
proved to be false
is fake
was fake
is a lie
was a lie
is a fabrication
a hoax
not correspond to reality
without foundation
has been withdrawn
has been retracted
was withdrawn
was retracted
was a mistake
is a mistake
was an error
by mistake
in error
has been denied
have been denied
deny this
deny that
deny it
denies this
denies that
denies it
denied this
denied that
denied it
deny the report
denies the report
denied the report
deny the reports
denies the reports
denied the reports
refute this
refutes this
refuted this
опровергли это
опроверг это
опровергла это
опровергло это
опровергают это
опровергает это
это опровергли
это опроверг
это опровергла
это опровергают
это опровергает
это отрицают
это отрицает
отрицают это
отрицает это
спростували це
спростував це
спростувала це
спростовує це
спростовують це
це спростували
це спростовують
це заперечують
заперечують це
dementiert das
dementieren das
dementierte das
dementiert dies
bestreitet das
bestreiten das
bestreitet dies
das bestritten
das dementiert
weist das zurück
weist dies zurück
dément cette information
démentent cette information
a démenti cette information
le dément
le démentent
la démenti
lo desmiente
lo desmienten
lo desmintió
lo niega
lo niegan
lo negó
نفت ذلك
نفى ذلك
تنفي ذلك
ينفي ذلك
نفت الخبر
نفى الخبر
این را تکذیب
این خبر را تکذیب
آن را تکذیب
не подтвердилось
не подтвердилась
не подтвердился
не подтвердились
не подтверждается
не подтверждаются
не подтверждено
не подтверждена
не подтвердили
не нашло подтверждения
не нашла подтверждения
не соответствует действительности
не соответствуют действительности
лишено оснований
лишена оснований
лишены оснований
это неправда
это ложь
это вранье
это фейк
это ошибка
это было ошибкой
оказалось ошибкой
сообщили ошибочно
оказалось неправдой
оказалась ложной
оказалось фейком
оказалась фейком
не підтвердилося
не підтвердилось
не підтвердилася
не підтвердилась
не підтверджується
не підтверджено
не підтверджена
не відповідає дійсності
це неправда
це фейк
виявилося неправдою
nicht bestätigt
hat sich nicht bestätigt
stimmt nicht
war ein irrtum
war ein fehler
war falsch
ist falsch
ist unwahr
ist eine lüge
ist gelogen
nicht wahr
unbestätigt
n a pas été confirmé
n a pas été confirmée
n est pas confirmé
n est pas confirmée
pas été confirmée
c est faux
c est un mensonge
une erreur
par erreur
est fausse
est infondée
no ha sido confirmada
no ha sido confirmado
no se ha confirmado
no se confirmó
no está confirmado
es falso
fue un error
por error
es falsa
es mentira
لم يتأكد
لم تتأكد
لم يؤكد
لم تؤكد
غير صحيح
غير صحيحة
غير مؤكد
غير مؤكدة
لا صحة له
لا أساس له
بالخطأ
عار عن الصحة
عارية عن الصحة
تأیید نشده
تایید نشده
تأیید نشد
تایید نشد
صحت ندارد
حقیقت ندارد
تکذیب شد
تکذیب شده
"""

# A mark by itself.
_MARKS = """
withdrawn retracted retraction untrue false fake hoax debunked
rumour rumours rumor rumors unconfirmed
отозвано опровержение слух слухи опровергнуто фейк неправда ложь
відкликано чутки спростування спростовано фейк неправда брехня
zurückgezogen gerücht gerüchte unbestätigt falschmeldung dementi widerrufen
rétracté rumeur faux intox démenti
desmentido rumor falso bulo
تكذيب كاذب إشاعة شائعة
تکذیب تکذیبیه شایعه دروغ
"""


def _phrases(*lists: str) -> Mapping[str, Sequence[tuple[str, ...]]]:
    """The phrases by the first word of each."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for line in "\n".join(lists).split("\n"):
        words = tuple(line.split())
        if words:
            found.setdefault(words[0], []).append(words)
    return found


_MARKED = frozenset(_MARKS.split())
# "This has not been confirmed: the bridge will be closed".
_PHRASES = {-1: _phrases(_BEFORE, _BEHIND), 1: _phrases(_BEHIND)}


def may_take_back(word: str) -> bool:
    """Whether a word may be of what `taken_back` finds."""
    return word in _MARKED or any(word in phrases for phrases in _PHRASES.values())


def taken_back(words: Sequence[str], edge: int) -> tuple[str, ...]:
    """The words that take a text back among those added before (-1) or behind (1) it."""
    if not edge or not 0 < len(words) <= _LONGEST:
        return ()
    phrases = _PHRASES[edge]
    for at, word in enumerate(words):
        for phrase in phrases.get(word, ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                return phrase
    if len(words) <= _WITHDRAWN:
        return tuple(word for word in words if word in _MARKED)
    return ()
