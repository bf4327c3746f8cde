"""The 'sync' command: new posts, edits and deletions of the channels that were added."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

import click

from archiver.cli import output
from archiver.cli.dedup import dedup_lines, deduplicate
from archiver.cli.live import complain, if_locked_option, line, skipping, until_signal
from archiver.cli.session import (
    Session,
    bulk_work,
    db_option,
    json_option,
    mishap,
    now,
    pass_session,
)
from archiver.errors import (
    INCOMPLETE,
    ArchiverError,
    ChannelUnavailable,
    ConfigError,
    LoginRequired,
    TryAgainLater,
)
from archiver.text.safe import one_line

if TYPE_CHECKING:
    from archiver.dedup import Deduped
    from archiver.store.store import Store
    from archiver.sync.plan import Rules
    from archiver.sync.preview import Preview
    from archiver.sync.run import ChannelResult, Synced


_TROUBLE = ("failed", "partial", "unavailable")


@dataclass(frozen=True, slots=True)
class Night:
    """What a run came to, for the summary."""

    synced: Synced
    deduped: Deduped | None


@click.command("sync", context_settings={"ignore_unknown_options": True})
@click.argument("channels", metavar="[CHANNEL]...", nargs=-1)
@click.option(
    "--since",
    metavar="DATE",
    help="Older posts are not wanted (2024-02-01, 2024, 90d); remembered for these channels.",
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="At most N pages a channel.")
@click.option("--pages", type=click.IntRange(1), metavar="N", help="At most N pages in all.")
@click.option(
    "--seconds", type=click.IntRange(1), metavar="N", help="Begin no page after N seconds."
)
@click.option(
    "--full-sweep", is_flag=True, help="Read every covered page again, for edits and deletions."
)
@click.option("--takeout", is_flag=True, help="Ask for an export session: kinder limits, once.")
@click.option("--dry-run", is_flag=True, help="Only say what would be read; nothing is saved.")
@click.option("--no-dedup", is_flag=True, help="Leave collapsing and grouping to a later run.")
@if_locked_option
@db_option
@json_option
@pass_session
def command(
    session: Session, /, channels: tuple[str, ...], db: str | None, as_json: bool, **given: Any
) -> int:
    """Fetch new posts, edits and deletions of the added channels.

    Without CHANNEL all of them take turns, newest posts first; what a run does not reach is read
    by the next. It can be stopped or killed at any time. `archiver login` comes before it, once,
    and `archiver channels add`.
    """
    with skipping(session, given["if_locked"]):
        return _command(session, channels, db, as_json, given)


def _command(
    session: Session, channels: tuple[str, ...], db: str | None, as_json: bool, given: Any
) -> int:
    rules, since = rules_of(session, given), date_of(given["since"])
    with bulk_work(), session.write(db) as store:
        if given["dry_run"]:
            return _dry(session, store, channels, as_json)
        run = store.start_run("sync", now())
        try:
            night = run_sync(
                session, store, run, channels, rules, since,
                takeout=given["takeout"], no_dedup=given["no_dedup"],
            )  # fmt: skip
        except ArchiverError as error:
            store.finish_run(run, now(), "failed", mishap(error))
            raise
        outcome = "done" if night.synced.complete and not night.synced.stopped else "incomplete"
        store.finish_run(run, now(), outcome, counts_of(night.synced))
    if as_json:
        output.record({"format_version": output.FORMAT_VERSION, **record_of(night)})
    else:
        say(session, night)
    return exit_code(night.synced)


def rules_of(session: Session, given: Any) -> Rules:
    """How much is read, from the settings and the flags."""
    from archiver.sync.plan import Rules

    settings = session.config.sync
    return Rules(
        overlap_days=settings.overlap_days,
        sweep_days=settings.sweep_days,
        full_sweep=given["full_sweep"],
        channel_pages=given["limit"] or 0,
        run_pages=given["pages"] or settings.pages_per_run,
        run_seconds=given["seconds"] or settings.seconds_per_run,
    )


def date_of(text: str | None) -> int | None:
    """The Unix second at which a date begins: 2024, 2024-02-01, 30d. Raises ConfigError."""
    if text is None:
        return None
    from archiver.text.dates import interval

    try:
        found = interval(text, now(), UTC)[0]
    except ValueError as error:
        raise ConfigError(f"--since: {error}.") from error
    if found is not None and found > now():
        raise ConfigError(f"--since {text}: nothing would be wanted before {output.when(found)}.")
    return found


def run_sync(
    session: Session,
    store: Store,
    run: int,
    channels: tuple[str, ...],
    rules: Rules,
    since: int | None,
    *,
    takeout: bool = False,
    no_dedup: bool = False,
) -> Night:
    """Sync and then collapse what is new; `nightly` does the same."""
    stop = asyncio.Event()
    work = _sync(session, store, run, channels, rules, since, stop, takeout)
    synced = until_signal(work, stop)
    deduped = None
    if not (no_dedup or synced.stopped):
        deduped = deduplicate(session, store, run)
    return Night(synced, deduped)


async def _sync(
    session: Session,
    store: Store,
    run: int,
    channels: tuple[str, ...],
    rules: Rules,
    since: int | None,
    stop: asyncio.Event,
    takeout: bool,
) -> Synced:
    from archiver.cli.syncbars import Bars
    from archiver.sources.telegram.takeout import takeout as export_session
    from archiver.sync.run import Hooks, sync

    wanted = store.synced(channels)
    async with AsyncExitStack() as stack:
        open_line = await stack.enter_async_context(line(session, store, run, "sync"))
        if takeout:
            await stack.enter_async_context(export_session(open_line.gateway))
        for each in wanted:
            if since is not None:
                open_line.archive.want_since(each, since)
        subscriptions = open_line.archive.subscriptions([each.channel_id for each in wanted])
        bars = stack.enter_context(Bars(session.quiet))
        hooks = Hooks(now, time.monotonic, stop, bars.began, bars.paged, bars.ended)
        return await sync(open_line.feed, open_line.archive, subscriptions, rules, hooks)


def _dry(session: Session, store: Store, channels: tuple[str, ...], as_json: bool) -> int:
    stop = asyncio.Event()
    found = until_signal(_preview(session, store, channels), stop)
    for each in found:
        if as_json:
            output.record(
                {"format_version": output.FORMAT_VERSION, "tg_id": each.subscription.tg_id,
                 "channel": each.subscription.username, "open_ids": each.open_ids,
                 "pages_at_most": each.pages, "server_count": each.server_count,
                 "error": each.error or None}
            )  # fmt: skip
        else:
            output.line(one_line(f"{each.subscription.label}: {_would(each)}"))
    return INCOMPLETE if any(each.error for each in found) else 0


async def _preview(session: Session, store: Store, channels: tuple[str, ...]) -> list[Preview]:
    from archiver.sync.preview import preview

    wanted = store.synced(channels)
    async with line(session, store, 0, "sync --dry-run") as open_line:
        keys = [each.channel_id for each in wanted]
        return await preview(open_line.feed, open_line.archive.subscriptions(keys))


def _would(each: Preview) -> str:
    if each.error:
        return each.error
    if not each.open_ids:
        return "nothing is missing; edits and deletions would be looked for"
    return (
        f"{each.open_ids:,} message numbers are not covered; at most"
        f" {output.plural(each.pages, 'page')} of 100 posts would be read"
    )


def exit_code(synced: Synced) -> int:
    """The documented code of a run."""
    from archiver.sync.run import Outcome

    if synced.fatal is not None:
        nothing = not any(each.pages for each in synced.channels)
        login = isinstance(synced.fatal, LoginRequired)
        return synced.fatal.exit_code if login or nothing else INCOMPLETE
    if synced.stopped:
        return INCOMPLETE
    if synced.complete:
        return 0
    outcomes = {each.outcome for each in synced.channels}
    if len(synced.channels) == 1 and outcomes == {Outcome.UNAVAILABLE}:
        return ChannelUnavailable.exit_code
    waiting = outcomes <= {Outcome.PARTIAL, Outcome.FAILED}
    if waiting and not any(each.pages for each in synced.channels):
        return TryAgainLater.exit_code
    return INCOMPLETE


def counts_of(synced: Synced) -> dict[str, int]:
    """What a run did, in numbers, as its row keeps it."""
    tally = synced.tally
    return {
        "new": tally.new,
        "edited": tally.revisions,
        "deleted": tally.deleted,
        "restored": tally.restored,
        "recounted": tally.changed - tally.revisions,
        "channels": len(synced.channels),
        "pages": sum(each.pages for each in synced.channels),
        "failed": sum(each.outcome in _TROUBLE for each in synced.channels),
    }


def record_of(night: Night) -> dict[str, Any]:
    """The run for programs."""
    synced = night.synced
    return {
        **counts_of(synced),
        "stopped": synced.stopped,
        "error": str(synced.fatal) if synced.fatal else None,
        "results": [_channel_record(each) for each in synced.channels],
        "dedup": asdict(night.deduped) if night.deduped else None,
    }


def _channel_record(each: ChannelResult) -> dict[str, Any]:
    tally, found = each.tally, each.subscription
    return {
        "tg_id": found.tg_id, "username": found.username, "title": found.title,
        "outcome": str(each.outcome), "error": each.error or None,
        "new": tally.new, "edited": tally.revisions, "deleted": tally.deleted,
        "restored": tally.restored, "pages": each.pages, "open_ids": each.open_ids,
        "server_count": found.sync.server_count,
    }  # fmt: skip


def say(session: Session, night: Night) -> None:
    """The summary for people: results on standard output, troubles on standard error."""
    for text in lines(night.synced):
        output.line(text)
    for text in troubles(night.synced):
        complain(session, text)
    for text in dedup_lines(night.deduped) if night.deduped else ():
        output.line(text)


def lines(synced: Synced) -> Iterator[str]:
    """What is new, and what is left."""
    counts = counts_of(synced)
    told = {"new": counts["new"], "edited": counts["edited"], "deleted": counts["deleted"],
            "back again": counts["restored"]}  # fmt: skip
    parts = [f"{count:,} {name}" for name, count in told.items() if count] or ["nothing new"]
    channels = output.plural(len(synced.channels), "channel")
    yield f"Synced {channels}: {', '.join(parts)} ({output.plural(counts['pages'], 'page')})"
    left = [each for each in synced.channels if each.outcome in ("paused", "stopped")]
    if left:
        ids = sum(each.open_ids for each in left)
        more = f", {ids:,} message numbers still to be read" if ids else ""
        yield f"  {output.plural(len(left), 'channel')} not at the end yet{more}"


def troubles(synced: Synced) -> Iterator[str]:
    """What went wrong, and what to do."""
    for each in synced.channels:
        ended = synced.fatal is not None and each.outcome == "failed"  # said once, below
        if each.error and each.outcome not in ("paused", "stopped") and not ended:
            yield one_line(f"archiver: {each.outcome}: {_with_label(each)}")
    if synced.fatal is not None:
        yield one_line(f"archiver: {synced.fatal}")
    if synced.stopped:
        yield "archiver: stopped by a signal; the same command goes on where it ended."


def _with_label(each: ChannelResult) -> str:
    label = each.subscription.label
    return each.error if label in each.error else f"{label}: {each.error}"
