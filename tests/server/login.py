"""Logging in: codes sent, passwords proved, QR codes scanned."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from hashlib import pbkdf2_hmac, sha256
from typing import TYPE_CHECKING, Any

from telethon.tl.types import (
    PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow as Algorithm,
)
from telethon.tl.types import SecurePasswordKdfAlgoUnknown, UpdateLoginToken
from telethon.tl.types.account import Password

from tests.server.handshake import GENERATOR, PRIME

if TYPE_CHECKING:
    from tests.server.connection import Connection, Key
    from tests.server.world import Account

_P = int.from_bytes(PRIME, "big")


@dataclass(eq=False, slots=True)
class Token:
    """A QR code on a screen."""

    data: bytes
    expires: int
    key: Key
    connection: Connection  # the last that showed it
    accepted_by: Account | None = None


@dataclass(eq=False, slots=True)
class Login:
    """What is under way. Expired codes: `hashes.clear()`."""

    hashes: dict[str, str] = field(default_factory=dict)  # phone_code_hash -> phone
    tokens: list[Token] = field(default_factory=list)
    proofs: dict[int, Proof] = field(default_factory=dict)  # srp_id -> what was asked

    def scan(self, account: Account) -> None:
        """The last QR code is scanned; its client is told."""
        token = self.tokens[-1]
        token.accepted_by = account
        token.connection.push(UpdateLoginToken())

    def ask(self, account: Account) -> Password:
        """account.getPassword: what a client has to prove that it knows."""
        if account.password is None:
            return _password(None, None)
        proof = Proof(account.password)
        number = int.from_bytes(os.urandom(7), "big")
        self.proofs[number] = proof
        return _password(proof, number)

    def knows(self, answer: Any) -> bool:
        """account.checkPassword: was it the password? Each question is good for one answer."""
        proof = self.proofs.pop(answer.srp_id, None)
        return proof is not None and proof.accepts(answer.A, answer.M1)


class Proof:
    """The server's side of SRP for one password, https://core.telegram.org/api/srp."""

    def __init__(self, password: str) -> None:
        self.algorithm = Algorithm(os.urandom(8), os.urandom(16), GENERATOR, PRIME)
        self._verifier = pow(GENERATOR, _number(_hashed(self.algorithm, password)), _P)
        self._b = _number(os.urandom(256))
        k = _number(_sha(PRIME, _long(GENERATOR)))
        self._public = (k * self._verifier + pow(GENERATOR, self._b, _P)) % _P

    @property
    def public(self) -> bytes:
        """B of the protocol."""
        return _long(self._public)

    def accepts(self, a: bytes, m1: bytes) -> bool:
        """Does the client's proof fit the password?"""
        u = _number(_sha(a, self.public))
        shared = pow(_number(a) * pow(self._verifier, u, _P), self._b, _P)
        mixed = bytes(x ^ y for x, y in zip(_sha(PRIME), _sha(_long(GENERATOR)), strict=True))
        salts = _sha(self.algorithm.salt1) + _sha(self.algorithm.salt2)
        return m1 == _sha(mixed, salts, a, self.public, _sha(_long(shared)))


def _password(proof: Proof | None, number: int | None) -> Password:
    return Password(
        Algorithm(b"new", b"new", GENERATOR, PRIME),
        SecurePasswordKdfAlgoUnknown(),
        b"random",
        has_password=proof is not None,
        current_algo=proof and proof.algorithm,
        srp_B=proof and proof.public,
        srp_id=number,
        hint="the usual one" if proof else None,
    )


def _hashed(algorithm: Algorithm, password: str) -> bytes:
    one, two = algorithm.salt1, algorithm.salt2
    inner = _sha(two, _sha(one, password.encode(), one), two)
    return _sha(two, pbkdf2_hmac("sha512", inner, one, 100_000), two)


def _sha(*parts: bytes) -> bytes:
    return sha256(b"".join(parts)).digest()


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _long(number: int) -> bytes:
    return number.to_bytes(256, "big")
