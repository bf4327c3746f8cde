"""Files and folders appear whole or not at all, and never in the place of somebody's work."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from archiver.errors import ConfigError, StoreError
from archiver.export import files


class Stop(Exception):
    """Whatever ends an export in its middle."""


def broken_file(target: Path) -> None:
    with files.new_file(target) as file:
        file.write(b"half")
        raise Stop


def broken_folder(target: Path) -> None:
    with files.new_folder(target) as part:
        (part / "index.html").write_text("half")
        raise Stop


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_takes_its_name_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_bytes(b"before")
    with files.new_file(target) as file:
        file.write(b"after")
        assert target.read_bytes() == b"before"
    assert target.read_bytes() == b"after"
    assert names(tmp_path) == {"out.csv"}


def test_what_breaks_off_leaves_the_earlier_file(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_bytes(b"before")
    with pytest.raises(Stop):
        broken_file(target)
    assert target.read_bytes() == b"before"
    assert names(tmp_path) == {"out.csv"}


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "latest.csv"
    link.symlink_to(tmp_path / "real" / "out.csv")
    with files.new_file(link) as file:
        file.write(b"x")
    assert link.is_symlink()
    assert (tmp_path / "real" / "out.csv").read_bytes() == b"x"


def test_a_device_is_written_to_and_not_replaced() -> None:
    with files.new_file(Path("/dev/null")) as file:
        file.write(b"x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="No space left on device; nothing was kept"),
        files.new_file(Path("/dev/full")) as file,
    ):
        file.write(b"x" * 100_000)


def test_a_folder_is_swapped_in_whole(tmp_path: Path) -> None:
    target = tmp_path / "site"
    for word in ("one", "two"):
        with files.new_folder(target) as part:
            (part / f"{word}.html").write_text(word)
            assert not (target / f"{word}.html").exists()
    assert names(target) == {"two.html", files.MARK}
    assert names(tmp_path) == {"site"}


@pytest.mark.parametrize("exchange", [True, False])
def test_a_folder_that_breaks_off_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool
) -> None:
    if not exchange:
        monkeypatch.setattr(files, "_exchanged", lambda *_: False)
    target = tmp_path / "site"
    with files.new_folder(target) as part:
        (part / "index.html").write_text("one")
    with pytest.raises(Stop):
        broken_folder(target)
    assert (target / "index.html").read_text() == "one"
    with files.new_folder(target) as part:
        (part / "index.html").write_text("two")
    assert (target / "index.html").read_text() == "two"
    assert names(tmp_path) == {"site"}


def test_a_folder_with_other_things_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.odt").write_text("years of work")
    with (
        pytest.raises(ConfigError, match="holds other things"),
        files.new_folder(tmp_path / "thesis"),
    ):
        pass
    assert names(tmp_path / "thesis") == {"chapter.odt"}
    with (
        pytest.raises(ConfigError, match="is a file"),
        files.new_folder(tmp_path / "thesis" / "chapter.odt"),
    ):
        pass


def test_what_a_killed_export_left_is_removed_by_the_next(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (tmp_path / f".out.csv.{gone.pid}.part").write_text("half")
    (tmp_path / f".out.csv.{os.getppid()}.part").write_text("another export, at work")
    (tmp_path / f".site.{gone.pid}.part").mkdir()
    with files.new_file(tmp_path / "out.csv") as file:
        file.write(b"x")
    with files.new_folder(tmp_path / "site"):
        pass
    assert names(tmp_path) == {"out.csv", "site", f".out.csv.{os.getppid()}.part"}
