"""What `date:` understands: a word or a range of them -> a half-open interval of Unix seconds.

2024   2024-05   2024-05-17   today   yesterday     the whole of it, in the zone of the user
2024-05-17T14   2024-05-17 14:30Z                   that hour, that minute; an offset may follow
24h 7d 2w 3M 1y                                     so long ago; alone: since then
@1715904000                                         that second
A..B   A..   ..B                                    from the start of A to the end of B
2024-03..05-01   2024-03-05..09   2024-05-17T14..16:30   B without what it shares with A
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from archiver.text.patterns import later

Interval = tuple[int | None, int | None]

FORMS = (
    "2024, 2024-05, 2024-05-17, 2024-05-17T14:30, today, yesterday, 7d, 3M, 1y, @1715904000, A..B"
)
_CALENDAR = later(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_TIME = r"(\d{1,2})(?::(\d{2}))?(Z|[+-]\d{2}:?\d{2})?"
_MOMENT = later(rf"(\d{{4}}-\d{{1,2}}-\d{{1,2}})[T ]{_TIME}", re.ASCII)
_CLOCK = later(rf"T?({_TIME})", re.ASCII)
_AGO = later(r"(\d{1,5})([hdwMy])", re.ASCII)
_UNIX = later(r"@(-?\d{1,12})", re.ASCII)
_SHORT = later(r"\d{1,2}(?:-\d{1,2})?", re.ASCII)
_SECONDS = {"h": 3600, "d": 86_400, "w": 604_800}


def interval(value: str, now: int, zone: tzinfo) -> Interval:
    """The seconds from (inclusive) and to (exclusive) that a `date:` value means; None is open.

    Raises ValueError with a sentence for a value it cannot read.
    """
    first, dots, last = value.partition("..")
    if not dots:
        since, until = _span(value, now, zone)
        return since, None if _AGO.fullmatch(value) else until
    if not (first or last):
        raise ValueError("a range needs a date on one side at least: 2024.. or ..2024-05")
    since_ = _span(first, now, zone)[0] if first else None
    until_ = _span(_filled(first, last), now, zone)[1] if last else None
    if since_ is not None and until_ is not None and since_ >= until_:
        raise ValueError(f"the range {value} ends before it begins")
    return since_, until_


def _filled(first: str, last: str) -> str:
    """The end of a range with the year, or year and month, or day, that only its start tells."""
    moment = _MOMENT.fullmatch(first)
    if moment is not None and (clock := _CLOCK.fullmatch(last)):
        return f"{moment[1]}T{clock[1]}"
    day, sign, time = last.partition("T")
    first = moment[1] if moment is not None else first
    if not (_SHORT.fullmatch(day) and "-" in first and _CALENDAR.fullmatch(first)):
        return last
    shared = first[:4] if "-" in day else first.rpartition("-")[0]
    return f"{shared}-{day}{sign}{time}"


def _span(word: str, now: int, zone: tzinfo) -> tuple[int, int]:
    """The interval of one date word."""
    try:
        return _known(word, now, zone)
    except (ValueError, OverflowError):
        raise ValueError(f"{word!r} is no date; write one of {FORMS}") from None


def _known(word: str, now: int, zone: tzinfo) -> tuple[int, int]:
    if word in ("today", "yesterday"):
        today = datetime.fromtimestamp(now, zone).date()
        day = today - timedelta(days=word == "yesterday")
        return _days(day.year, day.month, day.day, zone)
    if found := _CALENDAR.fullmatch(word):
        year, month, day_ = (int(part) if part else None for part in found.groups())
        return _days(year or 0, month, day_, zone)
    if found := _MOMENT.fullmatch(word):
        return _minutes(found[1], found[2], found[3], _zone(found[4], zone))
    if found := _AGO.fullmatch(word):
        moment = _ago(int(found[1]), found[2], now, zone)
        return moment, moment
    if found := _UNIX.fullmatch(word):
        return int(found[1]), int(found[1]) + 1
    raise ValueError


def _days(year: int, month: int | None, day: int | None, zone: tzinfo) -> tuple[int, int]:
    """A year, a month or a day; the zone says when it begins and ends."""
    begin = datetime(year, 1 if month is None else month, 1 if day is None else day)
    if day is not None:
        end = begin + timedelta(days=1)
    elif month is not None:
        end = begin + timedelta(days=_month_days(year, month))
    else:
        end = begin.replace(year=year + 1)
    return _stamp(begin, zone), _stamp(end, zone)


def _minutes(day: str, hour: str, minute: str | None, zone: tzinfo) -> tuple[int, int]:
    """An hour, or a minute of it. An hour that comes twice when summer ends is both."""
    year, month, number = map(int, day.split("-"))
    begin = datetime(year, month, number, int(hour), int(minute or 0))
    end = begin + (timedelta(hours=1) if minute is None else timedelta(minutes=1))
    return _stamp(begin, zone), _stamp(end, zone)


def _zone(offset: str | None, zone: tzinfo) -> tzinfo:
    """The zone that is written, as the results of a search do; else that of the user."""
    if offset is None:
        return zone
    if offset == "Z":
        return UTC
    east = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    return timezone(-east if offset[0] == "-" else east)


def _month_days(year: int, month: int) -> int:
    """The days of a month; `calendar` would take 1.3 ms to import."""
    late = datetime(year, month, 28) + timedelta(days=4)
    return (late - timedelta(days=late.day)).day


def _stamp(moment: datetime, zone: tzinfo) -> int:
    return int(moment.replace(tzinfo=zone).timestamp())


def _ago(count: int, unit: str, now: int, zone: tzinfo) -> int:
    if unit in _SECONDS:
        return now - count * _SECONDS[unit]
    then = datetime.fromtimestamp(now, zone).replace(tzinfo=None)
    months = then.year * 12 + then.month - 1 - count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    day = min(then.day, _month_days(year, month + 1))
    return _stamp(then.replace(year=year, month=month + 1, day=day), zone)


def iso_utc(seconds: int) -> str:
    """A moment for programs: 2025-03-01T10:03:00Z, however far from now a file puts it."""
    return _within(seconds).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def minute_utc(seconds: int | None) -> str:
    """A moment for people: 2025-03-01 10:03Z, or "undated"."""
    if seconds is None:
        return "undated"
    return _within(seconds).strftime("%Y-%m-%d %H:%MZ").rjust(17, "0")


def month_utc(seconds: int | None) -> str | None:
    """2025-03; None for what is undated."""
    return None if seconds is None else _within(seconds).strftime("%Y-%m").rjust(7, "0")


def _within(seconds: int) -> datetime:
    """The date, or the first or last one there is."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return (datetime.max if seconds > 0 else datetime.min).replace(tzinfo=UTC)
