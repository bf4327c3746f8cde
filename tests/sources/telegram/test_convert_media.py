"""Media are described so that another medium is seen, and the same one stays the same."""

from __future__ import annotations

import random
from typing import Any

import pytest
from telethon.tl import types

from archiver.model import PostKind
from archiver.sources.telegram.convert import to_post
from tests.sources.telegram.anything import kinds_of, make
from tests.sources.telegram.messages import (
    DATE,
    MARKED_PIER,
    PIER,
    document,
    message,
    photo,
    post,
    received,
)
from tests.sources.telegram.test_convert import check, text_of

VIDEO = types.DocumentAttributeVideo(12.9, 1280, 720)
NAME = types.DocumentAttributeFilename("film.mp4")
FILE = {"id": str(1 << 60), "dc": 2, "mime_type": "video/mp4", "file_size": 70_000}


def test_a_photo_is_its_largest_size():
    found = post(media=types.MessageMediaPhoto(photo=photo(), spoiler=True, ttl_seconds=9))
    assert found.media_kind == "photo"
    assert found.media == {
        "id": str(1 << 61),
        "dc": 2,
        "width": 1280,
        "height": 960,
        "photo_file_size": 180_000,
        "media_spoiler": True,
        "self_destruct_period_seconds": 9,
    }


def test_a_photo_that_destroyed_itself():
    found = post(media=types.MessageMediaPhoto(ttl_seconds=9))
    assert found.media_kind == "photo"
    assert found.media == {"missing": "expired", "self_destruct_period_seconds": 9}
    gone = post(media=types.MessageMediaPhoto(photo=types.PhotoEmpty(5)))
    assert gone.media == {"id": "5", "missing": "unavailable"}


def attribute(**more: Any) -> Any:
    return types.DocumentAttributeAudio(7, **more)


@pytest.mark.parametrize(
    ("attributes", "kind", "more"),
    [
        ([], "file", {}),
        ([NAME], "file", {"file_name": "film.mp4"}),
        ([types.DocumentAttributeImageSize(9, 8)], "file", {"width": 9, "height": 8}),
        ([VIDEO], "video", {"duration_seconds": 12, "width": 1280, "height": 720}),
        (
            [types.DocumentAttributeVideo(3, 9, 8, round_message=True)],
            "round",
            {"duration_seconds": 3, "width": 9, "height": 8},
        ),
        (
            [VIDEO, types.DocumentAttributeAnimated()],
            "animation",
            {"duration_seconds": 12, "width": 1280, "height": 720},
        ),
        ([attribute(voice=True)], "voice", {"duration_seconds": 7}),
        (
            [attribute(title="Shanty", performer="Crew")],
            "audio",
            {"duration_seconds": 7, "performer": "Crew", "title": "Shanty"},
        ),
        (
            [types.DocumentAttributeSticker("⚓", types.InputStickerSetID(1 << 60, 3)), VIDEO],
            "sticker",
            {
                "sticker_emoji": "⚓",
                "sticker_set": str(1 << 60),
                "duration_seconds": 12,
                "width": 1280,
                "height": 720,
            },
        ),
    ],
)
def test_what_a_document_is(attributes: list[Any], kind: str, more: dict[str, Any]):
    found = post(media=types.MessageMediaDocument(document=document(*attributes)))
    assert (found.media_kind, found.media) == (kind, FILE | more)


def test_an_expired_document_is_what_it_was():
    voice = types.MessageMediaDocument(voice=True, ttl_seconds=9)
    assert post(media=voice).media_kind == "voice"
    assert post(media=types.MessageMediaDocument()).media == {"missing": "expired"}


def test_a_new_file_reference_changes_nothing_and_another_file_does():
    first = types.MessageMediaDocument(document=document(VIDEO, reference=b"old"))
    again = types.MessageMediaDocument(document=document(VIDEO, reference=b"new"))
    other = types.MessageMediaDocument(document=document(VIDEO, number=5))
    assert post(media=first) == post(media=again)
    assert post(media=first) != post(media=other)


def test_a_web_page_is_no_medium():
    page = types.WebPage(
        5,
        "https://e.example/tide",
        "e.example/tide",
        1,
        site_name="Example",
        title="Tide",
        photo=photo(),
    )
    found = post(media=types.MessageMediaWebPage(page))
    assert (found.media_kind, found.media) == (None, None)
    assert found.details == {
        "web_page": {
            "url": "https://e.example/tide",
            "display_url": "e.example/tide",
            "site_name": "Example",
            "title": "Tide",
            "photo_id": str(1 << 61),
        }
    }
    assert post(media=types.MessageMediaWebPage(types.WebPageEmpty(5))).details is None


def test_votes_do_not_change_a_poll():
    answers = [types.PollAnswer(text_of("East"), b"0"), types.PollAnswer(text_of("West"), b"1")]
    poll = types.Poll(1 << 60, text_of("Which pier?"), answers, 9, quiz=True, close_date=DATE)
    votes = types.PollResults(
        results=[
            types.PollAnswerVoters(b"1", voters=4, correct=True, recent_voters=[]),
            types.PollAnswerVoters(b"0", voters=1, recent_voters=[]),
        ],
        total_voters=5,
        solution="It always was.",
        solution_entities=[],
    )
    before = post(media=types.MessageMediaPoll(poll, types.PollResults()))
    found = post(media=types.MessageMediaPoll(poll, votes))
    assert before.media_kind == found.media_kind == "poll"
    assert before.media == found.media == {"id": str(1 << 60)}
    assert before.details == {
        "poll": {
            "question": "Which pier?",
            "closed": False,
            "answers": [{"text": "East"}, {"text": "West"}],
            "quiz": True,
            "close_date": DATE,
        }
    }
    assert found.details == {
        "poll": {
            "question": "Which pier?",
            "closed": False,
            "total_voters": 5,
            "answers": [
                {"text": "East", "voters": 1},
                {"text": "West", "voters": 4, "correct": True},
            ],
            "quiz": True,
            "close_date": DATE,
            "solution": "It always was.",
        }
    }


POINT = types.GeoPoint(10.5, 59.25, 3)
PLACE = {"location_information": {"latitude": 59.25, "longitude": 10.5}}


@pytest.mark.parametrize(
    ("media", "kind", "expected"),
    [
        (
            types.MessageMediaContact("47", "Ann", "Bo", "", 501),
            "contact",
            {
                "contact_information": {
                    "first_name": "Ann", "last_name": "Bo", "phone_number": "47",
                },
                "user_id": 501,
            },
        ),
        (types.MessageMediaGeo(POINT), "location", PLACE),
        (types.MessageMediaGeo(types.GeoPointEmpty()), "location", {"location_information": None}),
        (
            types.MessageMediaGeoLive(POINT, 60),
            "location",
            PLACE | {"live_location_period_seconds": 60},
        ),
        (
            types.MessageMediaVenue(POINT, "Kiosk", "Quay 1", "p", "v", "t"),
            "venue",
            {
                "place_name": "Kiosk", "address": "Quay 1", **PLACE,
                "provider": "p", "venue_id": "v", "venue_type": "t",
            },
        ),
        (
            types.MessageMediaGame(types.Game(1 << 60, 1, "row", "Row", "Row on", photo())),
            "game",
            {
                "id": str(1 << 60), "game_title": "Row", "game_description": "Row on",
                "short_name": "row",
            },
        ),
        (
            types.MessageMediaInvoice("Ticket", "One way", "NOK", 4200, "s", receipt_msg_id=3),
            "invoice",
            {
                "invoice_information": {
                    "title": "Ticket", "description": "One way", "amount": 4200, "currency": "NOK",
                    "receipt_message_id": 3,
                }
            },
        ),
        (types.MessageMediaDice(3, "🎲"), "dice", {"emoji": "🎲", "value": 3}),
        (
            types.MessageMediaStory(types.PeerChannel(PIER), 4),
            "story",
            {"peer": MARKED_PIER, "id": 4},
        ),
        (
            types.MessageMediaPaidMedia(
                5,
                [
                    types.MessageExtendedMediaPreview(9, 8),
                    types.MessageExtendedMedia(types.MessageMediaDice(3, "🎲")),
                ],
            ),
            "paid",
            {
                "paid_stars_amount": 5,
                "items": [
                    {"width": 9, "height": 8},
                    {"kind": "dice", "emoji": "🎲", "value": 3},
                ],
            },
        ),
        (
            types.MessageMediaVideoStream(types.InputGroupCall(5, 6)),
            "video_stream",
            {"call": {"_": "input_group_call", "id": 5}},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_other_media(media: Any, kind: str, expected: dict[str, Any]):
    found = post(media=media)
    assert (found.media_kind, found.media) == (kind, expected)


def test_giveaways_have_marked_ids_and_seconds():
    found = post(media=types.MessageMediaGiveaway([PIER], 3, DATE, months=6))
    assert found.media_kind == "giveaway"
    assert found.media is not None
    told = found.media["giveaway_information"]
    assert (told["channels"], told["until_date"], told["months"]) == ([MARKED_PIER], DATE, 6)
    done = post(media=types.MessageMediaGiveawayResults(PIER, 9, 1, 2, [501], DATE))
    assert done.media is not None
    assert done.media["giveaway_results"]["winners"] == [501]


def test_done_tasks_do_not_change_a_list():
    todo = types.TodoList(text_of("Before noon"), [types.TodoItem(1, text_of("Paint"))])
    done = [types.TodoCompletion(1, types.PeerUser(501), DATE)]
    found = post(media=types.MessageMediaToDo(todo, done))
    assert found.media_kind == "todo_list"
    assert found.media == post(media=types.MessageMediaToDo(todo)).media
    assert found.details == {"todo_completions": [{"id": 1, "completed_by": 501, "date": DATE}]}


def test_what_telegram_itself_calls_unsupported_is():
    found = post(media=types.MessageMediaUnsupported())
    assert found.kind is PostKind.UNSUPPORTED
    assert (found.text, found.media_kind) == ("The ferry sails at nine.", None)


@pytest.mark.parametrize("kind", kinds_of("TypeMessageMedia"), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("seed", range(8))
def test_every_medium_becomes_plain_values(kind: type, seed: int):
    check(to_post(received(message(media=make(kind, random.Random(seed))))))
