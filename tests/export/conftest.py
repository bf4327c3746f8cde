"""An archive of a small world and of somebody who wants harm, made once for all formats."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.dedup import dedup
from archiver.export import Chosen
from archiver.store.reading import open_reading
from archiver.store.store import Store
from tests import archives
from tests.export import hostile
from tests.newsroom import DAWN, Newsroom

BODY = (
    "The harbour council voted on Monday to deepen the northern channel by two metres before the"
    " winter storms, and to move the fish market to the old customs house."
)


def world(store: Store) -> None:
    """A statement in three channels, one inside a post twice, an edit, a deletion, an album."""
    room = Newsroom(store)
    first = room.post("harbour", BODY, views=120, entities=(
        {"type": "bold", "offset": 4, "length": 14},
        {"type": "italic", "offset": 0, "length": 30},
        {"type": "text_link", "offset": 12, "length": 9, "url": "https://harbour.example"},
    ))  # fmt: skip
    room.forward("pier", "harbour", first, views=7)
    doubled = replace(first, text=f"Headline\n{BODY}\nRead in full\n{BODY}\nRead in full")
    room.forward("quay", "harbour", doubled)
    late = room.post("harbour", "Ferry tickets are sold in the old mill from Tuesday on.")
    room.edit("harbour", late, "Ferry tickets are sold in the new mill from Wednesday on.")
    for _ in range(2):
        room.post("pier", "", date=DAWN + 9_000, media_kind="photo", grouped_id=77)
    for _ in range(2):  # no album, though a reader of Desktop's exports would guess one
        room.post("pier", "", date=DAWN + 9_500, media_kind="photo")
    hostile.fill(store)
    run = store.start_run("dedup", DAWN)
    dedup(store, run)


@pytest.fixture(scope="session")
def world_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive; nobody writes to it."""
    path = tmp_path_factory.mktemp("export") / "world.sqlite"
    with archives.opened(path) as store:
        world(store)
    return path


@pytest.fixture
def connection(world_db: Path) -> Iterator[sqlite3.Connection]:
    """The archive, for reading."""
    with closing(open_reading(world_db)) as found:
        yield found


@pytest.fixture
def chosen(connection: sqlite3.Connection) -> Chosen:
    """All of it."""
    return Chosen(connection, title="archiver", now=DAWN)
