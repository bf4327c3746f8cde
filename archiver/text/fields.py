"""The fields of the search language: what they are called and what their values mean."""

from __future__ import annotations

import re
from datetime import tzinfo

from archiver.text.dates import interval
from archiver.text.fold import fold
from archiver.text.patterns import later
from archiver.text.tree import Amount, Chan, Date, Fwd, Ids, Node, Tagged

# name -> what it finds; for help and completion too.
FIELDS = {
    "chan": "posts of a channel: @name, title, link or id; * stands for anything",
    "fwd": "posts forwarded from a channel or a name; * for any",
    "from": "posts signed by an author",
    "lang": "posts in a language: ru, uk, en, ar, fa, de, es, fr, zh ...",
    "has": "posts with a photo, video, file, link, poll ...",
    "date": "posts of a time: 2024, 2024-05, 2024-03..05-01, 2024-05-17T14:30, 7d",
    "added": "posts archived then, by the start of the run that brought them",
    "views": "posts seen so often: >1000, 500..2k",
    "copies": "statements repeated so often: >5, 0",
    "cluster": "the posts of a statement, by its number in --json",
    "id": "a post: the number after # in a result, or a link to it",
    "link": "posts with a link to a host or what lies under it: example.org",
    "tag": "posts with a #tag",
    "user": "posts that mention a @name",
}
# value of has: -> what it finds.
HAS = {
    "photo": "a photo",
    "video": "a video",
    "file": "a file",
    "audio": "a piece of music",
    "voice": "a voice message",
    "animation": "an animation",
    "sticker": "a sticker",
    "poll": "a poll",
    "media": "anything but words",
    "link": "a link",
    "forward": "forwarded",
    "reply": "an answer to another post",
    "edit": "changed after it was posted",
    "deleted": "deleted in the channel (such posts are left out otherwise)",
}
LANGUAGES = (
    "ar", "be", "bg", "de", "el", "en", "es", "fa", "fr", "he", "hi", "hy", "it", "ja", "ka", "ko",
    "nl", "pl", "pt", "ru", "sr", "th", "tr", "uk", "ur", "zh",
)  # fmt: skip

# What people of other search languages write -> the field that does it.
_ALIASES = {
    "channel": "chan", "title": "chan", "author": "from", "signed": "from", "language": "lang",
    "forward": "fwd", "forwarded": "fwd", "is": "has", "type": "has", "media": "has",
    "before": "date", "after": "date", "since": "date", "until": "date", "url": "link",
    "site": "link", "domain": "link", "host": "link", "hashtag": "tag", "tags": "tag",
    "mention": "user",
}  # fmt: skip
_SCHEMES = {"data", "file"}  # of addresses
_SHORTEST = 4  # letters: the words a slip away from "has" or "id" are words of every sentence

_LARGEST = 1 << 62
_FACTORS = {"": 1, "k": 1_000, "m": 1_000_000}
_COUNT = r"(\d{1,12})([kKmM]?)"
_COMPARED = later(rf"(>=?|<=?|=?){_COUNT}", re.ASCII)
_RANGE = later(rf"(?:{_COUNT})?\.\.(?:{_COUNT})?", re.ASCII)


def read(name: str, value: str, at: int, now: int, zone: tzinfo) -> Node | None:
    """The node of `name:value`, which stands at `at`; None for a value without a letter or digit.

    Raises ValueError with a sentence.
    """
    if name in ("date", "added"):
        return Date(*interval(value, now, zone), added=name == "added")
    if name in ("chan", "fwd"):
        return (Chan if name == "chan" else Fwd)(((value, at),))
    if name in ("views", "copies"):
        return Amount(name, *amount(value))
    if name == "cluster":
        if not re.fullmatch(r"\d{1,18}", value, re.ASCII):
            raise ValueError("cluster: takes the number of a statement, as --json tells it")
        return Ids(name, ((value, at),))
    if name == "id":
        return Ids(name, ((value, at),))
    return _tagged(name, value)


def meant(name: str, value: str) -> str | None:
    """The field that somebody meant by `name:value`, where `name` is none; None: it is text.

    >>> meant("chann", "mash"), meant("is", "undated"), meant("https", "//x.org"), meant("re", "x")
    ('chan', 'has', None, None)
    """
    low = name.lower()
    if value.startswith("//") or low in _SCHEMES or not (low.isascii() and low.isalpha()):
        return None
    if low in FIELDS:
        return low
    if low != name:  # "Title:", "Media:" are how prose begins
        return None
    return _ALIASES.get(low) or _near(low)


def _near(name: str) -> str | None:
    """The field a slip away, or two where it is long."""
    if not _SHORTEST <= len(name) <= 12:
        return None
    from archiver.text.compare import nearest  # rapidfuzz takes long to import

    known = [each for each in FIELDS if len(each) >= _SHORTEST]
    known += [each for each in _ALIASES if len(each) > _SHORTEST + 1]
    known = [each for each in known if each[0] == name[0]]
    near = nearest(name, known, 1)
    return _ALIASES.get(near[0][0], near[0][0]) if near else None


def amount(value: str) -> tuple[int | None, int | None]:
    """What `>1000`, `<=2k`, `5` or `10..20` mean, both ends included. Raises ValueError."""
    if found := _COMPARED.fullmatch(value):
        sign, number = found[1], _number(found[2], found[3])
        return {
            ">": (number + 1, None),
            ">=": (number, None),
            "<": (None, number - 1),
            "<=": (None, number),
        }.get(sign, (number, number))
    found = _RANGE.fullmatch(value)
    if found is None or value == "..":
        raise ValueError(f"{value!r} is no number; write >1000, <=500, 10..20, 2k or 5")
    low = _number(found[1], found[2]) if found[1] else None
    high = _number(found[3], found[4]) if found[3] else None
    if low is not None and high is not None and low > high:
        raise ValueError(f"the range {value} ends before it begins")
    return low, high


def _number(digits: str, unit: str) -> int:
    return min(int(digits) * _FACTORS[unit.lower()], _LARGEST)


def _tagged(name: str, value: str) -> Node | None:
    if name == "has":
        return Tagged(name, (_one_of(value, tuple(HAS), "has: knows"),))
    if name == "lang":
        return Tagged(name, (_one_of(value, LANGUAGES, "lang: knows"),))
    value = {"tag": value.lstrip("#"), "user": value.lstrip("@"), "link": _host(value)}.get(
        name, value
    )
    return Tagged(name, (value,)) if fold(value) else None


def _one_of(value: str, known: tuple[str, ...], told: str) -> str:
    if value.casefold() in known:
        return value.casefold()
    raise ValueError(f"{value!r} is none of what {told} {', '.join(known)}".replace(": knows", ":"))


def _host(value: str) -> str:
    """The host of what may be a whole link."""
    bare = re.sub(r"^(?:[a-z]+://)?(?:www\.)?", "", value, flags=re.IGNORECASE)
    return re.split(r"[/?#:]", bare, maxsplit=1)[0]
