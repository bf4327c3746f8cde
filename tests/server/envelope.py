"""The encrypted envelope of MTProto 2.0, seen from the server."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from hashlib import sha256

from telethon.crypto import AES, AuthKey

_CLIENT, _SERVER = 0, 8  # where each direction begins in the authorisation key


class EnvelopeError(ValueError):
    """A packet that was not sealed with the key it names."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a client put into an envelope."""

    salt: int
    session: int
    msg_id: int
    seq: int
    body: bytes


def seal(key: AuthKey, salt: int, session: int, message: bytes) -> bytes:
    """A packet for the client; `message` begins with its id, counter and length."""
    data = struct.pack("<qq", salt, session) + message
    data += os.urandom(-(len(data) + 12) % 16 + 12)
    msg_key = _msg_key(key, data, _SERVER)
    sealed: bytes = AES.encrypt_ige(data, *_aes(key, msg_key, _SERVER))
    return struct.pack("<Q", key.key_id) + msg_key + sealed


def unseal(key: AuthKey, packet: bytes) -> Letter:
    """What the client sent. Raises EnvelopeError for a wrong message key."""
    msg_key = packet[8:24]
    data = AES.decrypt_ige(packet[24:], *_aes(key, msg_key, _CLIENT))
    if _msg_key(key, data, _CLIENT) != msg_key:
        raise EnvelopeError("the message key does not fit")
    salt, session, msg_id, seq, length = struct.unpack_from("<qqqii", data)
    return Letter(salt, session, msg_id, seq, data[32 : 32 + length])


def message(msg_id: int, seq: int, body: bytes) -> bytes:
    """A message as it lies in an envelope or a container."""
    return struct.pack("<qii", msg_id, seq, len(body)) + body


def _msg_key(key: AuthKey, data: bytes, side: int) -> bytes:
    return sha256(key.key[88 + side : 120 + side] + data).digest()[8:24]


def _aes(key: AuthKey, msg_key: bytes, side: int) -> tuple[bytes, bytes]:
    one = sha256(msg_key + key.key[side : side + 36]).digest()
    two = sha256(key.key[side + 40 : side + 76] + msg_key).digest()
    return one[:8] + two[8:24] + one[24:], two[:8] + one[8:24] + two[24:]
