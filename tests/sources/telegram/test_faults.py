"""What each error means, by class: the texts a server sends go through Telethon's own mapping."""

from __future__ import annotations

import asyncio
import struct

import pytest
from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError
from telethon import errors as tl
from telethon.tl.functions.help import GetConfigRequest
from telethon.tl.types import RpcError

from archiver.errors import (
    ChannelUnavailable,
    ConfigError,
    FloodWait,
    LoginRequired,
    Offline,
    TryAgainLater,
)
from archiver.sources.telegram.faults import Fault, Kind, classify, translated

K = Kind


def told(code: int, message: str) -> BaseException:
    """What Telethon makes of a server's rpc_error."""
    error: BaseException = tl.rpc_message_to_error(RpcError(code, message), GetConfigRequest())
    return error


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        (500, "INTERNAL", K.RETRY),
        (-500, "No workers running", K.RETRY),
        (-503, "Timeout", K.RETRY),
        (500, "RPC_CALL_FAIL", K.RETRY),
        (500, "RPC_MCGET_FAIL", K.RETRY),
        (500, "INTERDC_3_CALL_ERROR", K.RETRY),
        (500, "SOMETHING_NEW", K.RETRY),
        (500, "PERSISTENT_TIMESTAMP_OUTDATED", K.RETRY),
        (400, "PERSISTENT_TIMESTAMP_INVALID", K.OTHER),
        (400, "MSG_ID_INVALID", K.OTHER),
        (400, "SOMETHING_NEW", K.OTHER),
        (406, "SOMETHING_NEW", K.OTHER),
        (400, "CONNECTION_NOT_INITED", K.RECONNECT),
        (420, "FLOOD_WAIT_3", K.WAIT),
        (420, "FLOOD_PREMIUM_WAIT_3", K.WAIT),
        (420, "SLOWMODE_WAIT_3", K.WAIT),
        (420, "TAKEOUT_INIT_DELAY_86400", K.WAIT),
        (420, "FLOOD_SOMETHING_NEW", K.WAIT),
        (420, "FROZEN_METHOD_INVALID", K.FATAL),
        (400, "FROZEN_PARTICIPANT_MISSING", K.FATAL),
        (401, "AUTH_KEY_UNREGISTERED", K.FATAL),
        (401, "SESSION_REVOKED", K.FATAL),
        (401, "SESSION_EXPIRED", K.FATAL),
        (401, "SESSION_PASSWORD_NEEDED", K.FATAL),
        (401, "USER_DEACTIVATED", K.FATAL),
        (401, "SOMETHING_NEW", K.FATAL),
        (406, "AUTH_KEY_DUPLICATED", K.FATAL),
        (400, "API_ID_INVALID", K.SETTINGS),
        (303, "USER_MIGRATE_4", K.MOVED),
        (303, "FILE_MIGRATE_4", K.OTHER),
        (400, "CHANNEL_PRIVATE", K.CHANNEL),
        (406, "CHANNEL_PRIVATE", K.CHANNEL),
        (400, "CHANNEL_INVALID", K.CHANNEL),
        (403, "CHANNEL_PUBLIC_GROUP_NA", K.CHANNEL),
        (400, "USERNAME_INVALID", K.CHANNEL),
        (400, "USERNAME_NOT_OCCUPIED", K.CHANNEL),
        (400, "INVITE_HASH_EXPIRED", K.CHANNEL),
    ],
)
def test_what_a_server_says(code: int, message: str, kind: Kind) -> None:
    assert classify(told(code, message)).kind is kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionError("Cannot send requests while disconnected"), K.RECONNECT),
        (ConnectionResetError(), K.RECONNECT),
        (TimeoutError(), K.RECONNECT),
        (OSError(113, "No route to host"), K.RECONNECT),
        (asyncio.IncompleteReadError(b"", 4), K.RECONNECT),
        (tl.InvalidBufferError(struct.pack("<i", -429)), K.RECONNECT),
        (tl.InvalidBufferError(b"12345"), K.RECONNECT),
        (tl.InvalidChecksumError(1, 2), K.RECONNECT),
        (tl.SecurityError(), K.RECONNECT),
        (tl.BadMessageError(GetConfigRequest(), 64), K.RECONNECT),
        (ProxyError("refused"), K.RECONNECT),
        (ProxyConnectionError("refused"), K.RECONNECT),
        (ProxyTimeoutError("late"), K.RECONNECT),
        (ValueError("Request was unsuccessful 6 time(s)"), K.RETRY),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), K.RETRY),
        (tl.AuthKeyNotFound(), K.FATAL),
        (tl.TypeNotFoundError(0x12345678, b"rest"), K.UNKNOWN_CONSTRUCTOR),
        (FloodWait("x", method="m", seconds=1), K.OURS),
        (Offline("x"), K.OURS),
        (asyncio.CancelledError(), K.OTHER),
        (KeyError("a bug"), K.OTHER),
        (struct.error("a bug"), K.OTHER),
    ],
)
def test_what_goes_wrong_on_this_side(error: BaseException, kind: Kind) -> None:
    assert classify(error).kind is kind


def test_several_errors_are_the_first() -> None:
    request = GetConfigRequest()
    both = tl.MultiError([None, told(420, "FLOOD_WAIT_7")], [object(), None], [request, request])
    assert classify(both) == Fault(Kind.WAIT, seconds=7)


@pytest.mark.parametrize(
    ("message", "seconds"),
    [("FLOOD_WAIT_0", 1), ("FLOOD_WAIT_77", 77), ("FLOOD_NEW", 60), ("TAKEOUT_INIT_DELAY_5", 5)],
)
def test_how_long_to_wait(message: str, seconds: int) -> None:
    assert classify(told(420, message)).seconds == seconds


def test_where_an_account_has_moved() -> None:
    assert classify(told(303, "PHONE_MIGRATE_4")).dc == 4


@pytest.mark.parametrize(
    ("code", "message", "ours", "state"),
    [
        (401, "SESSION_REVOKED", LoginRequired, None),
        (303, "USER_MIGRATE_4", LoginRequired, None),
        (400, "API_ID_INVALID", ConfigError, None),
        (500, "INTERNAL", Offline, None),
        (400, "CHANNEL_PRIVATE", ChannelUnavailable, "private"),
        (400, "CHANNEL_BANNED", ChannelUnavailable, "gone"),
        (400, "CHANNEL_INVALID", ChannelUnavailable, None),
    ],
)
def test_errors_of_ours(code: int, message: str, ours: type, state: str | None) -> None:
    error = told(code, message)
    made = translated(classify(error), "help.GetConfig", error)
    assert type(made) is ours
    assert getattr(made, "state", None) == state


def test_what_cannot_be_read_is_not_called_offline() -> None:
    error = ValueError("year 60000 is out of range")
    made = translated(classify(error), "messages.GetHistory", error)
    assert type(made) is TryAgainLater


def test_the_rest_stays_what_it_is() -> None:
    for error in (told(400, "PERSISTENT_TIMESTAMP_INVALID"), tl.TypeNotFoundError(1, b"")):
        assert translated(classify(error), "m", error) is error


def test_the_text_of_an_error_is_never_repeated() -> None:
    error = ConnectionError("phone 15550100, hash 0123")
    assert "15550100" not in str(translated(classify(error), "m", error))
