"""Which reader takes a file."""

import json
import os

import pytest

from archiver.errors import InputError
from archiver.sources import desktop_json, jsonl, telethon_json, text_dump
from archiver.sources.detect import detect, expand, files_in, open_source, reader_named

from .worlds import account, as_bytes, chat, message

LINE = b'{"channel": "@a", "id": 1, "text": "x"}\n'
DUMP = "Forwarded from Гавань\nтекст\n"


@pytest.mark.parametrize(
    ("head", "reader"),
    [
        (LINE, jsonl),
        (b"\n" + LINE, jsonl),
        (b"\xef\xbb\xbf" + LINE, jsonl),
        (LINE.decode().encode("utf-16"), jsonl),
        (b"{broken\n" + LINE, jsonl),
        (b'{"channel": "@a", "text": "' + b"x" * 70_000, jsonl),
        (as_bytes(chat(message(1))), desktop_json),
        (json.dumps(chat(message(1))).encode(), desktop_json),
        (as_bytes(chat()), desktop_json),
        (as_bytes(chat(message(1)))[:300], desktop_json),
        (as_bytes(account(chat(message(1)))), desktop_json),
        (as_bytes(account())[:150], desktop_json),
        (as_bytes({"messages": [message(1)], "name": "late"}), desktop_json),
        (as_bytes(chat(message(1))).decode().encode("utf-16"), desktop_json),
        (DUMP.encode(), text_dump),
        (("a word before\r\n" + DUMP).encode(), text_dump),
        (DUMP.encode("utf-16"), text_dump),
        ("Переслано от Порт\nПаром к маяку задержится\n".encode("cp1251"), text_dump),
        (b"", None),
        (b"text\n", None),
        (b"said: Forwarded from A\n", None),
        (b"Forwarded from A\n\0\0", None),
        (b'{"name": "package", "version": "1.0", "scripts": {"messages": "x"}}', None),
        (b'{"messages": [{"id": 1, "text": "other tool"}]}', None),
        (b'[{"id": 1, "message": "no name of a type"}]', None),
        (b'{"_": "Message", "id": 1, "message": "telethon"}\n', telethon_json),
        (b"\xff\xfe", None),
        (b"\x1f\x8b\x08" + bytes(range(256)), None),
    ],
)
def test_a_file_is_known_by_its_first_bytes(head, reader):
    assert detect(head, "file") is reader


def test_a_reader_is_named_and_a_near_miss_is_helped():
    assert reader_named("jsonl") is jsonl
    with pytest.raises(InputError, match=r"mean desktop-json\? Known: .*desktop-json"):
        reader_named("desktop_json")
    with pytest.raises(InputError, match="unknown format 'docx'"):
        reader_named("docx")


def test_a_file_opens_at_its_beginning(tmp_path):
    path = tmp_path / "posts"
    path.write_bytes(LINE)
    file, reader = open_source(path)
    with file:
        assert (reader, file.read()) == (jsonl, LINE)


def test_a_named_format_is_not_questioned(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("no header")
    file, reader = open_source(path, "text")
    file.close()
    assert reader is text_dump


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "does not exist"),
        (b"", "is empty"),
        (
            b"hello",
            "known: .*jsonl, .*desktop-json, .*text. If it is one of them, say which with --form",
        ),
    ],
)
def test_what_cannot_be_opened_says_why_in_one_sentence(tmp_path, content, says):
    path = tmp_path / "file"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=says):
        open_source(path)


def test_a_folder_is_expanded_not_opened(tmp_path):
    with pytest.raises(InputError, match="is a folder without exports"):
        open_source(tmp_path)
    (tmp_path / "posts.jsonl").write_bytes(LINE)
    with pytest.raises(InputError, match="name the files in it"):
        open_source(tmp_path)
    assert expand(tmp_path) == [tmp_path / "posts.jsonl"]
    assert expand(tmp_path / "posts.jsonl") == [tmp_path / "posts.jsonl"]


def test_a_folder_of_other_files_says_how_many_and_names_one(tmp_path):
    (tmp_path / "b.pdf").write_bytes(b"%PDF")
    with pytest.raises(InputError, match=r"its one file, b.pdf, is in no known format; known"):
        expand(tmp_path)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "page.html").write_bytes(b"<html>hello</html>")
    with pytest.raises(InputError, match=r"of its 2 files none is in a known format \(a/page.html"):
        expand(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_we_may_not_read_says_so(tmp_path):
    path = tmp_path / "posts.jsonl"
    path.write_bytes(LINE)
    path.chmod(0)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        open_source(path)
    assert files_in(tmp_path) == [path]


def test_a_folder_gives_its_exports_sorted_and_nothing_else(tmp_path):
    inside = tmp_path / "DataExport_2025-05-01"
    inside.mkdir()
    (inside / "result.json").write_bytes(as_bytes(chat(message(1))))
    (tmp_path / "z.txt").write_text(DUMP)
    (tmp_path / "a.jsonl").write_bytes(LINE)
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "photo.jpg").write_text(DUMP)
    names = ["DataExport_2025-05-01/result.json", "a.jsonl", "z.txt"]
    assert [str(path.relative_to(tmp_path)) for path in files_in(tmp_path)] == names


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    folder.mkdir()
    (outside / "secret.jsonl").write_bytes(LINE)
    (folder / "own.jsonl").write_bytes(LINE)
    (folder / "link.jsonl").symlink_to(outside / "secret.jsonl")
    (folder / "sub").symlink_to(outside, target_is_directory=True)
    (folder / "own2.jsonl").symlink_to(folder / "own.jsonl")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "dangling.jsonl").symlink_to(folder / "nowhere")
    assert [path.name for path in files_in(folder)] == ["own.jsonl"]


def test_a_pipe_is_read_like_a_file(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    if os.fork() == 0:
        path.write_bytes(LINE)
        os._exit(0)
    file, reader = open_source(path)
    with file:
        assert (reader, file.read()) == (jsonl, LINE)
    os.wait()
