"""The account is logged out, banned, or used in two places: all stops, and what is saved stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.errors import LoginRequired, Offline, TryAgainLater
from archiver.sync.run import Outcome
from tests.server import rpc, transport
from tests.sync.watching import asked
from tests.syncroom import SyncRoom, in_room

ENDED = {
    "AUTH_KEY_UNREGISTERED": (401, "no longer accepts this session"),
    "SESSION_REVOKED": (401, "no longer accepts this session"),
    "SESSION_EXPIRED": (401, "no longer accepts this session"),
    "USER_DEACTIVATED_BAN": (401, "banned or deleted this account"),
    "USER_DEACTIVATED": (401, "banned or deleted this account"),
    "AUTH_KEY_DUPLICATED": (406, "used from two places at once"),
    "FROZEN_METHOD_INVALID": (420, "frozen this account"),
}


@pytest.mark.parametrize("said", ENDED)
def test_in_the_middle_of_a_run_everything_stops_and_pages_stay(tmp_path: Path, said: str) -> None:
    async def story(room: SyncRoom) -> None:
        channels = [room.world.channel(name) for name in ("harbour", "pier", "quay")]
        for each in channels:
            each.post_many(300)
        await room.add(*channels)
        code, sentence = ENDED[said]
        room.server.fail("GetHistory", rpc(code, said), skip=4, times=None)
        asked(room)
        result = await room.sync()
        assert isinstance(result.fatal, LoginRequired)
        assert sentence in str(result.fatal)
        assert "archiver login" in str(result.fatal)
        assert asked(room)["GetHistory"] == 5, "nothing is asked after it"
        assert {each.outcome for each in result.channels} == {Outcome.FAILED}
        assert sum(len(room.archived(each)) for each in channels) == 400
        assert sum(hi - lo + 1 for each in channels for lo, hi in room.covered(each)) == 400
        room.server.heal()
        assert (await room.sync()).complete
        assert all(room.archived(each) == room.on_server(each) for each in channels)

    in_room(tmp_path / "a.sqlite", story)


@pytest.mark.parametrize("said", ENDED)
def test_at_the_start_nothing_is_asked_of_any_channel(tmp_path: Path, said: str) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(3)
        await room.add(channel)
        code, sentence = ENDED[said]
        asked(room)
        room.server.fail("*", rpc(code, said), times=None)
        with pytest.raises(LoginRequired, match=sentence):
            await room.sync()
        assert asked(room) == {}
        assert room.one("SELECT count(*) FROM post") == 0

    in_room(tmp_path / "a.sqlite", story)


def test_a_server_that_does_not_know_the_key_says_so_in_words_of_its_own(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(300)
        await room.add(channel)
        room.server.fail("GetHistory", transport(404), skip=1)
        result = await room.sync()
        assert isinstance(result.fatal, LoginRequired)
        assert "does not know the key" in str(result.fatal)
        assert len(room.archived(channel)) == 100

    in_room(tmp_path / "a.sqlite", story)


@pytest.mark.parametrize("method", ["GetUsers", "GetConfig"])
def test_a_bad_moment_at_the_start_is_not_taken_for_a_lost_login(
    tmp_path: Path, method: str
) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(3)
        await room.add(channel)
        room.server.fail(method, rpc(500, "INTERNAL"))
        assert (await room.sync()).complete
        room.server.fail(method, rpc(500, "INTERNAL"), times=None)
        with pytest.raises(TryAgainLater) as caught:
            await room.sync()
        assert not isinstance(caught.value, LoginRequired)
        assert isinstance(caught.value, Offline | TryAgainLater)

    in_room(tmp_path / "a.sqlite", story)


def test_another_account_does_not_slip_in(tmp_path: Path) -> None:
    from tests.server.fixtures import session

    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(3)
        await room.add(channel)
        other = room.world.account("Eve", phone="15550199")
        room.options["session"] = session(room.server, other)
        asked(room)
        with pytest.raises(LoginRequired, match="synced as Ada"):
            await room.sync()
        assert asked(room) == {}

    in_room(tmp_path / "a.sqlite", story)
