"""Imports point down, and each library has one door: read from the imports themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "archiver"

FLOORS = {
    "kinds": 0, "model": 0, "errors": 0, "damage": 0, "__init__": 0,
    "checks": 1, "cores": 1, "text": 1, "config": 1, "locks": 1, "processes": 1, "sample": 1,
    "parquet": 1,
    "store": 2, "sources": 2,
    "ingest": 3, "dedup": 3, "clusters": 3, "moves": 3, "near": 3, "workers": 3, "scale": 3,
    "ahead": 3, "fronts": 3, "judging": 3, "shelf": 3, "spool": 3, "placing": 3, "means": 3,
    "rebuilds": 3, "choice": 3, "recent": 3, "canonical": 3, "undoing": 3, "forwarded": 3,
    "provenance": 3, "spread": 3, "firsts": 3, "graphs": 3, "picture": 3, "export": 3, "why": 3,
    "sync": 3, "nightly": 3, "doctor": 3, "verify": 3,
    "cli": 4, "__main__": 5,
}  # fmt: skip
SIBLINGS = {"store", "sources"}
DOORS = {
    "sqlalchemy": ("store/",),
    "filelock": ("locks.py",),
    "alembic": ("store/migrate.py",),
    "click": ("cli/",),
    "rich": ("cli/",),
    "ijson": ("sources/",),
    "isal": ("store/evidence.py",),
    "lxml": ("sources/html_tree.py",),
    "orjson": ("sources/",),
    "Stemmer": ("text/stem.py",),
    "platformdirs": ("config.py",),
    "rapidfuzz": ("text/compare.py",),
    "telethon": ("sources/telegram/",),
    "python_socks": ("sources/telegram/",),
    "segno": ("cli/",),
    "pyarrow": ("parquet.py",),
    "daft": ("scale/engine.py",),
    "ray": ("scale/engine.py",),
    "networkx": ("graphs.py",),
    "matplotlib": ("picture.py",),
}


def _modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _room(dotted: str) -> str:
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in FLOORS else "__init__"


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    here = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for name in _imports(path):
        if not name.startswith("archiver"):
            continue
        there = _room(name)
        assert FLOORS[there] <= FLOORS[here], f"{here} imports {name}, which is above it"
        assert {here, there} != SIBLINGS, f"{here} imports its sibling: {name}"


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_each_library_has_one_door(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    for name in _imports(path):
        doors = DOORS.get(name.split(".")[0])
        assert doors is None or place.startswith(doors), f"{place} imports {name}"


def test_the_lowest_floor_needs_the_standard_library_only() -> None:
    import sys

    for name in ("kinds.py", "model.py", "errors.py"):
        for imported in _imports(PACKAGE / name):
            root = imported.split(".")[0]
            assert root in sys.stdlib_module_names or root == "archiver", imported
