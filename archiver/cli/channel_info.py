"""`archiver channels info`: all that is known of one channel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from archiver.cli import output
from archiver.cli.session import Session
from archiver.errors import ChannelUnavailable
from archiver.text.safe import one_line


def show_channel(session: Session, name: str, db: str | None, as_json: bool) -> None:
    """Print it. Raises ChannelUnavailable where no channel, or more than one, is meant."""
    from archiver.store.completeness import names_of, synced_channels
    from archiver.store.lookup import channel_ids
    from archiver.store.status import channels

    with closing(session.read(db)) as connection:
        keys = channel_ids(connection, name)
        if len(keys) != 1:
            raise ChannelUnavailable(_not_one(name, len(keys)))
        [found] = [each for each in channels(connection, every=True) if each["id"] == keys[0]]
        names = names_of(connection, keys[0])
        synced = next(iter(synced_channels(connection, keys)), None)
    if as_json:
        output.record(_record(found, names, synced))
        return
    for line in _lines(found, names, synced):
        output.line(line)


def _not_one(name: str, count: int) -> str:
    if count == 0:
        return f"no channel called {name!r} in this archive; `archiver channels list` names them."
    return f"{count} channels are called {name!r}; use the number `archiver channels list` shows."


_DATES = ("first", "last", "succeeded")
_SYNC_DATES = ("added", "state_since", "since", "sweep_started", "swept", "tried", "succeeded")


def _record(found: dict[str, Any], names: Any, synced: dict[str, Any] | None) -> dict[str, Any]:
    history = [
        {**each, "first_seen": output.iso(each["first_seen"]),
         "last_seen": output.iso(each["last_seen"])}
        for each in names
    ]  # fmt: skip
    return {
        "format_version": output.FORMAT_VERSION,
        **found,
        **{name: output.iso(found[name]) for name in _DATES},
        "names": history,
        "sync": synced and {**synced, **{n: output.iso(synced[n]) for n in _SYNC_DATES}},
    }


def _lines(found: dict[str, Any], names: Any, synced: dict[str, Any] | None) -> Iterator[str]:
    label = output.channel_label(found["title"], found["username"], found["tg_id"] or found["id"])
    yield f"{label}  (number {found['id']}, Telegram id {found['tg_id'] or 'unknown'})"
    span = f", {output.when(found['first'])} to {output.when(found['last'])}"
    yield f"Posts       {found['posts']:,}" + (span if found["first"] is not None else "")
    for each in names:
        seen = f"{output.when(each['first_seen'])} to {output.when(each['last_seen'])}"
        at = "@" if each["kind"] == "username" else ""
        yield f"Name        {each['kind']} {at}{one_line(each['name'])}  ({seen})"
    if synced is None or not synced["wanted"]:
        yield "Synced      no; `archiver channels add` has it synced"
        return
    yield from _sync_lines(synced)


def _sync_lines(synced: dict[str, Any]) -> Iterator[str]:
    added_as = one_line(synced["added_as"])
    yield f"Synced      since {output.when(synced['added'])}, added as {added_as}"
    yield f"State       {synced['state']} since {output.when(synced['state_since'])}"
    yield f"Complete    {_complete(synced)}"
    for lo, hi in synced["gaps"][:5]:
        yield f"Gap         message numbers {lo:,} to {hi:,}"
    if synced["since"]:
        yield f"Wanted      posts from {output.when(synced['since'])} on"
    if synced["available_min_id"]:
        yield f"Hidden      message numbers below {synced['available_min_id']:,} from this account"
    counts = f"{synced['live_posts']:,} archived, {synced['deleted_posts']:,} deleted since"
    server = f"; the server counts {synced['server_count']:,}" if synced["server_count"] else ""
    yield f"Counts      {counts}{server}"
    told = {"ok": "told by the server", "refused": "not told to this account: read again instead",
            "lost": "lost track of: all is being read again"}  # fmt: skip
    yield f"Changes     {told.get(synced['differences'], 'not asked for yet')}"
    when = output.when(synced["succeeded"]) if synced["succeeded"] else "never"
    tried = output.when(synced["tried"]) if synced["tried"] else "never"
    yield f"Last sync   {tried}; last complete one {when}"
    if synced["error"]:
        yield f"Trouble     {one_line(synced['error'])}"


def _complete(synced: dict[str, Any]) -> str:
    if synced["covered_share"] is None:
        return "nothing read yet"
    share = f"{synced['covered_share']:.1%} of the message numbers up to {synced['top_id']:,}"
    return share + (f", {synced['open_ids']:,} open" if synced["open_ids"] else "")
