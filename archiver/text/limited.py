"""Gives up a regular expression that does not come to an end on a text.

`(.*a){25}b` would take years on one line. A timer of the processor's time ticks every second, and
Python's `re` looks for signals while it matches: an expression that is still at the text of the
tick before is given up. It costs 0.2 us a text; the timer stops itself where nothing is asked.
Where there is no such timer (Windows, other threads) there is no limit.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import TypeVar

from archiver.errors import QueryError

T = TypeVar("T")

TICK = 1.0  # seconds; what takes one to two of them is given up. Most texts take 10 us.


class _TooLongError(Exception):
    pass


class _Clock:
    """What the ticks see: how many texts were begun, and whether one is under way."""

    begun = 0
    seen = 0
    inside = False
    ticking = False

    def start(self) -> None:
        self.ticking, self.seen = True, -1
        if hasattr(signal, "setitimer"):
            try:
                signal.signal(signal.SIGVTALRM, self._tick)
            except ValueError:  # not in the main thread
                return
            signal.setitimer(signal.ITIMER_VIRTUAL, TICK, TICK)

    def _tick(self, _number: int, _frame: object) -> None:
        if self.begun == self.seen:
            if self.inside:
                raise _TooLongError
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            self.ticking = False
        self.seen = self.begun


_clock = _Clock()
_raised: list[BaseException] = []


def limited(pattern: str, find: Callable[[str], T]) -> Callable[[str], T]:
    """The same function of a text, which looks for `pattern`, or raises QueryError."""
    clock = _clock

    def looking(text: str) -> T:
        clock.begun += 1
        if not clock.ticking:
            clock.start()
        clock.inside = True
        try:
            return find(text)
        except _TooLongError:
            raise QueryError(
                f"the regular expression /{pattern}/ takes more than a second on a single post;"
                " write it without a repetition inside a repetition, such as (.*a)+ or (a+)*."
            ) from None
        finally:
            clock.inside = False

    return looking


def kept(function: Callable[[str], T]) -> Callable[[str], T]:
    """The same function, of which SQLite, calling it, tells only that it raised something."""

    def keeping(text: str) -> T:
        try:
            return function(text)
        except BaseException as error:
            _raised.append(error)
            raise

    return keeping


def raised() -> BaseException | None:
    """What the last function of `kept` raised that SQLite called; told once."""
    error = _raised[-1] if _raised else None
    _raised.clear()
    return error
