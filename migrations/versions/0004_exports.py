"""exports

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export_cursor",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "run_id",
            sa.BigInteger(),
            nullable=False,
            comment="the last run whose news it held",
        ),
        sa.Column("query", sa.Text(), nullable=False, comment="what it is of; empty: everything"),
        sa.Column("moved", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_export_cursor")),
    )


def downgrade() -> None:
    op.drop_table("export_cursor")
