"""Nothing a file may hold makes a reader raise anything but InputError."""

import contextlib
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.errors import InputError
from archiver.model import BadRecord, Channel, Notice, Post
from archiver.sources import ReadOptions
from archiver.sources.detect import READERS, detect

from .desktop_pages import message as message_page
from .desktop_pages import page, service
from .dumps import as_list, old, telethon
from .preview_pages import page as preview_page
from .preview_pages import post as preview_post
from .test_tg_archive import made, row
from .worlds import account, as_bytes, chat, message


def _database():
    with tempfile.TemporaryDirectory() as folder:
        return made(Path(folder, "data.sqlite"), row(1), row(2, "a", reply=1)).read_bytes()


GOOD = {
    "jsonl": b'{"channel": "@a", "id": 1, "text": "x", "date": 5, "forwarded_from": {"id": 1}}\n'
    * 3,
    "desktop-json": as_bytes(
        account(
            chat(message(1), message(2, poll={}, photo="a"), message(3, ["a", {"type": "bold"}])),
            chat({"id": 4, "type": "service", "action": "x"}, name="b"),
        )
    ),
    "desktop-html": page(
        message_page(1), service(2, "Channel photo changed"), message_page(3, "a<br><b>b</b>")
    ),
    "preview": preview_page(preview_post(1), preview_post(2, "<b>x</b>")),
    "telethon": as_list(telethon(1), old(2), telethon(3, media={"_": "MessageMediaGame"})),
    "csv": b"id,date,text,channel,url\n1,1741087205,x,@a,\n2,2025-03-04,y,,https://t.me/b/1\n",
    "json-table": b'[{"id": 1, "text": "x", "date": 1741087205, "chat": {"title": "a"}},'
    b' {"id": 2, "text": ["y", {"text": "z"}], "url": "https://t.me/b/1"}]',
    "tg-archive": _database(),
    "archiver": b"SQLite format 3\0" + bytes(52) + b"TGAR" + bytes(40),
    "text": "Forwarded from A\nтекст\n\nForwarded from B\nx\n".encode(),
}
OPTIONS = [
    ReadOptions(name="f"),
    ReadOptions(name="f.txt", encoding="cp1251", separator="blank", all_chats=True),
    ReadOptions(encoding="utf-16", separator="--"),
]


def read_all(reader, data, options):
    with contextlib.suppress(InputError):
        for item in reader.read(io.BytesIO(data), options):
            if isinstance(item, tuple):
                channel, post = item
                assert isinstance(channel, Channel)
                assert isinstance(post, Post)
                post.text.encode()
            else:
                assert isinstance(item, BadRecord | Notice)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.NAME)
@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300), options=st.sampled_from(OPTIONS))
def test_random_bytes(reader, data, options):
    read_all(reader, data, options)
    detect(data, "file")


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.NAME)
@settings(max_examples=300, deadline=None)
@given(
    spot=st.floats(0, 1),
    cut=st.integers(0, 40),
    junk=st.binary(max_size=6)
    | st.sampled_from([b'"', b"{", b"]", b"null", b"-1", b"1e999", b"\\"]),
)
def test_a_good_file_with_a_damaged_place(reader, spot, cut, junk):
    good = GOOD[reader.NAME]
    at = int(spot * len(good))
    data = good[:at] + junk + good[at + cut :]
    read_all(reader, data, OPTIONS[0])
    detect(data, "file")
