"""The 'search' command: one result a statement, newest first."""

from __future__ import annotations

import sqlite3
import sys
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from archiver import config
from archiver.cli import output
from archiver.cli.asking import FORMATS, Place, Scan, place_of, written
from archiver.cli.session import Session, db_option, now, pass_session, sought
from archiver.errors import NOTHING_FOUND, ConfigError
from archiver.store.search import FACETS, SORTS, How, Page, Seen, count, newest_post, page
from archiver.store.state import waiting
from archiver.text.query import parse
from archiver.text.tree import Query

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# "-storm" and "-harbour" are words to leave out: no short option may swallow them.
_WORDS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


def _complete(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    from archiver.cli.completing import complete_words

    return complete_words(ctx, parameter, incomplete)


class Asked(NamedTuple):
    """All that the command line says, but the words and the archive."""

    format: str
    every: bool
    originals: bool
    versions: bool
    only_count: bool
    by: str | None
    plot: Path | None
    sort: str
    limit: int | None
    cursor: str | None
    context: int
    thread: bool
    new: bool
    open_first: bool
    pager: bool


@click.command("search", context_settings=_WORDS)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, shell_complete=_complete)
@db_option
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text", help="How to show results."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: --format jsonl.")
@click.option(
    "--format-version",
    type=int,
    help="Fail unless the formats for programs are of this version (now 1).",
)
@click.option(
    "--all", "every", is_flag=True, help="Each copy on its own, not one result a statement."
)
@click.option(
    "--originals-only",
    "originals",
    is_flag=True,
    help="The first post of each statement, and never a forward.",
)
@click.option(
    "--versions", is_flag=True, help="Look into earlier wordings and deleted posts as well."
)
@click.option(
    "--sort",
    type=click.Choice(SORTS),
    default="newest",
    show_default=True,
    help="What comes first.",
)
@click.option("--limit", type=click.IntRange(1), help="At most so many results (default 20).")
@click.option("--cursor", metavar="PLACE", help="Go on where an earlier page ended.")
@click.option("--count", "only_count", is_flag=True, help="Only how many there are.")
@click.option("--by", type=click.Choice(FACETS), help="How many there are of each.")
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw what --by counts into an SVG file.",
)
@click.option(
    "--context", type=click.IntRange(0, 100), default=0, help="So many posts before and after."
)
@click.option("--thread", is_flag=True, help="What each result answers, and the answers to it.")
@click.option("--new", is_flag=True, help="Of a saved search: what came since it was last asked.")
@click.option("--open", "open_first", is_flag=True, help="Open the first result in the browser.")
@click.option("--pager", is_flag=True, help="Page through results on a terminal.")
@click.option("--tz", metavar="ZONE", help="Zone of dates shown and asked for (default UTC).")
@pass_session
def command(
    session: Session,
    /,
    words: tuple[str, ...],
    db: str | None,
    format_: str,
    as_json: bool,
    format_version: int | None,
    tz: str | None,
    **options: object,
) -> int:
    """Search the archive; one result a statement, newest first.

    \b
    harbour ferry        both words, in any form (ferries)
    =ferry  ferr*        exactly so; beginning so
    "grain harbour"      these words side by side; "..."~5: near each other
    ferry OR boat        either;   NOT storm, or -storm: without;   ( )
    chan:@name           in a channel (name, title, link; * for several)
    fwd:NAME             forwarded from there
    date:2025-03..05-01  posted then (also 7d, yesterday, 2025)
    has:photo  lang:uk  views:>1k  copies:>5  link:host  tag:#x  user:@x
    from:NAME            by this author
    /regex/              a regular expression;   @NAME: a saved search

    Everything else is text. `archiver help search` tells all of it. Exit code 1 means nothing was
    found.
    """
    if format_version not in (None, output.FORMAT_VERSION):
        raise ConfigError(
            f"this program writes version {output.FORMAT_VERSION} of its formats, not"
            f" {format_version}."
        )
    asked = Asked(format="jsonl" if as_json else format_, **options)  # type: ignore[arg-type]
    zone = config.zone(tz or session.config.search.timezone)
    _check(asked, words)
    return _Asking(session, session.path(db), session.read(db), asked, zone).run(sought(words))


def _check(asked: Asked, words: tuple[str, ...]) -> None:
    """What cannot stand together."""
    alone = " ".join(words).strip()
    if asked.every and asked.originals:
        raise ConfigError(
            "--all shows copies and --originals-only leaves them out; say one of the two"
        )
    if asked.new and not (alone.startswith("@") and " " not in alone):
        raise ConfigError("--new takes one saved search: archiver search @NAME --new")
    if asked.new and (asked.limit or asked.cursor):
        raise ConfigError("--new shows all that is new; --limit and --cursor would lose some of it")
    if asked.plot and not asked.by:
        raise ConfigError("--plot draws what --by counts; say --by month, for example")
    if asked.plot:
        from archiver.cli import shares

        shares.check_picture(asked.plot)
    if (asked.by or asked.only_count) and asked.format in ("ids", "links", "text0"):
        raise ConfigError(f"numbers cannot be shown as {asked.format}; take text, json or csv")


class _Asking:
    """One search: the archive, what was asked of it, and what is told."""

    def __init__(
        self, session: Session, path: Path, db: sqlite3.Connection, asked: Asked, zone: tzinfo
    ) -> None:
        self.session = session
        self.path = path
        self.db = db
        self.asked = asked
        self.zone = zone

    def run(self, text: str) -> int:
        """The exit code. All is read as it was at one moment, whatever is written meanwhile."""
        self.db.execute("BEGIN")
        if left := waiting(self.db):
            self.session.note(
                f"{output.plural(left, 'post')} not in the index yet: a sync is under way, or was"
                " killed and the next one puts them there"
            )
        if self.asked.new:
            return self.news(text)
        return self.answer(text, None)

    def answer(self, text: str, seen: Seen | None) -> int:
        query = parse(text, now=now(), zone=self.zone, saved=self.saved(text))
        how = How(
            sort=self.asked.sort,
            every=self.asked.every,
            originals=self.asked.originals,
            versions=self.asked.versions,
            seen=seen,
        )
        with Scan(self.session) as scan:
            return self.told(query, how, scan)

    def saved(self, text: str) -> dict[str, str]:
        if "@" not in text:
            return {}
        from archiver.store.saved import texts

        return texts(self.db)

    def news(self, text: str) -> int:
        """What came since a saved search was last asked; told, it counts as seen."""
        from archiver.store.saved import find, move, reached

        saved, here = find(self.db, text.strip()), reached(self.db)
        code = self.answer(text, saved.seen)
        sys.stdout.flush()
        if not (self.asked.only_count or self.asked.by):
            self.db.close()
            move(self.path, saved.name, here, now())
        return code

    def told(self, query: Query, how: How, scan: Scan) -> int:
        if self.asked.by:
            return self.spread(query, how, scan)
        if self.asked.only_count:
            return self.number(count(self.db, query, how=how, progress=scan))
        return self.results(query, how, scan)

    def number(self, found: int) -> int:
        name = self.asked.format
        if name == "text":
            output.line(str(found))
        elif name == "csv":
            output.csv_rows([["count"], [found]])
        else:
            output.record({"format_version": output.FORMAT_VERSION, "count": found})
        return 0 if found else NOTHING_FOUND

    def spread(self, query: Query, how: How, scan: Scan) -> int:
        from archiver.cli import shares
        from archiver.store.facets import shares as counted

        assert self.asked.by is not None
        found = counted(self.db, query, self.asked.by, how, self.zone, progress=scan)
        scan.close()
        if self.asked.format != "text":
            shares.write(self.asked.format, self.asked.by, found)
        elif found:
            written(shares.table(found), pager=self.asked.pager)
        else:
            self.session.note("Nothing found.")
        if self.asked.plot and found:
            shares.plot(found, f"{query.text}, by {self.asked.by}", self.asked.plot)
        return 0 if found else NOTHING_FOUND

    def results(self, query: Query, how: How, scan: Scan) -> int:
        place = place_of(self.asked.cursor, query, how) if self.asked.cursor else None
        how = place.continued(how) if place else how
        limit = None if self.asked.new else self.asked.limit or self.session.config.search.limit
        after = place.after if place else None
        found = page(self.db, query, how, limit=limit, after=after, progress=scan)
        scan.close()
        cursor = self.cursor(found, query, how)
        self.show(found, query, cursor)
        if self.asked.open_first:
            self.open(found)
        return 0 if found.hits else NOTHING_FOUND

    def cursor(self, found: Page, query: Query, how: How) -> str | None:
        if found.after is None:
            return None
        upto = newest_post(self.db) if how.upto is None else how.upto
        return str(Place.of(query, how, found.after, upto))

    def show(self, found: Page, query: Query, cursor: str | None) -> None:
        from archiver.cli import results

        view = results.View(self.db, self.zone, self.asked.context, self.asked.thread)
        if self.asked.format != "text":
            from archiver.cli import formats

            about = {"query": query.text, "sort": self.asked.sort, "cursor": cursor}
            formats.write(self.asked.format, found.hits, view, about)
            return
        written(results.lines(found.hits, view), pager=self.asked.pager)
        if not found.hits:
            from archiver.cli.hints import nothing

            self.session.note(nothing(self.db, query, new=self.asked.new))
        elif cursor:
            self.session.note(f"There is more: --cursor {cursor}")

    def open(self, found: Page) -> None:
        import webbrowser

        from archiver.cli.results import link

        links = [where for hit in found.hits if (where := link(hit))]
        if not links:
            self.session.note("None of the results has a link to open.")
        elif not webbrowser.open(links[0]):
            self.session.note(f"No browser could be started for {links[0]}.")
