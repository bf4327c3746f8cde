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


def test_what_looks_like_data_is_named_and_the_rest_counted(tmp_path):
    put(tmp_path, "messages.html", data=page(message(1)))
    put(tmp_path, *OTHERS, "b.json", "sub/a.csv", "sub/files/c.txt")
    put(tmp_path, "empty.txt", data=b"")
    (tmp_path / "again.html").symlink_to(tmp_path / "messages.html")
    assert left(tmp_path) == (
        [
            ("b.json", "in no known format"),
            ("empty.txt", "empty"),
            ("sub/a.csv", "in no known format"),
            ("sub/files/c.txt", "in no known format"),
        ],
        3,
    )


def test_what_belongs_to_an_export_is_no_data_of_its_own(tmp_path):
    put(tmp_path, "chats/chat_1/messages.html", "saved.html", data=page(message(1)))
    put(tmp_path, "chats/chat_1/files/sent.json", "chats/chat_1/photos/a/b.txt")
    put(tmp_path, "export_results.html", "lists/chats.html", "saved_files/frame.html")
    assert left(tmp_path) == ([], 5)
    (tmp_path / "export_results.html").unlink()
    assert left(tmp_path) == ([("lists/chats.html", "in no known format")], 3)
