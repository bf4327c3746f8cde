"""A proxy on loopback: SOCKS5 with and without a password, SOCKS4 and 4a, HTTP CONNECT.

It tells the three apart by the first byte, as their formats allow (RFC 1928 and 1929, the SOCKS 4
and 4A memos, RFC 9110 section 9.3.6).
"""

from __future__ import annotations

import asyncio
import base64
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

ME = ("ada", "open sesame")


@dataclass
class Proxy:
    """Where it listens, and whom it led where: `(scheme, host)`."""

    port: int = 0
    password: bool = False
    led: list[tuple[str, str]] = field(default_factory=list)


class Refused(Exception):
    """The client is not let through."""


@asynccontextmanager
async def proxy(*, password: bool = False) -> AsyncIterator[Proxy]:
    """A proxy, which wants `ME` where `password` is set."""
    made = Proxy(password=password)
    pipes: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        pipes.add(task)
        with suppress(Refused, OSError, asyncio.IncompleteReadError):
            there = await _asked(made, reader, writer)
            out = await asyncio.open_connection(*there)
            await asyncio.gather(_pump(reader, out[1]), _pump(out[0], writer))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for task in pipes:
            task.cancel()
        await asyncio.gather(*pipes, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def _asked(
    made: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> tuple[str, int]:
    first = (await reader.readexactly(1))[0]
    ask = {5: _socks5, 4: _socks4}.get(first, _http)
    host, port = await ask(made, reader, writer)
    made.led.append((ask.__name__.strip("_"), host))
    return host, port


async def _socks5(
    made: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> tuple[str, int]:
    ways = await reader.readexactly((await reader.readexactly(1))[0])
    way = 2 if made.password else 0
    if way not in ways:
        writer.write(b"\5\xff")
        raise Refused
    writer.write(bytes([5, way]))
    if made.password:
        told = []
        await reader.readexactly(1)
        for _ in range(2):
            told.append((await reader.readexactly((await reader.readexactly(1))[0])).decode())
        writer.write(b"\1\0" if tuple(told) == ME else b"\1\1")
        if tuple(told) != ME:
            raise Refused
    _, _, _, kind = await reader.readexactly(4)
    if kind == 1:
        host = ".".join(map(str, await reader.readexactly(4)))
    else:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
    [port] = struct.unpack(">H", await reader.readexactly(2))
    writer.write(b"\5\0\0\1\0\0\0\0\0\0")
    return host, port


async def _socks4(
    made: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> tuple[str, int]:
    _, port, address = struct.unpack(">BH4s", await reader.readexactly(7))
    user = (await reader.readuntil(b"\0"))[:-1].decode()
    if made.password and user != ME[0]:
        writer.write(b"\0\x5b" + bytes(6))
        raise Refused
    host = ".".join(map(str, address))
    if address[:3] == b"\0\0\0" and address[3]:  # 4a: the name follows
        host = (await reader.readuntil(b"\0"))[:-1].decode()
    writer.write(b"\0\x5a" + bytes(6))
    return host, port


async def _http(
    made: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> tuple[str, int]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    wanted = "Basic " + base64.b64encode(":".join(ME).encode()).decode()
    if made.password and wanted not in head:
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
        raise Refused
    host, _, port = head.split()[1].rpartition(":")
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    return host, int(port)
