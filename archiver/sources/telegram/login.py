"""Logging in and out: a session is kept only when the account in it is the right one."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from telethon.tl import types
from telethon.tl.functions.auth import LogOutRequest
from telethon.tl.functions.users import GetUsersRequest

from archiver.config import Credentials
from archiver.errors import ArchiverError, LoginRequired, Offline
from archiver.model import Account
from archiver.sources.telegram import client, session
from archiver.sources.telegram.faults import ENDED
from archiver.sources.telegram.gateway import Gateway, connected
from archiver.sources.telegram.sign_in import Prompts, by_phone, by_qr

FLOOD_SLEEP = 20  # seconds; a person is waiting


async def account(gateway: Gateway) -> Account:
    """Who is logged in. Only Telegram's own word that nobody is makes it LoginRequired."""
    users = await gateway.call(GetUsersRequest([types.InputUserSelf()]))
    if not users or not isinstance(users[0], types.User):
        raise LoginRequired(ENDED)
    return told(users[0])


def told(user: Any) -> Account:
    """A user as people recognise the account: by its @name, or by the first name."""
    names = [user.username, *(n.username for n in user.usernames or [] if n.active)]
    name = next((n for n in names if n), None)
    return Account(user.id, f"@{name}" if name else user.first_name or "")


async def log_in(
    credentials: Credentials,
    ask: Prompts,
    check: Callable[[Account], None],
    *,
    qr: bool = False,
    said: str = "",
    clock: Callable[[], float] = time.time,
    **options: Any,
) -> tuple[Account, bool]:
    """The account, and whether it was logged in already. `options` are Gateway's.

    `check` raises for an account that is not wanted; it is logged out again then, and nothing is
    kept of it. Raises Locked, ConfigError, LoginRequired, Offline and FloodWait.
    """
    options = {"flood_sleep": FLOOD_SLEEP} | options
    with session.held(credentials.session, said):
        if (known := await _known(credentials, options)) is not None:
            check(known)
            return known, True
        with session.draft(credentials.session, credentials.server) as draft:
            made = client.make(credentials, draft.session)
            gateway = Gateway(made, new_login=True, **options)
            try:
                found = told(await _sign_in(gateway, credentials, ask, qr, clock))
                await _checked(gateway, found, check)
                draft.keep()
            finally:
                await gateway.close()
    return found, False


async def _sign_in(
    gateway: Gateway, credentials: Credentials, ask: Prompts, qr: bool, clock: Callable[[], float]
) -> Any:
    await gateway.connect()
    if qr:
        return await by_qr(gateway, credentials, ask, clock)
    return await by_phone(gateway, credentials, ask)


async def _checked(gateway: Gateway, found: Account, check: Callable[[Account], None]) -> None:
    """Ask whether the account is wanted; log it out if not."""
    try:
        check(found)
    except ArchiverError:
        with suppress(ArchiverError):  # what `check` said matters more
            await gateway.call(LogOutRequest(), again=False)
        raise


async def _known(credentials: Credentials, options: dict[str, Any]) -> Account | None:
    """The account of the session there is, if it is still good."""
    if not credentials.session.exists():
        return None
    try:
        with session.existing(credentials.session) as proof:
            gateway = Gateway(client.make(credentials, proof), **options)
            try:
                return await account(gateway)
            finally:
                await gateway.close()
    except LoginRequired:
        return None


async def log_out(credentials: Credentials, said: str = "", **options: Any) -> bool:
    """End the login at Telegram, then forget it here; False where nobody was logged in.

    Raises Offline and FloodWait, and keeps the session then: nobody could end it any more.
    """
    if not credentials.session.exists():
        return False
    try:
        async with connected(credentials, said, **options) as gateway:
            await gateway.call(LogOutRequest(), again=False)
    except LoginRequired:
        pass  # it was ended already
    except Offline as error:
        raise Offline(
            f"{error} You are still logged in: try again later, or end the session in an official"
            f" app (Settings, Devices) and delete {credentials.session}."
        ) from error
    with session.held(credentials.session, said):
        session.remove(credentials.session)
    return True
