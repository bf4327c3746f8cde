"""Dumps of Telethon messages."""

import io
import json
import re

import pytest

from archiver.errors import InputError
from archiver.model import BadRecord, Channel, Forward, Notice, OriginKind, PostKind, Source
from archiver.sources import ReadOptions, telethon_json

from .dumps import as_lines, as_list, old, telethon

NOON = 1741087205
OURS = Channel(tg_id=-1001900000101)


def items(data, **options):
    told = {"name": "dump.json"} | options
    return list(telethon_json.read(io.BytesIO(data), ReadOptions(**told)))


def one(**more):
    [(_, post)] = items(as_list(telethon(**more)))
    return post


@pytest.mark.parametrize(
    "data",
    [
        as_list(telethon(7)),
        as_lines(telethon(7)),
        as_list(old(7)),
        json.dumps([telethon(7)], indent=2).encode(),
        json.dumps({"_": "messages.ChannelMessages", "count": 1, "messages": [telethon(7)]}).encode(),
        as_list(telethon(7)).decode().encode("utf-16"),
        as_list(telethon(7, date="2025-03-04 11:20:05+00:00")),
        as_list(telethon(7, date="2025-03-04 11:20:05")),
        as_list(telethon(7, date=NOON)),
    ],
)  # fmt: skip
def test_every_form_gives_the_same_post(data):
    assert telethon_json.sniff(data[:65536], "dump.json")
    [(channel, post)] = items(data)
    assert channel == OURS
    assert (post.message_id, post.text, post.date) == (7, "The ferry sails at nine.", NOON)
    assert (post.views, post.source, post.kind) == (120, Source.EXPORT, PostKind.MESSAGE)
    assert post.raw is None


FORWARDS = [
    ({"from_id": {"_": "PeerChannel", "channel_id": 1900000555}, "channel_post": 7}, Forward(OriginKind.CHANNEL, -1001900000555, None, 7, NOON)),
    ({"from_id": None, "channel_id": 1900000555, "channel_post": 7, "post_author": "A"}, Forward(OriginKind.CHANNEL, -1001900000555, None, 7, NOON, author="A")),
    ({"from_id": 55}, Forward(OriginKind.USER, 55, None, None, NOON)),
    ({"from_id": {"_": "PeerUser", "user_id": 55}}, Forward(OriginKind.USER, 55, None, None, NOON)),
    ({"from_id": None, "from_name": "Ann"}, Forward(OriginKind.HIDDEN, date=NOON, name="Ann")),
]  # fmt: skip


@pytest.mark.parametrize(("header", "forward"), FORWARDS)
def test_forward_headers_of_all_layers(header, forward):
    told = {"_": "MessageFwdHeader", "date": "2025-03-04T11:20:05+00:00"} | header
    assert one(fwd_from=told).forward == forward


def test_replies_of_all_layers():
    header = {"_": "MessageReplyHeader", "reply_to_msg_id": 5, "quote_text": "nine"}
    assert one(reply_to=header).reply_to == 5
    assert one(reply_to=header).details == {"reply": {"quote_text": "nine"}}
    [(_, post)] = items(as_list(old(reply_to_msg_id=5)))
    assert post.reply_to == 5


def test_formatting_media_album_reactions_and_edits_are_as_live_posts_have_them():
    photo = {
        "_": "Photo",
        "id": 5458921116052602219,
        "access_hash": 1,
        "file_reference": [2, 105],
        "date": "2025-03-04T11:20:05+00:00",
        "sizes": [{"_": "PhotoSize", "type": "x", "w": 800, "h": 600, "size": 10}],
        "dc_id": 2,
    }
    reactions = {
        "_": "MessageReactions",
        "results": [
            {"_": "ReactionCount", "reaction": {"_": "ReactionEmoji", "emoticon": "👍"}, "count": 4}
        ],
    }
    post = one(
        text="A storm 🚢",
        entities=[{"_": "MessageEntityBold", "offset": 2, "length": 5}, {"_": "MessageEntityTextUrl", "offset": 0, "length": 1, "url": "https://a.example/"}],
        media={"_": "MessageMediaPhoto", "photo": photo, "ttl_seconds": None},
        grouped_id=13,
        reactions=reactions,
        edit_date="2025-03-04T11:21:05+00:00",
        post_author="A. Pen",
        replies={"_": "MessageReplies", "replies": 74, "replies_pts": 1, "comments": True, "channel_id": 1900000777},
    )  # fmt: skip
    assert [e["type"] for e in post.entities] == ["bold", "text_link"]
    assert (post.media_kind, post.media["id"], post.media["width"]) == (
        "photo",
        "5458921116052602219",
        800,
    )
    assert (post.grouped_id, post.edited, post.author, post.replies) == (
        13,
        NOON + 60,
        "A. Pen",
        74,
    )
    assert post.reactions == ({"type": "emoji", "count": 4, "emoji": "👍"},)


def test_buttons_and_polls_of_old_layers():
    markup = {"_": "ReplyInlineMarkup", "rows": [{"_": "KeyboardButtonRow", "buttons": [
        {"_": "KeyboardButtonUrl", "text": "Map", "url": "https://a.example/"},
        {"_": "KeyboardButtonCallback", "text": "👍", "data": [1, 2]},
    ]}]}  # fmt: skip
    buttons = one(reply_markup=markup).details["buttons"]
    assert buttons[0][0] == {"type": "url", "text": "Map", "data": "https://a.example/"}
    assert (buttons[0][1]["type"], buttons[0][1]["text"]) == ("callback", "👍")
    poll = {"_": "MessageMediaPoll", "poll": {"_": "Poll", "id": 1, "question": "Nine?", "answers": [{"_": "PollAnswer", "text": "Yes", "option": [48]}]}, "results": {"_": "PollResults", "results": None, "total_voters": 3}}  # fmt: skip
    post = one(media=poll)
    assert post.media_kind == "poll"
    assert post.details["poll"]["question"] == "Nine?"


def test_service_messages():
    pinned = {"_": "MessageActionPinMessage"}
    made = {"_": "MessageActionChannelCreate", "title": "Harbour"}
    data = as_list(
        old(1, ..., _="MessageService", action=made),
        old(5, ..., _="MessageService", action=pinned, reply_to_msg_id=4),
        telethon(6, ..., _="MessageEmpty"),
    )
    (_, first), (_, second) = items(data)
    assert (first.kind, first.details) == (
        PostKind.SERVICE,
        {"action": "create_channel", "title": "Harbour"},
    )
    assert second.details == {"action": "pin_message", "message_id": 4}


def test_what_telethon_does_not_know_yet_keeps_its_name_and_fields():
    post = one(media={"_": "MessageMediaHologram", "size": 3})
    assert (post.media_kind, post.media) == ("hologram", {"size": 3})


def test_media_that_cannot_be_read_does_not_cost_the_words():
    post = one(media={"_": "MessageMediaPoll", "poll": 7, "results": None})
    assert post.text == "The ferry sails at nine."
    assert post.details["other"]["media"]["poll"] == 7


def test_messages_of_groups_and_people_are_left_out():
    group = telethon(2, post=False, from_id={"_": "PeerUser", "user_id": 5})
    person = telethon(3, peer_id={"_": "PeerUser", "user_id": 5}, post=False)
    data = as_list(telethon(1), group, person)
    (_, post), notice = items(data)
    assert post.message_id == 1
    assert isinstance(notice, Notice)
    assert "skipped 2 messages" in notice.message
    assert [channel.tg_id for channel, _ in items(data, all_chats=True)] == [
        -1001900000101,
        -1001900000101,
        5,
    ]


BAD = [
    ({"id": "x"}, "id is not an integer"),
    ({"id": 0}, "out of range"),
    ({"id": 1 << 60}, "out of range"),
    ({"_": "Dialog"}, "not a message"),
    ({"message": ["x"]}, "text is not a string|wrong kind"),
    ({"views": "many"}, "views is not an integer"),
    ({"date": "yesterday"}, "wrong kind"),
    ({"post_author": 5}, "author is not a string"),
]


@pytest.mark.parametrize(("change", "says"), BAD)
def test_a_message_that_cannot_be_read_costs_no_other(change, says):
    found = items(as_list(telethon(1), telethon(2) | change, telethon(3)))
    first, bad, third = found
    assert (first[1].message_id, third[1].message_id) == (1, 3)
    assert isinstance(bad, BadRecord)
    assert re.search(says, bad.reason)


def test_a_dump_that_breaks_off_keeps_what_stands_before():
    data = as_list(telethon(1), telethon(2))
    (_, post), broken = items(data[:-40])
    assert post.message_id == 1
    assert "ends in the middle; 1 messages before it" in broken.reason


def test_lone_surrogates_and_deep_nesting():
    lone = as_lines(telethon(1)).replace(b"The ferry", rb"The \ud83d ferry")
    assert items(lone)[0][1].text == "The \ufffd ferry sails at nine."
    assert items(b"[" + lone.strip() + b"]")[0][1].text == "The \ufffd ferry sails at nine."
    deep = as_lines(telethon(1)).replace(b'"media": null', b'"media": ' + b"[" * 5000 + b"]" * 5000)
    good, bad = items(as_lines(telethon(1)) + deep)
    assert good[1].message_id == 1
    assert "nested deeper" in bad.reason


def test_what_is_no_dump_is_refused():
    for data in (b"[]", b'[{"id": 1}]'):
        assert not telethon_json.sniff(data, "x")
    with pytest.raises(InputError, match="no Telethon messages"):
        items(b"[]")
