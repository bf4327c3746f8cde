"""What every command has: settings, the archive's place, how much to say, a clock."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from archiver import config

if TYPE_CHECKING:
    import sqlite3

    from archiver.store.passing import PassStore
    from archiver.store.store import Store

F = TypeVar("F", bound=Callable[..., Any])


class Session(NamedTuple):
    """The settings of one invocation."""

    config: config.Config
    quiet: bool = False
    verbose: int = 0
    file: Path | None = None
    db: str | None = None  # as said before the command

    @classmethod
    def start(cls, file: str | None, verbose: int, quiet: bool, db: str | None = None) -> Session:
        """Read the settings."""
        Writing.begun = False
        place = config.place(Path(file) if file else None)
        return cls(config.load(Path(file) if file else None), quiet, verbose, place, db)

    def path(self, db: str | None) -> Path:
        """Where the archive lies; what is said after the command comes first."""
        return config.database(self.config, db or self.db)

    def write(self, db: str | None, *, create: bool = False) -> Store:
        """The archive, held for writing."""
        from archiver.store.store import Store

        self._log()
        return Store.open(self.path(db), create=create, said=_doing())

    def write_pass(self, db: str | None) -> PassStore:
        """The archive, held for a pass of dedup, with nothing imported that saves posts."""
        from archiver.store.passing import PassStore

        self._log()
        return PassStore.open(self.path(db), said=_doing())

    @contextmanager
    def write_new(self, db: str | None) -> Iterator[Store]:
        """The archive, held for writing; one made for it goes again where nothing came of it."""
        with self.write(db, create=True) as store:
            try:
                yield store
            finally:
                store.discard_empty()

    def _log(self) -> None:
        """Set up logging, once; only long work says anything there."""
        import logging

        level = [logging.WARNING, logging.INFO, logging.DEBUG][min(self.verbose, 2)]
        handler = logging.StreamHandler(sys.stderr)
        handler.setLevel(level)
        handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
        handler.addFilter(lambda record: record.name != "archiver.notes")  # echoed already
        logging.getLogger("telethon").setLevel(logging.WARNING)  # it greets at its import
        root = logging.getLogger()
        root.addHandler(handler)
        root.setLevel(min(level, root.level) if root.handlers[1:] else level)

    def read(self, db: str | None) -> sqlite3.Connection:
        """The archive, for reading only, with nothing imported that a search does not need."""
        from archiver.store.reading import open_reading

        return open_reading(self.path(db))

    def note(self, line: str) -> None:
        """Say something beside the results."""
        log_note(line)
        if not self.quiet:
            say_beside(line)


class Writing:
    """Whether this command has begun to write: what is said when it is interrupted."""

    begun = False


def _doing() -> str:
    """What others are told who find the archive held."""
    Writing.begun = True
    context = click.get_current_context(silent=True)
    command = context.command_path.removeprefix("archiver ") if context else ""
    return f"{command} since {time.strftime('%Y-%m-%d %H:%MZ', time.gmtime())}"


@contextmanager
def bulk_work() -> Iterator[None]:
    """Let Python look for cyclic garbage seldom: bulk work makes none, and saves 10 % of its time.

    Seldom, not never: 100,000 new objects are about 20 MB. What is garbage now stays: a megabyte,
    and looking for it takes 30 ms.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def say_beside(line: str) -> None:
    """A line on standard error; who listened there may have left, the work goes on."""
    with suppress(BrokenPipeError):
        click.echo(line, err=True)


def log_note(line: str) -> None:
    """What people are told goes to the log file too, where there is one."""
    logging = sys.modules.get("logging")
    if logging is not None:
        logging.getLogger("archiver.notes").info("%s", line)


def sought(words: tuple[str, ...]) -> str:
    """The words of a search as one text; "-storm" is a word to leave out, "--strom" a slip."""
    if words == ("-h",):
        context = click.get_current_context()
        click.echo(context.get_help())
        context.exit()
    for word in words:
        if word.startswith("--") and len(word) > 2:
            raise click.NoSuchOption(word.partition("=")[0], ctx=click.get_current_context())
    return " ".join(words)


def mishap(error: BaseException) -> dict[str, Any]:
    """What the row of a run keeps of the error that ended it; `archiver runs` shows it."""
    return {"error": str(error) or type(error).__name__}


def now() -> int:
    """Unix seconds."""
    return int(time.time())


db_option = click.option(
    "--db",
    metavar="FILE",
    help="The archive (default: ARCHIVER_DB, the settings, your data folder).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
pass_session = click.make_pass_decorator(Session)
