"""What a server was asked, so that tests can count it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.server.faults import named


@dataclass(frozen=True, slots=True)
class Call:
    """One request, unwrapped; `number` counts the calls of its name from 1."""

    request: Any
    number: int
    account: Any = None
    takeout: int | None = None

    @property
    def name(self) -> str:
        """The class of the request."""
        return type(self.request).__name__


class Calls(list[Call]):
    """Every call in the order of arrival; `clear()` begins a new count."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers: Counter[str] = Counter()

    def of(self, name: str) -> list[Any]:
        """The requests of one name; `of("GetHistory")` will do."""
        return [call.request for call in self if named(call.request, name)]

    def tally(self) -> Counter[str]:
        """How many of each."""
        return Counter(call.name for call in self)

    def clear(self) -> None:
        """Forget the calls; their numbers begin with 1 again."""
        super().clear()
        self._numbers.clear()

    def note(self, request: Any, account: Any, takeout: int | None) -> Call:
        """One call more."""
        self._numbers[type(request).__name__] += 1
        call = Call(request, self._numbers[type(request).__name__], account, takeout)
        self.append(call)
        return call
