"""Our own JSONL, which `archiver import` reads back equal: a post a line, then the verdicts."""

from __future__ import annotations

import json
from typing import IO, Any

from archiver.export.records import Chosen, verdicts


def write(chosen: Chosen, file: IO[bytes]) -> int:
    """Write the posts; how many they were."""
    count = 0
    for record in chosen.records():
        _line(file, record)
        count += 1
    for record in verdicts(chosen.db, chosen.keys):
        _line(file, record)
    return count


def _line(file: IO[bytes], record: dict[str, Any]) -> None:
    file.write(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
