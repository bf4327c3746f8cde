"""Runs migrations over the connection that `archiver.store.migrate` hands in.

Without one (`alembic revision --autogenerate -m ...` in a checkout) a scratch database is used.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine

from archiver.store.schema import metadata


def _include_name(name: str | None, kind: str, _parents: object) -> bool:
    # The full-text index and its shadow tables are made by hand; autogenerate must not drop them.
    ours = ("posts_fts", "member_fts", "revision_fts")
    return not (kind == "table" and name is not None and name.startswith(ours))


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_name=_include_name,
        render_as_batch=True,
        transactional_ddl=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with create_engine("sqlite:///scratch.sqlite").begin() as scratch:
        _run(scratch)
