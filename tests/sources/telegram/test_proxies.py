"""Every way around a wall that the settings know, with a real proxy in between."""

from __future__ import annotations

import pytest
from telethon.tl.functions.users import GetUsersRequest
from telethon.tl.types import InputUserSelf

from archiver.errors import Offline
from archiver.sources.telegram.client import make
from archiver.sources.telegram.gateway import Gateway, Timeouts
from tests.server import Server
from tests.server.fixtures import running, session
from tests.server.proxies import Proxy, proxy
from tests.server.timeouts import hard_timeout
from tests.sources.telegram.gatewayroom import Clock, credentials

SELF = GetUsersRequest([InputUserSelf()])
PATIENT = Timeouts(answer=2.0, connect=3.0)


async def ask_through(server: Server, url: str) -> None:
    """One question by that way."""
    client = make(credentials(server, proxy=url), session(server))
    gate = Gateway(client, timeouts=PATIENT, sleep=Clock().sleep)
    try:
        await gate.connect()
        await gate.call(SELF)
    finally:
        await gate.close()


def address(scheme: str, way: Proxy, who: str = "") -> str:
    return f"{scheme}://{who}127.0.0.1:{way.port}"


@pytest.mark.parametrize("scheme", ["socks5", "socks4", "http"])
@hard_timeout
async def test_a_proxy_leads_to_the_server(scheme: str) -> None:
    async with running() as server, proxy() as way:
        await ask_through(server, address(scheme, way))
        assert way.led == [(scheme, server.host)]


@pytest.mark.parametrize("scheme", ["socks5", "socks4", "http"])
@hard_timeout
async def test_a_proxy_lets_through_who_gives_the_password(scheme: str) -> None:
    async with running() as server, proxy(password=True) as way:
        await ask_through(server, address(scheme, way, "ada:open%20sesame@"))
        assert way.led == [(scheme, server.host)]


@pytest.mark.parametrize("who", ["", "ada:wrong@"])
@pytest.mark.parametrize("scheme", ["socks5", "http"])
@hard_timeout
async def test_a_proxy_that_refuses_is_no_way_and_its_password_is_not_told(
    scheme: str, who: str
) -> None:
    async with running() as server, proxy(password=True) as way:
        with pytest.raises(Offline, match="proxy") as caught:
            await ask_through(server, address(scheme, way, who))
        assert "wrong" not in str(caught.value)
        assert not server.calls.of("GetUsers")


@hard_timeout
async def test_a_proxy_that_is_not_there_is_no_way() -> None:
    async with running() as server, proxy() as way:
        url = address("socks5", way)
    async with running() as server:
        with pytest.raises(Offline, match="proxy"):
            await ask_through(server, url)
