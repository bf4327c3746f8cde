"""Regular expressions that are compiled when they are first used: most searches need few of them.

Compiling all at import would take a search 8 ms of its 90.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Later:
    def __init__(self, pattern: str, flags: int) -> None:
        self._told = pattern, flags

    def __getattr__(self, name: str) -> Any:
        # Found here once; afterwards the method is an attribute of its own.
        method = getattr(re.compile(*self._told), name)
        self.__dict__[name] = method
        return method


def later(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern to be compiled at its first use.

    >>> later("a+").sub("b", "caat")
    'cbt'
    """
    return cast("re.Pattern[str]", _Later(pattern, int(flags)))
