"""`archiver nightly --install-hint`: a crontab line and systemd units for this machine."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from archiver.cli.session import Session

_UNITS = """\
# crontab -e
17 3 * * *  {command} --if-locked skip >> {log} 2>&1

# ~/.config/systemd/user/archiver.service
[Unit]
Description=Archive Telegram channels
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={command} --if-locked skip
TimeoutStopSec=20

# ~/.config/systemd/user/archiver.timer
[Unit]
Description=Archive Telegram channels every night

[Timer]
OnCalendar=*-*-* 03:17:00
RandomizedDelaySec=15min
Persistent=true

[Install]
WantedBy=timers.target

# then: systemctl --user enable --now archiver.timer && loginctl enable-linger
"""


def hint(session: Session, db: str | None) -> str:
    """The lines, with the program, the settings and the archive that are in use now."""
    words = [_program()]
    if session.file is not None and session.file.exists():
        words += ["--config", str(session.file.absolute())]
    words += ["nightly", "--db", str(session.path(db).absolute())]
    command = " ".join(_quoted(word) for word in words)
    return _UNITS.format(command=command, log=_quoted(str(Path.home() / "archiver.log")))


def _program() -> str:
    found = shutil.which(sys.argv[0]) or shutil.which("archiver")
    return os.path.abspath(found) if found else f"{sys.executable} -m archiver"


def _quoted(word: str) -> str:
    """As both cron's shell and systemd read it; % means something to both."""
    safe = word.replace("%", "\\%")
    return f'"{safe}"' if any(c in word for c in " '\"$&;()") else safe
