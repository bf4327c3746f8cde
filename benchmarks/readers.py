"""How fast the readers are, and whether their memory stays flat: python benchmarks/readers.py

For each format a file of 10 MB and one of 200 MB is made in a temporary folder and read in a
process of its own, which reports posts per second of processor time and its peak memory. The
difference between the two peaks must stay under 20 MB; the exit code is 1 where it does not.
`benchmarks/formats.py` measures whole imports of every format.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson

from archiver.sources import ReadOptions
from archiver.sources.detect import open_source, reader_named

SMALL, LARGE = 10_000_000, 200_000_000
MOST_MORE = 20_000_000
WORDS = "паром к маяку сегодня задержится на полчаса, билеты действительны весь день; "


def text_of(number: int) -> str:
    """About 1.1 kB of UTF-8, different for each number."""
    return f"Сводка {number}. " + WORDS * 8


def jsonl_records() -> Iterator[bytes]:
    number = 0
    while True:
        number += 1
        record = {
            "channel": "@harbour",
            "id": number,
            "date": "2025-03-04T11:20:05Z",
            "text": text_of(number),
            "views": number,
        }
        yield orjson.dumps(record) + b"\n"


def dump_records() -> Iterator[bytes]:
    number = 0
    while True:
        number += 1
        text = text_of(number).replace("; ", ".\n")
        yield f"Forwarded from Гавань {number % 9}\n{text}\n".encode()


def desktop_records() -> Iterator[bytes]:
    number = 0
    while True:
        number += 1
        text = [text_of(number)[:300], {"type": "bold", "text": text_of(number)[300:]}, ""]
        kinds = ("plain", "bold", "plain")
        parts = [part if isinstance(part, str) else part["text"] for part in text]
        raw = {
            "id": number,
            "type": "message",
            "date": "2025-03-04T11:20:05",
            "date_unixtime": str(1741076405 + number),
            "from": "Гавань",
            "from_id": "channel1900000101",
            "text": text,
            "text_entities": [
                {"type": kind, "text": part} for kind, part in zip(kinds, parts, strict=True)
            ],
        }
        yield json.dumps(raw, ensure_ascii=False, indent=1).encode() + b",\n"


def html_records() -> Iterator[bytes]:
    number = 0
    while True:
        number += 1
        time = f"04.03.2025 {number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02} UTC"
        yield (
            f'\n     <div class="message default clearfix joined" id="message{number}">\n\n      '
            f'<div class="body">\n\n       <div class="pull_right date details" title="{time}">\n'
            f'11:20\n       </div>\n\n       <div class="text">\n{text_of(number)[:300]}<br><b>'
            f"{text_of(number)[300:]}</b>\n       </div>\n\n      </div>\n\n     </div>\n"
        ).encode()


def preview_records() -> Iterator[bytes]:
    number = 0
    while True:
        number += 1
        yield (
            '<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="'
            f'tgme_widget_message js-widget_message" data-post="harbour/{number}"><div class="'
            'tgme_widget_message_bubble"><div class="tgme_widget_message_text js-message_text">'
            f'{text_of(number)}</div><div class="tgme_widget_message_footer"><span class="'
            'tgme_widget_message_views">1.2K</span><span class="tgme_widget_message_meta">'
            '<time datetime="2025-03-04T11:20:05+00:00">11:20</time></span></div></div></div></div>'
        ).encode()


def telethon_records() -> Iterator[bytes]:
    number = 0
    while True:
        number += 1
        raw = {
            "_": "Message",
            "id": number,
            "peer_id": {"_": "PeerChannel", "channel_id": 1900000101},
            "date": "2025-03-04T11:20:05+00:00",
            "message": text_of(number),
            "post": True,
            "entities": [{"_": "MessageEntityBold", "offset": 0, "length": 6}],
            "views": number,
        }
        yield json.dumps(raw, ensure_ascii=False).encode() + b",\n"


def csv_records() -> Iterator[bytes]:
    number = 0
    while True:
        number += 1
        yield f'{number},1741076405,"{text_of(number)}"\n'.encode()


HTML_HEAD = (
    '<html><body><div class="page_header"><div class="text bold">\nГавань\n</div></div>'
    '<div class="history">'
).encode()
HEAD = '{"name": "Гавань", "type": "public_channel", "id": 1900000101, "messages": [\n'.encode()
FORMATS: dict[str, tuple[bytes, Callable[[], Iterator[bytes]], bytes]] = {
    "jsonl": (b"", jsonl_records, b""),
    "desktop-json": (HEAD, desktop_records, b'{"id": 0, "type": "unsupported"}]}\n'),
    "desktop-html": (HTML_HEAD, html_records, b"</div></body></html>"),
    "preview": (b"<html><body>", preview_records, b"</body></html>"),
    "telethon": (b"[", telethon_records, b'{"_": "MessageEmpty", "id": 0}]'),
    "csv": (b"id,date,text\n", csv_records, b""),
    "text": (b"", dump_records, b""),
}


def make(path: Path, name: str, size: int) -> None:
    """Writes a file of about `size` bytes."""
    before, records, after = FORMATS[name]
    with path.open("wb") as file:
        written = file.write(before)
        for record in records():
            written += file.write(record)
            if written >= size:
                break
        file.write(after)


def read(path: str, name: str) -> None:
    """Reads a file and prints posts, seconds and peak bytes; runs in a process of its own."""
    file, reader = open_source(Path(path), name)
    begin = time.process_time()
    with file:
        count = sum(isinstance(item, tuple) for item in reader.read(file, ReadOptions(name="x")))
    seconds = time.process_time() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps([count, seconds, peak]))


def measured(path: Path, name: str) -> tuple[int, float, int]:
    """What `read` says of a file."""
    command = [sys.executable, __file__, str(path), reader_named(name).NAME]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    count, seconds, peak = json.loads(done.stdout)
    return count, seconds, peak


def main() -> int:
    """Measures all formats; 1 where memory grows with the file."""
    grown = False
    with tempfile.TemporaryDirectory() as folder:
        for name in FORMATS:
            peaks = []
            for size in (SMALL, LARGE):
                path = Path(folder, "file")
                make(path, name, size)
                count, seconds, peak = measured(path, name)
                peaks.append(peak)
                each, rate = path.stat().st_size / count, count / seconds
                megabytes = f"{size / 1e6:4.0f} MB, {each:5.0f} bytes a post"
                print(f"{name:13} {megabytes} {rate:9,.0f} posts/s, peak {peak / 1e6:5.1f} MB")
            grown |= peaks[1] - peaks[0] > MOST_MORE
    return int(grown)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        read(*sys.argv[1:])
    else:
        sys.exit(main())
