"""What leads a client to the server: settings, and a session ready to use. Needs no pytest."""

from __future__ import annotations

import os
from pathlib import Path

from telethon.sessions import SQLiteSession

from tests.server.handshake import PUBLIC_KEY
from tests.server.server import Server
from tests.server.world import Account


def toml(server: Server, session: Path) -> str:
    """The settings that lead a client to the server."""
    return "\n".join(
        [
            "[telegram]",
            f"api_id = {server.world.api_id}",
            f'api_hash = "{server.world.api_hash}"',
            f"session = '{session}'",
            "",
            "[telegram.server]",
            f"dc = {server.dc}",
            f'host = "{server.host}"',
            f"port = {server.port}",
            f"public_key = '{PUBLIC_KEY}'",
            "",
        ]
    )


def write_private(file: Path, text: str) -> None:
    """A file with an api_hash in it: for nobody else to read, from its first byte on."""
    with open(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as made:
        os.fchmod(made.fileno(), 0o600)  # one that was there already
        made.write(text)


def write_session(server: Server, file: Path, account: Account | None = None) -> None:
    """A session file of Telethon's with a key that is logged in, for nobody else to read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.parent.chmod(0o700)
    session = SQLiteSession(str(file))
    session.set_dc(server.dc, server.host, server.port)
    session.auth_key = server.authorise(account)
    session.save()
    session.close()
    file.chmod(0o600)
