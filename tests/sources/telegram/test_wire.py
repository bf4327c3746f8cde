"""The connection below the gateway: opened and closed without leaving anything behind."""

from __future__ import annotations

import asyncio
import gc

import pytest
from telethon.tl.functions.auth import LogOutRequest
from telethon.tl.functions.users import GetUsersRequest
from telethon.tl.types import InputUserSelf

from archiver.sources.telegram.client import make
from archiver.sources.telegram.requests import WithoutUpdates, WithTakeout, method_of, wrapped
from archiver.sources.telegram.wire import Wire
from tests.server.fixtures import running, session
from tests.server.timeouts import hard_timeout
from tests.sources.telegram.gatewayroom import connected, credentials

SELF = GetUsersRequest([InputUserSelf()])


@hard_timeout
async def test_a_request_left_in_the_queue_ends_with_the_connection() -> None:
    async with running() as server, connected(server) as gate:
        gate.wire._client._sender._send_loop_handle.cancel()
        waiting = asyncio.create_task(gate.wire.send(SELF, 60))
        await asyncio.sleep(0.02)
        server.kick()
        with pytest.raises(ConnectionError):
            await waiting


@hard_timeout
async def test_a_request_left_in_the_queue_is_never_sent_by_the_next_connection() -> None:
    async with running() as server, connected(server) as gate:
        gate.wire._client._sender._send_loop_handle.cancel()
        with pytest.raises(TimeoutError):
            await gate.wire.send(SELF, 0.02)
        await gate.reconnect()
        await gate.call(GetUsersRequest([]))
        assert [r.id for r in server.calls.of("GetUsers")] == [[]]


@hard_timeout
async def test_every_connection_is_a_session_of_its_own() -> None:
    async with running() as server, connected(server) as gate:
        await gate.reconnect()
        [key] = server.keys.values()
        assert len(key.sessions) == 2


@hard_timeout
async def test_a_call_while_telethon_gives_up_a_connection_gets_a_new_one() -> None:
    async with running() as server, connected(server) as gate:
        for _ in range(5):
            server.kick()
            while not gate.wire._client._sender._reconnecting:
                await asyncio.sleep(0)
            await gate.call(SELF)
        assert gate.calls["help.GetConfig"] <= 6


@hard_timeout
async def test_only_the_connection_that_failed_is_dropped() -> None:
    async with running() as server, connected(server) as gate:
        before = gate.wire.generation
        await gate.reconnect()
        await gate._drop(before)
        assert gate.wire.open


@hard_timeout
async def test_a_connection_that_was_never_ready_is_closed() -> None:
    async with running() as server:
        proxy = f"mtproxy://{server.secret.hex()}@{server.host}:{server.port}"
        wire = Wire(make(credentials(server, proxy=proxy), session(server)))
        with pytest.raises(TimeoutError):
            await wire.connect(0.1)
        await asyncio.sleep(0.05)
        assert not server._connections


@hard_timeout
async def test_nothing_complains_of_a_lost_connection(caplog: pytest.LogCaptureFixture) -> None:
    async with running() as server:
        async with connected(server):
            server.kick()
            await asyncio.sleep(0.05)
        gc.collect()
    assert [r.message for r in caplog.records if r.name == "asyncio"] == []


def test_requests_are_wrapped_once_and_logging_out_never() -> None:
    once = wrapped(SELF, None)
    assert isinstance(once, WithoutUpdates)
    assert wrapped(once, None) is once
    assert isinstance(wrapped(once, 7), WithTakeout)
    assert wrapped(once, 7).query is once
    assert method_of(wrapped(once, 7)) == "users.GetUsers"
    leaving = LogOutRequest()
    assert wrapped(leaving, None) is leaving
