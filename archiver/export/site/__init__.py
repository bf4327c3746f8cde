"""A static site in a folder: an index, channels, months with their posts, repeated statements.

It needs no server and no script. Posts stand at `c/CHANNEL/2025-03.html#pNUMBER`, statements at
`s/PAGE.html#sNUMBER`, by the numbers that `archiver search` shows after #.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from archiver.export.records import Chosen
from archiver.export.site.page import page, words
from archiver.export.site.places import POSTS, UNDATED, Month, Places
from archiver.export.site.posts import article
from archiver.export.site.statements import sections
from archiver.store import exporting


def write(chosen: Chosen, folder: Path) -> int:
    """Write the pages into an empty folder; how many posts there are."""
    places = Places(chosen.light(), exporting.albums(chosen.db))
    rows = {row["id"]: row for row in exporting.channels(chosen.db, places.months)}
    _save(folder / "index.html", page(chosen.title, _index(places, rows)))
    for channel_id, months in places.months.items():
        title = _name(rows[channel_id])
        ordered = [months[name] for name in sorted(months)]
        head = page(title, _months(ordered), [("../../index.html", "All channels")])
        _save(folder / "c" / str(channel_id) / "index.html", head)
        for month in ordered:
            _write_month(chosen, places, folder, month, title)
    for path, clusters in places.statement_pages():
        body = sections(chosen.db, places, clusters)
        _save(folder / path, page("Repeated statements", body, _around(places, path)))
    return places.count


def _save(path: Path, lines: Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
        file.writelines(lines)


def _name(row: dict[str, Any]) -> str:
    return row["title"] or (row["username"] and f"@{row['username']}") or str(row["tg_id"])


def _posts(count: int) -> str:
    return "1 post" if count == 1 else f"{count:,} posts"


def _index(places: Places, rows: dict[int, dict[str, Any]]) -> Iterator[str]:
    yield f'<p class="facts">{_posts(places.count)}. All times are UTC.</p>\n'
    if places.clusters:
        yield '<p><a href="s/1.html">Repeated statements</a></p>\n'
    yield '<h2>Channels</h2>\n<ul class="plain">\n'
    for channel_id, months in places.months.items():
        row = rows[channel_id]
        count = sum(len(month.keys) for month in months.values())
        handle = f" {words('@' + row['username'])}" if row["username"] and row["title"] else ""
        link = f'<a href="c/{channel_id}/index.html">{words(_name(row))}</a>'
        yield f"<li>{link}{handle}<br><small>{_posts(count)}, {_span(months)}</small></li>\n"
    yield "</ul>\n"


def _span(months: dict[str, Month]) -> str:
    """From when to when, and how many posts have no date."""
    dated = sorted(months.keys() - {UNDATED})
    told = [" to ".join(dict.fromkeys((dated[0], dated[-1])))] if dated else []
    if UNDATED in months:
        told.append(f"{len(months[UNDATED].keys):,} undated")
    return ", ".join(told)


def _months(months: list[Month]) -> Iterator[str]:
    yield '<ul class="months">\n'
    for month in months:
        for part in range(month.parts):
            name = Path(month.path(part)).name
            more = f" ({part + 1})" if part else ""
            count = min(POSTS, len(month.keys) - part * POSTS)
            link = f'<a href="{escape(name, quote=True)}">{month.name}{more}</a>'
            yield f"<li>{link}<br><small>{_posts(count)}</small></li>\n"
    yield "</ul>\n"


def _write_month(chosen: Chosen, places: Places, folder: Path, month: Month, title: str) -> None:
    ways = [("../../index.html", "All channels"), ("index.html", words(title))]
    for part in range(month.parts):
        keys = month.keys[part * POSTS : (part + 1) * POSTS]
        here = list(ways)
        if part:
            here.append((Path(month.path(part - 1)).name, "← Earlier"))
        if part + 1 < month.parts:
            here.append((Path(month.path(part + 1)).name, "Later →"))
        body = (line for post in chosen.posts(keys) for line in article(chosen.db, places, post))
        _save(folder / month.path(part), page(title, body, here, f", {month.name}"))


def _around(places: Places, path: str) -> Iterator[tuple[str, str]]:
    yield "../index.html", "All channels"
    number = int(Path(path).stem)
    if number > 1:
        yield f"{number - 1}.html", "← Back"
    if path != list(places.statement_pages())[-1][0]:
        yield f"{number + 1}.html", "On →"
