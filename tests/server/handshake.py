"""The exchange of an authorisation key: RSA, then Diffie-Hellman."""

from __future__ import annotations

import os
import time
from hashlib import sha1
from pathlib import Path
from typing import Any

import rsa
from telethon.crypto import AES, AuthKey
from telethon.crypto.rsa import _compute_fingerprint, get_byte_array
from telethon.helpers import generate_key_data_from_nonce
from telethon.tl.functions import (
    ReqDHParamsRequest,
    ReqPqMultiRequest,
    ReqPqRequest,
    SetClientDHParamsRequest,
)
from telethon.tl.types import DhGenOk, ResPQ, ServerDHInnerData, ServerDHParamsOk

from tests.server.tl import read

HERE = Path(__file__).parent
PUBLIC_KEY = HERE / "test_only_public.pem"  # what a client is told
_PRIVATE = rsa.PrivateKey.load_pkcs1((HERE / "test_only_private.pem").read_bytes())
FINGERPRINT = _compute_fingerprint(_PRIVATE)

# The prime every client of Telegram knows to be good; any other it would test for minutes.
PRIME = bytes.fromhex(
    "c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f"
    "48198a0aa7c14058229493d22530f4dbfa336f6e0ac925139543aed44cce7c37"
    "20fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f64"
    "2477fe96bb2a941d5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4"
    "a4a695811051907e162753b56b0f6b410dba74d8a84b2a14b3144e0ef1284754"
    "fd17ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4"
    "e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f"
    "0d8115f635b105ee2e4e15d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b"
)
GENERATOR = 3
# The puzzle of the first step has small factors here: it costs the client time and proves nothing.
_PQ = get_byte_array(65537 * 65539)


class Handshake:
    """One exchange, over one connection; `key` is there when it is over."""

    def __init__(self, clock_shift: float = 0.0) -> None:
        self._shift = clock_shift
        self._server_nonce = int.from_bytes(os.urandom(16), "little", signed=True)
        self._secret = int.from_bytes(os.urandom(256), "big")
        self._new_nonce = 0
        self.key: AuthKey | None = None

    def answer(self, body: bytes) -> Any:
        """What the server says to one step of the client's."""
        request = read(body)
        if isinstance(request, ReqPqMultiRequest | ReqPqRequest):
            return ResPQ(request.nonce, self._server_nonce, _PQ, [FINGERPRINT])
        if isinstance(request, ReqDHParamsRequest):
            return self._parameters(request)
        if isinstance(request, SetClientDHParamsRequest):
            return self._finish(request)
        raise ValueError(f"{type(request).__name__} does not belong to a key exchange")

    def _parameters(self, request: Any) -> ServerDHParamsOk:
        number = int.from_bytes(request.encrypted_data, "big")
        plain = pow(number, _PRIVATE.d, _PRIVATE.n).to_bytes(255, "big")
        self._new_nonce = read(plain[20:]).new_nonce
        prime = int.from_bytes(PRIME, "big")
        inner = ServerDHInnerData(
            nonce=request.nonce,
            server_nonce=self._server_nonce,
            g=GENERATOR,
            dh_prime=PRIME,
            g_a=get_byte_array(pow(GENERATOR, self._secret, prime)),
            server_time=int(time.time() + self._shift),
        )
        data = sha1(bytes(inner)).digest() + bytes(inner)
        data += os.urandom(-len(data) % 16)
        return ServerDHParamsOk(
            request.nonce, self._server_nonce, AES.encrypt_ige(data, *self._aes())
        )

    def _finish(self, request: Any) -> DhGenOk:
        inner = read(AES.decrypt_ige(request.encrypted_data, *self._aes())[20:])
        prime = int.from_bytes(PRIME, "big")
        shared = pow(int.from_bytes(inner.g_b, "big"), self._secret, prime)
        self.key = AuthKey(get_byte_array(shared))
        proof = self.key.calc_new_nonce_hash(self._new_nonce, 1)
        return DhGenOk(request.nonce, self._server_nonce, proof)

    def _aes(self) -> tuple[bytes, bytes]:
        key, vector = generate_key_data_from_nonce(self._server_nonce, self._new_nonce)
        return key, vector
