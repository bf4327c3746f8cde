"""Photos and documents described, never downloaded, with the keys of Telegram Desktop's export.

`id` is the file's identity: another one under the same post is another medium. Its hash of access
is left out, being of one account only, and so is the file reference, which changes every hour.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

from telethon.tl import types

from archiver.sources.telegram.plain import plain

Facts = dict[str, Any]

# The first of these that an attribute tells is what a document is.
_ORDER = ("sticker", "round", "voice", "animation", "video", "audio")


def photo(found: Any) -> Facts:
    """What is known of a photo: its largest size counts."""
    if type(found) is not types.Photo:
        return _missing(found)
    facts: Facts = {"id": str(found.id), "dc": found.dc_id}
    width, height, size = max((_size(one) for one in found.sizes), default=(0, 0, 0))
    if width and height:
        facts |= {"width": width, "height": height}
    if size:
        facts["photo_file_size"] = size
    return facts


def document(found: Any) -> tuple[str, Facts]:
    """What a document is (file, video, voice ...) and what is known of it."""
    if type(found) is not types.Document:
        return "file", _missing(found)
    facts: Facts = {
        "id": str(found.id),
        "dc": found.dc_id,
        "mime_type": found.mime_type,
        "file_size": found.size,
    }
    kinds = set()
    for attribute in found.attributes:
        read = _ATTRIBUTES.get(type(attribute))
        if read is not None:
            kinds.add(read(attribute, facts))
    return next((kind for kind in _ORDER if kind in kinds), "file"), facts


def _missing(found: Any) -> Facts:
    """A medium that destroyed itself, or that the server does not give."""
    known = {} if found is None else {"id": str(found.id)}
    return known | {"missing": "expired" if found is None else "unavailable"}


def _size(one: Any) -> tuple[int, int, int]:
    kind = type(one)
    if kind is types.PhotoSize:
        return one.w, one.h, one.size
    if kind is types.PhotoSizeProgressive:
        return one.w, one.h, max(one.sizes, default=0)
    if kind is types.PhotoCachedSize:
        return one.w, one.h, len(one.bytes)
    return 0, 0, 0


def _seconds(duration: float) -> int | None:
    """Whole seconds; the protocol's doubles may be infinite, or no number."""
    return int(duration) if isfinite(duration) else None


def _video(one: Any, facts: Facts) -> str:
    facts |= {"duration_seconds": _seconds(one.duration), "width": one.w, "height": one.h}
    return "round" if one.round_message else "video"


def _audio(one: Any, facts: Facts) -> str:
    facts["duration_seconds"] = _seconds(one.duration)
    facts |= {key: getattr(one, key) for key in ("performer", "title") if getattr(one, key)}
    return "voice" if one.voice else "audio"


def _sticker(one: Any, facts: Facts) -> str:
    facts["sticker_emoji"] = one.alt
    if type(one.stickerset) is types.InputStickerSetID:
        facts["sticker_set"] = str(one.stickerset.id)
    elif type(one.stickerset) is types.InputStickerSetShortName:
        facts["sticker_set"] = one.stickerset.short_name
    return "sticker"


def _image_size(one: Any, facts: Facts) -> str:
    facts |= {"width": one.w, "height": one.h}
    return ""


def _file_name(one: Any, facts: Facts) -> str:
    facts["file_name"] = one.file_name
    return ""


def _animated(_one: Any, _facts: Facts) -> str:
    return "animation"


_ATTRIBUTES: dict[type, Callable[[Any, Facts], str]] = {
    types.DocumentAttributeAnimated: _animated,
    types.DocumentAttributeAudio: _audio,
    types.DocumentAttributeCustomEmoji: _sticker,
    types.DocumentAttributeFilename: _file_name,
    types.DocumentAttributeImageSize: _image_size,
    types.DocumentAttributeSticker: _sticker,
    types.DocumentAttributeVideo: _video,
}


def place(point: Any) -> Facts:
    """The coordinates of a place; None where the server does not know it."""
    if type(point) is not types.GeoPoint:
        return {"location_information": None}
    # plain: a hostile server may send NaN, which is no JSON.
    found = {"latitude": plain(point.lat), "longitude": plain(point.long)}
    return {"location_information": found}
