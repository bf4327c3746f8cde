"""How fast a channel becomes an archive: posts a second, memory, and where the time goes.

    python -m benchmarks.live [--posts 100000] [--rounds 3] [--work DIR] [--profile] [--plain]
    python -m benchmarks.live --quiet-channels 200

The server is a process of its own on loopback and answers as fast as it can. The floor of the same
run is bare Telethon: raw pages of the same posts, parsed and thrown away. Rates are medians, also
given as a share of that floor. A night over quiet channels is counted in requests and rows.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import usage

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Run what was asked for and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--profile", action="store_true", help="where the time of a sync goes")
    parser.add_argument("--quiet-channels", type=int, metavar="N", help="count a quiet night")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    parser.add_argument("--plain", action="store_true", help="posts of words alone, without media")
    given = parser.parse_args()
    if given.case:
        print(json.dumps(_run_case(given.case, given.work)))
        return
    with tempfile.TemporaryDirectory() as folder:
        work = given.work or Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        if given.quiet_channels:
            _quiet(work, given.quiet_channels)
        else:
            _rates(
                work, given.posts, given.rounds, given.profile, "plain" if given.plain else "big"
            )


def _rates(work: Path, posts: int, rounds: int, profile: bool, world: str) -> None:
    _corpus(work, posts)
    with _server(work, world):
        cases = ("bare", "sync")
        found = {case: [_measure(case, work) for _ in range(rounds)] for case in cases}
        again = _measure("again", work)
        if profile:
            print(_measure("profile", work)["report"])
    floor = statistics.median(each["seconds"] for each in found["bare"])
    print(f"{posts:,} posts, median of {rounds}")
    print(f"{'case':<24}{'posts/s':>9}{'CPU s':>8}{'of bare':>9}{'peak MB':>9}")
    for case, runs in found.items():
        seconds = statistics.median(each["seconds"] for each in runs)
        cpu = statistics.median(each["cpu"] for each in runs)
        peak = max(each["peak"] for each in runs)
        print(f"{case:<24}{posts / seconds:>9,.0f}{cpu:>8.1f}{floor / seconds:>9.0%}{peak:>9.0f}")
    print(f"nothing new: {again['seconds']:.2f} s")
    print("memory of a sync, both processes, MB after every tenth:", found["sync"][-1]["memory"])
    print("  at most", max(run["most"] for run in found["sync"]), "MB")
    with sqlite3.connect(work / "sync.sqlite") as db:
        size = (work / "sync.sqlite").stat().st_size / posts
        count = db.execute("SELECT count(*) FROM post").fetchone()[0]
    print(f"{count:,} posts archived, {size:,.0f} B/post")


def _quiet(work: Path, channels: int) -> None:
    """Requests and written rows of a night on which nothing happened."""
    with _server(work, f"quiet-{channels}"):
        _measure("subscribe", work)
        _measure("night", work)  # reads all
        _measure("night", work)  # learns that the server tells differences
        before = _rows(work / "quiet.sqlite")
        night = _measure("night", work)
        after = _rows(work / "quiet.sqlite")
    print(f"{channels} quiet channels: {night['requests']} requests in {night['seconds']:.1f} s,")
    print(f"  {night['requests'] / channels:.2f} a channel: {night['calls']}")
    print(f"rows of {', '.join(after)}: {'unchanged' if before == after else 'CHANGED'}")


def _rows(file: Path) -> dict[str, Any]:
    """A digest of everything that a quiet night must not write."""
    with sqlite3.connect(file) as db:
        return {
            table: hash(tuple(db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()))
            for table in ("post", "revision", "metric", "coverage")
        }


def _corpus(work: Path, posts: int) -> None:
    file = work / "posts.jsonl"
    if not file.exists():
        command = [sys.executable, "-m", "benchmarks.corpus", str(posts), str(file)]
        subprocess.run(command, check=True, cwd=ROOT)


@contextmanager
def _server(work: Path, world: str) -> Iterator[None]:
    """The test server in a process of its own, until the end."""
    command = [sys.executable, "-m", "benchmarks.live", "--case", f"serve-{world}"]
    process = subprocess.Popen([*command, "--work", str(work)], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        if not process.stdout.readline():
            raise SystemExit("the server did not start")
        yield
    finally:
        process.terminate()
        process.wait(10)


def _measure(case: str, work: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.live", "--case", case, "--work", str(work)]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _run_case(case: str, work: Path) -> dict[str, Any]:
    if case.startswith("serve-"):
        asyncio.run(_serve(case.removeprefix("serve-"), work))
        return {}
    os.environ["ARCHIVER_CONFIG"] = str(work / "config.toml")
    started, used = time.perf_counter(), usage.cpu()
    told = _CASES[case](work)
    return {
        "seconds": told.pop("seconds", time.perf_counter() - started),
        "cpu": usage.cpu() - used,
        "peak": usage.peak(),
        **told,
    }


async def _serve(world_name: str, work: Path) -> None:
    from tests.server.fixtures import toml, write_session
    from tests.server.server import Server
    from tests.server.world import World

    world = World()
    if world_name in ("big", "plain"):
        _fill(world.channel("big"), work, plain=world_name == "plain")
    else:
        for number in range(int(world_name.removeprefix("quiet-"))):
            world.channel(f"quiet_{number:04}").post_many(30)
    async with Server(world) as server:
        session = work / "telegram" / "account.session"
        session.unlink(missing_ok=True)
        write_session(server, session)
        settings = toml(server, session) + "\n[sync]\nhistory_per_minute = 6000\n"
        (work / "config.toml").write_text(settings, encoding="utf-8")
        print("ready", flush=True)
        await asyncio.Event().wait()


def _fill(channel: Any, work: Path, *, plain: bool) -> None:
    """The texts of the corpus, with two entities and views each; and what real posts have beside.

    Of 1,938 posts of real channels, read with Telethon, 31 % had a picture (its stripped preview
    and three sizes), 8 % a film, and 31 % a thread of comments. (Reactions, which most have today,
    they were too old for.)
    """
    from telethon.tl import types as tl

    from tests.server import media

    sizes = [
        tl.PhotoStrippedSize("i", bytes(range(80))),
        tl.PhotoSize("m", 320, 240, 14_000),
        tl.PhotoSize("x", 800, 600, 70_000),
        tl.PhotoSizeProgressive("y", 1280, 960, [5_000, 9_000, 40_000, 90_000, 180_000]),
    ]

    def shown(number: int) -> Any:
        if number % 100 < 31:
            picture = tl.Photo(number, number * 7, bytes(29), None, sizes, 2)
            return tl.MessageMediaPhoto(photo=picture)
        return media.video() if number % 100 < 39 else None

    def thread(number: int) -> Any:
        if number % 31 >= 10:
            return None
        last = [tl.PeerUser(number * 3 + place) for place in range(3)]
        return tl.MessageReplies(
            number % 90, number, comments=True, recent_repliers=last, channel_id=77, max_id=number
        )

    entities = [tl.MessageEntityBold(0, 12), tl.MessageEntityTextUrl(14, 8, "https://a.example/b")]
    with (work / "posts.jsonl").open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    more = {} if plain else {"media": shown, "replies": thread}
    channel.post_many(len(texts), text=lambda number: texts[number - 1], entities=entities, **more)


def _bare(work: Path) -> dict[str, Any]:
    """Every page of the channel with Telethon alone, parsed and thrown away."""
    from telethon.tl.functions.contacts import ResolveUsernameRequest
    from telethon.tl.functions.messages import GetHistoryRequest
    from telethon.utils import get_input_peer

    from archiver import config
    from archiver.sources.telegram import client, session

    async def read() -> float:
        credentials = config.credentials(config.load(None))
        with session.logged_in(credentials.session, "bench") as proof:
            telegram = client.make(credentials, proof)
            await telegram.connect()
            found = await telegram(ResolveUsernameRequest("big"))
            peer, offset = get_input_peer(found.chats[0]), 0
            started = time.perf_counter()
            while True:
                page = await telegram(GetHistoryRequest(peer, offset, None, 0, 100, 0, 0, 0))
                if not page.messages:
                    break
                offset = page.messages[-1].id
            spent = time.perf_counter() - started
            await telegram.disconnect()
            return spent

    return {"seconds": asyncio.run(read())}


def _sync(work: Path) -> dict[str, Any]:
    """`archiver sync --no-dedup` into a new archive, all of the process after its imports."""
    from archiver.cli import run

    archive = work / "sync.sqlite"
    for file in work.glob("sync.sqlite*"):
        file.unlink()
    assert run(["-q", "channels", "add", "big", "--db", str(archive)]) == 0
    memory = _watched()
    started = time.perf_counter()
    assert run(["-q", "sync", "--no-dedup", "--db", str(archive)]) == 0
    return {
        "seconds": time.perf_counter() - started,
        "memory": memory[:: max(1, len(memory) // 10)],
        "most": max(memory),
    }


def _watched() -> list[int]:
    """Memory of the sync and of the process beside it, in MB, after every tenth page."""
    from archiver.store.live import LiveArchive

    seen: list[int] = []
    add_page = LiveArchive.add_page
    pages = itertools.count(1)

    def watching(*given: Any) -> Any:
        if next(pages) % 10 == 0:
            seen.append(round(usage.now()))
        return add_page(*given)

    LiveArchive.add_page = watching  # type: ignore[method-assign]
    return seen


def _again(work: Path) -> dict[str, Any]:
    """The same once more, with nothing new."""
    from archiver.cli import run

    assert run(["-q", "sync", "--no-dedup", "--db", str(work / "sync.sqlite")]) == 0
    return {}


def _profile(work: Path) -> dict[str, Any]:
    """Where the time goes, by cProfile: shares, not seconds."""
    import cProfile
    import io
    import pstats

    profile = cProfile.Profile()
    profile.runcall(_sync, work)
    text = io.StringIO()
    pstats.Stats(profile, stream=text).sort_stats("tottime").print_stats(45)
    return {"report": text.getvalue()}


def _subscribe(work: Path) -> dict[str, Any]:
    """Have all quiet channels synced; names are paced, so past the command line."""
    from archiver.text.refs import ChannelRef

    async def add(feed: Any, live: Any) -> None:
        for number in range(1000):
            try:
                seen = await feed.resolve(ChannelRef(username=f"quiet_{number:04}"))
            except Exception:
                break
            live.subscribe(seen, seen.channel.username, None, int(time.time()))

    (work / "quiet.sqlite").unlink(missing_ok=True)
    return asyncio.run(_talk(work, add))


def _night(work: Path) -> dict[str, Any]:
    """One run over all channels, at full speed, its requests counted."""
    from archiver.sync.plan import Rules
    from archiver.sync.run import Hooks, sync

    async def run(feed: Any, live: Any) -> None:
        hooks = Hooks(lambda: int(time.time()), time.monotonic, asyncio.Event())
        done = await sync(feed, live, live.subscriptions(), Rules(), hooks)
        assert done.complete

    return asyncio.run(_talk(work, run))


async def _talk(work: Path, what: Any) -> dict[str, Any]:
    from archiver import config
    from archiver.sources.telegram.feed import TelegramFeed
    from archiver.sources.telegram.gateway import connected
    from archiver.sources.telegram.pace import Pace
    from archiver.store.store import Store

    credentials = config.credentials(config.load(None))
    with Store.open(work / "quiet.sqlite", create=True) as store:
        run = store.start_run("bench", int(time.time()))
        async with connected(credentials, pace=Pace.unlimited()) as gateway:
            feed = TelegramFeed(gateway)
            account = await feed.account()
            store.keep_account(account.user_id, account.label, int(time.time()))
            await what(feed, store.live(run, account))
            return {"requests": gateway.calls.total(), "calls": dict(gateway.calls)}


_CASES = {
    "bare": _bare,
    "sync": _sync,
    "again": _again,
    "profile": _profile,
    "subscribe": _subscribe,
    "night": _night,
}

if __name__ == "__main__":
    main()
