"""Settings: a TOML file and the environment become one frozen Config.

All faults of a file are reported at once, and an unknown key with the one it resembles. The
libraries for it are imported where they are used: a search without a settings file needs none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

from archiver.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Import:
    """How files are read where they do not say it themselves."""

    timezone: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Dedup:
    """When short texts are held to be one statement."""

    short_words: int = 8
    short_hours: int = 48


@dataclass(frozen=True, slots=True)
class Search:
    """How results are shown."""

    limit: int = 20
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a user can set; `database` empty means the user's data folder."""

    database: str = ""
    import_: Import = field(default_factory=Import)
    dedup: Dedup = field(default_factory=Dedup)
    search: Search = field(default_factory=Search)


# (section, key) -> what holds of the value, in words; checked after the types.
_BOUNDS: dict[tuple[str, str], tuple[int, int]] = {
    ("dedup", "short_words"): (0, 1000),
    ("dedup", "short_hours"): (0, 24 * 366),
    ("search", "limit"): (1, 100_000),
}


def load(path: Path | None, environ: Mapping[str, str] = os.environ) -> Config:
    """The settings of `path`, or of the file in its usual place if there is one.

    Raises ConfigError naming every fault of the file.
    """
    named = path or (Path(environ["ARCHIVER_CONFIG"]) if environ.get("ARCHIVER_CONFIG") else None)
    file = named or usual_place()
    if not file.exists():
        if named is not None:
            raise ConfigError(f"there is no settings file {file}.")
        return Config()
    return parse(_read(file), str(file))


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
    known = {f.name.removesuffix("_"): f.name for f in fields(kind)}
    given: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            faults.append(_unknown(where + key, [where + name for name in known]))
            continue
        wanted = hints[known[key]]
        if is_dataclass(wanted):
            if isinstance(value, Mapping):
                given[known[key]] = _section(wanted, value, f"{key}.", faults)
            else:
                faults.append(f"{key} must be a section, [{key}]")
        elif fault := _fault(where, key, value, wanted):
            faults.append(fault)
        else:
            given[key] = value
    return kind(**given)


def _fault(where: str, key: str, value: Any, wanted: Any) -> str | None:
    if not isinstance(value, wanted) or isinstance(value, bool):
        noun = {int: "a whole number", str: "a text in quotes"}[wanted]
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
