"""Many posts: another process finds the words, and nothing is lost whatever becomes of it."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archiver.model import Channel, Post
from archiver.store import checking, helper, indexing, rebuilding, segments
from archiver.store.connection import driver
from archiver.store.store import Store
from tests import archives

HARBOUR = Channel(username="harbour")
WORDS = [
    "паром", "паромы", "маяк", "маяка", "портів", "миг29", "ко", "канат", "ferry", "boats",
    "ferry2", "hausboot", "die", "und", "der", "häuser", "سفينة", "كتابها", "را", "船",
]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An archive in which other processes help from the first post on."""
    monkeypatch.setattr(indexing, "WORTH", 0)
    with archives.opened(tmp_path / "archive.sqlite") as store:
        yield store


def post(number: int, text: str, edited: int | None = None) -> Post:
    return Post(number, text, 1_700_000_000 + 60 * number, edited=edited)


def posts(first: int, count: int, seed: int = 0) -> list[tuple[Channel, Post]]:
    dice = random.Random(seed)
    return [
        (HARBOUR, post(n, " ".join(dice.choices(WORDS, k=8)) + f" №{n}"))
        for n in range(first, first + count)
    ]


def add(store: Store, told: list[tuple[Channel, Post]]) -> None:
    store.add_posts(store.start_run("import", 5), told, 5)


def helper_of(store: Store) -> helper.Helper:
    helper = store._indexer._helper
    assert helper is not None
    return helper


def content(path: Path) -> tuple[list[Any], list[Any], list[str], int]:
    """Index and lexicon, what is wrong with them, and how many posts or words wait for them."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, posts_fts, instance)")
        found = db.execute("SELECT * FROM temp.words ORDER BY 1, 2, 3, 4").fetchall()
        pairs = db.execute("SELECT stem, form FROM lexicon ORDER BY 1, 2").fetchall()
        waiting = "SELECT (SELECT count(*) FROM unindexed) + (SELECT count(*) FROM fresh_word)"
        return found, pairs, checking.check(db), db.execute(waiting).fetchone()[0]


def test_the_index_is_the_one_that_a_single_process_makes(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(5):
        add(store, posts(1 + 40 * at, 40, at))
    store.settle()
    monkeypatch.setattr(indexing, "WORTH", 1_000_000)
    with archives.opened(tmp_path / "alone.sqlite") as alone:
        for at in range(5):
            add(alone, posts(1 + 40 * at, 40, at))
        alone.settle()
    found = content(store.path)
    assert found == content(tmp_path / "alone.sqlite")
    assert found[2:] == ([], 0)
    assert len(found[1]) > len(WORDS)


def test_a_post_that_changes_while_its_words_are_found_is_read_again(store: Store) -> None:
    add(store, posts(1, 40))
    add(store, [(HARBOUR, post(n, "буксир", edited=9)) for n in range(1, 20)])
    add(store, posts(41, 40))
    store.settle()
    _, pairs, wrong, waiting = content(store.path)
    assert (wrong, waiting) == ([], 0)
    assert ("буксир", "буксир") in pairs


@pytest.mark.parametrize("when", ["before it is asked", "while it is at work"])
def test_a_process_that_is_killed_costs_no_word(store: Store, when: str) -> None:
    add(store, posts(1, 40))
    process = helper_of(store)._process
    if when == "while it is at work":
        os.kill(process.pid, signal.SIGSTOP)
        add_killing = posts(41, 40)
        os.kill(process.pid, signal.SIGKILL)
        add(store, add_killing)
    else:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        add(store, posts(41, 40))
    add(store, posts(81, 40))
    store.settle()
    assert content(store.path)[2:] == ([], 0)


def test_a_process_that_never_answers_is_given_up(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper, "PATIENCE", 0.05)
    add(store, posts(1, 40))
    process = helper_of(store)._process
    os.kill(process.pid, signal.SIGSTOP)
    add(store, posts(41, 40))
    assert process.poll() is not None
    store.settle()
    assert content(store.path)[2:] == ([], 0)


class Interrupted(Exception):
    pass


def take_a_turn_in_vain(store: Store) -> None:
    with store.transaction() as conn:
        store._indexer.take_turn(driver(conn), 0)
        raise Interrupted


def test_after_a_rollback_its_words_are_found_once_more(store: Store) -> None:
    """What it told is not in the archive, so what it remembers must not be trusted."""
    add(store, posts(1, 40))

    with pytest.raises(Interrupted):
        take_a_turn_in_vain(store)
    add(store, posts(41, 40))
    store.settle()
    _, pairs, wrong, waiting = content(store.path)
    assert (wrong, waiting) == ([], 0)
    assert {form for _, form in pairs} >= {"паром", "паромы", "маяк", "маяка"}


def test_what_a_killed_run_left_is_indexed_when_the_archive_is_opened_next(store: Store) -> None:
    add(store, posts(1, 40))
    add(store, posts(41, 40))
    store.close()
    assert content(store.path)[3] > 0
    with Store.open(store.path):
        assert content(store.path)[2:] == ([], 0)


def test_no_process_is_left_behind(store: Store) -> None:
    add(store, posts(1, 40))
    process = helper_of(store)._process
    store.settle()
    assert process.poll() is not None


@pytest.mark.parametrize("killed", [False, True])
def test_an_index_made_anew_by_several_processes_is_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    for at in range(4):
        add(store, posts(1 + 40 * at, 40, at))
    store.settle()
    before = content(store.path)
    monkeypatch.setattr(rebuilding, "_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(rebuilding, "_PORTION", 20)
    made: list[helper.Helper] = []

    class Noted(helper.Helper):
        def __init__(self, *given: str, patience: float) -> None:
            super().__init__(*given, patience=patience)
            made.append(self)

    monkeypatch.setattr(rebuilding, "Helper", Noted)

    def kill_one(done: int) -> None:
        if killed and done == 20:
            os.kill(made[1]._process.pid, signal.SIGKILL)

    with store.transaction() as conn:
        assert rebuilding.rebuild(driver(conn), kill_one) == 160
    assert content(store.path) == before
    assert len(made) == 2
    assert all(each._process.poll() is not None for each in made)


def test_where_fts5_writes_otherwise_it_indexes_every_post_itself(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(4):
        add(store, posts(1 + 40 * at, 40, at))
    store.settle()
    before = content(store.path)
    monkeypatch.setattr(segments, "_VERSION", 5)
    monkeypatch.setattr(rebuilding, "_PORTION", 30)
    with store.transaction() as conn:
        assert rebuilding.rebuild(driver(conn)) == 160
    assert content(store.path) == before
