"""One Desktop message and the post it is."""

from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.model import Forward, OriginKind, Post, PostKind
from archiver.sources.desktop_message import Home, joined, to_post

from .worlds import message

HOME = Home(-1001900000101, "Harbour", UTC)
NOT_INCLUDED = "(File not included. Change data exporting settings to download.)"


def post(**more):
    return to_post(message(**more), HOME)


def test_a_plain_message_is_text_and_date_and_nothing_else():
    assert post() == Post(1, "The ferry sails at nine.", date=1741076405, entities=())


PARTS = [
    "Ferry 🌊 ",
    {"type": "bold", "text": "late"},
    {"type": "plain", "text": ", see "},
    {"type": "text_link", "text": "here", "href": "https://example.org"},
    {"type": "custom_emoji", "text": "⚓", "document_id": "5123"},
    {"type": "custom_emoji", "text": "⚓", "document_id": "stickers/a.webp"},
    {"type": "mention_name", "text": "Ann", "user_id": 7},
    {"type": "pre", "text": "x = 1", "language": "python"},
    {"type": "plain", "text": ""},
]
ENTITIES = (
    {"type": "bold", "offset": 9, "length": 4},
    {"type": "text_link", "offset": 19, "length": 4, "url": "https://example.org"},
    {"type": "custom_emoji", "offset": 23, "length": 1, "document_id": "5123"},
    {"type": "custom_emoji", "offset": 24, "length": 1, "path": "stickers/a.webp"},
    {"type": "mention_name", "offset": 25, "length": 3, "user_id": 7},
    {"type": "pre", "offset": 28, "length": 5, "language": "python"},
)


@pytest.mark.parametrize("keys", [("text",), ("text_entities",), ("text", "text_entities")])
def test_entities_have_utf16_offsets_from_either_list(keys):
    found = post(**{"text": "", "text_entities": ...} | dict.fromkeys(keys, PARTS))
    assert found.text == "Ferry 🌊 late, see here⚓⚓Annx = 1"
    assert found.entities == ENTITIES


@given(st.lists(st.tuples(st.sampled_from(["plain", "bold"]), st.text(max_size=5))))
def test_each_entity_covers_its_own_text(pairs):
    text, entities = joined([{"type": kind, "text": words} for kind, words in pairs])
    raw = text.encode("utf-16-le")
    cut = [raw[2 * e["offset"] : 2 * (e["offset"] + e["length"])] for e in entities]
    assert [part.decode("utf-16-le") for part in cut] == [
        words for kind, words in pairs if words and kind == "bold"
    ]


def test_text_is_kept_where_the_entity_list_is_empty_or_missing():
    assert post(text="x", text_entities=[]).text == "x"
    assert post(text="x", text_entities=...).text == "x"


@pytest.mark.parametrize(
    ("more", "seconds"),
    [
        ({}, 1741076405),
        ({"date_unixtime": 1741076405}, 1741076405),
        ({"date_unixtime": ...}, 1741087205),
        ({"date_unixtime": "hidden"}, 1741087205),
        ({"date": ...}, 1741076405),
        ({"date": ..., "date_unixtime": ...}, None),
    ],
)
def test_unix_seconds_win_over_the_local_time(more, seconds):
    assert post(**more).date == seconds


def test_local_times_are_read_in_the_zone_given():
    kyiv = Home(HOME.peer, HOME.name, timezone(timedelta(hours=2)))
    assert to_post(message(date_unixtime=...), kyiv).date == 1741087205 - 7200


def test_an_edit_has_its_date():
    assert post(edited="2025-03-04T12:00:00", edited_unixtime="1741078800").edited == 1741078800


@pytest.mark.parametrize(
    ("more", "forward"),
    [
        ({"forwarded_from": "Lamp"}, Forward(OriginKind.NAME, name="Lamp")),
        ({"forwarded_from": None}, Forward(OriginKind.HIDDEN)),
        (
            {"forwarded_from": "Lamp", "forwarded_from_id": "channel5"},
            Forward(OriginKind.CHANNEL, peer_id=-1000000000005, name="Lamp"),
        ),
        (
            {"forwarded_from": None, "forwarded_from_id": "user5"},
            Forward(OriginKind.USER, peer_id=5),
        ),
        (
            {"forwarded_from": "Lamp", "saved_from": "Saved"},
            Forward(OriginKind.NAME, name="Lamp", saved_from_name="Saved"),
        ),
        ({"saved_from": "Saved"}, Forward(saved_from_name="Saved")),
        ({}, None),
    ],
)
def test_forward_headers_old_and_new(more, forward):
    found = post(**more)
    assert found.forward == forward
    assert found.details is None


def test_reply_author_and_bot_have_their_fields():
    found = post(reply_to_message_id=7, reply_to_peer_id="channel5", author="A. B", via_bot="@b")
    assert (found.reply_to, found.reply_to_peer) == (7, -1000000000005)
    assert (found.author, found.via_bot) == ("A. B", "@b")


FILE = {"file": "files/a.bin", "file_size": 5}


@pytest.mark.parametrize(
    ("more", "kind", "media"),
    [
        (
            {"photo": NOT_INCLUDED, "photo_file_size": 5, "width": 1, "height": 2},
            "photo",
            {"missing": "not included", "photo_file_size": 5, "width": 1, "height": 2},
        ),
        ({"photo": "photos/a (1).jpg"}, "photo", {"path": "photos/a (1).jpg"}),
        ({"photo": "../../etc/passwd"}, "photo", {"path": "../../etc/passwd"}),
        (
            {"file": f"song.mp3 {NOT_INCLUDED}", "media_type": "audio_file", "thumbnail": "t.jpg"},
            "audio",
            {"missing": "not included", "file_name": "song.mp3", "thumbnail": "t.jpg"},
        ),
        (
            {"file": "(File exceeds maximum size. Change data exporting settings to download.)"},
            "file",
            {"missing": "exceeds maximum size"},
        ),
        (
            {"file": "(File unavailable, please try again later)", "thumbnail": NOT_INCLUDED},
            "file",
            {"missing": "unavailable"},
        ),
        (FILE | {"media_type": "video_file"}, "video", {"path": "files/a.bin", "file_size": 5}),
        (FILE | {"media_type": "voice_message"}, "voice", {"path": "files/a.bin", "file_size": 5}),
        (FILE | {"media_type": "video_message"}, "round", {"path": "files/a.bin", "file_size": 5}),
        (FILE | {"media_type": "hologram"}, "hologram", {"path": "files/a.bin", "file_size": 5}),
        ({"file": "s.webp", "media_type": "sticker"}, "sticker", {"path": "s.webp"}),
        ({"file": "a.mp4", "media_type": "animation"}, "animation", {"path": "a.mp4"}),
        ({"location_information": None}, "location", {"location_information": None}),
        (
            {"place_name": "Pier", "address": "1", "location_information": {"latitude": 1.5}},
            "venue",
            {"place_name": "Pier", "address": "1", "location_information": {"latitude": 1.5}},
        ),
        (
            {"contact_information": {"first_name": "A"}},
            "contact",
            {"contact_information": {"first_name": "A"}},
        ),
        ({"game_title": "G", "photo": "g.jpg"}, "game", {"game_title": "G", "path": "g.jpg"}),
        (
            {"invoice_information": '{"title": "Ticket", "amount": 5}'},
            "invoice",
            {"invoice_information": {"title": "Ticket", "amount": 5}},
        ),
        ({"invoice_information": "{"}, "invoice", {"invoice_information": "{"}),
        ({"todo_list": {"title": "T"}}, "todo_list", {"todo_list": {"title": "T"}}),
        (
            {"giveaway_information": {"quantity": 1}},
            "giveaway",
            {"giveaway_information": {"quantity": 1}},
        ),
    ],
)
def test_media_are_described_never_opened(more, kind, media):
    found = post(**more)
    assert (found.media_kind, found.media) == (kind, media)
    assert found.details is None


def test_a_poll_has_plain_questions_and_answers_in_details():
    poll = {
        "question": ["Which ", {"type": "bold", "text": "pier"}, "?"],
        "closed": False,
        "total_voters": 3,
        "answers": [{"text": "North", "voters": 3, "chosen": False}],
    }
    found = post(text="", poll=poll)
    assert found.media_kind == "poll"
    assert found.details == {"poll": poll | {"question": "Which pier?"}}


def test_reactions_and_buttons_are_kept():
    reactions = [{"type": "emoji", "count": 3, "emoji": "👍"}]
    found = post(reactions=reactions, inline_bot_buttons=[[{"type": "url", "text": "Go"}]])
    assert found.reactions == tuple(reactions)
    assert found.details == {"buttons": [[{"type": "url", "text": "Go"}]]}


def test_a_service_message_keeps_all_its_keys():
    found = to_post(
        {
            "id": 3,
            "type": "service",
            "date": "2025-03-04T11:20:05",
            "date_unixtime": "1741076405",
            "actor": "Harbour",
            "actor_id": "channel1900000101",
            "action": "edit_group_photo",
            "title": "T",
            "photo": NOT_INCLUDED,
            "width": 640,
            "text": "",
            "text_entities": [],
        },
        HOME,
    )
    assert (found.kind, found.text, found.media_kind) == (PostKind.SERVICE, "", "photo")
    assert found.media == {"missing": "not included", "width": 640}
    assert found.details == {
        "actor": "Harbour",
        "actor_id": "channel1900000101",
        "action": "edit_group_photo",
        "title": "T",
    }


def test_an_unsupported_message_is_id_and_type():
    assert to_post({"id": 9, "type": "unsupported"}, HOME) == Post(
        9, kind=PostKind.UNSUPPORTED, entities=()
    )


def test_unknown_keys_and_values_of_unknown_shape_are_not_lost():
    found = post(hologram={"a": 1}, via_bot=5, reply_to_message_id="x", forwarded_from=[1])
    assert found.details == {
        "other": {
            "hologram": {"a": 1},
            "via_bot": 5,
            "reply_to_message_id": "x",
            "forwarded_from": [1],
        }
    }


def test_a_writer_who_is_not_the_channel_is_told():
    assert post(**{"from": "Ann", "from_id": "user7"}).details == {"from": "Ann", "from_id": 7}
    assert post(**{"from": "Ann", "from_id": ...}).details == {"from": "Ann", "from_id": None}
    assert post(from_id=...).details is None


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"number": "5"}, "id is not an integer"),
        ({"number": ...}, "id is not an integer"),
        ({"type": "story"}, "type is none of message"),
        ({"type": None}, "type is none of message"),
        ({"type": []}, "type is none of message"),
        ({"date": "soon", "date_unixtime": ...}, "date is not of the form"),
        ({"date": 5, "date_unixtime": ...}, "date is not of the form"),
        ({"text_entities": [5]}, "a part of the text"),
        ({"text_entities": [{"type": "bold"}]}, "a part of the text"),
        ({"text_entities": [{"type": "bold", "text": 5}]}, "a text that is not a string"),
        ({"text_entities": {"a": 1}}, "text is neither"),
        ({"text_entities": ..., "text": 5}, "text is neither"),
        ({"text_entities": ..., "text": None}, "text is neither"),
    ],
)
def test_a_message_of_the_wrong_shape_says_what_is_wrong(more, says):
    with pytest.raises(ValueError, match=says):
        post(**more)
