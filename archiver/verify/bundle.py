"""Checks a file of evidence, anywhere: no archive, no settings, no network.

What `export.bundle` writes is one sequence of bytes for one content. So the zip is laid out anew
from what it holds, and must be the same: a byte changed anywhere, even where no program looks, is
seen. Whoever changes all hashes along with the content is caught only by a SHA-256 kept elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from archiver.errors import InputError
from archiver.export.bundle import (
    FORMAT,
    ITEMS,
    MANIFEST,
    MEMBERS,
    SEAL,
    TOLD,
    VERSION,
    add_member,
)

_COPY = 1 << 20
_MOST = 20  # findings of one kind; more say nothing new
_LINE = 64 << 20
_MANIFEST_LIMIT = 1 << 20
# What zipfile and json raise over bytes that are not theirs.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError,
           RuntimeError, KeyError, OverflowError)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: sentences, none for a sound bundle; the manifest and its SHA-256."""

    findings: tuple[str, ...]
    manifest: dict[str, Any]
    digest: str | None


def check(path: Path, expected: str | None = None) -> Checked:
    """Check a bundle; `expected` is the SHA-256 of its manifest, known from elsewhere.

    Raises InputError where there is no such file, or it is no bundle at all.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}.") from error
    with file:
        try:
            with zipfile.ZipFile(file) as zip_:
                return _checked(file, zip_, path, expected)
        except _BROKEN as error:
            if isinstance(error, InputError):
                raise
            _refuse_other_files(file, path)
            return Checked((f"the zip itself is damaged: {_said(error)}",), {}, None)


def _said(error: Exception) -> str:
    return str(error).split("\n")[0] or type(error).__name__


def _refuse_other_files(file: IO[bytes], path: Path) -> None:
    """What never was a bundle is another fault than a damaged one."""
    file.seek(0)
    if SEAL.encode() not in file.read(4_096):
        raise InputError(f"{path} is no bundle of `archiver export --bundle`.")


def _checked(file: IO[bytes], zip_: zipfile.ZipFile, path: Path, expected: str | None) -> Checked:
    names = zip_.namelist()
    if SEAL not in names and MANIFEST not in names:
        raise InputError(f"{path} is no bundle of `archiver export --bundle`.")
    findings = list(_members(names))
    # Ours is stored: what is packed may unpack to more than any disk holds.
    if any(info.compress_type != zipfile.ZIP_STORED for info in zip_.infolist()):
        return Checked((*findings, "a file in the zip is compressed, which none was"), {}, None)
    manifest, digest = _manifest(zip_, findings)
    if expected is not None and digest != expected.strip().lower():
        findings.append("the manifest is not the one whose SHA-256 was given")
    if not findings:
        findings += _contents(zip_, manifest)
    if not findings and not _same_layout(file, zip_):
        findings.append("bytes of the zip outside its files were changed")
    return Checked(tuple(findings), manifest, digest)


def _members(names: list[str]) -> Iterator[str]:
    for name in MEMBERS:
        if name not in names:
            yield f"{name} is missing"
    for name in names:
        if name not in MEMBERS:
            yield f"{name} was added"
    if not (set(names) ^ set(MEMBERS)) and tuple(names) != MEMBERS:
        yield "the files stand in another order, or twice"


def _manifest(zip_: zipfile.ZipFile, findings: list[str]) -> tuple[dict[str, Any], str | None]:
    if findings and (SEAL in findings[0] or MANIFEST in findings[0]):
        return {}, None
    raw = _limited(zip_, MANIFEST)
    digest = hashlib.sha256(raw).hexdigest()
    if _limited(zip_, SEAL) != f"{digest}  {MANIFEST}\n".encode():
        findings.append("the manifest was changed: its SHA-256 is another one")
    try:
        manifest = json.loads(raw)
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        findings.append("the manifest cannot be read")
        return {}, digest
    if manifest.get("format_version") != VERSION:
        findings.append(
            f"the bundle has format {manifest.get('format_version')!r}, this program knows"
            f" {VERSION}; use the version of archiver that the manifest names"
        )
    return manifest, digest


def _limited(zip_: zipfile.ZipFile, name: str) -> bytes:
    with zip_.open(name) as member:
        raw = member.read(_MANIFEST_LIMIT + 1)
    if len(raw) > _MANIFEST_LIMIT:
        raise ValueError(f"{name} is too big")
    return raw


def _contents(zip_: zipfile.ZipFile, manifest: dict[str, Any]) -> Iterator[str]:
    """Each file against the manifest; the lines of one that differs against the items."""
    told = manifest.get("files")
    files = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
    entries = {str(each.get("name")): each for each in files}
    if list(entries) != [ITEMS, *(f"{name}.jsonl" for name in TOLD)]:
        yield "the manifest names other files"
        return
    changed = [name for name, entry in entries.items() if _measured(zip_, name) != entry]
    if changed == [ITEMS] or ITEMS not in changed:
        yield from (f"{name} was changed" for name in changed)
    else:
        yield from (f"{name} was changed, and so was {ITEMS}" for name in changed if name != ITEMS)
    if ITEMS not in changed:
        for name in list(entries)[1:]:
            yield from _lines(zip_, name)
    if not changed:
        yield from _bonds(zip_)


def _measured(zip_: zipfile.ZipFile, name: str) -> dict[str, Any]:
    digest, size, lines = hashlib.sha256(), 0, 0
    with zip_.open(name) as member:
        for chunk in _chunks(member):
            digest.update(chunk)
            size += len(chunk)
            lines += chunk.count(b"\n")
    return {"name": name, "sha256": digest.hexdigest(), "bytes": size, "lines": lines}


def _lines(zip_: zipfile.ZipFile, name: str) -> Iterator[str]:
    """Which items of a file are not as they were."""
    found = 0
    with zip_.open(name) as member:
        for told, line in zip_longest(_items(zip_, name), _read(member)):
            if told is None:
                yield f"{name} has lines of which {ITEMS} knows nothing"
                return
            if line is None:
                yield f"{told.get('item')} and what follows is missing from {name}"
                return
            if hashlib.sha256(line).hexdigest() != told.get("sha256"):
                yield f"{told.get('item')} was changed (line {told.get('line')} of {name})"
                found += 1
                if found == _MOST:
                    return


def _items(zip_: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    with zip_.open(ITEMS) as member:
        for line in _read(member):
            told = json.loads(line)
            if told.get("file") == name:
                yield told


def _read(member: IO[bytes]) -> Iterator[bytes]:
    while line := member.readline(_LINE):
        yield line


def _bonds(zip_: zipfile.ZipFile) -> Iterator[str]:
    """The bytes from Telegram are those that their posts and versions name."""
    wanted: dict[str, str] = {}
    for name in ("posts.jsonl", "versions.jsonl"):
        with zip_.open(name) as member:
            for line in _read(member):
                value = json.loads(line)
                digest = value.get("obtained", value).get("raw_sha256")
                if digest is not None:
                    wanted[f"raw/{value['item']}"] = digest
    with zip_.open("raw.jsonl") as member:
        for line in _read(member):
            value = json.loads(line)
            if wanted.pop(value.get("item"), None) != _sha_of(value.get("tl")):
                yield f"{value.get('item')} holds other bytes than its post names"
    yield from (f"{name} is missing from raw.jsonl" for name in list(wanted)[:_MOST])


def _sha_of(tl: Any) -> str | None:
    try:
        return hashlib.sha256(base64.b64decode(tl, validate=True)).hexdigest()
    except (binascii.Error, TypeError, ValueError):
        return None


def _chunks(member: IO[bytes]) -> Iterator[bytes]:
    while chunk := member.read(_COPY):
        yield chunk


def _same_layout(file: IO[bytes], zip_: zipfile.ZipFile) -> bool:
    """Whether the zip is, byte for byte, what we make of its files."""
    with TemporaryFile() as anew:
        with zipfile.ZipFile(anew, "w") as again:
            for name in MEMBERS:
                with zip_.open(name) as member:
                    add_member(again, name, _chunks(member))
        anew.seek(0)
        file.seek(0)
        while True:
            one, other = anew.read(_COPY), file.read(_COPY)
            if one != other:
                return False
            if not one:
                return True
