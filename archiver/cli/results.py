"""Results of a search for people: a few lines each, hits marked, at the terminal's width."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, NamedTuple

import click

from archiver.cli import output
from archiver.store.first import HEADER, VERSION
from archiver.store.hits import Hit
from archiver.text import safe
from archiver.text.cuts import apply_cuts
from archiver.text.refs import permalink
from archiver.text.snippet import Snippet, snippet, spans

if TYPE_CHECKING:
    from archiver.store.around import Neighbour

_NAME, _SHORTEST = 24, 8  # columns of a channel's name; below 8 who was first gets its own line
_LONGEST = 34  # of the first one's, which has no link beside it: any @name has room


class View(NamedTuple):
    """How results are shown: dates in which zone, how much of what stands around them."""

    db: sqlite3.Connection
    zone: tzinfo
    context: int = 0
    thread: bool = False


def body(hit: Hit) -> str:
    """The text without what repeats inside it."""
    return apply_cuts(hit.text, hit.cuts)


def matched_body(hit: Hit) -> str:
    """The text of the post that was found, without what repeats inside it."""
    return body(hit) if hit.matched_text is None else apply_cuts(hit.matched_text, hit.matched_cuts)


def matched_link(hit: Hit) -> str | None:
    """Where the post that was found can be seen."""
    return permalink(hit.matched_username, hit.matched_tg_id, hit.matched_message)


def text_of(hit: Hit) -> tuple[str, bool]:
    """The text to show on one line, and whether it is that of the copy that was found.

    It is where the post shown has fewer of the words: copies differ, and an unmarked text would
    not say why it was found.
    """
    own = safe.one_line(body(hit))
    if hit.matched_text is None:
        return own, False
    its = safe.one_line(matched_body(hit))
    better = len(_marked_words(its, hit)) > len(_marked_words(own, hit))
    return (its, True) if better else (own, False)


def _marked_words(text: str, hit: Hit) -> set[str]:
    return {text[start:end].casefold() for start, end in spans(text, hit.marks)}


def link(post: Hit | Neighbour) -> str | None:
    """Where a post can be seen."""
    return permalink(post.username, post.tg_id, post.message_id)


def lines(hits: list[Hit], view: View) -> Iterator[str]:
    """All results, a blank line between two."""
    for number, hit in enumerate(hits):
        if number:
            yield ""
        yield from _one(hit, view)


def _one(hit: Hit, view: View) -> Iterator[str]:
    before, after = _around(hit, view)
    yield from (_neighbour(post, "↑" if view.thread else "-", view) for post in before)
    yield from _head(hit, view.zone)
    room = output.columns() - 2
    text, its = text_of(hit)
    shown = fitting(text, hit, room)
    yield f"  {_marked(shown)}" if shown.text else f"  ({hit.media_kind or 'no'} without words)"
    yield f"  {_where(hit, view.zone, its)}"
    yield from (_neighbour(post, "↳" if view.thread else "+", view) for post in after)


def fitting(text: str, hit: Hit, columns: int) -> Snippet:
    """A snippet that fits on a line, whatever its characters' widths."""
    shown = snippet(text, hit.marks, columns - 2)
    taken = safe.width(shown.text)
    if taken > columns:
        shown = snippet(text, hit.marks, max(10, (columns - 2) * len(shown.text) // taken - 2))
    return shown


def _around(hit: Hit, view: View) -> tuple[list[Neighbour], list[Neighbour]]:
    if not (view.thread or view.context):
        return [], []
    from archiver.store.around import context, thread

    if view.thread:
        return thread(view.db, hit.post_id)
    return context(view.db, hit.post_id, view.context)


def _neighbour(post: Neighbour, sign: str, view: View) -> str:
    """A post beside a result, on one line."""
    text = safe.one_line(post.text) or f"({safe.one_line(post.media_kind or 'no')} without words)"
    gone = " (deleted)" if post.deleted else ""
    told = f"  {sign} {output.when(post.date, view.zone)}  #{post.post_id}{gone}  {text}"
    return click.style(safe.truncate(told, output.columns()), dim=True)


def _head(hit: Hit, zone: tzinfo) -> Iterator[str]:
    """When and where, how often it was repeated, and who was first: that is never left out.

    Where a line is too narrow for all, the year, the number of channels and the title give way.
    """
    when, label = output.when(hit.date, zone), output.channel_label(*_channel(hit), hit.tg_id)
    room = output.columns() - safe.width(when) - 2
    ways, counts = _with_first(hit, zone), _counts(hit)
    wide, narrow = (room - min(safe.width(label), each) for each in (_NAME, _SHORTEST))
    told = _that_fits(ways, wide) or _that_fits(ways[-1:], narrow)
    copies = told or _that_fits(counts, wide) or counts[-1]
    label = safe.truncate(label, max(_SHORTEST, room - safe.width(copies)))
    yield f"{when}  {click.style(label, bold=True)}{click.style(copies, fg='cyan')}"
    if ways and told is None:
        by = _BY[hit.first_by][0]
        first = f"  first {_first(hit)}{output.when(hit.first_date, zone)}{by}"
        yield click.style(safe.truncate(first, output.columns()), fg="cyan")


def _that_fits(ways: Sequence[str], room: int) -> str | None:
    return next((each for each in ways if safe.width(each) <= room), None)


def _channel(hit: Hit) -> tuple[str, str | None]:
    return hit.channel, hit.username


def _counts(hit: Hit) -> tuple[str, ...]:
    """How often a statement was repeated; the longer way first."""
    if not hit.copies:
        return ("",)
    copies = f"  +{output.plural(hit.copies, 'copy', 'copies')}"
    return f"{copies} in {output.plural(hit.channels, 'channel')}", copies


def _with_first(hit: Hit, zone: tzinfo) -> tuple[str, ...]:
    """The same with who was first, where that is not the post shown; the longest way first."""
    if hit.first_date is None or (hit.first_date == hit.date and hit.first_by is None):
        return ()
    if not hit.copies and hit.first_by != VERSION:
        return ()
    date, (long, short) = output.when(hit.first_date, zone), _BY[hit.first_by]
    day = date[5 * (date[:5] == output.when(hit.date, zone)[:5]) :]  # the year, if it is another
    first, brief, least = (
        f"first {_first(hit)}{d}" for d in (date + long, day + long, day + short)
    )
    if not hit.copies:
        return f"  {first}", f"  {brief}", f"  {least}"
    whole, copies = _counts(hit)
    ways = f"{whole}, {first}", f"{whole}, {brief}", f"{copies}, {brief}"
    return *ways, f"  +{hit.copies:,}, {least}"


# What else than a post as it stands now says who was first; the longer way, and the shorter one.
_BY = {
    None: ("", ""),
    VERSION: (" in an earlier version", " (edited)"),
    HEADER: (" by a forward's header", " (header)"),
}


def _first(hit: Hit) -> str:
    """The channel that was first, a blank behind it; nothing where it is that of the post shown."""
    if (hit.first_channel, hit.first_username) == _channel(hit):
        return ""
    username = hit.first_username
    label = output.channel_label("" if username else hit.first_channel, username)
    return f"{safe.truncate(label, _LONGEST)} " if label else ""


def _where(hit: Hit, zone: tzinfo, its: bool) -> str:
    own = f"#{hit.post_id}"
    flags = "".join(f"  {word}" for word, on in _flags(hit, zone) if on)
    told = filter(None, [link(hit), own, _matched(hit, zone, its)])
    return click.style("  ".join(told), dim=True) + flags


def _matched(hit: Hit, zone: tzinfo, its: bool) -> str:
    """The copy that was found, where another post is shown: its date is the result's place.

    Not in the line of the copies, where a terminal of 80 columns would have no room for it.
    """
    if hit.matched == hit.post_id:
        return ""
    named = hit.matched_username and hit.matched_message > 0
    ref = f"@{safe.one_line(hit.matched_username or '')}/{hit.matched_message}"
    told = f"matched {output.when(hit.matched_date, zone)} {ref if named else f'#{hit.matched}'}"
    if hit.matched_since is not None:
        told += f" edited {output.when(hit.matched_since, zone)}"
    return f"{told} (its text)" if its else told


def _flags(hit: Hit, zone: tzinfo) -> list[tuple[str, bool]]:
    earlier = "an earlier version"
    if hit.version_edited is not None:
        earlier += f" of {output.when(hit.version_edited, zone)}"
    return [
        (click.style(earlier, fg="magenta"), hit.version is not None),
        (_edited(hit, zone), hit.edited is not None and hit.version is None),
        (click.style("deleted", fg="red"), hit.deleted),
        (f"with {safe.one_line(hit.media_kind or '')}", bool(hit.media_kind)),
    ]


def _edited(hit: Hit, zone: tzinfo) -> str:
    """That the post was edited; and when, where that edit made it say so."""
    return (
        "edited" if hit.since is None else f"said so by an edit of {output.when(hit.since, zone)}"
    )


def _marked(shown: Snippet) -> str:
    """The snippet with its hits in bold, or between ** where the terminal has no colours."""
    parts, at = [], 0
    for start, end in shown.spans:
        hit = shown.text[start:end]
        parts.append(shown.text[at:start])
        parts.append(click.style(hit, fg="yellow", bold=True) if output.colour() else f"**{hit}**")
        at = end
    return "".join([*parts, shown.text[at:]])
