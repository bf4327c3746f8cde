"""The 'clusters' command: the statements of a period, most repeated first."""

from __future__ import annotations

from contextlib import closing

import click

from archiver import config
from archiver.cli import first_lines, output
from archiver.cli.session import Session, db_option, json_option, now, pass_session
from archiver.errors import NOTHING_FOUND, ConfigError
from archiver.store.copies import FEWEST_FOR_SPEED, Ranked, ranked
from archiver.store.look import cuts_of
from archiver.text import safe
from archiver.text.cuts import apply_cuts
from archiver.text.dates import Interval, interval
from archiver.text.refs import permalink
from archiver.text.told import plain

_SHOWN = 160  # columns of a statement
_NAME = 12  # columns that a channel has in any case


def period(value: str | None, session: Session) -> Interval:
    """The interval that --date means. Raises ConfigError."""
    if value is None:
        return None, None
    try:
        return interval(value, now(), config.zone(session.config.search.timezone))
    except ValueError as error:
        raise ConfigError(f"--date: {error}.") from error


@click.command("clusters")
@db_option
@json_option
@click.option("--date", "date", metavar="PERIOD", help="First made then: 2024-09, 7d, A..B.")
@click.option(
    "--by",
    type=click.Choice(["copies", "channels", "speed"]),
    default="copies",
    show_default=True,
    help="What to rank by; speed is the number of copies in the first hour, of statements with"
    f" {FEWEST_FOR_SPEED} copies or more and one in that hour.",
)
@click.option(
    "--across", is_flag=True, help="Leave out statements that one channel alone made, or repeated."
)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@pass_session
def command(
    session: Session,
    db: str | None,
    as_json: bool,
    date: str | None,
    by: str,
    across: bool,
    limit: int,
) -> int:
    """Rank the statements by how often, how widely or how fast they were repeated."""
    since, until = period(date, session)
    with closing(session.read(db)) as connection:
        found = ranked(connection, by, since, until, limit, across=across)
    for each in found:
        if as_json:
            _record(each)
        else:
            _show(each)
    if not found and not as_json:
        session.note(_nothing(by, across=across))
    return 0 if found else NOTHING_FOUND


def _nothing(by: str, *, across: bool) -> str:
    if by == "speed":
        return (
            f"Nothing found: by speed only statements with {FEWEST_FOR_SPEED} copies or more, and"
            " one in the first hour, rank."
        )
    return f"Nothing found{' that two channels made' if across else ''}."


def _text(found: Ranked) -> str:
    return apply_cuts(found.text, cuts_of(found.cuts))


def _record(found: Ranked) -> None:
    output.record(
        {
            "format_version": output.FORMAT_VERSION,
            "cluster": found.cluster,
            "post_id": found.post,
            "posts": found.posts,
            "copies": found.copies,
            "channels": found.channels,
            "all_channels": found.all_channels,
            "first_hour": found.early,
            "first": output.iso(found.first_date),
            "first_channel": found.first.username or found.first.title or found.first.tg_id,
            "first_channel_username": found.first.username,
            "first_channel_id": found.first.tg_id,
            "first_by": None if found.before is None else found.before.by,
            "first_edited_away": None if found.before is None else output.iso(found.before.until),
            "channel_title": found.title,
            "channel_username": found.username,
            "channel_id": found.tg_id,
            "first_by_edit": found.first_by_edit,
            "unsure_since_edit": output.iso(found.unsure),
            "said_since": output.iso(found.said_since),
            "last": output.iso(found.last_date),
            "url": permalink(found.username, found.tg_id, found.message_id),
            "text": _text(found),
        }
    )


def _first(found: Ranked) -> str:
    """When it was said first, if the post that is shown came later; and where, if elsewhere."""
    if found.date == found.first_date and found.before is None:
        return ""
    title, username, tg_id = found.first
    when = output.when(found.first_date) + (" by an edit" if found.first_by_edit else "")
    if found.before is not None:
        when += f" ({first_lines.how(found.before)})"
    if found.first == (found.title, found.username, found.tg_id):
        return f"first {when}"
    label = output.channel_label("" if username else title, username, tg_id)
    return f"first {label} {when}"


def _notes(found: Ranked) -> list[str]:
    """What the dates of the line do not tell of themselves."""
    notes = []
    if found.said_since is not None:
        notes.append(f"said so by an edit of {output.when(found.said_since)}")
    if found.unsure is not None:
        edit = output.when(found.unsure)
        notes.append(f"the first was edited {edit}; what it said before is not archived")
    return notes


def _show(found: Ranked) -> None:
    label = output.channel_label(found.title, found.username, found.tg_id)
    early = f"{found.early:,} in the first hour" if found.early else ""
    copies = output.plural(found.copies, "copy", "copies")
    told = f"  +{copies}, {output.plural(found.all_channels, 'channel')} in all"
    date, room = output.when(found.date), output.room()
    more = [each for each in (early, _first(found)) if each]
    columns = len(date) + 2 + safe.width(label) + len(told)
    while more and (columns := columns + 2 + safe.width(more[0])) <= room:
        told += f", {more.pop(0)}"
    label = safe.truncate(label, max(_NAME, room - len(date) - 2 - len(told)))
    output.wrapped(f"{date}  {label}{told}", 2)
    if more:
        output.wrapped(f"  {', '.join(more)}", 2)
    output.line(f"  {safe.truncate(safe.one_line(plain(_text(found))), min(_SHOWN, room - 2))}")
    where = permalink(found.username, found.tg_id, found.message_id)
    output.wrapped("  " + "  ".join(filter(None, [where, f"#{found.post}", *_notes(found)])), 2)
