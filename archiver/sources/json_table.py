"""Posts as plain JSON objects: lists of them, wherever they lie in the file, or one a line.

What scripts and data frames write (pandas `to_json(orient="records")`, mongoexport, Pyrogram's
messages): each object is a row of a table, its keys are the columns (`table.py`). Objects inside
are taken apart, `{"chat": {"title": "x"}}` is `chat_title`. BadRecord: an object that is no post,
or the break of the file. InputError: no object with a text and an id or a date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from archiver.errors import ConfigError, InputError
from archiver.model import BadRecord
from archiver.sources import Item, ReadOptions, encoding, jsonl
from archiver.sources.columns import columns_of, is_table, normal
from archiver.sources.desktop_stream import Broken, Chat, Walker, events, walk
from archiver.sources.keys import Occurrences
from archiver.sources.table import Cells, Posts, told

NAME = "json-table"
_DEPTH = 4  # objects in objects; what lies deeper is no field of a post
# Where a walker is: in a list that had no object yet, or one. `feed` knows the second by its name.
_LIST, _ROWS = "list", "messages"
_CACHED = 1_000  # kinds of objects whose columns are remembered
_WHOLE = re.compile(r"-?\d+\.0+", re.ASCII)

Raw = Mapping[str, Any]
Row = tuple[str, Raw]  # where it stands
Flat = dict[str, str]


class _Objects(Walker):
    """Finds the objects that lists have, wherever the lists lie; what they hold is theirs.

    None stands for what is no object in a list that had one.
    """

    def _enter(self, kind: str) -> Iterator[None]:
        place = self._path[-1] if self._path else ""
        if kind == "start_map" and place in (_LIST, _ROWS):
            self._path[-1] = _ROWS
            self._message.append({})
            return
        if place == _ROWS:
            yield None
        self._path.append(_LIST if kind == "start_array" else "object")


def sniff(head: bytes, filename: str) -> bool:
    """The first object has keys for a text and a date, or the address of a post.

    A number and a text alone are in JSON of many other kinds.
    """
    columns = _columns_of(_first(encoding.text_of(head).lstrip()))
    return "text" in columns and not columns.keys().isdisjoint(("date", "url"))


def _columns_of(raw: Raw | None) -> dict[str, int]:
    return columns_of(list(flat(raw))) if raw else {}


def _first(text: str) -> Raw | None:
    """The first row in the beginning of a file, or None where there is none."""
    if not text.startswith(("[", "{")):
        return None
    return _line(text) or _in_list(text)


def _in_list(text: str) -> Raw | None:
    """The first object of a list, or what there is of it."""
    walker = _Objects()
    for batch in events([text.encode("utf-8", "replace")]):
        if isinstance(batch, str):
            break
        for found in walker.feed(batch):
            if isinstance(found, dict):
                return found
    return walker.open_message or None


def _line(text: str) -> Raw | None:
    """The first line, where it is an object by itself that is a row."""
    line = text.split("\n", 1)[0]
    if not line.startswith("{"):
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and is_table(_columns_of(found)) else None


def read(file: IO[bytes], options: ReadOptions) -> Iterator[Item]:
    """The posts of a file, object by object."""
    head, chunks = encoding.peeked(file)
    how = encoding.mark_of(head) or encoding.Decoding(encoding.UTF8)
    utf8 = encoding.as_utf8(chunks, how)
    found = jsonl.objects(utf8) if _is_lines(encoding.text_of(head).lstrip()) else _from_json(utf8)
    with Occurrences() as seen:
        yield from _Run(Posts(options, seen), options).items(found)


def _is_lines(text: str) -> bool:
    """Whether each line is an object: the first is a row, or whole and in front of another."""
    if _line(text) is not None:
        return True
    first, _, rest = text.partition("\n")
    if not first.startswith("{") or not (rest.lstrip() or "{").startswith("{"):
        return False
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return bool(rest.strip()) or _in_list(text) is None


def _from_json(chunks: Iterable[bytes]) -> Iterator[Row | BadRecord]:
    number = 0
    for found in walk(chunks, _Objects()):
        if isinstance(found, Broken):
            reason = "the file ends in the middle" if found.ended else f"no JSON ({found.reason})"
            before = f"{number} object{'s' * (number != 1)} before it"
            yield BadRecord(f"byte {found.position}", f"{reason}; {before}")
        elif not isinstance(found, Chat):
            number += 1
            where = f"object number {number}"
            yield BadRecord(where, "not a JSON object") if found is None else (where, found)


class _Run:
    def __init__(self, posts: Posts, options: ReadOptions) -> None:
        self._posts = posts
        self._name = options.name or "the file"
        self._said = dict(options.columns or {})
        self._kinds: dict[tuple[str, ...], dict[str, str]] = {}
        self._met: set[str] = set()  # fields whose column, as said, was there

    def items(self, found: Iterable[Row | BadRecord]) -> Iterator[Item]:
        posts = 0
        names: dict[str, None] = {}
        for each in found:
            if isinstance(each, BadRecord):
                yield each
                continue
            where, raw = each
            row = flat(raw)
            columns = self._columns(row)
            if not posts and len(names) < _CACHED:
                names.update(dict.fromkeys(row))
            try:
                if not is_table(columns):
                    raise ValueError("no text, or neither a number nor a date")
                yield self._posts.post(_cells(row, columns))
                posts += 1
            except ValueError as error:
                yield BadRecord(where, str(error), _shown(raw))
        if not posts:
            raise self._no_posts(list(names))
        yield from self._posts.notices()

    def _columns(self, row: Flat) -> dict[str, str]:
        """Which key of an object holds what; one that is said and lacks here is elsewhere."""
        keys = tuple(row)
        columns = self._kinds.get(keys)
        if columns is None:
            said = {field: key for field, key in self._said.items() if _has(keys, key)}
            self._met.update(said)
            places = columns_of(keys, said)
            # What a person named for a field is meant, and nothing else in its stead.
            columns = {
                field: keys[at]
                for field, at in places.items()
                if field in said or field not in self._said
            }
            if len(self._kinds) < _CACHED:
                self._kinds[keys] = columns
        return columns

    def _no_posts(self, names: list[str]) -> InputError | ConfigError:
        there = ", ".join(names)[:200]
        for field, key in self._said.items():
            if field not in self._met:
                return ConfigError(f"--columns: no key {key!r}; the objects have {there}.")
        return InputError(
            f"{self._name}: no object has a text and an id or a date; say which keys they are with"
            f" --columns text=NAME,id=NAME,date=NAME (the objects have {there or 'none'})"
        )


def _has(keys: Iterable[str], key: str) -> bool:
    return normal(key) in {normal(each) for each in keys}


def _cells(row: Flat, columns: Mapping[str, str]) -> Cells:
    def cell(field: str) -> str | None:
        key = columns.get(field)
        return None if key is None else told(field, row[key])

    return cell


def _shown(raw: Raw) -> str:
    return json.dumps(raw, ensure_ascii=False, default=str)[:200]


def flat(raw: Raw) -> Flat:
    """An object as cells; what lies in objects is named by its way, null and lists are empty.

    A text in pieces, as Telegram Desktop writes it, is put together. MongoDB's `{"$date": x}` is x,
    and its own object ids are no numbers of posts.

    >>> flat({"id": 7, "chat": {"title": "Harbour"}, "views": None})
    {'id': '7', 'chat_title': 'Harbour', 'views': ''}
    """
    found: Flat = {}
    _flatten(raw, "", found, _DEPTH)
    return found


def _flatten(raw: Raw, way: str, found: Flat, deep: int) -> None:
    for key, value in raw.items():
        if key == "_":
            continue  # what kind of object it is
        name = f"{way}_{key}" if way else str(key)
        if isinstance(value, dict):
            [only, *more] = value or [""]
            if str(only).startswith("$") and not more:
                value = {name: value[only]} if only != "$oid" else {}
                name = ""
            if deep > 0:
                _flatten(value, name, found, deep - 1)
        else:
            found[name] = _cell(value)


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        number = str(value)
        return number.split(".")[0] if _WHOLE.fullmatch(number) else number
    if isinstance(value, list) and value:
        pieces = [each.get("text") if isinstance(each, dict) else each for each in value]
        if all(isinstance(each, str) for each in pieces):
            return "".join(pieces)  # type: ignore[arg-type]
    return ""
