"""What a person sees while channels are synced: bars on a terminal, one line a channel in a log."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from archiver.cli import output
from archiver.cli.session import log_note, say_beside
from archiver.text import safe

if TYPE_CHECKING:
    from archiver.sync.channel import ChannelSync
    from archiver.sync.run import ChannelResult

# So many channels have a bar at a time; a screen of 24 lines has room left for the prompt.
MOST = 10
# A quiet channel is done after a page or two: a bar for it would only flicker.
PATIENCE_PAGES = 3
NAME_WIDTH = 28


class Bars:
    """A bar for the run and for each channel that takes long; in a log a line for each channel."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._terminal = sys.stderr.isatty() and not quiet
        self._progress: Any = None
        self._all: Any = None
        self._tasks: dict[int, Any] = {}
        self._started = time.monotonic()

    def __enter__(self) -> Bars:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def began(self, channels: int) -> None:
        """The run knows its channels."""
        if self._terminal and channels:
            self._start(channels)

    def paged(self, channel: ChannelSync) -> None:
        """One more page of a channel is saved."""
        if self._progress is None:
            return
        key = channel.subscription.channel_id
        if key not in self._tasks:
            if channel.pages < PATIENCE_PAGES or len(self._tasks) >= MOST:
                return
            name = safe.truncate(safe.one_line(channel.subscription.label), NAME_WIDTH)
            self._tasks[key] = self._progress.add_task(name, total=None, count="")
        total = channel.state.server_count or 0
        have = channel.subscription.coverage.size
        whole = have + channel.open_ids
        self._progress.update(
            self._tasks[key],
            total=whole or None,
            completed=have,
            count=f"{channel.tally.new:,} new" + (f" of {total:,}" if total else ""),
        )

    def ended(self, result: ChannelResult) -> None:
        """A channel is done, one way or the other."""
        from archiver.sync.run import Outcome

        if self._progress is not None:
            task = self._tasks.pop(result.subscription.channel_id, None)
            if task is not None:
                self._progress.remove_task(task)
            self._progress.advance(self._all)
            if result.outcome is not Outcome.DONE or _happened(result):
                self._progress.console.print(log_line(result), markup=False, highlight=False)
        elif not self._quiet:
            say_beside(log_line(result))
        log_note(log_line(result))

    def _start(self, channels: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}", markup=False), BarColumn(),
            TextColumn("{task.fields[count]}"), TimeRemainingColumn(),
        )  # fmt: skip
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._progress.start()
        name = "Channels"
        self._all = self._progress.add_task(name, total=channels, count="")


def _happened(result: ChannelResult) -> bool:
    tally = result.tally
    return bool(tally.new or tally.revisions or tally.deleted or tally.restored)


def log_line(result: ChannelResult) -> str:
    """One channel in a log: its outcome, what is new, why it is not complete."""
    tally = result.tally
    told = {"new": tally.new, "edited": tally.revisions, "deleted": tally.deleted,
            "back": tally.restored}  # fmt: skip
    parts = [f"{count:,} {name}" for name, count in told.items() if count] or ["nothing new"]
    if result.open_ids:
        parts.append(f"{result.open_ids:,} message numbers open")
    said = f"; {result.error}" if result.error else ""
    pages = output.plural(result.pages, "page")
    text = f"{result.subscription.label}: {', '.join(parts)} ({pages}){said}"
    return f"{result.outcome!s:<11}  {safe.one_line(text)}"
