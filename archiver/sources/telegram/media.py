"""What is attached to a message: its kind, a description that stays equal, and what changes.

`Attached.media` changes only when the medium does; votes, completed tasks and previews of web
pages, which change by themselves, are for `details`. A web page is no medium, as in Desktop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from telethon.tl import types

from archiver.model import OriginKind
from archiver.sources.keys import marked
from archiver.sources.telegram import files
from archiver.sources.telegram.peers import marked_id
from archiver.sources.telegram.plain import fields, plain, seconds, snake, told
from archiver.sources.telegram.polls import poll_identity, to_poll, to_todo_list

Facts = dict[str, Any]


class Attached(NamedTuple):
    """Kind and description of a medium, and what else it tells."""

    kind: str | None = None
    media: Facts | None = None
    details: Facts = {}  # noqa: RUF012 - never changed


NOTHING = Attached()


def attached(media: Any) -> Attached:
    """The description of a message's medium."""
    if media is None:
        return NOTHING
    read = _READERS.get(type(media))
    if read is not None:
        return read(media)
    kind = snake(type(media).__name__.removeprefix("MessageMedia"))
    return Attached(kind, fields(media))


def _photo(media: Any) -> Attached:
    facts = files.photo(media.photo) | _common(media)
    if media.live_photo and media.video is not None:
        facts["live_photo_video"] = str(media.video.id)
    return Attached("photo", facts)


def _document(media: Any) -> Attached:
    kind, facts = files.document(media.document)
    if "missing" in facts:
        kind = next((name for name in ("round", "voice", "video") if getattr(media, name)), kind)
    if media.video_cover is not None:
        facts["cover"] = str(media.video_cover.id)
    if media.video_timestamp:
        facts["video_timestamp"] = media.video_timestamp
    return Attached(kind, facts | _common(media))


def _common(media: Any) -> Facts:
    facts: Facts = {"media_spoiler": True} if media.spoiler else {}
    if media.ttl_seconds:
        facts["self_destruct_period_seconds"] = media.ttl_seconds
    return facts


def _web_page(media: Any) -> Attached:
    """A preview: fetched by Telegram, changed when the page does, so no part of the post."""
    page = media.webpage
    names = ("url", "display_url", "type", "site_name", "title", "description", "author")
    found = {name: getattr(page, name, None) for name in names}
    facts = {name: value for name, value in found.items() if value}
    for name in ("photo", "document"):
        file = getattr(page, name, None)
        if file is not None:
            facts[f"{name}_id"] = str(file.id)
    return Attached(details={"web_page": facts} if facts else {})


def _contact(media: Any) -> Attached:
    names = ("first_name", "last_name", "phone_number")
    facts: Facts = {"contact_information": {name: getattr(media, name) for name in names}}
    if media.vcard:
        facts["vcard"] = media.vcard
    if media.user_id:
        facts["user_id"] = media.user_id
    return Attached("contact", facts)


def _location(media: Any) -> Attached:
    return Attached("location", files.place(media.geo))


def _live_location(media: Any) -> Attached:
    facts = files.place(media.geo) | {"live_location_period_seconds": media.period}
    return Attached("location", facts)


def _venue(media: Any) -> Attached:
    facts = {"place_name": media.title, "address": media.address} | files.place(media.geo)
    facts |= {name: getattr(media, name) for name in ("provider", "venue_id", "venue_type")}
    return Attached("venue", facts)


def _poll(media: Any) -> Attached:
    facts = poll_identity(media.poll)
    if media.attached_media is not None:
        facts["attached"] = _inner(media.attached_media)
    return Attached("poll", facts, {"poll": to_poll(media.poll, media.results)})


def _todo_list(media: Any) -> Attached:
    details = {"todo_completions": told(media.completions)} if media.completions else {}
    return Attached("todo_list", {"todo_list": to_todo_list(media.todo)}, details)


def _game(media: Any) -> Attached:
    game = media.game
    facts = {"id": str(game.id), "game_title": game.title, "game_description": game.description}
    return Attached("game", facts | {"short_name": game.short_name})


def _invoice(media: Any) -> Attached:
    invoice = {
        "title": media.title,
        "description": media.description,
        "amount": plain(media.total_amount),
        "currency": media.currency,
    }
    if media.receipt_msg_id:
        invoice["receipt_message_id"] = media.receipt_msg_id
    facts: Facts = {"invoice_information": invoice}
    if media.extended_media is not None:
        facts["extended"] = _extended(media.extended_media)
    return Attached("invoice", facts)


def _paid(media: Any) -> Attached:
    items = [_extended(one) for one in media.extended_media]
    return Attached("paid", {"paid_stars_amount": plain(media.stars_amount), "items": items})


def _extended(one: Any) -> Facts:
    """A medium that was paid for, or the preview of one that was not."""
    if type(one) is types.MessageExtendedMedia:
        return _inner(one.media)
    preview = {"width": one.w, "height": one.h, "duration_seconds": one.video_duration}
    return {key: value for key, value in preview.items() if value is not None}


def _inner(media: Any) -> Facts:
    found = attached(media)
    return {"kind": found.kind} | (found.media or {})


def _giveaway(media: Any) -> Attached:
    """Desktop's names; ids marked and dates as seconds, as everywhere here."""
    facts = {
        "quantity": media.quantity,
        "months": media.months or 0,
        "until_date": seconds(media.until_date),
        "channels": [marked(OriginKind.CHANNEL, one) for one in media.channels],
        "countries": media.countries_iso2 or [],
        "additional_prize": media.prize_description or "",
        "stars": plain(media.stars or 0),
        "is_only_new_subscribers": bool(media.only_new_subscribers),
    }
    return Attached("giveaway", {"giveaway_information": facts})


def _giveaway_results(media: Any) -> Attached:
    facts = {
        "channel": marked(OriginKind.CHANNEL, media.channel_id),
        "winners": list(media.winners),
        "additional_prize": media.prize_description or "",
        "until_date": seconds(media.until_date),
        "launch_message_id": media.launch_msg_id,
        "additional_peers_count": media.additional_peers_count or 0,
        "winners_count": media.winners_count,
        "unclaimed_count": media.unclaimed_count,
        "months": media.months or 0,
        "stars": plain(media.stars or 0),
        "is_refunded": bool(media.refunded),
        "is_only_new_subscribers": bool(media.only_new_subscribers),
    }
    return Attached("giveaway_results", {"giveaway_results": facts})


def _dice(media: Any) -> Attached:
    return Attached("dice", {"emoji": media.emoticon, "value": media.value})


def _story(media: Any) -> Attached:
    """Only which story: what it shows expires and may be edited."""
    return Attached("story", {"peer": marked_id(media.peer), "id": media.id})


_READERS: dict[type, Callable[[Any], Attached]] = {
    types.MessageMediaContact: _contact,
    types.MessageMediaDice: _dice,
    types.MessageMediaDocument: _document,
    types.MessageMediaEmpty: lambda _media: NOTHING,
    types.MessageMediaGame: _game,
    types.MessageMediaGeo: _location,
    types.MessageMediaGeoLive: _live_location,
    types.MessageMediaGiveaway: _giveaway,
    types.MessageMediaGiveawayResults: _giveaway_results,
    types.MessageMediaInvoice: _invoice,
    types.MessageMediaPaidMedia: _paid,
    types.MessageMediaPhoto: _photo,
    types.MessageMediaPoll: _poll,
    types.MessageMediaStory: _story,
    types.MessageMediaToDo: _todo_list,
    types.MessageMediaUnsupported: lambda _media: NOTHING,  # the post itself is unsupported
    types.MessageMediaVenue: _venue,
    types.MessageMediaWebPage: _web_page,
}
