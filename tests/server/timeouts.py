"""How asynchronous tests are run: in a loop of their own, and never longer than a few seconds."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import ParamSpec

P = ParamSpec("P")
LIMIT = 15.0  # seconds; a client that hangs is what many tests are about


def hard_timeout(
    test: Callable[P, Awaitable[None]] | None = None, *, seconds: float = LIMIT
) -> Callable[..., None]:
    """`@hard_timeout` makes an `async def test_...` one that pytest can run."""
    if test is None:
        return functools.partial(hard_timeout, seconds=seconds)  # type: ignore[return-value]

    @functools.wraps(test)
    def run(*args: P.args, **named: P.kwargs) -> None:
        async def limited() -> None:
            async with asyncio.timeout(seconds):
                await test(*args, **named)

        asyncio.run(limited())

    return run
