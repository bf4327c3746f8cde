"""What a sync would have to do, without doing it: one page is asked for, nothing is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archiver.errors import ChannelUnavailable, Offline, TryAgainLater
from archiver.model import ChannelState
from archiver.sources import Feed
from archiver.store.subscriptions import Subscription
from archiver.sync.plan import PAGE


@dataclass(frozen=True, slots=True)
class Preview:
    """A channel as it stands at the server. `open_ids` counts ids, not all of which have a post."""

    subscription: Subscription
    top: int = 0
    open_ids: int = 0
    server_count: int | None = None
    error: str = ""

    @property
    def pages(self) -> int:
        """How many pages at most the next sync reads."""
        most = min(self.open_ids, self.server_count or self.open_ids)
        return max(1, -(-most // PAGE))


async def preview(feed: Feed, subscriptions: Sequence[Subscription]) -> list[Preview]:
    """Ask for the newest page of each channel. Raises LoginRequired and Offline."""
    known = [each.address for each in subscriptions if each.address is not None]
    seen = await feed.identify(known) if known else {}
    found = []
    for each in subscriptions:
        sighting = seen.get(each.tg_id)
        if sighting is None or sighting.state is not ChannelState.READABLE:
            found.append(Preview(each, error="it cannot be read by this account now"))
        else:
            found.append(await _look(feed, each))
    return found


async def _look(feed: Feed, each: Subscription) -> Preview:
    assert each.address is not None
    try:
        page = await feed.page(each.address)
    except Offline:
        raise
    except (ChannelUnavailable, TryAgainLater) as error:
        return Preview(each, error=str(error))
    gaps = each.coverage.gaps(each.sync.floor, page.hi)
    return Preview(each, page.hi, sum(hi - lo + 1 for lo, hi in gaps), page.count)
