"""The archive keeps all it is told, once, and refuses what it does not understand."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.errors import Locked, StoreError
from archiver.model import BadRecord, Channel, Forward, OriginKind, Post, PostKind, Source
from archiver.store import look
from archiver.store.store import Store
from archiver.store.version import HEAD
from tests.newsroom import DAWN, Newsroom

HARBOUR = Channel("Harbour", "harbour", -1001000000001)


def test_a_post_comes_back_as_it_was_told(room: Newsroom) -> None:
    """Every field survives the way into the database and out of it."""
    told = Post(
        7,
        "Нова пристань відкрита 🚢",
        DAWN,
        edited=DAWN + 5,
        entities=({"type": "bold", "offset": 0, "length": 4},),
        forward=Forward(OriginKind.CHANNEL, -1001000000009, None, 3, DAWN - 9, "Origin", "A. Pen"),
        grouped_id=99,
        reply_to=5,
        author="Editor",
        via_bot="@bot",
        media_kind="photo",
        media={"kind": "photo", "width": 640},
        views=120,
        forwards=3,
        replies=1,
        reactions=({"type": "emoji", "emoji": "👍", "count": 4},),
        details={"poll": {"question": "?"}},
    )
    room.save("harbour", told)
    with sqlite3.connect(room.store.path) as db:
        found = look.load(db, look.find_post(db, "@harbour/7"))
    db.close()
    assert found.post == told


def test_telling_the_same_twice_changes_nothing(room: Newsroom) -> None:
    post = room.post("harbour", "The ferry leaves at nine.")
    before = room.rows("SELECT * FROM post")
    tally = room.save("harbour", post)
    assert (tally.new, tally.changed, tally.unchanged) == (0, 0, 1)
    assert room.rows("SELECT * FROM post") == before


def test_a_post_that_comes_twice_in_one_batch_is_one_post(room: Newsroom) -> None:
    post = Post(1, "Twice in one file", DAWN)
    tally = room.save("harbour", post, post, replace(post, views=9))
    assert (tally.new, tally.changed, tally.unchanged) == (1, 1, 1)
    assert room.rows("SELECT text, views FROM post") == [("Twice in one file", 9)]


def test_an_edit_keeps_the_earlier_wording(room: Newsroom) -> None:
    post = room.post("harbour", "Three ships arrived.")
    room.edit("harbour", post, "Four ships arrived.")
    assert room.one("SELECT text FROM post") == "Four ships arrived."
    assert room.one("SELECT text FROM revision") == "Three ships arrived."


def test_an_old_export_after_the_edit_adds_a_version_and_never_wins(room: Newsroom) -> None:
    post = room.post("harbour", "Four ships arrived.", edited=DAWN + 500, source=Source.LIVE)
    tally = room.save(
        "harbour", replace(post, text="Three ships.", edited=None, source=Source.EXPORT)
    )
    assert tally.revisions == 1
    assert room.one("SELECT text FROM post") == "Four ships arrived."
    assert room.one("SELECT text FROM revision") == "Three ships."


def test_the_same_old_wording_is_kept_once(room: Newsroom) -> None:
    post = room.post("harbour", "Four ships arrived.", edited=DAWN + 500)
    old = replace(post, text="Three ships.", edited=None)
    room.save("harbour", old)
    tally = room.save("harbour", old)
    assert tally.unchanged == 1
    assert room.one("SELECT count(*) FROM revision") == 1


def test_a_plain_text_version_fills_gaps_but_never_overwrites(room: Newsroom) -> None:
    post = room.post("harbour", "Ships.", views=None, author=None)
    plain = replace(post, author="Mate", views=7, media_kind="photo", source=Source.TEXT)
    room.save("harbour", plain)
    room.save("harbour", replace(plain, author="Boatswain", views=5))
    assert room.rows("SELECT author, views, media_kind FROM post") == [("Mate", 7, "photo")]


def test_a_live_source_wins_over_an_export(room: Newsroom) -> None:
    post = room.post("harbour", "Ships.", author="Wrong", views=100)
    room.save("harbour", replace(post, author="Right", views=90, source=Source.LIVE))
    assert room.rows("SELECT author, views FROM post") == [("Right", 90)]


def test_what_changes_is_handed_to_dedup_and_a_counter_is_not(room: Newsroom) -> None:
    post = room.post("harbour", "Ships.")
    with room.store.transaction() as conn:
        conn.exec_driver_sql("DELETE FROM pending")
    room.save("harbour", replace(post, views=9))
    assert room.rows("SELECT * FROM pending") == []
    room.edit("harbour", post, "Boats.")
    assert len(room.rows("SELECT * FROM pending")) == 1


def test_order_by_sort_key_is_order_by_time(room: Newsroom) -> None:
    dates = [DAWN, DAWN - 10**9, None, DAWN + 60, 0, -(10**9), DAWN]
    posts = [Post(n, f"post {n}", date) for n, date in enumerate(dates, 1)]
    room.save("harbour", *posts)
    found = [d for (d,) in room.rows("SELECT date FROM post ORDER BY sort_key")]
    assert found == [None, -(10**9), 0, DAWN - 10**9, DAWN, DAWN, DAWN + 60]


def test_a_full_minute_overflows_and_says_by_how_much(room: Newsroom) -> None:
    """150 posts in one minute take three minutes' slots, two of them not their own."""
    room.save("harbour", *(Post(n, f"post {n}", DAWN) for n in range(1, 151)))
    room.save("harbour", *(Post(n, f"post {n}", DAWN + 60) for n in range(151, 161)))
    assert room.one("SELECT count(DISTINCT sort_key) FROM post") == 160
    assert room.one("SELECT value FROM index_state WHERE name = 'max_overflow'") == 2


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(st.integers(0, 300), max_size=90), max_size=4))
def test_sort_keys_are_unique_and_near_their_minute(tmp_path_factory, batches) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("keys") / "archive.sqlite"
    number = 0
    for batch in batches:
        with Store.open(path, create=True) as store:  # a new process remembers nothing
            room = Newsroom(store)
            posts = []
            for seconds in batch:
                number += 1
                posts.append(Post(number, "x", DAWN + seconds))
            room.save("harbour", *posts)
            found = room.rows("SELECT sort_key >> 6, date FROM post")
            overflow = room.rows("SELECT value FROM index_state WHERE name = 'max_overflow'")
            most = overflow[0][0] if overflow else 0
            assert all(0 <= m - (d - 1_356_998_400) // 60 <= most for m, d in found)


def test_a_channel_is_found_by_id_after_it_was_renamed(room: Newsroom) -> None:
    room.store.add_posts(room.run, [(HARBOUR, Post(1, "a", DAWN))], DAWN)
    renamed = Channel("New Harbour", "newharbour", HARBOUR.tg_id)
    room.store.add_posts(room.run, [(renamed, Post(2, "b", DAWN))], DAWN + 9)
    assert room.rows("SELECT title, username FROM channel") == [("New Harbour", "newharbour")]
    names = {n for (n,) in room.rows("SELECT name FROM channel_name")}
    assert names == {"Harbour", "harbour", "New Harbour", "newharbour"}


@pytest.mark.parametrize("at_once", [True, False])
def test_a_header_does_not_rename_a_channel_whose_posts_are_here(
    room: Newsroom, at_once: bool
) -> None:
    header = Forward(OriginKind.CHANNEL, HARBOUR.tg_id, "port", 1, name="Another Name")
    bay = Channel("Bay", "bay", -1_000_000_000_777)
    told = [(HARBOUR, Post(1, "a", DAWN)), (bay, Post(1, "a", DAWN + 1, forward=header))]
    for some in [told] if at_once else [told[:1], told[1:]]:
        room.store.add_posts(room.run, some, DAWN)
    sql = "SELECT title, username FROM channel ORDER BY id"
    assert room.rows(sql) == [("Harbour", "harbour"), ("Bay", "bay")]


def test_a_header_names_a_channel_until_its_own_posts_do(room: Newsroom) -> None:
    bay, number = Channel("Bay", "bay", -1_000_000_000_777), -1_000_000_000_778
    called = "SELECT title FROM channel WHERE tg_id = ?"
    for at, name in enumerate(["Reef Watch", "Reef Today"], 1):
        header = Forward(OriginKind.CHANNEL, number, None, at, name=name)
        room.store.add_posts(room.run, [(bay, Post(at, "a", DAWN, forward=header))], DAWN)
        assert room.one(called, number) == name
    for title, shown in [("", "Reef Today"), ("Reef Watch", "Reef Watch")]:
        item = Channel(title, None, number), Post(len(title) + 1, "b", DAWN)
        room.store.add_posts(room.run, [item], DAWN)
        assert room.one(called, number) == shown


def test_a_channel_known_by_name_gets_its_id_when_a_source_tells_it(room: Newsroom) -> None:
    named = Channel(username="Harbour")
    room.store.add_posts(room.run, [(named, Post(1, "a", DAWN))], DAWN)
    room.store.add_posts(room.run, [(HARBOUR, Post(2, "b", DAWN))], DAWN)
    assert room.rows("SELECT tg_id, count(*) FROM channel") == [(HARBOUR.tg_id, 1)]


def test_a_title_never_passes_for_a_real_channel(room: Newsroom) -> None:
    """Anybody can call a dump "Harbour"; only a person may say that it is the channel."""
    room.store.add_posts(room.run, [(HARBOUR, Post(1, "a", DAWN))], DAWN)
    room.store.add_posts(room.run, [(Channel("Harbour"), Post(-5, "b"))], DAWN)
    assert room.one("SELECT count(*) FROM channel") == 2


def test_linking_a_name_moves_its_posts_and_later_imports(room: Newsroom) -> None:
    room.store.add_posts(room.run, [(HARBOUR, Post(1, "a", DAWN))], DAWN)
    dump = Channel("my notes")
    room.store.add_posts(
        room.run, [(dump, Post(-5, "b")), (dump, Post(1, "a, it was", DAWN))], DAWN
    )
    linked = room.store.link_channel("my notes", Channel(username="harbour"), DAWN)
    assert (linked.merged, linked.moved, linked.joined) == (True, 1, 1)
    assert room.rows("SELECT message_id, text FROM post ORDER BY 1") == [(-5, "b"), (1, "a")]
    assert room.rows("SELECT text FROM revision") == [("a, it was",)]
    room.store.add_posts(room.run, [(dump, Post(-6, "c"))], DAWN)
    assert room.one("SELECT count(*) FROM channel") == 1


def test_linking_a_name_to_a_channel_not_yet_here_names_it(room: Newsroom) -> None:
    room.store.add_posts(room.run, [(Channel("my notes"), Post(-5, "b"))], DAWN)
    linked = room.store.link_channel("my notes", HARBOUR, DAWN)
    assert not linked.merged
    room.store.add_posts(room.run, [(HARBOUR, Post(2, "c", DAWN))], DAWN)
    assert room.one("SELECT count(*) FROM channel") == 1


def test_two_real_channels_are_never_joined(room: Newsroom) -> None:
    room.post("harbour", "a")
    room.post("pier", "b")
    with pytest.raises(StoreError, match="already is"):
        room.store.link_channel("harbour", room.channel("pier"), DAWN)


def test_a_real_channel_gets_no_other_name_by_linking(room: Newsroom) -> None:
    room.post("harbour", "a")
    with pytest.raises(StoreError, match="already is"):
        room.store.link_channel("harbour", Channel(username="elsewhere"), DAWN)
    assert room.rows("SELECT username FROM channel") == [("harbour",)]


def test_a_forward_by_name_and_the_channel_itself_meet(room: Newsroom) -> None:
    header = Forward(OriginKind.CHANNEL, username="Harbour", message_id=1)
    room.post("pier", "a", forward=header)
    room.store.add_posts(room.run, [(HARBOUR, Post(1, "a", DAWN))], DAWN)
    [(origin,)] = room.rows("SELECT fwd_channel FROM post WHERE fwd_channel IS NOT NULL")
    assert room.rows("SELECT tg_id FROM channel WHERE id = ?", origin) == [(HARBOUR.tg_id,)]


def test_bad_records_are_kept_with_their_place(room: Newsroom) -> None:
    bad = BadRecord("line 3", "no channel", '{"id": 1}')
    tally = room.store.add_posts(room.run, [], DAWN, [("posts.jsonl", bad)])
    assert tally.bad == 1
    assert room.rows("SELECT kind, place, message, data FROM event") == [
        ("bad-record", "posts.jsonl: line 3", "no channel", '{"id": 1}')
    ]


def test_a_failed_batch_leaves_nothing_behind(room: Newsroom) -> None:
    good, broken = Post(1, "good", DAWN), Post(2, "broken", DAWN, views=2**70)
    with pytest.raises(OverflowError):
        room.save("harbour", good, broken)
    assert room.rows("SELECT * FROM post") == []
    room.save("harbour", good)
    assert room.one("SELECT count(*) FROM posts_fts WHERE posts_fts MATCH 'good'") == 1


def test_service_and_undated_posts_are_kept_as_such(room: Newsroom) -> None:
    room.save(
        "harbour", Post(1, "", None, PostKind.UNSUPPORTED), Post(2, "", DAWN, PostKind.SERVICE)
    )
    assert room.rows("SELECT kind, date FROM post ORDER BY message_id") == [(2, None), (1, DAWN)]


def test_a_missing_archive_is_not_made_by_accident(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no archive at"):
        Store.open(tmp_path / "none.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        Store.open(tmp_path)


def test_a_file_of_another_kind_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "letter.sqlite"
    path.write_text("Dear reader, " * 1000)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not an archive"):
        Store.open(path, create=True)
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE recipe (id)")
    other.commit()
    other.close()
    with pytest.raises(StoreError, match="another program"):
        Store.open(path, create=True)


def test_an_archive_from_the_future_is_refused(store: Store, db: Path) -> None:
    with store.transaction() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(StoreError, match="newer version"):
        Store.open(db)


def test_a_second_writer_is_told_who_holds_the_archive(store: Store, db: Path) -> None:
    with pytest.raises(Locked, match=f"process {os.getpid()}"):
        Store.open(db)


def test_a_full_disk_keeps_what_was_saved_and_says_so(room: Newsroom) -> None:
    room.post("harbour", "before")
    with room.store.transaction() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar()
        conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError, match="disk is full"):
        room.save("harbour", *(Post(n, "x" * 9000, DAWN) for n in range(10, 40)))
    assert room.one("SELECT text FROM post") == "before"
    assert room.one("PRAGMA integrity_check") == "ok"


def test_another_program_in_the_way_is_named(room: Newsroom) -> None:
    with room.store.transaction() as conn:
        conn.exec_driver_sql("PRAGMA busy_timeout=50")
    other = sqlite3.connect(room.store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another program is using"):
        room.post("harbour", "in the way")
    other.execute("ROLLBACK")
    other.close()


def test_the_newest_migration_is_the_one_readers_expect() -> None:
    from alembic.script import ScriptDirectory

    from archiver.store.migrate import _config

    assert ScriptDirectory.from_config(_config()).get_current_head() == HEAD
