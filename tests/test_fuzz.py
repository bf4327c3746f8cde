"""A few seconds of damaged files for every reader, the merge and the check of bundles.

`benchmarks/fuzz.py` goes on for hours, guided by coverage. What it found stands here as a test.
"""

from __future__ import annotations

import io
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.errors import InputError
from archiver.sources import ReadOptions
from archiver.sources.detect import detect, reader_named
from benchmarks.fuzz import damaged
from tests.fuzzing import NAMES, Target, archive_sample, target
from tests.newsroom import DAWN, Newsroom

ROUNDS = 40


@pytest.mark.parametrize("name", NAMES)
def test_damage_is_an_error_of_ours_or_none(name: str, tmp_path: Path) -> None:
    swallow, samples = target(name, tmp_path)
    chance = random.Random(name)
    for _ in range(ROUNDS):
        swallow(damaged(chance, chance.choice(samples)))
    for sample in samples:
        swallow(sample)
    for held in vars(swallow).values():
        if hasattr(held, "check"):
            held.check()


SAMPLE = archive_sample()


@pytest.fixture(scope="module")
def merging(tmp_path_factory: pytest.TempPathFactory) -> Target:
    return target("archiver", tmp_path_factory.mktemp("absorb"))[0]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=st.lists(st.binary(min_size=4, max_size=4), min_size=1, max_size=6))
def test_another_archive_may_hold_anything(merging: Target, changes: list[bytes]) -> None:
    merging(b"".join(changes))


@pytest.mark.parametrize(
    "data",
    [
        b'[{"_": ["Message"], "id": 1}]',
        b'{"_": {"a": 1}, "id": 1, "message": "x"}',
        b'[{"_": "Message", "id": 1e99999999999999999999}]',
        b'{"name": "a", "type": ["x"], "id": 1, "messages": []}',
        b'[{"_": "Message", "id": 1, "message": "x", "date": 5,'
        b' "peer_id": {"_": "PeerChannel", "channel_id": "1"}}]',
        b'[{"_": "Message", "id": 1, "message": "x", "date": 5,'
        b' "peer_id": {"_": "PeerChannel", "channel_id": 99999999999999999999999}}]',
        b'[{"_": "Message", "id": 1, "message": "x", "date": 5,'
        b' "peer_id": {"_": "PeerUser", "user_id": 99999999999999999999999}}]',
    ],
)
def test_values_that_are_of_no_use_end_nothing(data: bytes) -> None:
    detect(data, "f.json")
    for name in ("telethon", "desktop-json"):
        try:
            items = list(reader_named(name).read(io.BytesIO(data), ReadOptions(all_chats=True)))
        except InputError:
            continue
        for item in items:
            if isinstance(item, tuple):
                assert item[0].tg_id is None or abs(item[0].tg_id) < 1 << 53


def changed(folder: Path, statement: str) -> Path:
    """The sample of another archive after a change that none of ours would make."""
    path = folder / "other.sqlite"
    path.write_bytes(SAMPLE)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA ignore_check_constraints=ON")
        db.execute(statement)
    return path


@pytest.mark.parametrize("statement", [
    "UPDATE post SET text = x'ff00'", "UPDATE post SET views = 'many', date = 'x'",
    "UPDATE post SET entities = '[1, 2]'", "UPDATE post SET details = '[]'",
    "UPDATE post SET src_text = 99", "UPDATE post SET entities = printf('%.*c', 9000, '[')",
    "UPDATE post SET digest = 'x'", "UPDATE post SET deleted_at = 'then'",
    "UPDATE post SET message_id = -9223372036854775808 WHERE rowid = 1",
    "UPDATE revision SET text = 5, source = 'x'", "UPDATE revision SET entities = '{'",
    "UPDATE metric SET views = 'x'", "UPDATE raw_post SET tl = 'words'",
    "UPDATE channel SET tg_id = 'x', title = 5 WHERE id = 1",
    "UPDATE channel_name SET first_seen = 'x'",
    "UPDATE coverage SET lo = -5, hi = 'x'", "UPDATE coverage SET hi = 9223372036854775807",
])  # fmt: skip
def test_a_value_that_a_column_is_not_for_is_not_merged(
    room: Newsroom, tmp_path: Path, statement: str
) -> None:
    path = changed(tmp_path, statement)
    for _ in room.store.absorb(room.run, path, lambda: DAWN):
        pass
    kinds = "SELECT DISTINCT typeof(text), typeof(date), typeof(src_text) FROM post"
    assert set(room.rows(kinds)) <= {("text", "integer", "integer")}
    assert room.rows("SELECT 1 FROM revision WHERE typeof(text) <> 'text'") == []
    assert room.rows("SELECT 1 FROM metric WHERE typeof(views) NOT IN ('integer', 'null')") == []
    assert room.rows("SELECT 1 FROM raw_post WHERE typeof(tl) <> 'blob'") == []
    assert room.rows("SELECT 1 FROM coverage WHERE hi > 1000000000000") == []
    assert room.one("PRAGMA integrity_check") == "ok"


@pytest.mark.parametrize("column", ["text", "message_id", "digest"])
def test_a_table_without_what_a_post_is_says_so(
    room: Newsroom, tmp_path: Path, column: str
) -> None:
    path = changed(tmp_path, f"ALTER TABLE post RENAME COLUMN {column} TO something")
    with pytest.raises(InputError, match=f"post lacks {column}"):
        list(room.store.absorb(room.run, path, lambda: DAWN))


def test_names_that_are_no_utf8_are_damage(room: Newsroom, tmp_path: Path) -> None:
    """What Python cannot decode of SQLite's own messages was a traceback once."""
    at = SAMPLE.index(b"CREATE TABLE channel") + len(b"CREATE TABLE c")
    path = tmp_path / "other.sqlite"
    path.write_bytes(SAMPLE[:at] + b"\xfa\xfb" + SAMPLE[at + 2 :])
    with pytest.raises(InputError):
        list(room.store.absorb(room.run, path, lambda: DAWN))
