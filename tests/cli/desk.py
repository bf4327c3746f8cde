"""The command line in this process, against a server in a thread: a hundred commands in seconds.

What runs is the program itself, from its arguments to its exit code; only the process is shared.
Standard input is closed: a command that asks something fails.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archiver.cli import run
from tests import archives
from tests.server import Account, Channel, World
from tests.server.fixtures import Served, forget


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """The objects of --json."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def all(self) -> str:
        """Everything that a person would see."""
        return self.out + self.err


class Desk:
    """A person at the command line, who is logged in."""

    def __init__(self, served: Served, folder: Path, capture: pytest.CaptureFixture[bytes]) -> None:
        self.served, self.folder, self._capture = served, folder, capture
        self.db = folder / "archive.sqlite"
        self.proof = folder / "telegram" / "account.session"
        self.settings()

    @property
    def world(self) -> World:
        """What the server serves."""
        return self.served.world

    def settings(
        self, account: Account | None = None, *, login: bool = True, more: str = ""
    ) -> Path:
        """Write the settings, and the session of a login."""
        file = self.served.config(self.folder, account, login=login)
        pace = "\n[sync]\nhistory_per_minute = 6000\n"
        file.write_text(file.read_text() + pace + more, encoding="utf-8")
        return file

    def run(self, *arguments: str) -> Said:
        """`desk.run("sync", "--json")`"""
        self._capture.readouterr()
        forget()
        code = run(list(arguments))
        told = self._capture.readouterr()
        return Said(code, told.out.decode(), told.err.decode())

    def asked(self) -> dict[str, int]:
        """What the server was asked for since the last time, by method; connecting is left out."""
        tally = self.served.do(self.served.server.calls.tally)
        self.served.do(self.served.server.calls.clear)
        told = {name.removesuffix("Request"): count for name, count in tally.items()}
        return {name: n for name, n in told.items() if name not in ("GetConfig", "GetUsers")}

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What another program would see in the file."""
        with closing(sqlite3.connect(self.db)) as connection:
            return connection.execute(query, values).fetchall()

    def one(self, query: str, *values: Any) -> Any:
        """The single value of a query."""
        [(value,)] = self.rows(query, *values)
        return value

    def change(self, statement: str, *values: Any) -> None:
        """What a mishap would do to the file."""
        with closing(sqlite3.connect(self.db)) as connection, connection:
            connection.execute(statement, values)

    def channel(self, name: str, posts: int = 3, **told: Any) -> Channel:
        """A channel of the world with some posts."""
        made = self.world.channel(name, **told)
        made.post_many(posts)
        return made

    def added(self, *names: str, posts: int = 3) -> list[Channel]:
        """Channels of the world that are added."""
        if not self.db.exists():
            self.db.write_bytes(archives.empty())
        made = [self.channel(name, posts) for name in names]
        done = self.run("channels", "add", *(f"@{name}" for name in names))
        assert done.code == 0, done
        self.asked()
        return made


def tg_id(channel: Channel) -> int:
    """How the program calls a channel of the world."""
    return -1_000_000_000_000 - channel.id
