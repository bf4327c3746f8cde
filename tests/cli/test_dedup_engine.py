"""`dedup --engine daft` at the command line: what it comes to, and what it refuses."""

from __future__ import annotations

import json
import socket
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.cli.test_commands import rows
from tests.cli.test_export import Run
from tests.cli.test_statements import archive  # noqa: F401 - a fixture

STATEMENTS = "SELECT id, cluster_id, reason, score, via_post FROM post ORDER BY id"
here = pytest.mark.skipif(find_spec("daft") is None, reason="daft is not installed")


@here
@pytest.mark.parametrize("more", [(), ("--dry-run", "--explain")])
def test_a_rebuild_on_daft_moves_nothing(
    archiver: Run,
    archive: Path,  # noqa: F811
    more: tuple[str, ...],
) -> None:
    before = rows(archive, STATEMENTS)
    done = archiver("dedup", "--rebuild", "--engine", "daft", "--json", *more)
    assert (done.returncode, done.stderr) == (0, b"")
    told = json.loads(done.stdout)
    assert (told["looked_at"], told["near"], told["moved"]) == (5, 1, 0)
    assert rows(archive, STATEMENTS) == before
    assert {each.name for each in archive.parent.glob("*.scale-*")} == set()


def test_it_is_refused_without_rebuild(archiver: Run, archive: Path) -> None:  # noqa: F811
    done = archiver("dedup", "--engine", "daft")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert b"--engine daft is for full rebuilds: add --rebuild." in done.stderr


def test_without_the_library_it_says_what_to_install(
    archiver: Run,
    archive: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    before = rows(archive, "SELECT count(*) FROM run")
    (tmp_path / "daft.py").write_text("raise ImportError('none here')")
    blocked = {"PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}"}
    done = archiver("dedup", "--rebuild", "--engine", "daft", env=blocked)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert b"pip install 'daft[ray]' pyarrow" in done.stderr
    assert rows(archive, "SELECT count(*) FROM run") == before  # nothing was begun


@here
def test_a_cluster_without_ray_says_what_to_install(
    archiver: Run,
    archive: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    (tmp_path / "ray.py").write_text("raise ImportError('none here')")
    settings = tmp_path / "settings.toml"
    settings.write_text('[dedup]\nray_address = "127.0.0.1:6379"\n')
    blocked = {
        "PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}",
        "ARCHIVER_CONFIG": str(settings),
    }
    done = archiver("dedup", "--rebuild", "--engine", "daft", env=blocked)
    assert done.returncode == 2
    assert b"needs Ray" in done.stderr
    assert b"pip install 'daft[ray]' pyarrow" in done.stderr


@pytest.mark.skipif(find_spec("ray") is None, reason="ray is not installed")
def test_a_cluster_that_does_not_answer_is_no_bug(
    archiver: Run,
    archive: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        settings = tmp_path / "settings.toml"
        settings.write_text(f'[dedup]\nray_address = "{address}"\n')
        done = archiver(
            "dedup", "--rebuild", "--engine", "daft", env={"ARCHIVER_CONFIG": str(settings)}
        )
    assert done.returncode == 5
    assert done.stderr.count(b"\n") == 1
    assert address.encode() in done.stderr
