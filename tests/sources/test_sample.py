"""The demo sample holds what the demo shows."""

import io
from pathlib import Path

import archiver.sample
from archiver.model import PostKind
from archiver.sources import ReadOptions
from archiver.sources.detect import detect, files_in, open_source

FOLDER = Path(archiver.sample.__file__).parent


def posts():
    for path in files_in(FOLDER):
        file, reader = open_source(path)
        with file:
            yield from reader.read(file, ReadOptions(name=path.name))


def words(text):
    return text.split()


def test_both_files_are_read_whole_by_two_readers():
    found = [detect(path.read_bytes()[:65536], path.name).NAME for path in files_in(FOLDER)]
    assert found == ["text", "desktop-json"]
    assert all(isinstance(item, tuple) for item in posts())


def test_there_are_enough_posts_channels_languages_and_kinds():
    found = list(posts())
    assert len(found) >= 14
    assert len({channel.title for channel, _ in found}) >= 5
    assert sum(post.kind is PostKind.SERVICE for _, post in found) >= 1
    assert sum(post.edited is not None for _, post in found) == 1
    assert sum(post.grouped_inferred for _, post in found) == 3
    assert (
        sum(post.forward is not None and post.forward.peer_id is not None for _, post in found) == 2
    )
    text = " ".join(post.text for _, post in found)
    assert all(letter in text for letter in "wыіع")


def test_three_posts_hold_their_body_twice():
    doubled = 0
    for _, post in posts():
        lines = post.text.split("\n")
        again = [line for line in lines if len(line) > 40 and lines.count(line) == 2]
        doubled += len(words(" ".join(again))) >= 120
    assert doubled == 3


def test_statements_are_found_again_in_the_other_file_and_other_channels():
    dump = [post for channel, post in posts() if channel.tg_id is None]
    rest = [post for channel, post in posts() if channel.tg_id is not None]
    longest = [max(post.text.split("\n"), key=len).removeprefix("⛴ ") for post in dump]
    assert all(any(line in post.text for post in rest) for line in longest)


def test_reading_it_through_memory_is_the_same():
    path = FOLDER / "dump.txt"
    reader = detect(path.read_bytes(), path.name)
    items = list(reader.read(io.BytesIO(path.read_bytes()), ReadOptions(name=path.name)))
    assert items == [item for item in posts() if item[0].tg_id is None]
