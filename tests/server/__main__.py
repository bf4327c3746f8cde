"""`python -m tests.server`: a server to try archiver against by hand."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import shlex
from pathlib import Path

from tests.server.demo import Life
from tests.server.server import Server
from tests.server.settings import toml, write_private, write_session
from tests.server.world import World


def main() -> None:
    """Read the options and serve until interrupted."""
    options = _options()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="any free one by default")
    parser.add_argument("--posts", type=int, default=150, help="posts a channel")
    parser.add_argument("--size", type=int, default=80, help="characters of an older post")
    parser.add_argument("--channels", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1, help="another world for another number")
    parser.add_argument("--password", action="store_true", help="the account has a password")
    parser.add_argument("--live", type=float, metavar="SECONDS", help="something happens so often")
    parser.add_argument("--scan", action="store_true", help="QR codes are scanned as they appear")
    parser.add_argument(
        "--prepare",
        type=Path,
        metavar="DIR",
        help="log in beforehand; files go to DIR, not telegram-try",
    )
    return parser.parse_args()


async def _serve(options: argparse.Namespace) -> None:
    world = World()
    world.me.password = "lantern" if options.password else None
    life = Life(world, options.channels, options.seed)
    life.history(options.posts, options.size)
    async with Server(world, port=options.port) as server:
        print(_welcome(server, life, options), flush=True)
        tasks = [_live(life, options.live)] if options.live else []
        tasks += [_scan(server)] if options.scan else []
        await asyncio.gather(asyncio.Event().wait(), *tasks)


def _welcome(server: Server, life: Life, options: argparse.Namespace) -> str:
    """All that a person needs; the last line says that the server is ready."""
    folder = (options.prepare or Path("telegram-try")).resolve()
    session = folder / "telegram" / "account.session"
    # Invented posts never go into somebody's own archive.
    settings = f"database = '{folder / 'archive.sqlite'}'\n\n{toml(server, session)}"
    if options.prepare:
        write_session(server, session)
        how = "Logged in already."
    else:
        me = server.world.me
        how = f"Log in with phone +{me.phone}, code {me.code}"
        how += f", password {me.password}" if me.password else ""
    folder.mkdir(parents=True, exist_ok=True)
    write_private(folder / "config.toml", settings)
    names = " ".join(f"@{channel.username}" for channel in life.channels)
    rows = ["Settings for archiver:", "", settings]
    rows += [f"export ARCHIVER_CONFIG={shlex.quote(str(folder / 'config.toml'))}", how]
    rows += [f"Channels: {names}"]
    rows += [f"Joined, by invitation: {life.secret.invite()}"]
    return "\n".join([*rows, f"Ready on {server.host}:{server.port}, Ctrl-C ends it."])


async def _live(life: Life, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        print(life.step(), flush=True)


async def _scan(server: Server) -> None:
    while True:
        await asyncio.sleep(1)
        tokens = server.world.login.tokens
        if tokens and tokens[-1].accepted_by is None:
            server.scan_qr()
            print("QR code scanned", flush=True)


if __name__ == "__main__":
    main()
