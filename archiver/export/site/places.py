"""Where everything stands in a site: pages of a channel's month, and pages of statements.

8 bytes a post and an entry a repeated statement, so that links can be made while pages are written.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field

from archiver.store.exporting import Light
from archiver.text.dates import month_utc

POSTS = 500  # a page: some 1 MB for posts of a busy channel
STATEMENTS = 100
UNDATED = "undated"


@dataclass
class Month:
    """The posts of a channel's month: sort keys, ascending."""

    channel_id: int
    name: str
    keys: array[int] = field(default_factory=lambda: array("q"))

    @property
    def parts(self) -> int:
        """How many pages it takes."""
        return -(-len(self.keys) // POSTS)

    def path(self, part: int) -> str:
        """The page from the site's root; `part` counts from 0."""
        suffix = f"-{part + 1}" if part else ""
        return f"c/{self.channel_id}/{self.name}{suffix}.html"


class Places:
    """The pages of a site; clusters among `albums` are repeated by nobody and stand on none."""

    def __init__(self, posts: Iterable[Light], albums: Container[int] = ()) -> None:
        self.months: dict[int, dict[str, Month]] = {}
        self.count = 0
        met: Counter[int] = Counter()
        for each in posts:
            self.count += 1
            name = month_utc(each.date) or UNDATED
            channel = self.months.setdefault(each.channel_id, {})
            channel.setdefault(name, Month(each.channel_id, name)).keys.append(each.sort_key)
            if each.cluster_id is not None and each.cluster_id not in albums:
                met[each.cluster_id] += 1
        self.clusters = array("q", sorted(met))

    def of_post(self, channel_id: int, date: int | None, sort_key: int, post_id: int) -> str | None:
        """Where a post stands, with its anchor; None if it is not in this site."""
        month = self.months.get(channel_id, {}).get(month_utc(date) or UNDATED)
        if month is None:
            return None
        at = bisect_left(month.keys, sort_key)
        if at == len(month.keys) or month.keys[at] != sort_key:
            return None
        return f"{month.path(at // POSTS)}#p{post_id}"

    def of_cluster(self, cluster_id: int) -> str:
        """Where a repeated statement stands, with its anchor."""
        return f"s/{bisect_left(self.clusters, cluster_id) // STATEMENTS + 1}.html#s{cluster_id}"

    def statement_pages(self) -> Iterator[tuple[str, array[int]]]:
        """Each page of statements: its path and the clusters on it."""
        for at in range(0, len(self.clusters), STATEMENTS):
            yield f"s/{at // STATEMENTS + 1}.html", self.clusters[at : at + STATEMENTS]
