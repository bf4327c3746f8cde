"""An edit is a version of the post, a counter an observation; nothing newer is ever overwritten."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from telethon.tl import types as tl

from archiver.sync.plan import Rules
from tests.server import Channel, instead
from tests.server.answers_history import page as answer
from tests.server.channel import Posted
from tests.server.media import photo
from tests.sync.watching import metrics, one_post, raw, versions
from tests.syncroom import SyncRoom, in_room

TEXT = "The ferry leaves at nine."


def told(channel: Channel) -> None:
    """The server tells what changed."""


def not_told(channel: Channel) -> None:
    """Changes are only seen by reading again."""
    channel.diff_for_members = True


WAYS = pytest.mark.parametrize("way", [told, not_told])


async def one_archived(
    room: SyncRoom, way: Callable[[Channel], None] = told, **parts: Any
) -> tuple[Channel, Posted]:
    """A channel of a few posts, archived; the post in question is its second."""
    channel = room.world.channel("harbour")
    way(channel)
    channel.post("Good morning.")
    post = channel.post(TEXT, **parts)
    channel.post("Good night.")
    await room.add(channel)
    await room.sync()
    await room.sync()
    return channel, post


@WAYS
def test_another_text_is_a_version(tmp_path: Path, way: Callable[[Channel], None]) -> None:
    async def story(room: SyncRoom) -> None:
        channel, post = await one_archived(room, way)
        channel.edit(post, "The ferry leaves at ten.")
        result = await room.sync()
        assert result.tally.revisions == 1
        assert room.archived(channel) == room.on_server(channel)
        assert versions(room, channel, post.id) == [TEXT]
        edited, source = one_post(room, channel, post.id, "edited", "src_text")
        assert edited == room.world.clock
        assert source == 3
        assert raw(room, channel)[post.id] == channel.stored(post.id).data
        assert room.one("SELECT count(*) FROM revision WHERE raw IS NOT NULL") == 1

    in_room(tmp_path / "a.sqlite", story)


@WAYS
def test_other_formatting_is_a_version(tmp_path: Path, way: Callable[[Channel], None]) -> None:
    async def story(room: SyncRoom) -> None:
        channel, post = await one_archived(room, way)
        channel.edit(post, entities=[tl.MessageEntityTextUrl(4, 5, "https://ferry.example")])
        result = await room.sync()
        assert result.tally.revisions == 1
        assert versions(room, channel, post.id) == [TEXT]
        (entities,) = one_post(room, channel, post.id, "entities")
        assert json.loads(entities)[0]["url"] == "https://ferry.example"
        assert room.one("SELECT entities FROM revision") is None

    in_room(tmp_path / "a.sqlite", story)


@WAYS
def test_another_picture_is_a_version(tmp_path: Path, way: Callable[[Channel], None]) -> None:
    async def story(room: SyncRoom) -> None:
        first, second = photo(), photo()
        channel, post = await one_archived(room, way, media=first)
        channel.swap_media(post, second)
        result = await room.sync()
        assert result.tally.revisions == 1
        (media,) = one_post(room, channel, post.id, "media")
        was = room.one("SELECT media FROM revision")
        assert str(second.photo.id) in media
        assert str(first.photo.id) in was

    in_room(tmp_path / "a.sqlite", story)


@WAYS
def test_a_reaction_is_counted_and_no_edit(tmp_path: Path, way: Callable[[Channel], None]) -> None:
    """Telegram gives the post a date of edit all the same, and says to hide it."""

    async def story(room: SyncRoom) -> None:
        channel, post = await one_archived(room, way)
        room.sleep(0.1)
        channel.react(post, "👍", 7)
        result = await room.sync()
        assert (result.tally.revisions, result.tally.changed) == (0, 1)
        assert one_post(room, channel, post.id, "edited") == (None,)
        assert versions(room, channel, post.id) == []
        first, second = metrics(room, channel, post.id)
        assert first == (1, None)
        assert json.loads(second[1]) == [{"type": "emoji", "count": 7, "emoji": "👍"}]

    in_room(tmp_path / "a.sqlite", story)


@WAYS
def test_more_views_are_an_observation_and_no_edit(
    tmp_path: Path, way: Callable[[Channel], None]
) -> None:
    async def story(room: SyncRoom) -> None:
        channel, post = await one_archived(room, way, views=10)
        for views in (25, 40, 40):
            room.sleep(0.1)
            channel.count(post, views=views)
            await room.sync()
        assert metrics(room, channel, post.id) == [(10, None), (25, None), (40, None)]
        assert versions(room, channel, post.id) == []
        assert one_post(room, channel, post.id, "views") == (40,)

    in_room(tmp_path / "a.sqlite", story)


def test_observations_of_an_old_post_are_thinned_and_the_newest_is_kept(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel, post = await one_archived(room, views=10)
        for night in range(1, 100):
            room.sleep(1)
            channel.count(post, views=10 + night)
            await room.sync(Rules(full_sweep=True))
        found = metrics(room, channel, post.id)
        assert found[0] == (10, None)
        assert found[-1] == (109, None)
        assert 30 < len(found) < 40

    in_room(tmp_path / "a.sqlite", story)


def test_a_poll_that_goes_on_is_no_edit(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        poll = channel.poll("Will it sail?", ["yes", "no"], [3, 1])
        await room.add(channel)
        await room.sync()
        channel.vote(poll, [5, 9])
        result = await room.sync()
        assert result.tally.revisions == 0
        assert "9" in one_post(room, channel, poll.id, "details")[0]

    in_room(tmp_path / "a.sqlite", story)


def test_an_edit_that_is_taken_back_is_two_versions(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel, post = await one_archived(room)
        for text in ("Withdrawn.", TEXT):
            channel.edit(post, text)
            await room.sync()
        assert room.archived(channel)[post.id] == TEXT
        assert versions(room, channel, post.id) == [TEXT, "Withdrawn."]

    in_room(tmp_path / "a.sqlite", story)


def test_a_replica_that_lags_behind_undoes_no_edit(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel, post = await one_archived(room)
        [request] = room.server.calls.of("messages.GetHistory")[-1:]
        before = answer(channel, room.world.me, request)
        channel.edit(post, "Corrected.")
        channel.post("News.")
        room.server.fail("GetHistory", instead(lambda: before))
        result = await room.sync()
        assert result.tally.revisions == 1, "the difference told the edit"
        assert room.archived(channel)[post.id] == "Corrected."
        assert versions(room, channel, post.id) == [TEXT]
        result = await room.sync()
        assert result.tally.revisions == 0
        assert room.archived(channel) == room.on_server(channel)
        assert versions(room, channel, post.id) == [TEXT]

    in_room(tmp_path / "a.sqlite", story)


def test_a_replica_that_lags_behind_deletes_no_new_post(tmp_path: Path) -> None:
    """A page of before the news was read after them: they lie above it, and are asked for."""

    async def story(room: SyncRoom) -> None:
        channel, _ = await one_archived(room)
        [request] = room.server.calls.of("messages.GetHistory")[-1:]
        before = answer(channel, room.world.me, request)
        channel.post("News.")
        room.server.fail("GetHistory", instead(lambda: before))
        await room.sync()
        assert room.archived(channel) == room.on_server(channel)
        assert room.archived(channel, deleted=True) == {}

    in_room(tmp_path / "a.sqlite", story)


def test_an_old_post_that_is_edited_untold_is_found_within_two_months(tmp_path: Path) -> None:
    """A page a night: what neither the server tells nor the last days show, the sweep finds."""

    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        not_told(channel)
        channel.post_many(700)
        await room.add(channel)
        await room.sync()
        channel.edit(channel.handle(33), "Corrected.")
        for _night in range(61):
            room.sleep(1)
            await room.sync()
        assert room.archived(channel) == room.on_server(channel)
        assert len(versions(room, channel, 33)) == 1
        assert room.subscription(channel).sync.swept is not None

    in_room(tmp_path / "a.sqlite", story)


def test_what_a_file_said_gives_way_to_the_live_post_and_stays_a_version(tmp_path: Path) -> None:
    from archiver.model import Channel as Known
    from archiver.model import Post
    from archiver.store.store import Store

    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post("Corrected.")
        with Store.open(room.path, create=True) as store:
            run = store.start_run("import", room.now())
            known = Known("Harbour", "harbour", -1_000_000_000_000 - channel.id)
            store.add_posts(run, [(known, Post(1, TEXT, room.now()))], room.now())
        await room.add(channel)
        await room.sync()
        assert room.archived(channel) == {1: "Corrected."}
        assert versions(room, channel, 1) == [TEXT]

    in_room(tmp_path / "a.sqlite", story)
