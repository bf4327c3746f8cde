"""How `show` names the other statements that share wording with a post, and who set it apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from archiver.cli import output
from archiver.store.kin import Related
from archiver.store.verdicts import Apart
from archiver.text import safe
from archiver.text.refs import permalink

_SNIPPET = 160  # columns, for programs
_FEWEST = 12  # columns of a channel's name


def show_apart(alone: Apart | None) -> None:
    """That a post stands alone because somebody said so, or because a pass was undone."""
    if alone is None:
        return
    how = "by a person" if alone.person else "when a pass was undone"
    output.line()
    output.line(
        f"Set apart {how} (run {alone.run}; `archiver dedup undo {alone.run}` takes it back)"
    )


def by(alone: Apart | None) -> dict[str, Any] | None:
    """The same for programs."""
    return alone and {"run": alone.run, "by": "person" if alone.person else "undo"}


def show(links: Sequence[Related], zone: tzinfo) -> None:
    """Two lines each: when, what it is to this one and how surely, where; how it begins."""
    if not links:
        return
    output.line()
    output.line("Other statements that share wording, with what the words alone weigh:")
    for each in links:
        head = f"  {output.when(each.date, zone):<17}  {each.relation:<8} {each.score:>4.0%}  "
        where = permalink(each.username, each.tg_id, each.message_id) or f"#{each.id}"
        room = output.columns() - len(head) - 2
        if room - len(where) < _FEWEST:
            where = f"#{each.id}"
        label = output.channel_label(each.title, each.username, each.tg_id)
        output.line(f"{head}{safe.truncate(label, max(_FEWEST, room - len(where)))}  {where}")
        output.line(f"    {snippet(each, output.columns() - 4)}")


def snippet(link: Related, columns: int = _SNIPPET) -> str:
    """How a linked statement begins, on one safe line."""
    return safe.truncate(safe.one_line(link.text), columns) or "(no words)"
