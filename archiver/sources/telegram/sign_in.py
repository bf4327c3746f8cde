"""The two ways into an account: a code sent to its phone, or a QR code scanned by its app.

Both end with the two-step password where the account has one. People are asked by callbacks.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from telethon import errors as tl
from telethon import password as srp
from telethon.tl import types
from telethon.tl.functions.account import GetPasswordRequest
from telethon.tl.functions.auth import (
    CheckPasswordRequest,
    ExportLoginTokenRequest,
    ImportLoginTokenRequest,
    SendCodeRequest,
    SignInRequest,
)

from archiver.config import Credentials
from archiver.errors import ArchiverError, ConfigError, LoginRequired, TryAgainLater
from archiver.sources.telegram.gateway import Gateway

ATTEMPTS = 3  # wrong codes and passwords; Telegram itself blocks a number after a few more
QR_CODES = 10  # shown one after the other, half a minute each

HOW_SENT = {
    types.auth.SentCodeTypeApp: "a message in the Telegram app on your other devices",
    types.auth.SentCodeTypeSms: "an SMS",
    types.auth.SentCodeTypeSmsWord: "an SMS",
    types.auth.SentCodeTypeSmsPhrase: "an SMS",
    types.auth.SentCodeTypeFirebaseSms: "an SMS",
    types.auth.SentCodeTypeFragmentSms: "a message at fragment.com",
    types.auth.SentCodeTypeCall: "a phone call",
    types.auth.SentCodeTypeFlashCall: "a call whose number is the code",
    types.auth.SentCodeTypeMissedCall: "a missed call; the code is the end of its number",
    types.auth.SentCodeTypeEmailCode: "an e-mail",
}


@dataclass(frozen=True, slots=True)
class Prompts:
    """How a person is asked and told.

    `code` is given how it was sent, `password` its hint, `show` an URL to be drawn as a QR code.
    """

    phone: Callable[[], str]
    code: Callable[[str], str]
    password: Callable[[str], str]
    show: Callable[[str], None]
    say: Callable[[str], None]


async def by_phone(gateway: Gateway, credentials: Credentials, ask: Prompts) -> Any:
    """The user, once the code that was sent is entered. Raises an error of ours."""
    try:
        phone, sent = await _sent_to(gateway, credentials, ask)
        for _ in range(ATTEMPTS):
            code = ask.code(_how(sent))
            try:
                request = SignInRequest(phone, sent.phone_code_hash, code.strip())
                return _user(await gateway.call(request, again=False))
            except (tl.PhoneCodeInvalidError, tl.PhoneCodeEmptyError):
                ask.say("This is not the code.")
            except tl.PhoneCodeExpiredError:
                ask.say("The code has expired; another one is on its way.")
                sent = await _send_code(gateway, credentials, phone)
            except LoginRequired as error:
                return await _second_step(gateway, credentials, ask, error)
    except tl.RPCError as error:
        raise _refusal(error) from error
    raise LoginRequired("three wrong codes; wait a little, then run `archiver login` again.")


async def _sent_to(gateway: Gateway, credentials: Credentials, ask: Prompts) -> tuple[str, Any]:
    """The phone a code was sent to, and the answer; a mistyped number is asked for again."""
    for _ in range(ATTEMPTS - 1):
        phone = credentials.phone or ask.phone()
        try:
            return phone, await _send_code(gateway, credentials, phone)
        except tl.PhoneNumberInvalidError:
            if credentials.phone:
                raise
            ask.say(_BAD_NUMBER)
    phone = ask.phone()
    return phone, await _send_code(gateway, credentials, phone)


async def by_qr(
    gateway: Gateway, credentials: Credentials, ask: Prompts, clock: Callable[[], float]
) -> Any:
    """The user, once a QR code is scanned; an expired one is followed by the next."""
    request = ExportLoginTokenRequest(credentials.api_id, credentials.api_hash, [])
    try:
        for _ in range(QR_CODES):
            answer = await gateway.call(request)
            if isinstance(answer, types.auth.LoginToken):
                token = base64.urlsafe_b64encode(answer.token).decode().rstrip("=")
                ask.show(f"tg://login?token={token}")
                if await _scanned(gateway, answer.expires.timestamp() - clock()):
                    answer = await gateway.call(request)
            if isinstance(answer, types.auth.LoginTokenMigrateTo):
                await gateway.move(answer.dc_id)
                answer = await gateway.call(ImportLoginTokenRequest(answer.token), again=False)
            if isinstance(answer, types.auth.LoginTokenSuccess):
                return _user(answer.authorization)
    except LoginRequired as error:
        return await _second_step(gateway, credentials, ask, error)
    except tl.RPCError as error:
        raise _refusal(error) from error
    raise LoginRequired("nobody scanned the code; run `archiver login --qr` again.")


async def _scanned(gateway: Gateway, left: float) -> bool:
    """Whether the server says so before the code expires. A wrong clock makes it a minute."""
    loop = asyncio.get_running_loop()
    end = loop.time() + (left if 0 < left <= 60 else 60.0)
    while (rest := end - loop.time()) > 0:
        update = await gateway.wire.update(rest)
        # An UpdateShort holds one update, others hold several.
        inside = [getattr(update, "update", None), *getattr(update, "updates", [])]
        if any(isinstance(each, types.UpdateLoginToken) for each in inside):
            return True
    return False


async def _second_step(
    gateway: Gateway, credentials: Credentials, ask: Prompts, error: LoginRequired
) -> Any:
    """The two-step password, if that is what is missing."""
    if not isinstance(error.__cause__, tl.SessionPasswordNeededError):
        raise error
    given = credentials.password
    for _ in range(ATTEMPTS):
        # Each question of the server is good for one answer.
        question = await gateway.call(GetPasswordRequest())
        given = given or ask.password(question.hint or "")
        try:
            request = CheckPasswordRequest(srp.compute_check(question, given))
            return _user(await gateway.call(request, again=False))
        except (tl.PasswordHashInvalidError, tl.SrpIdInvalidError, tl.SrpPasswordChangedError):
            ask.say("This is not the password.")
            given = ""
    raise LoginRequired("three wrong passwords; wait a little, then run `archiver login` again.")


async def _send_code(gateway: Gateway, credentials: Credentials, phone: str) -> Any:
    request = SendCodeRequest(phone, credentials.api_id, credentials.api_hash, types.CodeSettings())
    sent = await gateway.call(request, again=False)
    if not isinstance(sent, types.auth.SentCode):
        raise LoginRequired(
            "Telegram asks for something before it sends a code; log in with an official app first."
        )
    return sent


def _how(sent: Any) -> str:
    if isinstance(sent.type, types.auth.SentCodeTypeSetUpEmailRequired):
        raise LoginRequired(
            "Telegram wants an e-mail address for this account; set one in an official app first."
        )
    return HOW_SENT.get(type(sent.type), "a message")


def _user(authorization: Any) -> Any:
    """Whom an auth.Authorization lets in."""
    if not isinstance(authorization, types.auth.Authorization):
        raise ConfigError(_NOBODY)
    return authorization.user


_NOBODY = "this number has no Telegram account; make one in an official app."
_BAD_NUMBER = "Telegram does not know this number; write it with its country code: +380..."
_ENOUGH = "Telegram takes no more logins for this number today; try again tomorrow."
_TOO_OLD = "Telegram wants a newer program for this login; log in with a QR code: --qr."

_REFUSALS: dict[type[Exception], tuple[type[ArchiverError], str]] = {
    tl.PhoneNumberInvalidError: (ConfigError, _BAD_NUMBER),
    tl.PhoneNumberUnoccupiedError: (ConfigError, _NOBODY),
    tl.PhoneNumberAppSignupForbiddenError: (ConfigError, _NOBODY),
    tl.PhoneNumberFloodError: (TryAgainLater, _ENOUGH),
    tl.PhonePasswordFloodError: (TryAgainLater, _ENOUGH),
    tl.SendCodeUnavailableError: (TryAgainLater, _ENOUGH),
    tl.UpdateAppToLoginError: (LoginRequired, _TOO_OLD),
}


def _refusal(error: Exception) -> Exception:
    """A refusal as ours; one that is not known stays as it is."""
    if type(error) not in _REFUSALS:
        return error
    kind, said = _REFUSALS[type(error)]
    return kind(said)
