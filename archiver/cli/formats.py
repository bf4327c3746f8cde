"""Results of a search for programs: JSON, CSV, ids, links, texts. Stable; docs/search.md has it.

A change of what a key or a column means raises `output.FORMAT_VERSION`; new ones may come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from archiver.cli import output
from archiver.cli.results import View, body, link, matched_body, matched_link
from archiver.store.around import Neighbour, context, thread
from archiver.store.hits import Hit
from archiver.text import safe
from archiver.text.snippet import Snippet, snippet

CSV_COLUMNS = (
    "post_id", "url", "channel", "username", "channel_id", "message_id", "date", "body", "media",
    "views", "edited", "deleted", "version", "cluster", "copies", "channels", "first_channel",
    "first_date", "matched_post_id", "matched_url", "matched_date", "said_since",
)  # fmt: skip


def values(hit: Hit, view: View | None = None) -> dict[str, Any]:
    """A result as JSON; `view` may ask for what stands around it."""
    text = body(hit)
    shown = snippet(safe.one_line(text), hit.marks)
    told: dict[str, Any] = {
        "format_version": output.FORMAT_VERSION,
        "post_id": hit.post_id,
        "url": link(hit),
        "channel": hit.channel,
        "username": hit.username,
        "channel_id": hit.tg_id,
        "message_id": hit.message_id,
        "date": output.iso(hit.date),
        "author": hit.author,
        "forwarded_from": hit.forwarded,
        "text": hit.text,
        "body": text,
        "snippet": shown.text,
        "hits": [list(span) for span in shown.spans],
        "edited": output.iso(hit.edited),
        "said_since": output.iso(hit.since),
        "deleted": hit.deleted,
        "media": hit.media_kind,
        "views": hit.views,
        "version": _version(hit),
        "matched": _matched(hit, shown),
        "cluster": hit.cluster_id,
        "copies": hit.copies,
        "channels": hit.channels,
        "first": {
            "channel": hit.first_channel,
            "username": hit.first_username,
            "date": output.iso(hit.first_date),
            "by": hit.first_by,
            "edited_away": output.iso(hit.first_until),
        },
    }
    return told | (_around(hit, view) if view is not None else {})


def _matched(hit: Hit, shown: Snippet) -> dict[str, Any]:
    """The post that was found, and the stretch of its text that says why."""
    if hit.matched_text is not None:
        shown = snippet(safe.one_line(matched_body(hit)), hit.marks)
    return {
        "post_id": hit.matched,
        "date": output.iso(hit.matched_date),
        "said_since": output.iso(hit.matched_since),
        "url": matched_link(hit),
        "snippet": shown.text,
        "hits": [list(span) for span in shown.spans],
    }


def _version(hit: Hit) -> dict[str, Any] | None:
    """The earlier wording that is shown, if it is one."""
    if hit.version is None:
        return None
    return {"id": hit.version, "edited": output.iso(hit.version_edited)}


def _around(hit: Hit, view: View) -> dict[str, Any]:
    told = {}
    if view.context:
        before, after = context(view.db, hit.post_id, view.context)
        told["context"] = {"before": _posts(before), "after": _posts(after)}
    if view.thread:
        above, below = thread(view.db, hit.post_id)
        told["thread"] = {"above": _posts(above), "below": _posts(below)}
    return told


def _posts(posts: Iterable[Neighbour]) -> list[dict[str, Any]]:
    return [
        {
            "post_id": post.post_id,
            "url": link(post),
            "date": output.iso(post.date),
            "text": post.text,
            "media": post.media_kind,
            "deleted": post.deleted,
        }
        for post in posts
    ]


def write(name: str, hits: Sequence[Hit], view: View, about: Mapping[str, Any]) -> None:
    """Print results in one of `FORMATS` but `text`; `about` has what the whole answer says."""
    writers: dict[str, Callable[..., None]] = {
        "json": _json, "jsonl": _jsonl, "csv": _csv, "ids": _ids, "links": _links, "text0": _text0,
    }  # fmt: skip
    writers[name](hits, view, about)


def _json(hits: Sequence[Hit], view: View, about: Mapping[str, Any]) -> None:
    head = {"format_version": output.FORMAT_VERSION, **about}
    output.record(head | {"results": [values(hit, view) for hit in hits]})


def _jsonl(hits: Sequence[Hit], view: View, about: Mapping[str, Any]) -> None:
    for number, hit in enumerate(hits, 1):
        cursor = about["cursor"] if number == len(hits) else None
        output.record(values(hit, view) | {"cursor": cursor})


def _csv(hits: Sequence[Hit], _view: View, _about: Mapping[str, Any]) -> None:
    rows = [_row(hit) for hit in hits]
    output.csv_rows([CSV_COLUMNS, *rows])


def _row(hit: Hit) -> list[Any]:
    told = values(hit)
    first = told["first"]
    told |= {"first_channel": first["username"] or first["channel"], "first_date": first["date"]}
    told |= {f"matched_{name}": told["matched"][name] for name in ("post_id", "url", "date")}
    told["version"] = hit.version
    return [told[name] for name in CSV_COLUMNS]


def _ids(hits: Sequence[Hit], _view: View, _about: Mapping[str, Any]) -> None:
    for hit in hits:
        output.line(str(hit.post_id))


def _links(hits: Sequence[Hit], _view: View, _about: Mapping[str, Any]) -> None:
    """What has no link is told by its number, which `show` takes as well."""
    for hit in hits:
        output.line(safe.one_line(link(hit) or f"#{hit.post_id}"))


def _text0(hits: Sequence[Hit], _view: View, _about: Mapping[str, Any]) -> None:
    for hit in hits:
        output.text0(body(hit))
