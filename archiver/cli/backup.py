"""The 'backup' command: a checked copy of the archive, and the rotation of older ones."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archiver.cli import output
from archiver.cli.session import Session, db_option, json_option, now, pass_session

if TYPE_CHECKING:
    from archiver.store.backups import Backup


DAY = 86_400


@dataclass(frozen=True, slots=True)
class Backed:
    """What came of it: the new backup, None where nothing changed; which older ones went."""

    made: Backup | None
    last: Backup | None
    removed: tuple[Path, ...] = ()


@click.command("backup")
@click.argument(
    "folder", required=False, type=click.Path(file_okay=False, path_type=Path), metavar="[DIR]"
)
@click.option("--force", is_flag=True, help="Even when nothing changed since the last backup.")
@click.option("--list", "listing", is_flag=True, help="Only list the backups there are.")
@db_option
@json_option
@pass_session
def command(
    session: Session, folder: Path | None, force: bool, listing: bool, db: str | None, as_json: bool
) -> None:
    """Copy the archive, check the copy, remove old ones.

    Works while others read and write. The copy has its name only once it is whole, opened and
    found sound. Kept are the last three and the newest of each of the last 7 days, 4 weeks and 12
    months ([backup] in the settings). Nothing is copied when nothing changed. The session file is
    never in it.
    """
    path = session.path(db)
    place = folder or backup_folder(session, path)
    if listing:
        _list(path, place, as_json)
        return
    done = back_up(session, path, place, force=force)
    if as_json:
        output.record({"format_version": output.FORMAT_VERSION, **record_of(done)})
    else:
        output.line(told(done))


def backup_folder(session: Session, archive: Path) -> Path:
    """Where backups go: the settings, or `backups` beside the archive."""
    named = session.config.backup.folder
    return Path(named).expanduser() if named else archive.parent / "backups"


def back_up(session: Session, archive: Path, folder: Path, *, force: bool = False) -> Backed:
    """Make a backup unless nothing changed, and rotate. Raises StoreError."""
    from archiver.store import backups
    from archiver.store.reading import open_reading
    from archiver.store.status import runs_since

    last = next(iter(backups.existing(folder, archive)), None)
    with closing(open_reading(archive)) as connection:
        if last is not None and not force:
            # A day back: a run under way at the last backup has ended since.
            known = backups.ended_runs(last.path)
            since = runs_since(connection, last.made - DAY, max(known, default=0))
            if not backups.changed_since(since, known):
                return Backed(None, last)
    made = backups.make(archive, folder, now())
    rules = session.config.backup
    gone = backups.rotate(folder, archive, rules.daily, rules.weekly, rules.monthly, made)
    return Backed(made, last, tuple(gone))


def told(done: Backed) -> str:
    """The outcome in a sentence."""
    if done.made is None:
        assert done.last is not None
        return f"Nothing changed since the backup of {output.when(done.last.made)}."
    removed = f"; {output.plural(len(done.removed), 'old one')} removed" if done.removed else ""
    return f"Backup {done.made.path} ({output.size(done.made.size)}), checked{removed}."


def record_of(done: Backed) -> dict[str, Any]:
    """The outcome for programs."""
    return {
        "backup": str(done.made.path) if done.made else None,
        "bytes": done.made.size if done.made else None,
        "unchanged_since": output.iso(done.last.made) if done.last and not done.made else None,
        "removed": [str(path) for path in done.removed],
    }


def _list(archive: Path, folder: Path, as_json: bool) -> None:
    from archiver.store.backups import existing

    for each in existing(folder, archive):
        if as_json:
            output.record(
                {"format_version": output.FORMAT_VERSION, "backup": str(each.path),
                 "made": output.iso(each.made), "bytes": each.size}
            )  # fmt: skip
        else:
            output.line(f"{output.when(each.made)}  {output.size(each.size):>9}  {each.path}")
