"""`archiver nightly --install-hint`: a crontab line and systemd units for this machine."""

from __future__ import annotations

import getpass
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from archiver import config
from archiver.cli.backup import backup_folder
from archiver.cli.session import Session
from archiver.cli.units import TIMER, Place, service

_HINT = """\
# crontab -e
17 3 * * *  {cron} >> {log} 2>&1

# or systemd, as root. The folders it writes to must exist:
#   mkdir -p {folders}

# /etc/systemd/system/archiver.service
{service}
# /etc/systemd/system/archiver.timer
{timer}
# then: systemctl daemon-reload && systemctl enable --now archiver.timer
"""


def hint(session: Session, db: str | None) -> str:
    """The lines, with the program, the settings and the archive that are in use now."""
    words = [*_program(), *_settings(session), "nightly", "--db", str(session.path(db).absolute())]
    words += ["--if-locked", "skip"]
    folders = _folders(session, db)
    touched = [words[0], *words[2:3], *map(str, folders)]
    place = Place(
        user=_user(),
        command=" ".join(_for_systemd(word) for word in words),
        folders="ReadWritePaths=" + " ".join(_for_systemd(str(each)) for each in folders),
        home="read-only" if _in_a_home(touched) else "yes",
        tmp=in_tmp(touched),
    )
    return _HINT.format(
        cron=" ".join(_for_cron(word) for word in words),
        log=_for_cron(str(Path.home() / "archiver.log")),
        folders=" ".join(_for_cron(str(each)) for each in folders),
        service=service(place),
        timer=TIMER,
    )


def _program() -> list[str]:
    found = shutil.which(sys.argv[0]) or shutil.which("archiver")
    return [os.path.abspath(found)] if found else [sys.executable, "-m", "archiver"]


def _settings(session: Session) -> list[str]:
    if session.file is None or not session.file.exists():
        return []
    return ["--config", str(session.file.absolute())]


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a number without a name, as in a container
        return str(os.getuid())


def _folders(session: Session, db: str | None) -> list[Path]:
    """Where a night writes: archive, backups, session; none that lies in another of them."""
    archive = session.path(db).absolute()
    login = config.credentials(session.config).session.absolute()
    wanted = {archive.parent, login.parent, backup_folder(session, archive).absolute()}
    return sorted(each for each in wanted if wanted.isdisjoint(each.parents))


def _in_a_home(paths: Iterable[str]) -> bool:
    """Whether ProtectHome=yes would hide one of these."""
    return any(Path(path).parts[1:2] in (("home",), ("root",)) for path in paths)


def in_tmp(paths: Iterable[str]) -> bool:
    """Whether PrivateTmp=yes would hide one of these."""
    places = (Path("/tmp"), Path("/var/tmp"))
    return any(Path(path).is_relative_to(place) for path in paths for place in places)


def _for_cron(word: str) -> str:
    """As cron's shell reads it; cron itself makes a line end of a bare %."""
    safe = word.replace("%", "\\%")
    return f"'{safe}'" if any(c in word for c in ' "$&;()*?<>|`\\') else safe


def _for_systemd(word: str) -> str:
    r"""As systemd reads it: % and $ are doubled, the rest is in quotes where it has to be.

    >>> _for_systemd("/srv/100%/a b")
    '"/srv/100%%/a b"'
    """
    safe = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{safe}"' if any(c in word for c in " '\"\\;") else safe
