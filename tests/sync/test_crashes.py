"""A run may be cut off anywhere: no truth is lost, and the next run closes what was left open."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from archiver.sync.plan import Rules
from tests.server import Channel
from tests.server.fixtures import Served
from tests.sync.watching import (
    asked,
    covers_no_more_than_it_has,
    cut,
    cut_after_page,
    cut_at_commit,
    versions,
)
from tests.syncroom import SyncRoom, in_room

ROOT = Path(__file__).resolve().parents[2]
PAGES = 4
POSTS = PAGES * 100 - 50


async def closes_the_gap(room: SyncRoom, channel: Channel) -> None:
    """After one undisturbed run the archive is what the server is."""
    assert covers_no_more_than_it_has(room, channel)
    result = await room.sync()
    assert result.complete
    assert room.archived(channel) == room.on_server(channel)
    assert room.covered(channel) == [(1, max(channel.ids))]
    assert room.one("PRAGMA integrity_check") == "ok"


@pytest.mark.parametrize("page", range(1, PAGES + 1))
def test_a_run_that_ends_after_any_page_has_kept_it(tmp_path: Path, page: int) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(POSTS)
        await room.add(channel)
        with cut():
            await room.sync(paged=cut_after_page(page))
        assert len(room.archived(channel)) == min(POSTS, page * 100)
        asked(room)
        await closes_the_gap(room, channel)
        # The last days are read again, three pages at most; then what was not read yet.
        assert asked(room)["GetHistory"] == PAGES - max(0, page - 3)

    in_room(tmp_path / "a.sqlite", story)


@pytest.mark.parametrize("commit", range(1, PAGES + 8))
def test_a_run_that_ends_before_any_commit_has_lost_one_step_only(
    tmp_path: Path, commit: int
) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(POSTS)
        await room.add(channel)
        with cut():
            await room.sync(on_store=cut_at_commit(commit))
        assert len(room.archived(channel)) % 100 in (0, 50)
        await closes_the_gap(room, channel)

    in_room(tmp_path / "a.sqlite", story)


@pytest.mark.parametrize("commit", range(1, 9))
def test_edits_and_deletions_survive_a_cut_anywhere(tmp_path: Path, commit: int) -> None:
    """The state of the differences goes on only together with what they told."""

    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(250)
        await room.add(channel)
        await room.sync()
        was = room.archived(channel)[20]
        room.sleep(5)
        channel.edit(channel.handle(20), "Corrected.")
        channel.delete(30)
        channel.post_many(120)
        try:
            await room.sync(on_store=cut_at_commit(commit))
        except BaseException as error:
            assert type(error).__name__ == "Cut"  # noqa: PT017 - late commits are none any more
        await closes_the_gap(room, channel)
        assert versions(room, channel, 20) == [was]
        assert room.archived(channel, deleted=True).keys() == {30}

    in_room(tmp_path / "a.sqlite", story)


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_sweep_goes_on_where_it_was_cut_off(tmp_path: Path, page: int) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(400)
        await room.add(channel)
        await room.sync()
        room.sleep(40)
        channel.delete(5, 305, told=False)
        with cut():
            # A page a night would do: four are due at once only by order.
            await room.sync(Rules(full_sweep=True), paged=cut_after_page(page + 1))
        for _ in range(5):
            room.sleep(1)
            await room.sync()
        assert room.archived(channel, deleted=True).keys() == {5, 305}
        assert room.archived(channel) == room.on_server(channel)

    in_room(tmp_path / "a.sqlite", story)


def coverage(db: Path) -> list[tuple[int, int]]:
    """The covered ids of the one channel."""
    with closing(sqlite3.connect(db)) as found:
        return found.execute("SELECT lo, hi FROM coverage ORDER BY lo").fetchall()


def posts(db: Path) -> int:
    """How many posts there are."""
    with closing(sqlite3.connect(db)) as found:
        return int(found.execute("SELECT count(*) FROM post").fetchone()[0])


GONE = """
import os, sys
from sqlalchemy import event
from archiver.store.live import LiveArchive

page, where = int(sys.argv.pop(1)), sys.argv.pop(1)
add_page = LiveArchive.add_page

def gone(*_):
    os._exit(137)

def watched(self, *told):
    global page
    page -= 1
    if page == 0 and where == "before":
        with self._store.transaction() as conn:
            event.listen(conn.engine, "commit", gone)
    saved = add_page(self, *told)
    return gone() if page == 0 else saved

LiveArchive.add_page = watched
from archiver.cli import main
main()
"""


def test_a_process_that_vanishes_at_a_commit_costs_a_page_at_most(
    served: Served,
    archiver,  # type: ignore[no-untyped-def]
    tmp_path: Path,
    db: Path,
) -> None:
    served.world.channel("harbour").post_many(POSTS)
    env = {"ARCHIVER_CONFIG": str(served.config(tmp_path)), "ARCHIVER_DB": str(db)}
    assert archiver("channels", "add", "@harbour", env=env).returncode == 0
    vanish(tmp_path, env, 2, "before")
    assert (coverage(db), posts(db)) == ([(POSTS - 99, POSTS)], 100)
    vanish(tmp_path, env, 2, "after")
    assert (coverage(db), posts(db)) == ([(POSTS - 199, POSTS)], 200)
    done = archiver("sync", env=env)
    assert done.returncode == 0, done.stderr
    assert (coverage(db), posts(db)) == ([(1, POSTS)], POSTS)


def vanish(folder: Path, env: dict[str, str], page: int, where: str) -> None:
    """A sync whose process is gone before, or right after, its page of that number is kept."""
    gone = subprocess.run(
        [sys.executable, "-c", GONE, str(page), where, "sync", "--no-dedup"],
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        cwd=folder,
        check=False,
    )
    assert gone.returncode == 137, gone.stderr


def test_posts_that_are_not_in_the_index_yet_are_told_of_not_hidden(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """As a run leaves them that is killed between a page and the next thousand posts."""
    from archiver.cli import run

    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(50)
        await room.add(channel)
        await room.sync()

    archive = tmp_path / "archive.sqlite"
    in_room(archive, story)
    run(["search", "ferry", "--db", str(archive)])
    assert "not in the index" not in capfd.readouterr().err
    with closing(sqlite3.connect(archive)) as db, db:
        db.execute("INSERT INTO unindexed SELECT sort_key FROM post LIMIT 7")
    run(["search", "ferry", "--db", str(archive)])
    assert "7 posts not in the index yet" in capfd.readouterr().err
