"""The way to Telegram: straight, through a SOCKS or HTTP proxy, or through an MTProxy."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from telethon.network import (
    ConnectionTcpFull,
    ConnectionTcpMTProxyRandomizedIntermediate,
)

from archiver.errors import ConfigError

KINDS = ("socks5", "socks4", "http")
FORMS = (
    "the proxy must be written as socks5://user:password@host:port, socks4://host:port,"
    " http://host:port or mtproxy://SECRET@host:port"
)


@dataclass(frozen=True, slots=True)
class Route:
    """What TelegramClient takes: a class of connection, and the proxy in that class's form."""

    connection: Any = ConnectionTcpFull
    proxy: Any = field(default=None, repr=False)


def route(url: str) -> Route:
    """The way that an URL names; the straight one for "". Raises ConfigError, without the URL.

    Its password is nobody's business.
    """
    if not url:
        return Route()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ConfigError(f"{FORMS}.") from None
    if not host or not port:
        raise ConfigError(f"{FORMS}; host or port is missing.")
    if parts.scheme == "mtproxy":
        return _mtproxy(host, port, unquote(parts.username or ""))
    if parts.scheme not in KINDS:
        raise ConfigError(f"{FORMS}.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    # True: the proxy looks the host up.
    proxy = (parts.scheme, host, port, True, user or None, password or None)
    return Route(ConnectionTcpFull, proxy)


def _mtproxy(host: str, port: int, secret: str) -> Route:
    """Only plain and dd secrets: Telethon would speak to an ee one without its disguise."""
    if not re.fullmatch(r"(dd)?[0-9a-f]{32}", secret, re.I):
        raise ConfigError(
            "the secret of an mtproxy:// address must be 32 hexadecimal digits, with or without dd"
            " before them; ee secrets cannot be used."
        )
    return Route(ConnectionTcpMTProxyRandomizedIntermediate, (host, port, secret.lower()))
