"""Whom a night tells how it went: a command on failure, an address that watches over cron jobs."""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import Any

from archiver.cli.session import Session
from archiver.text.safe import one_line

PATIENCE = 10.0  # seconds for an address; a watcher that is down must not hold up the archive
COMMAND_PATIENCE = 60.0


def failed(session: Session, summary: dict[str, Any]) -> None:
    """Run the command of the settings with the summary on its standard input."""
    command = session.config.nightly.on_failure
    if not command:
        return
    text = json.dumps(summary, ensure_ascii=False, default=str) + "\n"
    try:
        done = subprocess.run(
            shlex.split(command),
            input=text.encode("utf-8", "replace"),
            timeout=COMMAND_PATIENCE,
            check=False,
        )
        said = f"ended with {done.returncode}" if done.returncode else ""
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        said = f"failed: {error}"
    if said:
        session.note(one_line(f"archiver: the on_failure command {said}"))


def ping(session: Session, url: str, end: str) -> None:
    """Ask for the address, as watchers of cron jobs expect it; an error is only noted."""
    if not url:
        return
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    if not url.startswith(("http://", "https://")):
        session.note("archiver: ping_url is no http address; nothing was told")
        return
    whole = f"{url.rstrip('/')}/{end}" if end else url
    try:
        with urlopen(Request(whole, headers={"User-Agent": "archiver"}), timeout=PATIENCE):
            pass
    except (URLError, OSError, ValueError) as error:
        session.note(one_line(f"archiver: the ping of {whole} failed: {error}"))
