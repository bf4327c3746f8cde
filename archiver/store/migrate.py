"""Brings a database file to the newest schema; the only module that imports Alembic.

Alembic takes 0.4 s to import, so the file's revision is compared first, and Alembic and SQLAlchemy
are imported only when there is something to do.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import StoreError
from archiver.store.version import APPLICATION_ID, HEAD

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection, Engine


def bring_to_head(path: Path) -> bool:
    """Create or upgrade the archive at `path`; True if anything was done.

    A file that holds data is copied beside itself first (`NAME.before-REVISION`).
    Raises StoreError for a file that is not an archive, comes from a newer version of this
    program, or does not fit on the disk twice.
    """
    revision = current_revision(path)
    if revision == HEAD:
        return False
    known = _known_revisions()
    if revision is not None and revision not in known:
        raise StoreError(
            f"{path} was made by a newer version of archiver (schema {revision}, this program "
            f"knows up to {HEAD}); install that version to use it."
        )
    if revision is not None:
        _copy(path, revision)
    engine = _engine(path)
    try:
        with engine.connect() as connection:
            _upgrade(connection)
    finally:
        engine.dispose()
    return True


def current_revision(path: Path) -> str | None:
    """The schema revision of a file; None for a file that is missing or empty.

    Raises StoreError for anything that is not an archive of ours.
    """
    if not path.exists() or path.stat().st_size == 0:
        return None
    if path.is_dir():
        raise StoreError(f"{path} is a folder; name the archive's file inside it.")
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return _revision_of(connection, path)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # names that are no UTF-8
        if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            raise StoreError(f"{path} is in use by another program; try again later.") from error
        raise StoreError(f"{path} is not an archive: {error}.") from error
    finally:
        connection.close()


def _revision_of(connection: sqlite3.Connection, path: Path) -> str | None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application == 0 and tables == 0:
        return None
    if application != APPLICATION_ID:
        raise StoreError(f"{path} is a database of another program, not an archive.")
    if not connection.execute(
        "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
    ).fetchone():
        return None  # killed right after it was marked as ours
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def is_known(revision: str) -> bool:
    """Whether this program knows a schema: its own or an older one."""
    return revision == HEAD or revision in _known_revisions()


def _copy(path: Path, revision: str) -> None:
    target = path.with_name(f"{path.name}.before-{revision}")
    half = target.with_name(f".{target.name}.half")
    half.unlink(missing_ok=True)
    need = path.stat().st_size * 2  # the copy, and the room a rebuilt table takes
    if shutil.disk_usage(path.parent).free < need:
        raise StoreError(
            f"not enough room to upgrade {path}: {need:,} bytes are needed for a safety copy."
        )
    source = sqlite3.connect(path)
    try:
        half.touch(mode=0o600)
        source.execute("VACUUM INTO ?", (str(half),))
        shutil.copymode(path, half)  # nobody else reads it who does not read the archive
        os.replace(half, target)  # whole, or not under its name
    finally:
        source.close()
        half.unlink(missing_ok=True)


def _engine(path: Path) -> Engine:
    """Foreign keys off (rebuilding a table would delete what hangs on it), real transactions."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA page_size=8192")
        connection.execute("PRAGMA journal_mode=WAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Python's sqlite3 opens no transaction for DDL: a failed step would leave half a schema.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _upgrade(connection: Connection) -> None:
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    # First: a kill after the tables but before the mark would leave a file nobody claims.
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    connection.commit()
    command.upgrade(config, "head")
    if connection.in_transaction():
        connection.commit()


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory

    return {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    from alembic.config import Config

    # Its default is bound when Alembic is imported, and may be closed by now.
    config = Config(stdout=sys.stdout)
    config.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    return config


def scripts() -> Path:
    """Where the migrations lie: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "migrations"
    return installed if installed.is_dir() else package.parent / "migrations"
