"""The database side of footers: which channels to learn, from what, and what changes with them.

Functions of a connection inside a transaction, as those of `groups`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from archiver.kinds import PostKind
from archiver.store.connection import Connection, driver
from archiver.text.cuts import apply_cuts, read_cuts
from archiver.text.footers import changed_lines, reshapes

# A channel's footers are learned from its posts up to a multiple of this message id, so that the
# two posts of a night do not make 200 be read again. A channel with fewer is read whole; one of
# thousands has more of them a night, and its footers are old: with 64 for all a night of 1,000
# posts in a million had 34 channels read instead of 14.
_STEP = 64
_STEPS = ((2_048, 256), (1_024, 128))  # from which message id on
_SAMPLE = 300  # posts, of which the first 200 distinct bodies count

# All texts that lose the footers of a channel, and the channel whose footers they lose, too.
_SIGNED = [
    f"SELECT p.id, {version}.text, {version}.cuts, p.{other} FROM post p"
    f"{' JOIN revision r ON r.post_id = p.id' if version == 'r' else ''} WHERE p.{signs} = ?"
    " AND NOT EXISTS (SELECT 1 FROM pending WHERE post_id = p.id)"
    for signs, other in (("channel_id", "fwd_channel"), ("fwd_channel", "channel_id"))
    for version in ("p", "r")
]


def channels_to_learn(conn: Connection) -> list[int]:
    """The channels whose footers may have changed by what is pending."""
    touched = driver(conn).execute(
        "SELECT p.channel_id, min(p.message_id), count(*) FROM pending CROSS"
        " JOIN post p ON p.id = post_id GROUP BY p.channel_id ORDER BY p.channel_id"
    )
    return [
        channel
        for channel, first, count in touched.fetchall()
        if not _only_beyond(conn, channel, first, count)
    ]


def _only_beyond(conn: Connection, channel: int, first: int, count: int) -> bool:
    """Whether all `count` touched posts lie beyond the sample, and it did not move."""
    top = _sample_end(conn, channel)
    if first <= top:
        return False
    sql = "SELECT count(*) FROM post WHERE channel_id = ? AND message_id > ?"
    beyond: int = driver(conn).execute(sql, (channel, top)).fetchone()[0]
    return beyond > count


def _sample_end(conn: Connection, channel: int) -> int:
    db = driver(conn)
    sql = "SELECT max(message_id) FROM post WHERE channel_id = ?"
    last: int = db.execute(sql, (channel,)).fetchone()[0]
    end = last - last % _step(last)
    sql = (
        "SELECT count(*) FROM (SELECT 1 FROM post WHERE channel_id = ? AND message_id > 0"
        " AND message_id <= ? LIMIT ?)"
    )
    enough = db.execute(sql, (channel, end, _STEP)).fetchone()[0] == _STEP
    return end if enough else last


def _step(last: int) -> int:
    """How far the sample moves; each divides where it begins, so that no sample moves back."""
    return next((step for first, step in _STEPS if last >= first), _STEP)


def last_texts(conn: Connection, channel: int) -> Iterator[str]:
    """The texts that a channel's footers are learned from: its own last posts, newest first.

    One after another: of 300 that lie all over the archive a third is hardly ever asked for.
    """
    found = driver(conn).execute(
        "SELECT text FROM post WHERE channel_id = ? AND message_id <= ? AND kind <> ?"
        " AND fwd_kind IS NULL AND text <> '' ORDER BY message_id DESC LIMIT ?",
        (channel, _sample_end(conn, channel), int(PostKind.SERVICE), _SAMPLE),
    )
    # No `yield from`, as in `rows_of`.
    for (text,) in found:
        yield text


def replace(
    conn: Connection, channel: int, known: Mapping[int, frozenset[str]], lines: frozenset[str]
) -> None:
    """Keep what was learned instead of what is `known`; posts that it gives another body are to do.

    All posts of the channel and all forwards from it are read, and few of them are touched: a
    pass over the 5,000 posts of a channel took 8 s where none of them changed.
    """
    db = driver(conn)
    db.execute("DELETE FROM footer WHERE channel_id = ?", (channel,))
    rows = [(channel, line) for line in sorted(lines)]
    db.executemany("INSERT INTO footer(channel_id, line) VALUES (?, ?)", rows)
    posts = [(post,) for post in sorted(_reshaped(conn, channel, known, lines))]
    db.executemany("INSERT OR IGNORE INTO pending(post_id) VALUES (?)", posts)


def _reshaped(
    conn: Connection, channel: int, known: Mapping[int, frozenset[str]], lines: frozenset[str]
) -> set[int]:
    """The posts one of whose versions loses other lines now than before."""
    none: frozenset[str] = frozenset()
    before = known.get(channel, none)
    if not changed_lines(before, lines):
        return set()
    found = chain(*(driver(conn).execute(sql, (channel,)) for sql in _SIGNED))
    touched: set[int] = set()
    for post, text, cuts, other in found:
        if post not in touched:
            others = none if other in (None, channel) else known.get(other, none)
            kept = apply_cuts(text, read_cuts(cuts)) if cuts else text
            if reshapes(kept, before | others, lines | others):
                touched.add(post)
    return touched
