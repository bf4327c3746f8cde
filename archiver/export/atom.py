"""An Atom feed of the newest statements: each once, at its first post among the chosen.

An entry's id is made from Telegram's numbers, so that it stays when a channel is renamed; a copy
that comes later makes no new entry. Deleted posts and service messages are left out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from html import escape
from typing import IO
from urllib.parse import quote

from archiver.export.plain import label
from archiver.export.records import Chosen
from archiver.store.look import Stored
from archiver.text.cuts import apply_cuts
from archiver.text.dates import iso_utc
from archiver.text.entities import to_html
from archiver.text.refs import MARK, permalink
from archiver.text.safe import block, one_line, truncate

NEWEST = 100
_TITLE = 80
_SERVICE = 1


def write(chosen: Chosen, file: IO[bytes]) -> int:
    """Write the feed; how many entries it has."""
    keys = _first_posts(chosen)
    entries = [(found, _when(chosen, found)) for found in chosen.posts(reversed(keys))]
    updated = max((when for _, when in entries), default=chosen.now)
    for line in (*_head(chosen, updated), *_entries(entries), "</feed>"):
        file.write(line.encode("utf-8", "replace") + b"\n")
    return len(entries)


def _first_posts(chosen: Chosen) -> deque[int]:
    """The sort keys of the newest statements, each by its first post that is there."""
    seen: set[int] = set()
    newest: deque[int] = deque(maxlen=NEWEST)
    for each in chosen.light():
        if each.deleted or each.kind == _SERVICE or each.cluster_id in seen:
            continue
        if each.cluster_id is not None:
            seen.add(each.cluster_id)
        newest.append(each.sort_key)
    return newest


def _when(chosen: Chosen, found: Stored) -> int:
    moments = [each for each in (found.post.date, found.post.edited) if each is not None]
    return max(moments, default=chosen.now)


def _head(chosen: Chosen, updated: int) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<feed xmlns="http://www.w3.org/2005/Atom">'
    yield f"<title>{_xml(chosen.title)}</title>"
    yield f"<id>tag:t.me,2013:archiver/{quote(chosen.title, safe='')}</id>"
    yield f"<updated>{iso_utc(updated)}</updated>"
    yield "<author><name>archiver</name></author>"
    yield "<generator>archiver</generator>"


def _entries(entries: list[tuple[Stored, int]]) -> Iterator[str]:
    for found, when in entries:
        post = found.post
        yield "<entry>"
        yield f"<title>{_xml(_title(found))}</title>"
        yield f"<id>{_xml(guid(found))}</id>"
        yield f"<updated>{iso_utc(when)}</updated>"
        if post.date is not None:
            yield f"<published>{iso_utc(post.date)}</published>"
        yield f"<author><name>{_xml(label(found))}</name></author>"
        if where := permalink(found.username, found.tg_id, post.message_id):
            yield f'<link rel="alternate" href="{_xml(where)}"/>'
        yield f'<content type="html">{_xml(_content(found))}</content>'
        yield "</entry>"


def guid(found: Stored) -> str:
    """What a reader of feeds knows the post by; a channel's new name does not change it."""
    if found.tg_id is not None and found.tg_id < MARK:
        return f"tag:t.me,2013:c/{MARK - found.tg_id}/{found.post.message_id}"
    name = found.username or found.title or str(found.tg_id)
    return f"tag:t.me,2013:named/{quote(name, safe='')}/{found.post.message_id}"


def _title(found: Stored) -> str:
    text = apply_cuts(found.post.text, found.cuts).strip()
    first = one_line(text.split("\n", 1)[0])
    return truncate(first or f"{label(found)}: {found.post.media_kind or 'post'}", _TITLE)


def _content(found: Stored) -> str:
    if found.cuts:
        html = escape(block(apply_cuts(found.post.text, found.cuts)))
    else:
        html = to_html(found.post.text, found.post.entities)
    lines = html.replace("\n", "<br>")
    return f'<div dir="auto">{lines}</div>'


def _xml(text: str) -> str:
    """Escaped, without the few characters that XML cannot hold even so."""
    return escape(block(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd"), quote=True)
