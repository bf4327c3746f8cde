"""Puts the posts that came into clusters, or left one, where the counting of statements asks.

The last step of a pass. What the index takes of a post is found in the processes that help, where
there are some: folding a text takes longer than storing its words.
"""

from __future__ import annotations

from collections.abc import Callable

from archiver.fronts import Front
from archiver.store import groups
from archiver.store.groups import Transactions


def place(store: Transactions, front: Front, progress: Callable[[str, int, int], None]) -> None:
    """Index the posts that are members of clusters now, a portion a transaction."""
    with store.transaction() as conn:
        count = groups.unplaced_count(conn)
        waiting = groups.unplaced(conn) if count else []
    begun = front.fold([each.row for each in waiting])
    done = 0
    while waiting:  # the rest waits for the index itself
        progress("place", done, count)
        with store.transaction() as conn:
            following = groups.unplaced(conn, waiting[-1].row.sort_key)
            finish, begun = begun, front.fold([each.row for each in following])
            groups.place(conn, waiting, finish())
        done += len(waiting)
        waiting = following
