"""Every transport carries the client, with a key made beforehand and with one exchanged."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from telethon import network
from telethon.errors import AuthKeyNotFound
from telethon.network.connection import ConnectionTcpObfuscated
from telethon.tl.functions.help import GetConfigRequest

from tests.server import World
from tests.server.fixtures import client, connected, running, session
from tests.server.timeouts import hard_timeout

PLAIN = [
    network.ConnectionTcpFull,
    network.ConnectionTcpAbridged,
    network.ConnectionTcpIntermediate,
    ConnectionTcpObfuscated,
]
PROXY = network.ConnectionTcpMTProxyRandomizedIntermediate


@pytest.mark.parametrize("login", [True, False], ids=["shared", "exchanged"])
@pytest.mark.parametrize("transport", PLAIN)
@hard_timeout
async def test_a_transport_carries_requests(transport: Any, login: bool) -> None:
    async with running() as server:
        async with connected(server, session(server, login=login), connection=transport) as c:
            assert (await c(GetConfigRequest())).this_dc == server.dc
        assert server.calls.tally()["GetConfigRequest"] == 2


@pytest.mark.parametrize("transport", PLAIN[:3])
@hard_timeout
async def test_a_key_nobody_knows_is_not_found(transport: Any) -> None:
    async with running() as server:
        sess = session(server)
        server.keys.clear()
        with pytest.raises(AuthKeyNotFound):
            async with connected(server, sess, connection=transport):
                pass


@hard_timeout
async def test_the_server_is_an_mtproxy_too() -> None:
    async with running() as server:
        proxy = (server.host, server.port, server.secret.hex())
        async with connected(server, connection=PROXY, proxy=proxy) as c:
            assert (await c(GetConfigRequest())).this_dc == server.dc


@hard_timeout
async def test_an_mtproxy_hangs_up_on_a_wrong_secret() -> None:
    async with running() as server:
        proxy = (server.host, server.port, "00" * 16)
        c = client(server, connection=PROXY, proxy=proxy, connection_retries=0)
        with pytest.raises(ConnectionError):
            await c.connect()
        left_open = c._sender._connection._writer  # the client forgets it
        left_open.close()
        with contextlib.suppress(ConnectionError):
            await left_open.wait_closed()


@pytest.mark.parametrize("shift", [-86_400, -400, 200, 400, 86_400])
@hard_timeout
async def test_a_client_with_a_wrong_clock_is_set_right(shift: int) -> None:
    async with running() as server:
        server.time_shift = shift
        async with connected(server) as c:
            assert (await c.get_me()).id == server.world.me.id


@pytest.mark.parametrize("shift", [3600, -3600])
@hard_timeout
async def test_a_clock_that_jumps_is_noticed(shift: int) -> None:
    async with running() as server, connected(server) as c:
        server.time_shift = shift
        assert (await c(GetConfigRequest())).this_dc == server.dc


@hard_timeout
async def test_a_container_of_requests_is_answered() -> None:
    world = World()
    async with running(world) as server, connected(server) as c:
        answers = await c([GetConfigRequest(), GetConfigRequest()])
        assert [a.this_dc for a in answers] == [server.dc, server.dc]
