"""What the commands about statements say: albums, nothing found, real reasons, lines that fit."""

from __future__ import annotations

import os
import pty
import re
import sqlite3
import subprocess
import sys
import termios
from contextlib import closing
from pathlib import Path

import pytest

from archiver.cli import _after_interruption, run
from archiver.text.safe import width
from tests.cli.terminal import ROOT
from tests.cli.test_commands import BODY, post, records, write
from tests.test_near import BRIDGE, HARVEST

LONG = "The Harbour and Quay Gazette of the Northern Towns and Islands"


def photos(first: int, count: int, channel: str, text: str = "") -> list[dict[str, object]]:
    """An album; its first photo has the words."""
    return [
        post(
            number,
            text if number == first else "",
            channel,
            media_kind="photo",
            grouped_id=70 + first,
            date="2025-03-01T10:00:00Z",
        )
        for number in range(first, first + count)
    ]


@pytest.fixture
def told(archiver, tmp_path: Path):  # type: ignore[no-untyped-def]
    """`told(records...)`: import them; what the import said."""

    def run(*posts: dict[str, object]) -> str:
        done = archiver("import", str(write(tmp_path / "posts.jsonl", *posts)))
        assert done.returncode == 0, done.stderr
        return str(done.stdout.decode() + done.stderr.decode())

    return run


def on_a_screen(db: Path, columns: int, *arguments: str) -> list[str]:
    """The lines of the program whose standard output is a terminal of that width."""
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, columns))
    env = {**os.environ, "ARCHIVER_DB": str(db), "PYTHONPATH": str(ROOT), "COLUMNS": str(columns)}
    command = [sys.executable, "-m", "archiver", *arguments]
    with subprocess.Popen(command, stdout=slave, stderr=slave, cwd=db.parent, env=env) as process:
        os.close(slave)
        said = b""
        while data := _read(master):
            said += data
    os.close(master)
    assert process.returncode == 0, said
    return said.decode().replace("\r\n", "\n").splitlines()


def _read(line: int) -> bytes:
    try:
        return os.read(line, 65536)
    except OSError:  # EIO: the other end is closed
        return b""


def test_an_album_is_one_copy_in_the_first_hour(archiver, told) -> None:  # type: ignore[no-untyped-def]
    told(*photos(1, 4, "@harbour", BODY), *photos(11, 3, "@pier", BODY))
    [found] = records(archiver("clusters", "--json"))
    assert (found["posts"], found["copies"], found["first_hour"]) == (7, 1, 1)


def test_undated_statements_have_no_first_hour(archiver, told) -> None:  # type: ignore[no-untyped-def]
    told(post(1, date=None), post(2, channel="@pier", date=None))
    [found] = records(archiver("clusters", "--json"))
    assert (found["copies"], found["first_hour"]) == (1, 0)


def test_an_album_that_nobody_repeated_is_an_album(archiver, told, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    said = told(*photos(1, 3, "@harbour", BODY))
    assert "3 posts stand together as albums" in said
    assert "none repeats what others said" in said
    assert "statements with copies" not in said
    assert "0 with 0 copies, 1 album;" in archiver("status").stdout.decode()
    assert "This album: 3 posts" in archiver("show", "@harbour/1").stdout.decode()
    assert archiver("export", "--format", "html", "--output", "site").returncode == 0
    assert not (tmp_path / "site" / "s").exists()
    pages = "".join(page.read_text() for page in (tmp_path / "site").rglob("*.html"))
    assert "Repeated statements" not in pages
    assert "one of an album of 3 posts" in pages


def test_an_album_that_is_repeated_later_is_a_new_statement(told) -> None:  # type: ignore[no-untyped-def]
    told(*photos(1, 3, "@harbour", BODY))
    said = told(post(9, channel="@pier"))
    assert "Looked at 1 post:" in said
    assert "4 posts came into statements that were made more than once (first posts, also" in said
    assert "1 statement with copies now (1 new)" in said


def test_nothing_is_never_said_by_silence(archiver, told) -> None:  # type: ignore[no-untyped-def]
    told(post(1), post(2, channel="@pier"))
    for arguments, code, why in (
        (("clusters", "--date", "2019"), 1, "Nothing found."),
        (("clusters", "--by", "speed"), 1, "3 copies or more"),
        (("channels", "similar"), 1, "2 statements of another"),
        (("saved", "list"), 0, "No searches are saved"),
    ):
        done = archiver(*arguments)
        assert (done.returncode, done.stdout) == (code, b"")
        assert why in done.stderr.decode()
    assert "3 copies or more" in re.sub(r"\s+", " ", archiver("clusters", "--help").stdout.decode())


BOTH = f"{BRIDGE} {HARVEST}"
EDITED = BRIDGE.replace("old bridge", "old stone bridge").replace("asked", "advised")
REWORDED = EDITED
for word, other in {"northern": "upper", "governor": "mayor", "harvest": "fair"}.items():
    REWORDED = REWORDED.replace(word, other)
REWORDED = REWORDED.replace("pillars", "piers").replace("flood", "spring tide")
REWORDED = REWORDED.replace("trains", "coaches")
BOAT = "The night boat waited outside without a word because of fog. More at noon."
OPEN = BRIDGE.replace("will be closed", "will be open")
TUG = BOAT.replace("The night boat", "A tug")
BLAMED = "This morning Norway blamed Iceland for nets that were cut near the bank. More at noon."
BLAMING = BLAMED.replace("Norway blamed Iceland", "Iceland blamed Norway")
AT_NIGHT = "The coastguard says that Norway fired at the lighthouse on the cape. More at noon."
OTHERS = AT_NIGHT.replace("Norway", "Iceland")


@pytest.mark.parametrize(
    ("first", "then", "channel", "date", "why"),
    [
        (BRIDGE, BOTH, "@pier", "2025-03-01T08:30:00Z", "has the whole earlier one in it"),
        (BRIDGE, REWORDED, "@pier", "2025-03-02T09:00:00Z", "90% is asked where 20 hours or more"),
        (BRIDGE, EDITED, "@harbour", "2025-03-01T08:30:00Z", "a rule keeps them apart"),
        (BOAT, TUG, "@pier", "2025-03-01T08:30:00Z", "with other words in the same places"),
        (BRIDGE, OPEN, "@pier", "2025-03-01T08:30:00Z", "the opposite of the other: closed | open"),
        (BLAMED, BLAMING, "@pier", "2025-03-01T08:30:00Z", "are exchanged: norway | iceland"),
        (AT_NIGHT, OTHERS, "@pier", "2025-03-01T08:30:00Z", "another name: norway | iceland"),
    ],
    ids=["contains", "next-day", "template", "filled-anew", "opposite", "exchanged", "name"],
)
def test_why_names_what_decided_though_the_score_is_over_half(  # type: ignore[no-untyped-def]
    archiver, told, first: str, then: str, channel: str, date: str, why: str
) -> None:
    told(post(1, first, date="2025-03-01T08:00:00Z"), post(2, then, channel, date=date))
    said = archiver("why", "1", "2").stdout.decode()
    share = re.search(r"probability ([0-9.]+)%, by what these two weigh", said)
    assert share is not None
    assert float(share[1]) > 50
    assert why in said
    assert "what differs weighs more" not in said


def test_pages_tell_lags_deletions_and_counters_as_show_does(  # type: ignore[no-untyped-def]
    archiver, told, db: Path, tmp_path: Path
) -> None:
    late = post(2, channel="@pier", date="2025-03-08T09:59:59Z", views=1, forwards=0)
    told(post(1, date="2025-03-01T10:00:00Z"), late)
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute(
            "UPDATE post SET deleted_at = date + 60, deleted_evidence = 'difference'"
            " WHERE message_id = 2"
        )
    assert archiver("export", "--format", "html", "--output", "site").returncode == 0
    pages = "".join(page.read_text() for page in (tmp_path / "site").rglob("*.html"))
    shown = archiver("show", "@pier/2").stdout.decode()
    for fact in ("+6 d 23 h", "(Telegram said so)", "1 view"):
        assert fact in pages
        assert fact in shown
    assert "1 views" not in pages + shown


def test_lines_fit_the_terminal_and_are_whole_in_a_pipe(  # type: ignore[no-untyped-def]
    archiver, told, db: Path
) -> None:
    names = {f"@{each}": f"{LONG} {each}" for each in ("harbour", "pier", "quay")}
    posts = [
        post(n, text, at, channel_title=names[at], views=1, forwards=1)
        for n, (text, at) in enumerate(
            ((BRIDGE, "@harbour"), (EDITED, "@pier"), (BOTH, "@quay")), 1
        )
    ]
    told(*posts, post(4, HARVEST, "@harbour"), post(5, HARVEST, "@pier"))
    for arguments in (
        ("clusters",),
        ("channels", "similar", "--fewest", "1"),
        ("spread", "@pier/2"),
        ("why", "@harbour/1", "@pier/2"),
        ("why", "@harbour/1", "@quay/3"),
        ("status",),
    ):
        lines = [line for line in on_a_screen(db, 80, *arguments) if str(db) not in line]
        assert lines
        assert max(map(width, lines)) <= 80, (arguments, lines)
    for arguments in (("clusters",), ("channels", "similar", "--fewest", "1"), ("spread", "2")):
        piped = archiver(*arguments).stdout.decode().splitlines()
        assert any(len(line) > 120 for line in piped), arguments
        told_80 = archiver(*arguments, env={"COLUMNS": "80"}).stdout.decode().splitlines()
        assert max(map(width, told_80)) <= 80, arguments
    assert "1 view, 1 forward\n" in archiver("show", "@harbour/1").stdout.decode()


def test_only_what_writes_says_when_interrupted_that_it_saved_something(tmp_path: Path) -> None:
    file = write(tmp_path / "posts.jsonl", post(1))
    db = ("--db", str(tmp_path / "a.sqlite"))
    assert run(["import", str(file), *db]) == 0
    assert "what was saved is kept" in _after_interruption()
    assert run(["search", "zeppelin", *db]) == 1
    assert _after_interruption() == "."
