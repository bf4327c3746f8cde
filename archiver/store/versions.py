"""Wordings of a post beside the current one that another archive or an export of ours knows.

What makes a version is what `merging` sees: text, formatting, media. Functions of a connection
inside a transaction that the Store opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from archiver.model import Version
from archiver.store import rows
from archiver.store.connection import driver
from archiver.store.pending import mark_pending

Row = Mapping[str, Any]

COLUMNS = (
    "text", "entities", "edited", "source", "seen", "media_kind", "media", "raw", "raw_layer",
)  # fmt: skip
_KNOWN = "SELECT text, entities, media_kind, media FROM revision WHERE post_id = ?"
_NOW = "SELECT text, entities, media_kind, media FROM post WHERE id = ?"
_KEEP = (
    f"INSERT INTO revision (post_id, run_id, {', '.join(COLUMNS)})"
    f" VALUES ({', '.join('?' * (len(COLUMNS) + 2))})"
)


def keep(conn: Connection, run_id: int, post_id: int, told: Iterable[Row]) -> int:
    """Keep the wordings of a post that are not known yet; how many those were.

    What the post says now is one of them if another wording stood there between: it tells since
    when the post says so.
    """
    db, told = driver(conn), list(told)
    known = {_content(*row) for row in db.execute(_KNOWN, (post_id,))}
    [now] = [_content(*row) for row in db.execute(_NOW, (post_id,))]
    kept = 0
    for row in told:
        content = _of(row)
        if content not in known and (content != now or _came_back(row, told)):
            known.add(content)
            db.execute(_KEEP, (post_id, run_id, *(row[name] for name in COLUMNS)))
            kept += 1
    if kept:  # what an earlier version said may be the same statement
        mark_pending(conn, [post_id])
    return kept


def _content(text: str, entities: Any, kind: str | None, media: Any) -> tuple[Any, ...]:
    return text, entities or None, kind, media or None


def _of(row: Row) -> tuple[Any, ...]:
    return _content(row["text"], row["entities"], row["media_kind"], row["media"])


def _came_back(row: Row, told: Iterable[Row]) -> bool:
    """Whether another text followed this one, by the dates of the edits."""
    return any(
        each["text"] != row["text"] and (each["edited"] or 0) > (row["edited"] or 0)
        for each in told
    )


def rows_of(versions: Sequence[Version], now: int) -> list[Row]:
    """Versions as rows; one that does not say when it was met is met now."""
    return [
        {
            "text": each.text,
            "entities": rows.dump(each.entities) if each.entities else None,
            "edited": each.edited,
            "source": int(each.source),
            "seen": now if each.seen is None else each.seen,
            "media_kind": each.media_kind,
            "media": rows.dump(each.media) if each.media else None,
            "raw": None,
            "raw_layer": None,
        }
        for each in versions
    ]
