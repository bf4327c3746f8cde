"""What is installed is what is in the tree: packages, migrations, the sample."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_package_is_listed() -> None:
    inside = {p.parent for p in (ROOT / "archiver").rglob("__init__.py")}
    found = {".".join(p.relative_to(ROOT).parts) for p in inside}
    found |= {"archiver.migrations", "archiver.migrations.versions"}
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == found


def test_the_version_is_one() -> None:
    from archiver import __version__

    assert PROJECT["project"]["version"] == __version__


def test_the_wheel_holds_migrations_and_sample(tmp_path: Path) -> None:
    """Built without the network by the setuptools that is installed."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(tmp_path)]
    done = subprocess.run([*command, str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    [wheel] = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "archiver/migrations/versions/0001_the_archive.py" in names
    assert "archiver/migrations/env.py" in names
    assert {"archiver/sample/dump.txt", "archiver/sample/result.json"} <= names
    assert not any(name.startswith(("migrations/", "tests/")) for name in names)
