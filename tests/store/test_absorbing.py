"""Another archive merged into this one."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.errors import InputError
from archiver.ingest import Hooks, ingest
from archiver.model import (
    Account,
    Channel,
    Forward,
    OriginKind,
    Page,
    Post,
    Sighting,
    Source,
    Tally,
)
from archiver.sources import ReadOptions
from archiver.sources.detect import open_source
from archiver.store import coverage
from archiver.store.subscriptions import SyncState
from tests import archives
from tests.newsroom import DAWN, Newsroom

ACCOUNT = Account(7, "reader")


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Newsroom]:
    with archives.opened(tmp_path / "other.sqlite") as store:
        yield Newsroom(store)


def merge(room: Newsroom, other: Newsroom) -> Tally:
    done = Tally()
    for tally in room.store.absorb(room.run, other.store.path, lambda: DAWN + 9_000):
        done += tally
    assert room.rows("PRAGMA foreign_key_check") == []
    return done


def posts(room: Newsroom) -> list[tuple[object, ...]]:
    return room.rows(
        "SELECT c.tg_id, message_id, text, date, views, deleted_at, src_text, src_counts FROM post"
        " JOIN channel c ON c.id = channel_id ORDER BY 1, 2"
    )


def live(room: Newsroom, name: str, page: Page, deleted: tuple[int, ...] = ()) -> None:
    """A page of @name arrives from Telegram."""
    archive = room.store.live(room.run, ACCOUNT)
    room.store.keep_account(ACCOUNT.user_id, ACCOUNT.label, DAWN)
    archive.subscribe(Sighting(room.channel(name), access_hash=1), f"@{name}", None, DAWN)
    [subscription] = [s for s in archive.subscriptions() if s.username == name]
    archive.add_page(subscription, page, deleted, SyncState(), DAWN)
    archive.settle()


def told(*numbers: int, **more: object) -> tuple[Post, ...]:
    made = (Post(n, f"Post {n}.", DAWN + 60 * n, source=Source.LIVE) for n in numbers)
    return tuple(replace(post, **more) for post in made)


def test_the_union_of_posts(room: Newsroom, other: Newsroom) -> None:
    room.save("harbour", *told(1, 2))
    other.save("harbour", *told(2, 3))
    other.save("bay", *told(1))
    assert merge(room, other).new == 2
    assert sorted(row[1] for row in posts(room)) == [1, 1, 2, 3]
    before = posts(room)
    again = merge(room, other)
    assert (again.new, again.changed, again.revisions) == (0, 0, 0)
    assert posts(room) == before


def test_the_other_file_is_not_touched(room: Newsroom, other: Newsroom) -> None:
    other.save("harbour", *told(1, 2))
    other.store.close()
    path = other.store.path
    path.chmod(0o400)
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    merge(room, other)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_how_each_group_of_fields_came_there_comes_along(room: Newsroom, other: Newsroom) -> None:
    header = Forward(OriginKind.NAME, name="Bay", date=DAWN)
    other.save("harbour", Post(1, "Words.", DAWN, forward=header, source=Source.HTML))
    other.save("harbour", Post(1, "Words.", DAWN, views=5, source=Source.PREVIEW))
    merge(room, other)
    columns = "SELECT src_text, src_forward, src_counts, fwd_date, views FROM post"
    assert room.rows(columns) == [(5, 5, 4, DAWN, 5)]
    room.save("harbour", Post(1, "Words.", DAWN, views=7, source=Source.EXPORT))
    merge(room, other)
    assert room.rows(columns) == [(2, 5, 2, DAWN, 7)]


@pytest.mark.parametrize("mine", ["early", "late"])
def test_the_wording_with_the_later_edit_is_current_and_the_other_a_version(
    room: Newsroom, other: Newsroom, mine: str
) -> None:
    [early] = told(1, text="Before.")
    late = replace(early, text="After.", edited=DAWN + 500)
    here, there = (early, late) if mine == "early" else (late, early)
    room.save("harbour", here)
    other.save("harbour", there)
    merge(room, other)
    assert room.rows("SELECT text FROM post") == [("After.",)]
    assert room.rows("SELECT text FROM revision") == [("Before.",)]


def test_nothing_is_overwritten_by_worse(room: Newsroom, other: Newsroom) -> None:
    [good] = told(1, views=900)
    room.save("harbour", good)
    worse = replace(good, text="Cleaned.", views=5, author="A", source=Source.EXPORT)
    other.save("harbour", worse)
    merge(room, other)
    assert room.rows("SELECT text, views, author FROM post") == [("Post 1.", 900, "A")]
    assert room.rows("SELECT text, source FROM revision") == [("Cleaned.", 2)]


def test_versions_come_along_once(room: Newsroom, other: Newsroom) -> None:
    for archive in (room, other):
        first = archive.post("harbour", "One.", source=Source.LIVE)
        archive.edit("harbour", first, "Two.")
    other.edit("harbour", first, "Three.")
    merge(room, other)
    merge(room, other)
    assert room.rows("SELECT text FROM post") == [("Three.",)]
    assert sorted(room.rows("SELECT text FROM revision")) == [("One.",), ("Two.",)]


def test_bytes_and_counters_over_time_come_along(room: Newsroom, other: Newsroom) -> None:
    other.save("harbour", *told(1, raw=b"tl", raw_layer=200, views=5))
    other.clock += 60
    other.save("harbour", *told(1, raw=b"tl", raw_layer=200, views=9))
    room.save("harbour", *told(1, source=Source.EXPORT))
    merge(room, other)
    assert room.one("SELECT layer FROM raw_post") == 200
    assert sorted(room.rows("SELECT views FROM metric")) == [(5,), (9,)]
    assert room.one("SELECT views FROM post") == 9


def test_deletions_known_there_are_known_here(room: Newsroom, other: Newsroom) -> None:
    room.save("harbour", *told(1, source=Source.EXPORT))
    live(other, "harbour", Page(1, 3, told(1, 2, 3)))
    live(other, "harbour", Page(2, 3, told(3)), deleted=(1, 2))
    merge(room, other)
    found = room.rows("SELECT message_id, deleted_at, deleted_evidence FROM post ORDER BY 1")
    assert found == [(1, DAWN, "by id"), (2, DAWN, "by id"), (3, None, None)]


def test_a_synced_channel_believes_its_own_sync(room: Newsroom, other: Newsroom) -> None:
    live(room, "harbour", Page(1, 1, told(1)))
    live(other, "harbour", Page(1, 1, told(1)))
    live(other, "harbour", Page(1, 1), deleted=(1,))
    assert any("contradict" in each for each in merge(room, other).notices)
    assert room.one("SELECT deleted_at FROM post") is None
    assert room.one("SELECT count(*) FROM event WHERE kind = 'conflict'") == 1


def test_a_deleted_post_here_is_not_brought_back(room: Newsroom, other: Newsroom) -> None:
    live(room, "harbour", Page(1, 1, told(1)))
    live(room, "harbour", Page(1, 1), deleted=(1,))
    other.save("harbour", *told(1, views=3))
    merge(room, other)
    assert room.one("SELECT deleted_at FROM post") == DAWN


def test_coverage_is_joined(room: Newsroom, other: Newsroom) -> None:
    live(room, "harbour", Page(1, 4, told(1, 2)))
    live(other, "harbour", Page(5, 9, told(6, 7)))
    live(other, "harbour", Page(20, 30, told(21)))
    merge(room, other)
    spans = room.rows("SELECT lo, hi FROM coverage ORDER BY lo")
    assert spans == [(1, 9), (20, 30)]
    assert coverage.faults(spans) == []


def test_a_merge_that_is_killed_promises_nothing(room: Newsroom, other: Newsroom) -> None:
    live(other, "harbour", Page(1, 9, told(*range(1, 9))))
    merging = room.store.absorb(room.run, other.store.path, lambda: DAWN)
    next(merging)
    merging.close()
    assert room.rows("SELECT * FROM coverage") == []
    merge(room, other)
    assert room.rows("SELECT lo, hi FROM coverage") == [(1, 9)]


def test_names_and_what_a_person_linked_come_along(room: Newsroom, other: Newsroom) -> None:
    other.store.add_posts(other.run, [(Channel("my notes"), Post(-5, "Note."))], DAWN)
    other.store.link_channel("my notes", other.channel("harbour"), DAWN)
    merge(room, other)
    room.store.add_posts(room.run, [(Channel("my notes"), Post(-6, "More."))], DAWN)
    assert room.one("SELECT count(DISTINCT channel_id) FROM post") == 1
    assert room.one("SELECT count(*) FROM channel") == 1


def test_a_name_linked_to_two_channels_is_a_conflict(room: Newsroom, other: Newsroom) -> None:
    for archive, name in ((room, "bay"), (other, "harbour")):
        archive.store.add_posts(archive.run, [(Channel("my notes"), Post(-5, "Note."))], DAWN)
        archive.store.link_channel("my notes", archive.channel(name), DAWN)
    merge(room, other)
    assert "linked" in room.one("SELECT message FROM event WHERE kind = 'conflict'")


def test_accounts_stay_where_they_are(room: Newsroom, other: Newsroom) -> None:
    live(other, "harbour", Page(1, 1, told(1)))
    assert any("channels add" in each for each in merge(room, other).notices)
    for table in ("account", "access_hash", "channel_sync"):
        assert room.one(f"SELECT count(*) FROM {table}") == 0


def test_what_is_merged_can_be_found(room: Newsroom, other: Newsroom) -> None:
    other.save("harbour", *told(1, text="Lighthouse."))
    merge(room, other)
    assert room.one("SELECT count(*) FROM posts_fts WHERE posts_fts MATCH 'lighthouse'") == 1
    assert room.one("SELECT count(*) FROM pending") == 1


def test_an_archive_of_an_older_schema(room: Newsroom, tmp_path: Path, other: Newsroom) -> None:
    other.save("harbour", *told(1, 2))
    other.store.close()
    old = sqlite3.connect(other.store.path)
    for table in ("metric", "raw_post", "coverage", "channel_sync", "access_hash", "flood_wait"):
        old.execute(f"DROP TABLE {table}")
    old.execute("UPDATE alembic_version SET version_num = '0001'")
    old.commit()
    old.close()
    assert merge(room, other).new == 2


def test_what_cannot_be_merged_says_why(room: Newsroom, other: Newsroom, tmp_path: Path) -> None:
    def said(path: Path) -> str:
        with pytest.raises(InputError) as caught:
            list(room.store.absorb(room.run, path, lambda: DAWN))
        return str(caught.value)

    assert "is the archive itself" in said(room.store.path)
    other.store.close()
    with sqlite3.connect(other.store.path) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    assert "newer version" in said(other.store.path)
    (tmp_path / "x.sqlite").write_bytes(b"SQLite format 3\0" + b"\0" * 200)
    assert "is not an archive" in said(tmp_path / "x.sqlite")


def test_damaged_rows_are_reported_and_cover_nothing(room: Newsroom, other: Newsroom) -> None:
    live(other, "harbour", Page(1, 2, told(1, 2)))
    with sqlite3.connect(other.store.path) as db:
        db.execute("UPDATE post SET entities = '{' WHERE message_id = 1")
    db.close()
    done = merge(room, other)
    assert (done.new, done.bad) == (1, 1)
    assert room.rows("SELECT * FROM coverage") == []


def test_the_import_takes_an_archive_like_any_file(room: Newsroom, other: Newsroom) -> None:
    other.save("harbour", *told(1))
    path = other.store.path
    sources = [(path, lambda: open_source(path))]
    done = ingest(room.store, room.run, sources, ReadOptions(), Hooks(lambda: DAWN))
    assert (done.tally.new, done.files[0].format, done.complete) == (1, "archiver", True)
