"""The server: who may connect, what is asked, what goes wrong."""

from __future__ import annotations

import asyncio
import inspect
import os
import random
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, Self, TypeVar

from telethon.crypto import AuthKey

from tests.server.calls import Call, Calls
from tests.server.connection import Connection, Key
from tests.server.faults import Alter, Drop, Fault, Faults, Hang, Plan, Refusal, Transport
from tests.server.framing import Wire
from tests.server.methods import Asked, respond
from tests.server.world import Account, World

HOST = "127.0.0.1"  # never anything else: this server has no secrets
_TOO_OLD, _TOO_NEW = 300, 30  # seconds a client's clock may be off
_SET_BACK = 10  # seconds from which on a test must have set the server's clock back
T = TypeVar("T")


class Server:
    """An MTProto server over a world. `async with Server(world) as server: ...`"""

    def __init__(self, world: World | None = None, *, dc: int = 2, port: int = 0) -> None:
        self.world = world or World()
        self.dc, self.host, self.port = dc, HOST, port
        self.secret = random.randbytes(16)  # of the MTProxy that this server also is
        self.calls = Calls()
        self.bugs: list[str] = []
        self.keys: dict[int, Key] = {}
        self.on_call: Callable[[Call], Any] | None = None
        self.gzip = True
        self.silent_connect = False  # getConfig is not answered
        self.silent_dh = False  # the key exchange is not answered
        self.mute = False  # a black hole: bytes go in, nothing comes out
        self.time_shift = 0.0  # the server's clock against the machine's, in seconds
        self.latency = 0.0  # seconds before each answer
        self._faults = Faults()
        self._connections: set[Connection] = set()
        self._listener: asyncio.Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: int | None = None
        self._last_msg_id = 0

    async def __aenter__(self) -> Self:
        self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()
        await self._listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._shut()
        self._hang_up()
        while self._connections:  # their sockets have to be closed before the loop is
            await asyncio.sleep(0.001)

    # -- what a test says -------------------------------------------------------------------

    def fail(
        self,
        name: str,
        *faults: Fault,
        skip: int = 0,
        times: int | None = 1,
        where: Callable[[Any], bool] = lambda request: True,
    ) -> Plan:
        """The requests of this name meet these faults, one after the other.

        The first `skip` of them go well; the row of faults is gone through `times` times, for
        ever if None. `where` chooses requests by what is in them.
        """
        return self._faults.add(Plan(name, faults, skip, times, where))

    def heal(self) -> None:
        """No planned fault is left, no key is refused, and the server is not silent any more."""
        self._faults.clear()
        self.silent_connect = self.silent_dh = self.mute = False
        for key in self.keys.values():
            key.refusal = None

    def kick(self) -> None:
        """All connections are dropped."""
        self._in_loop(self._hang_up)

    def close_listener(self) -> None:
        """New connections are refused; those that exist stay."""
        self._in_loop(self._shut)

    def open_listener(self) -> None:
        """New connections are welcome again, on the same port. From another thread only."""
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(5)

    async def listen_again(self) -> None:
        """The same within the loop of the server."""
        await self._listen()

    def authorise(self, account: Account | None = None) -> AuthKey:
        """A key that is logged in already; a session with it needs no key exchange."""
        key = AuthKey(os.urandom(256))
        self.add_key(key, account or self.world.me)
        return key

    def revoke(self, code: int = 401, message: str = "AUTH_KEY_UNREGISTERED") -> None:
        """Every key known today is refused from now on, whatever it asks."""
        for key in self.keys.values():
            key.refusal = Refusal(code, message)

    def scan_qr(self, account: Account | None = None) -> None:
        """Somebody scans the last QR code with a device that is logged in."""
        self._in_loop(lambda: self.world.login.scan(account or self.world.me))

    @property
    def online(self) -> int:
        """How many connections there are."""
        return len(self._connections)

    # -- what connections need --------------------------------------------------------------

    def now(self) -> int:
        """The server's clock, in seconds."""
        return int(time.time() + self.time_shift)

    def add_key(self, key: AuthKey, account: Account | None = None) -> None:
        """From now on envelopes with this key are opened."""
        salt = random.getrandbits(63)
        self.keys[key.key_id] = Key(key, salt, account)

    def next_msg_id(self) -> int:
        """An id for a message of the server's: its clock, odd, growing unless the clock is set."""
        now = int((time.time() + self.time_shift) * 2**32) // 4 * 4 + 1
        ahead = self._last_msg_id - now
        self._last_msg_id = self._last_msg_id + 4 if 0 <= ahead < _SET_BACK << 32 else now
        return self._last_msg_id

    def clock_error(self, msg_id: int) -> int:
        """16 or 17 if the client's clock is too far off, else 0."""
        late = time.time() + self.time_shift - (msg_id >> 32)
        return 16 if late > _TOO_OLD else 17 if -late > _TOO_NEW else 0

    def bug(self, error: BaseException) -> None:
        """A mistake of this server's: the test that met it has to fail."""
        self.bugs.append("".join(traceback.format_exception(error)))

    async def answer(self, connection: Connection, request: Any, takeout: int | None) -> Any:
        """What becomes of a request: an answer, a Refusal, or a fault of the line."""
        asked = Asked(self, connection, request, takeout)
        try:
            if self.on_call is None:
                self.calls.note(request, asked.account, takeout)
            else:
                await self._tell(self.calls.note(request, asked.account, takeout))
            return await self._outcome(asked, self._faults.next(request))
        except Refusal as refusal:
            return refusal
        except Exception as error:
            self.bug(error)
            return Refusal(400, "BUG_OF_THE_TEST_SERVER")

    async def _tell(self, call: Call) -> None:
        assert self.on_call is not None
        result = self.on_call(call)
        if inspect.isawaitable(result):
            await result

    async def _outcome(self, asked: Asked, fault: Fault | None) -> Any:
        if self.latency:
            await asyncio.sleep(self.latency)
        if isinstance(fault, Refusal | Drop | Hang | Transport):
            return fault
        if fault is None:
            return respond(asked)
        if isinstance(fault, Alter):
            return _altered(respond(asked), fault)
        if isinstance(fault, int | float):
            await asyncio.sleep(fault)
            return respond(asked)
        made = fault(asked.request)
        return respond(asked) if made is None else made

    # -- the listening socket ---------------------------------------------------------------

    async def _listen(self) -> None:
        if self._listener is None:
            self._listener = await asyncio.start_server(self._accept, self.host, self.port)
            self.port = self._listener.sockets[0].getsockname()[1]

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(self, Wire(reader, writer))
        self._connections.add(connection)
        try:
            await connection.serve()
        except asyncio.CancelledError:
            pass  # the loop ends
        except Exception as error:
            self.bug(error)
        finally:
            self._connections.discard(connection)

    def _shut(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _hang_up(self) -> None:
        for connection in list(self._connections):
            connection.close()

    def _in_loop(self, action: Callable[[], T]) -> T:
        """Do it in the server's thread: sockets belong to their loop."""
        if self._loop is None or threading.get_ident() == self._thread:
            return action()

        async def act() -> T:
            return action()

        return asyncio.run_coroutine_threadsafe(act(), self._loop).result(5)


def _altered(answer: Any, fault: Alter) -> Any:
    other = fault.change(answer)
    return answer if other is None else other
