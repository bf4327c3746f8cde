"""What an attacker may put into a file costs neither memory nor time, and leads nowhere."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from archiver.model import BadRecord
from archiver.sources import (
    ReadOptions,
    desktop_html,
    desktop_json,
    html_tree,
    json_table,
    preview,
)
from archiver.sources.html_tree import Lost, trees

from .desktop_pages import message, page, picture
from .preview_pages import page as preview_page
from .preview_pages import post

ROOT = Path(__file__).resolve().parents[2]
# Not ru_maxrss: a child begins with what its parent had.
PEAK = """
def peak():
    with open("/proc/self/status") as told:
        return next(int(line.split()[1]) // 1024 for line in told if line.startswith("VmHWM"))
"""
MEASURE = """
import sys, io
from archiver.sources import ReadOptions
from archiver.sources.detect import reader_named
from archiver.errors import InputError

class Endless(io.RawIOBase):
    def __init__(self, before, piece, size):
        self.before, self.piece, self.size = before, piece, size
    def readable(self): return True
    def seekable(self): return False
    def read(self, size=-1):
        if self.before:
            data, self.before = self.before, b""
            return data
        if self.size <= 0:
            return b""
        self.size -= len(self.piece)
        return self.piece

name, before, piece = sys.argv[1], sys.argv[2].encode(), sys.argv[3].encode()
size = int(sys.argv[4]) * 1_000_000
piece = piece.replace(b"NUL", bytes(1))
piece *= (256 << 10) // len(piece)
try:
    for _ in reader_named(name).read(Endless(before, piece, size), ReadOptions()):
        pass
except InputError:
    pass
print(peak())
"""
PAGE = '<div class="message default" id="message1"><div class="body">'
ENDLESS = [
    ("desktop-html", PAGE, "x"),
    ("desktop-html", PAGE, "<b>x"),
    ("desktop-html", PAGE + '<a href="', "x<>"),
    ("desktop-html", PAGE + "<!-- ", "x<>"),
    ("preview", '<div class="tgme_widget_message" data-post="a/1">', "&amp;"),
    ("telethon", '[{"_": "Message", "message": "', "x"),
    ("telethon", '{"_": "Message", "message": "', "x"),
    ("csv", 'id,text\n1,"', "x"),
    ("csv", "id,text\n", "x"),
    ("json-table", '[{"id": 1, "text": "x"}, {"a": ', "["),
    ("json-table", '{"id": 1, "text": "', "x"),
    ("jsonl", '{"channel": "@a", "text": "', "x"),
    ("jsonl", '{"channel": "@a", "details": ', "["),
    ("desktop-json", '{"name": "a", "messages": [{"id": 1, "text": "', "x"),
    ("desktop-json", '{"name": "', "x"),
    ("desktop-json", '{"name": "a", "messages": [{"id": ', "9"),
    ("text", "Forwarded from A\n", "x"),
    ("text", "", "NUL"),
    ("preview", "<html>", "NUL"),
]


class Pieces(io.RawIOBase):
    """A file of these pieces, which are taken out of the list as they are read."""

    def __init__(self, pieces):
        self.pieces = pieces

    def readable(self):
        return True

    def readinto(self, room):
        data = self.pieces.pop(0) if self.pieces else b""
        if len(data) > len(room):
            self.pieces.insert(0, data[len(room) :])
            data = data[: len(room)]
        room[: len(data)] = data
        return len(data)


LINUX = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measured on Linux")


# A hundred megabytes of these take 3 s; what is held of every byte shows in fewer, too.
SLOW = [("preview", "&amp;")]


@LINUX
@pytest.mark.parametrize(("name", "before", "piece"), ENDLESS)
def test_many_megabytes_of_one_thing_take_little_memory(name, before, piece):
    size, most = (40, 150) if (name, piece) in SLOW else (100, 300)
    command = [sys.executable, "-c", PEAK + MEASURE, name, before, piece, str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert int(done.stdout) < most


@pytest.mark.parametrize("read", [desktop_json.read, json_table.read])
def test_brackets_without_end_cost_what_follows_them_alone(read):
    before = b'{"name": "a", "type": "public_channel", "id": 5, "messages": ['
    before += (
        b'{"id": 1, "type": "message", "date": "2025-03-01T10:00:00", "text": "Whole."}, {"a": '
    )
    pieces = [before, *[b"[" * 60_000] * 1_000]
    file = io.BufferedReader(Pieces(pieces))
    found = list(read(file, ReadOptions()))
    assert [item[1].text for item in found if isinstance(item, tuple)] == ["Whole."]
    [bad] = [item for item in found if isinstance(item, BadRecord)]
    assert "brackets in brackets, over 10,000 deep" in bad.reason
    assert len(pieces) > 900, "it is not read on"


PAGES = """
import gc, io
from archiver.sources.html_tree import trees
gc.disable()  # as good as, in bulk work
piece = (b"<p>" + b"x" * 12_000 + b"</p>") * 100
for _ in range(150):
    assert len(list(trees([b'<div class="message">x</div>', piece], ["message"]))) == 1
print(peak())
"""


@LINUX
def test_a_folder_of_many_pages_takes_the_memory_of_one():
    command = [sys.executable, "-c", PEAK + PAGES]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert int(done.stdout) < 120


def test_a_page_of_many_megabytes_is_read_with_more_than_one_parser(monkeypatch):
    monkeypatch.setattr(html_tree, "PARSER_LIMIT", 1_000)
    data = page(*[message(n, f"Post {n}.") for n in range(1, 60)])
    pieces = [data[at : at + 700] for at in range(0, len(data), 700)]
    found = list(trees(pieces, ["message", "page_header"]))
    assert len(found) == 60
    assert all(isinstance(each, html_tree.Element) and each.whole for each in found)
    text = [each.find("text").words() for each in found[1:]]
    assert text == [f"Post {n}." for n in range(1, 60)]


def test_elements_beyond_all_measure_are_reported_not_built():
    many = message(1).replace("The ferry", "<b>x</b>" * (html_tree.MOST_ELEMENTS + 1))
    good, bad = None, None
    for item in desktop_html.read(io.BytesIO(page(many, message(2))), ReadOptions()):
        good, bad = (item, bad) if isinstance(item, tuple) else (good, item)
    assert good[1].message_id == 2
    assert isinstance(bad, BadRecord)
    assert "larger than a message" in bad.reason


def test_deep_nesting_is_flattened_and_without_end_given_up():
    deep = message(1).replace("The ferry", "<b>" * 300 + "Deep" + "</b>" * 300)
    [(_, found)] = desktop_html.read(io.BytesIO(page(deep)), ReadOptions())
    assert found.text == "Deep sails at nine."
    found = list(trees([b"<div>" * 200_000], ["message"]))
    assert isinstance(found[-1], Lost)


def test_nul_bytes_are_dropped_and_bad_bytes_replaced():
    data = page(message(1)).replace(b"ferry", b"fe\0rry \xff")
    [(_, found)] = desktop_html.read(io.BytesIO(data), ReadOptions())
    assert found.text == "The ferry \ufffd sails at nine."


def test_scripts_and_styles_are_no_words():
    inner = (
        '<div class="tgme_widget_message_text">a<script>x = "<b>"</script><style>y</style>b</div>'
    )
    [(_, found)] = preview.read(io.BytesIO(preview_page(post(1, inner))), ReadOptions())
    assert found.text == "ab"


@pytest.mark.parametrize(
    "path", ["../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "C:\\x"]
)
def test_paths_are_words_and_are_never_opened(path, monkeypatch):
    def refuse(*args, **more):
        raise AssertionError("a path of an export was opened")

    data = page(message(1, "x", before=picture("photo_wrap", path)))
    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    [(_, found)] = desktop_html.read(io.BytesIO(data), ReadOptions())
    assert found.media == {"path": path}
