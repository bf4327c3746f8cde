"""which posts are not alone: what counting statements looks at

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    there = sa.text("cluster_id IS NOT NULL")
    op.create_index(
        "ix_post_member",
        "post",
        ["sort_key", "cluster_id"],
        unique=False,
        sqlite_where=there,
        postgresql_where=there,
    )


def downgrade() -> None:
    op.drop_index("ix_post_member", table_name="post")
