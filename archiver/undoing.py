"""Taking back what a run did: a person's word, what a pass joined, or a whole rebuild."""

from __future__ import annotations

from typing import NamedTuple

from archiver import rebuilds
from archiver.errors import ChannelUnavailable, ConfigError
from archiver.store import earlier, verdicts
from archiver.store.groups import Transaction

_PASS = "dedup"


class Undone(NamedTuple):
    """What taking a run back came to."""

    rebuild: bool = False  # what was before it is back
    verdicts: int = 0  # withdrawn, or in force again
    posts: int = 0  # that were set apart


def check(conn: Transaction, number: int, *, yes: bool) -> None:
    """Whether a run can be taken back, and posts may be set apart for it. Raises with what to do.

    A pass puts thousands of posts into statements, and each would be kept out of all of them for
    ever: that is not what one takes an import back for.
    """
    command = verdicts.command_of(conn, number)
    if command is None:
        raise ChannelUnavailable(f"there is no run {number}; `archiver runs` lists them.")
    if earlier.was_rebuild(conn, number):
        return
    if verdicts.speaks(conn, number):
        _check_holds(conn, number)
        return
    posts = len(verdicts.joined(conn, number))
    if not posts or command.startswith(f"{_PASS} "):
        return
    many = f"{posts:,} post{'s' * (posts > 1)}"
    if command != _PASS:
        raise ConfigError(
            f"run {number} was '{command}', and its {many} in statements cannot be taken out as a"
            " whole; `archiver dedup split POST` sets one apart, and `archiver dedup --rebuild`"
            " decides everything anew."
        )
    if not yes:
        raise ConfigError(
            f"run {number} joined {many}, which would be set apart from every statement for good;"
            " say --yes to do it, or `archiver dedup split POST` for one."
        )


def _check_holds(conn: Transaction, number: int) -> None:
    """Whether anything that a run said is left. Raises with what took it back."""
    by = verdicts.taken_back_by(conn, number)
    if by is None:
        return
    command = verdicts.command_of(conn, by)
    how = "is undone already" if command == verdicts.UNDO else "was contradicted since"
    raise ConfigError(
        f"what run {number} said {how}, by run {by} ('{command}');"
        f" `archiver dedup undo {by}` brings it back."
    )


def take_back(conn: Transaction, run_id: int, undone: int, now: int) -> Undone:
    """Undo a run that `check` let pass."""
    if rebuilds.take_back(conn, run_id, undone):
        return Undone(rebuild=True)
    if verdicts.speaks(conn, undone):
        return Undone(verdicts=verdicts.undo(conn, run_id, undone))
    if verdicts.command_of(conn, undone) != _PASS:
        return Undone()
    posts = verdicts.joined(conn, undone)
    return Undone(posts=sum(verdicts.split(conn, run_id, post, now) for post in posts))
