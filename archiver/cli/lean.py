"""Makes click start in a fifth less time: what it imports to tidy multi-line help texts can wait.

`inspect` brings the compiler's tables, the tokenizer and the disassembler with it, 6 ms of a
search. click needs it for help texts of more than one line, and for little else.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Inspect(ModuleType):
    """`inspect`, read when something is asked that a text of one line does not need."""

    @staticmethod
    def cleandoc(doc: str) -> str:
        """As inspect.cleandoc does."""
        if "\n" not in doc:
            return doc.expandtabs().lstrip()
        import inspect

        return inspect.cleandoc(doc)

    def __getattr__(self, name: str) -> Any:
        import inspect

        return getattr(inspect, name)


def import_click() -> None:
    """Import click, with a stand-in for `inspect` unless that is there anyway."""
    if "inspect" in sys.modules or "click" in sys.modules:
        return
    sys.modules["inspect"] = _Inspect("inspect")
    try:
        import click  # noqa: F401
    finally:
        del sys.modules["inspect"]
