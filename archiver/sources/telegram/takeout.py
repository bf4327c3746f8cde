"""An export session: kinder limits for a first backfill, once a person has allowed it.

Telegram asks in another application of the account whether the export is wanted; until then, or
for a day, it answers TAKEOUT_INIT_DELAY. Never for the nightly run: one session at a time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from telethon.tl.functions.account import FinishTakeoutSessionRequest, InitTakeoutSessionRequest

from archiver.errors import ArchiverError, FloodWait, TryAgainLater
from archiver.sources.telegram.gateway import Gateway


@asynccontextmanager
async def takeout(gateway: Gateway) -> AsyncIterator[None]:
    """Everything asked inside belongs to an export session. Raises TryAgainLater."""
    try:
        session = await gateway.call(InitTakeoutSessionRequest(message_channels=True), again=False)
    except FloodWait as wait:
        hours = -(-(wait.seconds or 0) // 3600)
        raise TryAgainLater(
            "Telegram wants the export to be allowed first: open its message in another Telegram"
            f" app of this account and allow it, or run this again in {hours} h; without --takeout"
            " it works at once.",
            seconds=wait.seconds,
        ) from wait
    gateway.takeout_id = session.id
    try:
        yield
    finally:
        # It ends by itself in a while; a lost connection must not hide what was saved.
        with suppress(ArchiverError):
            await gateway.call(FinishTakeoutSessionRequest(success=True), again=False)
        gateway.takeout_id = None
