"""The bytes of result.json: repairs, cuts, breaks."""

import json
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.sources import desktop_stream
from archiver.sources.desktop_stream import Broken, Chat, mended, storable, walk

from . import worlds

PIECES = st.sampled_from(
    [
        b"\\",
        b"\\\\",
        b"\\x1F",
        b"x41",
        b"\\ud83d\\ude00",
        b"\\ud800",
        b"\\udc00",
        b'"',
        b"\n",
        b'"document_id": stickers/sticker (2).webm\n',
        b'"document_id": "5",\n',
        b'\\"document_id\\": x\n',
        "слово 🌊".encode(),
        b"d83d",
    ]
)


def mend(*chunks):
    return b"".join(mended(chunks))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (rb"a\x0Bb", rb"a\u000Bb"),
        (rb"\\x41", rb"\\x41"),
        (rb"\\\x41", rb"\\\u0041"),
        (rb"\\\\x41\x41", rb"\\\\x41\u0041"),
        (rb"\xZZ", rb"\xZZ"),
        (rb"\ud83d\ude00", rb"\ud83d\ude00"),
        (rb"\ud83d!\ude00", rb"\ufffd!\ufffd"),
        (rb"\\ud83d", rb"\\ud83d"),
        (
            b'"document_id": video_files/sticker (2).webm\n}',
            b'"document_id": "video_files/sticker (2).webm"\n}',
        ),
        (
            b'"document_id": (File not included.),\r\n',
            b'"document_id": "(File not included.)",\r\n',
        ),
        (b'"document_id": 5123\n', b'"document_id": 5123\n'),
        (rb'"text": "\"document_id\": x"', rb'"text": "\"document_id\": x"'),
    ],
)
def test_what_desktop_writes_wrong_becomes_json_and_the_rest_stays(written, meant):
    assert mend(written) == meant


@given(st.lists(PIECES, max_size=30).map(b"".join), st.data())
def test_repairs_are_the_same_wherever_the_bytes_are_cut(data, draw):
    cuts = draw.draw(st.lists(st.integers(0, len(data)), max_size=8).map(sorted))
    edges = [0, *cuts, len(data)]
    chunks = [data[a:b] for a, b in pairwise(edges)]
    assert mend(*chunks) == mend(data)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 4095, 4096, 4097])
def test_long_lines_are_repaired_across_chunks_too(size):
    data = rb'{"a": "' + rb"\x01 \\x02 word " * 1500 + b'"}'
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    assert mend(*chunks) == mend(data)
    assert json.loads(mend(data))["a"] == "\x01 \\x02 word " * 1500


def test_nothing_but_backslashes_is_not_collected():
    taken = 0

    def chunks():
        nonlocal taken
        for _ in range(64):
            taken += 1
            yield b"\\" * (1 << 16)

    next(mended(chunks()))
    assert taken < 20


def found(export, size=1 << 16):
    data = export if isinstance(export, bytes) else worlds.as_bytes(export)
    return list(walk(data[i : i + size] for i in range(0, len(data), size)))


@pytest.mark.parametrize("size", [1, 17, 1 << 16])
def test_chats_come_before_their_messages_and_other_sections_are_passed_over(size):
    one = worlds.chat(worlds.message(1), worlds.message(2))
    two = worlds.chat(worlds.message(3), name=None, id=7)
    items = found(worlds.account(one, left=[two]), size)
    assert [getattr(item, "fields", None) or item["id"] for item in items] == [
        {"name": "Harbour", "type": "public_channel", "id": 1900000101},
        1,
        2,
        {"name": None, "type": "public_channel", "id": 7},
        3,
    ]
    assert items[1] == worlds.message(1)
    assert items[3].number == 1


def test_a_cut_file_gives_all_messages_before_the_cut():
    data = worlds.as_bytes(worlds.chat(worlds.message(1), worlds.message(2)))
    cut = data.rindex(b'"text_entities"')
    items = found(data[:cut])
    assert [type(item) for item in items] == [Chat, dict, Broken]
    assert (items[2].position, items[2].ended) == (cut, True)


def test_bytes_that_are_no_json_give_all_messages_before_them():
    data = worlds.as_bytes(worlds.chat(worlds.message(1), worlds.message(2)))
    items = found(data.replace(b'"id": 2', b'"id": two'))
    assert [type(item) for item in items] == [Chat, dict, Broken]
    assert not items[2].ended


def test_what_is_not_an_object_is_none_and_what_lies_too_deep_is_marked():
    deep = json.loads("[" * 90 + "]" * 90)
    items = found(worlds.chat(5, [1, [2]], worlds.message(1, more=deep), worlds.message(2)))
    assert items[1:3] == [None, None]
    assert items[3][desktop_stream.TOO_DEEP]
    assert items[4] == worlds.message(2)


def test_endless_nesting_and_endless_messages_end_quietly(monkeypatch):
    assert isinstance(found(b'{"messages": [' + b'{"a":[' * 200_000)[-1], Broken)
    monkeypatch.setattr(desktop_stream, "MESSAGE_LIMIT", 1 << 18)
    endless = b'{"id": 1, "messages": [{"id": 1, "text": "' + b"x" * (1 << 20)
    assert found(endless)[-1].reason == "a message over 0 MiB"


def test_numbers_are_what_json_and_a_database_can_hold():
    assert storable(5) == 5
    assert storable(1 << 63) == str(1 << 63)
    assert storable(Decimal("1.5")) == 1.5
    assert storable(Decimal("1E+400")) == "1E+400"
