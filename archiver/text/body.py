"""The comparable form of a text: what two copies of one statement share.

Emoji, punctuation, formatting, case, "ё", look-alike letters of another script, links, hashtag
lines, "Read in full" and the channel's own sign-off differ from copy to copy; the words and numbers
do not. Two posts have the same body when their comparable forms are equal.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Set
from functools import lru_cache
from hashlib import blake2b

from archiver.text.lookalikes import in_one_script
from archiver.text.tails import is_tail_marker

# Raise it whenever the same text would get another form: every body is then made anew.
BODY_VERSION = 3

# Under this a link is most of what a post says: "New episode: <link>" twice is two episodes.
FEW_WORDS = 8
_HARDLY_ANY_WORDS = 4

# Letters of a footer or marker; a longer line is a paragraph, and not worth being read for it.
LONGEST_END = 160
_LONGEST_MARKER = 10  # words; "read it in full" and its places
_LONGEST_CALL = 7  # words; "Name of the channel. Subscribe"

# Calls to subscribe or to write in. Sister channels post each other's texts with whose footer ever,
# so these go wherever they stand at the end, learned or not: 178 of 653 byte-equal pairs of real
# posts would part otherwise, the footer being learned in one of the two channels only.
_CALLS = re.compile(
    r"\b(?:подпи(?:саться|сывай(?:ся|тесь)|шись|шитесь)|підпи(?:сатися|суй(?:ся|тесь|тесся)|шись"
    r"|шіться)|падпі(?:сацца|сывайцеся)|subscribe|follow us|join (?:us|our channel)|abonnieren"
    r"|abonnez vous|suscr[ií]bete|suscribirse|iscriviti|inscreva se|zasubskrybuj|abone ol(?:un)?"
    r"|اشترك(?:وا)?|تابعونا|تابعنا|عضو شوید|(?:прислать|предложить|отправить) (?:новость|новости)"
    r"|(?:надіслати|запропонувати) новину|send us (?:your )?news)\b"
)

# One at a time: `re` looks for one letter of a set twice as fast as for some in a row.
# Invisible, or written in many ways: zero-width and direction marks, soft hyphens, variation
# selectors, stress and vowel marks, and every apostrophe (п'ять, п’ять, пʼять).
_DROPPED = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufeff"
    "\ufe00-\ufe0f\U000e0001-\U000e01ef"
    "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    "'`\u00b4\u02b9-\u02bf\u02c8\u02ca\u02cb\u2018-\u201b\u2032\u2035\ua78c\uff07]"
)
_FORMATTING = ("**", "__", "~~", "||", "```")  # inside a word they do not end it

# Vowel signs of Indic and South-East Asian scripts are part of the word, yet not `\w` in Python.
_SIGNS = (
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0980-\u0dff\u0e31-\u109d\u1712-\u1ce8"
)
_WORDS = re.compile(rf"[\w{_SIGNS}]+")

_TARGET = re.compile(r"\]\((?=[^()\s]*[./:])[^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)")
# For texts without case: where `re` is to ignore it, it does not look for the first letter alone.
_SITE = re.compile(r"(?:https?|tg|ftp)://[^\s)\]>»\"]+")
_PATH = re.compile(r"\.[a-zа-я]{2,10}/")
_BARE = re.compile(r"\b(?:[\w-]+\.)+[^\W\d_]{2,10}/[^\s)\]>»\"]*")
_TAG_LINE = re.compile(r"^[^\w\n#@]*(?:[#@]\w+[^\w\n#@]*)+$", re.MULTILINE)
# "It happened. @channel": after a sentence's end the channel's name is its signature.
_SIGNATURE = re.compile(r"(?<=[.!?»”\")])[ \t]*\[?@\w{4,32}\]?\s*\Z")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def comparable(text: str, footers: Set[str] = frozenset()) -> str:
    """The words of a text that its copies share, joined by single spaces; "" if it has no word.

    `footers` are lines in this same form (see `footers.learn`); they, tail markers, tag lines and
    links are peeled off the end. Where hardly any word is left, links count: they are the post.

    >>> comparable("**Взрыв** в порту\\n\\n#новости\\nЧитать далее")
    'взрыв в порту'
    """
    return " ".join(comparable_words(text, footers))


def comparable_words(text: str, footers: Set[str] = frozenset()) -> list[str]:
    """The same, word by word."""
    plain = _plain(text)
    head, _ = peel(_lines(plain), footers)
    words = _split(head)
    if len(words) < FEW_WORDS:
        return _short_form(plain, footers, " ".join(words)).split() if words else _split(plain)
    return words


def body_key(words: str) -> tuple[int, int]:
    """128 bits of BLAKE2b over a comparable form, as two signed 64-bit halves."""
    digest = blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    first, second = struct.unpack(">qq", digest)
    return first, second


def count_words(words: str) -> int:
    """How many words a comparable form has; scripts without spaces count two letters a word."""
    if not words:
        return 0
    count = words.count(" ") + 1
    if count >= 4 * FEW_WORDS or words.isascii():
        return count
    letters = sum(1 for _ in _UNSPACED.finditer(words))
    return max(count, letters // 2)


def words_of(plain: str) -> str:
    """The words of a text already made plain, joined by single spaces."""
    return " ".join(_split(plain))


def _split(plain: str) -> list[str]:
    return _WORDS.findall(plain.replace("_", " "))


@lru_cache(maxsize=1 << 12)
def words_of_line(line: str) -> str:
    """The words of a short line near the end of a post: most are footers, which come again."""
    return words_of(line)


def plain_lines(text: str) -> str:
    """A text line by line without formatting, case, links and tag lines; what `peel` takes."""
    return _lines(_plain(text))


def _lines(plain: str) -> str:
    return in_one_script(_without_tags(_without_links(plain)))


def peel(plain: str, footers: Set[str]) -> tuple[str, list[str]]:
    """Take what says nothing off the end of a plain text; return the rest and the footers found.

    Only from the end, line by line: a line in the middle is never lost.
    """
    found: list[str] = []
    rest = plain.rstrip()
    while rest:
        start = rest.rfind("\n") + 1
        if len(rest) - start > LONGEST_END:
            break
        line = words_of_line(rest[start:])
        if line in footers:
            found.append(line)
        elif line and not _is_marker(line):
            break
        rest = rest[:start].rstrip()
    return rest, found


def _is_marker(line: str) -> bool:
    """Whether the line only sends the reader on, or asks him to subscribe."""
    return line.count(" ") < _LONGEST_MARKER and _known_marker(line)


@lru_cache(maxsize=1 << 14)
def _known_marker(line: str) -> bool:
    is_call = line.count(" ") < _LONGEST_CALL and _CALLS.search(line) is not None
    return is_call or is_tail_marker(line)


def _plain(text: str) -> str:
    """Without invisible characters, formatting and case; links are still there."""
    if not text.isascii():
        text = text.replace("\u00a0", " ").replace("…", " ").replace("\u00b4", "")
        if not unicodedata.is_normalized("NFKC", text):
            text = unicodedata.normalize("NFKC", text)
    if "]" in text and "](" in text:  # one letter is looked for four times as fast as two
        text = _TARGET.sub("", text)
    for mark in _FORMATTING:
        if mark[0] in text and mark in text:
            text = text.replace(mark, "")
    if "\r" in text or "\u2028" in text:
        text = "\n".join(text.splitlines())
    return _DROPPED.sub("", text).casefold().replace("ё", "е")


def _without_links(plain: str) -> str:
    if "/" not in plain:
        return plain
    if "://" in plain:
        plain = _SITE.sub(" ", plain)
    if "/" in plain and _PATH.search(plain):
        plain = _BARE.sub(" ", plain)
    return plain


def _without_tags(plain: str) -> str:
    """Without lines of nothing but hashtags and mentions, and without a signature."""
    if "@" in plain:
        plain = _SIGNATURE.sub("", _TAG_LINE.sub("", plain).rstrip())
    elif "#" in plain:
        plain = _TAG_LINE.sub("", plain)
    return plain


def _short_form(plain: str, footers: Set[str], words: str) -> str:
    """The form of a text of few words: links beside words count, and if hardly a word all do."""
    if "/" not in plain:
        return words
    every = words.count(" ") < _HARDLY_ANY_WORDS - 1
    kept = [line for line in plain.split("\n") if _speaks(line, footers, every)]
    return words_of("\n".join(kept))


def _speaks(line: str, footers: Set[str], links_speak: bool) -> bool:
    words = words_of(_without_tags(_without_links(line)))
    if not words:
        return links_speak
    return words not in footers and not _is_marker(words)
