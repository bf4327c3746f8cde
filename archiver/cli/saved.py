"""The 'saved' command: searches with a name, and what is new in them."""

from __future__ import annotations

import sys

import click

from archiver import config
from archiver.cli import news, output
from archiver.cli.completing import complete_saved, complete_words
from archiver.cli.session import Session, db_option, json_option, now, pass_session, sought
from archiver.cli.subcommands import Subcommands
from archiver.errors import INCOMPLETE, ConfigError
from archiver.store import saved
from archiver.text.query import parse

_WORDS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
_NONE = "No searches are saved; `archiver saved add NAME QUERY` saves one."


@click.group("saved", cls=Subcommands)
def command() -> None:
    """Keep searches under a name, and hear what is new in them."""


@command.command("add", context_settings=_WORDS)
@click.argument("name")
@click.argument("words", nargs=-1, required=True, shell_complete=complete_words)
@db_option
@pass_session
def add(session: Session, name: str, words: tuple[str, ...], db: str | None) -> None:
    """Save a search as NAME: `archiver search @NAME` asks it, also among other words.

    What is in the archive now counts as seen: `archiver search @NAME --new` tells what comes later.
    """
    if not name.removeprefix("@") or set(name.removeprefix("@")) & set(" \t\n()\"/'*"):
        raise ConfigError(f"{name!r} cannot be a name; take one word of letters, digits, - and _.")
    text = sought(words)
    path = session.path(db)
    connection = session.read(db)
    known = saved.texts(connection)
    connection.close()
    if way := saved.loop(name, text, known):
        raise ConfigError(
            f"@{way[0]} would ask for itself ({' -> '.join('@' + each for each in way)});"
            f' write "{way[0]}" in quotation marks if the word is meant.'
        )
    parse(text, now=now(), saved={**known, saved.key(name): text})
    fresh = saved.add(path, name, text, now())
    session.note(f"{'Saved' if fresh else 'Changed'} @{saved.key(name)}.")


@command.command("list")
@db_option
@json_option
@pass_session
def list_(session: Session, db: str | None, as_json: bool) -> None:
    """List saved searches."""
    found = saved.all_saved(session.read(db))
    if not found and not as_json:
        session.note(_NONE)
    for each in found:
        if as_json:
            output.record(
                {
                    "format_version": output.FORMAT_VERSION,
                    "name": each.name,
                    "query": each.query,
                    "added": output.iso(each.added),
                    "asked": output.iso(each.asked),
                }
            )
            continue
        asked = f"asked {output.when(each.asked)}" if each.asked else "never asked"
        output.line(f"@{each.name:<16} {safe_line(each.query)}  ({asked})")


@command.command("remove")
@click.argument("name", shell_complete=complete_saved)
@db_option
@pass_session
def remove(session: Session, name: str, db: str | None) -> None:
    """Forget a saved search."""
    saved.remove(session.path(db), name)
    session.note(f"Removed @{saved.key(name)}.")


@command.command("check")
@click.argument("names", nargs=-1, shell_complete=complete_saved)
@db_option
@json_option
@click.option(
    "--exec",
    "program",
    metavar="COMMAND",
    help="Hand new results to this program, as JSON on its standard input.",
)
@click.option("--tz", metavar="ZONE", help="Zone of dates shown and asked for (default UTC).")
@pass_session
def check(
    session: Session,
    names: tuple[str, ...],
    db: str | None,
    as_json: bool,
    program: str | None,
    tz: str | None,
) -> int:
    """Tell what came since each saved search was last asked, and take it for seen.

    With --exec the COMMAND runs once for each search that has something new (no shell;
    ARCHIVER_SAVED holds the name); what it fails on is told again next time. Exit code 0 whether
    there is news or not, 7 when a search or a command failed, 2 where there is no such program.
    """
    zone = config.zone(tz or session.config.search.timezone)
    if program is not None:
        news.need(program)

    def tell(found: news.News) -> None:
        if program is not None:
            news.hand_over(program, found)
            session.note(news.handed(found))
        elif as_json:
            output.record(found.record)
            sys.stdout.flush()
        else:
            news.show(found, zone)

    done = news.check(session.path(db), names, zone, tell)
    for name, fault in done.faults.items():
        session.note(f"@{name}: {fault}")
    if done.faults:
        session.note(f"Not checked: {', '.join('@' + name for name in done.faults)}.")
    elif not done.asked:
        session.note(_NONE)
    return INCOMPLETE if done.faults else 0


def safe_line(text: str) -> str:
    """A search text on one line."""
    from archiver.text.safe import one_line

    return one_line(text)
