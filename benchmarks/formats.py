"""How fast each format becomes an archive with its full index: posts a second and peak memory.

    python -m benchmarks.formats [--posts 100000] [--work DIR] [FORMAT ...]

The same invented posts are written in every format, then imported with `--no-dedup`, each in a
process of its own. Rates are posts a second of wall time and of processor time: on a machine that
others use only the second says something. The exit code is 1 where memory passes 300 MB.
"""

from __future__ import annotations

import argparse
import csv
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from benchmarks import usage

ROOT = Path(__file__).resolve().parents[1]
MOST_MB = 300
PAGE = 1_000  # messages of a page of Desktop's HTML; a saved page of t.me/s has 20
CHANNEL = 1_900_000_101

Told = dict[str, object]


def main() -> int:
    """Write all formats, import each, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--case", help=argparse.SUPPRESS)
    parser.add_argument("formats", nargs="*", metavar="FORMAT")
    given = parser.parse_args()
    if given.case:
        print(json.dumps(_run_case(given.case, given.work)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        work = given.work or Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        _corpus(work, given.posts)
        print(f"{given.posts:,} posts; {'format':<14}{'posts/s':>9}{'a CPU s':>9}{'peak MB':>9}")
        peaks = [_measure(name, work, given.posts) for name in given.formats or WRITERS]
    return int(any(peak > MOST_MB for peak in peaks))


def _corpus(work: Path, posts: int) -> None:
    file = work / "posts.jsonl"
    if not file.exists():
        command = [sys.executable, "-m", "benchmarks.corpus", str(posts), str(file)]
        subprocess.run(command, check=True, cwd=ROOT)


def _measure(name: str, work: Path, posts: int) -> float:
    place = work / name
    if not place.exists():
        place.mkdir()
        WRITERS[name](place, work)
    command = [sys.executable, "-m", "benchmarks.formats", "--case", name, "--work", str(work)]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    wall, cpu = posts / found["seconds"], posts / found["cpu"]
    print(f"{'':<15}{name:<14}{wall:>9,.0f}{cpu:>9,.0f}{found['peak']:>9.0f}", flush=True)
    peak: float = found["peak"]
    return peak


def _run_case(name: str, work: Path) -> dict[str, float]:
    from archiver.cli import run

    archive = work / f"{name}.archive"
    archive.unlink(missing_ok=True)
    started, used = time.perf_counter(), usage.cpu()
    code = run(["-q", "import", str(work / name), "--no-dedup", "--db", str(archive)])
    seconds, cpu = time.perf_counter() - started, usage.cpu() - used
    if code:
        sys.exit(code)
    peak = usage.peak()
    return {"seconds": seconds, "cpu": cpu, "peak": peak}


def _posts(work: Path) -> Iterator[Told]:
    """The corpus as one channel's posts, a minute apart."""
    with (work / "posts.jsonl").open("rb") as lines:
        for number, line in enumerate(lines, 1):
            seconds = 1_600_000_000 + 60 * number
            moment = datetime.fromtimestamp(seconds, UTC)
            yield {"id": number, "text": json.loads(line)["text"], "at": seconds, "date": moment}


def _jsonl(place: Path, work: Path) -> None:
    with (place / "posts.jsonl").open("w", encoding="utf-8") as file:
        for told in _posts(work):
            record = {
                "channel": CHANNEL,
                "id": told["id"],
                "date": told["at"],
                "text": told["text"],
            }
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _desktop_json(place: Path, work: Path) -> None:
    head = {"name": "Harbour", "type": "public_channel", "id": CHANNEL}
    with (place / "result.json").open("w", encoding="utf-8") as file:
        file.write(json.dumps(head)[:-1] + ', "messages": [\n')
        for told in _posts(work):
            raw = {
                "id": told["id"], "type": "message", "date": f"{told['date']:%Y-%m-%dT%H:%M:%S}",
                "date_unixtime": str(told["at"]), "from": "Harbour", "from_id": f"channel{CHANNEL}",
                "text": told["text"], "text_entities": [{"type": "plain", "text": told["text"]}],
            }  # fmt: skip
            file.write(json.dumps(raw, ensure_ascii=False, indent=1) + ",\n")
        file.write('{"id": 0, "type": "unsupported"}]}')


def _pages(
    place: Path, work: Path, size: int, name: str, write: Callable[[list[Told]], str]
) -> None:
    waiting: list[Told] = []
    number = 0
    for told in [*_posts(work), None]:
        if told is not None:
            waiting.append(told)
        if waiting and (told is None or len(waiting) == size):
            number += 1
            (place / f"{name}{number}.html").write_text(write(waiting), encoding="utf-8")
            waiting = []


def _desktop_html(place: Path, work: Path) -> None:
    from tests.sources.desktop_pages import message, page

    def write(told: list[Told]) -> str:
        return page(*(
            message(t["id"], escape(str(t["text"])).replace("\n", "<br>"),
                    date=f"{t['date']:%d.%m.%Y %H:%M:%S} UTC+00:00")
            for t in told
        )).decode()  # fmt: skip

    _pages(place, work, PAGE, "messages", write)


def _preview(place: Path, work: Path) -> None:
    from tests.sources.preview_pages import page, post, words

    def write(told: list[Told]) -> str:
        return page(*(
            post(t["id"], words(escape(str(t["text"])).replace("\n", "<br/>")),
                 date=f"{t['date']:%Y-%m-%dT%H:%M:%S}+00:00")
            for t in told
        )).decode()  # fmt: skip

    _pages(place, work, PAGE, "page", write)


def _telethon(place: Path, work: Path) -> None:
    from tests.sources.dumps import telethon

    with (place / "dump.json").open("w", encoding="utf-8") as file:
        file.write("[")
        for told in _posts(work):
            raw = telethon(told["id"], told["text"], date=f"{told['date']:%Y-%m-%dT%H:%M:%S}+00:00")
            file.write((", " if told["id"] != 1 else "") + json.dumps(raw, ensure_ascii=False))
        file.write("]")


def _csv(place: Path, work: Path) -> None:
    with (place / "harbour.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "date", "text"])
        for told in _posts(work):
            table.writerow([told["id"], told["at"], told["text"]])


def _json_table(place: Path, work: Path) -> None:
    with (place / "harbour.json").open("w", encoding="utf-8") as file:
        file.write("[")
        for told in _posts(work):
            raw = {"message_id": told["id"], "date": told["at"], "text": told["text"]}
            file.write((", " if told["id"] != 1 else "") + json.dumps(raw, ensure_ascii=False))
        file.write("]")


def _tg_archive(place: Path, work: Path) -> None:
    from tests.sources.test_tg_archive import SCHEMA

    with sqlite3.connect(place / "data.sqlite") as db:
        db.executescript(SCHEMA.format(more=""))
        db.executemany(
            "INSERT INTO messages VALUES (?, 'message', ?, NULL, ?, NULL, 1900000101, NULL)",
            ((t["id"], f"{t['date']:%Y-%m-%d %H:%M:%S}", t["text"]) for t in _posts(work)),
        )
    db.close()


def _archiver(place: Path, work: Path) -> None:
    source = work / "jsonl"
    if not source.exists():
        source.mkdir()
        _jsonl(source, work)
    command = [sys.executable, "-m", "archiver", "-q", "import", str(source), "--no-dedup", "--db"]
    subprocess.run([*command, str(place / "other.sqlite")], check=True, cwd=ROOT)


WRITERS: dict[str, Callable[[Path, Path], None]] = {
    "jsonl": _jsonl,
    "desktop-json": _desktop_json,
    "desktop-html": _desktop_html,
    "preview": _preview,
    "telethon": _telethon,
    "csv": _csv,
    "json-table": _json_table,
    "tg-archive": _tg_archive,
    "archiver": _archiver,
}

if __name__ == "__main__":
    sys.exit(main())
