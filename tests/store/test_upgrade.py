"""An archive of an earlier version, with all it holds, becomes one of this version."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command

from archiver.model import Channel, Post, Source
from archiver.store import index, migrate
from archiver.store.store import Store
from archiver.store.version import HEAD
from archiver.text.fold import FOLD_VERSION

TEXTS = {1: "The ferry leaves at nine.", 2: "Нова пристань відкрита 🚢", 3: "deleted, but kept"}
AT = 1_735_732_800


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """An archive as the first version left it: three posts, a version of one, a cluster, a run."""
    path = tmp_path / "archive.sqlite"
    engine = migrate._engine(path)
    with engine.connect() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        connection.exec_driver_sql(f"PRAGMA application_id={migrate.APPLICATION_ID}")
        connection.commit()
        command.upgrade(config, "0001")
        connection.commit()
    engine.dispose()
    with closing(sqlite3.connect(path)) as db, db:
        _fill(db)
    return path


def _fill(db: sqlite3.Connection) -> None:
    insert(db, "run", id=1, command="import", started=AT, status="done")
    insert(
        db, "channel", id=1, tg_id=-1_001_500_000_001, username="harbour", title="Harbour",
        kind="channel", added=AT, username_key="harbour", title_key="harbour",
    )  # fmt: skip
    insert(db, "cluster", id=1, canonical=1, posts=2, copies=1, channels=1)
    for number, text in TEXTS.items():
        insert(
            db, "post", id=number, channel_id=1, message_id=number, sort_key=number << 6,
            date=AT + number, text=text, digest=number, src_text=2, added_run=1,
            deleted_at=AT if number == 3 else None, cluster_id=1 if number < 3 else None,
            raw=None, raw_layer=None,
        )  # fmt: skip
    insert(db, "revision", id=1, post_id=1, text="At ten.", source=2, seen=AT, run_id=1)
    insert(db, "index_state", name="fold_version", value=FOLD_VERSION)
    rows = db.execute(f"SELECT {index.COLUMNS} FROM post").fetchall()
    index.add(db, map(index.IndexRow._make, rows))


def insert(db: sqlite3.Connection, table: str, **values: Any) -> None:
    """A row."""
    marks = ",".join("?" * len(values))
    db.execute(f"INSERT INTO {table} ({','.join(values)}) VALUES ({marks})", [*values.values()])


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    """What another program would see in the file."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


def test_everything_is_there_and_the_file_before_it_was_kept(first: Path) -> None:
    before = {
        name: rows(first, f"SELECT * FROM {name} ORDER BY 1")
        for name in ("channel", "run", "cluster")
    }
    words = rows(first, "SELECT form FROM lexicon")
    versions = rows(first, "SELECT post_id, text, source, seen, run_id FROM revision")
    with Store.open(first):
        assert migrate.current_revision(first) == HEAD
    assert rows(first, "PRAGMA integrity_check") == [("ok",)]
    assert rows(first, "PRAGMA foreign_key_check") == []
    assert dict(rows(first, "SELECT message_id, text FROM post")) == TEXTS
    found = rows(first, "SELECT message_id, deleted_at, cluster_id, digest, date FROM post")
    assert found == [(1, None, 1, 1, AT + 1), (2, None, 1, 2, AT + 2), (3, AT, None, 3, AT + 3)]
    assert {name: rows(first, f"SELECT * FROM {name} ORDER BY 1") for name in before} == before
    # The earlier wordings are indexed from now on, so their words are known too.
    assert {*words, ("ten",)} == set(rows(first, "SELECT form FROM lexicon"))
    assert rows(first, "SELECT count(*) FROM revision_fts_docsize") == [(1,)]
    # So is who stands in a statement, by which statements are counted.
    match = "SELECT rowid FROM member_fts WHERE member_fts MATCH 'ferry OR пристань'"
    assert rows(first, match) == rows(first, "SELECT id FROM member") == [(1,), (1 << 32 | 1,)]
    assert rows(first, "SELECT * FROM fresh_member") == []
    assert rows(first, "SELECT post_id, text, source, seen, run_id FROM revision") == versions
    assert rows(first, "SELECT count(*) FROM channel_sync") == [(0,)]
    copy = first.with_name("archive.sqlite.before-0001")
    assert migrate.current_revision(copy) == "0001"
    assert dict(rows(copy, "SELECT message_id, text FROM post")) == TEXTS
    assert rows(copy, "SELECT count(*) FROM sqlite_master WHERE name = 'coverage'") == [(0,)]


def test_it_can_be_searched_and_synced_from_then_on(first: Path) -> None:
    with Store.open(first) as store:
        store.keep_account(7, "Ada", AT)
        run = store.start_run("sync", AT)
        told = Post(
            1, "The ferry leaves at ten.", AT + 1, source=Source.LIVE, raw=b"x", raw_layer=1
        )
        channel = Channel(tg_id=-1_001_500_000_001)
        tally = store.add_posts(run, [(channel, told)], AT)
        assert (tally.new, tally.revisions) == (0, 1)
    match = "SELECT rowid FROM posts_fts WHERE posts_fts MATCH 'ferry'"
    assert len(rows(first, match)) == 1
    assert rows(first, "SELECT layer FROM raw_post") == [(1,)]


def test_readers_of_an_old_archive_are_told_what_to_do(first: Path, archiver: Any) -> None:
    done = archiver("search", "ferry", "--db", str(first))
    assert done.returncode in (0, 6)
    assert b"Traceback" not in done.stderr
    if done.returncode == 6:
        assert b"archiver dedup" in done.stderr or b"older" in done.stderr
