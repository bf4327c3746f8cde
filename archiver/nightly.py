"""What a night comes to: the outcome of its steps, one exit code. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from archiver.errors import INCOMPLETE, ArchiverError, Locked

# The worst first: what a person must see before anything else.
ORDER = (70, 6, 3, 2, 9, 7, 4, 5, 8)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a night: its exit code (0: done), what to say of it, what programs are told.

    `said` are results, `notes` are troubles.
    """

    name: str
    code: int = 0
    said: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    error: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """done, incomplete or failed."""
        return {0: "done", INCOMPLETE: "incomplete"}.get(self.code, "failed")


@dataclass(frozen=True, slots=True)
class Done:
    """What a step returns when it came to an end."""

    code: int = 0
    said: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)


def step(name: str, work: Callable[[], Done]) -> Step:
    """Do one step; what goes wrong in it is its outcome, and the next one is done all the same.

    Raises Locked: then another run does the work.
    """
    try:
        done = work()
    except Locked:
        raise
    except ArchiverError as error:
        return Step(name, error.exit_code, error=str(error))
    return Step(name, done.code, done.said, done.notes, record=done.record)


def worst(steps: Iterable[Step]) -> int:
    """The exit code of a night: the first of the order that any of its steps has.

    >>> worst([Step("sync", 5), Step("backup", 6), Step("dedup")])
    6
    """
    codes = {each.code for each in steps}
    return next((code for code in ORDER if code in codes), 0)


def overall(steps: Iterable[Step]) -> str:
    """The outcome of a night: that of its worst step.

    >>> overall([Step("sync", 7), Step("dedup")])
    'incomplete'
    """
    outcomes = {each.outcome for each in steps}
    return next((each for each in ("failed", "incomplete") if each in outcomes), "done")
