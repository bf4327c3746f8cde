"""The 'demo' command: a small sample in, doubled bodies collapsed, copies grouped, two searches."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import click

from archiver.cli import output
from archiver.cli.session import Session, now, pass_session
from archiver.errors import ConfigError

SAMPLE = ("dump.txt", "result.json")
SEARCHES = ("lighthouse ferry", "причал OR пристань")


@click.command("demo")
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep the archive there (default: a temporary file).",
)
@pass_session
def command(session: Session, keep: Path | None) -> None:
    """Import a small sample, collapse it and search it.

    The sample is a text dump and a Telegram Desktop export of invented channels in English,
    Russian, Ukrainian and Arabic. No account, no settings, no network.
    """
    if keep is not None and keep.exists() and keep.stat().st_size:
        raise ConfigError(f"{keep} exists already; name a new file for the demo's archive.")
    with tempfile.TemporaryDirectory(prefix="archiver-demo-") as folder:
        path = keep or Path(folder) / "demo.sqlite"
        _build(session, path)
        for words in SEARCHES:
            _search(session, path, words)
    _next_steps(keep)


def _build(session: Session, path: Path) -> None:
    from archiver.cli.dedup import deduplicate
    from archiver.ingest import Hooks, ingest
    from archiver.sources import ReadOptions
    from archiver.store.store import Store

    output.line("1. Import two files: posts copied out of Telegram, and a Desktop export")
    with Store.open(path, create=True) as store, _sample() as sources:
        run = store.start_run("demo", now())
        options = ReadOptions(channel="my notes")
        for result in ingest(store, run, sources, options, Hooks(now)).files:
            output.line(f"   {result.path.name:<12} {output.plural(result.tally.new, 'post')}")
        deduped = deduplicate(session._replace(quiet=True), store, run)
        store.finish_run(run, now(), "done", {"new": deduped.looked_at})
    _tell_collapsed(path)
    _tell_grouped(path)


@contextlib.contextmanager
def _sample() -> Iterator[list[tuple[Path, Any]]]:
    from archiver.sources import detect

    with contextlib.ExitStack() as stack:
        paths = [stack.enter_context(as_file(files("archiver.sample") / name)) for name in SAMPLE]
        yield [(path, partial(detect.open_source, path)) for path in paths]


def _tell_collapsed(path: Path) -> None:
    from archiver.store.look import every
    from archiver.store.reading import open_reading
    from archiver.text.cuts import apply_cuts

    output.line()
    output.line("2. Collapse bodies that stand twice inside a post (nothing is deleted)")
    with contextlib.closing(open_reading(path)) as db:
        for found in every(db):
            if found.cuts:
                text = found.post.text
                after = len(apply_cuts(text, found.cuts))
                headline = _headline(text)
                output.line(f"   {len(text):>5,} -> {after:>5,} characters  {headline}")


def _headline(text: str) -> str:
    from archiver.text.safe import one_line, truncate

    first = next(iter(text.splitlines()), "")
    return truncate(one_line(first), 44)


def _tell_grouped(path: Path) -> None:
    from archiver.store.reading import open_reading
    from archiver.store.status import overview

    with contextlib.closing(open_reading(path)) as db:
        found = overview(db, path)
    output.line()
    output.line("3. Group the posts that are one statement: forwards and copies of the same text")
    output.line(
        f"   {output.plural(found['posts'], 'post')}"
        f" -> {output.plural(found['statements'], 'statement')}:"
        f" {output.plural(found['clustered'], 'post')} are {found['clusters']:,} statements,"
        f" each said more than once"
    )


def _search(session: Session, path: Path, words: str) -> None:
    from archiver.cli.search import command as search

    output.line()
    output.line(f"$ archiver search '{words}'")
    context = click.Context(search, obj=session)
    context.invoke(search, words=(words,), db=str(path), limit=3)


def _next_steps(keep: Path | None) -> None:
    where = f" --db {keep}" if keep else ""
    output.line()
    output.line("Next:")
    if keep:
        output.line(f"  archiver show 1{where}                 a post whole, with its copies")
        output.line(f"  archiver status{where}                 what the archive holds")
    else:
        output.line(
            "  archiver demo --keep demo.sqlite       keep this archive and look around in it"
        )
    output.line("  archiver import YOUR-EXPORT-OR-FOLDER  the same with posts of yours")
