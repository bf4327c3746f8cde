"""The 'spread' command: who had a statement first, who followed, and how long after."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from archiver import picture
from archiver.cli import output
from archiver.cli.references import ReferenceCommand
from archiver.cli.session import Session, db_option, json_option, pass_session
from archiver.errors import NOTHING_FOUND, ConfigError
from archiver.spread import Hop, hops
from archiver.store.kin import Member, members
from archiver.store.kin import told as told_of
from archiver.store.look import find_post
from archiver.text import safe
from archiver.text.cuts import apply_cuts
from archiver.text.refs import permalink
from archiver.text.told import plain

_NAME = 34  # columns
_FEWEST = 8  # columns of a name on the narrowest terminal


@click.command("spread", cls=ReferenceCommand)
@click.argument("ref")
@db_option
@json_option
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also draw it into FILE (.png or .svg), the first 150 channels; needs the extra `plot`.",
)
@pass_session
def command(session: Session, ref: str, db: str | None, as_json: bool, plot: Path | None) -> int:
    """Say who had a statement first, who followed, and how long after.

    One line a channel, at its first post of the statement that REF belongs to. A post has it from
    the one it was matched with: the origin of a forward, else the text that it resembles most.
    """
    if plot is not None and plot.suffix.lower() not in (".png", ".svg"):
        raise ConfigError(f"{plot}: a picture is a .png or an .svg.")
    if plot is not None:
        picture.check()
    with closing(session.read(db)) as connection:
        post = find_post(connection, ref)
        found = hops(members(connection, post))
        words = told_of(connection, post)
    if not found:
        session.note("nobody repeated it.")
        return NOTHING_FOUND
    for hop in found:
        if as_json:
            _record(hop)
        else:
            _show(hop)
    if plot is not None:
        text = safe.one_line(plain(apply_cuts(words.text, words.cuts)))
        picture.draw(found, [safe.one_line(_label(hop.member)) for hop in found], plot, text)
        session.note(f"(drawn into {plot})")
    return 0


def _label(member: Member) -> str:
    return output.channel_label(member.title, member.username, member.tg_id)


def _url(member: Member) -> str | None:
    return permalink(member.username, member.tg_id, member.message_id)


def _record(hop: Hop) -> None:
    source = hop.source
    output.record(
        {
            "format_version": output.FORMAT_VERSION,
            "post_id": hop.member.id,
            "channel": hop.member.username or hop.member.title,
            "date": output.iso(hop.member.date),
            "since_first_seconds": hop.since_first,
            "from_post_id": None if source is None else source.id,
            "from_channel": None if source is None else source.username or source.title,
            "lag_seconds": hop.lag,
            "reason": hop.member.reason,
            "score": hop.member.score,
            "url": _url(hop.member),
        }
    )


def _show(hop: Hop) -> None:
    """A line; where the terminal is too narrow the link has one of its own."""
    where = _url(hop.member) or f"#{hop.member.id}"
    told, room = _told(hop, _NAME), output.room()
    if safe.width(told) + 2 + len(where) <= room:
        output.line(f"{told}  {where}")
        return
    names = 1 if hop.source is None else 2
    fixed = safe.width(_told(hop, 0))
    output.line(_told(hop, min(_NAME, max(_FEWEST, (room - fixed) // names))))
    output.line(f"{'':<19}{where}")


def _told(hop: Hop, columns: int) -> str:
    """When, who, and after whom; names have so many columns."""
    name = safe.truncate(_label(hop.member), columns)
    pad = " " * max(0, columns - safe.width(name))
    told = "first"
    if hop.source is not None:
        told = f"{output.lag(hop.lag):>10} after {safe.truncate(_label(hop.source), columns)}"
    return f"{output.when(hop.member.date):<17}  {name}{pad}  {told}"
