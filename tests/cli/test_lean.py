"""What stands in for a library while a search starts, and that the library is there when asked."""

from __future__ import annotations

import subprocess
import sys

CHECKED = """
import sys
import archiver.cli
import pathlib, click
print(sorted({"inspect", "uuid", "platform", "urllib.parse"} & set(sys.modules)))
print(click.UUID.convert("12345678123456781234567812345678", None, None))
print(pathlib.Path("/a b").as_uri())
import inspect, urllib.parse, uuid
print(inspect.cleandoc("a\\n  b"), urllib.parse.quote("a b"), uuid.UUID(int=1).int)
"""


def test_what_a_search_seldom_needs_is_read_when_it_is_asked_for() -> None:
    # -S: what a site's own start-up files import is nothing of ours.
    path = [place for place in sys.path if place]
    command = f"import sys; sys.path[:0] = {path!r}\n{CHECKED}"
    done = subprocess.run(
        [sys.executable, "-S", "-c", command], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "[]",
        "12345678-1234-5678-1234-567812345678",
        "file:///a%20b",
        "a",
        "b a%20b 1",
    ]
