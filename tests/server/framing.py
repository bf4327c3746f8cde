"""Framing of the TCP transports, found out from the first bytes a client sends."""

from __future__ import annotations

import asyncio
import hashlib
import random
import struct
from typing import Protocol
from zlib import crc32

from telethon.crypto import AESModeCTR


class TransportError(ConnectionError):
    """The peer speaks no transport that is known here."""


class Wire:
    """The two ends of a TCP connection, with a cipher over them for MTProxy."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self.writer = reader, writer
        self._ahead = b""
        self._decrypt: AESModeCTR | None = None
        self._encrypt: AESModeCTR | None = None

    async def take(self, size: int) -> bytes:
        """Exactly `size` bytes."""
        ready, self._ahead = self._ahead[:size], self._ahead[size:]
        data = await self._reader.readexactly(size - len(ready)) if len(ready) < size else b""
        return ready + (self._decrypt.decrypt(data) if self._decrypt and data else data)

    def give_back(self, data: bytes) -> None:
        """What was read too far is read again."""
        self._ahead = data + self._ahead

    def write(self, data: bytes) -> None:
        """Send bytes as they are, or through the cipher."""
        self.writer.write(self._encrypt.encrypt(data) if self._encrypt else data)

    def cipher(self, decrypt: AESModeCTR, encrypt: AESModeCTR) -> None:
        """From here on everything is obfuscated."""
        self._decrypt, self._encrypt = decrypt, encrypt


class Framing(Protocol):
    """One transport: packets out of a stream, and back."""

    async def read(self, wire: Wire) -> bytes: ...

    def frame(self, data: bytes) -> bytes: ...

    def refusal(self, code: int) -> bytes: ...


class Full:
    """Length, counter and checksum around each packet."""

    def __init__(self) -> None:
        self._sent = 0

    async def read(self, wire: Wire) -> bytes:
        """The next packet. Raises TransportError for a wrong checksum."""
        head = await wire.take(8)
        body = await wire.take(struct.unpack_from("<i", head)[0] - 8)
        if crc32(head + body[:-4]) != struct.unpack("<I", body[-4:])[0]:
            raise TransportError("wrong checksum")
        return body[:-4]

    def frame(self, data: bytes) -> bytes:
        """A packet ready to send."""
        packet = struct.pack("<ii", len(data) + 12, self._sent) + data
        self._sent += 1
        return packet + struct.pack("<I", crc32(packet))

    def refusal(self, code: int) -> bytes:
        """An error below the encryption; 429 is three bare numbers in this transport."""
        if code == 429:
            return struct.pack("<iii", -code, -code, -code)
        return self.frame(struct.pack("<i", -code))


class Abridged:
    """One byte of length, counted in words."""

    async def read(self, wire: Wire) -> bytes:
        """The next packet."""
        words = (await wire.take(1))[0]
        if words >= 0x7F:
            words = int.from_bytes(await wire.take(3), "little")
        return await wire.take(words * 4)

    def frame(self, data: bytes) -> bytes:
        """A packet ready to send."""
        words = len(data) // 4
        long = b"\x7f" + words.to_bytes(3, "little")
        return (bytes([words]) if words < 0x7F else long) + data

    def refusal(self, code: int) -> bytes:
        """An error below the encryption."""
        return self.frame(struct.pack("<i", -code))


class Intermediate(Abridged):
    """Four bytes of length."""

    async def read(self, wire: Wire) -> bytes:
        """The next packet."""
        return await wire.take(struct.unpack("<i", await wire.take(4))[0])

    def frame(self, data: bytes) -> bytes:
        """A packet ready to send."""
        return struct.pack("<i", len(data)) + data


class Padded(Intermediate):
    """Intermediate with up to three bytes of noise at the end."""

    async def read(self, wire: Wire) -> bytes:
        """The next packet without its padding; all packets are whole words."""
        packet = await super().read(wire)
        return packet[: len(packet) // 4 * 4]

    def frame(self, data: bytes) -> bytes:
        """A packet ready to send."""
        return super().frame(data + random.randbytes(random.randrange(4)))


_TAGS: dict[bytes, type[Abridged]] = {
    b"\xef" * 4: Abridged,
    b"\xee" * 4: Intermediate,
    b"\xdd" * 4: Padded,
}


async def recognise(wire: Wire, secret: bytes) -> Framing:
    """The transport a client chose. `secret` is that of the MTProxy this server also is."""
    start = await wire.take(1)
    if start == b"\xef":
        return Abridged()
    start += await wire.take(3)
    if start in _TAGS:
        return _TAGS[start]()
    start += await wire.take(4)
    if start[4:] == b"\0\0\0\0":  # the counter of the first packet; obfuscation avoids it
        wire.give_back(start)
        return Full()
    return _obfuscated(wire, start + await wire.take(56), secret)


def _obfuscated(wire: Wire, header: bytes, secret: bytes) -> Framing:
    for shared in (secret, b""):  # MTProxy, then plain obfuscation
        incoming = _ctr(header[8:40], header[40:56], shared)
        tag = incoming.decrypt(header)[56:60]
        if tag in _TAGS:
            back = header[8:56][::-1]
            wire.cipher(incoming, _ctr(back[:32], back[32:], shared))
            return _TAGS[tag]()
    raise TransportError("no known transport; for MTProxy: another secret")


def _ctr(key: bytes, vector: bytes, secret: bytes) -> AESModeCTR:
    return AESModeCTR(hashlib.sha256(key + secret).digest() if secret else key, vector)
