"""An index joined of pieces is the one that FTS5 would have made of all rows."""

from __future__ import annotations

import random
import sqlite3
from typing import Any

import pytest

from archiver.store import segments
from archiver.store.segments import Joining, Unfamiliar, Workshop, is_familiar

SIZED = "CREATE VIRTUAL TABLE found USING fts5(text, meta, content='', tokenize='ascii')"
UNSIZED = SIZED.replace("content=''", "content='', columnsize=0")
ADD = "INSERT INTO found(rowid, text, meta) VALUES (?, ?, ?)"
WORDS = [f"слово{n}" for n in range(400)]

Rows = list[tuple[int, str, str]]


def rows_of(count: int, seed: int = 1) -> Rows:
    """Rows of which one word is in all, some hundreds in some, and one in each alone."""
    dice = random.Random(seed)
    return [
        (64_000 * n - 9_000, " ".join(["все", f"сам{n}", *dice.choices(WORDS, k=6)]), f"c{n % 7}")
        for n in range(count)
    ]


def begun(ddl: str) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute(ddl)
    return db


def plain(ddl: str, rows: Rows) -> sqlite3.Connection:
    db = begun(ddl)
    db.executemany(ADD, rows)
    return db


def joined(ddl: str, portions: list[Rows]) -> sqlite3.Connection:
    db = begun(ddl)
    workshop, joining = Workshop("found", ddl), Joining(db, "found")
    db.execute("BEGIN")
    for rows in portions:
        joining.add(workshop.piece(ADD, rows))
    joining.finish()
    db.execute("COMMIT")
    return db


def content(db: sqlite3.Connection) -> tuple[list[Any], list[Any]]:
    """All words with their places, and how some of them are ranked; the index is sound."""
    db.execute("INSERT INTO found(found) VALUES ('integrity-check')")
    db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, found, instance)")
    words = db.execute("SELECT * FROM temp.words ORDER BY 1, 2, 3, 4").fetchall()
    db.execute("DROP TABLE temp.words")
    ranked = "SELECT rowid, round(bm25(found), 9) FROM found WHERE found MATCH ? ORDER BY rowid"
    asked = ("все", "слово7 OR слово9", "сам12", '"все сам3"', "c4")
    return words, [db.execute(ranked, (text,)).fetchall() for text in asked]


@pytest.mark.parametrize("ddl", [SIZED, UNSIZED])
@pytest.mark.parametrize("size", [1, 30, 4_000])
def test_pieces_are_joined_to_the_index_of_all_rows(ddl: str, size: int) -> None:
    rows = rows_of(60 if size == 1 else 5_000)  # in 4,000 one word fills pages
    made = joined(ddl, [rows[at : at + size] for at in range(0, len(rows), size)])
    expected = content(plain(ddl, rows))
    assert content(made) == expected
    # Pages that lead into those of such a word: FTS5 writes them from its fourth on.
    (leading,) = made.execute("SELECT count(*) FROM found_data WHERE id >> 36 & 1").fetchone()
    assert bool(leading) == (size == 4_000)
    made.execute("INSERT INTO found(found) VALUES ('optimize')")
    assert content(made) == expected


def test_rows_of_a_piece_may_lie_between_those_of_another() -> None:
    rows = rows_of(300)
    assert content(joined(SIZED, [rows[::2], rows[1::2]])) == content(plain(SIZED, rows))


def test_an_index_that_was_joined_goes_on_as_any_other() -> None:
    rows, more = rows_of(300), rows_of(900, seed=2)[300:]
    both = joined(SIZED, [rows[:200], rows[200:]]), plain(SIZED, rows)
    for db in both:
        for at in range(0, 600, 20):  # FTS5 merges segments meanwhile
            db.executemany(ADD, more[at : at + 20])
        delete = "INSERT INTO found(found, rowid, text, meta) VALUES ('delete', ?, ?, ?)"
        db.executemany(delete, rows[50:250])
    assert content(both[0]) == content(both[1])


def test_nothing_joined_is_an_empty_index() -> None:
    assert content(joined(SIZED, [])) == content(plain(SIZED, []))


def test_the_form_is_looked_at_before_it_is_relied_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_familiar(begun(SIZED), "found", SIZED)
    assert not is_familiar(sqlite3.connect(":memory:"), "found", SIZED), "pages are elsewhere"
    monkeypatch.setattr(segments, "_VERSION", 5)
    assert not is_familiar(begun(SIZED), "found", SIZED)


@pytest.mark.parametrize(
    "numbers",
    [
        (1, 2, 9, 0, 2, 1, 1, 4, 2, 1, 5),  # two segments
        (2, 2, 9, 0, 1, 1, 1, 4, 0, 1, 2, 1, 5),
        (1, 1, 9, 1, 1, 1, 1, 4),  # one that is being merged
        (1, 0, 9, 0, 0),
        (1, 1, 9, 0, 1, 1, 1, 4, 0),  # more than was known
        (16256, 1, 1, 1, 9, 0, 1, 1, 1, 4),  # as later versions begin one
    ],
)
def test_another_list_of_segments_is_refused(numbers: tuple[int, ...]) -> None:
    block = b"\0\0\0\1" + b"".join(map(segments._varint, numbers))
    with pytest.raises(Unfamiliar):
        segments._only_segment(block)
    assert list(segments._numbers(block[4:])) == list(numbers)
