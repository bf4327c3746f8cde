"""What persons said about the posts of a bundle, with the runs in which they said it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from archiver.store import exporting


def of_posts(db: sqlite3.Connection) -> dict[int, set[int]]:
    """The verdicts that speak of each post."""
    found: dict[int, set[int]] = {}
    for row in exporting.verdicts(db):
        for post in (row["post_id"], row["other_id"]):
            if post is not None:
                found.setdefault(post, set()).add(row["id"])
    return found


def told(db: sqlite3.Connection, ids: set[int], runs: set[int]) -> Iterator[dict[str, Any]]:
    """A line for each of these verdicts, also of one that was taken back; `runs` get theirs."""
    for row in exporting.verdicts(db):
        if row["id"] not in ids:
            continue
        withdrawn = row["withdrawn"]
        runs |= {row["run_id"]} | ({withdrawn} if withdrawn else set())
        posts = (row["post_id"], row["other_id"])
        yield {
            "item": f"verdict/{row['id']}",
            "kind": "verdict",
            "verdict": row["kind"],
            "posts": [_named(db, post) for post in posts if post is not None],
            "said": row["said"],
            "run": f"run/{row['run_id']}",
            "withdrawn": f"run/{withdrawn}" if withdrawn else None,
        }


def _named(db: sqlite3.Connection, post: int) -> dict[str, Any]:
    channel, message_id = exporting.named(db, post)
    return {"post": f"post/{post}", "channel": channel, "message_id": message_id}
