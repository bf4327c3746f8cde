"""The copies in what 'show' prints: when and where each stands, and why it belongs."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from archiver.cli import output
from archiver.text import safe
from archiver.text.refs import permalink

_PROBABILITY = "(% sure: the probability that it is the same text as the post it was matched with)"
_SAME = "(Copies with no words below them have those of the one that is shown.)"
_REASON = 13  # columns at least


def show(shown: int, kin: list[Any], zone: tzinfo, changes: dict[int, str]) -> None:
    """Print the posts of a statement; `shown` is the one that was asked for, `changes` diffs."""
    if len(kin) < 2:
        return
    channels = len({each.channel_id for each in kin})
    output.line()
    places = f"{output.plural(len(kin), 'post')} in {output.plural(channels, 'channel')}"
    # Albums hold nothing else together: all of it is one, and nobody repeated it.
    album = all(each.canonical or each.reason == "album" for each in kin)
    output.line(f"This album: {len(kin):,} posts" if album else f"This statement: {places}")
    if any(each.reason in ("near", "part") for each in kin):
        output.wrapped(_PROBABILITY, 2)
    if "" in changes.values():
        output.wrapped(_SAME, 2)
    reasons = max(_REASON, *(len(_whole_reason(each)) for each in kin))
    room = _room_for_names(kin, reasons)
    for each in kin:
        mark = "→" if each.id == shown else " "
        label = safe.truncate(
            output.channel_label(each.title, each.username, each.tg_id), abs(room)
        )
        pad = " " * (abs(room) - safe.width(label))
        where = _link(each) if room > 0 else f"#{each.id}"
        output.line(
            f"{mark} {output.when(each.date, zone):<17} {output.lag(each.lag):>10}"
            f"  {label}{pad}  {_whole_reason(each):<{reasons}}  {where}"
        )
        if told := _beside(each, changes.get(each.id), kin):
            output.line(f"    {told}")
        if each.unsure is not None:
            edit = output.when(each.unsure, zone)
            output.wrapped(f"    edited {edit}; what it said before is not archived", 4)


def _beside(copy: Any, change: str | None, kin: list[Any]) -> str:
    """What a copy was matched with, where that is not what is shown; and how it differs from it."""
    told = _matched(copy)
    shown = next((each.id for each in kin if each.canonical), None)
    if not told and change and copy.via not in (None, shown) and copy.reason in _LIKE:
        told = f"{_LIKE[copy.reason]} #{copy.via}"
    if not change:
        return told
    change = safe.one_line(change)
    return f"{told}; beside the one that is shown: {change}" if told else change


_LIKE = {"same-text": "same as", "near": "like", "part": "like"}


def _matched(copy: Any) -> str:
    """Which version was compared, where that is no post as it stands now."""
    if copy.versions is None:
        return ""
    like = _LIKE[copy.reason]
    if copy.versions == "match":
        return f"{like} an earlier version of #{copy.via}"
    own = "an earlier version of it was"
    whose = "" if copy.versions == "copy" else "an earlier version of "
    return f"{own} {like.replace('same', 'the same')} {whose}#{copy.via}"


def _whole_reason(copy: Any) -> str:
    """Why a copy belongs, and what became of it."""
    told = ["shown for all" if copy.canonical else _reason(copy)]
    told += ["deleted"] * bool(copy.deleted_at) + ["edited"] * bool(copy.said_by_edit)
    return ", ".join(told)


def _reason(copy: Any) -> str:
    """Why a copy belongs, with the probability of what was weighed."""
    if copy.reason in ("near", "part"):
        return f"{copy.reason}, {copy.score:.0%} sure"
    return str(copy.reason)


def _room_for_names(kin: list[Any], reasons: int) -> int:
    """Columns for the channels' names beside links; negative where only numbers fit beside."""
    fixed = 2 + 17 + 1 + 10 + 2 + 2 + reasons + 2
    links = max(len(_link(each)) for each in kin)
    room = output.columns() - fixed - links
    if room >= 12:
        return min(room, 30)
    return -max(12, min(30, output.columns() - fixed - 8))


def _link(found: Any) -> str:
    return permalink(found.username, found.tg_id, found.message_id) or f"#{found.id}"
