"""'channels similar': which channels copy which, as text, JSON, a table or a graph."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from contextlib import closing

from archiver.cli import output
from archiver.cli.clusters import period
from archiver.cli.session import Session
from archiver.errors import NOTHING_FOUND
from archiver.spread import Similar, copying, similar
from archiver.store.copies import Named, named
from archiver.store.said import of_all
from archiver.text import safe

_HEAD = ("source", "copier", "statements", "forwards", "near", "median_lag_seconds", "share",
         "unsure")  # fmt: skip
_COPIES = "  copies  "


def show_similar(
    session: Session, db: str | None, form: str, date: str | None, fewest: int, limit: int
) -> int:
    """Print the pairs, the most frequent first."""
    since, until = period(date, session)
    with closing(session.read(db)) as connection:
        pairs = similar(copying(of_all(connection, since, until), since, until), fewest)[:limit]
        known = named(connection, {c for p in pairs for c in (p.source, p.copier)})
    names = {key: safe.one_line(_label(each)) for key, each in known.items()}
    if form in ("gexf", "graphml"):
        from archiver.graphs import graph

        output.raw(graph(pairs, names, form))
    elif form == "csv":
        output.raw(_table(pairs, known, names).encode("utf-8", "replace"))
    else:
        for pair in pairs:
            _line(pair, known, names, form == "json")
    if not pairs and form == "text":
        told = output.plural(fewest, "statement")
        session.note(f"Nothing found: no channel repeats {told} of another (--fewest).")
    return 0 if pairs else NOTHING_FOUND


def _label(each: Named) -> str:
    return output.channel_label(each.title, each.username, each.tg_id or each.id)


def _values(pair: Similar, known: Mapping[int, Named], names: Mapping[int, str]) -> list[object]:
    share = round(pair.statements / max(1, known[pair.copier].posts), 4)
    return [
        names[pair.source], names[pair.copier], pair.statements, pair.forwards, pair.near,
        pair.lag, share, pair.unsure,
    ]  # fmt: skip


def _table(pairs: Sequence[Similar], known: Mapping[int, Named], names: Mapping[int, str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEAD)
    for pair in pairs:
        writer.writerow([_defused(value) for value in _values(pair, known, names)])
    return text.getvalue()


def _defused(value: object) -> object:
    """A name that a spreadsheet would take for a formula is marked as text."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
        return f"'{value}"
    return value


def _line(
    pair: Similar, known: Mapping[int, Named], names: Mapping[int, str], as_json: bool
) -> None:
    values = dict(zip(_HEAD, _values(pair, known, names), strict=True))
    if as_json:
        output.record({"format_version": output.FORMAT_VERSION, **values})
        return
    copier, source = names[pair.copier], names[pair.source]
    kinds = f"{output.plural(pair.forwards, 'forward')}, {pair.near:,} edited"
    if pair.unsure:
        kinds += f"; {pair.unsure:,} edited since by the source"
    lag = f"  median lag {output.lag(pair.lag)[1:]}  ({kinds})"
    head, room = f"{output.plural(pair.statements, 'statement'):>16}  ", output.room()
    if len(head) + safe.width(copier + source) + len(_COPIES) + len(lag) <= room:
        output.line(f"{head}{copier}{_COPIES}{source}{lag}")
        return
    left = room - len(head) - len(_COPIES)
    copier = safe.truncate(copier, max(left // 2, left - safe.width(source)))
    source = safe.truncate(source, left - safe.width(copier))
    output.line(f"{head}{copier}{_COPIES}{source}")
    output.wrapped(" " * (len(head) - 2) + lag, len(head))
