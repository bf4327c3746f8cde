"""Our own JSONL."""

import io
import json

import pytest

from archiver.model import BadRecord, Channel
from archiver.sources import ReadOptions, jsonl
from archiver.sources.keys import synthetic_id

GOOD = {"channel": "@harbour", "id": 1, "text": "The ferry sails at nine."}


def read(*lines):
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return list(jsonl.read(io.BytesIO(b"\n".join(raw)), ReadOptions(name="posts.jsonl")))


def test_a_line_is_a_post_and_blank_lines_are_nothing():
    items = read(GOOD, b"", b"  \r", GOOD | {"id": 2}, b"")
    assert [post.message_id for _, post in items] == [1, 2]
    assert items[0][0] is items[1][0]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"{", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'{"id": 1, "text": "x"}', "no channel"),
        (b'{"channel": {}, "id": 1}', "channel is not a string"),
        (b'{"channel": "@a", "id": "1"}', "id is not an integer"),
        (b'{"channel": "@a", "id": 123456789012345678901234567890}', "id is not an integer"),
        (b'{"channel": "@a", "id": 1, "text": "\xff"}', "not UTF-8"),
        (b'{"channel": "@a", "id": 1, "details": ' + b"[" * 500 + b"]" * 500 + b"}", "details is"),
        (
            b'{"channel":"@a","id":1,"details":{"a":' + b"[" * 200 + b"]" * 200 + b"}}",
            "nested deeper than 100",
        ),
        (b"[" * 5000, "not JSON|nested"),
        (b'{"a":' * 100_000, "not JSON|nested"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_the_rest_goes_on(line, says):
    first, bad, last = read(GOOD, line, GOOD)
    assert first == last
    assert isinstance(bad, BadRecord)
    assert bad.where == "line 2"
    assert any(part in bad.reason for part in (*says.split("|"), "nested deeper"))
    assert len(bad.raw) <= 200


def test_lone_surrogates_become_a_replacement_and_pairs_a_character():
    raw = rb'{"channel": "@a", "id": 1, "text": "\ud83d\ude00 \ud800 \udc00", "views": NaN}'
    ((_, post),) = read(raw)
    assert post.text == "😀 \ufffd \ufffd"
    assert post.views is None


def test_a_line_too_long_is_a_bad_record(monkeypatch):
    monkeypatch.setattr(jsonl, "LINE_LIMIT", 1 << 20)
    long = b'{"channel": "@a", "text": "' + b"x" * (3 << 20) + b'"}'
    items = read(GOOD, long, GOOD)
    assert [type(item) for item in items] == [tuple, BadRecord, tuple]
    assert items[1].reason == "longer than 1 MiB"


def test_posts_without_id_get_stable_ones_counted_in_the_file():
    line = {"channel": "@Harbour", "text": "same"}
    ids = [post.message_id for _, post in read(line, line, line | {"id": None})]
    assert ids == [synthetic_id("same", "", nth) for nth in (1, 2, 3)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_tolerated(encoding):
    data = json.dumps(GOOD).encode(encoding)
    assert list(jsonl.read(io.BytesIO(data), ReadOptions())) == read(GOOD)


def test_one_cached_channel_does_not_stand_in_for_another():
    named = [
        {"channel": 1},
        {"channel": "1"},
        {"channel": "x"},
        {"channel": "x", "channel_title": "y"},
        {"channel": "x", "channel_title": None, "channel_id": 5},
        {"channel": "x", "channel_id": None},
    ]
    found = [channel for channel, _ in read(*(GOOD | one for one in named))]
    assert found == [
        Channel(tg_id=-1000000000001),
        Channel(tg_id=-1000000000001),
        Channel("x"),
        Channel("y"),
        Channel(tg_id=5),
        Channel("x"),
    ]


def test_more_channels_than_are_cached_are_all_read(monkeypatch):
    monkeypatch.setattr(jsonl, "_CACHED", 3)
    found = read(*(GOOD | {"channel": f"@a{n % 7}"} for n in range(20)))
    assert [channel.username for channel, _ in found] == [f"a{n % 7}" for n in range(20)]
