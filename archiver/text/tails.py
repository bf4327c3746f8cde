"""Recognises a tail marker: the line "Read in full" and its kin, which says nothing of its own.

A marker is a known phrase, alone on its line, with nothing but emoji, arrows, marks, a link or a
word of place ("here", "on our site") around it. What has a word of its own is no marker: "Read
more books" stays a sentence.
"""

from __future__ import annotations

import re
import unicodedata

# One phrase per line end; case, accents, marks and spacing do not matter.
_PHRASES = """
read in full | read the full | read it in full | read in full text | read full | read more
read more details | read on | read further | read the rest | read the full story | read full story
read the full article | read full article | read the full text | read full text
read the full statement | read the full transcript | read the full interview | read the full report
read the article | read the story | read the whole story | read the whole article
continue reading | keep reading | full story | the full story | full article | full text
full transcript | full statement | full interview | full version | full report | more details
learn more | find out more | see more | watch in full | watch the full video | details | in full
to be continued | click to read more | tap to read more | click here | more info | more information

читать полностью | читать далее | читать дальше | читать подробнее | читать целиком | читать статью
читать всю статью | читать весь текст | читать полный текст | читать новость полностью | читать ещё
читайте полностью | читайте далее | читайте подробнее | читайте дальше | читать больше | читать все
читать материал | читать материал полностью | читать новость | читать продолжение | продолжение
подробнее | подробности | узнать подробнее | узнать больше | полный текст | полная версия
полностью | весь текст | смотреть полностью | далее | дальше | показать полностью | целиком
подробнее читайте | подробности читайте | продолжение читайте | прочитать полностью

читати повністю | читати далі | читати більше | читати докладніше | читати детальніше
читати повний текст | читати всю статтю | читати статтю | читайте повністю | читайте далі
читайте детальніше | читайте більше | детальніше | докладніше | повний текст | дізнатися більше
подробиці | продовження | далі | повністю | дивитися повністю | деталі | детальніше читайте

чытаць цалкам | чытаць далей | падрабязней | прочети повече | прочетете повече | цялата статия
pročitaj više | pročitajte više | прочитај више | опширније | opširnije | више
толығырақ | батафсил | batafsil | кененирээк | ətraflı | devamını oku | devamı | tamamını oku
czytaj więcej | czytaj dalej | czytaj całość | więcej | celý článek | číst dále | číst více
čítať ďalej | čítať viac | viac | preberi več | tovább | tovább olvasom | részletek | loe edasi
skaityti daugiau | plačiau | lasīt vairāk | lue lisää | läs mer | les mer | læs mere

اقرأ المزيد | اقرا المزيد | للمزيد | لقراءة المزيد | إقرأ المزيد | المزيد | التفاصيل
لمزيد من التفاصيل
تابع القراءة | قراءة المزيد | اقرأ الخبر كاملا | النص الكامل | لقراءة المقال كاملا
اقرأ أيضا المزيد
التفاصيل الكاملة | لقراءة الخبر | اقرأ التفاصيل | المزيد من التفاصيل | اقرأ النص الكامل | اقرأ كاملا
ادامه مطلب | بیشتر بخوانید | ادامه را بخوانید | ادامه خبر | متن کامل | جزئیات بیشتر | مشروح خبر
متن کامل را بخوانید | مطالعه بیشتر | ادامه | مزید پڑھیں | תקרא עוד | קרא עוד | קראו עוד
לקריאה נוספת
להמשך קריאה | לכתבה המלאה | המשך

weiterlesen | mehr lesen | lesen sie mehr | mehr dazu | vollständig lesen | ganzen artikel lesen
zum artikel | zum ganzen artikel | ganzer artikel | hier weiterlesen | mehr erfahren | volltext
leer más | leer completo | leer todo | leer nota completa | leer la nota completa | seguir leyendo
lea más | lea el texto completo | texto completo | más información | ver más | más detalles
leer artículo completo | leer el artículo completo | nota completa | continuar leyendo
lire la suite | lire plus | en savoir plus | lire en entier | lire l'article
lire l'article complet
texte intégral | texte complet | voir plus | article complet | la suite | lire l'intégralité
leggi tutto | leggi di più | continua a leggere | per saperne di più | leggi l'articolo
leia mais | ler mais | continue lendo | continuar lendo | saiba mais | leia na íntegra
texto na íntegra | lees meer | lees verder | citește mai mult | citeşte mai departe | citește tot
διαβάστε περισσότερα | περισσότερα | διαβάστε όλο το άρθρο | ვრცლად | სრულად | կարդալ ավելին
ավելին

baca selengkapnya | selengkapnya | baca lagi | xem thêm | đọc thêm | đọc tiếp | और पढ़ें
पूरा पढ़ें
阅读全文 | 查看全文 | 閱讀全文 | 查看更多 | 阅读更多 | 閱讀更多 | 全文 | 了解更多 | 详情 | 更多
点击阅读全文
続きを読む | もっと見る | もっと読む | 全文を読む | 詳細はこちら | 詳しくはこちら | 더 보기
더보기 | 더 읽기
전문 보기 | 자세히 보기 | 계속 읽기 | อ่านต่อ | อ่านเพิ่มเติม
"""

# What may follow: where the rest is to be read.
_PLACES = """
here below at by via in on our the this that website site web page link links blog channel telegram
following to go comments first comment next post press up down source article
тут здесь ниже по ссылке на в нашем нашей сайте сайт канале источник источнике ссылка
блоге комментариях материале статье следующем посте
за посиланням посилання нашому сайті каналі у джерелі статті нижче матеріалі
هنا على الرابط الموقع موقعنا عبر في اینجا در لینک سایت وبسایت زیر
hier auf unserer seite webseite im link unter aquí en nuestro sitio el enlace la web nuestra
ici sur notre dans le lien qui sul sito nel aqui no nosso em tutaj
"""

_LONGEST_MARKER = 80  # letters and marks of the line without its link; the longest phrase has 30

_LINK = re.compile(r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)|<a\s[^<>]*>|</a>|(?:https?|tg)://\S+")
_BARE_SITE = re.compile(r"\b(?:www\.|t\.me/|telegra\.ph/)\S+|\B@\w+|\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?")
_WORD = re.compile(r"[^\W_]+")
# Accents of Latin, Greek, Cyrillic, Hebrew and Arabic, and what has no width; not the Persian
# half-space U+200C, which parts two words.
_MARKS = re.compile(
    "[\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff]+"
)


def _words(line: str) -> tuple[str, ...]:
    """The words of a line as the lexicon compares them: without case, accents and marks."""
    plain = line.casefold()
    if not plain.isascii():
        plain = _MARKS.sub("", unicodedata.normalize("NFKD", plain))
    return tuple(_WORD.findall(plain))


_MARKERS = frozenset(
    words for line in _PHRASES.splitlines() for part in line.split("|") if (words := _words(part))
)
_PLACE_WORDS = frozenset(_words(_PLACES))
_LONGEST_PHRASE = max(map(len, _MARKERS))


def _starts_as_marker(words: tuple[str, ...]) -> bool:
    """Whether the words are a known phrase, alone or followed by words of place only."""
    for size in range(min(len(words), _LONGEST_PHRASE), 0, -1):
        if words[:size] in _MARKERS:
            return all(word in _PLACE_WORDS for word in words[size:])
    return False


def is_tail_marker(line: str) -> bool:
    """Whether a line only sends the reader on: "Read in full", "Читать далее", "阅读全文" ...

    >>> is_tail_marker("👉 **Read in full** → https://example.org/a")
    True
    >>> is_tail_marker("Read in full what the minister said")
    False
    """
    if len(line) > 8 * _LONGEST_MARKER:
        return False
    if "://" in line or "](" in line or "<" in line:
        line = _LINK.sub(" ", line)
    if len(line) > _LONGEST_MARKER:
        return False
    if "." in line or "/" in line or "@" in line:
        line = _BARE_SITE.sub(" ", line)
    return _starts_as_marker(_words(line))
