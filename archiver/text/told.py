"""Facts of a post in words: the same on a terminal and on a page."""

from __future__ import annotations

import re

_MARKS = re.compile(r"\*\*+|~~+|\|\|+|```|(?<!\w)__|__(?!\w)")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(https?://[^\s()]{1,500}\)")
# How a deletion is known, as the store keeps it.
_EVIDENCE = {
    "difference": "Telegram said so",
    "by id": "asked for, and gone",
}
_ONE = {"views": "view", "forwards": "forward", "replies": "reply"}


def lag(seconds: int | None) -> str:
    """A time between two posts: +40 s, +12 min, +3 h 05, +2 d 04 h.

    In days alone from the hundredth on: ten characters hold every one.

    >>> lag(593_999), lag(-60), lag(None), lag(100 * 86_400)
    ('+6 d 20 h', '-60 s', '?', '+100 d')
    """
    if seconds is None:
        return "?"
    sign, seconds = ("-" if seconds < 0 else "+"), abs(seconds)
    if seconds < 120:
        return f"{sign}{seconds} s"
    if seconds < 3600:
        return f"{sign}{seconds // 60} min"
    if seconds < 24 * 3600:
        return f"{sign}{seconds // 3600} h {seconds % 3600 // 60:02d}"
    days, hours = seconds // 86400, seconds % 86400 // 3600
    return f"{sign}{days:,} d" if days >= 100 else f"{sign}{days} d {hours:02d} h"


def plain(text: str) -> str:
    """A text without the marks of Markdown, which some tools write into it.

    >>> plain("**Storm** at [the pier](https://example.org/a), __again__")
    'Storm at the pier, again'
    """
    return _MARKS.sub("", _LINK.sub(r"\1", text))


def evidence(kept: str | None) -> str | None:
    """How a deletion is known; what other programs told is no word of ours, and stays away.

    >>> evidence("difference"), evidence("by hand")
    ('Telegram said so', None)
    """
    return _EVIDENCE.get(kept or "")


def counters(views: int | None, forwards: int | None, replies: int | None) -> list[str]:
    """The counters of a post that are known.

    >>> counters(1, 0, None), counters(None, 1, 1)
    (['1 view', '0 forwards'], ['1 forward', '1 reply'])
    """
    counts = {"views": views, "forwards": forwards, "replies": replies}
    return [
        f"{value:,} {_ONE[name] if value == 1 else name}"
        for name, value in counts.items()
        if value is not None
    ]
