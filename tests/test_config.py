"""Settings: every fault at once, unknown keys with a near match, the right place for the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver import config
from archiver.errors import ConfigError


def test_without_a_file_everything_has_its_default() -> None:
    assert config.load(None, {}) == config.Config()


def test_a_file_changes_what_it_names(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('database = "/data/a.sqlite"\n[search]\nlimit = 5\n')
    found = config.load(file)
    assert (found.database, found.search.limit, found.dedup.short_words) == ("/data/a.sqlite", 5, 8)


def test_every_fault_is_named_at_once() -> None:
    values = {
        "databse": "x",
        "search": {"limit": 0, "timezone": "Europe/Nowhere"},
        "dedup": {"short_words": "eight"},
        "import": 3,
    }
    with pytest.raises(ConfigError) as raised:
        config.parse(values, "c.toml")
    told = str(raised.value)
    assert "databse is no setting, did you mean database?" in told
    assert "search.limit must be from 1 to 100000" in told
    assert "search.timezone" in told
    assert "dedup.short_words must be a whole number" in told
    assert "import must be a section" in told


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no settings file"):
        config.load(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="no settings file"):
        config.load(None, {"ARCHIVER_CONFIG": str(tmp_path / "none.toml")})


def test_broken_toml_says_where(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text("a = = 1")
    with pytest.raises(ConfigError, match="line 1"):
        config.load(file)


def test_the_archive_is_the_option_then_the_environment_then_the_settings() -> None:
    settings = config.Config(database="/c.sqlite")
    environ = {"ARCHIVER_DB": "/e.sqlite"}
    assert config.database(settings, "/o.sqlite", environ) == Path("/o.sqlite")
    assert config.database(settings, None, environ) == Path("/e.sqlite")
    assert config.database(settings, None, {}) == Path("/c.sqlite")
    assert config.database(config.Config(), None, {}).name == "archive.sqlite"


def test_sqlite_urls_are_files_and_other_databases_are_refused() -> None:
    assert config.database(config.Config(), "sqlite:////a/b", {}) == Path("/a/b")
    with pytest.raises(ConfigError, match="postgresql"):
        config.database(config.Config(), "postgresql://host/db", {})


def test_a_zone_must_exist() -> None:
    assert config.zone("Europe/Kyiv").key == "Europe/Kyiv"
    for name in ("Mars/Base", "../etc/passwd", ""):
        with pytest.raises(ConfigError):
            config.zone(name)
