"""Evidence: posts with all that is known of them, in a zip that shows whatever is done to it.

    manifest.sha256   the SHA-256 of manifest.json: whoever keeps these 64 letters elsewhere can
                      prove later that nothing was changed (`archiver verify FILE --sha256 ...`)
    manifest.json     what this is, which program made it, of what state of the archive, and the
                      SHA-256, bytes and lines of every other file
    items.jsonl       the SHA-256 of each line of the files below
    posts.jsonl       the posts, with how each row was obtained
    versions.jsonl    every other wording of them, with source, time and run
    raw.jsonl         the bytes Telegram sent, in base64, with the layer of its protocol
    channels.jsonl    the channels: names with dates, what of them is covered, state of the sync
    statements.jsonl  which posts are held to be one statement, and why; then (kind: verdict) what
                      persons said about these posts
    runs.jsonl        the runs of the program that brought all this

The files are stored, not compressed, without dates and in this order: the same state of an archive
gives the same bytes on every machine. So no time of making is inside; the SHA-256 can be given to
a time-stamping service.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from archiver import __version__
from archiver.export import verdicts
from archiver.export.records import Chosen, record_of
from archiver.model import Source
from archiver.store import completeness, exporting, kin
from archiver.store.look import Stored
from archiver.store.rows import load
from archiver.store.version import HEAD
from archiver.text.fold import FOLD_VERSION

FORMAT = "archiver-evidence"
VERSION = 1
SEAL = "manifest.sha256"
MANIFEST = "manifest.json"
ITEMS = "items.jsonl"
TOLD = ("posts", "versions", "raw", "channels", "statements", "runs")
MEMBERS = (SEAL, MANIFEST, ITEMS, *(f"{name}.jsonl" for name in TOLD))
_SPOOL = 8 << 20
_COPY = 1 << 20
_RANKS = ("src_text", "src_forward", "src_media", "src_counts")

Item = tuple[str, dict[str, Any]]


def write_bundle(chosen: Chosen, file: IO[bytes], query: str) -> tuple[int, str]:
    """Write the zip; how many posts it has, and the SHA-256 of its manifest."""
    spools = {name: _Spool(f"{name}.jsonl") for name in (*TOLD, "items")}
    try:
        count = _tell(chosen, spools)
        manifest = _manifest(chosen.db, query, [spools[name] for name in ("items", *TOLD)])
        digest = hashlib.sha256(manifest).hexdigest()
        with zipfile.ZipFile(file, "w") as zip_:
            add_member(zip_, SEAL, [f"{digest}  {MANIFEST}\n".encode()])
            add_member(zip_, MANIFEST, [manifest])
            for name in ("items", *TOLD):
                add_member(zip_, spools[name].name, spools[name].chunks())
    finally:
        for spool in spools.values():
            spool.close()
    return count, digest


def add_member(zip_: zipfile.ZipFile, name: str, chunks: Iterable[bytes]) -> None:
    """A file of a bundle: stored, with nothing in its header that differs between machines."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.external_attr = 0o644 << 16
    info.create_system = 3
    with zip_.open(info, "w", force_zip64=True) as member:
        for chunk in chunks:
            member.write(chunk)


class _Spool:
    """A file of the bundle while it grows: small ones in memory, others on the disk."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines = self.bytes = 0
        self._hash = hashlib.sha256()
        self._file = SpooledTemporaryFile(_SPOOL)  # noqa: SIM115 (closed by write_bundle)

    def add(self, value: dict[str, Any]) -> str:
        """One more line; its SHA-256."""
        line = _line(value)
        self._file.write(line)
        self._hash.update(line)
        self.lines += 1
        self.bytes += len(line)
        return hashlib.sha256(line).hexdigest()

    def told(self) -> dict[str, Any]:
        """Its entry in the manifest."""
        digest = self._hash.hexdigest()
        return {"name": self.name, "sha256": digest, "bytes": self.bytes, "lines": self.lines}

    def chunks(self) -> Iterator[bytes]:
        """All of it."""
        self._file.seek(0)
        while chunk := self._file.read(_COPY):
            yield chunk

    def close(self) -> None:
        """Free the disk."""
        self._file.close()


def _line(value: dict[str, Any]) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "replace") + b"\n"


def _tell(chosen: Chosen, spools: dict[str, _Spool]) -> int:
    """Fill the files; the number of posts."""
    count = 0
    channels, clusters, runs = set[int](), set[int](), set[int]()
    said = verdicts.of_posts(chosen.db)
    spoken = set[int]()
    for found in chosen.posts():
        count += 1
        spoken |= said.get(found.id, set())
        channels.add(found.channel_id)
        if found.cluster_id is not None:
            clusters.add(found.cluster_id)
        _put_all(spools, _of_post(chosen.db, found, runs))
    _put_all(spools, _channels(chosen.db, channels))
    _put_all(spools, _statements(chosen.db, clusters))
    _put_all(spools, (("statements", each) for each in verdicts.told(chosen.db, spoken, runs)))
    _put_all(spools, _runs(chosen.db, runs))
    return count


def _put_all(spools: dict[str, _Spool], items: Iterable[Item]) -> None:
    """Each item a line of its file, and the hash of it a line of the items."""
    for kind, value in items:
        spool = spools[kind]
        digest = spool.add(value)
        told = {"file": spool.name, "line": spool.lines, "item": value["item"], "sha256": digest}
        spools["items"].add(told)


def _of_post(db: sqlite3.Connection, found: Stored, runs: set[int]) -> Iterator[Item]:
    """A post, its other versions, and the bytes of each."""
    row = exporting.origin(db, found.id)
    runs.add(row["added_run"])
    raw = None if row["tl"] is None else zlib.decompress(row["tl"])
    yield "posts", _post(found, row, raw) | {"counts": _counts(db, found.id)}
    if raw is not None:
        yield "raw", _raw(f"raw/post/{found.id}", raw, row["layer"])
    for version in exporting.versions(db, found.id):
        runs.add(version["run_id"])
        name = f"version/{version['id']}"
        bytes_ = None if version["raw"] is None else zlib.decompress(version["raw"])
        yield (
            "versions",
            {
                "item": name,
                "post": f"post/{found.id}",
                **{key: version[key] for key in ("text", "edited", "seen", "media_kind")},
                "entities": load(version["entities"]),
                "media": load(version["media"]),
                "source": Source(version["source"]).name.lower(),
                "run": f"run/{version['run_id']}",
                "raw_sha256": _sha(bytes_),
            },
        )
        if bytes_ is not None:
            yield "raw", _raw(f"raw/{name}", bytes_, version["raw_layer"])


def _post(found: Stored, row: dict[str, Any], raw: bytes | None) -> dict[str, Any]:
    levels = {name.removeprefix("src_"): row[name] for name in _RANKS}
    return {
        "item": f"post/{found.id}",
        "channel": f"channel/{found.channel_id}",
        "post": record_of(found),
        "deleted": row["deleted_at"],
        "deleted_evidence": row["deleted_evidence"],
        "obtained": {
            "by": {name: _source(level) for name, level in levels.items()},
            "run": f"run/{row['added_run']}",
            "raw_layer": row["layer"],
            "raw_sha256": _sha(raw),
        },
        "statement": None if row["cluster_id"] is None else f"statement/{row['cluster_id']}",
    }


def _source(level: int | None) -> str | None:
    return Source(level).name.lower() if level else None


def _sha(raw: bytes | None) -> str | None:
    return None if raw is None else hashlib.sha256(raw).hexdigest()


def _raw(name: str, raw: bytes, layer: int | None) -> dict[str, Any]:
    return {"item": name, "layer": layer, "tl": base64.b64encode(raw).decode()}


def _counts(db: sqlite3.Connection, post_id: int) -> list[dict[str, Any]]:
    found = exporting.metrics(db, post_id)
    return [each | {"reactions": load(each["reactions"])} for each in found]


def _channels(db: sqlite3.Connection, ids: Iterable[int]) -> Iterator[Item]:
    for row in exporting.channels(db, ids):
        own = row.pop("id")
        yield (
            "channels",
            {
                "item": f"channel/{own}",
                **row,
                "names": completeness.names_of(db, own),
                "covered": completeness.intervals(db, own),
                "sync": exporting.sync_state(db, own),
            },
        )


def _statements(db: sqlite3.Connection, ids: Iterable[int]) -> Iterator[Item]:
    for row in exporting.clusters(db, ids):
        own = row.pop("id")
        posts = [
            {
                "post": f"post/{each.id}",
                "channel": each.username or each.title,
                "message_id": each.message_id,
                "date": each.date,
                "deleted": each.deleted_at,
                "reason": each.reason,
                "score": each.score,
                "via": None if each.via is None else f"post/{each.via}",
            }
            for each in kin.members(db, row["canonical"])
        ]
        shown = f"post/{row['canonical']}"
        yield "statements", {"item": f"statement/{own}", **row, "canonical": shown, "posts": posts}


def _runs(db: sqlite3.Connection, ids: Iterable[int]) -> Iterator[Item]:
    for row in exporting.runs(db, ids):
        yield "runs", {"item": f"run/{row.pop('id')}", **row}


def _manifest(db: sqlite3.Connection, query: str, spools: list[_Spool]) -> bytes:
    """What the bundle is; the last run says of which state of the archive."""
    last = exporting.runs(db, [exporting.last_run(db)])
    told = {
        "format": FORMAT,
        "format_version": VERSION,
        "program": f"archiver {__version__}",
        "schema": HEAD,
        "fold_version": FOLD_VERSION,
        "query": query or None,
        "archive": {"last_run": last[0] if last else None},
        "files": [spool.told() for spool in spools],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
