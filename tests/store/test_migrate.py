"""Migrations and schema say the same, each step goes up, down and up, and upgrades are safe."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from archiver.errors import StoreError
from archiver.store import migrate
from archiver.store.store import Store
from archiver.store.version import APPLICATION_ID, HEAD
from tests.newsroom import Newsroom


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = migrate._engine(tmp_path / "m.sqlite")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _run(connection: Connection, what: str, *arguments: str) -> None:
    config = migrate._config()
    config.attributes["connection"] = connection
    getattr(command, what)(config, *arguments)
    if connection.in_transaction():
        connection.commit()


def test_the_schema_is_what_the_migrations_make(connection: Connection) -> None:
    """`alembic check`: nothing left to generate."""
    _run(connection, "upgrade", "head")
    try:
        _run(connection, "check")
    except CommandError as error:
        pytest.fail(str(error))


def test_every_step_goes_up_down_and_up_again(connection: Connection) -> None:
    _run(connection, "upgrade", "head")
    _run(connection, "downgrade", "base")
    left = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    assert [name for (name,) in left] == ["alembic_version"]
    connection.commit()
    _run(connection, "upgrade", "head")
    assert connection.exec_driver_sql("SELECT count(*) FROM posts_fts").scalar() == 0


def test_a_new_archive_has_its_mark_its_pages_and_its_log(store: Store, db: Path) -> None:
    with sqlite3.connect(db) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA page_size").fetchone() == (8192,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    assert migrate.current_revision(db) == HEAD


def test_an_archive_in_need_of_a_step_is_copied_first(
    room: Newsroom, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest step is made to look missing: it fails, and the copy is what it was."""
    room.post("harbour", "kept")
    room.store.close()
    db.chmod(0o600)
    monkeypatch.setattr(migrate, "HEAD", "9999")
    migrate.bring_to_head(db)
    copy = db.with_name(f"{db.name}.before-{HEAD}")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT text FROM post").fetchall() == [("kept",)]
    connection.close()


def test_an_upgrade_without_room_for_the_copy_is_refused(
    room: Newsroom, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.store.close()
    monkeypatch.setattr(migrate, "HEAD", "9999")
    monkeypatch.setattr(migrate.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10}))
    with pytest.raises(StoreError, match="not enough room"):
        migrate.bring_to_head(db)


def test_a_kill_between_the_mark_and_the_tables_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.close()
    with Store.open(path, create=True):
        assert migrate.current_revision(path) == HEAD


def test_an_upgrade_killed_half_way_leaves_no_half_schema(tmp_path: Path) -> None:
    """A file whose tables are not there yet is empty to us, whatever its log says."""
    path = tmp_path / "a.sqlite"
    engine = migrate._engine(path)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE channel (id INTEGER)")
        connection.rollback()
    engine.dispose()
    assert migrate.current_revision(path) is None
    with Store.open(path, create=True):
        assert migrate.current_revision(path) == HEAD
