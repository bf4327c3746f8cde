"""What is attached to a message of Telegram Desktop's HTML export, in the words of its JSON.

A path stays a text and is never opened. Titles such as "Video file" are always English.
"""

from __future__ import annotations

import re
from typing import Any

from archiver.model import Json
from archiver.sources.html_tree import Element

Facts = dict[str, Any]

# Links to a file that was exported.
_WRAPS = {
    "photo_wrap": "photo",
    "sticker_wrap": "sticker",
    "animated_wrap": "animation",
    "video_file_wrap": "video",
}
# Boxes: the class tells the kind, and for pictures and films so does the title.
_KINDS = {
    "media_photo": "photo",
    "media_video": "video",
    "media_voice_message": "voice",
    "media_audio_file": "audio",
    "media_file": "file",
    "media_contact": "contact",
    "media_location": "location",
    "media_live_location": "location",
    "media_venue": "venue",
    "media_game": "game",
    "media_invoice": "invoice",
    "media_call": "call",
}
_TITLES = {"Sticker": "sticker", "Animation": "animation", "Video message": "round"}
_FIXED = frozenset(("Photo", "Video file", "Voice message", "Audio file", "File", "Location",
                    "Live location", *_TITLES))  # fmt: skip
_MISSING = ("not included", "exceeds maximum size", "unavailable")
_TIME = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,2}):([0-9]{2})", re.ASCII)
_SIZE = re.compile(r"([0-9]{1,6})[×x]([0-9]{1,6})", re.ASCII)
_BYTES = re.compile(r"[0-9]+(?:[.,][0-9]+)? (?:B|KB|MB|GB)", re.ASCII)
_VOTES = re.compile(r"(?:([0-9]{1,12}) votes?|No votes)(, chosen vote)?", re.ASCII)


def media_of(wrap: Element) -> tuple[str | None, Json | None, Facts]:
    """Kind and description of what a message holds; a poll is for `details`."""
    poll = wrap.find("media_poll")
    if poll is not None:
        return "poll", None, {"poll": _poll(poll)}
    for one in wrap.inside():
        for name in one.classes:
            if name in _WRAPS:
                return _WRAPS[name], _file(one), {}
            if name.startswith("media_") and "media" in one.classes:
                return _box(one, name)
    return None, None, {}


def _file(link: Element) -> Json:
    facts: Facts = {"path": link.attributes.get("href", "")}
    duration = link.find("video_duration")
    if duration and (seconds := _seconds(duration.words())) is not None:
        facts["duration_seconds"] = seconds
    return facts


def _box(box: Element, name: str) -> tuple[str, Json | None, Facts]:
    title, about, status = (_label(box, one) for one in ("title", "description", "status"))
    kind = _TITLES.get(title) or _KINDS.get(name) or name.removeprefix("media_")
    facts: Facts = {}
    link = box.attributes.get("href", "")
    why = next((each for each in _MISSING if about.lower().startswith(each)), None)
    if why:
        facts["missing"] = why
    if kind in _SPECIAL:
        facts |= _SPECIAL[kind](title, about, status, link)
        return kind, dict(sorted(facts.items())) or None, {}
    if link:
        facts["path"] = link
    if title and title not in _FIXED and not title.startswith("Self-destructing"):
        facts |= _title(kind, title)
    elif title.startswith("Self-destructing"):
        facts["self_destruct"] = status
    facts |= _measures(kind, status)
    return kind, dict(sorted(facts.items())) or None, {}


def _label(box: Element, name: str) -> str:
    found = box.find(name)
    return found.words() if found else ""


def _title(kind: str, title: str) -> Facts:
    if kind == "audio" and " – " in title:
        performer, song = title.split(" – ", 1)
        return {"performer": performer, "title": song}
    return {"file_name" if kind == "file" else "title": title}


def _measures(kind: str, status: str) -> Facts:
    """Seconds, width and height, and the size as shown ("8.4 MB")."""
    facts: Facts = {}
    for part in (each.strip() for each in status.split(",")):
        seconds, size = _seconds(part), _SIZE.fullmatch(part)
        if seconds is not None:
            facts["duration_seconds"] = seconds
        elif size:
            facts |= {"width": int(size[1]), "height": int(size[2])}
        elif _BYTES.fullmatch(part):
            facts["size_shown"] = part
        elif kind == "sticker" and part:
            facts["sticker_emoji"] = part
    return facts


def _seconds(written: str) -> int | None:
    match = _TIME.fullmatch(written)
    if match is None:
        return None
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])


def _contact(title: str, about: str, status: str, link: str) -> Facts:
    first, _, last = title.partition(" ")
    told = {"first_name": first, "last_name": last, "phone_number": status.split(" - ")[0]}
    return {"contact_information": told} | ({"contact_vcard": link} if link else {})


def _place(title: str, about: str, status: str, link: str) -> Facts:
    match = re.search(r"[?&]q=(-?[0-9.]{1,20}),(-?[0-9.]{1,20})", link)
    if match is None:
        return {}
    try:
        place = {"latitude": float(match[1]), "longitude": float(match[2])}
    except ValueError:
        return {}
    return {"location_information": place}


def _venue(title: str, about: str, status: str, link: str) -> Facts:
    return {"place_name": title, "address": about} | _place(title, about, status, link)


def _game(title: str, about: str, status: str, link: str) -> Facts:
    facts = {"game_title": title, "game_description": about, "game_link": link}
    return {key: value for key, value in facts.items() if value}


def _invoice(title: str, about: str, status: str, link: str) -> Facts:
    return {"invoice_information": {"title": title, "description": about, "amount": status}}


def _call(title: str, about: str, status: str, link: str) -> Facts:
    return {"title": title, "status": status}


_SPECIAL = {
    "contact": _contact,
    "location": _place,
    "venue": _venue,
    "game": _game,
    "invoice": _invoice,
    "call": _call,
}


def _poll(element: Element) -> Facts:
    """As in the JSON: an answer's votes stand behind it, in a span of their own."""
    details = next((one.words() for one in element.elements() if one.classes == ("details",)), "")
    total = element.find("total")
    return {
        "question": _label(element, "question"),
        "closed": details == "Final results",
        "total_voters": _votes(total.words() if total else "")[0],
        "answers": [_answer(one) for one in element.find_all("answer")],
    }


def _answer(element: Element) -> Facts:
    own = " ".join("".join(one for one in element.children if isinstance(one, str)).split())
    voters, chosen = _votes(_label(element, "details"))
    return {"text": own.removeprefix("- "), "voters": voters, "chosen": chosen}


def _votes(written: str) -> tuple[int, bool]:
    match = _VOTES.fullmatch(written)
    return (int(match[1] or 0), bool(match[2])) if match else (0, False)
