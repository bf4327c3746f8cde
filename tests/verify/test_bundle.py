"""A bundle of evidence: made the same from the same, and whatever is done to it is found."""

from __future__ import annotations

import hashlib
import io
import json
import random
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from telethon.tl.alltlobjects import LAYER

from archiver.errors import InputError
from archiver.export import Chosen
from archiver.export.bundle import ITEMS, MANIFEST, MEMBERS, SEAL, add_member, write_bundle
from archiver.store import verdicts
from archiver.store.store import Store
from archiver.verify.bundle import check
from tests import archives
from tests.newsroom import DAWN
from tests.verify.room import live_room

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Live posts with bytes and an edit, a copy, an imported one, a deletion."""
    path = tmp_path_factory.mktemp("bundle") / "archive.sqlite"
    with archives.opened(path) as store:
        live_room(store)
    return path


def made(archive: Path, target: Path, query: str = "") -> str:
    with closing(sqlite3.connect(archive)) as db, target.open("wb+") as file:
        return write_bundle(Chosen(db), file, query)[1]


@pytest.fixture
def bundle(archive: Path, tmp_path: Path) -> Path:
    """A bundle of all of it."""
    made(archive, tmp_path / "e.zip")
    return tmp_path / "e.zip"


def opened(path: Path) -> Files:
    with zipfile.ZipFile(path) as zip_:
        return {name: zip_.read(name) for name in zip_.namelist()}


def packed(path: Path, files: Files) -> None:
    with zipfile.ZipFile(path, "w") as zip_:
        for name, content in files.items():
            add_member(zip_, name, [content])


def lines(files: Files, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[name].splitlines()]


def test_the_same_state_gives_the_same_bytes(archive: Path, bundle: Path, tmp_path: Path) -> None:
    made(archive, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()
    assert tuple(opened(bundle)) == MEMBERS
    assert check(bundle).findings == ()


def test_a_bundle_says_all_that_is_known_of_its_posts(bundle: Path) -> None:
    files = opened(bundle)
    manifest = json.loads(files[MANIFEST])
    assert manifest["program"].startswith("archiver ")
    assert manifest["schema"]
    assert {each["name"]: each["lines"] for each in manifest["files"]}["posts.jsonl"] == 4
    posts = {each["post"]["id"]: each for each in lines(files, "posts.jsonl")}
    assert posts[1]["obtained"]["by"]["text"] == "live"
    assert posts[1]["obtained"]["raw_layer"] == LAYER
    assert posts[2]["deleted_evidence"] == "asked for by id"
    assert posts[9]["obtained"] == {
        "by": {"text": "export", "forward": None, "media": None, "counts": None},
        "run": "run/1", "raw_layer": None, "raw_sha256": None,
    }  # fmt: skip
    [version] = lines(files, "versions.jsonl")
    assert version["text"] == "The ferry sails at nine from the old pier."
    assert version["source"] == "live"
    raw = {each["item"]: each for each in lines(files, "raw.jsonl")}
    assert f"raw/{version['item']}" in raw
    [channel] = [c for c in lines(files, "channels.jsonl") if c["username"] == "harbour"]
    assert channel["covered"] == [[1, 2]]
    assert channel["names"]
    assert lines(files, "runs.jsonl")[0]["command"] == "test"
    assert not any(b"access_hash" in content for content in files.values())


def test_what_persons_said_is_in_a_bundle_and_watched_over(archive: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.sqlite"
    shutil.copy(archive, own)
    with Store.open(own) as store:
        runs = [store.start_run(f"dedup {what}", DAWN) for what in ("merge", "split", "undo")]
        with store.transaction() as conn:
            verdicts.merge(conn, runs[0], 1, 4, DAWN)
            verdicts.split(conn, runs[1], 2, DAWN)
            verdicts.undo(conn, runs[2], runs[1])
    made(own, tmp_path / "e.zip")
    files = opened(tmp_path / "e.zip")
    merged, split = [
        each for each in lines(files, "statements.jsonl") if each.get("kind") == "verdict"
    ]
    places = [(each["post"], each["channel"], each["message_id"]) for each in merged["posts"]]
    assert (merged["verdict"], merged["withdrawn"]) == ("same", None)
    assert places == [("post/1", "harbour", 1), ("post/4", "quay", 10)]
    assert (split["verdict"], split["withdrawn"]) == ("apart", f"run/{runs[2]}")
    told = {each["item"]: each["command"] for each in lines(files, "runs.jsonl")}
    assert {told[f"run/{run}"] for run in runs} == {"dedup merge", "dedup split", "dedup undo"}
    assert check(tmp_path / "e.zip").findings == ()
    changed = files["statements.jsonl"].replace(b'"verdict":"same"', b'"verdict":"both"')
    packed(tmp_path / "e.zip", files | {"statements.jsonl": changed})
    assert any(merged["item"] in each for each in check(tmp_path / "e.zip").findings)


def test_any_byte_that_changes_is_found(bundle: Path) -> None:
    whole = bundle.read_bytes()
    dice = random.Random(7)
    headers = [at for at in range(len(whole)) if whole[at : at + 2] == b"PK"]
    places = [at + dice.randrange(46) for at in headers for _ in range(8)]
    places += [dice.randrange(len(whole)) for _ in range(150)]
    for at in places:
        changed = bytearray(whole)
        at = min(at, len(whole) - 1)
        changed[at] ^= 1 << dice.randrange(8)
        bundle.write_bytes(changed)
        with suppress(InputError):
            assert check(bundle).findings, at
    bundle.write_bytes(whole)
    assert not check(bundle).findings


@pytest.mark.parametrize("more", [b"x", b"\x00" * 30])
def test_bytes_before_or_behind_are_found(bundle: Path, more: bytes) -> None:
    whole = bundle.read_bytes()
    for changed in (whole + more, more + whole, whole[:-1]):
        bundle.write_bytes(changed)
        assert check(bundle).findings


def change_word(files: Files) -> None:
    files["posts.jsonl"] = files["posts.jsonl"].replace(b"new pier", b"old pier")


def change_word_and_items(files: Files) -> None:
    change_word(files)
    told = lines(files, ITEMS)
    found = files["posts.jsonl"].splitlines(keepends=True)
    for each in told:
        if each["file"] == "posts.jsonl":
            each["sha256"] = hashlib.sha256(found[each["line"] - 1]).hexdigest()
    files[ITEMS] = b"".join(json.dumps(each).encode() + b"\n" for each in told)


def drop_line(files: Files) -> None:
    files["posts.jsonl"] = b"".join(files["posts.jsonl"].splitlines(keepends=True)[:-1])


def add_line(files: Files) -> None:
    files["posts.jsonl"] += b'{"item":"post/99"}\n'


def drop_file(files: Files) -> None:
    del files["raw.jsonl"]


def add_file(files: Files) -> None:
    files["note.txt"] = b"trust me"


def swap_files(files: Files) -> None:
    files["runs.jsonl"] = files.pop("runs.jsonl")
    files["raw.jsonl"] = files.pop("raw.jsonl")


def change_manifest(files: Files) -> None:
    files[MANIFEST] = files[MANIFEST].replace(b'"query": null', b'"query": "all"')


def empty_manifest(files: Files) -> None:
    files[MANIFEST] = b"{}"
    files[SEAL] = f"{hashlib.sha256(b'{}').hexdigest()}  {MANIFEST}\n".encode()


def future_manifest(files: Files) -> None:
    files[MANIFEST] = files[MANIFEST].replace(b'"format_version": 1', b'"format_version": 2')
    files[SEAL] = f"{hashlib.sha256(files[MANIFEST]).hexdigest()}  {MANIFEST}\n".encode()


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (change_word, "post/1 was changed (line 3 of posts.jsonl)"),
        (change_word_and_items, "posts.jsonl was changed, and so was items.jsonl"),
        (drop_line, "and what follows is missing from posts.jsonl"),
        (add_line, "posts.jsonl has lines of which items.jsonl knows nothing"),
        (drop_file, "raw.jsonl is missing"),
        (add_file, "note.txt was added"),
        (swap_files, "another order"),
        (change_manifest, "the manifest was changed"),
        (empty_manifest, "the manifest cannot be read"),
        (future_manifest, "has format 2"),
    ],
)
def test_tampering_is_named(bundle: Path, tamper: Callable[[Files], None], said: str) -> None:
    files = opened(bundle)
    tamper(files)
    packed(bundle, files)
    assert said in "; ".join(check(bundle).findings)


def resealed(files: Files) -> None:
    """All hashes made anew over other words: only a hash kept elsewhere can tell."""
    change_word_and_items(files)
    manifest = json.loads(files[MANIFEST])
    for each in manifest["files"]:
        content = files[each["name"]]
        each |= {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    files[MANIFEST] = json.dumps(manifest).encode()
    files[SEAL] = f"{hashlib.sha256(files[MANIFEST]).hexdigest()}  {MANIFEST}\n".encode()


def test_a_hash_kept_elsewhere_finds_even_a_new_seal(archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "e.zip"
    digest = made(archive, path)
    assert not check(path, digest.upper()).findings
    files = opened(path)
    resealed(files)
    packed(path, files)
    assert not check(path).findings
    assert check(path, digest).findings == ("the manifest is not the one whose SHA-256 was given",)


def test_bytes_of_another_post_are_found_even_in_a_new_seal(bundle: Path) -> None:
    files = opened(bundle)
    found = lines(files, "raw.jsonl")
    found[0]["tl"], found[1]["tl"] = found[1]["tl"], found[0]["tl"]
    files["raw.jsonl"] = b"".join(json.dumps(each).encode() + b"\n" for each in found)
    told = lines(files, ITEMS)
    by_line = files["raw.jsonl"].splitlines(keepends=True)
    for each in told:
        if each["file"] == "raw.jsonl":
            each["sha256"] = hashlib.sha256(by_line[each["line"] - 1]).hexdigest()
    files[ITEMS] = b"".join(json.dumps(each).encode() + b"\n" for each in told)
    resealed(files)
    packed(bundle, files)
    assert "holds other bytes than its post names" in "; ".join(check(bundle).findings)


def test_a_packed_file_is_not_unpacked(bundle: Path) -> None:
    files = opened(bundle)
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as zip_:
        for name, content in files.items():
            zip_.writestr(name, content)
    assert check(bundle).findings == ("a file in the zip is compressed, which none was",)


@pytest.mark.parametrize("content", [b"", b"nothing of ours", b"PK\x05\x06" + b"\x00" * 18])
def test_what_is_no_bundle_is_another_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "e.zip"
    path.write_bytes(content)
    with pytest.raises(InputError, match="no bundle"):
        check(path)
    with pytest.raises(InputError, match="cannot read"):
        check(tmp_path / "none.zip")


def test_any_zip_of_others_is_no_bundle(tmp_path: Path) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as zip_:
        zip_.writestr("photo.jpg", b"x")
    (tmp_path / "e.zip").write_bytes(raw.getvalue())
    with pytest.raises(InputError, match="no bundle"):
        check(tmp_path / "e.zip")


def test_the_commands_make_and_check_it_without_an_archive(
    archiver, archive: Path, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    done = archiver("export", "--db", str(archive), "--bundle", "e.zip", "ferry")
    assert done.returncode == 0
    digest = done.stderr.decode().split()[-1]
    nowhere = {"ARCHIVER_DB": "/nowhere/at/all.sqlite"}
    checked = archiver("verify", "e.zip", "--sha256", digest, env=nowhere)
    assert (checked.returncode, checked.stderr) == (0, b"")
    assert digest in checked.stdout.decode()
    files = opened(tmp_path / "e.zip")
    assert json.loads(files[MANIFEST])["query"] == "ferry"
    change_word(files)
    packed(tmp_path / "e.zip", files)
    checked = archiver("verify", "e.zip", env=nowhere)
    assert checked.returncode == 6
    assert "post/1 was changed" in checked.stdout.decode()
    assert archiver("verify", "none.zip", env=nowhere).returncode == 9
