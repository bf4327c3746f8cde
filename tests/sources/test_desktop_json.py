"""Whole Desktop exports."""

import io
from datetime import timedelta, timezone

import pytest

from archiver.errors import InputError
from archiver.model import BadRecord, Channel, Notice
from archiver.sources import ReadOptions, desktop_json, encoding
from archiver.sources.desktop_json import channel_of

from .worlds import account, as_bytes, chat, message

HARBOUR = Channel("Harbour", tg_id=-1001900000101)


class Pipe(io.BytesIO):
    """A file that cannot be read twice."""

    def seekable(self):
        return False

    def seek(self, *_):
        raise AssertionError


def read(export, file=io.BytesIO, **options):
    data = export if isinstance(export, bytes) else as_bytes(export)
    return list(desktop_json.read(file(data), ReadOptions(**{"name": "result.json"} | options)))


def ids(items):
    return [(item[0].title, item[1].message_id) for item in items if isinstance(item, tuple)]


def notices(items):
    return [item.message for item in items if isinstance(item, Notice)]


def test_one_chat_is_its_channel_and_posts():
    items = read(chat(message(1), message(2)))
    assert [(channel, post.message_id) for channel, post in items] == [(HARBOUR, 1), (HARBOUR, 2)]


PERSON = chat(message(9), name="Ann", type="personal_chat", id=7)
GROUP = chat(message(8), name="Crew", type="private_group", id=6)
SUPER = chat(message(7), name="Pier", type="public_supergroup", id=5)


def test_an_account_gives_its_channels_and_tells_how_much_was_skipped():
    items = read(account(PERSON, chat(message(1)), GROUP, left=[chat(message(2), name="Old")]))
    assert ids(items) == [("Harbour", 1), ("Old", 2)]
    assert notices(items) == ["skipped 2 chats that are no channel; --all-chats takes all"]


def test_all_chats_come_with_marked_ids_of_their_kind():
    items = read(account(PERSON, GROUP, SUPER), all_chats=True)
    assert [channel for channel, _ in items] == [
        Channel("Ann", tg_id=7, kind="user"),
        Channel("Crew", tg_id=-6, kind="group"),
        Channel("Pier", tg_id=-1000000000005, kind="group"),
    ]


def test_a_single_export_of_a_person_is_skipped_too():
    assert notices(read(PERSON)) == ["skipped 1 chat that is no channel; --all-chats takes all"]


def test_old_exports_have_numbers_for_peers_and_marked_chat_ids():
    old = chat(message(1, from_id=(2 << 32) + 1198529751), id=(2 << 32) + 1198529751)
    ((channel, post),) = read(old)
    assert channel.tg_id == -1001198529751
    assert post.details is None
    assert channel_of({"id": 9788464343, "type": "public_channel"}).tg_id == -1009788464343


def test_local_times_are_told_once_and_read_in_the_zone_given():
    export = chat(message(1, date_unixtime=...), message(2, date_unixtime=...))
    items = read(export)
    assert items[0][1].date == 1741087205
    assert len(notices(items)) == 1
    assert "--timezone Europe/Kyiv" in notices(items)[0]
    zoned = read(export, timezone=timezone(timedelta(hours=3)))
    assert zoned[0][1].date == 1741076405
    assert notices(zoned) == []


def test_a_head_after_the_messages_is_found_by_reading_twice():
    late = {"messages": [message(1), message(2)], "id": 5, "name": "Late", "type": "public_channel"}
    first = {"messages": [message(3)], "name": "People", "type": "personal_chat", "id": 3}
    assert [item[0] for item in read(late)] == [Channel("Late", tg_id=-1000000000005)] * 2
    assert ids(read(account(first, late))) == [("Late", 1), ("Late", 2)]


def test_reading_twice_goes_on_where_the_first_reading_stood(monkeypatch):
    monkeypatch.setattr(encoding, "HEAD", 50)
    monkeypatch.setattr(encoding, "CHUNK", 100)
    late = {"messages": [message(n) for n in range(1, 9)], "id": 5, "type": "public_channel"}
    items = read(account(late, chat(message(9)), late))
    assert [post.message_id for _, post in items] == [*range(1, 10), *range(1, 9)]
    assert items[0][0] == items[-1][0] == Channel(tg_id=-1000000000005)


def test_a_pipe_without_a_head_goes_to_the_file_name_and_is_told():
    items = read({"messages": [message(1)], "name": "Late"}, file=Pipe, name="late.json")
    assert ids(items) == [("late", 1)]
    assert notices(items) == ["the export names no chat; its posts went to 'late'"]


def test_a_chat_may_lack_its_name_or_its_id():
    assert read(chat(message(1), name=None))[0][0] == Channel(tg_id=-1001900000101)
    assert read(chat(message(1), id=None))[0][0] == Channel("Harbour")


def test_a_message_of_the_wrong_shape_costs_only_itself():
    items = read(chat(message(1), message("x"), 5, message(2, text=5, text_entities=...)))
    assert ids(items) == [("Harbour", 1)]
    bad = [(item.where, item.reason) for item in items if isinstance(item, BadRecord)]
    assert bad == [
        ("message number 2", "id is not an integer"),
        ("message number 3", "not a JSON object"),
        ("message 2 of Harbour", "text is neither a string nor a list of parts"),
    ]


def test_a_cut_file_keeps_what_was_read_and_says_where_it_ends():
    data = as_bytes(chat(message(1), message(2), message(3)))
    cut = data.rindex(b'"date_unixtime"')
    items = read(data[:cut])
    assert ids(items) == [("Harbour", 1), ("Harbour", 2)]
    bad = BadRecord(f"byte {cut}", "the file ends in the middle; 2 posts before it were kept")
    assert items[-1] == bad


def test_an_album_at_the_cut_is_kept_whole():
    pictures = [message(number, "", photo="a.jpg") for number in (1, 2, 3)]
    data = as_bytes(chat(*pictures, message(4)))
    items = read(data[: data.rindex(b'"date_unixtime"')])
    assert [post.grouped_id for _, post in items[:-1]] == [1, 1, 1]


def test_albums_do_not_reach_from_one_chat_into_the_next():
    one = chat(message(1, "", photo="a.jpg"))
    two = chat(message(2, "", photo="a.jpg"), name="Old")
    assert [post.grouped_id for _, post in read(account(one, two))] == [None, None]


def test_control_characters_and_bad_bytes_are_survived():
    data = as_bytes(chat(message(1, "a@b"), message(2, "c#d")))
    items = read(data.replace(b"@", rb"\x0B").replace(b"#", b"\xff"))
    assert [post.text for _, post in items] == ["a\x0bb", "c\ufffdd"]


def test_unquoted_emoji_ids_of_desktop_4_1_are_survived():
    part = {"type": "custom_emoji", "text": "⚓", "document_id": "video_files/sticker (2).webm"}
    data = as_bytes(chat(message(1, [part, ""], text_entities=...), message(2)))
    bare = data.replace(b'"video_files/sticker (2).webm"', b"video_files/sticker (2).webm")
    assert bare != data
    assert read(bare) == read(data)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_tolerated(encoding):
    export = chat(message(1, "Паром 🌊"))
    assert read(as_bytes(export).decode().encode(encoding)) == read(export)


@pytest.mark.parametrize("data", [b"{}", b"[]", b"[{}]", b'{"name": "p", "id": 1}', b"x", b'{"a'])
def test_what_is_no_export_is_an_input_error(data):
    with pytest.raises(InputError, match=r"result.json is no Telegram Desktop export"):
        read(data)


def test_reading_twice_gives_the_same():
    export = account(chat(*(message(n, "", photo="a.jpg") for n in range(1, 30))), PERSON)
    assert read(export) == read(export)
