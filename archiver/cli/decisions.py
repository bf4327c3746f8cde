"""Names each post that a run moved, and why: `dedup --explain`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archiver.store.groups import Transactions, decisions
from archiver.text.refs import permalink


@dataclass(frozen=True, slots=True)
class Told:
    """A move as a line for people and as values for programs."""

    line: str
    values: dict[str, Any]


def told(store: Transactions, run: int) -> list[Told]:
    """The moves of a run, in order."""
    with store.transaction() as conn:
        found = decisions(conn, run)
    return [_told(row) for row in found]


def _told(row: dict[str, Any]) -> Told:
    where = permalink(row.pop("username"), row.pop("tg_id"), row.pop("message_id"))
    place = f"#{row['post']}" + (f" ({where})" if where else "")
    if row["new_cluster"] is None:
        said = f"leaves statement {row['old_cluster']}"
    elif row["reason"] is None:
        said = f"is shown for statement {row['new_cluster']}"
    else:
        score = "" if row["score"] in (None, 1.0) else f" {row['score']:.0%}"
        said = f"is in statement {row['new_cluster']}: {row['reason']}{score} with #{row['via']}"
    return Told(f"  {place} {said}", row | {"url": where})
