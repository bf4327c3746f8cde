"""`archiver channels add`: names, links and lists become channels that are synced."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archiver.cli import output
from archiver.cli.live import Line, complain, line, until_signal
from archiver.cli.session import Session, mishap, now
from archiver.cli.sync import date_of
from archiver.errors import (
    INCOMPLETE,
    ArchiverError,
    ChannelUnavailable,
    ConfigError,
    FloodWait,
    InputError,
)
from archiver.text.channel_lists import channels_in
from archiver.text.refs import ChannelRef, parse_channel
from archiver.text.safe import one_line

if TYPE_CHECKING:
    from archiver.model import Sighting
    from archiver.store.store import Store


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one name: added, known, changed (another --since) or failed."""

    ref: ChannelRef
    outcome: str
    label: str = ""
    tg_id: int | None = None
    error: ArchiverError | None = None
    since: int | None = None


def add_all(session: Session, named: tuple[str, ...], given: dict[str, Any]) -> int:
    """Add what is named; the rest goes on when one cannot be had. Returns the exit code."""
    found = [ref for text in named for ref in _refs(session, text)]
    refs = [ref for ref in dict.fromkeys(found) if ref is not None]
    since = date_of(given["since"])
    with session.write_new(given["db"]) as store:
        run = store.start_run("channels add", now())
        stop = asyncio.Event()
        try:
            work = _add(session, store, run, refs, since, given, stop)
            done = until_signal(work, stop)
        except ArchiverError as error:
            store.finish_run(run, now(), "failed", mishap(error))
            raise
        failed = [each for each in done if each.error is not None]
        outcome = "incomplete" if failed or stop.is_set() else "done"
        new = sum(each.outcome in ("added", "again") for each in done)
        counts: dict[str, Any] = {"added": new, "failed": len(failed)}
        if failed:
            counts["error"] = "; ".join(f"{each.ref}: {each.error}" for each in failed[:5])
        store.finish_run(run, now(), outcome, counts)
    if len(done) < len(refs):
        left = output.plural(len(refs) - len(done), "channel")
        complain(session, f"archiver: {left} not asked for yet; run the same command again.")
    return _code(done, len(found))


def _code(done: list[Added], wanted: int) -> int:
    """7 when not everything could be added, a line of a file that names no channel included."""
    errors = [each.error for each in done if each.error is not None]
    if wanted == 1 and errors:
        return errors[0].exit_code
    return INCOMPLETE if errors or len(done) < wanted else 0


def _refs(session: Session, text: str) -> Iterator[ChannelRef | None]:
    """The channels that an argument means: itself, or the lines of a file (None: it has none)."""
    if ref := parse_channel(text):
        yield ref
        return
    file = Path(text)
    if not file.is_file():
        raise ConfigError(
            f"{text!r} names no channel and is no file; write @name, t.me/name, -100... or an"
            " invite link."
        )
    try:
        content = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is no text in UTF-8; write one channel a line.") from error
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error
    found = list(channels_in(content))
    for number, said, ref in found:
        if ref is None:
            session.note(one_line(f"archiver: {file} line {number} names no channel: {said[:80]}"))
        yield ref
    if not any(ref for _, _, ref in found):
        raise InputError(f"{file} names no channel; write one a line, such as @name.")


async def _add(
    session: Session,
    store: Store,
    run: int,
    refs: list[ChannelRef],
    since: int | None,
    given: dict[str, Any],
    stop: asyncio.Event,
) -> list[Added]:
    """Ask for one after the other, and say what came of each at once: names are asked slowly."""
    done: list[Added] = []
    if len(refs) > 3:
        session.note("Names are asked for slowly, one in ten seconds: Telegram punishes haste.")
    async with line(session, store, run, "channels add") as open_line:
        for ref in refs:
            if stop.is_set():
                break
            try:
                done.append(await _one(open_line, ref, since, given["separate"]))
            except (FloodWait, ChannelUnavailable) as error:
                done.append(Added(ref, "failed", error=error))
            _tell(session, done[-1], given["as_json"])
            if isinstance(done[-1].error, FloodWait):
                break
    return done


async def _one(open_line: Line, ref: ChannelRef, since: int | None, separate: bool) -> Added:
    """Add one channel; a name that is synced already is not asked for again."""
    archive = open_line.archive
    known = archive.named(ref)
    if known is not None and known.access_hash is not None and not separate:
        if since is not None and since != known.sync.since:
            archive.want_since(known, since)
            return Added(ref, "changed", known.label, known.tg_id, since=since)
        return Added(ref, "known", known.label, known.tg_id)
    sighting = await open_line.feed.resolve(ref)
    if ref.username and not separate:
        _refuse_another(open_line, ref.username, sighting)
    new = archive.subscribe(sighting, str(ref), since, now())
    channel = sighting.channel
    label = output.channel_label(channel.title, channel.username, channel.tg_id)
    return Added(ref, "added" if new else "known", label, channel.tg_id)


def _refuse_another(open_line: Line, username: str, sighting: Sighting) -> None:
    """A name that led to one channel and leads to another now is no mere renaming."""
    tg_id = sighting.channel.tg_id
    former = open_line.archive.former(username, tg_id or 0)
    if former is not None:
        raise ChannelUnavailable(
            f"@{username} was {former.title or 'a channel'} ({former.tg_id}) when it was added and"
            f" is {sighting.channel.title} ({tg_id}) now; the two are not mixed. To archive the"
            f" new one as a channel of its own: archiver channels add --separate @{username}",
            state="conflict",
        )


def _tell(session: Session, each: Added, as_json: bool) -> None:
    if as_json:
        output.record(
            {"format_version": output.FORMAT_VERSION, "named": str(each.ref),
             "outcome": each.outcome, "tg_id": each.tg_id, "channel": each.label or None,
             "error": str(each.error) if each.error else None}
        )  # fmt: skip
    elif each.error is not None:
        complain(session, one_line(f"archiver: {each.ref}: {each.error}"))
    elif each.outcome == "changed":
        when = output.when(each.since)
        output.line(one_line(f"{each.label} was added before; wanted are posts from {when} on now"))
    elif each.outcome == "known":
        output.line(one_line(f"{each.label} was added before"))
    else:
        output.line(one_line(f"{each.label} is synced from now on ({each.tg_id})"))
