"""Logging in by code, password and QR code; kept only if the account is the right one."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from telethon.tl.types import DcOption
from telethon.tl.types.auth import LoginTokenMigrateTo

from archiver.config import Credentials
from archiver.errors import (
    ArchiverError,
    ConfigError,
    FloodWait,
    LoginRequired,
    Offline,
    TryAgainLater,
)
from archiver.model import Account
from archiver.sources.telegram.gateway import Timeouts, connected
from archiver.sources.telegram.login import account, log_in, log_out, told
from archiver.sources.telegram.sign_in import Prompts
from tests.server import Server, World, alter, hang, rpc
from tests.server.fixtures import running, write_session
from tests.server.timeouts import hard_timeout
from tests.sources.telegram.gatewayroom import Clock, credentials, gateway

PHONE = "+15550100"

# Passwords take a server and a client their time on a busy machine; one test waits for no answer.
PATIENT = Timeouts(answer=1.0, connect=5.0)


@dataclass
class Person:
    """Somebody at the keyboard, with answers prepared."""

    phones: list[str] = field(default_factory=lambda: [PHONE])
    codes: list[str] = field(default_factory=lambda: ["12345"])
    passwords: list[str] = field(default_factory=list)
    on_show: Callable[[], Any] = lambda: None
    heard: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def prompts(self) -> Prompts:
        """As `log_in` wants them."""
        return Prompts(self._phone, self._code, self._password, self._show, self.heard.append)

    def _phone(self) -> str:
        self.heard.append("phone?")
        return self.phones.pop(0) if len(self.phones) > 1 else self.phones[0]

    def _code(self, how: str) -> str:
        self.heard.append(how)
        return self.codes.pop(0)

    def _password(self, hint: str) -> str:
        self.heard.append(hint)
        return self.passwords.pop(0)

    def _show(self, url: str) -> None:
        self.shown.append(url)
        self.on_show()


def anyone(found: Account) -> None:
    """Every account is welcome."""


async def enter(
    server: Server,
    place: Path,
    person: Person,
    check: Callable[[Account], None] = anyone,
    *,
    told: Credentials | None = None,
    **options: Any,
) -> tuple[Account, bool]:
    """Log in at the test server."""
    clock = Clock()
    given = {"timeouts": PATIENT, "sleep": clock.sleep, **options}
    told = told or credentials(server, session=place)
    return await log_in(told, person.prompts(), check, **given)  # type: ignore[arg-type]


async def whoami(server: Server, place: Path) -> int:
    """Whom the session at that place belongs to."""
    async with connected(credentials(server, session=place), timeouts=PATIENT) as gate:
        return (await account(gate)).user_id


def ending(server: Server) -> Callable[[], float]:
    """A clock by which each QR code is 0.05 s from its end, and then worth nothing."""

    def clock() -> float:
        token = server.world.login.tokens[-1]
        end, token.expires = token.expires, 0
        return end - 0.05

    return clock


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the session will lie."""
    return tmp_path / "telegram" / "me.session"


@hard_timeout
async def test_phone_and_code_log_in(place: Path) -> None:
    async with running() as server:
        person = Person()
        found, before = await enter(server, place, person)
        assert (found.user_id, found.label, before) == (server.world.me.id, "Ada", False)
        assert person.heard == ["phone?", "a message in the Telegram app on your other devices"]
        assert await whoami(server, place) == found.user_id


@hard_timeout
async def test_a_phone_that_is_known_is_not_asked_for(place: Path) -> None:
    async with running() as server:
        person = Person()
        told = credentials(server, session=place, phone=PHONE)
        await enter(server, place, person, told=told)
        assert "phone?" not in person.heard


@hard_timeout
async def test_a_mistyped_number_can_be_corrected(place: Path) -> None:
    async with running() as server:
        person = Person(phones=["+1555", PHONE])
        found, _ = await enter(server, place, person)
        assert found.user_id == server.world.me.id
        assert any("does not know this number" in each for each in person.heard)


@hard_timeout
async def test_three_wrong_numbers_are_enough(place: Path) -> None:
    async with running() as server:
        person = Person(phones=["+1", "+2", "+3", PHONE])
        with pytest.raises(ConfigError, match="country code"):
            await enter(server, place, person)
        assert person.phones == [PHONE]


@hard_timeout
async def test_a_wrong_number_of_the_settings_is_not_tried_twice(place: Path) -> None:
    async with running() as server:
        person = Person()
        told = credentials(server, session=place, phone="+1555")
        with pytest.raises(ConfigError, match="does not know this number"):
            await enter(server, place, person, told=told)
        assert person.heard == []


@hard_timeout
async def test_a_wrong_code_can_be_corrected(place: Path) -> None:
    async with running() as server:
        person = Person(codes=["54321", " 12345 "])
        await enter(server, place, person)
        assert "This is not the code." in person.heard


@hard_timeout
async def test_three_wrong_codes_are_enough(place: Path) -> None:
    async with running() as server:
        with pytest.raises(LoginRequired, match="three wrong codes"):
            await enter(server, place, Person(codes=["1", "2", "3", "12345"]))
        assert [p.name for p in place.parent.iterdir()] == ["me.session.lock"]


@hard_timeout
async def test_an_expired_code_is_followed_by_another(place: Path) -> None:
    async with running() as server:
        server.fail("SignIn", rpc(400, "PHONE_CODE_EXPIRED"))
        await enter(server, place, Person(codes=["12345", "12345"]))
        assert len(server.calls.of("SendCode")) == 2


@hard_timeout
async def test_the_password_is_asked_for_with_its_hint(place: Path) -> None:
    world = World()
    world.me.password = "correct horse"
    async with running(world) as server:
        person = Person(passwords=["wrong", "correct horse"])
        found, _ = await enter(server, place, person)
        assert found.user_id == world.me.id
        assert person.heard.count("the usual one") == 2
        assert "This is not the password." in person.heard


@hard_timeout
async def test_a_password_from_the_environment_is_tried_first(place: Path) -> None:
    world = World()
    world.me.password = "correct horse"
    async with running(world) as server:
        told = credentials(server, session=place, password="correct horse")
        await enter(server, place, Person(), told=told)
        told = credentials(server, session=place.with_name("b.session"), password="old")
        await enter(server, place, Person(passwords=["correct horse"]), told=told)
        told = credentials(server, session=place.with_name("c.session"), password="old")
        with pytest.raises(LoginRequired, match="three wrong passwords"):
            await enter(server, place, Person(passwords=["a", "b", "c"]), told=told)


@pytest.mark.parametrize(
    ("fault", "ours", "said"),
    [
        (rpc(400, "PHONE_NUMBER_UNOCCUPIED"), ConfigError, "no Telegram account"),
        (rpc(400, "PHONE_NUMBER_BANNED"), LoginRequired, "banned"),
        (rpc(400, "PHONE_NUMBER_FLOOD"), TryAgainLater, "tomorrow"),
        (rpc(406, "PHONE_PASSWORD_FLOOD"), TryAgainLater, "tomorrow"),
        (rpc(420, "FLOOD_WAIT_7200"), FloodWait, "120 minutes"),
        (rpc(400, "API_ID_INVALID"), ConfigError, "api_hash"),
        (rpc(406, "UPDATE_APP_TO_LOGIN"), LoginRequired, "--qr"),
        (hang(), Offline, "SendCode"),
    ],
)
@hard_timeout
async def test_refusals_say_what_to_do(place: Path, fault: Any, ours: type, said: str) -> None:
    async with running() as server:
        server.fail("SendCode", fault, times=None)
        with pytest.raises(ours, match=said):
            await enter(server, place, Person())
        assert len(server.calls.of("SendCode")) == 1  # never twice: each sends a code
        assert not place.exists()


@pytest.mark.parametrize("password", [None, "correct horse"])
@hard_timeout
async def test_a_scanned_qr_code_logs_in(place: Path, password: str | None) -> None:
    world = World()
    world.me.password = password
    async with running(world) as server:
        loop = asyncio.get_running_loop()
        person = Person(passwords=["correct horse"])
        person.on_show = lambda: loop.call_later(0.05, server.scan_qr)
        found, _ = await enter(server, place, person, qr=True)
        assert found.user_id == world.me.id
        assert len(person.shown) == 1
        assert person.shown[0].startswith("tg://login?token=")
        assert await whoami(server, place) == world.me.id


@hard_timeout
async def test_an_expired_qr_code_is_followed_by_the_next(place: Path) -> None:
    async with running() as server:
        loop = asyncio.get_running_loop()
        person = Person()

        def show() -> None:
            if len(person.shown) == 3:
                loop.call_later(0.02, server.scan_qr)

        person.on_show = show

        found, _ = await enter(server, place, person, qr=True, clock=ending(server))
        assert found.user_id == server.world.me.id
        assert len(set(person.shown)) == 3


@hard_timeout
async def test_a_qr_code_nobody_scans_ends(place: Path) -> None:
    async with running() as server:
        person = Person()
        with pytest.raises(LoginRequired, match="nobody scanned"):
            await enter(server, place, person, qr=True, clock=ending(server))
        assert len(person.shown) == 10


@pytest.mark.parametrize("qr", [False, True])
@hard_timeout
async def test_a_login_follows_the_account_to_its_data_centre(place: Path, qr: bool) -> None:
    world = World()
    async with running(world) as server, Server(world, dc=4) as other:
        home = DcOption(other.dc, other.host, other.port)
        server.fail("GetConfig", alter(lambda told: told.dc_options.append(home)), times=None)
        server.fail("SendCode", rpc(303, "PHONE_MIGRATE_4"), times=None)
        loop = asyncio.get_running_loop()
        person = Person(on_show=lambda: loop.call_later(0.05, server.scan_qr))
        if qr:
            move = LoginTokenMigrateTo(4, b"")
            server.fail("ExportLoginToken", lambda request: _scanned(world, move), skip=1)
        found, _ = await enter(server, place, person, qr=qr)
        assert found.user_id == world.me.id
        assert await whoami(other, place) == world.me.id
        with closing(sqlite3.connect(place)) as file:
            assert file.execute("SELECT dc_id, port FROM sessions").fetchall() == [(4, other.port)]
        assert not other.bugs


def _scanned(world: World, move: LoginTokenMigrateTo) -> LoginTokenMigrateTo:
    """The token that was scanned goes to the other data centre."""
    move.token = world.login.tokens[-1].data
    return move


@hard_timeout
async def test_an_account_that_is_not_wanted_is_logged_out_and_forgotten(place: Path) -> None:
    def other(found: Account) -> None:
        raise LoginRequired(f"not {found.label}")

    async with running() as server:
        with pytest.raises(LoginRequired, match="not Ada"):
            await enter(server, place, Person(), other)
        assert len(server.calls.of("LogOut")) == 1
        assert all(key.account is None for key in server.keys.values())
        assert not place.exists()


@hard_timeout
async def test_who_is_logged_in_already_is_not_asked_again(place: Path) -> None:
    async with running() as server:
        write_session(server, place)
        person = Person()
        found, before = await enter(server, place, person)
        assert (found.user_id, before, person.heard) == (server.world.me.id, True, [])
        assert server.calls.of("SendCode") == []


@hard_timeout
async def test_an_ended_login_is_replaced_when_the_new_one_is_good(place: Path) -> None:
    async with running() as server:
        write_session(server, place)
        server.revoke()
        old = place.read_bytes()
        with pytest.raises(LoginRequired):
            await enter(server, place, Person(codes=["1", "2", "3"]))
        assert place.read_bytes() == old
        await enter(server, place, Person())
        assert await whoami(server, place) == server.world.me.id


@pytest.mark.parametrize(
    ("fault", "ours"),
    [(rpc(420, "FLOOD_WAIT_9000"), FloodWait), (rpc(500, "INTERNAL"), TryAgainLater)],
)
@hard_timeout
async def test_a_busy_server_is_no_reason_to_log_in_anew(
    place: Path, fault: Any, ours: type[ArchiverError]
) -> None:
    async with running() as server:
        write_session(server, place)
        server.fail("GetUsers", fault, times=None)
        person = Person()
        with pytest.raises(ours):
            await enter(server, place, person)
        assert person.heard == []
        assert place.exists()


@hard_timeout
async def test_logging_out_ends_the_session_here_and_there(place: Path) -> None:
    async with running() as server:
        write_session(server, place)
        told = credentials(server, session=place)
        assert await log_out(told, timeouts=PATIENT)
        assert not place.exists()
        assert all(key.account is None for key in server.keys.values())
        assert not await log_out(told, timeouts=PATIENT)


@hard_timeout
async def test_a_login_that_ended_can_be_logged_out(place: Path) -> None:
    async with running() as server:
        write_session(server, place)
        server.revoke(406, "AUTH_KEY_DUPLICATED")
        assert await log_out(credentials(server, session=place), timeouts=PATIENT)
        assert not place.exists()


@hard_timeout
async def test_without_network_the_session_is_kept_for_a_later_log_out(place: Path) -> None:
    async with running() as server:
        write_session(server, place)
        server.close_listener()
        clock = Clock()
        with pytest.raises(Offline, match="You are still logged in"):
            await log_out(credentials(server, session=place), timeouts=PATIENT, sleep=clock.sleep)
        assert place.exists()


@hard_timeout
async def test_an_account_is_recognised_by_its_name() -> None:
    from telethon.tl.types import User, Username

    assert told(User(1, username="ada", first_name="Ada")) == Account(1, "@ada")
    names = [Username("old"), Username("new", active=True)]
    assert told(User(1, usernames=names, first_name="Ada")) == Account(1, "@new")
    assert told(User(1)) == Account(1, "")


@hard_timeout
async def test_an_empty_answer_is_nobody() -> None:
    from tests.server.tl import vector

    async with running() as server:
        server.fail("GetUsers", lambda request: vector([]))
        gate = gateway(server)
        with pytest.raises(LoginRequired):
            await account(gate)
        await gate.close()
