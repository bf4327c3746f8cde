"""Real processes, killed and stopped at random moments: what they leave is true, and completed."""

from __future__ import annotations

import io
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from archiver.cli import run
from tests.server import Channel, World, hang
from tests.server.fixtures import Served, forget, serving

ROOT = Path(__file__).resolve().parents[2]
POSTS = 15_000  # more than all rounds together ask for
ROUNDS = 6  # of each kind
GRACE = 10.0  # seconds from a signal to the end
PATIENCE = 30.0


class Yard:
    """An archive that programs are started on, in processes of their own."""

    def __init__(self, served: Served, folder: Path) -> None:
        self.served, self.folder = served, folder
        self.db = folder / "archive.sqlite"
        config = served.config(folder)
        config.write_text(config.read_text() + "\n[sync]\nhistory_per_minute = 6000\n")
        self._env = {"ARCHIVER_DB": str(self.db), "ARCHIVER_CONFIG": str(config)}

    @contextmanager
    def started(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """The program, running; it is gone in the end."""
        process = subprocess.Popen(
            [sys.executable, "-m", "archiver", *arguments],
            env={**os.environ, **self._env, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, output and errors of a command, in this process: it has the libraries."""
        forget()
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self._env.items():
                patch.setenv(name, value)
            with redirect_stdout(out), redirect_stderr(err):
                code = run(list(arguments))
        return code, out.getvalue(), err.getvalue()

    def when_asked(self, number: int) -> threading.Event:
        """Is set when so many pages have been asked for from now on."""
        reached, left = threading.Event(), number

        def count(call: object) -> None:
            nonlocal left
            if type(getattr(call, "request", None)).__name__ == "GetHistoryRequest":
                left -= 1
                if left == 0:
                    reached.set()

        self.served.server.on_call = count
        return reached

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What another program would see in the file."""
        with closing(sqlite3.connect(self.db)) as connection:
            return connection.execute(query).fetchall()

    def archived(self, *, deleted: bool = False) -> dict[object, object]:
        """The texts by message id, those that live or those that are deleted."""
        state = "NOT NULL" if deleted else "NULL"
        sql = f"SELECT message_id, text FROM post WHERE deleted_at IS {state}"
        with closing(sqlite3.connect(self.db)) as connection:
            return dict(connection.execute(sql).fetchall())


@pytest.fixture
def yard(tmp_path: Path) -> Iterator[Yard]:
    """A server and an archive to be."""
    with serving(World()) as served:
        yield Yard(served, tmp_path)


def wait_for(what: Callable[[], object]) -> None:
    """Look again and again until it is so."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end
        time.sleep(0.002)


def is_true(yard: Yard, channel: Channel) -> None:
    """What is left behind claims nothing that it has not, and holds no half of anything."""
    [(said,)] = yard.rows("PRAGMA integrity_check")
    assert said == "ok"
    has = yard.archived().keys() | yard.archived(deleted=True).keys()
    for lo, hi in yard.rows("SELECT lo, hi FROM coverage"):
        at, end = channel.shelf.below(lo), channel.shelf.below(hi + 1)  # type: ignore[arg-type]
        assert has >= set(channel.ids[at:end])
    [(posts, raw)] = yard.rows("SELECT count(*), (SELECT count(*) FROM raw_post) FROM post")
    assert posts == raw


def happen(channel: Channel, dice: random.Random) -> None:
    """Between two runs a channel lives on."""
    channel.post(f"News {dice.random()} of the lighthouse.")
    channel.edit(channel.handle(dice.choice(channel.ids)), f"Corrected {dice.random()}.")
    channel.delete(dice.choice(channel.ids[:-1]))


def test_killed_and_stopped_at_random_moments_the_archive_becomes_what_the_server_is(
    yard: Yard,
) -> None:
    dice = random.Random(20250101)
    channel = yard.served.world.channel("harbour")
    channel.post_many(POSTS)
    assert yard.run("channels", "add", "@harbour")[0] == 0
    kinds = [signal.SIGKILL, signal.SIGTERM] * ROUNDS
    for number, kind in enumerate(kinds):
        reached = yard.when_asked(dice.randrange(2, 12))
        command = ("sync", "--no-dedup") if number % 3 else ("nightly",)
        with yard.started(*command) as process:
            assert reached.wait(PATIENCE)
            time.sleep(dice.random() * 0.03)
            began = time.monotonic()
            process.send_signal(kind)
            _out, err = process.communicate(timeout=PATIENCE)
            assert time.monotonic() - began < GRACE
        if kind == signal.SIGKILL:
            assert process.returncode == -signal.SIGKILL
        else:
            assert process.returncode == 7, err
            assert b"stopped by a signal" in err
        assert b"Traceback" not in err
        is_true(yard, channel)
        happen(channel, dice)
    yard.served.server.on_call = None
    code, out, err = yard.run("sync", "--no-dedup")
    assert (code, "Traceback" in err) == (0, False), err
    assert out.startswith("Synced 1 channel")
    assert yard.archived() == {number: each.text for number, each in channel.live().items()}
    assert yard.rows("SELECT lo, hi FROM coverage") == [(1, channel.ids[-1])]
    is_true(yard, channel)
    assert yard.rows("SELECT count(*) FROM unindexed") == [(0,)]
    assert yard.run("search", "lighthouse")[0] == 0
    assert yard.run("doctor")[0] == 0


def test_a_signal_before_the_first_request_is_no_traceback(yard: Yard) -> None:
    """While the libraries are loaded, which takes the better part of a second."""
    yard.served.world.channel("harbour").post_many(300)
    assert yard.run("channels", "add", "@harbour")[0] == 0
    lock = yard.db.with_name(yard.db.name + ".lock")
    lock.unlink(missing_ok=True)
    with yard.started("sync") as process:
        wait_for(lambda: lock.exists() and lock.read_bytes())
        process.send_signal(signal.SIGTERM)
        _out, err = process.communicate(timeout=GRACE)
    assert process.returncode == 7, err
    assert b"Traceback" not in err
    assert yard.run("sync")[0] == 0


def test_whoever_does_not_answer_is_left_in_time_and_a_second_run_waits_for_nobody(
    yard: Yard, tmp_path: Path
) -> None:
    """One server is silent in the middle of pages, another one from the first word on."""
    (tmp_path / "other").mkdir()
    with serving(World()) as silent:
        other = Yard(silent, tmp_path / "other")
        for each in (yard, other):
            each.served.world.channel("harbour").post_many(300)
            assert each.run("channels", "add", "@harbour")[0] == 0
        yard.served.server.fail("GetHistory", hang(), skip=1, times=None)
        silent.server.silent_connect = True
        reached = yard.when_asked(2)
        with yard.started("sync") as reading, other.started("sync") as connecting:
            assert reached.wait(PATIENCE)
            waits_for_nobody(yard, reading.pid)
            wait_for(lambda: silent.server.online)
            began = time.monotonic()
            for process in (reading, connecting):
                process.send_signal(signal.SIGTERM)
            told, said = reading.communicate(timeout=PATIENCE)
            assert time.monotonic() - began < GRACE
            _, gave_up = connecting.communicate(timeout=PATIENCE)
            assert time.monotonic() - began < GRACE
    assert (reading.returncode, connecting.returncode) == (7, 7), said + gave_up
    assert b"100 new" in told
    assert b"Traceback" not in said + gave_up
    assert yard.rows("SELECT lo, hi FROM coverage") == [(201, 300)]


def waits_for_nobody(yard: Yard, holder: int) -> None:
    """Another run on the same archive says who holds it, and asks nothing."""
    yard.served.do(yard.served.server.calls.clear)
    online = yard.served.server.online
    code, out, err = yard.run("sync")
    assert (code, out) == (8, "")
    assert f"(process {holder}" in err
    assert err.count("\n") == 1
    assert yard.run("nightly", "--if-locked", "skip")[0] == 0
    assert yard.served.do(yard.served.server.calls.tally) == {}
    assert yard.served.server.online == online


def test_a_second_signal_ends_at_once(yard: Yard) -> None:
    channel = yard.served.world.channel("harbour")
    channel.post_many(300)
    assert yard.run("channels", "add", "@harbour")[0] == 0
    reached = yard.when_asked(2)
    yard.served.server.fail("GetHistory", hang(), skip=1, times=None)
    with yard.started("sync") as process:
        assert reached.wait(PATIENCE)
        time.sleep(0.1)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        assert process.poll() is None, "the first one waits for what is in hand"
        process.send_signal(signal.SIGTERM)
        _out, err = process.communicate(timeout=GRACE)
        assert time.monotonic() - began < 3
    assert process.returncode == 7, err
    assert b"Traceback" not in err
    assert b"never retrieved" not in err
