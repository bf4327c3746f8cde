"""Deleted posts are marked, never erased; and only what is known to be gone is held to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.sync.plan import Rules
from tests.server import Channel, omit
from tests.sync.watching import asked, one_post
from tests.syncroom import SyncRoom, in_room


async def archived(room: SyncRoom, posts: int = 250, *, told: bool = True) -> Channel:
    """A channel, archived; `told`: the server says what changes."""
    channel = room.world.channel("harbour")
    channel.diff_for_members = not told
    channel.post_many(posts)
    await room.add(channel)
    await room.sync()
    await room.sync()
    return channel


def test_a_deletion_that_the_server_tells_is_a_mark_with_its_evidence(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        was = room.archived(channel)
        room.sleep(5)
        channel.delete(7, 250)
        result = await room.sync()
        assert result.tally.deleted == 2
        assert room.archived(channel, deleted=True) == {7: was[7], 250: was[250]}
        at, evidence = one_post(room, channel, 7, "deleted_at", "deleted_evidence")
        assert (at, evidence) == (room.now(), "difference")
        assert room.covered(channel) == [(1, 250)]

    in_room(tmp_path / "a.sqlite", story)


def test_a_deletion_among_the_last_posts_is_seen_and_confirmed(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        asked(room)
        channel.delete(120, 240, told=False)
        result = await room.sync()
        assert result.tally.deleted == 2
        assert asked(room)["GetMessages"] == 2, "one question a page, for those that it lacks"
        assert one_post(room, channel, 240, "deleted_evidence") == ("by id",)
        asked(room)
        await room.sync()
        assert "GetMessages" not in asked(room), "what is known to be gone is not asked for again"

    in_room(tmp_path / "a.sqlite", story)


def test_an_old_deletion_is_seen_by_the_sweep(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room, 400)
        room.sleep(5)
        channel.delete(13, told=False)
        await room.sync()
        assert room.archived(channel, deleted=True) == {}
        result = await room.sync(Rules(full_sweep=True))
        assert result.tally.deleted == 1
        assert room.archived(channel, deleted=True).keys() == {13}

    in_room(tmp_path / "a.sqlite", story)


@pytest.mark.parametrize("told", [True, False])
def test_the_last_post_of_a_channel_that_falls_silent_is_seen_to_be_gone(
    tmp_path: Path, told: bool
) -> None:
    """Nothing newer ever frames it."""

    async def story(room: SyncRoom) -> None:
        channel = await archived(room, 150, told=False)
        channel.delete(150, 149, told=told)
        await room.sync()
        assert room.archived(channel, deleted=True).keys() == {149, 150}
        asked(room)
        await room.sync()
        assert "GetMessages" not in asked(room)

    in_room(tmp_path / "a.sqlite", story)


def test_a_channel_that_was_emptied_is_seen_to_be_empty(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room, 150, told=False)
        texts = room.archived(channel)
        channel.delete(*range(1, 151), told=False)
        result = await room.sync()
        assert result.complete
        assert room.archived(channel) == {}
        assert room.archived(channel, deleted=True) == texts
        channel.post("A new beginning.")
        await room.sync()
        assert room.archived(channel) == {151: "A new beginning."}

    in_room(tmp_path / "a.sqlite", story)


def test_what_an_answer_passes_over_is_not_held_to_be_deleted(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        channel.delete(220, 230, 240, told=False)
        room.server.fail("GetMessages", omit(230), times=None)
        await room.sync()
        assert room.archived(channel, deleted=True).keys() == {220, 240}
        assert 230 in room.archived(channel)
        room.server.heal()
        await room.sync()
        assert room.archived(channel, deleted=True).keys() == {220, 230, 240}

    in_room(tmp_path / "a.sqlite", story)


def test_what_a_page_withholds_is_not_deleted(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        channel.page_hide = set(range(180, 200))
        channel.delete(170, told=False)
        result = await room.sync()
        assert result.tally.deleted == 1
        assert room.archived(channel) == room.on_server(channel)
        assert "hidden-page" in room.events()

    in_room(tmp_path / "a.sqlite", story)


def test_a_post_that_is_there_again_loses_its_mark(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        data, date = channel.stored(240).data, channel.shelf.date(240)
        channel.delete(240, told=False)
        await room.sync()
        assert room.archived(channel, deleted=True).keys() == {240}
        at = sum(number < 240 for number in channel.ids)
        channel.shelf.ids.insert(at, 240)
        channel.shelf._data[240], channel.shelf._dates[240] = data, date
        result = await room.sync()
        assert result.tally.restored == 1
        assert room.archived(channel, deleted=True) == {}
        assert one_post(room, channel, 240, "deleted_at", "deleted_evidence") == (None, None)
        assert room.events().count("restored") == 1

    in_room(tmp_path / "a.sqlite", story)


def test_posts_of_a_file_that_the_channel_has_no_more_are_marked(tmp_path: Path) -> None:
    """An export keeps what was deleted before the first sync: the text stays, and is marked."""
    from archiver.model import Channel as Known
    from archiver.model import Post
    from archiver.store.store import Store

    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(30)
        channel.delete(11)
        with Store.open(room.path, create=True) as store:
            run = store.start_run("import", room.now())
            known = Known("Harbour", "harbour", -1_000_000_000_000 - channel.id)
            gone = [(known, Post(11, "Gone.", room.now())), (known, Post(40, "Too.", room.now()))]
            notes = (known, Post(-5, "Of a dump, without a number.", None))
            store.add_posts(run, [*gone, notes], room.now())
        await room.add(channel)
        await room.sync()
        assert room.archived(channel, deleted=True) == {11: "Gone.", 40: "Too."}
        assert room.archived(channel)[-5].startswith("Of a dump")

    in_room(tmp_path / "a.sqlite", story)


def test_nothing_that_was_deleted_is_ever_erased(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        counted = room.one("SELECT count(*) FROM raw_post")
        channel.delete(*range(1, 251, 2))
        for _ in range(3):
            room.sleep(20)
            await room.sync(Rules(full_sweep=True))
        assert room.one("SELECT count(*) FROM post") == 250
        assert room.one("SELECT count(*) FROM raw_post") == counted == 250
        assert len(room.archived(channel, deleted=True)) == 125

    in_room(tmp_path / "a.sqlite", story)
