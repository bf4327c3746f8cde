"""near copies: who leads, fingerprints, links, verdicts

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hot",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_hot")),
    )
    op.create_table(
        "link",
        sa.Column(
            "body_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="the later one",
        ),
        sa.Column("other", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "relation", sa.Text(), nullable=False, comment="contains, inside, related or overlap"
        ),
        sa.Column("score", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("body_id", "other", name=op.f("pk_link")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_link_other", "link", ["other"], unique=False)

    op.create_table(
        "print",
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("hash", "body_id", name=op.f("pk_print")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "near",
        sa.Column(
            "body_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "leader",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="a body; of a leader itself",
        ),
        sa.Column(
            "matched",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the body it was compared with: the leader, or one near it",
        ),
        sa.Column("relation", sa.Text(), nullable=True, comment="near or part; NULL: a leader"),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column(
            "posted",
            sa.SmallInteger(),
            nullable=False,
            comment="1: its fingerprints are in `print`",
        ),
        sa.Column("date", sa.BigInteger(), nullable=True),
        sa.Column(
            "channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "version", sa.SmallInteger(), nullable=False, comment="of the decision: text/decide.py"
        ),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_near_run_id_run")),
        sa.PrimaryKeyConstraint("body_id", name=op.f("pk_near")),
    )
    op.create_index(
        "ix_near_leader",
        "near",
        ["leader"],
        unique=False,
        sqlite_where=sa.text("relation IS NOT NULL"),
        postgresql_where=sa.text("relation IS NOT NULL"),
    )

    op.create_table(
        "verdict",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="same: two posts; apart: one stands alone"
        ),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("said", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "withdrawn",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the run that took it back",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_verdict_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
    )
    op.create_index(op.f("ix_verdict_other_id"), "verdict", ["other_id"], unique=False)
    op.create_index(op.f("ix_verdict_post_id"), "verdict", ["post_id"], unique=False)
    op.create_index(op.f("ix_verdict_run_id"), "verdict", ["run_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_verdict_run_id"), table_name="verdict")
    op.drop_index(op.f("ix_verdict_post_id"), table_name="verdict")
    op.drop_index(op.f("ix_verdict_other_id"), table_name="verdict")

    op.drop_table("verdict")
    op.drop_index(
        "ix_near_leader",
        table_name="near",
        sqlite_where=sa.text("relation IS NOT NULL"),
        postgresql_where=sa.text("relation IS NOT NULL"),
    )

    op.drop_table("near")
    op.drop_table("print")
    op.drop_index("ix_link_other", table_name="link")

    op.drop_table("link")
    op.drop_table("hot")
