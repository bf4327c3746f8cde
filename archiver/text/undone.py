"""What was called off, came to nothing, or was somebody else: told by a few words on one side.

"Will visit" and "cancelled his visit to"; "sank" and "nearly sank"; "the mayor" and "the
wife of the mayor". Written by hand for eight languages; a word ending in `*` stands for all that
begin so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from archiver.text.compare import is_number

# Whoever calls a thing off will not do it.
_CALLED_OFF = """
cancel* postpon* shelv* scrap scraps scrapped axed suspend* defer* abandons abandoned
отмен* отлож* отклад* перенес* перенос* приостан* сорва* отсроч*
скасов* скасу* відмін* відкла* перенес* перенос* призупин* зірва*
abgesagt* absag* verschieb* verschob* aussetz* ausgesetzt* vertag* storniert*
annul* reporte reportent reporté* ajourn* suspend* différé*
cancel* aplaz* pospon* pospuso* suspend* anul*
ألغى ألغت يلغي تلغي إلغاء أرجأ أرجأت يرجئ ترجئ إرجاء أجل أجلت تأجيل علق علقت تعليق
لغو تعویق تعلیق معلق
annull* rinvia* sospe* odwoł*
"""
# Of two words: "called off", "sagt ... ab".
_CALLS_WORDS = """
call calls called calling put puts sagt sagte sagen sagten
"""
_CALLS = frozenset(_CALLS_WORDS.split())
_OFF = frozenset(["off", "ab"])

# What is called off.
_THINGS = """
visit* trip trips tour tours meeting* talks summit* journey* travel* voyage* session* concert* match
визит* поездк* встреч* переговор* саммит* турне заседан* концерт* матч*
візит* поїздк* зустріч* переговор* саміт* засідан* концерт* матч*
besuch* reise* treffen gespräch* gipfel* sitzung* konzert* spiel
rencontre* réunion* pourparlers sommet déplacement* séance* match
visita* viaje* reunión reuniones encuentro* cumbre* gira sesión partido* conversaciones concierto*
زيارة زيارته زيارتها زيارتهم رحلة رحلته رحلتها سفر اجتماع اجتماعه لقاء محادثات قمة جولة جولته
سفر دیدار بازدید نشست جلسه گفتگو مذاکرات
"""

# What would have happened, and did not.
_NEARLY = """
nearly almost почти майже fast beinahe presque failli faillit quasi casi prawie omal
كاد كادت كادا كادوا كادتا يكاد تكاد تقريبا تقریبا
"""
_ALWAYS_UNREAL_WORDS = """
failli faillit كاد كادت كادا كادوا كادتا يكاد تكاد
"""
_ALWAYS_UNREAL = frozenset(_ALWAYS_UNREAL_WORDS.split())
# "Almost all", "почти год": a quantity, not what did not happen.
_QUANTITIES = """
a an the all every everyone everybody everything any half double doubled doubles tripled halved
twice one two three ten dozen hundred thousand million billion week month year years always never no
none nothing nobody certain* complete* entire* whole immediate* impossible the same
все всех всем всю весь всё вся всего всегда полов* трет* четверт* вдвое втрое полтора сто тысяч* млн
миллион* миллиард* недел* месяц* год* лет дв* тр* десят* сотн* никто ничего никогда полност* удво*
целы* кажд* готов* невозмож* сразу час* день дня дней
усі всі весь вся усе все полов* трет* чверт* вдвічі втричі сто тисяч* мільйон* мільярд* тижд* місяц*
рік рок* дв* тр* десят* сотн* ніхто нічого ніколи повніст* цілий кожн* годин* день дні днів
alle alles allen ganz* halb* doppelt verdoppel* hundert* tausend* million* eine ein einen einem
jede* zwei drei zehn immer nie nichts niemand kein* unmöglich vollständig* die der das
tous tout toute toutes la le les un une deux trois dix cent cents mille moitié million* milliard*
toujours jamais rien personne doubl* tripl* entier* complèt* impossible chaque
todo toda todos todas la el los las un una dos tres diez cien ciento mil mitad millón millones
siempre nunca nada nadie duplic* triplic* doble imposible cada
كل جميع نصف مئة ألف مليون همه نیمی نصف صد هزار میلیون یک دو سه
"""

# What hangs on a condition: "would close ... if".
_WOULD = frozenset(["would", "бы", "б", "би", "würde", "würden"])
_WOULD_ENDS = ("rait", "raient", "ría", "rían")
_IF = frozenset(["if", "unless", "если", "якби", "якщо", "wenn", "falls", "sofern", "si"])

# Who had the title, and has it no more.
_FORMER = """
former formerly ex erstwhile бывш* экс колишн* екс ehemalig* früherer früheren frühere ancien
ancienne lancien lancienne antiguo antigua lex expresident* exministr*
exalcald* exgobernador* exdirector* exjef* السابق السابقة سابق پیشین
"""
# Somebody of the family of who has it.
_KIN = """
wife husband widow brother sister daughter stepson nephew
жена жены жену женой жене муж мужа сын сына сыном дочь дочери брат брата сестра сестру сестры вдова
вдову племянник племянника зять зятя
дружина дружину дружини чоловіка син сина донька доньку доньки брат брата сестра сестру вдова вдову
ehefrau witwe bruder schwester tochter sohn gattin
épouse lépouse veuve frère soeur sœur fils
esposa marido viuda hermano hermana hija hijo yerno
زوجة زوج شقيق شقيقة أخ أخت ابن ابنة نجل أرملة همسر برادر خواهر پسر دختر بیوه
"""
# Of a family with these behind them alone: "a son" in one language is "his" in another.
_KIN_OF_WORDS = """
son father mother femme fille père mère mujer padre madre frau vater
"""
_KIN_OF = frozenset(_KIN_OF_WORDS.split())
_OF = frozenset(["of", "du", "de", "des", "d", "del", "der", "von", "vom"])

DEPUTY, FORMER, KIN = "deputy", "former", "kin"
_ROOT = 4  # letters that "launch" and "the launching of" have in common


def _told(lines: str) -> Callable[[str], bool]:
    """Whether a word is of a list, by itself or by its beginning."""
    words = [word.replace("ё", "е") for word in lines.split()]
    whole = frozenset(word for word in words if word[-1] != "*")
    begun = tuple(word[:-1] for word in words if word[-1] == "*")
    return lru_cache(maxsize=1 << 14)(lambda word: word in whole or word.startswith(begun))


_is_called_off = _told(_CALLED_OFF)
_is_thing = _told(_THINGS)
_is_nearly = _told(_NEARLY)
_is_quantity = _told(_QUANTITIES)
_is_former = _told(_FORMER)
_is_kin = _told(_KIN)


def may_call_off(word: str) -> bool:
    """Whether a word may be of what `called_off` finds."""
    return word in _OFF or _is_called_off(word)


def may_be_unreal(word: str) -> bool:
    """Whether a word may be of what `unreal` finds."""
    return _is_nearly(word) or _would(word)


def may_tell_person(word: str) -> bool:
    """Whether a word may make somebody else of who has a title."""
    return word in _KIN_OF or _is_former(word) or _is_kin(word)


def called_off(
    first: Sequence[str], second: Sequence[str], after: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """What calls a thing off that the other one tells of as coming or done, and what tells of it.

    `after` is what follows both, where it is the same.

    >>> called_off("will visit".split(), "has cancelled her visit to".split(), [])
    (('visit',), ('cancelled',))
    """
    one, other = _calling(first), _calling(second)
    if bool(one) == bool(other):
        return None
    off, said = (first, second) if one else (second, first)
    roots = {word[:_ROOT] for word in said if len(word) >= _ROOT}
    follows = any(map(_is_thing, after))
    if not (follows or any(said and (_is_thing(w) or w[:_ROOT] in roots) for w in off)):
        return None
    return ((one,), tuple(said[-1:])) if one else (tuple(said[-1:]), (other,))


def _calling(words: Sequence[str]) -> str:
    for word in words:
        if _is_called_off(word) or (word in _OFF and not _CALLS.isdisjoint(words)):
            return word
    return ""


def unreal(
    words: Sequence[str],
    others: Sequence[str],
    after: Sequence[str],
    texts: Sequence[Sequence[str]],
) -> str:
    """The word that makes what these words tell unreal, where they stand for others.

    `after` are the words behind them, and `texts` their own text and the other one.
    """
    near = not any(map(_is_nearly, others))
    would = not any(map(_would, others))
    for at, word in enumerate(words):
        if near and _is_nearly(word):
            following = [*words[at + 1 :], *after][:1]
            if word in _ALWAYS_UNREAL or not any(map(_is_amount, following)):
                return word
        if would and _would(word) and _is_condition(texts):
            return word
    return ""


def _is_condition(texts: Sequence[Sequence[str]]) -> bool:
    return not _IF.isdisjoint(texts[0]) and _IF.isdisjoint(texts[1])


def _is_amount(word: str) -> bool:
    return is_number(word) or _is_quantity(word)


def _would(word: str) -> bool:
    return word in _WOULD or word.endswith(_WOULD_ENDS)


def person(
    words: Sequence[str], after: Sequence[str], is_name: Callable[[str], bool]
) -> dict[str, str]:
    """What makes somebody else of who has a title among these words, by kind."""
    found: dict[str, str] = {}
    for at, word in enumerate(words):
        following = [*words[at + 1 :], *after]
        if _is_former(word) and not _is_named(words, after, is_name):
            found.setdefault(FORMER, word)
        elif _is_kin(word) or (word in _KIN_OF and not _OF.isdisjoint(following[:1])):
            found.setdefault(KIN, word)
    return found


def _is_named(words: Sequence[str], after: Sequence[str], is_name: Callable[[str], bool]) -> bool:
    """Whether a name follows the title: "former president Lund" is who "president Lund" is."""
    titled = after[:1] if len(words) > 1 else after[1:2]
    return any(map(is_name, titled))
