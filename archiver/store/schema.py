"""The tables. Migrations make them; `alembic check` in the tests holds the two together.

Everything is portable to PostgreSQL: integers for dates (seconds since 1970, UTC) and hashes
(signed 64 bit), JSON as text. Rows are never deleted: a deletion is a tombstone, a duplicate a
cluster, an edit a revision.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Big = BigInteger
# Our own keys: SQLite makes only a column typed INTEGER the rowid.
Key = BigInteger().with_variant(Integer, "sqlite")


def _partial(name: str, *columns: str, where: str) -> Index:
    # The same for PostgreSQL stands in the migrations: said here too, it has SQLAlchemy import that
    # dialect: 50 ms of the 430 in which a command that saves posts has its modules.
    return Index(name, *columns, sqlite_where=text(where))


channel = Table(
    "channel",
    metadata,
    Column("id", Key, primary_key=True),
    Column("tg_id", Big, unique=True, comment="marked Telegram id (-100...); NULL: known by name"),
    Column("username", Text, comment="as last seen, without @"),
    Column("title", Text, nullable=False, server_default=""),
    Column("kind", Text, nullable=False, server_default="channel"),
    Column("added", Big, nullable=False, comment="first seen by us"),
    # A text finds its channel by these, whatever case its author used.
    Column("username_key", Text, index=True, comment="casefolded username"),
    Column("title_key", Text, index=True, comment="casefolded title"),
)

channel_name = Table(
    "channel_name",
    metadata,
    Column("channel_id", Key, ForeignKey("channel.id"), primary_key=True),
    Column("kind", Text, primary_key=True, comment="title, username or alias (a linked name)"),
    Column("name", Text, primary_key=True),
    Column("name_key", Text, nullable=False, index=True, comment="casefolded"),
    Column("first_seen", Big, nullable=False),
    Column("last_seen", Big, nullable=False),
    sqlite_with_rowid=False,
)

run = Table(
    "run",
    metadata,
    Column("id", Key, primary_key=True),
    Column("command", Text, nullable=False),
    Column("started", Big, nullable=False),
    Column("finished", Big),
    Column("status", Text, comment="done, incomplete, refused or failed; NULL: running or killed"),
    Column("counts", Text, comment="JSON"),
)

event = Table(
    "event",
    metadata,
    Column("id", Key, primary_key=True),
    Column("run_id", Key, ForeignKey("run.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False, comment="bad-record, notice, merge ..."),
    Column("place", Text, comment="file and line, or channel and post"),
    Column("message", Text, nullable=False),
    Column("data", Text, comment="the raw beginning of what could not be read"),
)

body = Table(
    "body",
    metadata,
    Column("id", Key, primary_key=True),
    # 128 bits of BLAKE2b over the comparable tokens: two bodies are one row only if both agree.
    Column("key", Big, nullable=False),
    Column("key2", Big, nullable=False),
    Column("words", Integer, nullable=False),
    Column("version", SmallInteger, nullable=False, comment="of text/body.py"),
    UniqueConstraint("key", "key2"),
)

cluster = Table(
    "cluster",
    metadata,
    Column("id", Key, primary_key=True),
    Column("canonical", Key, nullable=False, comment="post.id"),
    Column("posts", Integer, nullable=False),
    Column("copies", Integer, nullable=False, comment="an album counts once, the canonical not"),
    Column("channels", Integer, nullable=False, comment="in which the copies stand"),
    Column("first_date", Big),
    Column("last_date", Big),
)

post = Table(
    "post",
    metadata,
    Column("id", Key, primary_key=True),
    Column("channel_id", Key, ForeignKey("channel.id"), nullable=False),
    Column("message_id", Big, nullable=False, comment="Telegram's; negative: synthetic"),
    Column("sort_key", Big, nullable=False, unique=True, comment="minutes since 2013 << 6 | slot"),
    Column("date", Big),
    Column("cluster_id", Key, comment="NULL: a statement of its own"),
    Column("body_id", Key, comment="NULL: no words, or not yet looked at"),
    Column("reason", Text),
    Column("score", Float),
    Column("via_post", Key, comment="the post it was matched with"),
    Column("kind", SmallInteger, nullable=False, server_default="0"),
    Column("digest", Big, nullable=False, comment="of the last record: the same means no news"),
    Column("edited", Big),
    Column("deleted_at", Big),
    Column("deleted_evidence", Text),
    Column("text", Text, nullable=False),
    Column("cuts", Text, comment="JSON [[start, end, kind]]: repeats inside the text"),
    Column("entities", Text, comment="JSON, UTF-16 offsets"),
    Column("fwd_kind", Text),
    Column("fwd_channel", Key, comment="channel.id of the origin, where it is a channel"),
    Column("fwd_message", Big),
    Column("fwd_peer", Big, comment="raw marked Telegram id of the origin"),
    Column("fwd_username", Text),
    Column("fwd_date", Big),
    Column("fwd_name", Text),
    Column("fwd_author", Text),
    Column("fwd_saved_peer", Big),
    Column("fwd_saved_message", Big),
    Column("fwd_saved_name", Text),
    Column("fwd_imported", SmallInteger),
    Column("grouped_id", Big),
    Column("grouped_inferred", SmallInteger),
    Column("reply_to", Big),
    Column("reply_to_peer", Big),
    Column("author", Text),
    Column("via_bot", Text),
    Column("media_kind", Text),
    Column("media", Text, comment="JSON"),
    Column("views", Integer),
    Column("forwards", Integer),
    Column("replies", Integer),
    Column("reactions", Text, comment="JSON"),
    Column("details", Text, comment="JSON: poll, service action, buttons and the rest"),
    # How each group of fields arrived: model.Source.
    Column("src_text", SmallInteger, nullable=False),
    Column("src_forward", SmallInteger),
    Column("src_media", SmallInteger),
    Column("src_counts", SmallInteger),
    Column("added_run", Key, ForeignKey("run.id"), nullable=False),
    UniqueConstraint("channel_id", "message_id"),
    _partial("ix_post_body", "body_id", where="body_id IS NOT NULL"),
    _partial("ix_post_cluster", "cluster_id", where="cluster_id IS NOT NULL"),
    _partial("ix_post_origin", "fwd_channel", "fwd_message", where="fwd_channel IS NOT NULL"),
    _partial("ix_post_album", "channel_id", "grouped_id", where="grouped_id IS NOT NULL"),
    _partial("ix_post_reply", "channel_id", "reply_to", where="reply_to IS NOT NULL"),
    # Which posts are not alone, in the order of the full-text index: 14 bytes for each of them.
    _partial("ix_post_member", "sort_key", "cluster_id", where="cluster_id IS NOT NULL"),
    # All that a search looks at before it shows anything: in the order of the walk, and 20 times
    # smaller than the posts. A filter by views over a million posts reads this, not a gigabyte.
    Index(
        "ix_post_walk",
        "sort_key",
        "cluster_id",
        "date",
        "deleted_at",
        "kind",
        "channel_id",
        "views",
        "added_run",
    ),
)

revision = Table(
    "revision",
    metadata,
    Column("id", Key, primary_key=True),
    Column("post_id", Key, ForeignKey("post.id"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("entities", Text),
    Column("cuts", Text),
    Column("edited", Big),
    Column("source", SmallInteger, nullable=False),
    Column("seen", Big, nullable=False, comment="when this version reached us"),
    Column("run_id", Key, ForeignKey("run.id"), nullable=False),
    Column("body_id", Key),
    Column("media_kind", Text, comment="of a version that live sources told"),
    Column("media", Text, comment="JSON"),
    Column("raw", LargeBinary, comment="zlib, as in raw_post"),
    Column("raw_layer", Integer),
    _partial("ix_revision_body", "body_id", where="body_id IS NOT NULL"),
)

# What a live source sent, byte for byte. Apart from `post`: half a kilobyte a post that neither a
# search nor a dedup pass ever reads.
raw_post = Table(
    "raw_post",
    metadata,
    Column("post_id", Key, ForeignKey("post.id"), primary_key=True),
    Column("layer", Integer, nullable=False, comment="of Telegram's protocol"),
    Column("tl", LargeBinary, nullable=False, comment="zlib"),
)

metric = Table(
    "metric",
    metadata,
    Column("post_id", Key, ForeignKey("post.id"), primary_key=True),
    Column("seen", Big, primary_key=True),
    Column("views", Integer),
    Column("forwards", Integer),
    Column("replies", Integer),
    Column("reactions", Text, comment="JSON"),
    sqlite_with_rowid=False,
)

account = Table(
    "account",
    metadata,
    Column("user_id", Big, primary_key=True, autoincrement=False),
    Column("label", Text, nullable=False),
    Column("first_seen", Big, nullable=False),
    Column("current", SmallInteger, nullable=False, comment="1: this archive is synced as it"),
)

access_hash = Table(
    "access_hash",
    metadata,
    Column("user_id", Big, ForeignKey("account.user_id"), primary_key=True),
    Column("channel_id", Key, ForeignKey("channel.id"), primary_key=True),
    Column("hash", Big, nullable=False),
    Column("resolved", Big, comment="when the name was last asked for"),
    sqlite_with_rowid=False,
)

flood_wait = Table(
    "flood_wait",
    metadata,
    Column("user_id", Big, ForeignKey("account.user_id"), primary_key=True),
    Column("method", Text, primary_key=True),
    Column("not_before", Big, nullable=False),
    sqlite_with_rowid=False,
)

channel_sync = Table(
    "channel_sync",
    metadata,
    Column("channel_id", Key, ForeignKey("channel.id"), primary_key=True, autoincrement=False),
    Column("wanted", SmallInteger, nullable=False, comment="0: removed, its posts are kept"),
    Column("added", Big, nullable=False),
    Column("added_as", Text, nullable=False, comment="how the person named it"),
    Column("state", Text, nullable=False, comment="readable, private, gone or conflict"),
    Column("state_since", Big, nullable=False),
    Column("since", Big, comment="older posts are not wanted"),
    Column("floor_id", Big, comment="the id at which that date was met"),
    Column("available_min_id", Big, comment="older posts are hidden from this account"),
    Column("linked_tg_id", Big, comment="the discussion group"),
    Column("standing_seen", Big, comment="when the two above were asked for"),
    Column("pts", Big),
    Column("differences", Text, comment="ok, refused or lost; NULL: not tried"),
    Column("differences_tried", Big),
    Column("sweep_before", Big, comment="where the sweep goes on; NULL: none under way"),
    Column("sweep_pts", Big, comment="the state when it began"),
    Column("sweep_started", Big),
    Column("swept", Big, comment="when the last one was complete"),
    Column("server_count", Big),
    Column("tried", Big),
    Column("succeeded", Big),
    Column("error", Text, comment="of the last try"),
)

coverage = Table(
    "coverage",
    metadata,
    Column("channel_id", Key, ForeignKey("channel.id"), primary_key=True),
    Column("lo", Big, primary_key=True),
    Column("hi", Big, nullable=False),
    sqlite_with_rowid=False,
)

decision = Table(
    "decision",
    metadata,
    Column("id", Key, primary_key=True),
    Column("run_id", Key, ForeignKey("run.id"), nullable=False, index=True),
    Column("post_id", Key, nullable=False, index=True),
    Column("old_cluster", Key),
    Column("new_cluster", Key),
    Column("reason", Text),
    Column("via_post", Key),
    Column("score", Float),
    Column("version", SmallInteger, nullable=False),
)

# Posts that dedup has still to look at; written in the transaction that changes the post.
pending = Table("pending", metadata, Column("post_id", Key, primary_key=True))

footer = Table(
    "footer",
    metadata,
    Column("channel_id", Key, primary_key=True),
    Column("line", Text, primary_key=True, comment="in the comparable form"),
    sqlite_with_rowid=False,
)

# What a body is to others: a leader, or a near copy of one. Decided once, with what was known then:
# the date and channel of the first post that had it.
near = Table(
    "near",
    metadata,
    Column("body_id", Key, primary_key=True, autoincrement=False),
    Column("leader", Key, nullable=False, comment="a body; of a leader itself"),
    Column("matched", Key, comment="the body it was compared with: the leader, or one near it"),
    Column("relation", Text, comment="near or part; NULL: a leader"),
    Column("score", Float),
    Column("posted", SmallInteger, nullable=False, comment="1: its fingerprints are in `print`"),
    Column("date", Big),
    Column("channel_id", Key, nullable=False),
    Column("version", SmallInteger, nullable=False, comment="of the decision: text/decide.py"),
    Column("run_id", Key, ForeignKey("run.id"), nullable=False),
    _partial("ix_near_leader", "leader", where="relation IS NOT NULL"),
)

# Fingerprints of leaders and of the longer versions beside them, by hash.
print_ = Table(
    "print",
    metadata,
    Column("hash", Big, primary_key=True),
    Column("body_id", Key, primary_key=True),
    sqlite_with_rowid=False,
)

# Those of the last passes: sorted in by and by (`store/fresh_prints.py`), since a night's few
# thousand are on as many pages.
fresh_print = Table(
    "fresh_print",
    metadata,
    Column("hash", Big, primary_key=True),
    Column("body_id", Key, primary_key=True),
    sqlite_with_rowid=False,
)

# Fingerprints that too many leaders have: boilerplate, no longer kept in `print`.
hot = Table("hot", metadata, Column("hash", Big, primary_key=True, autoincrement=False))

# Bodies that fill the same sentence again and again: an alert, a statistic of every day. The same
# words on another day are another event.
form = Table("form", metadata, Column("body_id", Key, primary_key=True, autoincrement=False))

# Bodies that have something to do with each other, and are two statements all the same.
link = Table(
    "link",
    metadata,
    Column("body_id", Key, primary_key=True, comment="the later one"),
    Column("other", Key, primary_key=True),
    Column(
        "relation", Text, nullable=False, comment="contains, inside, overlap, related or opposite"
    ),
    Column("score", Float, nullable=False),
    Index("ix_link_other", "other"),
    sqlite_with_rowid=False,
)

# What the last rebuild forgot of `near`, `link`, `form` and `hot` (`store/earlier.py`).
earlier = Table(
    "earlier",
    metadata,
    Column("part", Key, primary_key=True),
    Column("name", Text, nullable=False, comment="of the table"),
    Column("packed", LargeBinary, nullable=False, comment="columns as JSON, by zlib"),
)

# What a person said; it outlives every rebuild. Nothing is deleted: a verdict is withdrawn.
verdict = Table(
    "verdict",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", Text, nullable=False, comment="same: two posts; apart: one stands alone"),
    Column("post_id", Key, nullable=False, index=True),
    Column("other_id", Key, index=True),
    Column("said", Big, nullable=False),
    Column("run_id", Key, ForeignKey("run.id"), nullable=False, index=True),
    Column("withdrawn", Key, comment="the run that took it back"),
)

lexicon = Table(
    "lexicon",
    metadata,
    Column("stem", Text, primary_key=True),
    Column("form", Text, primary_key=True),
    sqlite_with_rowid=False,
)

# Pairs for the lexicon in the order they came: a long sync sorts many of them in at once, which
# writes a tenth of the pages (100,000 posts: 2.2 GB of them otherwise).
fresh_word = Table(
    "fresh_word",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("stem", Text, nullable=False),
    Column("form", Text, nullable=False),
)

# Posts that are saved but not in the full-text index yet, by sort_key: a sync indexes 1,000 at a
# time (55 us a post instead of 165 with a page of 100).
unindexed = Table(
    "unindexed", metadata, Column("sort_key", Big, primary_key=True, autoincrement=False)
)

# Where the posts that are in a cluster stand in `member_fts` (`store/members.py`).
member = Table(
    "member",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False, comment="n << 32 | cluster.id"),
    Column("sort_key", Big, nullable=False, unique=True),
)

# Posts that came into a cluster or left one and are not in their place there yet, by sort_key:
# while there are any, counting statements does without it.
fresh_member = Table(
    "fresh_member", metadata, Column("sort_key", Big, primary_key=True, autoincrement=False)
)

# How far the exports by name are (`export --since-last NAME`).
export_cursor = Table(
    "export_cursor",
    metadata,
    Column("name", Text, primary_key=True),
    Column("run_id", Big, nullable=False, comment="the last run whose news it held"),
    Column("query", Text, nullable=False, comment="what it is of; empty: everything"),
    Column("moved", Big, nullable=False),
)

index_state = Table(
    "index_state",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Big, nullable=False),
)

saved_search = Table(
    "saved_search",
    metadata,
    Column("name", Text, primary_key=True, comment="casefolded"),
    Column("query", Text, nullable=False),
    Column("added", Big, nullable=False),
    Column("asked", Big, comment="when it was last asked for what is new"),
    # What is new has a greater id or came with a later run: ids may be given out again.
    Column("seen_run", Key, nullable=False),
    Column("seen_post", Key, nullable=False),
)

# Contentless: rowid is post.sort_key, the tokens are made by text/fold.py from the stored row,
# and every write is explicit. `meta` holds the filters as tokens. FTS5's own `ascii` tokenizer,
# since unicode61 splits Arabic words at vowel marks and takes a Chinese sentence for one word.
FTS_DDL = "CREATE VIRTUAL TABLE posts_fts USING fts5(text, meta, content='', tokenize='ascii')"
# The same posts once more, but only those that are in a cluster: statements are counted by it.
# The rowid is member.id; nothing is ranked by it, so no sizes are kept.
MEMBER_FTS_DDL = (
    "CREATE VIRTUAL TABLE member_fts"
    " USING fts5(text, meta, content='', columnsize=0, tokenize='ascii')"
)
# The same of the earlier wordings; rowid is revision.id.
REVISION_FTS_DDL = (
    "CREATE VIRTUAL TABLE revision_fts USING fts5(text, content='', tokenize='ascii')"
)
