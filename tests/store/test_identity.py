"""Which channel a file means that names it by title: proved by the posts, never by the title."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archiver.errors import InputError
from archiver.ingest import Hooks, ingest
from archiver.model import ASSUMED_ZONE, Channel, Forward, OriginKind, Post, Source
from archiver.sources import ReadOptions
from archiver.sources.detect import open_source
from archiver.store.identity import Verdict, judge
from tests.newsroom import DAWN, Newsroom
from tests.sources import worlds
from tests.sources.desktop_pages import message, page

TITLE = Channel("Harbour")
REAL = Channel("Harbour", tg_id=-1001900000101)
NAMED = Channel("Harbour", "harbour")


def told(*numbers: int, shift: int = 0, source: Source = Source.HTML) -> list[Post]:
    return [Post(n, f"Post {n}.", DAWN + 60 * n + shift, source=source) for n in numbers]


def known(*posts: Post) -> dict[int, tuple[int | None, str]]:
    return {post.message_id: (post.date, post.text) for post in posts}


@pytest.mark.parametrize(
    ("here", "there", "verdict"),
    [
        (told(1, 2), told(2, 3), Verdict.SAME),
        (told(1, 2), told(1, 2, shift=3 * 3600), Verdict.SAME),
        (told(1, 2), told(1, 2, shift=45 * 60), Verdict.SAME),
        (told(1, 2), told(1, 2, shift=7), Verdict.OTHER),
        (told(1, 2), told(1, 2, shift=15 * 3600), Verdict.OTHER),
        (told(1), [Post(1, "Other words.", DAWN + 60 + 3600)], Verdict.OTHER),
        (told(1), [Post(1, "Edited.", DAWN + 60)], Verdict.SAME),
        (told(1, 2), told(3, 4), Verdict.UNKNOWN),
        (told(1), [Post(1, "Post 1.")], Verdict.UNKNOWN),
        (told(1, 2, 3), [*told(1), *told(2, 3, shift=7)], Verdict.UNKNOWN),
    ],
)
def test_posts_of_one_number_and_one_second_are_the_same(
    here: list[Post], there: list[Post], verdict: Verdict
) -> None:
    assert judge(known(*here), there)[0] is verdict


def save(room: Newsroom, channel: Channel, *posts: Post) -> Channel:
    """As an import does: who is meant is asked first."""
    found = room.store.recognise(room.run, channel, posts, "file", DAWN).channel
    assert found is not None
    room.store.add_posts(room.run, [(found, post) for post in posts], DAWN)
    return found


def channels_with_posts(room: Newsroom) -> int:
    count: int = room.one("SELECT count(DISTINCT channel_id) FROM post")
    return count


@pytest.mark.parametrize("first", [REAL, NAMED, TITLE])
@pytest.mark.parametrize("second", [REAL, NAMED, TITLE])
def test_files_of_one_channel_become_one_whatever_they_call_it(
    room: Newsroom, first: Channel, second: Channel
) -> None:
    save(room, first, *told(1, 2, 3))
    save(room, second, *told(2, 3, 4))
    assert channels_with_posts(room) == 1
    assert room.one("SELECT count(*) FROM post") == 4
    row = room.rows("SELECT tg_id, username FROM channel WHERE id IN (SELECT channel_id FROM post)")
    assert row == [(first.tg_id or second.tg_id, first.username or second.username)]


def test_three_files_that_meet_late_become_one(room: Newsroom) -> None:
    save(room, TITLE, *told(1, 2))
    save(room, NAMED, *told(5, 6))
    save(room, REAL, *told(8, 9))
    assert channels_with_posts(room) == 3
    save(room, REAL, *told(1, 5, 8))
    save(room, REAL, *told(2, 6, 9))
    assert channels_with_posts(room) == 1
    assert room.rows("SELECT tg_id, username FROM channel") == [(REAL.tg_id, "harbour")]


def test_a_title_alone_joins_nothing(room: Newsroom) -> None:
    save(room, REAL, *told(1, 2))
    save(room, TITLE, *told(7, 8))
    assert channels_with_posts(room) == 2
    other = Channel("Harbour", tg_id=-1001900000999)
    save(room, other, *told(1, 2, shift=7))
    assert channels_with_posts(room) == 3


def test_two_channels_with_ids_are_never_joined(room: Newsroom) -> None:
    """Not even where one mirrors the other to the second."""
    save(room, REAL, *told(1, 2))
    save(room, replace(REAL, tg_id=-1001900000999), *told(1, 2))
    assert channels_with_posts(room) == 2


def test_a_mirror_with_an_id_is_not_what_a_name_with_another_id_means(room: Newsroom) -> None:
    save(room, replace(REAL, username="harbour"), *told(1, 2))
    save(room, replace(REAL, tg_id=-1001900000999), *told(1, 2))
    save(room, NAMED, *told(1, 2))
    assert channels_with_posts(room) == 2


def test_a_title_that_fits_two_mirrors_is_left_open(room: Newsroom) -> None:
    save(room, REAL, *told(1, 2))
    save(room, replace(REAL, tg_id=-1001900000999), *told(1, 2))
    found = room.store.recognise(room.run, TITLE, told(1, 2), "file", DAWN)
    assert (found.channel, found.settled) == (TITLE, False)


def test_another_channel_of_the_same_title_is_refused(room: Newsroom) -> None:
    save(room, TITLE, *told(1, 2))
    found = room.store.recognise(room.run, TITLE, told(1, 2, shift=7), "file", DAWN)
    assert found.channel is None


def test_what_hangs_on_the_posts_and_forwards_comes_along(room: Newsroom) -> None:
    origin = Forward(OriginKind.CHANNEL, username="harbour", message_id=1, name="Harbour")
    room.post("bay", "Post 1.", forward=origin)
    live = [replace(post, views=5, source=Source.LIVE) for post in told(1, 2)]
    save(room, NAMED, *live)
    save(room, NAMED, *[replace(post, views=9) for post in live])
    save(room, REAL, *[replace(post, text="Edited.") for post in told(1, source=Source.EXPORT)])
    save(room, TITLE, *told(1, 2))
    assert room.one("SELECT count(*) FROM channel WHERE title = 'Harbour'") == 1
    key = room.one("SELECT id FROM channel WHERE tg_id = ?", REAL.tg_id)
    assert room.one("SELECT fwd_channel FROM post WHERE fwd_message = 1") == key
    assert room.one("SELECT count(*) FROM metric") > 0
    assert room.rows("PRAGMA foreign_key_check") == []


def test_a_sure_date_takes_the_place_of_an_assumed_one(room: Newsroom) -> None:
    local = [replace(p, details={ASSUMED_ZONE: "UTC"}) for p in told(1, 2, shift=3 * 3600)]
    save(room, TITLE, *local)
    save(room, TITLE, *told(1, 2))
    save(room, TITLE, *local)
    assert room.rows("SELECT date, details FROM post ORDER BY message_id") == [
        (DAWN + 60, None), (DAWN + 120, None),
    ]  # fmt: skip


def test_the_better_source_wins_and_says_so(room: Newsroom) -> None:
    head = Forward(OriginKind.NAME, name="Bay", date=DAWN)
    html = Post(1, "Words.", DAWN, forward=head, media_kind="photo", source=Source.HTML)
    full = Forward(OriginKind.CHANNEL, peer_id=-1001900000555, name="Bay")
    json = Post(1, "Words.", DAWN, edited=DAWN + 9, forward=full, author="A", source=Source.EXPORT)
    seen = Post(1, "Words.", DAWN, views=436_600, source=Source.PREVIEW)
    for order in ((html, json, seen), (seen, html, json), (json, seen, html)):
        number = 1 + (room.one("SELECT coalesce(max(message_id), 0) FROM post"))
        save(room, REAL, *[replace(post, message_id=number) for post in order])
        for post in order:
            save(room, REAL, replace(post, message_id=number))
    rows = room.rows(
        "SELECT fwd_kind, fwd_date, fwd_peer, edited, author, views, media_kind, src_text,"
        " src_forward, src_media, src_counts FROM post"
    )
    want = ("channel", DAWN, -1001900000555, DAWN + 9, "A", 436_600, "photo", 2, 2, 5, 4)
    assert rows == [want] * 3


def test_a_rounded_counter_never_replaces_an_exact_one(room: Newsroom) -> None:
    post = Post(1, "Words.", DAWN, views=436_571)
    save(room, REAL, post)
    save(room, REAL, replace(post, views=436_600, forwards=3, source=Source.PREVIEW))
    assert room.rows("SELECT views, forwards FROM post") == [(436_571, 3)]


def run(room: Newsroom, tmp_path: Path, **files: bytes) -> list[str]:
    """Imports files as the command does; returns what went wrong and what was told."""
    said: list[str] = []
    for name, data in files.items():
        path = tmp_path / name.replace("_", ".")
        path.write_bytes(data)
        sources = [(path, lambda path=path: open_source(path))]
        done = ingest(room.store, room.run, sources, ReadOptions(), Hooks(lambda: DAWN))
        said += [*done.tally.notices, *(f.error for f in done.files if f.error)]
    return said


def twins() -> tuple[bytes, bytes]:
    date = "04.03.2025 12:20:05 UTC+01:00"
    html = page(message(1, date=date), message(2, "B", date=date, joined=True))
    json = worlds.chat(
        worlds.message(1, date_unixtime="1741087205"),
        worlds.message(2, "B", date_unixtime="1741087205"),
    )
    return html, worlds.as_bytes(json)


BOTH = ("messages_html", "result_json")


@pytest.mark.parametrize("order", [BOTH, BOTH[::-1]])
def test_a_folder_with_both_exports_gives_each_post_once(
    room: Newsroom, tmp_path: Path, order: tuple[str, str]
) -> None:
    html, json = twins()
    data = {"messages_html": html, "result_json": json}
    said = run(room, tmp_path, **{name: data[name] for name in order})
    assert room.one("SELECT count(*) FROM post") == 2
    assert channels_with_posts(room) == 1
    assert any("2 posts have the same number and date" in each for each in said)
    assert room.one("SELECT count(*) FROM event WHERE kind = 'recognised'") == 1
    assert run(room, tmp_path, **data)[-1:] != []
    assert room.one("SELECT count(*) FROM post") == 2


def test_a_namesake_is_refused_in_one_sentence(room: Newsroom, tmp_path: Path) -> None:
    html, _ = twins()
    other = html.replace(b"12:20:05 UTC", b"12:20:09 UTC")
    said = run(room, tmp_path, messages_html=html, messages2_html=other)
    assert len(said) == 1
    assert "another channel is called 'Harbour'" in said[0]
    assert "--channel" in said[0]
    assert room.one("SELECT count(*) FROM post") == 2
    assert InputError.exit_code == 9
