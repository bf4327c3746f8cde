"""A post as an article: when, where, whether it is still there, its words, versions and copies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from html import escape
from typing import Any

from archiver.export.site.page import words
from archiver.export.site.places import Places
from archiver.model import Forward, Post, PostKind, Source
from archiver.store import exporting
from archiver.store.look import Stored
from archiver.store.rows import load
from archiver.text.cuts import Cut
from archiver.text.dates import iso_utc, minute_utc
from archiver.text.entities import Span, to_html
from archiver.text.refs import permalink
from archiver.text.told import counters, evidence

UP = "../../"  # from a page of a month to the root


def article(db: sqlite3.Connection, places: Places, found: Stored) -> Iterator[str]:
    """The lines of a post."""
    kind = ' class="deleted"' if found.deleted_at is not None else ""
    yield f'<article id="p{found.id}"{kind}>\n<header>{"".join(_header(found))}</header>\n'
    if found.post.forward is not None:
        yield f'<div class="facts">{_origin(found.post.forward)}</div>\n'
    yield text_block(found.post, found.cuts)
    yield "".join(f'<div class="facts">{fact}</div>\n' for fact in _facts(found.post))
    if found.cluster_id is not None:
        yield _copies(db, places, found)
    yield from _versions(db, found.id)
    yield "</article>\n"


def _header(found: Stored) -> Iterator[str]:
    post = found.post
    yield f'<a href="#p{found.id}">{moment(post.date)}</a> '
    if where := permalink(found.username, found.tg_id, post.message_id):
        yield f'<a href="{escape(where, quote=True)}" rel="noopener noreferrer">{words(where)}</a> '
    if post.edited is not None:
        yield f"<span>edited {moment(post.edited)}</span> "
    if found.deleted_at is not None:
        known = evidence(found.deleted_evidence)
        how = f" ({known})" if known else ""
        yield f'<span class="badge">deleted, noticed {moment(found.deleted_at)}{how}</span>'


def moment(date: int | None) -> str:
    """A date for people, and inside it for programs."""
    if date is None:
        return "undated"
    return f'<time datetime="{iso_utc(date)}">{minute_utc(date)}</time>'


def _origin(forward: Forward) -> str:
    name = forward.name or forward.username or str(forward.peer_id or "a hidden name")
    told = f"forwarded from {words(name)}"
    if forward.author:
        told += f", signed {words(forward.author)}"
    if forward.date is not None:
        told += f", of {moment(forward.date)}"
    where = permalink(forward.username, forward.peer_id, forward.message_id)
    if where:
        told += f' · <a href="{escape(where, quote=True)}" rel="noopener noreferrer">original</a>'
    return told


def text_block(post: Post, cuts: tuple[Cut, ...]) -> str:
    """The words of a post, formatted; what repeats inside them is pale."""
    if not post.text:
        return ""
    repeats = [Span(cut.start, cut.end, {"type": "repeat"}) for cut in cuts]
    return f'<div class="text" dir="auto">{to_html(post.text, post.entities, repeats)}</div>\n'


def _facts(post: Post) -> Iterator[str]:
    if post.kind is not PostKind.MESSAGE:
        action = (post.details or {}).get("action") or ""
        yield words(f"{post.kind.name.lower()} message {action}")
    if post.media_kind:
        name = (post.media or {}).get("file_name")
        named = f": {words(name)}" if isinstance(name, str) else ""
        yield f"with {words(post.media_kind)}{named} (described, not downloaded)"
    yield from _poll((post.details or {}).get("poll"))
    told = counters(post.views, post.forwards, post.replies)
    told += [words(each) for each in _reactions(post)]
    if told:
        yield " · ".join(told)
    if post.author:
        yield f"signed {words(post.author)}"


def _poll(poll: Any) -> Iterator[str]:
    if not isinstance(poll, dict):
        return
    yield f"poll: {words(str(poll.get('question', '')))}"
    answers = poll.get("answers")
    for each in answers if isinstance(answers, list) else []:
        if isinstance(each, dict):
            yield f"– {words(str(each.get('text', '')))}: {words(str(each.get('voters', '?')))}"


def _reactions(post: Post) -> Iterator[str]:
    for each in post.reactions or ():
        yield f"{each.get('emoji') or each.get('type')} {each.get('count')}"


def _copies(db: sqlite3.Connection, places: Places, found: Stored) -> str:
    assert found.cluster_id is not None
    rows = exporting.clusters(db, [found.cluster_id])
    if not rows:
        return ""
    [row] = rows
    if not row["copies"]:
        return f'<div class="facts">one of an album of {row["posts"]:,} posts</div>\n'
    where = escape(UP + places.of_cluster(found.cluster_id), quote=True)
    shown = "the post shown for" if row["canonical"] == found.id else "one of"
    return (
        f'<div class="facts">{shown} <a href="{where}">{row["posts"]:,} posts of one'
        " statement</a></div>\n"
    )


def _versions(db: sqlite3.Connection, post_id: int) -> Iterator[str]:
    found = exporting.versions(db, post_id)
    if not found:
        return
    told = "1 other version" if len(found) == 1 else f"{len(found):,} other versions"
    yield f"<details><summary>{told}</summary>\n"
    for each in found:
        source = Source(each["source"]).name.lower()
        edited = f", edited {moment(each['edited'])}" if each["edited"] is not None else ""
        yield f'<div class="facts">{source}{edited}, seen {moment(each["seen"])}</div>\n'
        text = to_html(each["text"], load(each["entities"]))
        yield f'<div class="text" dir="auto">{text}</div>\n'
    yield "</details>\n"
