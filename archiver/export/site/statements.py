"""A repeated statement as a section: its words, and every post of it in order of time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from html import escape
from typing import Any

from archiver.export.site.page import words
from archiver.export.site.places import Places
from archiver.export.site.posts import moment, text_block
from archiver.store import exporting, look
from archiver.store.kin import Member, members
from archiver.text.refs import permalink
from archiver.text.told import lag

UP = "../"


def sections(db: sqlite3.Connection, places: Places, clusters: Any) -> Iterator[str]:
    """The sections of a page."""
    for row in exporting.clusters(db, clusters):
        kin = members(db, row["canonical"])
        if kin:
            yield from _section(db, places, row, kin)


def _section(
    db: sqlite3.Connection, places: Places, row: dict[str, Any], kin: list[Member]
) -> Iterator[str]:
    shown = look.load(db, row["canonical"])
    channels = len({each.channel_id for each in kin})
    in_channels = "1 channel" if channels == 1 else f"{channels:,} channels"
    yield f'<section id="s{row["id"]}">\n'
    yield f'<div class="facts">{len(kin):,} posts in {in_channels}</div>\n'
    yield text_block(shown.post, shown.cuts)
    yield '<ol class="copies">\n'
    for each in kin:
        yield f"<li>{_member(places, each, _key(db, each.id))}</li>\n"
    yield "</ol>\n</section>\n"


def _key(db: sqlite3.Connection, post_id: int) -> int:
    key: int = db.execute("SELECT sort_key FROM post WHERE id = ?", (post_id,)).fetchone()[0]
    return key


def _member(places: Places, each: Member, sort_key: int) -> str:
    here = places.of_post(each.channel_id, each.date, sort_key, each.id)
    there = permalink(each.username, each.tg_id, each.message_id)
    name = words(each.title or each.username or str(each.tg_id))
    where = UP + here if here else there
    if where:
        name = f'<a href="{escape(where, quote=True)}">{name}</a>'
    why = "shown for all" if each.canonical else words(str(each.reason))
    gone = ' <span class="badge">deleted</span>' if each.deleted_at is not None else ""
    later = f" {lag(each.lag)}" if each.lag else ""
    return f"{moment(each.date)}{later} {name} · {why}{gone}"
