"""Makes the whole index anew from the stored posts, a portion at a time and in several processes.

Folding a post takes a third of the time, FTS5 half. So each of the other processes does both for
the portions it is given, and this one puts the pieces together (`store/segments.py`).
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from archiver.cores import processors
from archiver.store import index, lexicon, pieces, segments, state
from archiver.store.helper import Helper
from archiver.store.members import ADD as ADD_MEMBER
from archiver.store.members import Places
from archiver.store.meta import COLUMNS
from archiver.store.pieces import Made, Maker, Row, members_among
from archiver.store.segments import Piece
from archiver.store.words import SLOTS, fold
from archiver.text.fold import FOLD_VERSION
from archiver.text.stem import version

# A portion ends with so many posts or letters, of which FTS5 collects about 40 MB. More are slower
# (its words are looked up all over them), fewer are more segments to merge.
_PORTION = 25_000
_LETTERS = 16_000_000
_MOST_PORTIONS = 1_500  # FTS5 knows 2,000 segments
# Pairs that wait for the lexicon, 40 MB.
_SETTLED = 1_000_000
_PROCESSES = 2
_WORTH_A_PROCESS = 10_000  # posts; starting one takes 0.1 s
_PATIENCE = 600.0  # seconds for a portion, which takes 3

_TABLES = ("posts_fts", "member_fts", "revision_fts")

Portion = list[Row]
Progress = Callable[[int], None]


def rebuild(db: sqlite3.Connection, progress: Progress | None = None) -> int:
    """Make index and lexicon anew; `progress` gets the posts done so far. How many there were."""
    told = _empty(db)
    (posts,) = db.execute("SELECT count(*) FROM post").fetchone()
    familiar = all(segments.is_familiar(db, name, told[name]) for name in _TABLES[:2])
    done = 0
    put = _joined(db, told, posts) if familiar else _one_by_one(db, posts)
    for portion, pairs in put:
        lexicon.put_soon(db, pairs)
        lexicon.settle(db, _SETTLED)
        done += portion
        if progress is not None:
            progress(done)
    index.configure(db)
    lexicon.settle(db)
    index.add_revisions(db)
    index.optimize(db)
    lexicon.take_from_index(db)
    state.put(db, "fold_version", FOLD_VERSION)
    state.put(db, lexicon.STEMMER, version())
    return done


def _empty(db: sqlite3.Connection) -> dict[str, str]:
    """Drop index and lexicon, damaged or not, and begin new ones, whose declarations it tells."""
    told = {}
    for table in _TABLES:
        sql = "SELECT sql FROM sqlite_master WHERE name = ?"
        (told[table],) = db.execute(sql, (table,)).fetchone()
        db.execute(f"DROP TABLE {table}")
        db.execute(told[table])
    db.execute("DELETE FROM lexicon")
    db.execute("DELETE FROM fresh_word")
    db.execute("DELETE FROM unindexed")
    db.execute("DELETE FROM index_state WHERE name IN ('lexicon', 'revisions')")
    return told


def _portions(db: sqlite3.Connection, posts: int) -> Iterator[Portion]:
    """All posts in the order of their keys, with their places among the members."""
    places = Places(db)
    most = max(_PORTION, posts // _MOST_PORTIONS)
    some: list[Row] = []
    letters = 0
    for row in db.execute(f"SELECT {COLUMNS}, cluster_id FROM post ORDER BY sort_key"):
        some.append(row)
        letters += len(row[1])
        if len(some) >= most or letters >= _LETTERS:
            yield _placed(some, places)
            some, letters = [], 0
    if some:
        yield _placed(some, places)


def _placed(rows: list[Row], places: Places) -> Portion:
    place = places.give((row[0], row[-1]) for row in rows if row[-1] is not None)
    return [(*row[:-1], place.get(row[0])) for row in rows]


Put = Iterator[tuple[int, list[lexicon.Pair]]]  # the posts of a portion, and pairs of words


def _joined(db: sqlite3.Connection, told: dict[str, str], posts: int) -> Put:
    """Put what is made of the portions, here or elsewhere, into the indexes."""
    joinings = [segments.Joining(db, name) for name in _TABLES[:2]]
    with _makers(posts, told["posts_fts"], told["member_fts"]) as make:
        for size, made in make(_portions(db, posts)):
            for joining, piece in zip(joinings, made[:2], strict=True):
                if piece is not None:
                    joining.add(Piece(*piece))
            yield size, made.pairs
    for joining in joinings:
        joining.finish()


def _one_by_one(db: sqlite3.Connection, posts: int) -> Put:
    """Have FTS5 index each post itself, in an index whose form we do not know."""
    known = lexicon.Known(SLOTS)
    with index.bulk(db):
        for rows in _portions(db, posts):
            ready, pairs = fold((row[:-1] for row in rows), known, index.Shared())
            db.executemany(index.ADD, ready)
            db.executemany(ADD_MEMBER, members_among(rows, ready))
            yield len(rows), pairs


Makers = Callable[[Iterator[Portion]], Iterator[tuple[int, Made]]]


@contextmanager
def _makers(posts: int, *declared: str) -> Iterator[Makers]:
    """What makes pieces of portions: this process, or others beside it."""
    here: list[Maker] = []

    def alone(portion: Portion) -> Made:
        if not here:
            here.append(Maker(*declared))
        return here[0].make(portion)

    if posts < _WORTH_A_PROCESS or processors() < 2:
        yield lambda portions: ((len(some), alone(some)) for some in portions)
        return
    helpers = [Helper(pieces.__name__, *declared, patience=_PATIENCE) for _ in range(_PROCESSES)]
    try:
        yield lambda portions: _ahead(helpers, alone, portions)
    finally:
        for each in helpers:
            each.close()


def _ahead(
    helpers: list[Helper], alone: Callable[[Portion], Made], portions: Iterator[Portion]
) -> Iterator[tuple[int, Made]]:
    """What is made of portions in their order, as many being made at once as there are helpers.

    A portion that gets no answer is made here.
    """
    idle, busy = deque(helpers), deque[tuple[Helper, Portion]]()

    def next_answer() -> tuple[int, Made]:
        helper, sent = busy.popleft()
        answer = helper.answer()
        idle.append(helper)
        return len(sent), alone(sent) if answer is None else Made(*answer)

    for portion in portions:
        if not idle:
            yield next_answer()
        helper = idle.popleft()
        helper.begin(portion)
        busy.append((helper, portion))
    while busy:
        yield next_answer()
