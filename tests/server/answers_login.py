"""Methods of logging in and out."""

from __future__ import annotations

import os
from typing import Any

from telethon.tl.functions.account import GetPasswordRequest
from telethon.tl.functions.auth import (
    CancelCodeRequest,
    CheckPasswordRequest,
    ExportLoginTokenRequest,
    ImportLoginTokenRequest,
    LogOutRequest,
    ResendCodeRequest,
    SendCodeRequest,
    SignInRequest,
)
from telethon.tl.types import auth
from telethon.tl.types.account import Password

from tests.server.asked import Asked, answers
from tests.server.faults import Refusal
from tests.server.login import Token
from tests.server.tl import TRUE, Raw
from tests.server.world import Account

QR_LIFE = 30  # seconds


@answers(SendCodeRequest)
def send_code(asked: Asked, request: Any) -> auth.SentCode:
    """A code is sent, to an account that exists."""
    _check_api(asked, request)
    phone = request.phone_number.lstrip("+").replace(" ", "")
    account = _account(asked, phone)
    if account is None:
        raise Refusal(400, "PHONE_NUMBER_INVALID")
    hash_ = os.urandom(9).hex()
    asked.world.login.hashes[hash_] = phone
    return auth.SentCode(auth.SentCodeTypeApp(len(account.code)), hash_, timeout=60)


@answers(ResendCodeRequest)
def resend_code(asked: Asked, request: Any) -> auth.SentCode:
    """The same code by another way."""
    account = _account(asked, request.phone_number.lstrip("+"))
    if account is None or request.phone_code_hash not in asked.world.login.hashes:
        raise Refusal(400, "PHONE_CODE_EXPIRED")
    return auth.SentCode(auth.SentCodeTypeSms(len(account.code)), request.phone_code_hash)


@answers(CancelCodeRequest)
def cancel_code(asked: Asked, request: Any) -> Raw:
    """The code is good for nothing any more."""
    asked.world.login.hashes.pop(request.phone_code_hash, None)
    return TRUE


@answers(SignInRequest)
def sign_in(asked: Asked, request: Any) -> auth.Authorization:
    """The code is right, or not; with a password that is only half the way."""
    phone = asked.world.login.hashes.get(request.phone_code_hash)
    if phone is None:
        raise Refusal(400, "PHONE_CODE_EXPIRED")
    account = _account(asked, phone)
    if account is None or request.phone_code != account.code:
        raise Refusal(400, "PHONE_CODE_INVALID")
    del asked.world.login.hashes[request.phone_code_hash]
    return _let_in(asked, account)


@answers(GetPasswordRequest)
def get_password(asked: Asked, request: Any) -> Password:
    """What to prove."""
    account = asked.key.halfway or asked.account
    if account is None:
        raise Refusal(401, "AUTH_KEY_UNREGISTERED")
    return asked.world.login.ask(account)


@answers(CheckPasswordRequest)
def check_password(asked: Asked, request: Any) -> auth.Authorization:
    """The proof holds, or not."""
    account = asked.key.halfway
    if account is None:
        raise Refusal(401, "AUTH_KEY_UNREGISTERED")
    if not asked.world.login.knows(request.password):
        raise Refusal(400, "PASSWORD_HASH_INVALID")
    asked.key.halfway, asked.key.account = None, account
    return auth.Authorization(account.as_user())


@answers(ExportLoginTokenRequest)
def export_token(asked: Asked, request: Any) -> Any:
    """A QR code; or, when the last one has been scanned, the end of the login."""
    _check_api(asked, request)
    token = _token(asked)
    if token.accepted_by is None:
        return auth.LoginToken(token.expires, token.data)
    asked.world.login.tokens.remove(token)
    return auth.LoginTokenSuccess(_let_in(asked, token.accepted_by))


@answers(ImportLoginTokenRequest)
def import_token(asked: Asked, request: Any) -> Any:
    """The end of a login that moved here from another data centre."""
    for token in asked.world.login.tokens:
        if token.data == request.token and token.accepted_by is not None:
            return auth.LoginTokenSuccess(_let_in(asked, token.accepted_by))
    raise Refusal(400, "AUTH_TOKEN_INVALID")


@answers(LogOutRequest)
def log_out(asked: Asked, request: Any) -> auth.LoggedOut:
    """The key belongs to nobody any more."""
    asked.key.account = asked.key.halfway = None
    return auth.LoggedOut()


def _token(asked: Asked) -> Token:
    """The code that this client shows already, if it has not expired, or a new one."""
    tokens, now = asked.world.login.tokens, asked.server.now()
    for token in tokens:
        if token.key is asked.key and (token.accepted_by or token.expires > now):
            token.connection = asked.connection
            return token
    tokens.append(Token(os.urandom(24), now + QR_LIFE, asked.key, asked.connection))
    return tokens[-1]


def _let_in(asked: Asked, account: Account) -> auth.Authorization:
    if account.password is not None:
        asked.key.halfway = account
        raise Refusal(401, "SESSION_PASSWORD_NEEDED")
    asked.key.account = account
    return auth.Authorization(account.as_user())


def _account(asked: Asked, phone: str) -> Account | None:
    return next((a for a in asked.world.accounts if a.phone == phone), None)


def _check_api(asked: Asked, request: Any) -> None:
    if (request.api_id, request.api_hash) != (asked.world.api_id, asked.world.api_hash):
        raise Refusal(400, "API_ID_INVALID")
