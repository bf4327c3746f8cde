"""What is attached to a post of a t.me/s page: kind and description.

Addresses of pictures and films are left out: they end after hours, and another save has others.
Pictures of the channel, of a link's preview and of the post that is replied to are not the post's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from archiver.model import Json
from archiver.sources.html_tree import Element

Facts = dict[str, Any]

_PREFIX = "tgme_widget_message_"
_MEMBER = re.compile(
    r"(?:https?:)?//[^/]+/(?:s/)?([A-Za-z0-9_]{2,64})/([0-9]{1,18})(?:\?.*)?", re.ASCII
)
_TIME = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,2}):([0-9]{2})", re.ASCII)
_PLACE = re.compile(r"[?&]q=(-?[0-9]{1,3}(?:\.[0-9]{1,20})?),(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)")


class Attached(NamedTuple):
    """Kind and description of a medium, and what else it tells."""

    kind: str | None = None
    media: Json | None = None
    details: Facts = {}  # noqa: RUF012 - never changed


def media_of(element: Element) -> Attached:
    """The first medium of a post."""
    for one, name, read in _found(element):
        found = read(one)
        if name == "poll":
            return Attached("poll", None, {"poll": _with_voters(found, element)})
        return Attached(_kind(one, name), found or None)
    return Attached()


def album_of(element: Element, username: str) -> list[tuple[int, str, Json | None]]:
    """The members of an album: their numbers stand only in their links."""
    group = element.find(_PREFIX + "grouped_wrap")
    members: list[tuple[int, str, Json | None]] = []
    for one, name, read in _found(group) if group else ():
        match = _MEMBER.fullmatch(one.attributes.get("href", ""))
        if match and match[1].casefold() == username.casefold():
            members.append((int(match[2]), _kind(one, name), read(one) or None))
    return members


def _found(element: Element) -> Iterator[tuple[Element, str, Callable[[Element], Facts]]]:
    waiting = list(element.elements())[::-1]
    while waiting:
        one = waiting.pop()
        if any(name in _FOREIGN for name in one.classes):
            continue
        known = next((name for name in one.classes if name in _READERS), None)
        if known is not None:
            yield one, *_READERS[known]
        else:
            waiting += list(one.elements())[::-1]


def _kind(element: Element, name: str) -> str:
    icon = element.find(_PREFIX + "document_icon") if name == "file" else None
    return "audio" if icon is not None and "audio" in icon.classes else name


def _nothing(element: Element) -> Facts:
    return {}


def _film(element: Element) -> Facts:
    for one in element.inside():
        if one.tag == "time" and (match := _TIME.fullmatch(one.words())):
            seconds = int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
            return {"duration_seconds": seconds}
    return {}


def _document(element: Element) -> Facts:
    title, extra = (_label(element, f"document_{name}") for name in ("title", "extra"))
    if _kind(element, "file") == "audio":
        facts = {"performer": extra, "title": title}
    else:
        facts = {"file_name": title, "size_shown": extra}
    return {key: value for key, value in facts.items() if value}


def _place(element: Element) -> Facts:
    match = _PLACE.search(element.attributes.get("href", ""))
    facts: Facts = {}
    if match:
        place = {"latitude": float(match[1]), "longitude": float(match[2])}
        facts["location_information"] = place
    title, address = (_label(element, f"location_{name}") for name in ("title", "address"))
    if title:
        facts |= {"place_name": title, "address": address}
    return facts


def _contact(element: Element) -> Facts:
    name, phone = (_label(element, f"contact_{part}") for part in ("name", "phone"))
    return {"contact_information": {"name": name, "phone_number": phone}} if name else {}


def _poll(element: Element) -> Facts:
    answers = [
        {"text": _label(one, "poll_option_text"), "percent": _label(one, "poll_option_percent")}
        for one in element.find_all(_PREFIX + "poll_option")
    ]
    return {
        "question": _label(element, "poll_question"),
        "type": _label(element, "poll_type"),
        "answers": answers,
    }


def _with_voters(poll: Facts, element: Element) -> Facts:
    shown = _label(element, "voters")
    return poll | ({"voters_shown": shown} if shown else {})


def _label(element: Element, name: str) -> str:
    found = element.find(_PREFIX + name)
    return found.words() if found else ""


_FOREIGN = frozenset(
    _PREFIX + name for name in ("reply", "link_preview", "user", "author", "forwarded_from")
)
_READERS: dict[str, tuple[str, Callable[[Element], Facts]]] = {
    _PREFIX + name: found
    for name, found in {
        "photo_wrap": ("photo", _nothing),
        "service_photo": ("photo", _nothing),
        "video_player": ("video", _film),
        "roundvideo_player": ("round", _film),
        "voice_player": ("voice", _film),
        "document_wrap": ("file", _document),
        "sticker_wrap": ("sticker", _nothing),
        "location_wrap": ("location", _place),
        "venue_wrap": ("venue", _place),
        "contact_wrap": ("contact", _contact),
        "contact": ("contact", _contact),
        "poll": ("poll", _poll),
        "game": ("game", _nothing),
        "invoice_wrap": ("invoice", _nothing),
    }.items()
}
