"""`archiver verify`: a sound archive is sound, and each kind of damage is one sentence."""

from __future__ import annotations

import random
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from archiver.store.reading import open_reading
from archiver.store.store import Store
from archiver.verify.archive import findings, index_findings
from tests import archives
from tests.newsroom import DAWN
from tests.verify.room import HARBOUR, live_room, sent


@pytest.fixture
def archive(db: Path) -> Path:
    """A sound archive with live posts, an edit, a deletion and a copy."""
    with archives.opened(db) as store:
        live_room(store)
    return db


def found(path: Path) -> list[tuple[str, str]]:
    with closing(open_reading(path)) as connection:
        seen = list(findings(connection))
    return [(each.about, each.said) for each in (*seen, *index_findings(path))]


def damage(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_sound_archive_has_no_findings(archive: Path) -> None:
    before = archive.read_bytes()
    assert found(archive) == []
    assert archive.read_bytes() == before


@pytest.mark.parametrize(
    ("statement", "about", "said"),
    [
        ("UPDATE post SET channel_id = 99 WHERE id = 1", "file", "points to nothing in channel"),
        ("INSERT INTO coverage VALUES (1, 2, 5)", "coverage", "touches the interval before it"),
        ("UPDATE cluster SET posts = 3", "statements", "is said to have 3 posts, and has 2"),
        ("UPDATE cluster SET canonical = 2", "statements", "shows post #2, which is none of its"),
        ("UPDATE cluster SET copies = 5", "statements", "(copies, channels, dates) is not what"),
        ("UPDATE cluster SET last_date = 5", "statements", "(copies, channels, dates) is not what"),
        ("UPDATE post SET cluster_id = NULL WHERE id = 3", "statements", "posts, but has 1"),
        ("UPDATE post SET cluster_id = 77 WHERE id = 4", "statements", "77, which is not there"),
        ("UPDATE post SET cuts = '[[5, 900, \"repeat\"]]' WHERE id = 1", "hidden repeats", "#1"),
        ("UPDATE post SET cuts = 'no' WHERE id = 1", "hidden repeats", "does not lie in its text"),
        ("UPDATE post SET text = 'Never said' WHERE id = 2", "bytes", "#2: text not as Telegram"),
        ("UPDATE post SET text = 'Never said' WHERE id = 2", "search index", "not found by its"),
        ("UPDATE post SET date = date + 60 WHERE id = 1", "bytes", "#1: date not as Telegram"),
        ("UPDATE post SET entities = NULL WHERE id = 1", "bytes", "entities not as Telegram"),
        ("UPDATE revision SET text = 'Never said'", "bytes", "#1, version 1: text not as Telegram"),
        ("UPDATE raw_post SET tl = x'00' WHERE post_id = 1", "bytes", "cannot be read"),
        ("DELETE FROM posts_fts_docsize WHERE id = (SELECT sort_key FROM post WHERE id = 1)",
         "search index", ""),
        ("INSERT INTO posts_fts(rowid, text, meta) VALUES (5, 'ghost', 'c1')", "search index",
         "index rows have no post"),
        ("DELETE FROM member", "search index", "2 members of statements are missing"),
        ("UPDATE member SET id = id + 1", "search index", "2 index rows are of no member"),
    ],
)  # fmt: skip
def test_each_kind_of_damage_is_found(archive: Path, statement: str, about: str, said: str) -> None:
    damage(archive, statement)
    assert any(one == about and said in words for one, words in found(archive)), found(archive)


def test_bytes_of_another_layer_are_not_asked(archive: Path) -> None:
    damage(archive, "UPDATE raw_post SET layer = 1, tl = x'00'")
    assert found(archive) == []


def test_what_dedup_has_still_to_look_at_is_no_fault(archive: Path) -> None:
    damage(archive, "UPDATE cluster SET posts = 3", "INSERT INTO pending VALUES (1)")
    assert found(archive) == []


def test_counters_and_hidden_edits_are_no_contradiction(archive: Path) -> None:
    with Store.open(archive) as store:
        run = store.start_run("test", DAWN + 300)
        again = sent(2, "The lighthouse ferry is late because of fog on the whole coast today.",
                     views=900, forwards=2, edit_date=1_741_099_999, edit_hide=True)  # fmt: skip
        store.add_posts(run, [(HARBOUR, again)], DAWN + 300)
    assert found(archive) == []


def test_a_file_with_broken_pages_is_never_sound_and_never_a_crash(archive: Path, archiver) -> None:  # type: ignore[no-untyped-def]
    """The head of a page: without checksums SQLite may not see what changes in its middle."""
    whole = archive.read_bytes()
    dice = random.Random(3)
    for page in dice.sample(range(1, len(whole) // 8_192), 4):
        at = page * 8_192
        archive.write_bytes(whole[:at] + dice.randbytes(200) + whole[at + 200 :])
        done = archiver("verify")
        assert done.returncode == 6, page
        assert b"Traceback" not in done.stderr


def test_the_command_says_what_is_wrong_and_ends_with_6(archiver, archive: Path) -> None:  # type: ignore[no-untyped-def]
    done = archiver("verify")
    assert (done.returncode, done.stdout) == (0, b"Sound.\n")
    assert archiver("verify", str(archive)).returncode == 0
    raw = zlib.compress(b"\x00")
    with closing(sqlite3.connect(archive)) as connection:
        connection.execute("UPDATE raw_post SET tl = ?", (raw,))
        connection.commit()
    done = archiver("verify")
    assert done.returncode == 6
    assert b"WRONG  bytes: post #1: the bytes kept of it cannot be read" in done.stdout
    assert archiver("verify", "--sha256", "00").returncode == 2
