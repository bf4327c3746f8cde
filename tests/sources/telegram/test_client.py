"""Sessions that only their owner can read, one at a time; proxies; servers of one's own."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from archiver.config import Server
from archiver.errors import ConfigError, Locked, LoginRequired, Offline
from archiver.locks import hold
from archiver.sources.telegram import session as sessions
from archiver.sources.telegram.client import make
from archiver.sources.telegram.gateway import Gateway, Timeouts, connected
from archiver.sources.telegram.login import account
from archiver.sources.telegram.proxy import Route, route
from tests.server import Server as Telegram
from tests.server.fixtures import running, session, write_session
from tests.server.handshake import PUBLIC_KEY
from tests.server.timeouts import hard_timeout
from tests.sources.telegram.gatewayroom import QUICK, Clock, credentials, gateway


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a session lies or will lie."""
    return tmp_path / "telegram" / "archiver.session"


def made(place: Path) -> Path:
    """A whole session at that place, of nobody known to any server."""
    from telethon.crypto import AuthKey

    with sessions.held(place), sessions.draft(place, Server()) as draft:
        draft.session.auth_key = AuthKey(os.urandom(256))
        draft.keep()
    return place


# -- files ---------------------------------------------------------------------------------


def test_a_new_session_is_private_from_its_first_moment(place: Path) -> None:
    os.umask(0o022)
    with sessions.held(place), sessions.draft(place, Server()) as draft:
        [file] = place.parent.glob("*.new.session")
        assert mode(file) == 0o600
        draft.keep()
    assert (mode(place), mode(place.parent)) == (0o600, 0o700)
    assert sorted(p.name for p in place.parent.iterdir()) == [
        "archiver.session",
        "archiver.session.lock",
    ]


def test_a_draft_that_is_not_kept_leaves_nothing_and_harms_nothing(place: Path) -> None:
    before = made(place).read_bytes()
    with pytest.raises(RuntimeError), sessions.held(place), sessions.draft(place, Server()):
        raise RuntimeError
    with sessions.held(place), sessions.draft(place, Server()):
        pass
    assert place.read_bytes() == before
    assert list(place.parent.glob("*.new*")) == []


def test_a_server_of_ones_own_is_where_a_new_session_goes(place: Path) -> None:
    with sessions.held(place), sessions.draft(place, Server(3, "10.0.0.1", 4430)) as draft:
        found = draft.session
        assert (found.dc_id, found.server_address, found.port) == (3, "10.0.0.1", 4430)
    with sessions.held(place), sessions.draft(place, Server()) as draft:
        assert draft.session.server_address.startswith("149.154.")


def test_without_a_session_a_person_has_to_log_in(place: Path) -> None:
    with pytest.raises(LoginRequired, match="archiver login"), sessions.logged_in(place):
        pass
    assert not place.parent.exists()


@pytest.mark.parametrize("rights", [0o644, 0o640, 0o606])
def test_a_session_others_can_read_is_refused_with_the_command_to_run(
    place: Path, rights: int
) -> None:
    made(place).chmod(rights)
    with pytest.raises(ConfigError, match=f"chmod 600 {place}"), sessions.logged_in(place):
        pass


def test_a_folder_others_can_enter_is_refused(place: Path) -> None:
    made(place).parent.chmod(0o755)
    with pytest.raises(ConfigError, match=f"chmod 700 {place.parent}"), sessions.logged_in(place):
        pass


@pytest.mark.parametrize("content", [b"not a session at all", b"SQLite format 3\x00garbage"])
def test_a_damaged_session_is_said_to_be(place: Path, content: bytes) -> None:
    made(place).write_bytes(content)
    with pytest.raises(LoginRequired, match="damaged"), sessions.logged_in(place):
        pass
    assert place.read_bytes() == content


def test_another_database_is_no_session(place: Path) -> None:
    made(place).unlink()
    other = sqlite3.connect(place)
    other.execute("CREATE TABLE version (version)")
    other.commit()
    other.close()
    place.chmod(0o600)
    with pytest.raises(LoginRequired, match="no session"), sessions.logged_in(place):
        pass


def test_a_login_that_was_never_finished_is_none(place: Path) -> None:
    with sessions.held(place), sessions.draft(place, Server()) as draft:
        draft.keep()
    with pytest.raises(LoginRequired, match="nobody"), sessions.logged_in(place):
        pass


def test_the_lock_is_taken_before_the_file_is_opened(place: Path) -> None:
    made(place).write_bytes(b"whoever opens this finds it damaged")
    lock = hold(place, "sync since noon")
    try:
        with pytest.raises(Locked, match="sync since noon"), sessions.logged_in(place):
            pass
    finally:
        lock.release()


def test_the_lock_is_freed_with_the_session(place: Path) -> None:
    made(place)
    for _ in range(2):
        with sessions.logged_in(place) as found:
            assert found.auth_key
            assert found.save_entities is False


# -- clients -------------------------------------------------------------------------------


@hard_timeout
async def test_a_session_file_leads_to_its_account_and_stays_private(place: Path) -> None:
    async with running() as server:
        write_session(server, place)
        told = credentials(server, session=place)
        for _ in range(2):
            async with connected(told, "a test", timeouts=QUICK) as gate:
                assert (await account(gate)).user_id == server.world.me.id
        assert mode(place) == 0o600
        assert place.with_name(place.name + ".lock").read_text().endswith(", a test")


@hard_timeout
async def test_a_lost_login_leaves_the_session_file_as_it_is(place: Path) -> None:
    async with running() as server:
        write_session(server, place)
        server.keys.clear()
        before = place.read_bytes()
        with pytest.raises(LoginRequired):
            async with connected(credentials(server, session=place), timeouts=QUICK):
                pass
        assert place.read_bytes() == before


@hard_timeout
async def test_without_api_id_and_hash_nothing_is_connected() -> None:
    async with running() as server:
        for missing in ({"api_id": 0}, {"api_hash": ""}):
            with pytest.raises(ConfigError, match=r"my\.telegram\.org"):
                make(credentials(server, **missing), session(server))


@hard_timeout
async def test_a_new_key_is_exchanged_with_the_server_whose_public_key_is_named() -> None:
    async with running() as server:
        gate = gateway(server, session=session(server, login=False), new_login=True)
        await gate.connect()
        assert len(server.keys) == 1
        await gate.close()


@pytest.mark.parametrize("content", [None, b"", b"no key", PUBLIC_KEY.read_bytes()[:200]])
@hard_timeout
async def test_a_bad_public_key_is_said_to_be(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "key.pem"
    if content is not None:
        file.write_bytes(content)
    async with running() as server:
        told = credentials(server)._replace(server=Server(2, "h", 1, str(file)))
        with pytest.raises(ConfigError, match=str(file)):
            make(told, session(server))


def test_a_public_key_in_the_newer_form_is_taken(tmp_path: Path) -> None:
    from rsa import PublicKey

    from archiver.sources.telegram.client import trust

    # The same key behind the header that `openssl rsa -pubout` writes.
    der = PublicKey.load_pkcs1(PUBLIC_KEY.read_bytes()).save_pkcs1("DER")
    bits = b"\x00" + der
    head = bytes.fromhex("300d06092a864886f70d0101010500")
    body = head + b"\x03\x82" + len(bits).to_bytes(2, "big") + bits
    whole = b"\x30\x82" + len(body).to_bytes(2, "big") + body
    import base64

    text = b"-----BEGIN PUBLIC KEY-----\n" + base64.encodebytes(whole)
    file = tmp_path / "key.pem"
    file.write_bytes(text + b"-----END PUBLIC KEY-----\n")
    trust(file)


# -- proxies -------------------------------------------------------------------------------


def test_no_proxy_is_the_straight_way() -> None:
    assert route("") == Route()


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("socks5://h:1080", ("socks5", "h", 1080, True, None, None)),
        ("socks5://u:p%40ss@h:1", ("socks5", "h", 1, True, "u", "p@ss")),
        ("socks4://10.0.0.1:1", ("socks4", "10.0.0.1", 1, True, None, None)),
        ("http://[::1]:3128", ("http", "::1", 3128, True, None, None)),
        ("mtproxy://DD" + "0f" * 16 + "@h:443", ("h", 443, "dd" + "0f" * 16)),
    ],
)
def test_proxies_are_read(url: str, proxy: Any) -> None:
    assert route(url).proxy == proxy


@pytest.mark.parametrize(
    "url",
    [
        "h:1080",
        "socks5://h",
        "socks5://u:hunter2@:1",
        "ftp://h:1",
        "socks5://h:port",
        "mtproxy://hunter2@h:1",
        "mtproxy://ee" + "0f" * 20 + "@h:1",
    ],
)
def test_what_is_no_proxy_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigError) as raised:
        route(url)
    assert "hunter2" not in str(raised.value)
    assert "socks5" in str(raised.value) or "mtproxy" in str(raised.value)


def through(server: Telegram, url: str) -> Gateway:
    told = credentials(server, proxy=url)
    clock = Clock()
    # 2 s of connecting to an MTProxy are Telethon's own.
    return Gateway(
        make(told, session(server)), timeouts=Timeouts(2, 6), sleep=clock.sleep, clock=clock
    )


@hard_timeout
async def test_a_socks_proxy_carries_the_connection() -> None:
    async with running() as server, socks("ada", "secret") as proxy:
        gate = through(server, f"socks5://ada:secret@127.0.0.1:{proxy.port}")
        assert (await account(gate)).user_id == server.world.me.id
        assert proxy.carried == 1
        await gate.close()


@hard_timeout
async def test_a_proxy_that_refuses_is_offline_and_named() -> None:
    async with running() as server, socks("ada", "secret") as proxy:
        gate = through(server, f"socks5://ada:wrong@127.0.0.1:{proxy.port}")
        with pytest.raises(Offline, match="proxy") as raised:
            await gate.connect()
        assert "wrong" not in str(raised.value)
        assert server.calls == []  # never around the proxy


@hard_timeout
async def test_an_mtproxy_carries_the_connection() -> None:
    async with running() as server:
        secret = server.secret.hex()
        gate = through(server, f"mtproxy://{secret}@127.0.0.1:{server.port}")
        assert (await account(gate)).user_id == server.world.me.id
        await gate.close()


class Socks:
    """A SOCKS5 proxy with one user (RFC 1928, 1929)."""

    def __init__(self, user: str, password: str) -> None:
        self.port, self.carried = 0, 0
        self._login = bytes([1, len(user)]) + user.encode()
        self._login += bytes([len(password)]) + password.encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client."""
        await reader.readexactly(2)
        await reader.read(16)
        writer.write(b"\x05\x02")
        if await reader.read(512) != self._login:
            writer.write(b"\x01\x01")
            writer.close()
            return
        writer.write(b"\x01\x00")
        *_, kind = await reader.readexactly(4)
        size = 4 if kind == 1 else (await reader.readexactly(1))[0]
        host = await reader.readexactly(size)
        port = int.from_bytes(await reader.readexactly(2), "big")
        name = ".".join(map(str, host)) if kind == 1 else host.decode()
        far_reader, far_writer = await asyncio.open_connection(name, port)
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        self.carried += 1
        await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
    except ConnectionError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def socks(user: str, password: str) -> AsyncIterator[Socks]:
    """The proxy, running."""
    proxy = Socks(user, password)
    listener = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = listener.sockets[0].getsockname()[1]
    async with listener:
        yield proxy
