"""One connection: packets in, messages out of their envelopes, answers back."""

from __future__ import annotations

import asyncio
import gzip
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from telethon.crypto import AuthKey
from telethon.tl.core import GzipPacked, MessageContainer, RpcResult, TLMessage
from telethon.tl.functions import (
    DestroySessionRequest,
    InitConnectionRequest,
    InvokeAfterMsgRequest,
    InvokeWithLayerRequest,
    InvokeWithoutUpdatesRequest,
    InvokeWithTakeoutRequest,
    PingDelayDisconnectRequest,
    PingRequest,
)
from telethon.tl.types import (
    BadMsgNotification,
    BadServerSalt,
    DestroySessionNone,
    HttpWait,
    MsgsAck,
    MsgsStateInfo,
    NewSessionCreated,
    Pong,
    RpcError,
    UpdateShort,
)

from tests.server.envelope import EnvelopeError, Letter, message, seal, unseal
from tests.server.faults import Drop, Hang, Refusal, Transport
from tests.server.framing import Framing, TransportError, Wire, recognise
from tests.server.handshake import Handshake
from tests.server.tl import Raw, read

if TYPE_CHECKING:
    from tests.server.server import Server
    from tests.server.world import Account

_WRAPPERS = (
    InvokeWithLayerRequest,
    InitConnectionRequest,
    InvokeWithoutUpdatesRequest,
    InvokeWithTakeoutRequest,
    InvokeAfterMsgRequest,
)
_GONE = (asyncio.IncompleteReadError, ConnectionError, TransportError, EnvelopeError, struct.error)
GZIP_FROM = 512  # bytes; smaller answers go as they are


@dataclass(eq=False, slots=True)
class Key:
    """An authorisation key and who has logged in with it."""

    secret: AuthKey
    salt: int
    account: Account | None = None
    halfway: Account | None = None  # whose code was right, while the password is missing
    refusal: Refusal | None = None  # what this key gets for everything from now on
    sessions: set[int] = field(default_factory=set)


class Connection:
    """A client on the line."""

    def __init__(self, server: Server, wire: Wire) -> None:
        self.server, self.wire = server, wire
        self.key: Key | None = None
        self.session = 0
        self.quiet = False  # said that it wants no updates
        self._framing: Framing | None = None
        self._handshake = Handshake(server.time_shift)
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Until the client goes or is dropped."""
        try:
            self._framing = await recognise(self.wire, self.server.secret)
            while True:
                await self._packet(await self._framing.read(self.wire))
        except _GONE:
            pass
        finally:
            self.close()

    def close(self) -> None:
        """Drop the client, and whatever is being answered or still waits to be sent."""
        for task in self._tasks:
            task.cancel()
        self.wire.writer.transport.abort()

    def send(self, body: bytes, *, partial: int | None = None) -> None:
        """One message, sealed; `partial` bytes of its frame if that is not None."""
        if self.key is None or self._framing is None or self.server.mute:
            return
        letter = message(self.server.next_msg_id(), 1, body)
        packet = seal(self.key.secret, self.key.salt, self.session, letter)
        self.wire.write(self._framing.frame(packet)[:partial])

    def push(self, update: Any) -> None:
        """Tell an update that nobody asked for, to those who want updates."""
        if not self.quiet:
            self.send(bytes(UpdateShort(update, self.server.now())))

    def refuse(self, code: int) -> None:
        """An error below the encryption, then the end."""
        if self._framing is not None:
            self.wire.write(self._framing.refusal(code))
        self.wire.writer.close()

    async def _packet(self, packet: bytes) -> None:
        if self.server.mute:
            return
        key_id = struct.unpack_from("<Q", packet)[0]
        if key_id == 0:
            self._plain(packet[20:])
        elif (key := self.server.keys.get(key_id)) is None:
            self.refuse(404)
        else:
            self.key = key
            await self._letter(unseal(key.secret, packet))
        await self.wire.writer.drain()

    def _plain(self, body: bytes) -> None:
        """A step of the key exchange."""
        if self.server.silent_dh or self._framing is None:
            return
        answer = bytes(self._handshake.answer(body))
        if self._handshake.key is not None:
            self.server.add_key(self._handshake.key)
        head = struct.pack("<qqi", 0, self.server.next_msg_id(), len(answer))
        self.wire.write(self._framing.frame(head + answer))

    async def _letter(self, letter: Letter) -> None:
        assert self.key is not None
        self.session = letter.session
        if wrong := self.server.clock_error(letter.msg_id):
            self.send(bytes(BadMsgNotification(letter.msg_id, letter.seq, wrong)))
        elif letter.salt != self.key.salt:
            self.send(bytes(BadServerSalt(letter.msg_id, letter.seq, 48, self.key.salt)))
        else:
            self._greet(letter)
            self._message(letter.msg_id, letter.body)

    def _greet(self, letter: Letter) -> None:
        assert self.key is not None
        if letter.session not in self.key.sessions:
            self.key.sessions.add(letter.session)
            self.send(bytes(NewSessionCreated(letter.msg_id, letter.session, self.key.salt)))

    def _message(self, msg_id: int, body: bytes) -> None:
        """One message of an envelope: a container, a service message or a request."""
        try:
            self._object(msg_id, read(body))
        except Exception as error:
            self.server.bug(error)
            self._result(msg_id, Refusal(400, "INPUT_METHOD_INVALID"))

    def _object(self, msg_id: int, what: Any) -> None:
        if isinstance(what, MessageContainer):
            for inner in what.messages:
                self._inner(inner)
        elif isinstance(what, GzipPacked):
            self._message(msg_id, what.data)
        elif isinstance(what, PingRequest | PingDelayDisconnectRequest):
            self.send(bytes(Pong(msg_id, what.ping_id)))
        elif isinstance(what, DestroySessionRequest):
            self.send(bytes(DestroySessionNone(what.session_id)))
        elif not isinstance(what, MsgsAck | MsgsStateInfo | HttpWait):
            self._start(msg_id, what)

    def _inner(self, inner: TLMessage) -> None:
        self._object(inner.msg_id, inner.obj)

    def _start(self, msg_id: int, request: Any) -> None:
        """Answer in a task of its own: a slow request holds up no other."""
        task = asyncio.get_running_loop().create_task(self._request(msg_id, request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _request(self, msg_id: int, request: Any) -> None:
        request, takeout = self._unwrap(request)
        self._result(msg_id, await self.server.answer(self, request, takeout))

    def _unwrap(self, request: Any) -> tuple[Any, int | None]:
        """The request inside its wrappers, and the takeout it belongs to."""
        takeout = None
        while isinstance(request, _WRAPPERS):
            if isinstance(request, InvokeWithoutUpdatesRequest):
                self.quiet = True
            elif isinstance(request, InvokeWithTakeoutRequest):
                takeout = request.takeout_id
            request = request.query
        return request, takeout

    def _result(self, msg_id: int, outcome: Any) -> None:
        """Let an outcome happen: an answer, an error, or a fault of the line."""
        match outcome:
            case Hang():
                pass
            case Transport(code):
                self.refuse(code)
            case Drop(partial):
                if partial:
                    self.send(_rpc_result(msg_id, Raw(bytes(100_000)), False), partial=partial)
                self.wire.writer.close()
            case Refusal():
                self.send(_rpc_result(msg_id, RpcError(outcome.code, outcome.message), False))
            case _:
                self.send(_rpc_result(msg_id, outcome, self.server.gzip))


def _rpc_result(msg_id: int, answer: Any, packed: bool) -> bytes:
    data = bytes(answer)
    if packed and len(data) > GZIP_FROM:
        data = _packed(data)
    return struct.pack("<Iq", RpcResult.CONSTRUCTOR_ID, msg_id) + data


def _packed(data: bytes) -> bytes:
    small = gzip.compress(data, compresslevel=1)  # the server's time is not what is measured
    head = struct.pack("<I", GzipPacked.CONSTRUCTOR_ID)
    return head + bytes(GzipPacked.serialize_bytes(small))
