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


SECRETS = {
    "ARCHIVER_API_ID": "77",
    "ARCHIVER_API_HASH": "hash-e",
    "ARCHIVER_PHONE": "+1555",
    "ARCHIVER_PASSWORD": " pass ",
    "ARCHIVER_SESSION": "/e/other.session",
    "ARCHIVER_PROXY": "socks5://p:1",
}


def test_the_environment_comes_before_the_settings() -> None:
    told = config.Telegram(5, "hash-c", "+1", "/c/mine.session", "http://q:2")
    settings = config.Config(telegram=told)
    found = config.credentials(settings, {})
    assert (found.api_id, found.api_hash, found.phone) == (5, "hash-c", "+1")
    assert (found.session, found.proxy, found.password) == (
        Path("/c/mine.session"),
        "http://q:2",
        "",
    )
    found = config.credentials(settings, SECRETS)
    assert (found.api_id, found.api_hash, found.phone) == (77, "hash-e", "+1555")
    assert found.password == " pass "
    assert (found.session, found.proxy) == (Path("/e/other.session"), "socks5://p:1")


def test_a_session_lies_in_the_data_folder_and_always_has_its_ending() -> None:
    found = config.credentials(config.Config(), {})
    assert found.session == config.data_folder() / "telegram" / "archiver.session"
    named = config.Config(telegram=config.Telegram(session="/s/me"))
    assert config.credentials(named, {}).session == Path("/s/me.session")


def test_secrets_are_in_no_repr() -> None:
    told = config.Telegram(5, "hash-c", "+1777", "", "socks5://u:secret@h:1")
    shown = repr(config.Config(telegram=told)) + repr(config.credentials(config.Config(), SECRETS))
    for secret in ("hash-c", "hash-e", "+1777", "+1555", "pass ", "secret"):
        assert secret not in shown


@pytest.mark.parametrize("text", ["abc", "-5", "1.5", "٣", str(2**31)])
def test_an_api_id_is_a_number(text: str) -> None:
    with pytest.raises(ConfigError, match="ARCHIVER_API_ID"):
        config.credentials(config.Config(), {"ARCHIVER_API_ID": text})


def test_faults_of_nested_sections_are_named_in_full() -> None:
    values = {
        "telegram": {"api_id": "5", "server": {"prot": 1, "port": 0, "dc": 2}},
        "sync": {"flood_sleep": -1},
    }
    with pytest.raises(ConfigError) as raised:
        config.parse(values)
    told = str(raised.value)
    assert "telegram.api_id must be a whole number" in told
    assert "telegram.server.prot is no setting, did you mean telegram.server.port?" in told
    assert "telegram.server.port must be from 1 to 65535" in told
    assert "sync.flood_sleep must be from 0" in told
    with pytest.raises(ConfigError, match=r"telegram\.server must be a section"):
        config.parse({"telegram": {"server": 3}})


def test_a_server_of_ones_own_is_read(tmp_path: Path) -> None:
    values = {"telegram": {"server": {"dc": 1, "host": "::1", "port": 4, "public_key": "k.pem"}}}
    server = config.credentials(config.parse(values), {}).server
    assert server == config.Server(1, "::1", 4, "k.pem")
