"""What every test may ask for: a real archive in a real file, and the real command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.store.store import Store
from tests import archives
from tests.newsroom import Newsroom

SEEDS = 20

pytest_plugins = ["tests.server.fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--seeds 300`: how many random histories of a sync are told."""
    parser.addoption("--seeds", type=int, default=SEEDS, help="random histories of a sync")
    parser.addoption("--first-seed", type=int, default=0, help="where their numbers begin")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a `history_seed` is run once for each."""
    if "history_seed" in metafunc.fixturenames:
        first, count = (metafunc.config.getoption(o) for o in ("--first-seed", "--seeds"))
        metafunc.parametrize("history_seed", range(first, first + count))


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings or the archive of the person who runs it."""
    for name in [n for n in os.environ if n.startswith(("ARCHIVER_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("COLUMNS", raising=False)  # whatever the terminal, or the runner, is like


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Where the test's archive lies."""
    return tmp_path / "archive.sqlite"


@pytest.fixture
def store(db: Path) -> Iterator[Store]:
    """An empty archive, made by the migrations."""
    with archives.opened(db) as store:
        yield store


@pytest.fixture
def room(store: Store) -> Newsroom:
    """A small world of channels over the archive."""
    return Newsroom(store)


@pytest.fixture
def archiver(tmp_path: Path, db: Path):  # type: ignore[no-untyped-def]
    """The real program in a process of its own: `archiver("search", "harbour")`."""

    def run(*arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None):  # type: ignore[no-untyped-def]
        return subprocess.run(
            [sys.executable, "-m", "archiver", *arguments],
            input=stdin,
            capture_output=True,
            timeout=60,
            cwd=tmp_path,
            env={**os.environ, "ARCHIVER_DB": str(db), "PYTHONPATH": _root(), **(env or {})},
            check=False,
        )

    return run


def _root() -> str:
    return str(Path(__file__).resolve().parents[1])
