"""Which channels a name in a search text means: @name, title, its words, a link, an id, a glob."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from fnmatch import fnmatchcase

from archiver.text.fold import fold
from archiver.text.patterns import later

_LINK = later(r"(?:https?://)?(?:t|telegram)\.(?:me|dog)/(?:s/)?(?P<name>[^/?#]+).*", re.I)
_PRIVATE_LINK = later(r"(?:https?://)?(?:t|telegram)\.(?:me|dog)/c/(?P<id>\d{1,15}).*", re.I)
# A vowel sign belongs to its word, and is no \w; at the rest a shell would split.
_BARE_WORD = later(r"[^\W_](?:[^\x00-/:-@\[-^`{-\xa9\s\u2000-\u206f])+")
_NUMBER = later(r"-?\d{1,15}", re.ASCII)
_MARK = -1_000_000_000_000

# A channel without names has a number, by which it can be asked for: ours only where Telegram's is
# unknown.
_NAMES = """
SELECT id, '@' || username_key, username FROM channel WHERE username_key IS NOT NULL
UNION ALL SELECT id, title_key, title FROM channel WHERE title_key IS NOT NULL
UNION ALL SELECT channel_id, CASE kind WHEN 'username' THEN '@' || name_key ELSE name_key END, name
FROM channel_name
UNION ALL SELECT id, CAST(coalesce(tg_id, id) AS TEXT), CAST(coalesce(tg_id, id) AS TEXT)
FROM channel WHERE username_key IS NULL AND title_key IS NULL
"""


def channel_ids(db: sqlite3.Connection, name: str) -> list[int]:
    """Our keys of the channels that `name` may mean, current and former names alike."""
    name = _storable(name)
    if found := _PRIVATE_LINK.fullmatch(name):
        return _by_number(db, int(found["id"]))
    if _NUMBER.fullmatch(name):
        return _by_number(db, int(name)) or _by_name(db, name)
    if found := _LINK.fullmatch(name):
        name = "@" + found["name"]
    return _by_name(db, name)


def _storable(name: str) -> str:
    """The name without the lone surrogates of a broken terminal, which SQLite would refuse."""
    return name.strip().encode("utf-8", "replace").decode()


def _by_number(db: sqlite3.Connection, number: int) -> list[int]:
    """A Telegram id, marked or bare; else our own number of the channel."""
    marked = number if number < 0 else _MARK - number
    found = db.execute("SELECT id FROM channel WHERE tg_id IN (?, ?)", (number, marked)).fetchall()
    found = found or db.execute("SELECT id FROM channel WHERE id = ?", (number,)).fetchall()
    return sorted(key for (key,) in found)


def _by_name(db: sqlite3.Connection, name: str) -> list[int]:
    key = name.casefold()
    if "*" in key or "?" in key:
        return _matching(db, lambda known: fnmatchcase(known, key.replace("[", "[[]")))
    exact = _exact(db, key)
    if exact or key.startswith("@"):
        return exact
    words = set(fold(name))
    return _matching(db, lambda known: words.issubset(fold(known))) if words else []


def _exact(db: sqlite3.Connection, key: str) -> list[int]:
    bare = key.removeprefix("@")
    wanted = [("username", bare), ("alias", "@" + bare)]
    rows = db.execute("SELECT id FROM channel WHERE username_key = ?", (bare,)).fetchall()
    if bare == key:
        rows += db.execute("SELECT id FROM channel WHERE title_key = ?", (key,)).fetchall()
        wanted += [("title", key), ("alias", key)]
    for kind, known in wanted:
        sql = "SELECT channel_id FROM channel_name WHERE name_key = ? AND kind = ?"
        rows += db.execute(sql, (known, kind)).fetchall()
    return sorted({channel for (channel,) in rows})


def _matching(db: sqlite3.Connection, wanted: Callable[[str], bool]) -> list[int]:
    """Channels one of whose names passes, with or without the @."""
    return sorted(
        {
            channel
            for channel, known, _ in db.execute(_NAMES)
            if wanted(known) or wanted(known.removeprefix("@"))
        }
    )


def beginning(
    db: sqlite3.Connection, text: str, *, archived: bool, count: int = 200
) -> list[tuple[str, str]]:
    """Names of channels that begin so, with their titles; `archived` leaves out mere origins.

    A channel without a @name is found by the words of its title.
    """
    key = _storable(text).casefold().removeprefix("@")
    rows = db.execute(
        "SELECT username, title FROM channel WHERE NOT ?"
        " OR EXISTS (SELECT 1 FROM post WHERE post.channel_id = channel.id)"
        " ORDER BY username_key IS NULL, username_key, title_key",
        (archived,),
    )
    found = [
        (name, title)
        for username, title in rows
        for name in ([username] if username else _words(title))
        if name.casefold().startswith(key)
    ]
    return found[:count]


def _words(title: str) -> list[str]:
    """Those that find the title again, each once; "harbour" of "harbour's" does not."""
    known = set(fold(title))
    words = dict.fromkeys(_BARE_WORD.findall(title))
    return [word for word in words if known.issuperset(fold(word))]


def near(db: sqlite3.Connection, name: str, count: int = 3) -> list[str]:
    """Names of the archive that look like `name`, for the message that it is unknown."""
    from difflib import get_close_matches  # 5 ms, and only a mistake needs it

    shown = {}
    for _, known, name_ in db.execute(_NAMES):
        shown[known.removeprefix("@")] = "@" + name_ if known.startswith("@") else name_
    wanted = _storable(name).casefold().lstrip("@").strip("*?")
    return [shown[known] for known in get_close_matches(wanted, shown, count, 0.6)]
