"""the archive

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

# Written out here, not imported: a step never changes once it has shipped.
FTS_DDL = "CREATE VIRTUAL TABLE posts_fts USING fts5(text, meta, content='', tokenize='ascii')"

revision: str = "0001"
down_revision: str | None = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "body",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("key2", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False, comment="of text/body.py"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("key", "key2", name=op.f("uq_body_key_key2")),
    )
    op.create_table(
        "channel",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "tg_id",
            sa.BigInteger(),
            nullable=True,
            comment="marked Telegram id (-100...); NULL: known by name",
        ),
        sa.Column("username", sa.Text(), nullable=True, comment="as last seen, without @"),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="channel", nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False, comment="first seen by us"),
        sa.Column("username_key", sa.Text(), nullable=True, comment="casefolded username"),
        sa.Column("title_key", sa.Text(), nullable=True, comment="casefolded title"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("tg_id", name=op.f("uq_channel_tg_id")),
    )
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_title_key"), ["title_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_username_key"), ["username_key"], unique=False)

    op.create_table(
        "cluster",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "canonical",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="post.id",
        ),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column(
            "copies",
            sa.Integer(),
            nullable=False,
            comment="an album counts once, the canonical not",
        ),
        sa.Column("channels", sa.Integer(), nullable=False, comment="in which the copies stand"),
        sa.Column("first_date", sa.BigInteger(), nullable=True),
        sa.Column("last_date", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
    )
    op.create_table(
        "footer",
        sa.Column(
            "channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("line", sa.Text(), nullable=False, comment="in the comparable form"),
        sa.PrimaryKeyConstraint("channel_id", "line", name=op.f("pk_footer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "index_state",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_index_state")),
    )
    op.create_table(
        "lexicon",
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stem", "form", name=op.f("pk_lexicon")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pending",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_pending")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("finished", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="done, incomplete or failed; NULL: running or killed",
        ),
        sa.Column("counts", sa.Text(), nullable=True, comment="JSON"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_table(
        "channel_name",
        sa.Column(
            "channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="title, username or alias (a linked name)"
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False, comment="casefolded"),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_channel_name_channel_id_channel")
        ),
        sa.PrimaryKeyConstraint("channel_id", "kind", "name", name=op.f("pk_channel_name")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("channel_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_name_name_key"), ["name_key"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "old_cluster", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "new_cluster", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("via_post", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_decision_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_post_id"), ["post_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_run_id"), ["run_id"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="bad-record, notice, merge ..."),
        sa.Column("place", sa.Text(), nullable=True, comment="file and line, or channel and post"),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column(
            "data", sa.Text(), nullable=True, comment="the raw beginning of what could not be read"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_event_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_run_id"), ["run_id"], unique=False)

    op.create_table(
        "post",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "channel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "message_id", sa.BigInteger(), nullable=False, comment="Telegram's; negative: synthetic"
        ),
        sa.Column(
            "sort_key", sa.BigInteger(), nullable=False, comment="minutes since 2013 << 6 | slot"
        ),
        sa.Column("date", sa.BigInteger(), nullable=True),
        sa.Column(
            "cluster_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="NULL: a statement of its own",
        ),
        sa.Column(
            "body_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="NULL: no words, or not yet looked at",
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column(
            "via_post",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the post it was matched with",
        ),
        sa.Column("kind", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column(
            "digest",
            sa.BigInteger(),
            nullable=False,
            comment="of the last record: the same means no news",
        ),
        sa.Column("edited", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.Column("deleted_evidence", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "cuts",
            sa.Text(),
            nullable=True,
            comment="JSON [[start, end, kind]]: repeats inside the text",
        ),
        sa.Column("entities", sa.Text(), nullable=True, comment="JSON, UTF-16 offsets"),
        sa.Column("fwd_kind", sa.Text(), nullable=True),
        sa.Column(
            "fwd_channel",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="channel.id of the origin, where it is a channel",
        ),
        sa.Column("fwd_message", sa.BigInteger(), nullable=True),
        sa.Column(
            "fwd_peer",
            sa.BigInteger(),
            nullable=True,
            comment="raw marked Telegram id of the origin",
        ),
        sa.Column("fwd_username", sa.Text(), nullable=True),
        sa.Column("fwd_date", sa.BigInteger(), nullable=True),
        sa.Column("fwd_name", sa.Text(), nullable=True),
        sa.Column("fwd_author", sa.Text(), nullable=True),
        sa.Column("fwd_saved_peer", sa.BigInteger(), nullable=True),
        sa.Column("fwd_saved_message", sa.BigInteger(), nullable=True),
        sa.Column("fwd_saved_name", sa.Text(), nullable=True),
        sa.Column("fwd_imported", sa.SmallInteger(), nullable=True),
        sa.Column("grouped_id", sa.BigInteger(), nullable=True),
        sa.Column("grouped_inferred", sa.SmallInteger(), nullable=True),
        sa.Column("reply_to", sa.BigInteger(), nullable=True),
        sa.Column("reply_to_peer", sa.BigInteger(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("via_bot", sa.Text(), nullable=True),
        sa.Column("media_kind", sa.Text(), nullable=True),
        sa.Column("media", sa.Text(), nullable=True, comment="JSON"),
        sa.Column("views", sa.Integer(), nullable=True),
        sa.Column("forwards", sa.Integer(), nullable=True),
        sa.Column("replies", sa.Integer(), nullable=True),
        sa.Column("reactions", sa.Text(), nullable=True, comment="JSON"),
        sa.Column(
            "details",
            sa.Text(),
            nullable=True,
            comment="JSON: poll, service action, buttons and the rest",
        ),
        sa.Column("raw", sa.Text(), nullable=True, comment="raw TL, for live sources"),
        sa.Column("raw_layer", sa.Integer(), nullable=True),
        sa.Column("src_text", sa.SmallInteger(), nullable=False),
        sa.Column("src_forward", sa.SmallInteger(), nullable=True),
        sa.Column("src_media", sa.SmallInteger(), nullable=True),
        sa.Column("src_counts", sa.SmallInteger(), nullable=True),
        sa.Column(
            "added_run", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(["added_run"], ["run.id"], name=op.f("fk_post_added_run_run")),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_post_channel_id_channel")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("channel_id", "message_id", name=op.f("uq_post_channel_id_message_id")),
        sa.UniqueConstraint("sort_key", name=op.f("uq_post_sort_key")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(
            "ix_post_album",
            ["channel_id", "grouped_id"],
            unique=False,
            sqlite_where=sa.text("grouped_id IS NOT NULL"),
            postgresql_where=sa.text("grouped_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_post_body",
            ["body_id"],
            unique=False,
            sqlite_where=sa.text("body_id IS NOT NULL"),
            postgresql_where=sa.text("body_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_post_cluster",
            ["cluster_id"],
            unique=False,
            sqlite_where=sa.text("cluster_id IS NOT NULL"),
            postgresql_where=sa.text("cluster_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_post_origin",
            ["fwd_channel", "fwd_message"],
            unique=False,
            sqlite_where=sa.text("fwd_channel IS NOT NULL"),
            postgresql_where=sa.text("fwd_channel IS NOT NULL"),
        )

    op.create_table(
        "revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entities", sa.Text(), nullable=True),
        sa.Column("cuts", sa.Text(), nullable=True),
        sa.Column("edited", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.SmallInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False, comment="when this version reached us"),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_revision_post_id_post")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_revision_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(
            "ix_revision_body",
            ["body_id"],
            unique=False,
            sqlite_where=sa.text("body_id IS NOT NULL"),
            postgresql_where=sa.text("body_id IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_revision_post_id"), ["post_id"], unique=False)

    op.execute(FTS_DDL)


def downgrade() -> None:
    op.execute("DROP TABLE posts_fts")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_post_id"))
        batch_op.drop_index(
            "ix_revision_body",
            sqlite_where=sa.text("body_id IS NOT NULL"),
            postgresql_where=sa.text("body_id IS NOT NULL"),
        )

    op.drop_table("revision")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_post_origin",
            sqlite_where=sa.text("fwd_channel IS NOT NULL"),
            postgresql_where=sa.text("fwd_channel IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_post_cluster",
            sqlite_where=sa.text("cluster_id IS NOT NULL"),
            postgresql_where=sa.text("cluster_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_post_body",
            sqlite_where=sa.text("body_id IS NOT NULL"),
            postgresql_where=sa.text("body_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_post_album",
            sqlite_where=sa.text("grouped_id IS NOT NULL"),
            postgresql_where=sa.text("grouped_id IS NOT NULL"),
        )

    op.drop_table("post")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_run_id"))

    op.drop_table("event")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_run_id"))
        batch_op.drop_index(batch_op.f("ix_decision_post_id"))

    op.drop_table("decision")
    with op.batch_alter_table("channel_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_name_name_key"))

    op.drop_table("channel_name")
    op.drop_table("run")
    op.drop_table("pending")
    op.drop_table("lexicon")
    op.drop_table("index_state")
    op.drop_table("footer")
    op.drop_table("cluster")
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_username_key"))
        batch_op.drop_index(batch_op.f("ix_channel_title_key"))

    op.drop_table("channel")
    op.drop_table("body")
