"""The 'import' command: posts from files, then collapse and dedup over what is new."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archiver import config
from archiver.cli import import_lines, output
from archiver.cli.progress import Bar
from archiver.cli.session import (
    Session,
    bulk_work,
    db_option,
    json_option,
    mishap,
    now,
    pass_session,
)
from archiver.errors import INCOMPLETE, ArchiverError, InputError

if TYPE_CHECKING:
    from archiver.ingest import Ingested
    from archiver.model import Tally
    from archiver.sources import ReadOptions
    from archiver.sources.folders import LeftOut


@click.command("import")
@click.argument(
    "paths", metavar="FILE|FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--format",
    "format_name",
    metavar="NAME",
    help="Of the file, such as desktop-html; found out by default.",
)
@click.option(
    "--channel",
    metavar="NAME",
    help="The channel that received a dump's posts (default: the file's name).",
)
@click.option(
    "--timezone", metavar="ZONE", help="Zone of local times in old exports, such as Europe/Kyiv."
)
@click.option(
    "--encoding", metavar="NAME", help="Encoding of a text file that is not UTF-8, such as cp1251."
)
@click.option(
    "--separator",
    metavar="TEXT",
    help="What parts the posts of a text: 'blank', or a rule such as --- (also a longer one).",
)
@click.option(
    "--columns",
    metavar="FIELD=COLUMN,...",
    help="Which columns of CSV, or keys of JSON, hold what, such as text=body,id=no.",
)
@click.option(
    "--all-chats", is_flag=True, help="Take groups and private chats of an account's export too."
)
@click.option(
    "--no-dedup", is_flag=True, help="Leave collapsing and grouping to a later `archiver dedup`."
)
@db_option
@json_option
@pass_session
def command(
    session: Session, /, paths: tuple[Path, ...], db: str | None, as_json: bool, **given: Any
) -> int:
    """Import posts from files or folders of exports.

    Reads Telegram Desktop's exports (JSON and HTML), saved pages of t.me/s, dumps of Telethon,
    CSV and plain JSON, tg-archive, text dumps ("Forwarded from NAME" before each post), archiver's
    own JSONL, and merges other archives. Importing a file again adds only what is new. What
    cannot be read is counted, kept in the archive's event table and makes the exit code 7;
    so do files of a folder that look like an export (.json, .csv, pages of Telegram) and are not
    read, and a folder without exports beside others that have some. Texts and other pages, such as
    a README.txt, are only named.
    """
    from archiver.cli.dedup import dedup_lines, deduplicate

    options = _options(session, given)
    # Posts of a text that is parted need no line "Forwarded from": nothing else tells what it is.
    otherwise = "text" if given["separator"] else None
    opening = {"format_name": given["format_name"], "otherwise": otherwise}
    sources, left = _sources(paths, opening | {"table": bool(given["columns"])})
    with bulk_work(), session.write_new(db) as store:
        run = store.start_run("import", now())
        try:
            result = _import(session, store, run, sources, options)
            deduped = None
            if not (given["no_dedup"] or result.stopped or result.failed):
                deduped = deduplicate(session, store, run)
        except ArchiverError as error:
            store.finish_run(run, now(), "failed", mishap(error))
            raise
        told = import_lines.counts(result.tally) | import_lines.reasons(result, left)
        complete = result.complete and not left.data
        outcome = "done" if complete else "refused" if result.failed else "incomplete"
        store.finish_run(run, now(), outcome, told)
        problems = store.problems(run)
    if as_json:
        import_lines.record(result, left, deduped, store.path)
    else:
        import_lines.say(session, result, store.path, problems)
        import_lines.say_left(session, left)
        if given["separator"] and all(file.format != "text" for file in result.files):
            session.note("note: --separator is for texts, and none of the files was read as one")
        for line in dedup_lines(deduped) if deduped else ():
            output.line(line)
    if result.failed:
        return InputError.exit_code
    return 0 if complete else INCOMPLETE


def _options(session: Session, given: dict[str, Any]) -> ReadOptions:
    from archiver.sources import ReadOptions
    from archiver.sources.columns import parse

    columns = parse(given["columns"]) if given["columns"] else None
    zone = given["timezone"] or session.config.import_.timezone
    encoding = given["encoding"] or session.config.import_.encoding
    if encoding:
        _check_encoding(encoding)
    return ReadOptions(
        channel=given["channel"],
        timezone=config.zone(zone) if zone else None,
        encoding=encoding or None,
        separator=given["separator"],
        all_chats=given["all_chats"],
        columns=columns,
    )


def _check_encoding(name: str) -> None:
    import codecs

    from archiver.errors import ConfigError

    try:
        codecs.lookup(name)
    except LookupError as error:
        raise ConfigError(f"{name!r} is no encoding; cp1251 and koi8-r are.") from error


def _sources(
    paths: tuple[Path, ...], told: dict[str, Any]
) -> tuple[list[tuple[Path, Any]], LeftOut]:
    """Every file to read with what opens it, and what folders have besides.

    Raises InputError before anything is written, where one thing alone is named.
    """
    from archiver.sources import detect
    from archiver.sources.folders import LeftOut, left_out

    if told["format_name"] is not None:
        detect.reader_named(told["format_name"])
    for missing in (path for path in paths if not path.exists()):
        raise InputError(f"{missing} does not exist; nothing was imported.")
    files: list[Path] = []
    left = LeftOut()
    for path in paths:
        try:
            files += (found := detect.expand(path))
        except InputError:
            if not paths[1:]:
                raise
            files.append(path)  # opening it says why it cannot be read; the others are imported
            continue
        if path.is_dir():
            left = left.and_of(left_out(path, found))
    opening = partial(detect.open_source, **told)
    return [(file, partial(opening, file)) for file in files], left


def _import(session: Session, store: Any, run: int, sources: Any, options: Any) -> Ingested:
    from archiver.ingest import Hooks, ingest

    total = sum(path.stat().st_size for path, _ in sources if path.is_file())
    before: dict[Path, int] = {}
    with _stop_flag() as stop, Bar("Importing", total, "posts", quiet=session.quiet) as bar:

        def progress(path: Path, taken: int, tally: Tally) -> None:
            bar.advance(taken - before.get(path, 0), tally.new + tally.changed + tally.unchanged)
            before[path] = taken

        return ingest(store, run, sources, options, Hooks(now, progress, lambda: bool(stop)))


@contextmanager
def _stop_flag() -> Iterator[list[int]]:
    """A list that fills when somebody asks us to stop: the batch in hand is finished first."""
    asked: list[int] = []

    def ask(number: int, _frame: object) -> None:
        asked.append(number)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
