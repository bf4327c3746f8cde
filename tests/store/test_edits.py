"""Which versions of an edited post count, and since when it says what it says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from archiver.model import Source
from archiver.store.edits import Earlier, Edited, Newest, judged
from tests.dedup_room import LONG, opened
from tests.test_near import HARVEST

POSTED, EDITED = 1_000, 5_000


@pytest.fixture(scope="module")
def db() -> Iterator[sqlite3.Connection]:
    with opened() as room, closing(sqlite3.connect(room.path)) as connection:
        yield connection


def newest(text: str = LONG, **more: Any) -> Newest:
    told: dict[str, Any] = {
        "id": 1, "date": POSTED, "edited": EDITED, "body": 1, "leader": None, "text": text,
        "cuts": None, "channel_id": 1, "fwd_channel": None,
    }  # fmt: skip
    return Newest(**(told | more))


def earlier(number: int, text: str, **more: Any) -> Earlier:
    told: dict[str, Any] = {
        "revision": number, "post": 1, "body": number, "words": len(text.split()), "edited": None,
        "source": Source.EXPORT, "seen": 9_000, "text": text, "cuts": None, "leader": None,
        "relation": None, "score": None, "is_form": 0,
    }  # fmt: skip
    return Earlier(**(told | more))


def kept(found: Edited) -> list[int]:
    return [each.revision for each in found.kept]


def test_a_correction_keeps_the_date_of_the_post(db: sqlite3.Connection) -> None:
    found = judged(db, newest(), [earlier(2, LONG.replace("river", "lake"))])
    assert (kept(found), found.past, found.since) == ([2], (), POSTED)


def test_another_text_counts_no_more_and_the_newest_from_its_edit_on(
    db: sqlite3.Connection,
) -> None:
    found = judged(db, newest(), [earlier(2, HARVEST)])
    assert (kept(found), len(found.past), found.since) == ([], 1, EDITED)


def test_the_first_version_that_says_so_tells_since_when(db: sqlite3.Connection) -> None:
    versions = [earlier(2, HARVEST), earlier(3, LONG.replace("river", "lake"), edited=3_000)]
    assert judged(db, newest(), versions).since == 3_000
    before = [earlier(2, HARVEST, edited=3_000), earlier(3, LONG.replace("river", "lake"))]
    assert judged(db, newest(), before).since == POSTED


@pytest.mark.parametrize(("source", "since"), [(Source.LIVE, 4_000), (Source.EXPORT, EDITED)])
def test_what_was_seen_to_be_replaced_was_replaced_by_then(
    db: sqlite3.Connection, source: Source, since: int
) -> None:
    versions = [earlier(2, HARVEST, source=source, seen=4_000)]
    assert judged(db, newest(), versions).since == since


def test_without_dates_the_post_s_own_counts(db: sqlite3.Connection) -> None:
    assert judged(db, newest(edited=None), [earlier(2, HARVEST)]).since == POSTED
    assert judged(db, newest(date=None), [earlier(2, HARVEST)]).since is None


def test_what_one_leader_leads_is_one_statement_however_unlike(db: sqlite3.Connection) -> None:
    start = " ".join(LONG.split()[:10])
    grown = newest(f"{start} again. " + "Ferries and crews of all harbours had foreseen it. " * 3)
    part = earlier(3, start, leader=2, relation="part", score=0.9)
    assert kept(judged(db, grown, [earlier(2, LONG), part])) == [2, 3]
    assert kept(judged(db, grown, [earlier(2, LONG), part._replace(leader=None)])) == [3]


def test_a_footer_makes_no_two_texts_alike(db: sqlite3.Connection) -> None:
    line = "read more news of the coast and of the islands every evening on our own channel"
    db.execute("INSERT INTO footer(channel_id, line) VALUES (1, ?)", (line,))
    one, two = "Ferries sail again from the old harbour", "Schools stay closed on Monday in Norburg"
    found = judged(db, newest(f"{one}\n{line.capitalize()}"), [earlier(2, f"{two}\n{line}")])
    assert kept(found) == []
