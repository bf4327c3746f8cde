"""The 'status' command: what the archive holds, where it lies, how the last runs ended."""

from __future__ import annotations

import sqlite3
from typing import Any

import click

from archiver.cli import output
from archiver.cli.runs import outcome
from archiver.cli.session import Session, db_option, json_option, pass_session
from archiver.text.safe import truncate


@click.command("status")
@click.option("--channels", is_flag=True, help="How complete each synced channel is, instead.")
@db_option
@json_option
@pass_session
def command(session: Session, channels: bool, db: str | None, as_json: bool) -> None:
    """Say what the archive holds and where it lies.

    Counts posts, channels, statements with copies and the share of posts that stand behind
    another one, the size on disk and the last runs.
    """
    from archiver.store.status import overview

    connection = session.read(db)
    if channels:
        _channels(session, connection, as_json)
        return
    found = overview(connection, session.path(db))
    if as_json:
        dates = {
            "first_date": output.iso(found["first_date"]),
            "last_date": output.iso(found["last_date"]),
        }
        output.record({"format_version": output.FORMAT_VERSION, **found, **dates})
    else:
        _show(found)


_VALUES = 12  # columns of the names before them
_COMPLETENESS = ("tg_id", "username", "title", "state", "covered_share", "open_ids", "gaps",
                 "live_posts", "deleted_posts", "server_count", "error")  # fmt: skip


def _channels(session: Session, connection: sqlite3.Connection, as_json: bool) -> None:
    """A line for each synced channel: covered share, our count and the server's, last success."""
    from archiver.store.completeness import synced_channels

    found = synced_channels(connection)
    if not found:
        session.note("archiver: no channel is synced; `archiver channels add @name` adds one.")
    elif not as_json:
        output.line("covered   archived  at server  last complete      channel")
    for each in found:
        if as_json:
            told = {name: each[name] for name in _COMPLETENESS}
            dates = {name: output.iso(each[name]) for name in ("succeeded", "since")}
            output.record({"format_version": output.FORMAT_VERSION, **told, **dates})
        else:
            for line in _completeness(each):
                output.wrapped(line, 10)


def _completeness(each: dict[str, Any]) -> list[str]:
    """A line; what is wrong has one of its own where the terminal is too narrow."""
    share = "--" if each["covered_share"] is None else f"{each['covered_share']:.1%}"
    server = f"{each['server_count']:,}" if each["server_count"] is not None else "?"
    when = output.when(each["succeeded"]) if each["succeeded"] else "never"
    label = output.channel_label(each["title"], each["username"], each["tg_id"])
    told = [] if each["state"] == "readable" else [each["state"]]
    told += [f"wanted from {output.day(each['since'])}"] if each["since"] else []
    told += [f"{each['open_ids']:,} numbers open"] if each["open_ids"] else []
    told += ["in trouble"] if each["error"] else []
    more = f"  ({'; '.join(told)})" if told else ""
    left = f"{share:>7}  {each['live_posts']:>9,}  {server:>9}  {when:<17}"
    columns = output.columns() - len(left) - 2
    if columns - len(more) < 12 and output.room() == output.columns():
        first = f"{left}  {truncate(label, max(12, columns))}"
        return [first, f"{'':>7}{more}"] if more else [first]
    return [f"{left}  {truncate(label, max(12, columns - len(more)))}{more}"]


def _show(found: dict[str, Any]) -> None:
    _line(f"Archive     {found['path']} ({output.size(found['bytes'])})")
    channels = output.plural(found["channels"], "channel")
    _line(f"Posts       {found['posts']:,} of {channels}{_kinds(found)}")
    if found["first_date"] is not None:
        _line(
            f"Dates       {output.when(found['first_date'])} to {output.when(found['last_date'])}"
        )
    albums = f", {output.plural(found['albums'], 'album')}" if found["albums"] else ""
    _line(
        f"Statements  {found['statements']:,}: {found['repeated']:,} with"
        f" {output.plural(found['copies'], 'copy', 'copies')}{albums};"
        f" {found['collapsed_share']:.1%} of all posts stand behind another one"
    )
    _line(f"Collapsed   {output.plural(found['doubled'], 'post')} with a body repeated inside")
    _line(f"Synced      {_synced(found)}")
    _line("Media       described, not downloaded")
    _line(f"Versions    {output.plural(found['revisions'], 'earlier wording')} kept")
    if found["pending"]:
        _line(f"Waiting     {output.plural(found['pending'], 'post')} for `archiver dedup`")
    if found["bad_records"]:
        _line(
            f"Unreadable  {output.plural(found['bad_records'], 'record')}; table `event` has them"
        )
    for run in found["runs"][:5]:
        _line(f"Run {run['id']:<7} {output.when(run['started'])}  {run['command']}: {outcome(run)}")


def _line(text: str) -> None:
    output.wrapped(text, _VALUES)


def _synced(found: dict[str, Any]) -> str:
    if not found["synced"]:
        return "no channel; `archiver channels add @name` adds one"
    told = [output.plural(found["synced"], "channel")]
    if found["oldest_success"] is not None:
        told.append(f"each complete since {output.when(found['oldest_success'])} or later")
    if found["never_complete"]:
        told.append(f"{found['never_complete']:,} not complete yet")
    if found["in_trouble"]:
        told.append(f"{found['in_trouble']:,} with an error (`archiver doctor` names them)")
    return ", ".join(told)


def _kinds(found: dict[str, Any]) -> str:
    kinds = {"undated": found["undated"], "service": found["service"], "deleted": found["deleted"]}
    told = [f"{count:,} {name}" for name, count in kinds.items() if count]
    return f" ({', '.join(told)})" if told else ""
