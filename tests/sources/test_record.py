"""The JSONL record and its inverse."""

import json

import pytest
from hypothesis import given, settings

from archiver.model import Channel, Forward, OriginKind, Post, PostKind, Source
from archiver.sources.record import from_post, to_channel, to_post

from . import worlds


@settings(max_examples=400, deadline=None)
@given(worlds.channels, worlds.posts)
def test_what_is_written_is_read_back_equal(channel, post):
    record = json.loads(json.dumps(from_post(channel, post)))
    assert to_post(record) == (channel, post)


def test_a_plain_post_has_a_plain_record():
    channel = Channel("Harbour", "harbour", -1001900000101)
    post = Post(5, "text", date=1741076405, media_kind="photo", media={"width": 3})
    assert from_post(channel, post) == {
        "channel": "@harbour",
        "channel_title": "Harbour",
        "channel_id": -1001900000101,
        "id": 5,
        "date": "2025-03-04T08:20:05Z",
        "text": "text",
        "media": {"kind": "photo", "width": 3},
    }


@pytest.mark.parametrize(
    ("named", "channel"),
    [
        ("@harbour", Channel(username="harbour")),
        (1900000101, Channel(tg_id=-1001900000101)),
        ("1900000101", Channel(tg_id=-1001900000101)),
        (-1001900000101, Channel(tg_id=-1001900000101)),
        ("Harbour News", Channel(title="Harbour News")),
    ],
)
def test_a_channel_may_be_written_in_any_form(named, channel):
    assert to_channel({"channel": named}) == channel


@pytest.mark.parametrize(
    "date", ["2025-03-04T08:20:05Z", "2025-03-04T10:20:05.900+02:00", 1741076405]
)
def test_dates_are_whole_seconds_in_utc(date):
    assert to_post({"channel": "@a", "id": 1, "date": date})[1].date == 1741076405


def test_only_the_channel_is_needed_and_missing_keys_are_the_defaults():
    channel, post = to_post({"channel": "@a", "text": "x", "unknown": [1], "cluster": 7})
    assert channel == Channel(username="a")
    assert post == Post(post.message_id, "x")
    assert post.message_id < 0
    assert (post.source, post.kind) == (Source.EXPORT, PostKind.MESSAGE)


@pytest.mark.parametrize(
    ("written", "forward"),
    [
        ("@harbour", Forward(OriginKind.CHANNEL, username="harbour")),
        ("Harbour News", Forward(OriginKind.NAME, name="Harbour News")),
        ({"name": "A B"}, Forward(OriginKind.NAME, name="A B")),
        (
            {"channel": 1900000101, "id": 7, "date": 0},
            Forward(OriginKind.CHANNEL, peer_id=-1001900000101, message_id=7, date=0),
        ),
        ({"kind": "user", "peer_id": 5}, Forward(OriginKind.USER, peer_id=5)),
    ],
)
def test_forwards_may_be_short(written, forward):
    assert to_post({"channel": "@a", "id": 1, "forwarded_from": written})[1].forward == forward


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"channel": None}, "no channel"),
        ({"channel": ""}, "no channel"),
        ({"channel": 0}, "no channel"),
        ({"channel": ["a"]}, "channel is not a string"),
        ({"channel": True}, "channel is not a string"),
        ({"id": "5"}, "id is not an integer"),
        ({"id": 1.5}, "id is not an integer"),
        ({"id": True}, "id is not an integer"),
        ({"id": 1 << 63}, "id is beyond 64 bits"),
        ({"views": -(1 << 63) - 1}, "views is beyond 64 bits"),
        ({"text": 5}, "text is not a string"),
        ({"date": "2025-03-04T08:20:05"}, "no offset .* write 2025-01-31T12:00:00Z"),
        ({"date": "yesterday"}, "is no date"),
        ({"date": 1741076405000}, "seconds, not milliseconds"),
        ({"edited": 1.5}, "edited is not an integer"),
        ({"kind": "story"}, "kind is none of message, service, unsupported"),
        ({"source": "rumour"}, "source is none of text, export, live"),
        ({"entities": {}}, "entities is not a list of objects"),
        ({"entities": [5]}, "entities is not a list of objects"),
        ({"entities": [{"type": "bold"}]}, "entities.offset is not an integer"),
        ({"entities": [{"type": "bold", "offset": -1, "length": 1}]}, "offset is negative"),
        ({"entities": [{"offset": 0, "length": 1}]}, "entities.type is not a string"),
        ({"media": "photo"}, "media is not an object"),
        ({"media": {"kind": 5}}, "media.kind is not a string"),
        ({"details": []}, "details is not an object"),
        ({"grouped_inferred": 1}, "grouped_inferred is neither true nor false"),
        ({"forwarded_from": 5}, "forwarded_from is not an object"),
        ({"forwarded_from": {"id": "x"}}, "forwarded_from.id is not an integer"),
        ({"forwarded_from": {"kind": "ghost"}}, "forwarded_from.kind is none of channel"),
        ({"forwarded_from": {"saved_from": 3}}, "saved_from is not an object"),
    ],
)
def test_a_record_of_the_wrong_shape_says_which_key(change, says):
    with pytest.raises(ValueError, match=says):
        to_post({"channel": "@a", "id": 1} | change)
