"""Backups of the archive: a consistent copy while others read and write, checked, rotated.

The copy is made by SQLite's backup API in one step, which reads one snapshot: writers go on. It has
its final name only once it is whole, checked and on the disk.
"""

from __future__ import annotations

import contextlib
import glob
import os
import re
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archiver.errors import InputError, StoreError
from archiver.store.migrate import current_revision
from archiver.store.reading import open_reading
from archiver.store.version import HEAD

_NAME = re.compile(r"(?P<stem>.+)-(?P<stamp>\d{8}T\d{6})Z\.sqlite")
_STAMP = "%Y%m%dT%H%M%S"
# What a copy may need beside the file itself: the log that is merged into it.
_ROOM = 1.1
ALWAYS = 3
# A copy is written all the time it is made; what lies still for an hour was killed.
_LONG_AGO = 3_600
# Counts of a run that say how much was looked at, not that anything changed.
_LOOKED_AT = frozenset(
    ("channels", "pages", "unchanged", "clusters", "looked_at", "failed", "cut_posts",
     "cut_characters")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: where it is, when it was made (Unix seconds), its size in bytes."""

    path: Path
    made: int
    size: int


def make(archive: Path, folder: Path, now: int) -> Backup:
    """Copy the archive into `folder`, check the copy, give it its name.

    Raises StoreError for an archive that cannot be read, a disk without room, a copy that is not
    sound.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the folder {folder}: {error.strerror}.") from error
    _check_room(archive, folder)
    stamp = datetime.fromtimestamp(now, UTC).strftime(_STAMP)
    final = folder / f"{archive.stem}-{stamp}Z.sqlite"
    half = folder / f".{final.name}.half"
    _clear(folder.glob(f".{glob.escape(archive.stem)}-*Z.sqlite.half*"), now)
    try:
        _copy(archive, half)
        check(half)
        _settle(half, final)
    except OSError as error:
        raise StoreError(f"cannot write the backup {final}: {error.strerror}.") from error
    finally:
        _clear(folder.glob(f"{glob.escape(half.name)}*"))
    return Backup(final, now, final.stat().st_size)


def _clear(halves: Iterable[Path], now: int | None = None) -> None:
    """Remove what was not finished; with `now` only what nobody can be writing any more."""
    for left in halves:
        with contextlib.suppress(FileNotFoundError):
            if now is None or now - left.stat().st_mtime > _LONG_AGO:
                left.unlink()


def _check_room(archive: Path, folder: Path) -> None:
    need = int(archive.stat().st_size * _ROOM) if archive.exists() else 0
    free = shutil.disk_usage(folder).free
    if free < need:
        raise StoreError(
            f"no room for a backup in {folder}: {need // 1_000_000:,} MB are needed,"
            f" {free // 1_000_000:,} MB are free."
        )


def _copy(archive: Path, target: Path) -> None:
    """All pages of one snapshot, without a log beside them."""
    with contextlib.closing(open_reading(archive)) as source:
        fresh = sqlite3.connect(target, isolation_level=None)
        with contextlib.closing(fresh):
            try:
                source.backup(fresh)
                fresh.execute("PRAGMA journal_mode=DELETE")
            except sqlite3.Error as error:
                raise StoreError(
                    f"the backup of {archive} failed ({error}); look at the disk of {target.parent}"
                    " and its free space."
                ) from error


def check(path: Path) -> None:
    """A backup can be opened, is of this program and sound. Raises StoreError."""
    if current_revision(path) is None:
        raise StoreError(f"{path} is not an archive.")
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    with contextlib.closing(db):
        try:
            found = [row[0] for row in db.execute("PRAGMA quick_check(3)")]
        except sqlite3.DatabaseError as error:
            found = [str(error)]
    if found != ["ok"]:
        raise StoreError(f"{path} is damaged: {found[0]}.")


def _settle(half: Path, final: Path) -> None:
    """On the disk first, under its name then."""
    os.chmod(half, 0o600)
    for place in (half, half.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    os.replace(half, final)


def existing(folder: Path, archive: Path) -> list[Backup]:
    """The backups of an archive in a folder, newest first."""
    found = []
    for path in folder.glob("*.sqlite") if folder.is_dir() else ():
        match = _NAME.fullmatch(path.name)
        if match and match["stem"] == archive.stem:
            moment = datetime.strptime(match["stamp"], _STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, int(moment.timestamp()), path.stat().st_size))
    return sorted(found, key=lambda each: -each.made)


def to_keep(made: Iterable[int], daily: int, weekly: int, monthly: int) -> set[int]:
    """Which backups stay: the newest of each of the last days, weeks and months that have one.

    And the last three whatever their dates: one made by hand before something risky must outlive
    the night after it.

    >>> day = 86_400
    >>> sorted(to_keep([1 * day, 2 * day, 2 * day + 9, 40 * day, 40 * day + 1], 2, 0, 0))
    [172809, 3456000, 3456001]
    """
    kept: set[int] = set()
    newest_first = sorted(set(made), reverse=True)
    for form, count in (("%Y-%m-%d", daily), ("%G-%V", weekly), ("%Y-%m", monthly)):
        periods: dict[str, int] = {}
        for moment in newest_first:
            periods.setdefault(datetime.fromtimestamp(moment, UTC).strftime(form), moment)
        kept |= set(list(periods.values())[:count])
    return kept | set(newest_first[:ALWAYS])


def rotate(
    folder: Path,
    archive: Path,
    daily: int = 7,
    weekly: int = 4,
    monthly: int = 12,
    just_made: Backup | None = None,
) -> list[Path]:
    """Remove the backups that are not kept; which those were.

    The one that was `just_made` stays whatever its date: a clock that was set back must not cost
    the only copy of today.
    """
    backups = existing(folder, archive)
    kept = to_keep((each.made for each in backups), daily, weekly, monthly)
    kept |= {just_made.made} if just_made else set()
    gone = [each.path for each in backups if each.made not in kept]
    for path in gone:
        path.unlink()
    return gone


def ended_runs(backup: Path) -> set[int]:
    """The runs that a backup knows the end of; none for a file that cannot be read."""
    db = sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    with contextlib.closing(db), contextlib.suppress(sqlite3.DatabaseError):
        found = db.execute("SELECT id FROM run WHERE finished IS NOT NULL")
        return {number for (number,) in found}
    return set()


def changed_since(runs: Iterable[Mapping[str, Any]], known: set[int]) -> bool:
    """Whether any run whose end a backup does not know did more than look.

    `runs` are rows of `run` with `counts` read; one that was killed may have saved anything.
    """
    return any(not _is_quiet(run) for run in runs if run["id"] not in known)


def _is_quiet(run: Mapping[str, Any]) -> bool:
    if run["command"] in ("backup", "index optimize"):
        return True
    if run["status"] is None or run["counts"] is None:
        return False
    return not any(
        value for name, value in run["counts"].items()
        if name not in _LOOKED_AT and isinstance(value, int)
    )  # fmt: skip


def restorable(backup: Path) -> None:
    """A backup can be put in the place of an archive. Raises InputError."""
    if not backup.is_file():
        raise InputError(f"there is no backup {backup}.")
    try:
        check(backup)
    except StoreError as error:
        raise InputError(f"{error} It was not restored.") from error
    if (current_revision(backup) or "") > HEAD:
        raise InputError(f"{backup} was made by a newer version of archiver; install that first.")


def restore(backup: Path, archive: Path, now: int) -> Path | None:
    """Put a backup in the place of the archive; where the archive that stood there is now.

    The caller holds the archive's lock. Raises InputError for a file that is no sound backup,
    StoreError where it cannot be copied.
    """
    restorable(backup)
    _check_room(backup, archive.parent)
    half = archive.with_name(f".{archive.name}.half")
    try:
        shutil.copyfile(backup, half)
        _keep_log(half)
        aside = _set_aside(archive, now)
        _settle(half, archive)
    except (OSError, sqlite3.Error) as error:
        said = getattr(error, "strerror", None) or error
        raise StoreError(f"cannot restore to {archive}: {said}.") from error
    finally:
        half.unlink(missing_ok=True)
    return aside


def _keep_log(half: Path) -> None:
    """A backup has no log beside it; an archive does, or readers and writers would wait in turn."""
    with contextlib.closing(sqlite3.connect(half, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")


def _set_aside(archive: Path, now: int) -> Path | None:
    """The archive that is replaced stays beside, whole; its log must not meet the new file.

    It keeps its first name too until the new one takes that, so that a kill leaves one of the two.
    """
    if not archive.exists():
        return None
    _merge_log(archive)
    aside = _beside(archive, now)
    while aside.exists() and not aside.samefile(archive):  # another restore of the same second
        now += 1
        aside = _beside(archive, now)
    if not aside.exists():  # a restore that was killed in this second has linked it already
        os.link(archive, aside)
    for end in ("-wal", "-shm"):
        beside = archive.with_name(archive.name + end)
        if beside.exists():
            os.replace(beside, aside.with_name(aside.name + end))
    return aside


def _beside(archive: Path, now: int) -> Path:
    stamp = datetime.fromtimestamp(now, UTC).strftime(_STAMP)
    return archive.with_name(f"{archive.name}.before-restore-{stamp}Z")


def _merge_log(archive: Path) -> None:
    """Raises StoreError while another program reads; a damaged file keeps its log as it is."""
    with contextlib.suppress(sqlite3.DatabaseError):
        db = sqlite3.connect(archive, timeout=1)
        with contextlib.closing(db):
            busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StoreError(f"another program is reading {archive}; close it and try again.")
