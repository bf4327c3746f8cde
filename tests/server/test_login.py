"""Codes, passwords and QR codes let the real client in, and keep it out."""

from __future__ import annotations

import asyncio

import pytest
from telethon import TelegramClient, errors
from telethon.tl.functions.auth import LogOutRequest
from telethon.tl.functions.users import GetUsersRequest
from telethon.tl.types import InputUserSelf

from tests.server import Server, World, rpc
from tests.server.fixtures import connected, running, session
from tests.server.timeouts import hard_timeout

PHONE = "+15550100"


def stranger(server: Server, **options: object):  # type: ignore[no-untyped-def]
    return connected(server, session(server, login=False), **options)


async def whoami(client: TelegramClient) -> int:
    [user] = await client(GetUsersRequest([InputUserSelf()]))
    return int(user.id)


@hard_timeout
async def test_the_right_code_logs_in() -> None:
    async with running() as server, stranger(server) as c:
        sent = await c.send_code_request(PHONE)
        user = await c.sign_in(PHONE, "12345", phone_code_hash=sent.phone_code_hash)
        assert user.id == server.world.me.id == await whoami(c)


@hard_timeout
async def test_a_wrong_code_does_not() -> None:
    async with running() as server, stranger(server) as c:
        await c.send_code_request(PHONE)
        with pytest.raises(errors.PhoneCodeInvalidError):
            await c.sign_in(PHONE, "54321")
        with pytest.raises(errors.AuthKeyUnregisteredError):
            await whoami(c)
        assert (await c.sign_in(PHONE, "12345")).id == server.world.me.id


@hard_timeout
async def test_codes_expire_and_unknown_phones_get_none() -> None:
    async with running() as server, stranger(server) as c:
        with pytest.raises(errors.PhoneNumberInvalidError):
            await c.send_code_request("+15559999")
        await c.send_code_request(PHONE)
        server.world.login.hashes.clear()
        with pytest.raises(errors.PhoneCodeExpiredError):
            await c.sign_in(PHONE, "12345")


@hard_timeout
async def test_another_api_id_is_refused() -> None:
    async with running() as server, stranger(server) as c:
        c.api_id = 999
        with pytest.raises(errors.ApiIdInvalidError):
            await c.send_code_request(PHONE)


@hard_timeout
async def test_a_password_is_asked_for_and_proved() -> None:
    world = World()
    world.me.password = "correct horse"
    async with running(world) as server, stranger(server) as c:
        await c.send_code_request(PHONE)
        with pytest.raises(errors.SessionPasswordNeededError):
            await c.sign_in(PHONE, "12345")
        with pytest.raises(errors.PasswordHashInvalidError):
            await c.sign_in(password="wrong horse")
        assert (await c.sign_in(password="correct horse")).id == world.me.id


@pytest.mark.parametrize("password", [None, "correct horse"])
@hard_timeout
async def test_a_scanned_qr_code_logs_in(password: str | None) -> None:
    world = World()
    world.me.password = password
    async with running(world) as server, stranger(server, receive_updates=True) as c:
        code = await c.qr_login()
        assert code.url.startswith("tg://login?token=")
        waiting = asyncio.create_task(code.wait(5))
        await asyncio.sleep(0.02)
        server.scan_qr()
        if password is not None:
            with pytest.raises(errors.SessionPasswordNeededError):
                await waiting
            await c.sign_in(password=password)
        else:
            await waiting
        assert await whoami(c) == world.me.id


@hard_timeout
async def test_nobody_is_logged_in_after_logging_out() -> None:
    async with running() as server, connected(server) as c:
        await c(LogOutRequest())
        with pytest.raises(errors.AuthKeyUnregisteredError):
            await whoami(c)


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        (401, "AUTH_KEY_UNREGISTERED", errors.AuthKeyUnregisteredError),
        (401, "SESSION_REVOKED", errors.SessionRevokedError),
        (401, "USER_DEACTIVATED_BAN", errors.UserDeactivatedBanError),
        (406, "AUTH_KEY_DUPLICATED", errors.AuthKeyDuplicatedError),
    ],
)
@hard_timeout
async def test_a_key_can_be_revoked_at_any_time(code: int, message: str, kind: type) -> None:
    async with running() as server, connected(server) as c:
        await whoami(c)
        server.revoke(code, message)
        with pytest.raises(kind):
            await whoami(c)


@hard_timeout
async def test_a_takeout_can_be_delayed_and_then_works() -> None:
    async with running() as server, connected(server) as c:
        server.fail("InitTakeoutSession", rpc(420, "TAKEOUT_INIT_DELAY_86400"))
        with pytest.raises(errors.TakeoutInitDelayError) as caught:
            await c.takeout(channels=True).__aenter__()
        assert caught.value.seconds == 86_400
        async with c.takeout(channels=True) as takeout:
            await takeout(GetUsersRequest([InputUserSelf()]))
        assert [call.takeout for call in server.calls if call.name == "GetUsersRequest"][-1]
