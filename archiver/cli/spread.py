"""The 'spread' command: who had a statement first, who followed, and how long after."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from archiver import picture
from archiver.cli import output
from archiver.cli.references import ReferenceCommand
from archiver.cli.session import Session, db_option, json_option, pass_session
from archiver.errors import NOTHING_FOUND, ConfigError
from archiver.provenance import Likeness, traced
from archiver.spread import Hop, hops
from archiver.store.kin import Member, alone, members
from archiver.store.kin import told as told_of
from archiver.store.look import find_post
from archiver.store.said import of_statement
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
    the origin of its forward, archived or not; else from the earliest post with the equal text;
    else from the earlier one that is most alike. What an edit made say it counts from then on,
    what an edit took away until then.
    """
    if plot is not None and plot.suffix.lower() not in (".png", ".svg"):
        raise ConfigError(f"{plot}: a picture is a .png or an .svg.")
    if plot is not None:
        picture.check()
    with closing(session.read(db)) as connection:
        post = find_post(connection, ref)
        found = _hops(connection, post)
        text = "" if plot is None else _text(connection, post)
    if as_json:
        for hop in found:
            _record(hop)
    else:
        _show(found)
    if len(found) < 2:
        session.note("nobody repeated it.")
        return NOTHING_FOUND
    if plot is not None:
        names = [safe.one_line(_label(hop.member)) + _mark(hop) for hop in found]
        picture.draw(found, names, plot, text)
        session.note(f"(drawn into {plot})")
    return 0


def _text(db: sqlite3.Connection, post: int) -> str:
    words = told_of(db, post)
    return safe.one_line(plain(apply_cuts(words.text, words.cuts)))


def _hops(db: sqlite3.Connection, post: int) -> list[Hop]:
    said = of_statement(db, post)
    once = [alone(db, s.id)._replace(date=s.since) for s in said if s.revision is not None]
    now = members(db, post) or [alone(db, post)._replace(date=said[0].since)]
    return hops(traced(said, Likeness(db)), [*now, *once])


def _mark(hop: Hop) -> str:
    """What a date does not tell of itself."""
    if hop.edited:
        return " (edited)"
    if hop.past:
        return " (edited since)"
    if hop.unsure is not None:
        return " (edited later)"
    return "" if hop.archived else " (not archived)" if not hop.changed else " (edited since)"


def _label(member: Member) -> str:
    return output.channel_label(member.title, member.username, member.tg_id)


def _name(member: Member) -> str | int | None:
    return member.username or member.title or member.tg_id


def _channel(member: Member) -> dict[str, str | int | None]:
    return {
        "channel_title": member.title,
        "channel_username": member.username,
        "channel_id": member.tg_id,
    }


def _url(member: Member) -> str | None:
    return permalink(member.username, member.tg_id, member.message_id)


def _record(hop: Hop) -> None:
    source = hop.source
    output.record(
        {
            "format_version": output.FORMAT_VERSION,
            "post_id": hop.member.id if hop.archived else None,
            "channel": _name(hop.member),
            **_channel(hop.member),
            "date": output.iso(hop.member.date),
            "since_first_seconds": hop.since_first,
            "from_post_id": None if source is None or source.id < 0 else source.id,
            "from_channel": None if source is None else _name(source),
            "lag_seconds": hop.lag,
            "reason": hop.reason,
            "alike": None if hop.alike is None else round(hop.alike, 4),
            "by_earlier_version": hop.version,
            "archived": hop.archived,
            "edited": hop.edited,
            "earlier_version": hop.past,
            "edited_away": output.iso(hop.until),
            "unsure_since_edit": output.iso(hop.unsure),
            "url": _url(hop.member),
        }
    )


def _show(found: Sequence[Hop]) -> None:
    """A line a channel, names equally wide in all; where links have no room beside them, below."""
    labels = [_label(hop.member) for hop in found]
    sources = [_label(hop.source) for hop in found if hop.source is not None]
    most = max(map(safe.width, (*labels, *sources)))
    wide, room = min(_NAME, most), output.room()
    rest = max(_width(hop, 0, _where(hop)) for hop in found)
    beside = rest + 2 * wide <= room
    if not beside:
        rest = max(_width(hop, 0, "") for hop in found)
        wide = min(wide, max(_FEWEST, (room - rest) // 2))
    for hop in found:
        told, where = _told(hop, wide), _where(hop)
        if beside:
            output.line(f"{told}  {where}".rstrip())
            continue
        output.wrapped(told, 19)
        if where:
            output.line(f"{'':<19}{where}")


def _where(hop: Hop) -> str:
    return _url(hop.member) or (f"#{hop.member.id}" if hop.archived else "")


def _width(hop: Hop, columns: int, where: str) -> int:
    """Columns of a line; notes below a narrow one may wrap, and do not make names narrower."""
    return safe.width(_told(hop, columns, brief=not where)) + (2 + len(where) if where else 0)


def _told(hop: Hop, columns: int, *, brief: bool = False) -> str:
    """When, who, after whom and why; names have so many columns."""
    name = safe.truncate(_label(hop.member), columns) if columns else ""
    pad = " " * max(0, columns - safe.width(name))
    source = "" if hop.source is None or not columns else _label(hop.source)
    told = f"{_after(hop)}{safe.truncate(source, columns) if source else ''}"
    why = "" if brief else ", ".join(filter(None, [_why(hop), *_notes(hop)]))
    told = f"{told}{f' ({why})' if why else ''}"
    return f"{output.when(hop.member.date):<17}  {name}{pad}  {told}".rstrip()


def _after(hop: Hop) -> str:
    """How long after its source, a column of 10 for all; nobody knows it of what is undated."""
    if hop.source is None:
        return "first"
    if hop.lag == 0:
        return "   at once with "
    if hop.lag is None:  # one of both is undated
        return "  undated, from "
    return f"{output.lag(hop.lag):>10} after "


_REASONS = {
    "forward": "forward",
    "same-text": "same text",
    "verdict": "a person said so",
    None: "nothing but later",
}


def _why(hop: Hop) -> str:
    if hop.source is None:
        return ""
    if hop.reason == "near" and hop.alike is not None:
        return f"{hop.alike:.0%} alike"
    if hop.version:
        return "same text in an earlier version"
    return _REASONS.get(hop.reason, str(hop.reason))


def _notes(hop: Hop) -> list[str]:
    notes = ["said so by an edit"] if hop.edited else []
    if hop.unsure is not None:
        notes.append(f"edited {output.when(hop.unsure)}; what it said before is not archived")
    if hop.past:
        until = "" if hop.until is None else f" {output.when(hop.until)}"
        notes.append(f"an earlier version, edited away{until}")
    if hop.apart:
        notes.append("by the forward's header; a person set one of them apart")
    elif hop.changed:
        notes.append("by the forward's header; another statement stands there now")
    elif not hop.archived:
        notes.append("not archived, by the forward's header")
    return notes
