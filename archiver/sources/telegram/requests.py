"""Requests as they go out: wrapped, and named as Telegram names them."""

from __future__ import annotations

from typing import Any

from telethon.tl.functions import InvokeWithoutUpdatesRequest, InvokeWithTakeoutRequest
from telethon.tl.functions.auth import LogOutRequest


class WithoutUpdates(InvokeWithoutUpdatesRequest):  # type: ignore[misc]
    """Telethon's wrapper reads any answer as one object; some are lists of bare numbers."""

    def read_result(self, reader: Any) -> Any:
        """As the request itself reads it."""
        return self.query.read_result(reader)


class WithTakeout(InvokeWithTakeoutRequest):  # type: ignore[misc]
    """The same within an export session (takeout)."""

    def read_result(self, reader: Any) -> Any:
        """As the request itself reads it."""
        return self.query.read_result(reader)


def wrapped(request: Any, takeout_id: int | None) -> Any:
    """Nobody needs updates from a reader; a request that is wrapped already stays so."""
    # Telegram may answer a log-out with a mere acknowledgement, which Telethon looks for.
    if isinstance(request, LogOutRequest):
        return request
    if not isinstance(request, InvokeWithoutUpdatesRequest):
        request = WithoutUpdates(request)
    return request if takeout_id is None else WithTakeout(takeout_id, request)


def method_of(request: Any) -> str:
    """What a request asks for, without its wrappers: messages.GetHistory."""
    while hasattr(request, "query"):
        request = request.query
    kind = next(k for k in type(request).__mro__ if k.__module__.startswith("telethon."))
    room = kind.__module__.removeprefix("telethon.tl.functions").strip(".")
    return f"{room}.{kind.__name__}".removesuffix("Request").strip(".")
