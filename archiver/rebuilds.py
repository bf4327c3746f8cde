"""Rebuilds: when everything has to be decided anew, and how that is taken back.

What was decided before a rebuild is kept until the next one. When it is put back in its place, the
pass that follows arranges all posts by it, and decides what came after the rebuild.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from archiver.errors import ConfigError
from archiver.judging import Footers, tell
from archiver.store import earlier, groups, prints
from archiver.store.earlier import Posted
from archiver.store.groups import Transaction
from archiver.text.body import BODY_VERSION
from archiver.text.decide import DECISION_VERSION
from archiver.text.prints import PRINTS_VERSION

NEAR_VERSION = 1_000 * PRINTS_VERSION + DECISION_VERSION
_AT_ONCE = 20_000  # bodies whose fingerprints are made and sorted in at a time


def is_outdated(conn: Transaction, *, near: bool = True) -> bool:
    """Whether another version of the program made the bodies, or decided about them, or none."""
    if groups.made_by_another_version(conn, BODY_VERSION):
        return True
    return near and prints.decided_by(conn) != NEAR_VERSION and groups.has_bodies(conn)


def begin(conn: Transaction, run_id: int) -> None:
    """Forget what was decided, but keep it to be put back: of bodies as they are made now."""
    if groups.made_by_another_version(conn, BODY_VERSION):
        earlier.drop(conn)
    else:
        earlier.keep(conn, run_id)
    groups.queue_all(conn)
    prints.forget_all(conn)


def take_back(conn: Transaction, run_id: int, undone: int) -> bool:
    """Put back what the rebuild `undone` forgot; False if that run was no rebuild."""
    kept = earlier.kept_by(conn)
    if kept != undone:
        if earlier.undone_last(conn) == undone:
            raise ConfigError(
                f"run {undone} is undone already, by run {kept}; `archiver dedup undo {kept}`"
                " brings back what it decided."
            )
        if earlier.was_rebuild(conn, undone):
            raise ConfigError(_not_kept(undone, kept))
        return False
    if is_outdated(conn):
        raise ConfigError(
            "this version of archiver decides otherwise than the one before; run `archiver dedup`"
            " first, and undo that."
        )
    earlier.swap(conn, run_id, undone)
    footers, hot = groups.footers(conn), prints.all_hot(conn)
    for some in _portions(earlier.posted(conn)):
        _post(conn, some, footers, hot)
    return True


def _not_kept(undone: int, kept: int | None) -> str:
    last = "" if kept is None else f" (what run {kept} changed can)"
    return (
        f"run {undone} decided everything anew, and what was before it is not kept: only the last"
        f" rebuild can be taken back{last}, not after `archiver forget`, and none by a version that"
        " reads texts in another way; `archiver restore` puts a backup back."
    )


def _post(conn: Transaction, bodies: Sequence[Posted], footers: Footers, hot: Set[int]) -> None:
    """Make the fingerprints that lead to these bodies."""
    asked = {each.body for each in bodies} | {each.matched for each in bodies if each.matched}
    told = {each.body: each.prints for each in tell(prints.texts(conn, asked), footers)}
    rows = []
    for body, matched in bodies:
        without = set(told.get(matched, ())) if matched is not None else set()
        rows += [(value, body) for value in told.get(body, ()) if value not in without]
    prints.post_prints(conn, [row for row in rows if row[0] not in hot], ())


def _portions(bodies: Sequence[Posted]) -> Iterator[Sequence[Posted]]:
    for at in range(0, len(bodies), _AT_ONCE):
        yield bodies[at : at + _AT_ONCE]
