"""The gateway against the real client and a server that misbehaves: it answers or says why not."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from telethon import errors as tl
from telethon.tl.functions import InvokeWithoutUpdatesRequest
from telethon.tl.functions.messages import GetMessagesViewsRequest
from telethon.tl.functions.updates import GetStateRequest
from telethon.tl.functions.users import GetUsersRequest
from telethon.tl.types import InputUserSelf

from archiver.errors import (
    ArchiverError,
    ChannelUnavailable,
    ConfigError,
    FloodWait,
    LoginRequired,
    Offline,
    TryAgainLater,
)
from archiver.sources.telegram import client as clients
from archiver.sources.telegram.gateway import Timeouts
from archiver.sources.telegram.pace import Pace
from archiver.sources.telegram.requests import method_of
from tests.server import World, drop, hang, raw, rpc, transport, unknown
from tests.server.fixtures import running, session
from tests.server.timeouts import hard_timeout
from tests.sources.telegram.gatewayroom import (
    NOON,
    QUICK,
    Clock,
    connected,
    credentials,
    gateway,
    history,
)

SELF = GetUsersRequest([InputUserSelf()])
STATE = GetStateRequest()


@hard_timeout
async def test_a_request_is_answered_and_counted() -> None:
    async with running() as server, connected(server) as gate:
        [user] = await gate.call(SELF)
        assert user.id == server.world.me.id
        assert gate.calls == {"help.GetConfig": 1, "users.GetUsers": 1}
        assert server.calls.tally() == {"GetConfigRequest": 1, "GetUsersRequest": 1}


@hard_timeout
async def test_the_connection_is_opened_by_the_first_call() -> None:
    async with running() as server:
        gate = gateway(server)
        assert server.online == 0
        await gate.call(SELF)
        assert server.online == 1
        await gate.close()


# -- floods -----------------------------


@hard_timeout
async def test_a_short_flood_is_slept_and_the_same_request_goes_on() -> None:
    clock = Clock()
    async with running() as server, connected(server, clock) as gate:
        server.fail("GetUsers", rpc(420, "FLOOD_WAIT_3"))
        await gate.call(SELF)
        assert clock.slept == [5.0]  # 3 s, and 2 more because servers are not exact
        assert gate.calls["users.GetUsers"] == 2


@hard_timeout
async def test_a_long_flood_is_told_once_and_the_next_run_does_not_knock_before_it() -> None:
    clock, told = Clock(), dict[str, int]()
    async with running() as server:
        server.fail("GetUsers", rpc(420, "FLOOD_WAIT_3600"))
        async with connected(server, clock, on_wait=told.__setitem__) as gate:
            with pytest.raises(FloodWait) as caught:
                await gate.call(SELF)
            assert (caught.value.method, caught.value.seconds) == ("users.GetUsers", 3600)
            assert told == {"users.GetUsers": int(NOON) + 3602}
            with pytest.raises(FloodWait):
                await gate.call(SELF)
            await gate.call(STATE)  # only the method is concerned
        later = Clock(NOON + 1800)
        async with connected(server, later, waits=told) as gate:
            with pytest.raises(FloodWait) as caught:
                await gate.call(SELF)
            assert caught.value.seconds == 1802
            assert later.slept == []
        assert len(server.calls.of("GetUsers")) == 1
        async with connected(server, Clock(NOON + 3603), waits=told) as gate:
            await gate.call(SELF)


@hard_timeout
async def test_the_rest_of_a_wait_is_slept_when_it_is_short() -> None:
    clock = Clock()
    waits = {"users.GetUsers": int(NOON) + 60}
    async with running() as server, connected(server, clock, waits=waits) as gate:
        await gate.call(SELF)
        assert clock.slept == [60.0]


@hard_timeout
async def test_a_wait_noted_with_a_wrong_clock_does_not_last_for_years() -> None:
    waits = {"users.GetUsers": int(NOON) + 10**9}
    clock = Clock()
    async with running() as server, connected(server, clock, waits=waits) as gate:
        await gate.call(SELF)
        assert clock.slept == []


@hard_timeout
async def test_six_floods_in_a_row_slow_down_and_are_survived() -> None:
    clock, pace = Clock(), Pace.polite()
    async with running() as server, connected(server, clock, pace=pace) as gate:
        server.fail("GetUsers", rpc(420, "FLOOD_WAIT_1"), times=6)
        await gate.call(SELF)
        assert gate.calls["users.GetUsers"] == 7
        assert pace.speed("users.GetUsers") < 0.2


@hard_timeout
async def test_endless_short_floods_end() -> None:
    clock = Clock()
    async with running() as server, connected(server, clock) as gate:
        server.fail("GetUsers", rpc(420, "FLOOD_WAIT_1"), times=None)
        with pytest.raises(FloodWait):
            await gate.call(SELF)
        assert gate.calls["users.GetUsers"] == 10
        assert sum(clock.slept) < 60


@hard_timeout
async def test_a_flood_of_zero_seconds_is_not_answered_at_once() -> None:
    clock = Clock()
    async with running() as server, connected(server, clock) as gate:
        server.fail("GetUsers", rpc(420, "FLOOD_WAIT_0"))
        await gate.call(SELF)
        assert sum(clock.slept) >= 1


@hard_timeout
async def test_a_flood_while_connecting_is_waited_for() -> None:
    clock = Clock()
    async with running() as server:
        server.fail("GetConfig", rpc(420, "FLOOD_WAIT_7"))
        async with connected(server, clock) as gate:
            await gate.call(SELF)
            assert clock.slept == [9.0]


# -- the line -----------------------------


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("fault", [drop(), drop(5000)], ids=["clean", "partial"])
@hard_timeout
async def test_dropped_connections_are_made_anew(fault: Any, times: int) -> None:
    clock = Clock()
    async with running() as server, connected(server, clock) as gate:
        server.fail("GetUsers", fault, times=times)
        [user] = await gate.call(SELF)
        assert user.id == server.world.me.id
        assert clock.slept == [2.0, 8.0, 30.0][:times]
        assert gate.calls["help.GetConfig"] == 1 + times


@hard_timeout
async def test_a_kick_between_two_requests_costs_nothing() -> None:
    async with running() as server, connected(server) as gate:
        for _ in range(3):
            await gate.call(SELF)
            server.kick()
        [user] = await gate.call(SELF)
        assert user.id == server.world.me.id
        assert gate.calls["help.GetConfig"] <= 4  # one connection a kick, none wasted


@hard_timeout
async def test_a_request_that_is_never_answered_ends_and_is_not_sent_behind_our_back() -> None:
    clock = Clock()
    async with running() as server, connected(server, clock) as gate:
        server.fail("GetUsers", hang(), times=None)
        with pytest.raises(Offline):
            await gate.call(SELF, timeout=0.05)
        assert gate.calls["users.GetUsers"] == 4
        assert clock.slept == [2.0, 8.0, 30.0]
        server.heal()
        await gate.call(STATE)
        assert len(server.calls.of("GetUsers")) == 4


@hard_timeout
async def test_one_hang_is_survived() -> None:
    async with running() as server, connected(server) as gate:
        server.fail("GetUsers", hang())
        await gate.call(SELF, timeout=0.05)
        assert gate.calls["users.GetUsers"] == 2


@pytest.mark.parametrize("silence", ["silent_connect", "silent_dh", "mute"])
@hard_timeout
async def test_a_server_that_is_silent_while_connecting_ends_it(silence: str) -> None:
    async with running() as server:
        setattr(server, silence, True)
        proof = session(server, login=silence != "silent_dh")
        gate = gateway(server, session=proof, timeouts=Timeouts(0.05, 0.1))
        with pytest.raises(Offline):
            await gate.connect()
        assert gate.calls["help.GetConfig"] == 4
        server.heal()
        gate._timeouts = QUICK  # exchanging keys takes 0.2 s
        await gate.connect()
        await gate.close()


@hard_timeout
async def test_a_black_hole_ends_every_call() -> None:
    async with running() as server, connected(server, timeouts=Timeouts(0.05, 0.1)) as gate:
        server.mute = True
        with pytest.raises(Offline):
            await gate.call(SELF)


@hard_timeout
async def test_nobody_at_the_other_end_is_offline() -> None:
    async with running() as server:
        server.close_listener()
        gate = gateway(server)
        with pytest.raises(Offline, match="network"):
            await gate.call(SELF)


@hard_timeout
async def test_a_server_that_goes_away_ends_all_workers() -> None:
    async with running() as server, connected(server, timeouts=Timeouts(0.2, 0.2)) as gate:
        server.fail("*", hang(), times=None)
        waiting = [asyncio.create_task(gate.call(SELF)) for _ in range(3)]
        await asyncio.sleep(0.02)
        server.close_listener()
        server.kick()
        await asyncio.sleep(0)
        waiting.append(asyncio.create_task(gate.call(STATE)))
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(e) for e in ended] == [Offline] * 4


@hard_timeout
async def test_a_reconnect_of_ours_is_no_cancellation() -> None:
    async with running() as server, connected(server) as gate:
        server.fail("GetUsers", 0.1)
        slow = asyncio.create_task(gate.call(SELF))
        await asyncio.sleep(0.02)
        await gate.reconnect()
        [user] = await slow
        assert user.id == server.world.me.id


@hard_timeout
async def test_a_real_cancellation_is_one() -> None:
    async with running() as server, connected(server) as gate:
        server.fail("GetUsers", hang())
        slow = asyncio.create_task(gate.call(SELF, timeout=10))
        await asyncio.sleep(0.02)
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow
        await gate.call(SELF)


@hard_timeout
async def test_what_must_not_be_asked_twice_is_not() -> None:
    async with running() as server, connected(server) as gate:
        server.fail("GetUsers", hang(), times=None)
        with pytest.raises(Offline):
            await gate.call(SELF, timeout=0.05, again=False)
        assert gate.calls["users.GetUsers"] == 1


@pytest.mark.parametrize("shift", [-86_400, 400])
@hard_timeout
async def test_a_wrong_clock_is_set_right(shift: int) -> None:
    async with running() as server:
        server.time_shift = shift
        async with connected(server) as gate:
            [user] = await gate.call(SELF)
            assert user.id == server.world.me.id


# -- the server's bad moments -----------------------------


@pytest.mark.parametrize(
    "fault",
    [
        rpc(500, "INTERNAL"),
        rpc(-500, "No workers running"),
        rpc(-503, "Timeout"),
        rpc(500, "RPC_CALL_FAIL"),
        rpc(500, "PERSISTENT_TIMESTAMP_OUTDATED"),
        transport(429),
    ],
)
@hard_timeout
async def test_bad_moments_are_waited_out(fault: Any) -> None:
    clock = Clock()
    async with running() as server, connected(server, clock) as gate:
        server.fail("GetUsers", fault, times=2)
        await gate.call(SELF)
        assert clock.slept == [2.0, 8.0]


@hard_timeout
async def test_a_server_that_stays_ill_is_given_up_and_others_go_on() -> None:
    async with running() as server, connected(server) as gate:
        server.fail("GetUsers", rpc(500, "INTERNAL"), times=None)
        with pytest.raises(TryAgainLater, match=r"could not answer users\.GetUsers") as caught:
            await gate.call(SELF)
        assert not isinstance(caught.value, Offline)
        assert gate.calls["users.GetUsers"] == 4
        await gate.call(STATE)
        assert gate.calls["help.GetConfig"] == 1  # the line was good all the time


@hard_timeout
async def test_getconfig_may_fail_while_connecting() -> None:
    async with running() as server:
        server.fail("GetConfig", rpc(500, "INTERNAL"), times=3)
        async with connected(server) as gate:
            await gate.call(SELF)


# -- the end of a login -----------------------------


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (rpc(401, "AUTH_KEY_UNREGISTERED"), "no longer accepts this session"),
        (rpc(401, "SESSION_REVOKED"), "no longer accepts this session"),
        (rpc(401, "USER_DEACTIVATED_BAN"), "banned or deleted"),
        (rpc(406, "AUTH_KEY_DUPLICATED"), "two places at once"),
        (rpc(420, "FROZEN_METHOD_INVALID"), "frozen"),
        (transport(404), "does not know the key"),
    ],
)
@pytest.mark.parametrize("method", ["GetUsers", "GetConfig"])
@hard_timeout
async def test_the_end_of_a_login_says_which_and_what_to_do(
    fault: Any, said: str, method: str
) -> None:
    clock = Clock()
    async with running() as server:
        server.fail(method, fault, times=None)
        gate = gateway(server, clock)
        with pytest.raises(LoginRequired, match=said) as caught:
            await gate.call(SELF)
        assert "archiver login" in str(caught.value)
        assert clock.slept == []
        await gate.close()


@hard_timeout
async def test_all_who_wait_for_the_connection_learn_why_there_is_none() -> None:
    async with running() as server:
        server.fail("GetConfig", transport(404), times=None)
        gate = gateway(server)
        ended = await asyncio.gather(*(gate.call(SELF) for _ in range(3)), return_exceptions=True)
        assert [type(e) for e in ended] == [LoginRequired] * 3
        assert gate.calls == {"help.GetConfig": 1}
        await gate.close()


@pytest.mark.parametrize("fault", [rpc(420, "FLOOD_WAIT_9999"), rpc(500, "INTERNAL")])
@hard_timeout
async def test_a_busy_server_is_not_a_lost_login(fault: Any) -> None:
    async with running() as server, connected(server) as gate:
        server.fail("*", fault, times=None)
        with pytest.raises(TryAgainLater):
            await gate.call(SELF)


@hard_timeout
async def test_a_wrong_api_id_is_a_setting() -> None:
    async with running() as server, connected(server) as gate:
        server.fail("GetUsers", rpc(400, "API_ID_INVALID"))
        with pytest.raises(ConfigError, match="api_hash"):
            await gate.call(SELF)


# -- channels, and what only the caller knows -----------------------------


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (rpc(400, "CHANNEL_PRIVATE"), "private"),
        (rpc(406, "CHANNEL_PRIVATE"), "private"),
        (rpc(400, "CHANNEL_INVALID"), None),
        (rpc(400, "CHANNEL_BANNED"), "gone"),
        (rpc(400, "USERNAME_NOT_OCCUPIED"), None),
    ],
)
@hard_timeout
async def test_one_channel_fails_without_a_second_try(fault: Any, state: str | None) -> None:
    async with running() as server, connected(server) as gate:
        server.fail("GetUsers", fault)
        with pytest.raises(ChannelUnavailable) as caught:
            await gate.call(SELF)
        assert caught.value.state == state
        assert isinstance(caught.value.__cause__, tl.RPCError)
        assert gate.calls["users.GetUsers"] == 1


@hard_timeout
async def test_refusals_of_a_request_are_for_its_caller() -> None:
    async with running() as server, connected(server) as gate:
        server.fail("GetUsers", rpc(400, "PERSISTENT_TIMESTAMP_INVALID"))
        with pytest.raises(tl.PersistentTimestampInvalidError):
            await gate.call(SELF)


@hard_timeout
async def test_an_unknown_constructor_is_for_the_caller() -> None:
    async with running() as server, connected(server) as gate:
        server.fail("GetUsers", lambda request: raw(unknown()))
        with pytest.raises(tl.TypeNotFoundError):
            await gate.call(SELF)
        assert gate.calls["users.GetUsers"] == 1


@hard_timeout
async def test_pages_come_through() -> None:
    world = World()
    news = world.channel("news")
    news.post("The ferry is late.")
    async with running(world) as server, connected(server) as gate:
        page = await gate.call(history(server, news))
        assert [m.message for m in page.messages if getattr(m, "message", "")] == [
            "The ferry is late."
        ]


# -- wrappers and secrets -----------------------------


@hard_timeout
async def test_a_request_reads_its_own_answer() -> None:
    class Own(GetUsersRequest):  # type: ignore[misc]
        @staticmethod
        def read_result(reader: Any) -> Any:
            return "own"

    class Wrapped(InvokeWithoutUpdatesRequest):  # type: ignore[misc]
        def read_result(self, reader: Any) -> Any:
            return "wrapped"

    async with running() as server, connected(server) as gate:
        assert await gate.call(Own([InputUserSelf()])) == "own"
        assert await gate.call(Wrapped(SELF)) == "wrapped"
        gate.takeout_id = 77_001
        assert await gate.call(Wrapped(SELF)) == "wrapped"
        assert server.calls[-1].takeout == 77_001
        assert gate.calls["users.GetUsers"] == 3


def test_methods_are_named_as_telegram_names_them() -> None:
    assert method_of(InvokeWithoutUpdatesRequest(SELF)) == "users.GetUsers"
    assert method_of(GetMessagesViewsRequest(None, [], False)) == "messages.GetMessagesViews"


@hard_timeout
async def test_nothing_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with running() as server, connected(server) as gate:
        server.fail("GetUsers", rpc(500, "INTERNAL"), drop(), hang(), times=1)
        await gate.call(SELF, timeout=0.05)
        told = caplog.text + repr(credentials(server, phone="15550100", password="pass"))
        for secret in (server.world.api_hash, "15550100", "pass", gate.wire._client.api_hash):
            assert secret not in told
        assert "GetUsers" in told
    assert clients.SILENT.propagate is False


@hard_timeout
async def test_every_error_of_ours_says_what_to_do() -> None:
    async with running() as server, connected(server) as gate:
        for fault in (rpc(420, "FLOOD_WAIT_4000"), rpc(400, "CHANNEL_PRIVATE"), transport(404)):
            server.fail("GetState", fault)
            with pytest.raises(ArchiverError) as caught:
                await gate.call(STATE)
            assert any(word in str(caught.value) for word in ("run it again", "run `", "join it"))
            server.heal()
