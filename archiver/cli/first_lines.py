"""How who said a statement first is told, where no post that says it now was."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Any

from archiver.cli import output
from archiver.store.first import VERSION, First
from archiver.text.refs import permalink


def how(first: First, zone: tzinfo = UTC) -> str:
    """By an earlier version, until when, or by the header of a forward."""
    if first.by != VERSION:
        return "by the forward's header"
    return f"an earlier version, edited away{until(first.until, zone)}"


def until(date: int | None, zone: tzinfo = UTC) -> str:
    """A blank and the date of an edit, if it is known."""
    return "" if date is None else f" {output.when(date, zone)}"


def show(first: First | None, zone: tzinfo) -> None:
    """One line below a post that 'show' prints."""
    if first is None:
        return
    label = output.channel_label(first.title, first.username, first.tg_id)
    where = link(first)
    told = f"First said by {label} {output.when(first.date, zone)} ({how(first, zone)})"
    output.line()
    output.wrapped(f"{told}  {where}" if where else told, 2)


def link(first: First) -> str | None:
    """Where that post is, or was."""
    if first.message_id is None:
        return None
    return permalink(first.username, first.tg_id, first.message_id)


def record(first: First | None) -> dict[str, Any] | None:
    """The same for programs."""
    if first is None:
        return None
    return {
        "date": output.iso(first.date),
        "channel_title": first.title,
        "channel_username": first.username,
        "channel_id": first.tg_id,
        "by": first.by,
        "edited_away": output.iso(first.until),
        "post_id": first.post,
        "url": link(first),
    }
