"""Telethon's client, made of values: nothing it could do behind our back is left on."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from telethon import TelegramClient
from telethon.crypto import rsa

from archiver.config import Credentials
from archiver.errors import ConfigError
from archiver.sources.telegram.proxy import route

# What an account's list of devices shows. It never changes: a device that changes its name with
# every version looks like a stolen session.
DEVICE = {"device_model": "archiver", "system_version": "1.0", "app_version": "1.0"}

# Telethon logs whole requests and answers when something is odd, phone and hashes included, and
# every lost connection as an error. What matters of it the gateway says in its own words.
SILENT = logging.getLogger("archiver.telethon")
SILENT.addHandler(logging.NullHandler())
SILENT.propagate = False


def make(credentials: Credentials, session: Any) -> Any:
    """A client that is not connected yet. Raises ConfigError for settings that cannot be used.

    It never retries, sleeps or reconnects: the gateway does, and counts.
    """
    if not credentials.api_id or not credentials.api_hash:
        raise ConfigError(
            "api_id and api_hash are missing; take them from https://my.telegram.org and set them"
            " in [telegram] of the settings, or as ARCHIVER_API_ID and ARCHIVER_API_HASH."
        )
    way = route(credentials.proxy)
    if credentials.server.public_key:
        trust(Path(credentials.server.public_key).expanduser())
    return TelegramClient(
        session,
        credentials.api_id,
        credentials.api_hash,
        connection=way.connection,
        proxy=way.proxy,
        timeout=20,  # for one TCP connection; all of connecting has the gateway's own limit
        request_retries=0,
        connection_retries=0,
        retry_delay=0,
        auto_reconnect=False,
        flood_sleep_threshold=0,
        raise_last_call_error=True,
        receive_updates=False,
        base_logger=SILENT,
        **DEVICE,
    )


def trust(file: Path) -> None:
    """Accept the server whose RSA public key is in the PEM file. Raises ConfigError."""
    try:
        pem = file.read_bytes()
        if b"BEGIN PUBLIC KEY" in pem:
            pem = rsa.rsa.PublicKey.load_pkcs1_openssl_pem(pem).save_pkcs1()
        rsa.add_key(pem, old=False)
    except OSError as error:
        raise ConfigError(f"the server's key {file} cannot be read: {error.strerror}.") from error
    except Exception as error:  # pyasn1 and rsa raise whatever they stumble over
        raise ConfigError(f"{file} is no RSA public key in PEM form.") from error
