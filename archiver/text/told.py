"""Facts of a post in words: the same on a terminal and on a page."""

from __future__ import annotations

# How a deletion is known, as the store keeps it.
_EVIDENCE = {
    "difference": "Telegram said so",
    "by id": "asked for, and gone",
}
_ONE = {"views": "view", "forwards": "forward", "replies": "reply"}


def lag(seconds: int | None) -> str:
    """A time between two posts: +40 s, +12 min, +3 h 05, +2 d 04 h.

    >>> lag(593_999), lag(-60), lag(None)
    ('+6 d 20 h', '-60 s', '?')
    """
    if seconds is None:
        return "?"
    sign, seconds = ("-" if seconds < 0 else "+"), abs(seconds)
    if seconds < 120:
        return f"{sign}{seconds} s"
    if seconds < 7200:
        return f"{sign}{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{sign}{seconds // 3600} h {seconds % 3600 // 60:02d}"
    return f"{sign}{seconds // 86400} d {seconds % 86400 // 3600:02d} h"


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
