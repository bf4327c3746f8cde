"""`python -m tests.server` is a world that the client finds alive."""

from __future__ import annotations

import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from telethon import TelegramClient
from telethon.sessions import SQLiteSession

from tests.server.demo import Life
from tests.server.fixtures import forget, hang_up
from tests.server.timeouts import hard_timeout
from tests.server.world import World


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[list[str]]:
    """What the program prints until it is ready; it runs as long as the test."""
    command = [sys.executable, "-m", "tests.server", "--posts", "30", "--prepare", str(tmp_path)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        told = []
        for line in process.stdout:
            told.append(line.rstrip())
            if line.startswith("Ready on"):
                break
        yield told
        process.terminate()
        process.stdout.close()
    forget()


def test_a_person_can_try_it(lines: list[str], tmp_path: Path) -> None:
    @hard_timeout
    async def look() -> None:
        settings = tomllib.loads((tmp_path / "config.toml").read_text())["telegram"]
        sess = SQLiteSession(settings["session"])
        sess.save_entities = False
        c = TelegramClient(sess, settings["api_id"], settings["api_hash"], receive_updates=False)
        await c.connect()
        assert [m.text async for m in c.iter_messages("harbour_news", limit=1)]
        assert [dialog.name for dialog in await c.get_dialogs()] == ["Harbour office"]
        await hang_up(c)

    assert stat.S_IMODE((tmp_path / "config.toml").stat().st_mode) == 0o600
    assert any("@harbour_news @tide_watch" in line for line in lines)
    look()


def test_the_same_seed_lives_the_same_life() -> None:
    lives = []
    for _ in range(2):
        life = Life(World(), 3, seed=7)
        life.history(120)
        lives.append([(id_, seen.text) for c in life.channels for id_, seen in c.live().items()])
    assert lives[0] == lives[1]
    assert len(lives[0]) > 200


def test_it_needs_no_library_of_the_tests() -> None:
    code = (
        "import sys, runpy; sys.modules.update(pytest=None, hypothesis=None);"
        "sys.argv = ['server', '--help']; runpy.run_module('tests.server', run_name='__main__')"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "--prepare" in done.stdout


def test_invented_posts_have_an_archive_of_their_own(lines: list[str], tmp_path: Path) -> None:
    settings = tomllib.loads((tmp_path / "config.toml").read_text())
    assert settings["database"] == str(tmp_path / "archive.sqlite")
    assert f"export ARCHIVER_CONFIG={tmp_path / 'config.toml'}" in lines
