"""fingerprints of the last passes, which are sorted in a part at a time

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "fresh_print",
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("body_id", key, nullable=False),
        sa.PrimaryKeyConstraint("hash", "body_id", name=op.f("pk_fresh_print")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.execute("INSERT OR IGNORE INTO print(hash, body_id) SELECT hash, body_id FROM fresh_print")
    op.drop_table("fresh_print")
    op.execute("DELETE FROM index_state WHERE name = 'print_range'")
