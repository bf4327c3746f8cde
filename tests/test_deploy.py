"""deploy/: the units are those of the hint, systemd takes them and finds them tight."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.cli import install_hint, units

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
SERVICE = (DEPLOY / "archiver.service").read_text(encoding="utf-8")
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
DOCUMENT = (ROOT / "docs" / "cron.md").read_text(encoding="utf-8")
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(not ANALYZE, reason="systemd is not installed")
# What must be there where systemd cannot be asked.
TIGHT = {
    "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "ProtectSystem": "strict",
    "PrivateDevices": "yes", "PrivateTmp": "yes", "RestrictNamespaces": "yes",
    "MemoryDenyWriteExecute": "yes", "SystemCallArchitectures": "native", "UMask": "0077",
    "LockPersonality": "yes", "ProtectKernelModules": "yes", "RestrictSUIDSGID": "yes",
}  # fmt: skip


Hinted = Callable[[Path], dict[str, str]]


@pytest.fixture
def hinted(archiver: Callable[..., subprocess.CompletedProcess[bytes]]) -> Hinted:
    """The units that the program prints for an archive on this machine, by file name."""

    def printed(db: Path) -> dict[str, str]:
        done = archiver("nightly", "--install-hint", "--db", str(db))
        assert done.returncode == 0, done.stderr
        parts = re.split(r"^# /etc/systemd/system/", done.stdout.decode(), flags=re.MULTILINE)
        named = [part.split("\n", 1) for part in parts[1:]]
        return {name: text.split("\n# then:")[0] for name, text in named}

    return printed


def directives(unit: str) -> dict[str, str]:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(unit)
    return dict(parser["Service"])


def written(folder: Path, files: dict[str, str]) -> list[str]:
    """The units in a folder, calling a program that exists here."""
    for name, text in files.items():
        called = re.sub(r"^ExecStart=.*$", "ExecStart=/bin/true", text, flags=re.MULTILINE)
        (folder / name).write_text(called.replace("User=archiver", "User=nobody"))
    return [str(folder / name) for name in files]


def test_the_files_are_what_the_program_says() -> None:
    assert units.service(units.DEPLOYED) == SERVICE
    assert (DEPLOY / "archiver.timer").read_text(encoding="utf-8") == units.TIMER


def test_the_hint_has_the_same_sandbox_for_this_archive(hinted: Hinted, tmp_path: Path) -> None:
    printed = hinted(tmp_path / "here and there" / "a.sqlite")
    assert list(printed) == ["archiver.service", "archiver.timer"]
    assert printed["archiver.timer"].strip() == units.TIMER.strip()
    ours, theirs = directives(printed["archiver.service"]), directives(SERVICE)
    differ = {k for k in ours.keys() | theirs.keys() if ours.get(k) != theirs.get(k)}
    assert differ <= {
        "User", "ExecStart", "ReadWritePaths", "ProtectHome", "StateDirectory",
        "StateDirectoryMode", "PrivateTmp",
    }  # fmt: skip
    assert f'--db "{tmp_path}/here and there/a.sqlite"' in ours["ExecStart"]
    assert f'"{tmp_path}/here and there"' in ours["ReadWritePaths"]


def test_a_private_tmp_never_hides_what_the_night_needs(
    hinted: Hinted, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, "/srv/someone")
    for place in ("/tmp/x/a.sqlite", "/var/tmp/a.sqlite"):
        printed = hinted(Path(place))["archiver.service"]
        assert "PrivateTmp" not in directives(printed)
        assert "# No PrivateTmp=yes:" in printed


@pytest.mark.parametrize(
    ("needed", "hides"),
    [("/tmp/bin/archiver", True), ("/var/tmp/a", True), ("/srv/tmp/a", False), ("/tmpx", False)],
)
def test_what_a_private_tmp_would_hide(needed: str, hides: bool) -> None:
    assert install_hint.in_tmp(["/srv/a", needed]) is hides
    place = units.Place("me", "x", "", "yes", hides)
    assert ("PrivateTmp" in directives(units.service(place))) is not hides


def test_the_sandbox_is_there_and_a_signal_has_its_time() -> None:
    told = directives(SERVICE)
    assert {key: told.get(key) for key in TIGHT} == TIGHT
    assert int(told["TimeoutStopSec"]) > 10, "a signal may take ten seconds"
    assert "archiver nightly --if-locked skip" in told["ExecStart"]


@needs_systemd
def test_systemd_finds_nothing_wrong_with_the_units(hinted: Hinted, tmp_path: Path) -> None:
    printed = hinted(tmp_path / "a b" / "100% $x.sqlite")
    shipped = {name: (DEPLOY / name).read_text() for name in printed}
    for files in (printed, shipped):
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", *written(tmp_path, files)],
            capture_output=True,
            text=True,
            timeout=30,
            env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
            check=False,
        )
        assert [x for x in done.stderr.splitlines() if "archiver." in x] == [], done.stderr


@needs_systemd
def test_the_exposure_of_the_service_is_below_three(hinted: Hinted, tmp_path: Path) -> None:
    """As systemd sees it without running it; below 1.5 on systemd 252."""
    printed = hinted(tmp_path / "a.sqlite")["archiver.service"]
    for text in (SERVICE, printed):
        [file] = written(tmp_path, {"archiver.service": text})
        done = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--no-pager", file],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        if "unrecognized option" in done.stderr:  # before systemd 250
            pytest.skip("this systemd cannot look at a file")
        [exposure] = re.findall(r"exposure level for archiver.service: ([\d.]+)", done.stdout)
        assert float(exposure) < 3.0


def test_the_image_is_pinned_rootless_and_said_to_be_untested() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert bases
    assert all(re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", base) for base in bases)
    assert DOCKERFILE.startswith("# UNTESTED")
    assert "untested here" in DOCUMENT
    users = re.findall(r"^USER (\d+)", DOCKERFILE, re.MULTILINE)
    assert users
    assert users[-1] != "0"
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        assert all((ROOT / name).exists() for name in copied.split())


def test_every_requirement_of_the_image_is_pinned_to_what_the_project_takes() -> None:
    lines = (DEPLOY / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.lower().split("==") for line in lines if not line.startswith("#"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for wanted in project["dependencies"]:
        name = re.split(r"(?:\[\w+\])?(?=[<>=])", wanted)[0]
        has = tuple(map(int, pinned[name.lower()].split(".")))
        for sign, bound in re.findall(r"([<>=]=?)([\d.]+)", wanted):
            than = tuple(map(int, bound.split(".")))
            assert {"==": has == than, ">=": has >= than, "<": has < than}[sign], wanted


def test_the_document_names_every_file() -> None:
    for file in DEPLOY.iterdir():
        assert file.name == "requirements.txt" or f"deploy/{file.name}" in DOCUMENT
