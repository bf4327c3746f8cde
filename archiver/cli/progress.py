"""Progress of long work on standard error: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import logging
import sys
import time
from types import TracebackType
from typing import Any

log = logging.getLogger(__name__)

# Work shorter than this shows nothing: rich takes 60 ms to import and a flash helps nobody.
PATIENCE = 1.0
LOG_EVERY = 30.0

_STEPS = {
    "learn": "Learning footers", "key": "Collapsing", "join": "Grouping",
    "place": "Indexing groups",
    "tell": "Fingerprints", "pair": "Candidates", "compare": "Comparing",
}  # fmt: skip


class Bar:
    """Counts bytes (or things) done of a total and says how many `unit` that were."""

    def __init__(self, what: str, total: int, unit: str, *, quiet: bool = False) -> None:
        self._what, self._total, self._unit = what, total, unit
        self._quiet = quiet
        self._done = 0
        self._started = self._logged = time.monotonic()
        self._progress: Any = None
        self._task: Any = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def advance_to(self, what: str, done: int, total: int) -> None:
        """Work in steps: `done` of `total` in the step `what`."""
        if what != self._what:
            self._what, self._done = what, 0
        self._total = total
        if self._progress is not None:
            self._progress.update(
                self._task, total=total or None, description=_STEPS.get(what, what)
            )
        self.advance(done - self._done, done)

    def advance(self, by: int, count: int) -> None:
        """`by` more of the total is done, and `count` units altogether."""
        self._done += by
        if self._quiet:
            return
        passed = time.monotonic() - self._started
        if sys.stderr.isatty():
            self._draw(passed, count)
        elif time.monotonic() - self._logged > LOG_EVERY:
            self._logged = time.monotonic()
            log.warning("%s: %s %s so far", self._what, f"{count:,}", self._unit)

    def more(self, by: int) -> None:
        """`by` more of the total is done, where the total is counted in units."""
        self.advance(by, self._done + by)

    def _draw(self, passed: float, count: int) -> None:
        if self._progress is None:
            if passed < PATIENCE:
                return
            self._start()
        self._progress.update(self._task, completed=self._done, count=f"{count:,} {self._unit}")

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]}"),
            TimeRemainingColumn(),
        )  # fmt: skip
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._progress.start()
        name = _STEPS.get(self._what, self._what)
        self._task = self._progress.add_task(name, total=self._total or None, count="")
