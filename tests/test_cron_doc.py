"""docs/cron.md tells the truth: its lines work in cron's bare surroundings."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.fixtures import Served

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = (ROOT / "docs" / "cron.md").read_text(encoding="utf-8")
LINES = re.findall(r"^    \S+ \S+ \* \* \*  (.*archiver.*)$", DOCUMENT, re.MULTILINE)


@pytest.fixture
def home(served: Served, tmp_path: Path) -> Path:
    """A person's home: the program where the document has it, settings and session as usual."""
    home = tmp_path / "home"
    program = home / ".local" / "bin" / "archiver"
    program.parent.mkdir(parents=True)
    program.write_text(
        f"#!/bin/sh\nPYTHONPATH='{ROOT}' exec '{sys.executable}' -m archiver \"$@\"\n"
    )
    program.chmod(0o755)
    settings = home / ".config" / "archiver" / "config.toml"
    settings.parent.mkdir(parents=True)
    shutil.copy(served.config(home), settings)
    served.world.channel("harbour").post_many(120)
    added = cron(home, "$HOME/.local/bin/archiver channels add @harbour")
    assert added.returncode == 0, added.stderr
    return home


def cron(home: Path, line: str) -> subprocess.CompletedProcess[str]:
    """Run a line the way cron runs it: its shell, its four variables, its working folder."""
    bare = {"HOME": str(home), "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LOGNAME": "somebody"}
    told = [f"{name}={value}" for name, value in bare.items()]
    return subprocess.run(
        ["/usr/bin/env", "-i", *told, "/bin/sh", "-c", line.replace("\\%", "%")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=home,
        check=False,
    )


def test_the_line_of_the_document_does_a_night_and_logs_it(home: Path) -> None:
    line = LINES[0]
    assert "nightly --if-locked skip >> $HOME/archiver.log 2>&1" in line
    done = cron(home, line)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    log = (home / "archiver.log").read_text()
    assert "done         @harbour: 120 new (2 pages)" in log
    assert "Synced 1 channel: 120 new" in log
    archive = home / ".local" / "share" / "archiver" / "archive.sqlite"
    assert archive.exists()


def test_the_line_that_mails_says_nothing_of_a_good_night_and_the_code_of_a_bad_one(
    home: Path, served: Served
) -> None:
    line = LINES[1]
    done = cron(home, line)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    served.do(lambda: served.server.revoke(401, "SESSION_REVOKED"))
    done = cron(home, line)
    assert "archiver: exit code 3" in done.stdout
    assert "archiver login" in done.stderr, "the mail says what to do"


def test_every_line_is_one_that_cron_understands() -> None:
    assert len(LINES) == 2
    for line in LINES:
        assert not re.search(r"(?<!\\)%", line), "cron makes a line end of it"
        assert line.startswith("$HOME/"), "cron's PATH does not have it"
