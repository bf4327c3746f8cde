"""Posts as plain JSON objects, as scripts, data frames and databases write them."""

import io
import json

import pytest

from archiver.errors import ConfigError, InputError
from archiver.model import BadRecord, Channel, Forward, Notice, OriginKind, Source
from archiver.sources import ReadOptions, json_table, jsonl, telethon_json
from archiver.sources.detect import detect

NOON = 1741087205
FERRY = {
    "message_id": 7,
    "date": "2025-03-04T11:20:05+00:00",
    "text": "The ferry sails.\n\nAt nine.",
}


def encoded(told):
    return told if isinstance(told, bytes) else json.dumps(told, ensure_ascii=False).encode()


def items(told, **options):
    named = {"name": "harbour.json"} | options
    return list(json_table.read(io.BytesIO(encoded(told)), ReadOptions(**named)))


def one(told, **options):
    [(channel, post)] = items([told], **options)
    return channel, post


LAYOUTS = {
    "list": [FERRY],
    "list-over-lines": json.dumps([FERRY], indent=4).encode(),
    "under-messages": {"name": "x", "messages": [FERRY]},
    "under-another-key": {"version": 2, "tags": ["a"], "posts": [FERRY], "count": 1},
    "lines": json.dumps(FERRY).encode() + b"\n\n",
    "utf-16": json.dumps([FERRY]).encode("utf-16"),
    "utf-8-with-a-mark": b"\xef\xbb\xbf" + json.dumps([FERRY]).encode(),
}


@pytest.mark.parametrize("told", LAYOUTS.values(), ids=LAYOUTS)
def test_the_objects_are_found_wherever_they_stand(told):
    assert detect(encoded(told), "x.json") is json_table
    [(channel, post)] = items(told)
    assert channel == Channel("harbour")
    assert (post.message_id, post.date, post.text) == (7, NOON, FERRY["text"])
    assert (post.source, post.entities) == (Source.TEXT, None)


NEXT = FERRY | {"message_id": 8}
SEVERAL = {
    "two-lists": {"harbour": [FERRY], "bay": [NEXT]},
    "deeper": {"data": {"a": [FERRY], "more": {"b": [NEXT]}}, "done": True},
    "lists-in-a-list": [[FERRY], [NEXT]],
    "beside-other-lists": {"tags": ["a", 1], "posts": [FERRY, NEXT], "none": []},
    "with-lists-of-their-own": [FERRY | {"entities": [{"type": "bold", "text": "x"}]}, NEXT],
}


@pytest.mark.parametrize("told", SEVERAL.values(), ids=SEVERAL)
def test_no_list_is_left_out_wherever_it_lies(told):
    assert detect(encoded(told), "x.json") is json_table
    assert [post.message_id for _, post in items(told)] == [7, 8]


def test_a_list_of_what_is_no_post_is_reported():
    found = items(
        {"posts": [FERRY], "people": [{"id": 5, "name": "Ann"}], "of": [{"posts": [NEXT]}]}
    )
    assert [type(item) for item in found] == [tuple, BadRecord, BadRecord]


def test_a_line_alone_is_a_post_too():
    [(_, post)] = items(b'{"no": 7, "body": "x"}', columns={"id": "no", "text": "body"})
    assert (post.message_id, post.text) == (7, "x")


def test_a_channel_is_known_by_its_number_and_its_title():
    channel, _ = one(FERRY | {"sender_id": -1001900000101, "channel": "Harbour and Bay"})
    assert channel == Channel("Harbour and Bay", tg_id=-1001900000101)
    channel, _ = one(FERRY | {"sender_id": 777, "channel": "@harbour"})
    assert channel == Channel(username="harbour")


def test_objects_inside_are_taken_apart():
    raw = {
        "_": "Message",
        "id": 7,
        "date": "2025-03-04 11:20:05+00:00",
        "chat": {"_": "Chat", "id": -1001900000101, "title": "Harbour", "username": "harbour"},
        "text": "The ferry sails.",
        "forward_from_chat": {"id": -1001900000102, "title": "Pier", "username": "pier"},
        "forward_from_message_id": 12,
        "views": 120,
    }
    assert detect(encoded([raw]), "x.json") is json_table
    channel, post = one(raw)
    assert channel == Channel("Harbour", "harbour", -1001900000101)
    assert (post.message_id, post.views) == (7, 120)
    assert post.forward == Forward(OriginKind.CHANNEL, -1001900000102, "pier", 12, None, "pier")


def test_telethons_messages_are_left_to_their_reader():
    raw = {"_": "Message", "id": 7, "message": "x", "date": "2025-03-04T11:20:05+00:00"}
    assert detect(encoded([raw | {"peer_id": {"_": "PeerChannel", "channel_id": 5}}])) is (
        telethon_json
    )


def test_our_own_lines_are_left_to_their_reader():
    assert detect(b'{"channel": "@a", "id": 1, "text": "x"}\n', "x.jsonl") is jsonl


VALUES = [
    ({"date": 1741087205}, "date", NOON),
    ({"date": 1741087205000}, "date", NOON),
    ({"date": 1741087205000.0}, "date", NOON),
    ({"date": {"$date": "2025-03-04T11:20:05Z"}}, "date", NOON),
    ({"date": None}, "date", None),
    ({"views": "1200"}, "views", 1200),
    ({"views": 12.0}, "views", 12),
    ({"views": None}, "views", None),
    ({"text": None}, "text", ""),
    ({"text": ["The ", {"type": "bold", "text": "ferry"}]}, "text", "The ferry"),
    ({"text": "\ud800 alone"}, "text", "\ufffd alone"),
    ({"_id": {"$oid": "65e5b1"}}, "message_id", 7),
    ({"message_id": {"$numberLong": "9"}}, "message_id", 9),
]


@pytest.mark.parametrize(("told", "field", "value"), VALUES)
@pytest.mark.parametrize("lines", [False, True])
def test_values(told, field, value, lines):
    raw = json.dumps(FERRY | told)
    [(_, post)] = items((raw if lines else f"[{raw}]").encode())
    assert getattr(post, field) == value


def test_a_key_that_lacks_in_one_object_is_there_in_others():
    bare = {"message_id": 8, "text": "No date."}
    (_, first), (_, second) = items([bare, FERRY])
    assert (first.date, second.date) == (None, NOON)


def test_keys_can_be_named():
    raw = {"no": 7, "body": {"plain": "The ferry sails."}, "text": "HTML", "when": NOON}
    _, post = one(raw, columns={"id": "no", "text": "body_plain", "date": "when"})
    assert (post.message_id, post.text, post.date) == (7, "The ferry sails.", NOON)
    with pytest.raises(ConfigError, match="no key 'nr'"):
        items([{"body": "x"}], columns={"id": "nr", "text": "body"})


def test_one_bad_object_does_not_stop_the_rest():
    found = items([FERRY, 5, {"message_id": "x", "text": "y"}, {"a": 1}, FERRY | {"message_id": 8}])
    assert [item[1].message_id for item in found if isinstance(item, tuple)] == [7, 8]
    assert [item.where for item in found if isinstance(item, BadRecord)] == [
        "object number 2",
        "object number 3",
        "object number 4",
    ]


def test_a_file_that_breaks_off_gives_what_stands_before():
    whole = json.dumps([FERRY, FERRY | {"message_id": 8}]).encode()
    found = items(whole[:-20])
    assert found[0][1].message_id == 7
    assert "the file ends in the middle" in found[-1].reason


def test_objects_that_are_no_posts_are_one_sentence():
    assert detect(b'[{"name": "x", "size": 3}]', "x.json") is None
    with pytest.raises(InputError, match="no object has a text and an id or a date"):
        items([{"name": "x", "size": 3}])


def test_times_without_an_offset_are_read_in_the_zone_that_is_said():
    from archiver.config import zone

    local = FERRY | {"date": "2025-03-04 13:20:05"}
    (_, post), notice = items([local])
    assert post.date == NOON + 7200
    assert isinstance(notice, Notice)
    assert one(local, timezone=zone("Europe/Kyiv"))[1].date == NOON


def test_objects_without_a_number_get_one_that_stays():
    raw = {"date": NOON, "text": "The ferry sails."}
    first, second = (post.message_id for _, post in items([raw, raw]))
    assert first < 0 > second != first
    assert [post.message_id for _, post in items([raw, raw])] == [first, second]


def test_objects_in_objects_without_end_are_no_trouble():
    deep = b'[{"message_id": 7, "text": "x", "more": ' + b'{"a": ' * 5_000 + b"1" + b"}" * 5_001
    found = items(deep + b"]")
    assert isinstance(found[0], tuple | BadRecord)
