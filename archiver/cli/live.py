"""What the commands that talk to Telegram share: an account, a feed, signals, one way to fail."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from archiver import config
from archiver.cli.session import Session, now, say_beside
from archiver.errors import Locked

if TYPE_CHECKING:
    from archiver.model import Account
    from archiver.sources.telegram.feed import TelegramFeed
    from archiver.sources.telegram.gateway import Gateway
    from archiver.store.live import LiveArchive
    from archiver.store.store import Store

T = TypeVar("T")

# Seconds from a signal until everything is given up. A page in flight has 7 of them, and cron and
# systemd are promised 10.
LONGEST = 8.0

if_locked_option = click.option(
    "--if-locked",
    type=click.Choice(["fail", "skip"]),
    default="fail",
    help="When another run holds the archive or the session: fail (exit 8) or skip (exit 0).",
)


@dataclass(frozen=True, slots=True)
class Line:
    """An open line to Telegram, and the archive it fills."""

    account: Account
    feed: TelegramFeed
    archive: LiveArchive
    gateway: Gateway


@asynccontextmanager
async def line(session: Session, store: Store, run: int, said: str) -> AsyncIterator[Line]:
    """The account of the last login, connected and known to the archive.

    Raises LoginRequired, Locked, ConfigError, Offline and FloodWait.
    """
    from archiver.sources.telegram.feed import TelegramFeed
    from archiver.sources.telegram.gateway import connected
    from archiver.sources.telegram.pace import Pace

    settings = session.config.sync
    known = store.account()

    def keep_wait(method: str, not_before: int) -> None:
        """At once: a run that is killed must not make the next one knock early."""
        if known is not None:
            store.live(run, known).keep_wait(method, not_before)

    options: dict[str, Any] = {
        "waits": store.waits(known.user_id, now()) if known else {},
        "on_wait": keep_wait,
        "flood_sleep": settings.flood_sleep,
        "pace": Pace.polite(settings.history_per_minute),
    }
    async with connected(config.credentials(session.config), said, **options) as gateway:
        feed = TelegramFeed(gateway)
        account = await feed.account()
        store.keep_account(account.user_id, account.label, now())
        known = account
        yield Line(account, feed, store.live(run, account), gateway)


def until_signal(work: Coroutine[Any, Any, T], stop: asyncio.Event) -> T:
    """Run to the end; the first SIGINT or SIGTERM sets `stop`, the second one ends it hard.

    So does time: what does not heed `stop` (connecting, asking for a name) is ended all the same.
    """

    async def guarded() -> T:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        assert task is not None

        def asked() -> None:
            if stop.is_set():
                task.cancel()
            stop.set()
            loop.call_later(LONGEST, task.cancel)

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, asked)
        try:
            return await work
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)
            # asyncio leaves SIG_DFL behind, which would kill the dedup that follows.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            signal.signal(signal.SIGINT, signal.default_int_handler)

    try:
        return asyncio.run(guarded())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def complain(session: Session, line: str) -> None:
    """What went wrong is said however quiet the program is to be: cron mails it."""
    session.note(line)
    if session.quiet:
        say_beside(line)


@contextmanager
def skipping(session: Session, if_locked: str) -> Iterator[None]:
    """With `skip` a run that finds the lock taken ends well: the other one does its work."""
    try:
        yield
    except Locked as error:
        if if_locked != "skip":
            raise
        session.note(f"archiver: {error} Nothing was done.")
        click.get_current_context().exit(0)
