"""What asking takes: places of pages, a line that says how far a scan is, paging."""

from __future__ import annotations

import sys
import time
import zlib
from collections.abc import Iterable
from types import TracebackType
from typing import NamedTuple

import click

from archiver.cli import output
from archiver.cli.session import Session
from archiver.errors import ConfigError
from archiver.store.search import How
from archiver.text.tree import Query

FORMATS = ("text", "json", "jsonl", "csv", "ids", "links", "text0")

# A scan shorter than this says nothing.
_PATIENCE = 1.0


class Place(NamedTuple):
    """Where a page of a search ended: behind which result, and what the archive held then.

    As text it is three numbers; the last one tells the search it belongs to.
    """

    after: int
    upto: int
    search: int

    @classmethod
    def of(cls, query: Query, how: How, after: int, upto: int) -> Place:
        """The place of a search."""
        return cls(after, upto, _mark(query, how))

    def __str__(self) -> str:
        return f"{self.after:d}.{self.upto:d}.{self.search:08x}".replace("-", "m")

    def continued(self, how: How) -> How:
        """The manner of asking, of what the archive held then."""
        return how._replace(upto=self.upto)


def place_of(text: str, query: Query, how: How) -> Place:
    """The place that --cursor names. Raises ConfigError for one of another search."""
    try:
        after, upto, search = text.replace("m", "-").split(".")
        place = Place(int(after), int(upto), int(search, 16))
    except ValueError:
        raise ConfigError(f"--cursor {text!r} is no place that a search told.") from None
    if place.search != _mark(query, how):
        raise ConfigError("--cursor belongs to another search: words, sort and options must agree.")
    return place


def _mark(query: Query, how: How) -> int:
    asked = f"{query.text}\0{how.sort}{how.every}{how.originals}{how.versions}"
    return zlib.crc32(asked.encode("utf-8", "replace"))


class Scan:
    """Says on a terminal how many posts a regular expression has looked at, once it takes long."""

    def __init__(self, session: Session) -> None:
        self._shown = False
        self._quiet = session.quiet or not sys.stderr.isatty()
        self._began = time.monotonic()

    def __enter__(self) -> Scan:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __call__(self, posts: int) -> None:
        if self._quiet or time.monotonic() - self._began < _PATIENCE:
            return
        self._shown = True
        click.echo(f"\r{posts:,} posts looked at; a whole word would be faster", nl=False, err=True)

    def close(self) -> None:
        """Wipe the line out."""
        if self._shown:
            click.echo("\r\033[K", nl=False, err=True)
            self._shown = False


def written(lines: Iterable[str], *, pager: bool) -> None:
    """Print lines, a page at a time where a person asked for it."""
    if pager and sys.stdout.isatty():
        click.echo_via_pager((line + "\n" for line in lines), color=output.colour())
        return
    for line in lines:
        output.line(line)
