"""live channels

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column(
            "current",
            sa.SmallInteger(),
            nullable=False,
            comment="1: this archive is synced as it",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_account")),
    )
    op.create_table(
        "access_hash",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column(
            "resolved", sa.BigInteger(), nullable=True, comment="when the name was last asked for"
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_access_hash_channel_id_channel")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.user_id"], name=op.f("fk_access_hash_user_id_account")
        ),
        sa.PrimaryKeyConstraint("user_id", "channel_id", name=op.f("pk_access_hash")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "channel_sync",
        sa.Column(
            "channel_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "wanted", sa.SmallInteger(), nullable=False, comment="0: removed, its posts are kept"
        ),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("added_as", sa.Text(), nullable=False, comment="how the person named it"),
        sa.Column(
            "state", sa.Text(), nullable=False, comment="readable, private, gone or conflict"
        ),
        sa.Column("state_since", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True, comment="older posts are not wanted"),
        sa.Column(
            "floor_id", sa.BigInteger(), nullable=True, comment="the id at which that date was met"
        ),
        sa.Column(
            "available_min_id",
            sa.BigInteger(),
            nullable=True,
            comment="older posts are hidden from this account",
        ),
        sa.Column("linked_tg_id", sa.BigInteger(), nullable=True, comment="the discussion group"),
        sa.Column(
            "standing_seen",
            sa.BigInteger(),
            nullable=True,
            comment="when the two above were asked for",
        ),
        sa.Column("pts", sa.BigInteger(), nullable=True),
        sa.Column(
            "differences", sa.Text(), nullable=True, comment="ok, refused or lost; NULL: not tried"
        ),
        sa.Column("differences_tried", sa.BigInteger(), nullable=True),
        sa.Column(
            "sweep_before",
            sa.BigInteger(),
            nullable=True,
            comment="where the sweep goes on; NULL: none under way",
        ),
        sa.Column("sweep_pts", sa.BigInteger(), nullable=True, comment="the state when it began"),
        sa.Column("sweep_started", sa.BigInteger(), nullable=True),
        sa.Column(
            "swept", sa.BigInteger(), nullable=True, comment="when the last one was complete"
        ),
        sa.Column("server_count", sa.BigInteger(), nullable=True),
        sa.Column("tried", sa.BigInteger(), nullable=True),
        sa.Column("succeeded", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True, comment="of the last try"),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_channel_sync_channel_id_channel")
        ),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_channel_sync")),
    )
    op.create_table(
        "coverage",
        sa.Column(
            "channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("lo", sa.BigInteger(), nullable=False),
        sa.Column("hi", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_coverage_channel_id_channel")
        ),
        sa.PrimaryKeyConstraint("channel_id", "lo", name=op.f("pk_coverage")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "flood_wait",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.user_id"], name=op.f("fk_flood_wait_user_id_account")
        ),
        sa.PrimaryKeyConstraint("user_id", "method", name=op.f("pk_flood_wait")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "metric",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=True),
        sa.Column("forwards", sa.Integer(), nullable=True),
        sa.Column("replies", sa.Integer(), nullable=True),
        sa.Column("reactions", sa.Text(), nullable=True, comment="JSON"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_metric_post_id_post")),
        sa.PrimaryKeyConstraint("post_id", "seen", name=op.f("pk_metric")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "raw_post",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("layer", sa.Integer(), nullable=False, comment="of Telegram's protocol"),
        sa.Column("tl", sa.LargeBinary(), nullable=False, comment="zlib"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_raw_post_post_id_post")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_raw_post")),
    )
    op.create_table(
        "unindexed",
        sa.Column("sort_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("sort_key", name=op.f("pk_unindexed")),
    )
    # Without batch mode: SQLite can do both in place, a rebuilt table would copy every post.
    op.drop_column("post", "raw")
    op.drop_column("post", "raw_layer")
    kind = "of a version that live sources told"
    op.add_column("revision", sa.Column("media_kind", sa.Text(), nullable=True, comment=kind))
    op.add_column("revision", sa.Column("media", sa.Text(), nullable=True, comment="JSON"))
    as_in = "zlib, as in raw_post"
    op.add_column("revision", sa.Column("raw", sa.LargeBinary(), nullable=True, comment=as_in))
    op.add_column("revision", sa.Column("raw_layer", sa.Integer(), nullable=True))


def downgrade() -> None:
    for name in ("raw_layer", "raw", "media", "media_kind"):
        op.drop_column("revision", name)
    comment = "raw TL, for live sources"
    op.add_column("post", sa.Column("raw", sa.Text(), nullable=True, comment=comment))
    op.add_column("post", sa.Column("raw_layer", sa.Integer(), nullable=True))
    op.drop_table("unindexed")
    op.drop_table("raw_post")
    op.drop_table("metric")
    op.drop_table("flood_wait")
    op.drop_table("coverage")
    op.drop_table("channel_sync")
    op.drop_table("access_hash")
    op.drop_table("account")
