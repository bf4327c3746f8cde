"""The 'show' command: a post with its text, its copies in order of time, and its versions."""

from __future__ import annotations

import sqlite3
import sys
from datetime import UTC, tzinfo
from typing import Any

import click

from archiver import config
from archiver.cli import first_lines, kin_lines, output, related_lines
from archiver.cli.references import ReferenceCommand
from archiver.cli.session import Session, db_option, json_option, pass_session
from archiver.errors import ConfigError
from archiver.model import Source
from archiver.store.look import (
    Counted,
    Stored,
    Wording,
    archived,
    counted,
    find_post,
    load,
    versions,
)
from archiver.store.rows import load as load_json
from archiver.text import safe
from archiver.text.cuts import apply_cuts
from archiver.text.refs import permalink
from archiver.text.told import counters, evidence


@click.command("show", cls=ReferenceCommand)
@click.argument("ref")
@db_option
@json_option
@click.option("--raw", is_flag=True, help="Only the text, byte for byte as it was sent.")
@click.option("--diff", is_flag=True, help="How each copy differs from the one that is shown.")
@click.option("--tz", metavar="ZONE", help="Show dates in this zone, such as Europe/Kyiv.")
@pass_session
def command(
    session: Session,
    ref: str,
    db: str | None,
    as_json: bool,
    raw: bool,
    diff: bool,
    tz: str | None,
) -> None:
    """Show a post, its copies and its versions.

    REF is a permalink (https://t.me/name/123), @name/123, or the number after # in a search.
    A body repeated inside the post is hidden; --raw gives the whole text back.
    """
    from archiver.store.first import of_post
    from archiver.store.kin import members, related, told_before
    from archiver.store.since import since_edit
    from archiver.store.verdicts import apart

    if raw and (as_json or diff):
        other = "--json" if as_json else "--diff"
        raise ConfigError(f"--raw gives the bytes of the text alone; leave out it or {other}.")
    with session.read(db) as connection:
        post = load(connection, find_post(connection, ref))
        if raw:
            _raw(session, post)
            return
        kin = members(connection, post.id)
        wordings = versions(connection, post.id)
        counts = counted(connection, post.id)
        since = archived(connection, post.id)
        said = since_edit(connection, [post.id]).get(post.id)
        first = of_post(connection, post.id, kin[0].date if kin else said or post.post.date)
        elsewhere = told_before(connection, post.id) if wordings else {}
        links, alone = related(connection, post.id), apart(connection, post.id)
        changes = _diffs(connection, kin) if diff else {}
    if as_json:
        told = _values(post, kin, wordings, counts, links, changes, elsewhere)
        output.record(
            {
                **told,
                "archived": output.iso(since),
                "said_since": output.iso(said),
                "first_said_before": first_lines.record(first),
                "set_apart": related_lines.by(alone),
            }
        )
    else:
        zone = config.zone(tz or session.config.search.timezone)
        _show(post, since, zone, said)
        _show_counts(counts, zone)
        related_lines.show_apart(alone)
        kin_lines.show(post.id, kin, zone, changes)
        first_lines.show(first, zone)
        related_lines.show(links, zone)
        _show_versions(post, wordings, since, zone, elsewhere)


def _raw(session: Session, post: Stored) -> None:
    if sys.stdout.isatty():
        output.line(safe.block(post.post.text))
        session.note("(made safe for the terminal; send --raw into a file or a pipe for the bytes)")
    else:
        output.raw(post.post.text.encode())


_SOURCES = {
    Source.LIVE: "from Telegram itself",
    Source.EXPORT: "from an export",
    Source.HTML: "from an export in HTML",
    Source.PREVIEW: "from a page of t.me/s",
}
# More observations than this would fill the screen; --json has all.
_COUNTS_SHOWN = 6


def _show(found: Stored, since: int, zone: tzinfo, said: int | None) -> None:
    post = found.post
    output.line(f"{output.channel_label(found.title, found.username, found.tg_id)}  #{found.id}")
    where = permalink(found.username, found.tg_id, post.message_id)
    output.line("  ".join(filter(None, [output.when(post.date, zone), where])))
    output.line(f"archived {output.when(since, zone)} ({_how(found)})")
    for told in _facts(found, zone, said):
        output.line(told)
    text = apply_cuts(post.text, found.cuts)
    output.line()
    output.line(safe.block(text) if text else f"({_wordless(found)})")
    if found.cuts:
        hidden = len(post.text) - len(text)
        output.line()
        output.line(f"({hidden:,} characters that repeat it are hidden; --raw shows all)")


def _how(found: Stored) -> str:
    """How the post as it stands now reached the archive."""
    if found.post.source is Source.TEXT:  # dumps have neither dates nor numbers, tables may
        dated = found.post.date is not None or found.post.message_id > 0
        return "from a table of posts" if dated else "from a text file"
    return _SOURCES[found.post.source]


def _wordless(found: Stored) -> str:
    kind = found.post.kind.name.lower()
    if kind == "message":
        return f"{safe.one_line(found.post.media_kind or 'no')} without words"
    action = (found.post.details or {}).get("action")
    return f"{kind} message" + (f": {safe.one_line(str(action))}" if action else "")


def _facts(found: Stored, zone: tzinfo, said: int | None) -> list[str]:
    post, told = found.post, []
    if post.forward:
        name = post.forward.name or post.forward.username or post.forward.peer_id or "a hidden name"
        author = f", signed {post.forward.author}" if post.forward.author else ""
        date = f" of {output.when(post.forward.date, zone)}" if post.forward.date else ""
        told.append(safe.one_line(f"forwarded from {name}{author}{date}"))
    if post.edited:
        since = "" if said is None else f"; it says so since {output.when(said, zone)}"
        told.append(f"edited {output.when(post.edited, zone)}{since}")
    if found.deleted_at:
        known = evidence(found.deleted_evidence)
        how = f" ({known})" if known else ""
        told.append(f"deleted, noticed {output.when(found.deleted_at, zone)}{how}")
    if post.media_kind and post.text:
        told.append(f"with {safe.one_line(post.media_kind)} (described, not downloaded)")
    if counts := counters(post.views, post.forwards, post.replies):
        told.append(", ".join(counts))
    return told


def _show_counts(counts: list[Counted], zone: tzinfo) -> None:
    """Views over time, on one line; the others in --json."""
    seen = [each for each in counts if each.views is not None]
    if len(seen) < 2:
        return
    some = seen if len(seen) <= _COUNTS_SHOWN else [seen[0], *seen[1 - _COUNTS_SHOWN :]]
    told = [f"{each.views:,} ({output.when(each.seen, zone)})" for each in some]
    output.line(f"views: {' → '.join(told)}")


def _diffs(db: sqlite3.Connection, kin: list[Any]) -> dict[int, str]:
    """Of each copy, the words that the shown post has not, and the other way round."""
    from archiver.why import word_diff

    shown = next((each.id for each in kin if each.canonical), None)
    if shown is None:
        return {}
    return {each.id: word_diff(db, shown, each.id) for each in kin if each.id != shown}


def _show_versions(
    found: Stored, wordings: list[Wording], since: int, zone: tzinfo, elsewhere: dict[int, int]
) -> None:
    """Live versions stood here from the one before them until the next one was noticed."""
    for number, each in enumerate(wordings, 1):
        source = Source(each.source).name.lower()
        edited = f", edited {output.when(each.edited, zone)}" if each.edited else ""
        until = output.when(each.seen, zone)
        stood = f"read {until}"
        if each.source == Source.LIVE:
            stood = f"archived {output.when(since, zone)}, replaced {until}"
            since = each.seen
        output.line()
        output.line(f"Version {number} ({source}{edited}, {stood}):")
        if each.id in elsewhere:
            output.line(f"(another statement: that of #{elsewhere[each.id]})")
        if each.text == found.post.text:
            media = safe.one_line(each.media_kind or "no media")
            output.line(f"(the same words; other formatting or attachment: {media})")
        else:
            output.line(safe.block(each.text))


def _channel(place: Any) -> dict[str, Any]:
    """A channel by the keys of our JSONL, wherever one is named."""
    return {
        "channel_title": place.title,
        "channel_username": place.username,
        "channel_id": place.tg_id,
    }


def _values(
    found: Stored,
    kin: list[Any],
    wordings: list[Wording],
    counts: list[Counted],
    links: list[Any],
    changes: dict[int, str],
    elsewhere: dict[int, int],
) -> dict[str, Any]:
    from archiver.export import record_of

    return {
        "format_version": output.FORMAT_VERSION,
        "post_id": found.id,
        **record_of(found),
        **_channel(found),
        "copies": [
            {
                "post_id": each.id,
                "channel": each.username or each.title,
                **_channel(each),
                "message_id": each.message_id,
                "date": output.iso(each.date, UTC),
                "lag_seconds": each.lag,
                "deleted": output.iso(each.deleted_at, UTC),
                "said_by_edit": each.said_by_edit,
                "unsure_since_edit": output.iso(each.unsure, UTC),
                "by_earlier_version": each.versions,
                "canonical": each.canonical,
                "reason": each.reason,
                "score": each.score,
                "via": each.via,
                "url": permalink(each.username, each.tg_id, each.message_id),
                **({"diff": changes[each.id]} if each.id in changes else {}),
            }
            for each in kin
        ],
        "related": [
            {"post_id": each.id, **_channel(each), "relation": each.relation, "score": each.score,
             "date": output.iso(each.date, UTC), "snippet": related_lines.snippet(each),
             "url": permalink(each.username, each.tg_id, each.message_id)}
            for each in links
        ],
        "versions": [
            {"text": v.text, "edited": output.iso(v.edited), "seen": output.iso(v.seen),
             "source": Source(v.source).name.lower(), "media_kind": v.media_kind,
             "media": load_json(v.media), "entities": load_json(v.entities),
             "told_statement_of": elsewhere.get(v.id)}
            for v in wordings
        ],
        "deleted_evidence": found.deleted_evidence,
        "counted": [
            {"seen": output.iso(c.seen), "views": c.views, "forwards": c.forwards,
             "replies": c.replies, "reactions": c.reactions}
            for c in counts
        ],
    }  # fmt: skip
