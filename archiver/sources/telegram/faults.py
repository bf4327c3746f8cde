"""What an error means: pure, and by class alone; Telegram's numbers mean different things.

CHANNEL_PRIVATE comes as 400 and as 406, FROZEN_METHOD_INVALID is a "flood" without a wait, and
AUTH_KEY_DUPLICATED is no "unauthorized". Telethon maps texts to classes, so classes are stable.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

from python_socks import ProxyError
from telethon import errors as tl

from archiver.errors import (
    ArchiverError,
    ChannelUnavailable,
    ConfigError,
    LoginRequired,
    Offline,
    TryAgainLater,
)


class Kind(Enum):
    """What to do about an error."""

    RETRY = auto()  # ask again
    RECONNECT = auto()  # connect anew, then ask again
    WAIT = auto()  # ask again after `seconds`
    CHANNEL = auto()  # go on with other channels
    FATAL = auto()  # nothing can be asked until a person has acted
    SETTINGS = auto()  # api_id, api_hash: they are wrong
    MOVED = auto()  # the account lives in data centre `dc`
    UNKNOWN_CONSTRUCTOR = auto()  # one thing in the answer is newer than Telethon
    OURS = auto()  # translated already
    OTHER = auto()  # the caller knows, or it is a bug


@dataclass(frozen=True, slots=True)
class Fault:
    """An error, classified. `said` is the sentence for people where the kind has no better one."""

    kind: Kind
    said: str = ""
    seconds: int = 0
    state: str | None = None
    dc: int = 0


CONNECT = "help.GetConfig"  # what a connection begins with
LOGIN = "run `archiver login`"
NEVER = f"nobody is logged in to Telegram; {LOGIN}."
ENDED = (
    "Telegram no longer accepts this session: it was ended, perhaps from another device, or for"
    f" lack of use; {LOGIN}."
)
HALFWAY = f"the login was not finished: the account has a two-step password; {LOGIN}."
DUPLICATED = (
    "Telegram ended this session because it was used from two places at once; never copy a session"
    f" file to another machine. To go on, {LOGIN}."
)
UNKNOWN_KEY = (
    "Telegram's server does not know the key of this session; it is another server, or the session"
    f" was forgotten. If it stays so, {LOGIN}."
)
BANNED = (
    "Telegram has banned or deleted this account; open an official app to see why. To go on with"
    f" another account, {LOGIN}."
)
FROZEN = (
    "Telegram has frozen this account; open an official app to see why and to appeal. To go on with"
    f" another account, {LOGIN}."
)
BAD_APP = (
    "Telegram does not know this api_id with this api_hash; take both from"
    " https://my.telegram.org and set them in [telegram] of the settings."
)
PRIVATE = (
    "this account may not read the channel; if it is private, join it in a Telegram app, then run"
    " this again."
)
GONE = "Telegram has banned or removed the channel; what was archived is kept."
BAD_ADDRESS = (
    "this account cannot reach the channel as it is known; name it again by @name or link."
)
NO_SUCH_NAME = "no channel has this name; check how it is written."
NO_SUCH_INVITE = "this invite link is not valid (any more); ask for a new one."
GARBLED = "Telegram's answer to {method} cannot be read ({error}); run it again later."
BUSY = "Telegram could not answer {method} ({error}); run it again later."
OFFLINE = (
    "Telegram cannot be reached ({error} error, at {method}); check the network, and the proxy if"
    " there is one, then run it again."
)

_RETRY, _RECONNECT = Fault(Kind.RETRY, BUSY), Fault(Kind.RECONNECT)
_WAIT = Fault(Kind.WAIT, seconds=60)
_MOVED = Fault(Kind.MOVED, f"the account has moved to another data centre; {LOGIN}.")
_OTHER = Fault(Kind.OTHER)


def _fatal(said: str) -> Fault:
    return Fault(Kind.FATAL, said)


def _channel(said: str, state: str | None = None) -> Fault:
    return Fault(Kind.CHANNEL, said, state=state)


# The nearest class in the order of inheritance counts.
RULES: dict[type[BaseException], Fault] = {
    ArchiverError: Fault(Kind.OURS),
    # The line. OSError is also every ConnectionError and every time-out.
    OSError: _RECONNECT,
    EOFError: _RECONNECT,
    BufferError: _RECONNECT,  # also 429 below the encryption: the connection is gone after it
    ProxyError: _RECONNECT,
    tl.SecurityError: _RECONNECT,
    tl.InvalidChecksumError: _RECONNECT,
    tl.BadMessageError: _RECONNECT,
    tl.ConnectionNotInitedError: _RECONNECT,
    # The server's bad moments; its answer did come, so the connection is good.
    tl.ServerError: _RETRY,
    tl.TimedOutError: _RETRY,
    tl.MsgWaitFailedError: _RETRY,
    ValueError: Fault(Kind.RETRY, GARBLED),
    # Patience. A flood without a number of seconds is taken for a minute.
    tl.FloodError: _WAIT,
    tl.FloodWaitError: _WAIT,
    tl.FloodPremiumWaitError: _WAIT,
    tl.SlowModeWaitError: _WAIT,
    tl.FloodTestPhoneWaitError: _WAIT,
    tl.TakeoutInitDelayError: _WAIT,
    # One channel.
    tl.ChannelPrivateError: _channel(PRIVATE, "private"),
    tl.ChatForbiddenError: _channel(PRIVATE, "private"),
    tl.UserBannedInChannelError: _channel(PRIVATE, "private"),
    tl.ChannelPublicGroupNaError: _channel(PRIVATE, "private"),
    tl.ChannelBannedError: _channel(GONE, "gone"),
    tl.ChannelInvalidError: _channel(BAD_ADDRESS),
    tl.ChannelIdInvalidError: _channel(BAD_ADDRESS),
    tl.ChatIdInvalidError: _channel(BAD_ADDRESS),
    tl.PeerIdInvalidError: _channel(BAD_ADDRESS),
    tl.UsernameInvalidError: _channel(NO_SUCH_NAME),
    tl.UsernameNotOccupiedError: _channel(NO_SUCH_NAME),
    tl.InviteHashEmptyError: _channel(NO_SUCH_INVITE),
    tl.InviteHashExpiredError: _channel(NO_SUCH_INVITE),
    tl.InviteHashInvalidError: _channel(NO_SUCH_INVITE),
    # The account and its session. The rest of 401 is an ended session, too.
    tl.UnauthorizedError: _fatal(ENDED),
    tl.SessionPasswordNeededError: _fatal(HALFWAY),
    tl.UserDeactivatedError: _fatal(BANNED),
    tl.UserDeactivatedBanError: _fatal(BANNED),
    tl.PhoneNumberBannedError: _fatal(BANNED),
    tl.FrozenMethodInvalidError: _fatal(FROZEN),
    tl.FrozenParticipantMissingError: _fatal(FROZEN),
    tl.AuthKeyDuplicatedError: _fatal(DUPLICATED),
    tl.AuthKeyNotFound: _fatal(UNKNOWN_KEY),
    tl.ApiIdInvalidError: Fault(Kind.SETTINGS, BAD_APP),
    tl.ApiIdPublishedFloodError: Fault(Kind.SETTINGS, BAD_APP),
    tl.ConnectionApiIdInvalidError: Fault(Kind.SETTINGS, BAD_APP),
    tl.PhoneMigrateError: _MOVED,
    tl.NetworkMigrateError: _MOVED,
    tl.UserMigrateError: _MOVED,
    tl.TypeNotFoundError: Fault(Kind.UNKNOWN_CONSTRUCTOR),
}


def classify(error: BaseException) -> Fault:
    """What an error means."""
    if isinstance(error, tl.MultiError):
        return classify(next(one for one in error.exceptions if one is not None))
    rule = next((RULES[kind] for kind in type(error).__mro__ if kind in RULES), _OTHER)
    if rule.kind is Kind.WAIT:
        # FLOOD_WAIT_0 has been seen; asking again at once makes it worse.
        return replace(rule, seconds=max(1, getattr(error, "seconds", rule.seconds)))
    if rule.kind is Kind.MOVED:
        return replace(rule, dc=getattr(error, "new_dc", 0))
    return rule


def translated(fault: Fault, method: str, error: BaseException) -> BaseException:
    """The error as ours; the same one where only the caller can know what it means."""
    if fault.kind in (Kind.RETRY, Kind.RECONNECT):
        # One request in vain says nothing of the next, but without a connection nothing can be had.
        lost = fault.kind is Kind.RECONNECT or method == CONNECT
        said, kind = (OFFLINE, Offline) if lost else (fault.said, TryAgainLater)
        return kind(said.format(method=method, error=name_of(error)))
    if fault.kind in (Kind.FATAL, Kind.MOVED):
        return LoginRequired(fault.said)
    if fault.kind is Kind.SETTINGS:
        return ConfigError(fault.said)
    if fault.kind is Kind.CHANNEL:
        return ChannelUnavailable(fault.said, state=fault.state)
    return error


def name_of(error: BaseException) -> str:
    """An error in a word: its class. Its text may hold what was asked, and with which secrets."""
    return type(error).__name__.removesuffix("Error") or "Error"
