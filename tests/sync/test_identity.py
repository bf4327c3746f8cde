"""Channels change their names, hide, vanish and come back: they stay themselves, and apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archiver.store.store import Store
from archiver.sync.run import Outcome, Synced
from tests.server import Channel, rpc
from tests.server.fixtures import session
from tests.sync.watching import asked, tables, tg_id
from tests.syncroom import SyncRoom, in_room


async def archived(room: SyncRoom, posts: int = 150) -> Channel:
    """A channel that is archived."""
    channel = room.world.channel("harbour", title="Harbour News")
    channel.post_many(posts)
    await room.add(channel)
    await room.sync()
    return channel


def names(room: SyncRoom, channel: Channel) -> set[str]:
    """All that a channel was ever called, names with an @."""
    rows = room.rows(
        "SELECT n.kind, name FROM channel_name n JOIN channel c ON c.id = channel_id"
        " WHERE c.tg_id = ?",
        tg_id(channel),
    )
    return {f"@{name}" if kind == "username" else name for kind, name in rows}


def outcome(result: Synced) -> tuple[Outcome, str]:
    """How the only channel ended."""
    [one] = result.channels
    return one.outcome, one.error


# -- names -------------------------------------------------------------------------------------


def test_a_renamed_channel_goes_on_under_its_new_name_and_the_old_one_is_kept(
    tmp_path: Path,
) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        asked(room)
        room.sleep(1)
        channel.rename("harbour_today", "Harbour Today")
        channel.post("Under a new name.")
        assert (await room.sync()).complete
        assert "ResolveUsername" not in asked(room)
        found = room.subscription(channel)
        assert (found.username, found.title) == ("harbour_today", "Harbour Today")
        assert names(room, channel) == {
            *("@harbour", "@harbour_today"),
            *("Harbour News", "Harbour Today"),
        }
        assert room.archived(channel)[151] == "Under a new name."

    in_room(tmp_path / "a.sqlite", story)


def test_when_each_name_was_seen_first_and_last_is_known(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        first = room.one("SELECT first_seen FROM channel_name WHERE name = 'harbour'")
        room.sleep(10)
        channel.rename("harbour_today")
        await room.sync()
        [(old_first, old_last)] = room.rows(
            "SELECT first_seen, last_seen FROM channel_name WHERE name = 'harbour'"
        )
        new = room.one("SELECT first_seen FROM channel_name WHERE name = 'harbour_today'")
        assert (old_first, new) == (first, room.now())
        assert old_last < new

    in_room(tmp_path / "a.sqlite", story)


def test_further_names_are_kept_and_links_use_the_first(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        channel.add_name("ferry")
        await room.sync()
        assert {"@harbour", "@ferry"} <= names(room, channel)
        assert room.subscription(channel).username == "harbour"

    in_room(tmp_path / "a.sqlite", story)


def test_a_name_that_another_channel_took_mixes_no_posts(tmp_path: Path) -> None:
    """The channel is read by its number: its name may be anybody's."""

    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        usurper = room.world.channel("impostor")
        usurper.take_name("harbour")
        usurper.post("Not the harbour.")
        channel.post("Still the harbour.")
        assert (await room.sync()).complete
        assert room.archived(channel) == room.on_server(channel)
        assert room.archived(usurper) == {}
        found = room.subscription(channel)
        assert (found.username, found.state) == (None, "readable")

    in_room(tmp_path / "a.sqlite", story)


def test_a_channel_that_gave_up_its_name_goes_on(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        channel.drop_name()
        channel.post("Nameless.")
        assert (await room.sync()).complete
        assert room.archived(channel)[151] == "Nameless."
        assert room.subscription(channel).username is None
        assert "@harbour" in names(room, channel)

    in_room(tmp_path / "a.sqlite", story)


# -- another account: its hashes are others, so the name is asked for again ----------------------


def switch(room: SyncRoom) -> Any:
    """Another account takes over, as `login --switch` has it."""
    other = room.world.account("Eve", phone="15550199")
    with Store.open(room.path) as store:
        store.keep_account(other.id, other.name, room.now(), switch=True)
    room.options["session"] = session(room.server, other)
    asked(room)
    return other


def test_another_account_asks_for_the_name_once_and_goes_on(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        switch(room)
        channel.post("For the new reader.")
        assert (await room.sync()).complete
        assert asked(room)["ResolveUsername"] == 1
        assert room.archived(channel) == room.on_server(channel)
        room.options["session"] = session(room.server, room.world.accounts[1])
        assert (await room.sync()).complete
        assert "ResolveUsername" not in asked(room)

    in_room(tmp_path / "a.sqlite", story)


def test_a_name_that_leads_elsewhere_by_then_stops_the_channel(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        other = switch(room)
        usurper = room.world.channel("impostor")
        usurper.take_name("harbour")
        usurper.post("Not the harbour.")
        before = tables(room, "post", "coverage")
        how, said = outcome(await room.sync())
        assert how is Outcome.UNAVAILABLE
        assert "leads to another channel now" in said
        assert str(tg_id(usurper)) in said
        assert tables(room, *before) == before
        assert room.subscription(channel).state == "conflict"
        # Asked for once a day at most, however often it is tried.
        asked(room)
        for _ in range(3):
            room.options["session"] = session(room.server, other)
            how, said = outcome(await room.sync())
            assert how is Outcome.UNAVAILABLE
            room.sleep(0.2)
        assert "ResolveUsername" not in asked(room)
        room.sleep(1)
        channel.take_name("harbour")
        room.options["session"] = session(room.server, other)
        assert (await room.sync()).complete
        assert room.subscription(channel).state == "readable"

    in_room(tmp_path / "a.sqlite", story)


def test_a_name_that_is_free_by_then_is_asked_for_once_a_day(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        other = switch(room)
        channel.drop_name()
        how, said = outcome(await room.sync())
        assert how is Outcome.UNAVAILABLE
        assert "no channel has this name" in said
        asked(room)
        for _ in range(3):
            room.options["session"] = session(room.server, other)
            assert outcome(await room.sync())[0] is Outcome.UNAVAILABLE
            room.sleep(0.2)
        assert "ResolveUsername" not in asked(room)
        room.sleep(1)
        room.options["session"] = session(room.server, other)
        await room.sync()
        assert asked(room)["ResolveUsername"] == 1
        assert len(room.archived(channel)) == 150

    in_room(tmp_path / "a.sqlite", story)


def test_a_hash_that_is_no_good_any_more_is_asked_for_again_the_next_day(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = await archived(room)
        room.server.fail("GetChannels", rpc(400, "CHANNEL_INVALID"), times=2)
        asked(room)
        how, said = outcome(await room.sync())
        assert how is Outcome.UNAVAILABLE
        assert "asked for today already" in said, "it was, when the channel was added"
        assert "ResolveUsername" not in asked(room)
        room.sleep(1.1)
        assert (await room.sync()).complete
        assert asked(room)["ResolveUsername"] == 1
        assert room.archived(channel) == room.on_server(channel)

    in_room(tmp_path / "a.sqlite", story)


def test_one_bad_hash_among_many_costs_the_others_nothing(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channels = [room.world.channel(f"news_{number}") for number in range(9)]
        for each in channels:
            each.post("News.")
        await room.add(*channels)
        with Store.open(room.path) as store, store.transaction() as conn:
            conn.exec_driver_sql("UPDATE access_hash SET hash = hash + 1 WHERE channel_id = 4")
        result = await room.sync()
        outcomes = [each.outcome for each in result.channels]
        assert outcomes.count(Outcome.DONE) == 8
        assert outcomes.count(Outcome.UNAVAILABLE) == 1

    in_room(tmp_path / "a.sqlite", story)


# -- private, banned, and back again -------------------------------------------------------------


@pytest.mark.parametrize("verb", ["go_private", "ban"])
def test_a_channel_that_cannot_be_read_keeps_its_posts_and_comes_back_without_a_gap(
    tmp_path: Path, verb: str
) -> None:
    async def story(room: SyncRoom) -> None:
        channel, other = await archived(room), room.world.channel("pier")
        other.post_many(3)
        await room.add(other)
        room.sleep(1)
        getattr(channel, verb)()
        result = await room.sync()
        outcomes = {each.subscription.tg_id: each for each in result.channels}
        gone = outcomes[tg_id(channel)]
        assert gone.outcome is Outcome.UNAVAILABLE
        assert "nothing is held to be deleted" in gone.error
        assert outcomes[tg_id(other)].outcome is Outcome.DONE
        found = room.subscription(channel)
        assert (found.state, found.state_since) == ("private", room.now())
        assert found.username == "harbour", "one that may not be read has not lost its name"
        since = room.now()
        channel.post_many(180)
        channel.delete(70, told=False)
        room.sleep(3)
        await room.sync()
        assert len(room.archived(channel)) == 150
        assert room.archived(channel, deleted=True) == {}
        assert room.subscription(channel).state_since == since
        channel.come_back()
        room.sleep(3)
        assert (await room.sync()).complete
        found = room.subscription(channel)
        assert (found.state, found.state_since) == ("readable", room.now())
        assert found.error is None
        assert room.on_server(channel).keys() <= room.archived(channel).keys()
        assert room.covered(channel) == [(1, 330)]

    in_room(tmp_path / "a.sqlite", story)


def test_a_channel_that_turns_private_while_it_is_read_keeps_what_was_read(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel, other = room.world.channel("harbour"), room.world.channel("pier")
        channel.post_many(450)
        other.post_many(450)
        await room.add(channel, other)

        def turn(step: Any) -> None:
            if step.subscription.tg_id == tg_id(channel) and step.pages == 2:
                channel.go_private()

        result = await room.sync(paged=turn)
        outcomes = {each.subscription.tg_id: each.outcome for each in result.channels}
        assert outcomes == {tg_id(channel): Outcome.UNAVAILABLE, tg_id(other): Outcome.DONE}
        assert room.covered(channel) == [(251, 450)]
        assert room.subscription(channel).state == "private"
        channel.come_back()
        assert (await room.sync()).complete
        assert room.archived(channel) == room.on_server(channel)

    in_room(tmp_path / "a.sqlite", story)
