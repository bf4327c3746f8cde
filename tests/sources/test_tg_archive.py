"""tg-archive's data.sqlite."""

import io
import json
import sqlite3

import pytest

from archiver.errors import InputError
from archiver.model import BadRecord, Channel, Notice, PostKind, Source
from archiver.sources import ReadOptions, tg_archive
from archiver.sources.detect import detect, open_source

NOON = 1741087205
SCHEMA = """
CREATE table messages (id INTEGER NOT NULL PRIMARY KEY, type TEXT NOT NULL, date TIMESTAMP NOT NULL,
    edit_date TIMESTAMP, content TEXT, {more} reply_to INTEGER, user_id INTEGER, media_id INTEGER);
CREATE table users (id INTEGER NOT NULL PRIMARY KEY, username TEXT, first_name TEXT, last_name TEXT,
    tags TEXT, avatar TEXT);
CREATE table media (id INTEGER NOT NULL PRIMARY KEY, type TEXT, url TEXT, title TEXT,
    description TEXT, thumb TEXT);
INSERT INTO users VALUES (1900000101, 'Harbour', NULL, NULL, '', NULL), (5, 'ann', 'Ann', 'Bay', '', NULL);
"""
WHEN = "2025-03-04 11:20:05"


def made(path, *rows, media=(), entities=False):
    """A file with messages (id, type, date, edit_date, content, reply_to, user_id, media_id)."""
    with sqlite3.connect(path) as db:
        db.executescript(SCHEMA.format(more="entities JSON," if entities else ""))
        names = "id, type, date, edit_date, content, reply_to, user_id, media_id"
        names += ", entities" if entities else ""
        for row in rows:
            db.execute(f"INSERT INTO messages({names}) VALUES ({','.join('?' * len(row))})", row)
        db.executemany("INSERT INTO media VALUES (?, ?, ?, ?, ?, NULL)", media)
    db.close()
    return path


def row(
    number=1,
    text="The ferry sails at nine.",
    *,
    kind="message",
    edited=None,
    reply=None,
    user=1900000101,
    media=None,
):
    return (number, kind, WHEN, edited, text, reply, user, media)


def items(path, **options):
    with path.open("rb") as file:
        told = {"name": path.name, "channel": "@harbour"} | options
        return list(tg_archive.read(file, ReadOptions(**told)))


def test_messages_become_posts(tmp_path):
    path = made(
        tmp_path / "data.sqlite", row(1), row(7, "Nine.", edited="2025-03-04 11:21:05", reply=1)
    )
    (channel, _), (_, post) = items(path)
    assert channel == Channel(username="harbour")
    assert (post.message_id, post.text, post.date) == (7, "Nine.", NOON)
    assert (post.edited, post.reply_to, post.source) == (NOON + 60, 1, Source.TEXT)
    assert post.details is None


def test_it_is_known_by_its_tables(tmp_path):
    path = made(tmp_path / "data.sqlite", row(1))
    assert detect(path.read_bytes()[:65536], "data.sqlite") is tg_archive
    file, reader = open_source(path)
    file.close()
    assert reader is tg_archive


def test_the_channel_is_said_or_called_as_the_folder(tmp_path):
    folder = tmp_path / "harbour-site"
    folder.mkdir()
    (channel, _), *_ = [
        i for i in items(made(folder / "data.sqlite", row(1)), channel=None) if isinstance(i, tuple)
    ]
    assert channel == Channel("harbour-site")
    assert isinstance(items(folder / "data.sqlite", channel=None)[0], Notice)


def test_who_wrote_and_what_happened_in_a_group(tmp_path):
    path = made(
        tmp_path / "g.sqlite",
        row(1),
        row(2),
        row(3, "Hi.", user=5),
        row(4, "", kind="user_joined", user=5),
    )
    *_, (_, hello), (_, joined) = items(path)
    assert hello.details == {"from": "Ann Bay", "from_id": 5}
    assert (joined.kind, joined.details["action"]) == (PostKind.SERVICE, "invite_members")


def test_media(tmp_path):
    poll = json.dumps([{"label": "Yes", "count": 3, "correct": False}])
    media = [
        (1, "photo", "1.jpg", "pic.jpg", None),
        (2, "photo", "2.pdf", "map.pdf", None),
        (3, "webpage", "https://a.example/", "T", "D"),
        (4, "poll", None, "Nine?", poll),
    ]
    path = made(tmp_path / "m.sqlite", *[row(n, media=n) for n in (1, 2, 3, 4)], media=media)
    one, two, three, four = [post for _, post in items(path)]
    assert (one.media_kind, one.media) == ("photo", {"path": "1.jpg", "file_name": "pic.jpg"})
    assert (two.media_kind, two.media["file_name"]) == ("file", "map.pdf")
    assert (three.media_kind, three.details["web_page"]["url"]) == (None, "https://a.example/")
    assert four.details["poll"] == {"question": "Nine?", "answers": [{"text": "Yes", "voters": 3}]}


def test_entities_of_newer_versions(tmp_path):
    entities = json.dumps([{"_": "MessageEntityBold", "offset": 0, "length": 3}, {"_": "?"}])
    path = made(
        tmp_path / "e.sqlite", (*row(1), entities), (*row(2), None), (*row(3), "{"), entities=True
    )
    one, two, three = [post for _, post in items(path)]
    assert one.entities == ({"type": "bold", "offset": 0, "length": 3},)
    assert one.source is Source.EXPORT
    assert two.entities is three.entities is None


def test_a_row_that_cannot_be_read_costs_no_other(tmp_path):
    path = made(
        tmp_path / "b.sqlite",
        row(1),
        (2, "message", "yesterday", None, "x", None, 5, None),
        (3, "message", WHEN, None, b"\xff\xfe", None, 5, None),
        row(4, reply="x"),
        row(-5),
        row(6),
    )
    found = items(path)
    good = [each[1].message_id for each in found if isinstance(each, tuple)]
    assert good == [1, 6]
    assert sum(isinstance(each, BadRecord) for each in found) == 4


def test_what_is_no_such_file_is_refused(tmp_path):
    path = tmp_path / "data.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE VIEW messages AS SELECT 1 AS id")
    db.close()
    assert not tg_archive.sniff(path.read_bytes(), "data.sqlite")
    with pytest.raises(InputError, match=r"no data\.sqlite"):
        items(path)
    path.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with pytest.raises(InputError, match="cannot be"):
        items(path)


def test_a_truncated_file_gives_what_can_be_read(tmp_path):
    path = made(tmp_path / "t.sqlite", *[row(n, "x" * 500) for n in range(1, 200)])
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(InputError, match="cannot be"):
        items(path)


def test_a_stream_is_read_from_a_copy(tmp_path):
    data = made(tmp_path / "s.sqlite", row(1)).read_bytes()
    found = list(tg_archive.read(io.BytesIO(data), ReadOptions(channel="@harbour")))
    assert found[0][1].message_id == 1
    assert (tmp_path / "s.sqlite").read_bytes() == data
