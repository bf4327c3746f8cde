"""What is wrong with an installation or may go wrong, and what to do about it: pure judgements.

Each function looks at one thing and returns findings; gathering the facts is the caller's.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from archiver.store.completeness import coverage_faults, damage, synced_channels, waits

DAY = 86_400
# Older than this and a nightly run has missed at least one night.
STALE = 2 * DAY
# Room for a night's posts, and for the copy that an upgrade makes.
LEAST_FREE = 500_000_000
# Telegram corrects a wrong clock on its own, but dates of "first seen" would be wrong.
MOST_SKEW = 60


class Level(IntEnum):
    """How bad a finding is; `WRONG` makes the command fail."""

    FINE = 0
    NOTE = 1
    WRONG = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was found, and what to do about it."""

    level: Level
    about: str
    said: str
    advice: str = ""


def versions(found: Mapping[str, str | None], layer: int | None) -> Iterator[Finding]:
    """The libraries that a sync needs; `found` maps a name to its version, None if missing."""
    telethon = found.get("telethon")
    if telethon is None:
        yield Finding(Level.WRONG, "telethon", "not installed", "install archiver again with pip")
    else:
        yield Finding(Level.FINE, "telethon", f"{telethon}, layer {layer} of Telegram's protocol")
    if found.get("cryptg") is None:
        yield Finding(
            Level.NOTE, "cryptg", "not installed: decrypting is ten times slower",
            "pip install cryptg",
        )  # fmt: skip
    else:
        yield Finding(Level.FINE, "cryptg", str(found["cryptg"]))


def proxy(setting: str, found: Mapping[str, str | None]) -> Iterator[Finding]:
    """A proxy needs its library."""
    if setting and found.get("python-socks") is None:
        yield Finding(
            Level.WRONG, "proxy", "set, but python-socks is not installed",
            "pip install 'python-socks[asyncio]'",
        )  # fmt: skip
    elif setting:
        kind = setting.partition("://")[0]
        yield Finding(Level.FINE, "proxy", f"{kind}, as the settings say")


def session_file(path: Path, credentials_set: bool) -> Iterator[Finding]:
    """The session is private and there, and so is what the login needs."""
    if not credentials_set:
        yield Finding(
            Level.NOTE, "api_id", "api_id and api_hash are not set",
            "take them from https://my.telegram.org; `archiver login` asks for them",
        )  # fmt: skip
    if not path.exists():
        yield Finding(Level.NOTE, "session", f"none at {path}", "log in with `archiver login`")
        return
    open_ = [p for p in (path, path.parent) if stat.S_IMODE(os.stat(p).st_mode) & 0o077]
    if open_:
        names = " ".join(str(p) for p in open_)
        yield Finding(
            Level.WRONG, "session", f"others may read {names}: whoever has it has the account",
            f"chmod go-rwx {names}",
        )  # fmt: skip
    else:
        yield Finding(Level.FINE, "session", f"{path}, private")


def settings_file(path: Path | None, holds_secret: bool) -> Iterator[Finding]:
    """A settings file with api_hash is nobody else's to read."""
    if path is None or not path.exists():
        return
    if holds_secret and stat.S_IMODE(os.stat(path).st_mode) & 0o077:
        yield Finding(
            Level.NOTE, "settings", f"{path} holds api_hash and others may read it",
            f"chmod go-rwx {path}",
        )  # fmt: skip
    else:
        yield Finding(Level.FINE, "settings", str(path))


def commands(unrunnable: Mapping[str, str]) -> Iterator[Finding]:
    """The commands of the settings by name, each with what is wrong with it, or nothing."""
    for name, said in unrunnable.items():
        if said:
            yield Finding(
                Level.WRONG, name, said, "correct it in the settings: a whole path, no shell"
            )


def locks(holders: Mapping[str, str | None]) -> Iterator[Finding]:
    """Who works on the archive or the session now."""
    for name, holder in holders.items():
        if holder:
            yield Finding(
                Level.NOTE, name, f"held by {holder}", "wait for it, or stop it by its number"
            )


def disk(free: int, size: int) -> Iterator[Finding]:
    """Room for new posts, and for the copy before an upgrade."""
    if free < max(LEAST_FREE, size * 2):
        yield Finding(
            Level.NOTE, "disk", f"{free // 1_000_000:,} MB free beside {size // 1_000_000:,} MB",
            "make room: an upgrade copies the archive first",
        )  # fmt: skip
    else:
        yield Finding(Level.FINE, "disk", f"{free // 1_000_000:,} MB free")


def archive(db: sqlite3.Connection) -> Iterator[Finding]:
    """The file is sound, and so are the invariants of coverage."""
    broken = damage(db)
    for said in broken:
        yield Finding(Level.WRONG, "archive", said, "restore a backup")
    wrong = coverage_faults(db)
    for said in wrong:
        yield Finding(
            Level.WRONG,
            "coverage",
            said,
            "please report it; `archiver sync --full-sweep` reads all",
        )
    if not broken and not wrong:
        yield Finding(Level.FINE, "archive", "sound, coverage in order")


def clock(db: sqlite3.Connection, now: int) -> Iterator[Finding]:
    """The clock has not jumped back behind what was seen already."""
    (last,) = db.execute("SELECT max(started) FROM run").fetchone()
    if last is not None and last > now + MOST_SKEW:
        yield Finding(
            Level.WRONG, "clock", f"it is {(last - now) // 60:,} minutes behind the last run",
            "set the clock; dates of what was seen would be wrong",
        )  # fmt: skip


def server_clock(skew: int) -> Iterator[Finding]:
    """Our clock and Telegram's agree; `skew` is theirs less ours, in seconds."""
    if abs(skew) > MOST_SKEW:
        way = "behind" if skew > 0 else "ahead of"
        yield Finding(
            Level.WRONG, "clock", f"{abs(skew):,} s {way} Telegram's", "set the clock (ntp)"
        )
    else:
        yield Finding(Level.FINE, "clock", f"{abs(skew)} s from Telegram's")


def index(db: sqlite3.Connection) -> Iterator[Finding]:
    """Every post that is saved can be searched for."""
    (waiting,) = db.execute("SELECT count(*) FROM unindexed").fetchone()
    if waiting:
        yield Finding(
            Level.NOTE, "index", f"{waiting:,} posts cannot be searched for yet",
            "nothing while a sync is under way; else any command that writes, as `archiver dedup`",
        )  # fmt: skip


def patience(db: sqlite3.Connection, now: int) -> Iterator[Finding]:
    """Long waits that Telegram asked for."""
    for method, not_before in waits(db, now):
        minutes = -(-(not_before - now) // 60)
        yield Finding(
            Level.NOTE, "patience", f"{method} may not be asked for another {minutes:,} minutes",
            "nothing: the next run waits by itself",
        )  # fmt: skip


def channels(db: sqlite3.Connection, now: int) -> Iterator[Finding]:
    """Each synced channel: last success, gaps, state."""
    found = synced_channels(db)
    if not found:
        yield Finding(Level.NOTE, "channels", "none is synced", "archiver channels add @name")
    fine = 0
    for each in found:
        finding = _channel(each, now)
        fine += finding is None
        if finding is not None:
            yield finding
    if fine:
        yield Finding(Level.FINE, "channels", f"{fine:,} of {len(found):,} up to date")


def _channel(each: Mapping[str, Any], now: int) -> Finding | None:
    name = f"@{each['username']}" if each["username"] else f"{each['title']} ({each['tg_id']})"
    if each["state"] != "readable":
        days = max(0, now - each["state_since"]) // DAY
        advice = f"archiver channels remove {each['tg_id']}, if it stays so"
        return Finding(Level.NOTE, name, f"{each['state']} for {days:,} days", advice)
    if each["error"]:
        return Finding(Level.NOTE, name, each["error"], "the next sync tries again")
    if each["succeeded"] is None:
        open_ids = f"{each['open_ids']:,} message numbers open"
        said = f"never read to its end; {open_ids}" if each["top_id"] else "not read yet"
        return Finding(Level.NOTE, name, said, "archiver sync")
    if now - each["succeeded"] > STALE:
        days = (now - each["succeeded"]) // DAY
        return Finding(Level.NOTE, name, f"last complete {days:,} days ago", "archiver sync")
    if each["open_ids"]:
        said = f"{each['open_ids']:,} message numbers were not to be read"
        return Finding(Level.NOTE, name, said, "pip install --upgrade archiver, then sync again")
    return None
