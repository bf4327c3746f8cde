"""what the last rebuild forgot, so that it can be taken back

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "earlier",
        sa.Column("part", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="of the table"),
        sa.Column("packed", sa.LargeBinary(), nullable=False, comment="columns as JSON, by zlib"),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_earlier")),
    )


def downgrade() -> None:
    op.drop_table("earlier")
    op.execute("DELETE FROM index_state WHERE name IN ('earlier_run', 'earlier_ended')")
