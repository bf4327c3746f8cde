"""The 'restore' command: put a backup in the place of the archive."""

from __future__ import annotations

from pathlib import Path

import click

from archiver.cli import output
from archiver.cli.session import Session, db_option, now, pass_session
from archiver.errors import ConfigError, InputError


@click.command("restore")
@click.argument("backup", type=click.Path(dir_okay=False, path_type=Path), metavar="BACKUP")
@click.option("--yes", is_flag=True, help="Also when an archive stands there; it is kept beside.")
@db_option
@pass_session
def command(session: Session, backup: Path, yes: bool, db: str | None) -> None:
    """Put a backup in the place of the archive.

    The backup is checked first. An archive that stands there is kept beside it, under
    NAME.before-restore-DATE; nothing is deleted.
    """
    from archiver.locks import hold
    from archiver.store.backups import restorable, restore

    path = session.path(db)
    if not backup.is_file():
        raise InputError(f"there is no backup {backup}.")
    if path.exists() and not yes:
        restorable(backup)
        raise ConfigError(
            f"{path} exists; say --yes to put the backup in its place (it is kept beside it)."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = hold(path, "restore")
    try:
        aside = restore(backup, path, now())
    finally:
        lock.release()
    output.line(f"Restored {path} from {backup}.")
    if aside is not None:
        output.line(f"What stood there is {aside}.")
