"""Verdicts as JSON lines: written for a backup or another archive, and read back."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from typing import IO, Any

from archiver.cli import output
from archiver.cli.dedup import deduplicate
from archiver.cli.session import Session, now
from archiver.errors import INCOMPLETE, ChannelUnavailable
from archiver.store import verdicts
from archiver.store.connection import Connection
from archiver.store.look import find_post
from archiver.store.verdicts import Place
from archiver.text.safe import one_line

# A file of something else has as many as it has lines.
_FAULTS_SHOWN = 10


def write(session: Session, db: str | None) -> int:
    """One line a verdict that holds."""
    with closing(session.read(db)) as connection:
        for said in verdicts.holding(connection):
            posts = [_place(p) for p in (said.post, said.other) if p is not None]
            output.record(
                {
                    "format_version": output.FORMAT_VERSION,
                    "kind": "verdict",
                    "verdict": said.kind,
                    "posts": posts,
                    "said": output.iso(said.said),
                    **({} if said.person else {"by": "undo"}),
                }
            )
    return 0


def _place(place: Place) -> dict[str, Any]:
    channel = f"@{place.username}" if place.username else place.tg_id or place.title
    return {"channel": channel, "id": place.message_id}


def read(session: Session, db: str | None, file: IO[bytes]) -> int:
    """Take in the verdicts of a file; posts that are not here are told and passed over."""
    with closing(session.read(db)) as connection:
        found = [_parsed(connection, number, line) for number, line in enumerate(file, 1)]
    good = [each for each in found if isinstance(each, tuple)]
    faults = [each for each in found if isinstance(each, str)]
    for fault in faults[:_FAULTS_SHOWN]:
        session.note(one_line(fault))
    if faults[_FAULTS_SHOWN:]:
        more = output.plural(len(faults) - _FAULTS_SHOWN, "other line")
        session.note(f"(and {more} that cannot be taken in)")
    with session.write_pass(db) as store:
        run = store.start_run("dedup verdicts", now())
        with store.transaction() as conn:
            new = sum(_take(conn, run, kind, posts) for kind, posts in good)
        done = deduplicate(session, store, run)
        store.finish_run(run, now(), "done", asdict(done))
    bad = len(faults)
    known = f"{len(good) - new:,} known already, " if new < len(good) else ""
    output.line(
        f"{output.plural(new, 'verdict')} taken in, {known}{bad:,} passed over (run {run})."
    )
    return INCOMPLETE if bad else 0


def _take(conn: Connection, run: int, kind: str, posts: list[int]) -> bool:
    """Say what a line says; whether that is new here."""
    if kind == "same":
        return verdicts.merge(conn, run, posts[0], posts[1], now())
    return verdicts.split(conn, run, posts[0], now())


def _parsed(connection: Any, number: int, line: bytes) -> tuple[str, list[int]] | str | None:
    """The kind and posts of a line; a sentence where it cannot be taken, None if it is empty."""
    if not line.strip():
        return None
    try:
        told = json.loads(line)
    except ValueError:
        return f"line {number} is no JSON."
    if fault := _fault(told):
        return f"line {number}: {fault}."
    try:
        posts = [find_post(connection, f"{e['channel']}/{e['id']}") for e in told["posts"]]
    except ChannelUnavailable as error:
        return f"line {number}: {error}"
    if len(set(posts)) < len(posts):
        return f"line {number}: both posts are #{posts[0]}."
    return told["verdict"], posts


def _fault(told: Any) -> str | None:
    """What keeps a JSON value from being a verdict."""
    if not isinstance(told, dict) or told.get("kind") != "verdict":
        return 'it is no object with "kind": "verdict"'
    kind, posts = told.get("verdict"), told.get("posts")
    if kind not in ("same", "apart"):
        return f'"verdict" must be "same" or "apart", not {json.dumps(kind, ensure_ascii=False)}'
    if not isinstance(posts, list):
        return '"posts" must be a list'
    fewest = 2 if kind == "same" else 1
    if len(posts) != fewest:
        asked = "two posts" if kind == "same" else "one post"
        return f'"{kind}" is said of {asked}, and "posts" has {len(posts)}'
    named = [each for each in posts if isinstance(each, dict) and {"channel", "id"} <= each.keys()]
    return None if len(named) == fewest else 'each of "posts" needs "channel" and "id"'
