"""what searching needs: saved searches, earlier wordings in the index, what a walk looks at

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

REVISION_FTS_DDL = (
    "CREATE VIRTUAL TABLE revision_fts USING fts5(text, content='', tokenize='ascii')"
)

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels = None
depends_on = None

_WALK = (
    "sort_key",
    "cluster_id",
    "date",
    "deleted_at",
    "kind",
    "channel_id",
    "views",
    "added_run",
)


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "saved_search",
        sa.Column("name", sa.Text(), nullable=False, comment="casefolded"),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column(
            "asked",
            sa.BigInteger(),
            nullable=True,
            comment="when it was last asked for what is new",
        ),
        sa.Column("seen_run", key, nullable=False),
        sa.Column("seen_post", key, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_saved_search")),
    )
    op.create_index("ix_post_walk", "post", list(_WALK))
    there = sa.text("reply_to IS NOT NULL")
    op.create_index(
        "ix_post_reply",
        "post",
        ["channel_id", "reply_to"],
        sqlite_where=there,
        postgresql_where=there,
    )
    op.execute(REVISION_FTS_DDL)


def downgrade() -> None:
    op.execute("DROP TABLE revision_fts")
    op.drop_index("ix_post_reply", table_name="post")
    op.drop_index("ix_post_walk", table_name="post")
    op.drop_table("saved_search")
