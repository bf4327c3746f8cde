"""A Telegram server for tests: the real client, a scripted world, scripted faults.

    world = World()
    news = world.channel("harbour_news")
    post = news.post("The ferry is late.")
    async with running(world) as server, connected(server) as client:
        server.fail("GetHistory", rpc(420, "FLOOD_WAIT_3"))

`python -m tests.server` runs it by hand.
"""

from tests.server.channel import Channel, Posted
from tests.server.faults import (
    alter,
    doubled,
    drop,
    emptied,
    hang,
    instead,
    mixed_in,
    omit,
    rpc,
    transport,
    unordered,
)
from tests.server.live import Live
from tests.server.pages import foreign, stale
from tests.server.server import Server
from tests.server.tl import raw, unknown
from tests.server.world import Account, World

__all__ = [
    "Account",
    "Channel",
    "Live",
    "Posted",
    "Server",
    "World",
    "alter",
    "doubled",
    "drop",
    "emptied",
    "foreign",
    "hang",
    "instead",
    "mixed_in",
    "omit",
    "raw",
    "rpc",
    "stale",
    "transport",
    "unknown",
    "unordered",
]
