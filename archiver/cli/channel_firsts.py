"""'channels firsts': which channels are usually first, as text or JSON."""

from __future__ import annotations

from contextlib import closing

from archiver.cli import output
from archiver.cli.clusters import period
from archiver.cli.session import Session
from archiver.errors import NOTHING_FOUND
from archiver.firsts import Firsts, firsts, ordered
from archiver.store.copies import Named, named
from archiver.store.said import of_all
from archiver.text import safe

_FEWEST = 12  # columns of a channel's name


def show_firsts(
    session: Session,
    db: str | None,
    date: str | None,
    fewest: int,
    limit: int,
    *,
    by: str,
    as_json: bool,
) -> int:
    """Print the channels, those first that are first most often; or in the largest share."""
    since, until = period(date, session)
    with closing(session.read(db)) as connection:
        found = firsts(of_all(connection, since, until), since, until, fewest)
        found = ordered(found, by)[:limit]
        known = named(connection, {each.channel for each in found})
    for each in found:
        if as_json:
            _record(each, known[each.channel])
        else:
            _line(each, known[each.channel])
    if not found and not as_json:
        told = output.plural(fewest, "statement")
        session.note(f"Nothing found: no channel shares {told} with another (--fewest).")
    return 0 if found else NOTHING_FOUND


def _record(each: Firsts, channel: Named) -> None:
    output.record(
        {
            "format_version": output.FORMAT_VERSION,
            "channel_title": channel.title,
            "channel_username": channel.username,
            "channel_id": channel.tg_id,
            "first": each.first,
            "statements": each.statements,
            "share": round(each.first / each.statements, 4),
            "unsure": each.unsure,
            "median_lead_seconds": each.lead,
        }
    )


def _line(each: Firsts, channel: Named) -> None:
    head = f"first in {each.first:,} of {output.plural(each.statements, 'statement')}"
    lead = "" if each.lead is None else f"  median lead {output.lag(each.lead).lstrip('+')}"
    unsure = f"  ({each.unsure:,} edited since)" if each.unsure else ""
    label = output.channel_label(channel.title, channel.username, channel.tg_id or channel.id)
    room = output.room() - safe.width(f"{head:<34}  {lead}{unsure}")
    output.line(f"{head:<34}  {safe.truncate(label, max(_FEWEST, room))}{lead}{unsure}")
