"""an index of the posts that are not alone: statements are counted by it

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

MEMBER_FTS_DDL = (
    "CREATE VIRTUAL TABLE member_fts"
    " USING fts5(text, meta, content='', columnsize=0, tokenize='ascii')"
)

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="n << 32 | cluster.id",
        ),
        sa.Column("sort_key", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("sort_key", name=op.f("uq_member_sort_key")),
    )
    op.create_table(
        "fresh_member",
        sa.Column("sort_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("sort_key", name=op.f("pk_fresh_member")),
    )
    op.execute(MEMBER_FTS_DDL)
    op.execute("INSERT INTO member_fts(member_fts, rank) VALUES ('hashsize', 16777216)")
    # Their words are found by the runs that write, some thousands at a time; until then counting
    # does as it did.
    op.execute(
        "INSERT INTO fresh_member(sort_key) SELECT sort_key FROM post WHERE cluster_id IS NOT NULL"
    )


def downgrade() -> None:
    op.execute("DROP TABLE member_fts")
    op.drop_table("fresh_member")
    op.drop_table("member")
