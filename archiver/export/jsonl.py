"""Our own JSONL, one post a line, which `archiver import` reads back equal."""

from __future__ import annotations

import json
from typing import IO

from archiver.export.records import Chosen, records


def write(chosen: Chosen, file: IO[bytes]) -> int:
    """Write the posts; how many they were."""
    count = 0
    for record in records(chosen.db, chosen.keys):
        file.write(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        count += 1
    return count
