"""The archive of a pass: what a Store holds, refuses and takes back, without SQLAlchemy."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from archiver.errors import Locked, StoreError
from archiver.store import groups
from archiver.store.passing import PassStore
from archiver.store.store import Store
from tests import archives
from tests.newsroom import DAWN, Newsroom

PASS = """
import sys
from archiver.cli import run
code = run(sys.argv[1:])
print(code, sorted({"sqlalchemy", "alembic", "multiprocessing", "rich"} & set(sys.modules)))
"""


@pytest.fixture
def made(db: Path) -> Path:
    """An archive in which two channels said the same."""
    with archives.opened(db) as store:
        room = Newsroom(store)
        room.post("harbour", "The ferry to the islands leaves at nine from pier four.")
        room.post("market", "The ferry to the islands leaves at nine from pier four.")
    return db


@pytest.mark.parametrize("command", [["dedup"], ["dedup", "--dry-run"], ["dedup", "split", "#1"]])
def test_a_pass_imports_neither_sqlalchemy_nor_processes(made: Path, command: list[str]) -> None:
    path = [place for place in sys.path if place]
    code = f"import sys; sys.path[:0] = {path!r}\n{PASS}"
    done = subprocess.run(
        [sys.executable, "-c", code, "--db", str(made), *command], capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1:] == ["0 []"], done.stderr


def test_what_a_failed_transaction_wrote_is_not_there(made: Path) -> None:
    with PassStore.open(made) as store:
        with suppress(RuntimeError), store.transaction() as conn:
            conn.execute("DELETE FROM pending")
            raise RuntimeError
        with store.transaction() as conn:
            assert groups.pending_count(conn) == 2


def test_a_run_is_noted_as_a_store_notes_it(made: Path) -> None:
    with PassStore.open(made) as store:
        run = store.start_run("dedup", DAWN)
        store.finish_run(run, DAWN + 5, "done", {"joined": 1})
    with Store.open(made) as other:
        second = other.start_run("dedup", DAWN)
        other.finish_run(second, DAWN + 5, "done", {"joined": 1})
    db = sqlite3.connect(made)
    rows = db.execute("SELECT * FROM run WHERE id IN (?, ?) ORDER BY id", (run, second)).fetchall()
    db.close()
    assert [row[0] for row in rows] == [run, second]
    assert rows[0][1:] == rows[1][1:]
    assert rows[0][3:5] == (DAWN + 5, "done")


def test_one_holds_it_at_a_time_whatever_its_kind(made: Path) -> None:
    with PassStore.open(made, said="dedup"), pytest.raises(Locked, match="dedup"):
        Store.open(made)
    with Store.open(made, said="sync"), pytest.raises(Locked, match="sync"):
        PassStore.open(made)
    with PassStore.open(made):
        pass


def test_what_is_no_archive_is_refused_and_the_lock_freed(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no archive at"):
        PassStore.open(tmp_path / "none.sqlite")
    with pytest.raises(StoreError, match="is a folder"):
        PassStore.open(tmp_path)
    strange = tmp_path / "strange.sqlite"
    strange.write_bytes(b"nothing of SQLite" * 99)
    for _ in range(2):
        with pytest.raises(StoreError, match="is not an archive"):
            PassStore.open(strange)


def test_a_disk_that_fills_up_is_said_in_words(made: Path) -> None:
    with PassStore.open(made) as store:
        with store.transaction() as conn:
            (pages,) = conn.execute("PRAGMA page_count").fetchone()
            conn.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(StoreError, match="disk is full"), store.transaction() as conn:
            conn.execute(
                "INSERT INTO run(command, started, counts) VALUES ('x', 0, ?)", ("x" * 999_999,)
            )
        with store.transaction() as conn:
            assert groups.post_count(conn) == 2


def test_an_older_archive_is_brought_up_to_date(made: Path) -> None:
    from archiver.store import migrate
    from archiver.store.version import HEAD

    db = sqlite3.connect(made)
    db.execute("DROP TABLE fresh_print")
    db.execute("UPDATE alembic_version SET version_num = '0010'")
    db.commit()
    db.close()
    before = migrate.current_revision(made)
    with PassStore.open(made) as store, store.transaction() as conn:
        conn.execute("SELECT count(*) FROM fresh_print").fetchone()
    assert before != HEAD
    assert migrate.current_revision(made) == HEAD
