"""The 'search' command: one result a statement, newest first."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

import click

from archiver import config
from archiver.cli import output
from archiver.cli.session import Session, db_option, json_option, now, pass_session, sought
from archiver.errors import NOTHING_FOUND
from archiver.store.hits import Hit
from archiver.store.search import count, search
from archiver.text import safe
from archiver.text.cuts import apply_cuts
from archiver.text.query import parse
from archiver.text.refs import permalink
from archiver.text.snippet import Snippet, snippet

# "-storm" and "-harbour" are words to leave out: no short option may swallow them.
_WORDS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


@click.command("search", context_settings=_WORDS)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@db_option
@json_option
@click.option(
    "--all", "every", is_flag=True, help="Each copy on its own, not one result a statement."
)
@click.option("--count", "only_count", is_flag=True, help="Only how many there are.")
@click.option("--limit", type=click.IntRange(1), help="At most so many results (default 20).")
@click.option("--tz", metavar="ZONE", help="Zone of dates shown and asked for (default UTC).")
@pass_session
def command(
    session: Session,
    words: tuple[str, ...],
    db: str | None,
    as_json: bool,
    every: bool,
    only_count: bool,
    limit: int | None,
    tz: str | None,
) -> int:
    """Search the archive; one result a statement, newest first.

    \b
    harbour ferry        both words, in any form (ferries)
    =ferry  ferr*        exactly so; beginning so
    "grain harbour"      these words side by side
    ferry OR boat        either;   NOT storm, or -storm: without
    chan:@name           in a channel (name, title, link; * for several)
    fwd:NAME             forwarded from there
    date:2025-03..05-01  posted then (also 7d, yesterday, 2025)

    Everything else is text. Exit code 1 means nothing was found.
    """
    zone = config.zone(tz or session.config.search.timezone)
    query = parse(sought(words), now=now(), zone=zone)
    connection = session.read(db)
    if only_count:
        found = count(connection, query, every=every)
        output.line(str(found))
        return 0 if found else NOTHING_FOUND
    hits = search(connection, query, limit=limit or session.config.search.limit, every=every)
    for number, hit in enumerate(hits):
        if as_json:
            output.record(_values(hit))
        else:
            _show(hit, zone, first=number == 0)
    if not hits and not as_json:
        session.note("Nothing found.")
    return 0 if hits else NOTHING_FOUND


def _show(hit: Hit, zone: tzinfo, *, first: bool) -> None:
    if not first:
        output.line()
    columns = output.columns()
    label = output.channel_label(hit.channel, hit.username, hit.tg_id)
    head = f"{output.when(hit.date, zone)}  {click.style(label, bold=True)}{_copies(hit, zone)}"
    output.line(head)
    shown = snippet(_text(hit), hit.marks, columns - 4)
    output.line(
        f"  {_marked(shown)}" if shown.text else f"  ({hit.media_kind or 'no'} without words)"
    )
    output.line(f"  {_where(hit)}")


def _text(hit: Hit) -> str:
    return safe.one_line(apply_cuts(hit.text, hit.cuts))


def _copies(hit: Hit, zone: tzinfo) -> str:
    if not hit.copies:
        return ""
    copies = output.plural(hit.copies, "copy", "copies")
    told = f"  +{copies} in {output.plural(hit.channels, 'channel')}"
    if hit.first_date is not None and hit.first_date != hit.date:
        name = output.channel_label("", hit.first_username) if hit.first_username else None
        label = name or (output.channel_label(hit.first_channel, None) if hit.first_channel else "")
        told += f", first {label} {output.when(hit.first_date, zone)}".replace("  ", " ")
    return click.style(told, fg="cyan")


def _where(hit: Hit) -> str:
    link = permalink(hit.username, hit.tg_id, hit.message_id)
    own = f"#{hit.post_id}"
    flags = "".join(f"  {word}" for word, on in _flags(hit) if on)
    return click.style("  ".join(filter(None, [link, own])), dim=True) + flags


def _flags(hit: Hit) -> list[tuple[str, bool]]:
    return [
        ("edited", hit.edited is not None),
        ("deleted", hit.deleted),
        (f"with {safe.one_line(hit.media_kind or '')}", bool(hit.media_kind)),
    ]


def _marked(shown: Snippet) -> str:
    """The snippet with its hits in bold, or between ** where the terminal has no colours."""
    parts, at = [], 0
    for start, end in shown.spans:
        hit = shown.text[start:end]
        parts.append(shown.text[at:start])
        parts.append(click.style(hit, fg="yellow", bold=True) if output.colour() else f"**{hit}**")
        at = end
    return "".join([*parts, shown.text[at:]])


def _values(hit: Hit) -> dict[str, Any]:
    shown = snippet(_text(hit), hit.marks)
    return {
        "format_version": output.FORMAT_VERSION,
        "post_id": hit.post_id,
        "url": permalink(hit.username, hit.tg_id, hit.message_id),
        "channel": hit.channel,
        "username": hit.username,
        "channel_id": hit.tg_id,
        "message_id": hit.message_id,
        "date": output.iso(hit.date),
        "text": hit.text,
        "body": apply_cuts(hit.text, hit.cuts),
        "snippet": shown.text,
        "hits": [list(span) for span in shown.spans],
        "edited": output.iso(hit.edited),
        "deleted": hit.deleted,
        "media": hit.media_kind,
        "matched": {"post_id": hit.matched, "date": output.iso(hit.matched_date)},
        "cluster": hit.cluster_id,
        "copies": hit.copies,
        "channels": hit.channels,
        "first": {
            "channel": hit.first_channel,
            "username": hit.first_username,
            "date": output.iso(hit.first_date),
        },
    }
