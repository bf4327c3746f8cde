"""Makes a search start in an eighth less time: what a library seldom needs is read when it does.

`inspect` brings the compiler's tables, the tokenizer and the disassembler with it, 6 ms of a
search; click needs it for help texts of more than one line, and for little else. `uuid` asks what
platform this is, 2 ms, for a type of option that nothing here has. pathlib of Python 3.11 and 3.12
reads `urllib.parse` for the addresses of files, 2 ms.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """A module that is read when something of it is asked for.

    While its library is being imported it has but names for annotations to give.
    """

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            return Any
        return getattr(import_module(self.__name__), name)


class _Inspect(_Later):
    """`inspect`, read when something is asked that a text of one line does not need."""

    @staticmethod
    def cleandoc(doc: str) -> str:
        """As inspect.cleandoc does."""
        if "\n" not in doc:
            return doc.expandtabs().lstrip()
        import inspect

        return inspect.cleandoc(doc)


class _Parse(_Later):
    """`urllib.parse`, read when an address is made."""

    @staticmethod
    def quote_from_bytes(*given: Any, **named: Any) -> str:
        """As urllib.parse.quote_from_bytes does."""
        from urllib.parse import quote_from_bytes

        return quote_from_bytes(*given, **named)


def import_lean() -> None:
    """Import pathlib and click, with stand-ins for what they seldom need unless it is there."""
    with _standing_in(_Parse("urllib.parse")):
        import pathlib  # noqa: F401
    with _standing_in(_Inspect("inspect"), _Later("uuid")):
        import click  # noqa: F401


@contextmanager
def _standing_in(*stand_ins: ModuleType) -> Iterator[None]:
    for each in stand_ins:
        sys.modules.setdefault(each.__name__, each)
    try:
        yield
    finally:
        for each in stand_ins:
            if sys.modules.get(each.__name__) is each:
                del sys.modules[each.__name__]
