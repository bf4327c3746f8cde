"""What the import of a folder leaves out."""

from pathlib import Path

from archiver.sources.detect import expand
from archiver.sources.folders import left_out

from .desktop_pages import message, page

OTHERS = ("css/style.css", "images/back.png", "js/script.js")


def put(folder: Path, *names: str, data: bytes = b"{}") -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def left(folder: Path) -> tuple[list[tuple[str, str]], int]:
    found = left_out(folder, expand(folder))
    return [(str(path.relative_to(folder)), why) for path, why in found.data], found.others


def beside(folder: Path) -> list[tuple[str, str]]:
    found = left_out(folder, expand(folder))
    return [(str(path.relative_to(folder)), why.split(" (")[0]) for path, why in found.prose]


def test_what_looks_like_data_is_named_and_the_rest_counted(tmp_path):
    put(tmp_path, "messages.html", data=page(message(1)))
    put(tmp_path, *OTHERS, "b.json", "sub/a.csv", "sub/files/c.json")
    (tmp_path / "again.html").symlink_to(tmp_path / "messages.html")
    assert left(tmp_path) == (
        [
            ("b.json", "in no known format"),
            ("sub/a.csv", "in no known format"),
            ("sub/files/c.json", "in no known format"),
        ],
        3,
    )


def test_texts_and_pages_that_are_clearly_no_export_are_only_named(tmp_path):
    put(tmp_path, "messages.html", data=page(message(1)))
    put(tmp_path, "README.txt", data=b"Exported by me on a Monday.")
    put(tmp_path, "sub/index.html", data=b"<html><body>My links</body></html>")
    put(tmp_path, "README.md", ".DS_Store", "Thumbs.db", "desktop.ini", "photos/a.jpg")
    put(tmp_path, "empty.txt", data=b"")
    assert left(tmp_path) == ([], 5)
    assert beside(tmp_path) == [
        ("README.txt", "a text without lines 'Forwarded from ...'"),
        ("empty.txt", "empty"),
        ("sub/index.html", "a page of something else"),
    ]


def test_a_page_of_telegram_that_could_not_be_read_is_no_prose(tmp_path):
    put(tmp_path, "chat/messages.html", data=page(message(1)))
    put(tmp_path, "chat/messages2.html", data=b"<html>cut off")
    put(tmp_path, "s.html", data=b"<html><a href='https://t.me/s/harbour'>")
    put(tmp_path, "empty.html", data=b"")
    unknown = "in no known format"
    named = [("empty.html", "empty"), ("s.html", unknown), ("chat/messages2.html", unknown)]
    assert left(tmp_path) == (named, 0)


def test_what_belongs_to_an_export_is_no_data_of_its_own(tmp_path):
    put(tmp_path, "chats/chat_1/messages.html", "saved.html", data=page(message(1)))
    put(tmp_path, "chats/chat_1/files/sent.json", "chats/chat_1/photos/a/b.txt")
    put(tmp_path, "export_results.html", "lists/chats.html", "saved_files/frame.html")
    assert left(tmp_path) == ([], 5)
    (tmp_path / "export_results.html").unlink()
    assert left(tmp_path) == ([], 3)
    assert beside(tmp_path) == [("lists/chats.html", "a page of something else")]
