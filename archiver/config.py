"""Settings: a TOML file and the environment become one Config, which nobody changes.

All faults of a file are reported at once, and an unknown key with the one it resembles. The
libraries for it are imported where they are used: a search without a settings file needs none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_type_hints

from archiver.errors import ConfigError

# Named tuples, not dataclasses: ten of those take a search 5 ms of its start.
_SECRETS = frozenset(("api_hash", "phone", "password", "proxy"))


def _shown(section: Any) -> str:
    """A section without its secrets, for logs and tracebacks."""
    told = zip(section._fields, section, strict=True)
    named = ", ".join(f"{name}={value!r}" for name, value in told if name not in _SECRETS)
    return f"{type(section).__name__}({named})"


class Import(NamedTuple):
    """How files are read where they do not say it themselves."""

    timezone: str = ""
    encoding: str = ""


class Dedup(NamedTuple):
    """When texts are held to be one statement; the percents are scores of text/decide.py."""

    short_words: int = 8
    short_hours: int = 48
    near_percent: int = 50
    link_percent: int = 5
    processes: int = 0
    ray_address: str = ""
    work_folder: str = ""


class Search(NamedTuple):
    """How results are shown."""

    limit: int = 20
    timezone: str = "UTC"


class Server(NamedTuple):
    """A server instead of Telegram's own; `public_key` is the path of its PEM file."""

    dc: int = 2
    host: str = ""
    port: int = 443
    public_key: str = ""


class Telegram(NamedTuple):
    """Who reads the channels; secrets stay out of every repr, log and traceback."""

    api_id: int = 0
    api_hash: str = ""
    phone: str = ""
    session: str = ""
    proxy: str = ""
    server: Server = Server()

    def __repr__(self) -> str:
        return _shown(self)


class Sync(NamedTuple):
    """How much a run asks of Telegram; 0 means no limit, for `sweep_days` never."""

    overlap_days: int = 3
    sweep_days: int = 30
    pages_per_run: int = 0
    seconds_per_run: int = 0
    history_per_minute: int = 60
    flood_sleep: int = 300


class Backup(NamedTuple):
    """Where backups go (empty: `backups` beside the archive), and how many are kept."""

    folder: str = ""
    daily: int = 7
    weekly: int = 4
    monthly: int = 12


class Nightly(NamedTuple):
    """What `archiver nightly` does besides sync and dedup, and whom it tells."""

    backup: bool = True
    seconds: int = 0
    saved: bool = True
    saved_exec: str = ""
    on_failure: str = ""
    ping_url: str = ""


class Credentials(NamedTuple):
    """All that a connection to Telegram needs; `session` is a file that may not exist yet."""

    session: Path
    api_id: int = 0
    api_hash: str = ""
    phone: str = ""
    password: str = ""
    proxy: str = ""
    server: Server = Server()

    def __repr__(self) -> str:
        return _shown(self)


class Config(NamedTuple):
    """Everything a user can set; `database` empty means the user's data folder."""

    database: str = ""
    telegram: Telegram = Telegram()
    sync: Sync = Sync()
    backup: Backup = Backup()
    nightly: Nightly = Nightly()
    import_: Import = Import()
    dedup: Dedup = Dedup()
    search: Search = Search()


# (section, key) -> what holds of the value, in words; checked after the types.
_BOUNDS: dict[tuple[str, str], tuple[int, int]] = {
    ("dedup", "short_words"): (0, 1000),
    ("dedup", "short_hours"): (0, 24 * 366),
    ("dedup", "near_percent"): (0, 101),
    ("dedup", "link_percent"): (0, 101),
    ("dedup", "processes"): (0, 64),
    ("search", "limit"): (1, 100_000),
    ("telegram", "api_id"): (0, 2**31 - 1),
    ("telegram.server", "dc"): (1, 99_999),
    ("telegram.server", "port"): (1, 65_535),
    ("sync", "overlap_days"): (0, 3650),
    ("sync", "sweep_days"): (0, 3650),
    ("sync", "pages_per_run"): (0, 10**9),
    ("sync", "seconds_per_run"): (0, 10**9),
    ("sync", "history_per_minute"): (1, 6000),
    ("sync", "flood_sleep"): (0, 86_400),
    ("backup", "daily"): (0, 1000),
    ("backup", "weekly"): (0, 1000),
    ("backup", "monthly"): (0, 1000),
    ("nightly", "seconds"): (0, 10**9),
}


def load(path: Path | None, environ: Mapping[str, str] = os.environ) -> Config:
    """The settings of `path`, or of the file in its usual place if there is one.

    Raises ConfigError naming every fault of the file.
    """
    file = place(path, environ)
    if not file.exists():
        if path is not None or environ.get("ARCHIVER_CONFIG"):
            raise ConfigError(f"there is no settings file {file}.")
        return Config()
    return parse(_read(file), str(file))


def place(path: Path | None, environ: Mapping[str, str] = os.environ) -> Path:
    """Where the settings are: the file named, ARCHIVER_CONFIG, the usual place."""
    named = path or (Path(environ["ARCHIVER_CONFIG"]) if environ.get("ARCHIVER_CONFIG") else None)
    return named or usual_place()


def parse(values: Mapping[str, Any], file: str = "config") -> Config:
    """A Config of parsed TOML. Raises ConfigError naming every fault."""
    faults: list[str] = []
    config: Config = _section(Config, values, "", faults)
    if faults:
        raise ConfigError(f"{file}: " + "; ".join(faults) + ".")
    return config


def database(config: Config, option: str | None, environ: Mapping[str, str] = os.environ) -> Path:
    """The archive to use: --db, ARCHIVER_DB, the settings, then the user's data folder.

    Raises ConfigError for an URL of a database that cannot be used yet.
    """
    named = option or environ.get("ARCHIVER_DB") or config.database
    if not named:
        return data_folder() / "archive.sqlite"
    if "://" in named and not named.startswith("sqlite:///"):
        kind = named.split(":", 1)[0]
        raise ConfigError(f"{kind} databases cannot be used yet; name a file for SQLite.")
    return Path(named.removeprefix("sqlite:///")).expanduser()


def credentials(config: Config, environ: Mapping[str, str] = os.environ) -> Credentials:
    """Who logs in and how: the environment (ARCHIVER_API_ID, ..._API_HASH, ...) comes first.

    The two-step password comes from ARCHIVER_PASSWORD alone. Raises ConfigError.
    """
    told = config.telegram
    session = environ.get("ARCHIVER_SESSION") or told.session
    return Credentials(
        session=_session_file(session),
        api_id=_api_id(environ.get("ARCHIVER_API_ID", "").strip()) or told.api_id,
        api_hash=environ.get("ARCHIVER_API_HASH", "").strip() or told.api_hash,
        phone=environ.get("ARCHIVER_PHONE", "").strip() or told.phone,
        password=environ.get("ARCHIVER_PASSWORD", ""),
        proxy=environ.get("ARCHIVER_PROXY", "").strip() or told.proxy,
        server=told.server,
    )


def _session_file(named: str) -> Path:
    """The file of a session; Telethon would add .session behind our back, so it is there."""
    path = Path(named).expanduser() if named else data_folder() / "telegram" / "archiver.session"
    return path if path.suffix == ".session" else path.with_name(path.name + ".session")


def _api_id(text: str) -> int:
    if text and not (text.isdecimal() and text.isascii() and int(text) < 2**31):
        raise ConfigError("ARCHIVER_API_ID must be the number that my.telegram.org shows.")
    return int(text or 0)


def usual_place() -> Path:
    """Where the settings file is looked for."""
    if sys.platform == "linux":
        # What platformdirs says of Linux; importing it takes a tenth of a search's time.
        base = os.environ.get("XDG_CONFIG_HOME", "").strip() or "~/.config"
        return Path(base).expanduser() / "archiver" / "config.toml"
    import platformdirs

    return platformdirs.user_config_path("archiver", appauthor=False) / "config.toml"


def data_folder() -> Path:
    """Where the archive lies by default."""
    import platformdirs

    return platformdirs.user_data_path("archiver", appauthor=False)


def _read(file: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file} is not valid TOML: {error}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}.") from error


def _section(kind: Any, values: Mapping[str, Any], where: str, faults: list[str]) -> Any:
    hints = get_type_hints(kind)
    known = {name.removesuffix("_"): name for name in kind._fields}
    given: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            faults.append(_unknown(where + key, [where + name for name in known]))
            continue
        wanted = hints[known[key]]
        if _is_section(wanted):
            if isinstance(value, Mapping):
                given[known[key]] = _section(wanted, value, f"{where}{key}.", faults)
            else:
                faults.append(f"{where}{key} must be a section, [{where}{key}]")
        elif fault := _fault(where, key, value, wanted):
            faults.append(fault)
        else:
            given[key] = value
    return kind(**given)


def _is_section(kind: Any) -> bool:
    return hasattr(kind, "_fields")


def _fault(where: str, key: str, value: Any, wanted: Any) -> str | None:
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        noun = {int: "a whole number", str: "a text in quotes", bool: "true or false"}[wanted]
        return f"{where}{key} must be {noun}"
    bounds = _BOUNDS.get((where.removesuffix("."), key))
    if bounds and not bounds[0] <= value <= bounds[1]:
        return f"{where}{key} must be from {bounds[0]} to {bounds[1]}"
    if key == "timezone" and value:
        return _zone_fault(f"{where}{key}", value)
    return None


def _zone_fault(where: str, value: str) -> str | None:
    try:
        zone(value)
    except ConfigError as error:
        return f"{where}: {str(error).removesuffix('.')}"
    return None


def zone(name: str) -> Any:
    """The time zone of that name ("Europe/Kyiv", "UTC"). Raises ConfigError."""
    from datetime import UTC

    if name.upper() in ("UTC", "Z"):
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(f"{name!r} is no time zone; write one like Europe/Kyiv.") from error


def _unknown(key: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, known, n=1)
    hint = f", did you mean {near[0]}?" if near else f"; known are {', '.join(known)}"
    return f"{key} is no setting{hint}"
