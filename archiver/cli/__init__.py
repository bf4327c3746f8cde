"""The command line: the only room that imports click, prints, prompts, exits and reads clocks.

A command is a module of its own, imported when it is called: `archiver --help` reads only the
table below, so that no command pays for another's libraries.
"""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
from importlib import import_module
from typing import NoReturn

from archiver import __version__
from archiver.cli.lean import import_lean
from archiver.errors import BUG, INCOMPLETE, ArchiverError, QueryError, StoreError

# Reading modules makes no cyclic garbage, and Python would look for it fifty times: 5 ms.
gc.set_threshold(50_000, 20, 20)
import_lean()

import click  # noqa: E402

from archiver.cli.once import OnceEach  # noqa: E402

# name -> (module, the first line of its help). A test holds the lines to the commands.
COMMANDS = {
    "demo": ("demo", "Import a small sample, collapse it and search it."),
    "import": ("import_", "Import posts from files or folders of exports."),
    "login": ("login", "Log in to Telegram, once, at a terminal."),
    "logout": ("logout", "Log out of Telegram and remove the session; posts are kept."),
    "sync": ("sync", "Fetch new posts, edits and deletions of the added channels."),
    "nightly": ("nightly", "Sync all channels, collapse what is new, say how it went: for cron."),
    "dedup": ("dedup", "Collapse repeated bodies and group copies; only what is new."),
    "search": ("search", "Search the archive; one result a statement, newest first."),
    "saved": ("saved", "Keep searches under a name, and hear what is new in them."),
    "show": ("show", "Show a post, its copies and its versions."),
    "why": ("why", "Say what holds two posts together, or apart."),
    "clusters": (
        "clusters",
        "Rank the statements by how often, how widely or how fast they were repeated.",
    ),
    "spread": ("spread", "Say who had a statement first, who followed, and how long after."),
    "channels": ("channels", "Add, list and remove the channels that are synced; link names."),
    "index": ("index", "Check the search index, make it anew, or optimize it."),
    "status": ("status", "Say what the archive holds and where it lies."),
    "export": ("export", "Write posts to a file or to standard output."),
    "verify": ("verify", "Check the archive, or a bundle that `export --bundle` wrote."),
    "backup": ("backup", "Copy the archive, check the copy, remove old ones."),
    "restore": ("restore", "Put a backup in the place of the archive."),
    "runs": (
        "runs",
        "Say what the last runs did, newest first.",
    ),
    "doctor": ("doctor", "Look for what is wrong or may go wrong, and say what to do."),
    "forget": ("forget", "Erase a channel's posts and versions for good."),
    "completion": ("completion", "Print what makes a shell complete commands and searches."),
    "help": ("help", "Explain a command; `archiver help search` tells the search language."),
}


_OF_COMMANDS = ("--json", "--tz", "--limit", "--format")


class Commands(OnceEach):
    """A group that imports a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order a newcomer needs them."""
        return list(COMMANDS)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The options before the command; those of commands stand behind it."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if error.option_name in _OF_COMMANDS:
                raise click.UsageError(
                    f"{error.option_name} goes behind the command: `archiver status"
                    f" {error.option_name} ...`",
                    ctx,
                ) from error
            raise

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name."""
        if name not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, 1)
            hint = f", did you mean {near[0]}?" if near else "; `archiver --help` lists them."
            raise click.UsageError(f"there is no command {name!r}{hint}", ctx)
        module = import_module(f"archiver.cli.{COMMANDS[name][0]}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. click itself would make exit code 1 of a reader that left early."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            return _quietly()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(dir_okay=False), help="Settings file (TOML).")
@click.option("--db", metavar="FILE", help="The archive; may also stand after the command.")
@click.option("-v", "--verbose", count=True, help="Say more on standard error; -vv for debugging.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@click.option("--log-file", type=click.Path(dir_okay=False), help="Keep a log here; it is rotated.")
@click.option("--log-json", is_flag=True, help="Write the log as JSON, one object a line.")
@click.version_option(__version__, prog_name="archiver")
@click.pass_context
def group(
    ctx: click.Context,
    config: str | None,
    db: str | None,
    verbose: int,
    quiet: bool,
    log_file: str | None,
    log_json: bool,
) -> None:
    """Archive Telegram channels, collapse what they repeat, search the result.

    Start with `archiver demo`. Each command has its own --help.
    """
    from archiver.cli.session import Session

    ctx.obj = Session.start(config, verbose, quiet, db)
    if log_file is not None:
        from archiver.cli.logs import keep_log

        keep_log(log_file, as_json=log_json, command=ctx.invoked_subcommand or "")


def main() -> None:
    """Run the program and leave with the exit code its outcome has."""
    # cron and systemd stop a program with SIGTERM: it ends like Ctrl-C, with its locks freed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _open_closed()
    _leave(run())


def _open_closed() -> None:
    """Where a standard stream is closed (`>&-`), nothing takes its number: not the archive.

    What is printed would go into the file that did.
    """
    missing = [number for number in range(3) if not _is_open(number)]
    for _ in missing:  # the lowest free number is given out first
        os.open(os.devnull, os.O_RDWR)
    for number in missing:
        if number:
            stream = open(number, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            setattr(sys, ("stdout", "stderr")[number - 1], stream)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


# What has something to tidy up at its end: other processes, logs, what is written.
_TIDIES = ("multiprocessing", "logging", "asyncio", "sqlalchemy")


def _leave(code: int) -> NoReturn:
    """End the process; one that only read need not tidy up, which takes a tenth of a search."""
    if any(name in sys.modules for name in _TIDIES):
        sys.exit(code)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        sys.exit(code)
    os._exit(code)


def run(arguments: list[str] | None = None) -> int:
    """The exit code of a command line; every error becomes one sentence, here and only here."""
    try:
        result = group.main(arguments, prog_name="archiver", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ArchiverError as error:
        _complain(error)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo(f"archiver: interrupted{_after_interruption()}", err=True)
        return INCOMPLETE
    except BrokenPipeError:
        return _quietly()
    except OSError as error:
        if error.errno != errno.ENOSPC:
            return _bug()
        _quietly()
        click.echo("archiver: cannot write the output: the disk is full.", err=True)
        return StoreError.exit_code
    except Exception:
        return _bug()


def _after_interruption() -> str:
    """What of the work is there; a search, an export and the like have saved nothing."""
    from archiver.cli.session import Writing

    return "; what was saved is kept, run it again to go on" if Writing.begun else "."


def _complain(error: ArchiverError) -> None:
    from archiver.cli.session import log_note
    from archiver.text.safe import one_line

    log_note(f"ends with {error.exit_code}: {one_line(str(error))}")
    click.echo(f"archiver: {one_line(str(error))}", err=True)
    if isinstance(error, QueryError) and error.query:
        click.echo(f"  {one_line(error.query)}", err=True)
        click.echo(f"  {' ' * error.position}^", err=True)


def _quietly() -> int:
    """The reader of our output left (`| head`): nothing more to say, and nothing went wrong."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _bug() -> int:
    import traceback

    traceback.print_exc()
    click.echo("archiver: this is a bug; please report it with the lines above.", err=True)
    return BUG
