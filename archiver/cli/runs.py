"""The 'runs' command: what each run did, and what it met."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click

from archiver.cli import output
from archiver.cli.session import Session, db_option, json_option, pass_session
from archiver.errors import ChannelUnavailable
from archiver.text.safe import one_line

_HANG = 8  # columns of the number before the rest


@click.command("runs")
@click.argument("number", required=False, type=int, metavar="[RUN]")
@click.option("--limit", type=click.IntRange(1), default=20, help="How many runs are listed.")
@click.option("--failed", is_flag=True, help="Only those that were not done.")
@db_option
@json_option
@pass_session
def command(
    session: Session, number: int | None, limit: int, failed: bool, db: str | None, as_json: bool
) -> None:
    """Say what the last runs did, newest first.

    With RUN, the number of one, also everything that it met.
    """
    from archiver.locks import holder
    from archiver.store.status import events_of, runs

    idle = holder(session.path(db)) is None
    with closing(session.read(db)) as connection:
        if number is None:
            for each in runs(connection, limit, failed=failed):
                _show(each, as_json, idle)
            return
        found = runs(connection, 1, number=number)
        if not found:
            raise ChannelUnavailable(f"there is no run {number}; `archiver runs` lists them.")
        _show(found[0], as_json, idle)
        for event in events_of(connection, number):
            if as_json:
                output.record({"format_version": output.FORMAT_VERSION, **event})
            else:
                place = one_line(event["place"] or "")
                output.wrapped(f"  {event['kind']}: {place}: {one_line(event['message'])}", 4)


def _show(run: dict[str, Any], as_json: bool, idle: bool) -> None:
    if as_json:
        dates = {name: output.iso(run[name]) for name in ("started", "finished")}
        output.record({"format_version": output.FORMAT_VERSION, **run, **dates})
        return
    took = ""
    if run["finished"] is not None:
        took = f" in {output.lag(run['finished'] - run['started']).removeprefix('+')}"
    events = f"; {output.plural(run['events'], 'event')}" if run["events"] else ""
    command = one_line(run["command"])
    output.wrapped(
        f"{run['id']:>6}  {output.when(run['started'])}  {command}:"
        f" {outcome(run, idle)}{took}{events}",
        _HANG,
    )
    if error := (run["counts"] or {}).get("error"):
        output.wrapped(f"{'':{_HANG}}{one_line(str(error))}", _HANG)


def outcome(run: dict[str, Any], idle: bool = False) -> str:
    """How a run ended, in a few words; `idle`: nobody holds the archive."""
    if run["status"] is None:
        return "killed" if idle else "running, or killed"
    counts = run["counts"] or {}
    told = [
        _noun(name, value) if value is True else f"{value:,} {_noun(name, value)}"
        for name, value in counts.items()
        if isinstance(value, int) and value
    ]
    return ", ".join([run["status"], *told[:5]])


def _noun(name: str, value: int) -> str:
    return name.replace("_", " ").removesuffix("s" if value == 1 else "")
