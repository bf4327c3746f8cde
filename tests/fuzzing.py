"""What a stranger may hand to every reader: one good file of each format, to be mutilated.

`TARGETS` has for each format its samples and a `Target` that swallows bytes: it raises whatever is
no error of ours. Readers are read to their end, and what they gave goes into a real archive; other
archives are merged into one, bundles are checked. `tests/test_fuzz.py` uses it for seconds,
`benchmarks/fuzz.py` for hours.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from archiver.errors import ArchiverError, InputError
from archiver.export import Chosen
from archiver.export.bundle import write_bundle
from archiver.ingest import Hooks, ingest
from archiver.model import BadRecord, Channel, Notice, Post, Verdict
from archiver.sources import Reader, ReadOptions
from archiver.sources.detect import READERS, detect
from archiver.store.reading import open_reading
from archiver.store.store import Store
from archiver.verify import bundle as verify_bundle
from archiver.verify.archive import findings
from tests import archives
from tests.newsroom import DAWN
from tests.sources.dumps import as_list, old, telethon
from tests.sources.test_garbage import GOOD, OPTIONS
from tests.verify.room import live_room

# An archive that took so many files is as good as full of them.
_RENEW = 400
_PAGE = 512
# Changes from here on are of single bytes of the file, the others are SQL.
_BYTES = 224
# One value of each kind that a column is not made for, as SQL.
HOSTILE = (
    "NULL", "0", "-1", "9223372036854775807", "-9223372036854775808", "1e999", "-0.5", "''", "'x'",
    "x'00ff'", "CAST(x'EDA080' AS TEXT)", "CAST(x'610062' AS TEXT)", "CAST(x'FFFE' AS TEXT)",
    "'{}'", "'[]'", "'null'", "'[null]'", "'{\"a\":'", "'[[1,2,3]]'", "'[[0,5,\"x\"],[3,2,\"x\"]]'",
    "'[{\"type\":\"bold\",\"offset\":-5,\"length\":99999999999999999999}]'",
    "'[{\"_\":\"MessageEntityBold\",\"offset\":1e9}]'", "'2025-13-41 25:61'", "'0001-01-01'",
    "'9999-12-31T23:59:59+00:00'", "'@harbour'", "'../../etc/passwd'", "'file:///etc/passwd'",
    "hex(zeroblob(2000))", "printf('%.*c', 3000, '[')", "zeroblob(99)", "rowid", "rowid + 1",
    "1900000101", "-1001900000101", "99999999999999", "'user_joined'", "'poll'", "'webpage'",
)  # fmt: skip


def archive_sample() -> bytes:
    """An archive of ours: edits, deletions, bytes of Telegram, coverage; small pages."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.sqlite")
        with archives.opened(path) as store:
            live_room(store)
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode=DELETE")
            for table in ("posts_fts", "member_fts", "revision_fts"):
                db.execute(f"DROP TABLE IF EXISTS {table}")
            db.execute(f"PRAGMA page_size={_PAGE}")
            db.execute("VACUUM")
        return path.read_bytes()


def bundle_sample() -> bytes:
    """Evidence of the same archive."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.sqlite")
        with archives.opened(path) as store:
            live_room(store)
        told = io.BytesIO()
        with closing(open_reading(path)) as db:
            write_bundle(Chosen(db, None, "x", DAWN), told, "")
        return told.getvalue()


class Read:
    """A reader, and all that its posts go through."""

    def __init__(self, reader: Reader, folder: Path) -> None:
        self._reader = reader
        self._archive = _Archive(folder)

    def __call__(self, data: bytes) -> None:
        """Read, and save every eighth file that has posts."""
        options = OPTIONS[data[-1] % 3 if data else 0]
        detect(data, "file")
        posts = sum(1 for _ in read(self._reader, data, options))
        if posts and sum(data) % 8 == 0:
            self._archive.take(self._reader, data, options)


class ReadDatabase(Read):
    """A reader of SQLite files; bytes that are none are a list of changes to the sample."""

    def __init__(self, reader: Reader, folder: Path, sample: bytes) -> None:
        super().__init__(reader, folder)
        self._sample = sample
        self._folder = folder

    def __call__(self, data: bytes) -> None:
        """Read the file that the bytes are, or that they make of the sample."""
        super().__call__(as_database(self._sample, data, self._folder / "changed.sqlite"))


class Absorb:
    """Another archive, merged into one."""

    def __init__(self, folder: Path, sample: bytes) -> None:
        self._sample = sample
        self._folder = folder
        self._archive = _Archive(folder, renew=40)

    def __call__(self, data: bytes) -> None:
        """Merge the file that the bytes are, or that they make of the sample."""
        path = self._folder / "foreign.sqlite"
        path.write_bytes(as_database(self._sample, data, self._folder / "changed.sqlite"))
        self._archive.merge(path)


class Verify:
    """A bundle, checked."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "bundle.zip"

    def __call__(self, data: bytes) -> None:
        """Sound or not, it says so."""
        self._path.write_bytes(data)
        with contextlib.suppress(InputError):
            for said in verify_bundle.check(self._path).findings:
                said.encode()


class _Archive:
    """A real archive that takes what comes; a new one now and then, checked before it goes."""

    def __init__(self, folder: Path, renew: int = _RENEW) -> None:
        self._folder = folder
        self._renew = renew
        self._count = 0
        self._store: Store | None = None

    def take(self, reader: Reader, data: bytes, options: ReadOptions) -> None:
        """Import one file."""
        store, run = self._held()
        source = (Path("file"), lambda: (io.BytesIO(data), reader))
        ingest(store, run, [source], options, Hooks(clock=lambda: DAWN))

    def merge(self, path: Path) -> None:
        """Merge one archive."""
        store, run = self._held()
        with contextlib.suppress(ArchiverError):
            for _ in store.absorb(run, path, lambda: DAWN):
                pass

    def _held(self) -> tuple[Store, int]:
        if self._store is not None and self._count >= self._renew:
            self.check()
        if self._store is None:
            place = Path(tempfile.mkdtemp(dir=self._folder))
            self._store = archives.opened(place / "archive.sqlite")
            self._run = self._store.start_run("fuzz", DAWN)
            self._count = 0
        self._count += 1
        return self._store, self._run

    def check(self) -> None:
        """The archive is sound, whatever it was given."""
        if self._store is None:
            return
        path = self._store.path
        self._store.close()
        self._store = None
        with closing(open_reading(path)) as db:
            # Bytes that another archive tells of a post may be no Telegram's: that is found.
            wrong = [each for each in findings(db) if each.about != "bytes"]
        assert wrong == [], wrong
        shutil.rmtree(path.parent)


def read(reader: Reader, data: bytes, options: ReadOptions) -> Iterator[Post]:
    """The posts of a file; every item is what a reader may give."""
    with contextlib.suppress(InputError):
        for item in reader.read(io.BytesIO(data), options):
            if isinstance(item, tuple):
                channel, post = item
                assert isinstance(channel, Channel)
                assert isinstance(post, Post)
                post.text.encode()
                yield post
            else:
                assert isinstance(item, BadRecord | Notice | Verdict)


def as_database(sample: bytes, data: bytes, path: Path) -> bytes:
    """The bytes themselves where they are a database, else the sample with changes by them."""
    if data.startswith(b"SQLite"):
        return data
    path.write_bytes(sample)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous=OFF")
        db.set_progress_handler(lambda: 1, 1_000_000)  # a key moved up meets itself again
        db.execute("PRAGMA ignore_check_constraints=ON")
        tables = [t for (t,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '*[_]fts*'"
        )]  # fmt: skip
        for at in range(0, min(len(data), 64) - 3, 4):
            if data[at] < _BYTES:
                with contextlib.suppress(sqlite3.Error):
                    _change(db, tables, data[at : at + 4])
    changed = bytearray(path.read_bytes())
    for at in range(0, min(len(data), 64) - 3, 4):
        if data[at] >= _BYTES:
            changed[int.from_bytes(data[at : at + 3], "big") % len(changed)] = data[at + 3]
    return bytes(changed)


def _change(db: sqlite3.Connection, tables: list[str], told: bytes) -> None:
    table = tables[told[0] % len(tables)]
    columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]
    column = columns[told[1] % len(columns)]
    value = HOSTILE[told[3] % len(HOSTILE)]
    if told[2] == 255:
        db.execute(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')
    elif told[2] == 254:
        db.execute(f'DELETE FROM "{table}"')
    else:
        db.execute(
            f'UPDATE OR REPLACE "{table}" SET "{column}" = {value} WHERE rowid IN'
            f' (SELECT rowid FROM "{table}" LIMIT 1 OFFSET ?)', (told[2] % 8,)
        )  # fmt: skip


Target = Callable[[bytes], Any]


def _made(name: str, folder: Path) -> tuple[Target, list[bytes]]:
    scripts = [bytes([1, 2, 3, 4]), bytes(range(64)), bytes([230, 7, 7, 255])]
    if name == "bundle":
        return Verify(folder), [bundle_sample()]
    if name == "archiver":
        sample = archive_sample()
        return Absorb(folder, sample), [sample, *scripts]
    reader = next(each for each in READERS if name == each.NAME)
    if name == "tg-archive":
        return ReadDatabase(reader, folder, GOOD[name]), [GOOD[name], *scripts]
    return Read(reader, folder), [GOOD[name], *MORE.get(name, ())]


# Other shapes of the same formats.
MORE = {
    "telethon": [b"\n".join(json.dumps(telethon(n)).encode() for n in (1, 2)), as_list(old(3))],
    "jsonl": [
        b'{"channel":"@a","id":2,"text":"y","versions":[{"text":"x","source":"live","seen":5,'
        b'"entities":[{"type":"bold","offset":0,"length":1}],"media":{"kind":"photo"}}]}\n'
        b'{"kind":"verdict","verdict":"apart","posts":[{"channel":"@a","id":2}],"said":5}\n',
    ],
    "text": ["Текст без шапки\r\n----\r\nещё\r\n".encode("cp1251"), "a\n\nb\n".encode("utf-16")],
    "json-table": [
        b'{"id": 1, "text": "x"}\n{"id": 2, "text": null, "date": {"$date": "2025-03-04"}}\n',
        b'{"n": 1, "posts": [{"id": 1, "text": "x", "from": {"id": 5}}], "m": []}',
    ],
    "csv": [b'id;date;text\r\n1;"04.03.2025 11:20";"a ""b""\r\nc"\r\n'],
}
NAMES = (*(reader.NAME for reader in READERS), "bundle")


def target(name: str, folder: Path) -> tuple[Target, list[bytes]]:
    """What swallows bytes of a format, working in `folder`, and samples of it."""
    return _made(name, folder)
