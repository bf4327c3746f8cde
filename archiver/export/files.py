"""Files and folders that appear under their name whole, or not at all."""

from __future__ import annotations

import contextlib
import ctypes
import glob
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from archiver.errors import ConfigError, StoreError

# In a folder that we made, and may therefore replace.
MARK = ".made-by-archiver"
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux
_HERE = -100  # AT_FDCWD


@contextlib.contextmanager
def new_file(target: Path) -> Iterator[IO[bytes]]:
    """A new file that takes its name only when all of it is on the disk.

    Raises StoreError where it cannot be written; an earlier file of that name is then as it was.
    """
    with _told(target):
        if target.exists() and not target.is_file():  # /dev/null, a pipe
            with target.open("wb") as file:
                yield file
            return
        target = Path(os.path.realpath(target))
        part = _part(target)
        try:
            with part.open("xb+") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
            _sync(target.parent)
        finally:
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A new folder that takes the place of an earlier one in one step, when all is written.

    Raises ConfigError for a folder that holds other things, StoreError as `new_file` does.
    """
    target = Path(os.path.realpath(target))
    _refuse_strangers(target)
    with _told(target):
        part = _part(target)
        try:
            part.mkdir()
            (part / MARK).write_bytes(b"")
            yield part
            _sync_all(part)
            _swap(part, target)
            _sync(target.parent)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _part(target: Path) -> Path:
    """The name until all is written; what killed exports left under such names is removed."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        number = left.name.split(".")[-2]
        if number.isdecimal() and not _runs(int(number)):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
    return target.with_name(f".{target.name}.{os.getpid()}.part")


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # another user's
        return True
    return True


def _refuse_strangers(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise ConfigError(f"{target} is a file; this form needs the name of a folder.")
    if target.exists() and any(target.iterdir()) and not (target / MARK).exists():
        raise ConfigError(
            f"{target} holds other things, which an export would replace; name a new folder."
        )


def _swap(part: Path, target: Path) -> None:
    """`part` becomes `target`; what was there is then under the name of `part`."""
    if not target.exists():
        part.rename(target)
    elif not _exchanged(part, target):
        aside = part.with_suffix(".old.part")
        target.rename(aside)
        part.rename(target)
        shutil.rmtree(aside, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Swap two names in one step, where the system can; without it there is a gap between two."""
    if sys.platform != "linux":
        return False
    with contextlib.suppress(OSError, AttributeError):
        rename = ctypes.CDLL(None, use_errno=True).renameat2
        return bool(rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)
    return False


def _sync_all(folder: Path) -> None:
    for where, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(where, name), "rb") as file:
                os.fsync(file.fileno())
        _sync(Path(where))


def _sync(folder: Path) -> None:
    """The names in a folder on the disk; not every system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = error.strerror or str(error)
        raise StoreError(f"cannot write {target}: {said}; nothing was kept.") from error
