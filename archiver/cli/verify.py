"""The 'verify' command: an archive, or a bundle of evidence, is as it should be."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.cli import output
from archiver.cli.session import Session, db_option, json_option, pass_session
from archiver.errors import ConfigError, StoreError
from archiver.text.safe import one_line

if TYPE_CHECKING:
    from archiver.verify.archive import Finding

_SQLITE = b"SQLite format 3\x00"


@click.command("verify")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--sha256", metavar="HEX", help="The bundle's manifest must be the one of this hash.")
@click.option(
    "--sample",
    type=click.IntRange(min=1),
    default=1_000,
    show_default=True,
    help="How many posts and words to look up one by one.",
)
@db_option
@json_option
@pass_session
def command(
    session: Session,
    file: Path | None,
    sha256: str | None,
    sample: int,
    db: str | None,
    as_json: bool,
) -> int:
    """Check the archive, or a bundle that `export --bundle` wrote.

    A bundle is checked anywhere, without an archive: whatever was changed, taken out or added is
    named. Without FILE the archive itself: the file, the search index, coverage, statements, and
    some posts against the bytes Telegram sent. Exit code 6 when something is wrong.
    """
    if file is not None and not _is_archive(file):
        return _bundle(session, file, sha256, as_json)
    if sha256 is not None:
        raise ConfigError("--sha256 is for a bundle; name its file.")
    return _archive(session, str(file) if file else db, sample, as_json)


def _is_archive(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False  # the check of bundles says what is wrong


def _bundle(session: Session, file: Path, sha256: str | None, as_json: bool) -> int:
    from archiver.verify.bundle import check

    found = check(file, sha256)
    _tell(as_json, (("bundle", said) for said in found.findings))
    if found.findings:
        session.note(f"{file} is not as it was made.")
        return StoreError.exit_code
    files = {each["name"]: each["lines"] for each in found.manifest["files"]}
    posts, versions = (files[f"{name}.jsonl"] for name in ("posts", "versions"))
    if as_json:
        output.record({"format_version": output.FORMAT_VERSION, "sound": True, "posts": posts,
                       "versions": versions, "sha256": found.digest})  # fmt: skip
    else:
        output.line(f"Sound: {output.plural(posts, 'post')}, {output.plural(versions, 'version')}.")
        output.line(f"SHA-256 of the manifest: {found.digest}")
    return 0


def _archive(session: Session, db: str | None, sample: int, as_json: bool) -> int:
    from archiver.verify.archive import findings

    with closing(session.read(db)) as connection:
        connection.execute("BEGIN")
        found: list[Finding] = list(findings(connection, sample))
    found += _index(session, db, sample)
    _tell(as_json, found)
    if found:
        session.note("Something is wrong with this archive; keep a copy of it, restore a backup.")
        return StoreError.exit_code
    if as_json:
        output.record({"format_version": output.FORMAT_VERSION, "sound": True})
    else:
        output.line("Sound.")
    return 0


def _index(session: Session, db: str | None, sample: int) -> list[Finding]:
    """The search index can only be looked at by who may write; a read-only file is not."""
    from archiver.verify.archive import index_findings

    try:
        with session.write(db) as store:
            return list(index_findings(store.path, sample))
    except StoreError as error:
        session.note(f"The search index was not looked at: {error}")
        return []


def _tell(as_json: bool, found: Iterable[tuple[str, str]]) -> None:
    for about, said in found:
        if as_json:
            output.record({"format_version": output.FORMAT_VERSION, "about": about, "said": said})
        else:
            output.line(f"WRONG  {one_line(about)}: {one_line(said)}")
