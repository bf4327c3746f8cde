"""Backups: whole, checked, rotated; and what a kill or a full disk leaves behind."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.errors import InputError, StoreError
from archiver.locks import hold
from archiver.store import backups
from archiver.store.reading import open_reading
from archiver.store.store import Store
from tests.newsroom import DAWN, Newsroom

DAY = 86_400


def texts(file: Path) -> list[str]:
    """The posts of an archive, as another program reads them."""
    with closing(sqlite3.connect(file)) as db:
        return [text for (text,) in db.execute("SELECT text FROM post ORDER BY id")]


def test_a_backup_has_what_the_archive_has_while_it_is_open_for_writing(
    room: Newsroom, db: Path, tmp_path: Path
) -> None:
    room.post("harbour", "kept")
    made = backups.make(db, tmp_path / "b", DAWN)
    room.post("harbour", "later")
    assert texts(made.path) == ["kept"]
    assert made.path.name == "archive-20250101T120000Z.sqlite"
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert sorted(p.name for p in (tmp_path / "b").iterdir()) == [made.path.name]


def test_a_backup_is_one_file_that_opens_without_its_log(
    room: Newsroom, db: Path, tmp_path: Path
) -> None:
    room.post("harbour", "in the log still")
    made = backups.make(db, tmp_path / "b", DAWN)
    moved = made.path.rename(tmp_path / "elsewhere.sqlite")
    assert texts(moved) == ["in the log still"]


def test_a_damaged_archive_is_not_backed_up_over_good_copies(
    room: Newsroom, db: Path, tmp_path: Path
) -> None:
    for number in range(400):
        room.post("harbour", f"report {number} " + "of the ferry " * 40)
    good = backups.make(db, tmp_path / "b", DAWN)
    room.store.close()
    data = bytearray(db.read_bytes())
    data[8192 * 20 : 8192 * 24] = b"\xff" * (8192 * 4)
    db.write_bytes(data)
    with pytest.raises(StoreError, match=r"damaged|malformed|failed"):
        backups.make(db, tmp_path / "b", DAWN + 1)
    assert [each.path for each in backups.existing(tmp_path / "b", db)] == [good.path]


def test_without_room_there_is_no_backup_and_no_half_of_one(
    room: Newsroom, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.post("harbour", "kept")
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10}))
    with pytest.raises(StoreError, match="no room"):
        backups.make(db, tmp_path / "b", DAWN)
    assert list((tmp_path / "b").iterdir()) == []


def test_the_newest_of_each_day_week_and_month_stays() -> None:
    first = datetime(2024, 1, 1, 3, tzinfo=UTC)
    nights = [int((first + timedelta(days=n)).timestamp()) for n in range(400)]
    kept = backups.to_keep(nights, 7, 4, 12)
    dates = [datetime.fromtimestamp(moment, UTC).date() for moment in sorted(kept)]
    assert dates[-7:] == [date(2025, 1, 28) + timedelta(days=n) for n in range(7)]
    assert {(d.year, d.month) for d in dates} == {(2024, m) for m in range(3, 13)} | {
        (2025, 1),
        (2025, 2),
    }
    assert len(kept) <= 7 + 4 + 12 + 3


@given(
    made=st.lists(st.integers(0, 2_000_000_000), min_size=1),
    daily=st.integers(0, 9), weekly=st.integers(0, 9), monthly=st.integers(0, 9),
)  # fmt: skip
def test_rotation_keeps_the_newest_and_settles(
    made: list[int], daily: int, weekly: int, monthly: int
) -> None:
    kept = backups.to_keep(made, daily, weekly, monthly)
    assert set(sorted(set(made))[-3:]) <= kept
    assert kept <= set(made)
    assert backups.to_keep(kept, daily, weekly, monthly) == kept


def test_rotation_touches_only_backups_of_this_archive(db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "b"
    folder.mkdir()
    others = ["notes.sqlite", "other-20240101T000000Z.sqlite", "archive-x.sqlite"]
    ours = [f"archive-2024010{n}T000000Z.sqlite" for n in range(1, 10)]
    for name in (*others, *ours):
        (folder / name).write_bytes(b"x")
    backups.rotate(folder, db, daily=5, weekly=0, monthly=0)
    assert sorted(p.name for p in folder.iterdir()) == sorted([*others, *ours[-5:]])


def test_the_one_just_made_stays_though_the_clock_was_set_back(db: Path, tmp_path: Path) -> None:
    for n in range(1, 10):
        (tmp_path / f"archive-2024010{n}T000000Z.sqlite").write_bytes(b"x")
    [*_, oldest] = backups.existing(tmp_path, db)
    assert oldest.path in backups.rotate(tmp_path, db, 5, 0, 0)
    oldest.path.write_bytes(b"x")
    assert backups.rotate(tmp_path, db, 5, 0, 0, oldest) == []


def test_what_a_killed_backup_left_is_removed_once_nobody_can_be_writing_it(
    room: Newsroom, db: Path, tmp_path: Path
) -> None:
    names = [
        ".archive-20240101T000000Z.sqlite.half",
        ".archive-20240101T000000Z.sqlite.half-journal",
    ]
    other = tmp_path / ".other-20240101T000000Z.sqlite.half"
    for left in (*(tmp_path / name for name in names), other):
        left.write_bytes(b"x")
    now = int(time.time())
    backups.make(db, tmp_path, now)
    assert all((tmp_path / name).exists() for name in names), "another one may be at work"
    backups.make(db, tmp_path, now + 4_000)
    assert not any((tmp_path / name).exists() for name in names)
    assert other.exists()


def run(number: int, command: str, status: str | None, **counts: Any) -> dict[str, Any]:
    """A row of `run`."""
    return {"id": number, "command": command, "status": status, "counts": counts or None}


@pytest.mark.parametrize(
    ("after", "changed"),
    [
        ([], False),
        ([run(3, "nightly", "done", channels=3, pages=3, clusters=9)], False),
        ([run(3, "nightly", "done", channels=3, new=1)], True),
        ([run(3, "sync", "incomplete", edited=1)], True),
        ([run(3, "sync", "failed", error="nobody is logged in", new=0)], False),
        ([run(3, "sync", None)], True),
        ([run(2, "import", "done", new=1)], False),
    ],
)
def test_a_backup_is_due_when_a_run_since_did_more_than_look(
    after: list[dict[str, Any]], changed: bool
) -> None:
    assert backups.changed_since(after, {1, 2}) is changed


def test_a_restored_archive_goes_on_and_the_one_before_stays(
    room: Newsroom, db: Path, tmp_path: Path
) -> None:
    room.post("harbour", "kept")
    made = backups.make(db, tmp_path / "b", DAWN)
    room.post("harbour", "lost and found")
    room.store.close()
    lock = hold(db)
    aside = backups.restore(made.path, db, DAWN + 60)
    lock.release()
    assert texts(db) == ["kept"]
    assert aside is not None
    assert texts(aside) == ["kept", "lost and found"]
    with closing(open_reading(db)) as reading, Store.open(db) as store:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM post").fetchone()
        assert Newsroom(store).post("harbour", "new").text == "new"
    assert journal(db) == "wal"


def test_a_restore_goes_on_in_the_second_in_which_one_was_killed(
    room: Newsroom, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.post("harbour", "kept")
    made = backups.make(db, tmp_path / "b", DAWN)
    room.post("harbour", "lost and found")
    room.store.close()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(backups, "_settle", killed)
        with pytest.raises(KeyboardInterrupt):
            backups.restore(made.path, db, DAWN + 60)
    assert texts(db) == ["kept", "lost and found"]
    asides = [backups.restore(made.path, db, DAWN + 60) for _ in range(2)]
    assert [texts(aside) for aside in asides if aside] == [["kept", "lost and found"], ["kept"]]
    assert texts(db) == ["kept"]


def test_a_backup_that_was_put_in_place_by_hand_gets_its_log_back(room: Newsroom, db: Path) -> None:
    room.post("harbour", "kept")
    room.store.close()
    with closing(sqlite3.connect(db)) as file:
        file.execute("PRAGMA journal_mode=DELETE")
    with Store.open(db):
        assert journal(db) == "wal"


def journal(db: Path) -> str:
    with closing(sqlite3.connect(db)) as file:
        return str(file.execute("PRAGMA journal_mode").fetchone()[0])


def test_what_is_no_sound_backup_is_not_restored(room: Newsroom, db: Path, tmp_path: Path) -> None:
    room.post("harbour", "kept")
    room.store.close()
    bad = tmp_path / "bad.sqlite"
    bad.write_bytes(db.read_bytes()[:9000])
    for path in (bad, tmp_path / "missing.sqlite", Path(__file__)):
        with pytest.raises(InputError):
            backups.restore(path, db, DAWN)
    assert texts(db) == ["kept"]


def test_a_reader_keeps_the_archive_from_being_replaced_under_it(
    room: Newsroom, db: Path, tmp_path: Path
) -> None:
    room.post("harbour", "kept")
    made = backups.make(db, tmp_path / "b", DAWN)
    room.post("harbour", "read just now")
    room.store.close()
    with closing(sqlite3.connect(db)) as writer, closing(sqlite3.connect(db)) as reader:
        writer.execute("UPDATE post SET views = 1")
        writer.commit()
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM post").fetchone()
        writer.execute("UPDATE post SET views = 2")
        writer.commit()
        with pytest.raises(StoreError, match="is reading"):
            backups.restore(made.path, db, DAWN)
    assert texts(db) == ["kept", "read just now"]


def test_a_kill_at_any_moment_leaves_no_half_backup(
    room: Newsroom, db: Path, tmp_path: Path
) -> None:
    """Whatever has the name of a backup is a whole one."""
    for number in range(300):
        room.post("harbour", f"report {number} " + "of the ferry " * 200)
    room.store.close()
    folder = tmp_path / "b"
    code = (
        "import sys, time; from pathlib import Path; from archiver.store import backups\n"
        "print('go', flush=True)\n"
        "for n in range(1000): backups.make(Path(sys.argv[1]), Path(sys.argv[2]), n * 60)"
    )
    for wait in (0.005, 0.02, 0.05, 0.09):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(db), str(folder)], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(wait)
        process.kill()
        process.wait(10)
        process.stdout.close()
        for each in backups.existing(folder, db):
            backups.check(each.path)
            assert len(texts(each.path)) == 300
