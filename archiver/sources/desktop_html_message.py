"""One message of Telegram Desktop's HTML export as a `Post`, in the words of its JSON: pure.

HTML tells less than JSON: no ids of people and channels, no date of an edit or of a service
message. It tells more in one place: when a forwarded post was written, on the first of several.
What has no field of its own is kept in `details`. ValueError, in a short sentence, for a message
without an id or with a date that cannot be read.

Format: Telegram Desktop, Telegram/SourceFiles/export/output/export_output_html.cpp.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from archiver.model import Forward, Json, OriginKind, Post, PostKind
from archiver.sources.desktop_html_media import media_of
from archiver.sources.desktop_html_service import action_of
from archiver.sources.desktop_html_text import entity_of
from archiver.sources.html_text import text_of
from archiver.sources.html_tree import Element

Facts = dict[str, Any]

_ID = re.compile(r"message(-?[0-9]{1,18})", re.ASCII)
# 31.01.2025 12:00:00, since 2021 with UTC+01:00; the separators are Desktop's "." and ":", others
# are understood. \d takes the digits of every script, and so does int().
_DATE = re.compile(
    r"\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4}),?\s+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?"
    r"(?:\s*(?:UTC|GMT)\s*(?:([+\-−])(\d{1,2})(?::?(\d{2}))?)?())?\s*"
)
_GO_TO = re.compile(r"#go_to_message([0-9]{1,18})", re.ASCII)
_VIA = re.compile(r" via (@\S+)$")
_UNSUPPORTED = "This message is not supported by this version"
_NOBODY = "Deleted Account"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Before:
    """What the message before has told for those that are joined to it."""

    writer: str | None = None
    via: str | None = None
    forward: Forward | None = None
    day: str | None = None


def number_of(element: Element) -> int:
    """The id of a message; negative for a line that only shows the date."""
    match = _ID.fullmatch(element.attributes.get("id", ""))
    if match is None:
        raise ValueError("no message id")
    return int(match[1])


def seconds_of(written: str, zone: tzinfo) -> int:
    """A moment as Desktop writes it, in seconds; without an offset it is a time of `zone`."""
    match = _DATE.fullmatch(written)
    if match is None:
        raise ValueError(f"{written[:40]!r} is no date of the form 31.01.2025 12:00:00")
    day, month, year, hour, minute, second, sign, hours, minutes, utc = match.groups()
    try:
        if utc is not None:
            shift = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
            zone = timezone(shift if sign == "+" else -shift)
        numbers = (int(part or 0) for part in (year, month, day, hour, minute, second))
        moment = datetime(*numbers, tzinfo=zone)  # type: ignore[misc,arg-type]
        return (moment - _EPOCH) // timedelta(seconds=1)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{written[:40]!r} is no date") from error


def date_written(element: Element) -> str | None:
    """The date of a message as it stands there."""
    body = _body(element)
    found = next((one for one in body.elements() if "date" in one.classes), None) if body else None
    return None if found is None else found.attributes.get("title") or found.words()


def is_local(written: str | None) -> bool:
    """Whether a date can only be told with a time zone."""
    match = _DATE.fullmatch(written or "")
    return match is not None and match[10] is None


def to_post(
    element: Element, before: Before, title: str, zone: tzinfo
) -> tuple[Post | None, Before]:
    """The post a message is, None for a line of the date; and what it tells for the next one."""
    number = number_of(element)
    body = _body(element)
    if body is None:
        raise ValueError("no body")
    if "service" in element.classes:
        if number < 0:
            return None, Before(day=body.words() or None)
        return _service(element, body, number, before), Before(day=before.day)
    return _message(element, body, number, before, title, zone)


def _body(element: Element) -> Element | None:
    return next((one for one in element.elements() if "body" in one.classes), None)


def _service(element: Element, body: Element, number: int, before: Before) -> Post:
    line = body.words()
    if line.startswith(_UNSUPPORTED):
        return Post(number, kind=PostKind.UNSUPPORTED, entities=())
    links = (each.attributes.get("href", "") for each in body.inside())
    about = next((match for link in links if (match := _GO_TO.search(link))), None)
    details = action_of(line, int(about[1]) if about else None)
    if before.day:
        details["day"] = before.day
    photo = element.find("userpic_link")
    return Post(
        number,
        kind=PostKind.SERVICE,
        entities=(),
        media_kind="photo" if photo else None,
        media={"path": photo.attributes.get("href", "")} if photo else None,
        details=details,
    )


def _message(
    element: Element, body: Element, number: int, before: Before, title: str, zone: tzinfo
) -> tuple[Post, Before]:
    parts = list(body.elements())
    wrapped = next((one for one in parts if {"forwarded", "body"} <= set(one.classes)), None)
    now = _header(parts, wrapped, before, "joined" in element.classes, zone)
    if wrapped is not None:
        parts += [one for one in wrapped.elements() if "from_name" not in one.classes]
    facts: Facts = {"entities": ()}
    details: Facts = {}
    for part in parts:
        if part is not wrapped:
            _take(part, facts, details)
    if now.writer not in (None, title):
        details["from"] = now.writer
    written = date_written(element)
    post = Post(
        message_id=number,
        date=None if written is None else seconds_of(written, zone),
        forward=now.forward if wrapped is not None else None,
        via_bot=now.via,
        details=details or None,
        **facts,
    )
    return post, now


def _header(
    parts: Iterable[Element], wrapped: Element | None, before: Before, joined: bool, zone: tzinfo
) -> Before:
    """Who writes, by which bot, and whom it is from: told once for messages that are joined."""
    named = next((one for one in parts if "from_name" in one.classes), None)
    writer, via = _name(named) if named else (before.writer, before.via)
    if not joined and named is None:
        writer, via = None, None
    forward = None
    if wrapped is not None:
        header = next((one for one in wrapped.elements() if "from_name" in one.classes), None)
        if header is not None:
            name, bot = _name(header)
            via = bot or via
            forward = _forward(name, _forward_date(header, zone))
        elif joined and before.forward is not None:
            forward = Forward(before.forward.kind, name=before.forward.name)
        else:
            forward = Forward(OriginKind.HIDDEN)
    return Before(writer, via, forward, before.day)


def _name(element: Element) -> tuple[str | None, str | None]:
    """A name without what is attached to it, and the bot it was sent by."""
    own = " ".join("".join(one for one in element.children if isinstance(one, str)).split())
    match = _VIA.search(own)
    bot = match[1] if match else None
    return (own[: match.start()] if match else own) or None, bot


def _forward(name: str | None, date: int | None) -> Forward:
    if name in (None, _NOBODY):
        return Forward(OriginKind.HIDDEN, date=date)
    return Forward(OriginKind.NAME, name=name, date=date)


def _forward_date(header: Element, zone: tzinfo) -> int | None:
    found = header.find("details")
    if found is None:
        return None
    try:
        return seconds_of(found.attributes.get("title") or found.words(), zone)
    except ValueError:
        return None  # the post itself is worth more than the date of another one


def _take(part: Element, facts: Facts, details: Facts) -> None:
    """What a part of a message tells, under the names of `Post`; what we do not know is kept."""
    for name, read in _PARTS.items():
        if name in part.classes:
            read(part, facts, details)
            return
    if words := part.words():
        details.setdefault("other", []).append({"class": " ".join(part.classes), "text": words})


def _pass(part: Element, facts: Facts, details: Facts) -> None:
    """Read elsewhere."""


def _text(part: Element, facts: Facts, details: Facts) -> None:
    facts["text"], facts["entities"] = text_of(part, entity_of)


def _media(part: Element, facts: Facts, details: Facts) -> None:
    kind, media, more = media_of(part)
    facts |= {"media_kind": kind, "media": media}
    details |= more


def _signature(part: Element, facts: Facts, details: Facts) -> None:
    facts["author"] = part.words() or None


def _reply(part: Element, facts: Facts, details: Facts) -> None:
    for link in part.inside():
        if match := _GO_TO.search(link.attributes.get("href", "")):
            facts["reply_to"] = int(match[1])
            return
    details["reply"] = {"elsewhere": True}


def _reactions(part: Element, facts: Facts, details: Facts) -> None:
    facts["reactions"] = tuple(_reaction(one) for one in part.find_all("reaction"))


def _reaction(element: Element) -> Json:
    """Its number is not written where all who reacted are shown."""
    count, shown = element.find("count"), element.find("userpics")
    written = count.words() if count else ""
    number = int(written) if written.isdecimal() else len(shown.find_all("userpic")) if shown else 0
    emoji = element.find("emoji")
    if "paid" in element.classes:
        return {"type": "paid", "count": number}
    link = next((one for one in emoji.inside() if one.tag == "a"), None) if emoji else None
    if link is not None:
        path = link.attributes.get("href")
        return {"type": "custom_emoji", "count": number} | ({"path": path} if path else {})
    return {"type": "emoji", "count": number, "emoji": emoji.words() if emoji else ""}


def _buttons(part: Element, facts: Facts, details: Facts) -> None:
    rows = [[_button(one) for one in row.find_all("bot_button")] for row in part.inside()
            if row.tag == "tr"]  # fmt: skip
    details["buttons"] = [row for row in rows if row]


def _button(element: Element) -> Facts:
    link = next((one for one in element.inside() if one.tag == "a"), element)
    if url := link.attributes.get("href"):
        return {"type": "url", "text": element.words(), "data": url}
    told = re.search(r"Type: (\w+)", link.attributes.get("onclick", ""))
    return {"type": told[1] if told else "unknown", "text": element.words()}


# The first that fits: a poll's media_wrap before its details.
_PARTS: dict[str, Callable[[Element, Facts, Facts], None]] = {
    "date": _pass,
    "from_name": _pass,
    "userpic_wrap": _pass,
    "reply_to": _reply,
    "media_wrap": _media,
    "text": _text,
    "bot_buttons_table": _buttons,
    "signature": _signature,
    "reactions": _reactions,
}
