"""The 'channels' command: which channels are archived, which are synced, which of them are one."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import click

from archiver.cli import output
from archiver.cli.session import Session, db_option, json_option, now, pass_session
from archiver.cli.subcommands import Subcommands
from archiver.errors import ConfigError
from archiver.model import Channel
from archiver.text.refs import parse_channel
from archiver.text.safe import one_line, truncate


@click.group("channels", cls=Subcommands)
def command() -> None:
    """Add, list and remove the channels that are synced; link names."""


# -1001234567890 is a channel, not an option.
@command.command("add", context_settings={"ignore_unknown_options": True})
@click.argument("channels", metavar="CHANNEL|FILE...", nargs=-1, required=True)
@click.option(
    "--since",
    metavar="DATE",
    help="Older posts are not wanted (2024-02-01, 2024, 90d); default: the whole history.",
)
@click.option(
    "--separate", is_flag=True, help="Take a name over that once led to another synced channel."
)
@db_option
@json_option
@pass_session
def add(session: Session, /, channels: tuple[str, ...], **given: Any) -> int:
    """Have channels synced from now on.

    CHANNEL is @name, t.me/name, t.me/c/1234567890, -1001234567890 or the invite link of a
    channel that this account has joined already (archiver never joins by itself). FILE has one
    channel a line, or is a CSV. A name is asked for once; after that the channel's number is used,
    whatever it is called.
    """
    from archiver.cli.adding import add_all

    return add_all(session, channels, given)


@command.command("list")
@db_option
@json_option
@click.option("--all", "every", is_flag=True, help="Also channels that are only forwarded from.")
@click.option("--synced", is_flag=True, help="Only those that are synced, with how far they are.")
@pass_session
def list_(session: Session, db: str | None, as_json: bool, every: bool, synced: bool) -> None:
    """List the archived channels with the number and the dates of their posts."""
    from archiver.store.status import channels

    with closing(session.read(db)) as connection:
        found = channels(connection, every=every or synced)
    found = [each for each in found if each["synced"] or not synced]
    if not found:
        session.note("archiver: no channel yet; `archiver channels add @name` or `import` a file.")
    elif not as_json:
        output.line(_HEAD)
    for each in found:
        if as_json:
            dates = {name: output.iso(each[name]) for name in ("first", "last", "succeeded")}
            output.record({**each, **dates, "synced": bool(each["synced"])})
        else:
            output.line(_line(each))


# Days, not minutes: a line has to fit into 80 columns. --json has all.
_HEAD = "  No.      posts  first       last        synced      channel"


def _line(found: dict[str, Any]) -> str:
    label = output.channel_label(found["title"], found["username"], found["tg_id"] or found["id"])
    known = "" if found["tg_id"] is not None else "  (known by name)"
    days = [output.day(found[name]) for name in ("first", "last")]
    left = f"{found['id']:>5}  {found['posts']:>9,}  {days[0]:<10}  {days[1]:<10}"
    left += f"  {_synced(found):<10}"
    room = max(12, output.columns() - len(left) - 2 - len(known))
    return f"{left}  {truncate(label, room)}{known}"


def _synced(found: dict[str, Any]) -> str:
    """When it was complete last; why it cannot be, where it cannot."""
    if not found["synced"]:
        return "no"
    if found["state"] != "readable":
        return str(found["state"])
    return output.day(found["succeeded"]) if found["succeeded"] else "not yet"


@command.command("info", context_settings={"ignore_unknown_options": True})
@click.argument("channel")
@db_option
@json_option
@pass_session
def info(session: Session, channel: str, db: str | None, as_json: bool) -> None:
    """Say all that is known of a channel: names, state, how complete its posts are."""
    from archiver.cli.channel_info import show_channel

    show_channel(session, channel, db, as_json)


@command.command("remove", context_settings={"ignore_unknown_options": True})
@click.argument("channels", metavar="CHANNEL...", nargs=-1, required=True)
@db_option
@pass_session
def remove(session: Session, channels: tuple[str, ...], db: str | None) -> None:
    """Stop syncing channels; their posts are kept (`archiver forget` erases them)."""
    with session.write(db) as store:
        for each in store.synced(channels):
            run = store.start_run("channels remove", now())
            store.unsubscribe(each)
            store.finish_run(run, now(), "done", {})
            output.line(one_line(f"{each.label} is not synced any more; its posts are kept."))


@command.command("link", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("real")
@db_option
@pass_session
def link(session: Session, name: str, real: str, db: str | None) -> None:
    """Say that the channel known as NAME is REAL (@name, t.me/name or -100...).

    A channel known only by name, such as a text dump's, becomes the real one; if the archive
    has that one too, the two are joined and nothing is lost. Later imports that say NAME go there.
    """
    target = _channel(real)
    with session.write(db) as store:
        run = store.start_run("channels link", now())
        linked = store.link_channel(name, target, now())
        counts = {"moved": linked.moved, "joined": linked.joined}
        store.finish_run(run, now(), "done", counts)
    if linked.merged:
        output.line(
            f"{name} joined {real}: {output.plural(linked.moved, 'post')} moved,"
            f" {linked.joined:,} were there already. `archiver dedup` groups them anew."
        )
    else:
        output.line(f"{name} is {real} from now on.")


@command.command("similar")
@db_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "gexf", "graphml"]),
    default="text",
    show_default=True,
    help="gexf and graphml are graphs, for Gephi; they need the extra `graph`.",
)
@click.option("--date", metavar="PERIOD", help="Only copies posted then: 2024-09, 7d, A..B.")
@click.option(
    "--fewest", type=click.IntRange(1), default=2, show_default=True, help="Statements of a pair."
)
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True, help="Pairs.")
@pass_session
def similar(
    session: Session, db: str | None, form: str, date: str | None, fewest: int, limit: int
) -> int:
    """Say which channels copy which, how often, and with which median lag.

    A channel's first post of a statement counts, for one channel: that of the archived origin of a
    forward, else of the earliest equal text, else of the text that it was found to be near to.
    Edited since: the source's post was, after the copy, and nothing earlier of it is archived.
    """
    from archiver.cli.channel_pairs import show_similar

    return show_similar(session, db, form, date, fewest, limit)


@command.command("firsts")
@db_option
@json_option
@click.option("--date", metavar="PERIOD", help="Statements first told then: 2024-09, 7d, A..B.")
@click.option(
    "--fewest",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="Statements of a channel.",
)
@click.option(
    "--by",
    type=click.Choice(["first", "share"]),
    default="first",
    show_default=True,
    help="What comes first: the most statements, or the largest share of a channel's.",
)
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True, help="Channels.")
@pass_session
def firsts(
    session: Session,
    db: str | None,
    as_json: bool,
    date: str | None,
    fewest: int,
    by: str,
    limit: int,
) -> int:
    """Say which channels are usually first with what others tell too, and by how much.

    Statements that two archived channels or more tell count, once for each of them. Where the
    first one is a post that is not archived, nobody was first. Who said it in a version that an
    edit replaced by something else said it from the date of that version on.
    """
    from archiver.cli.channel_firsts import show_firsts

    return show_firsts(session, db, date, fewest, limit, by=by, as_json=as_json)


def _channel(text: str) -> Channel:
    """A real channel as a person writes it. Raises ConfigError."""
    ref = parse_channel(text)
    if ref is None or ref.invite:
        raise ConfigError(f"{json.dumps(text)} is no channel; write @name, t.me/name or -100...")
    return Channel(username=ref.username, tg_id=ref.tg_id)
