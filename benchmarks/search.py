"""Builds an archive of N invented posts and measures folding, indexing, searching and start-up.

    python -m benchmarks.search --posts 1000000 --work /tmp/bench        # builds once, then reuses
    python -m benchmarks.search --work /tmp/bench --corpus posts.jsonl   # posts of one's own

Times are of one process with a warm page cache: parsing and searching, 20 statements with their
texts, collapsed. "3,000 copies" looks for a post whose copies are the newest in the archive.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from archiver.store import index, lexicon, members
from archiver.store.facets import shares
from archiver.store.reading import open_reading
from archiver.store.search import How, count, search
from archiver.store.version import APPLICATION_ID, HEAD
from archiver.text.fold import fold_text
from archiver.text.query import parse
from archiver.text.tree import Query
from benchmarks.corpus import FIRST_DATE, SPAN, Corpus

Record = dict[str, Any]
_EPOCH = 1_356_998_400
_BATCH = 5_000
_COPIES = 3_000
_COPIED = "Зукабот плювенил шкомурдян и двенадцать туконелов вернулись"
_POST = (
    "INSERT INTO post(id, channel_id, message_id, sort_key, date, cluster_id, digest, text, views,"
    " src_text, added_run) VALUES (?,?,?,?,?,?,0,?,?,2,1)"
)


def create(path: Path) -> sqlite3.Connection:
    """An empty archive, by the tables as they are declared."""
    from sqlalchemy import create_engine

    from archiver.store.schema import FTS_DDL, MEMBER_FTS_DDL, REVISION_FTS_DDL, metadata

    db = sqlite3.connect(path, isolation_level=None)
    for pragma in ("page_size=8192", "journal_mode=WAL", "synchronous=NORMAL"):
        db.execute(f"PRAGMA {pragma}")
    db.execute("PRAGMA wal_autocheckpoint=8000")
    metadata.create_all(create_engine(f"sqlite:///{path}"))
    db.execute(FTS_DDL)
    db.execute(MEMBER_FTS_DDL)
    db.execute(REVISION_FTS_DDL)
    db.execute("CREATE TABLE alembic_version (version_num TEXT)")
    db.execute("INSERT INTO alembic_version VALUES (?)", (HEAD,))
    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    db.execute("INSERT INTO run(id, command, started) VALUES (1, 'benchmark', 0)")
    index.ensure_current(db)
    return db


def copies(newest: int) -> Iterator[Record]:
    """A post said 3,000 times in the last hours of the archive."""
    for number in range(_COPIES):
        record = {"channel": f"@copier_{number % 40}", "id": number, "date": newest + number * 5}
        if number:
            record["forwarded_from"] = {"channel": "@copier_0", "id": 0}
        yield record | {"text": f"{_COPIED}. {number}", "views": 1}


class Loader:
    """Posts in the order of their dates -> rows; forwards join the cluster of their origin."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.channels: dict[str, int] = {}
        self.posts: dict[tuple[str, int], int] = {}
        self.clusters: dict[int, list[tuple[int, int, int]]] = {}
        self.last_key = 0
        self.number = 0

    def channel(self, name: str) -> int:
        key = self.channels.get(name)
        if key is None:
            key = self.channels[name] = len(self.channels) + 1
            bare = name.lstrip("@")
            self.db.execute(
                "INSERT INTO channel(id, username, username_key, title, title_key, added)"
                " VALUES (?, ?, ?, ?, ?, 0)",
                (key, bare, bare, f"Title {bare}", f"title {bare}"),
            )
        return key

    def row(self, record: Record) -> tuple[Any, ...]:
        self.number += 1
        channel = self.channel(record["channel"])
        date = record["date"]
        self.last_key = max(self.last_key + 1, ((date - _EPOCH) // 60) << 6)
        self.posts[record["channel"], record["id"]] = self.number
        cluster = self.cluster(record, channel, date)
        place = (self.number, channel, record["id"], self.last_key, date, cluster)
        return (*place, record["text"], record["views"])

    def cluster(self, record: Record, channel: int, date: int) -> int | None:
        origin = record.get("forwarded_from")
        found = self.posts.get((origin["channel"], origin["id"])) if origin else None
        if found is not None:
            self.clusters.setdefault(found, []).append((self.number, channel, date))
        return found

    def load(self, records: Iterator[Record]) -> None:
        rows = map(self.row, records)
        while batch := list(islice(rows, _BATCH)):
            self.db.execute("BEGIN")
            self.db.executemany(_POST, batch)
            self.db.execute("COMMIT")
        self.db.execute("BEGIN")
        for origin, copies in self.clusters.items():
            self.db.execute("UPDATE post SET cluster_id = id WHERE id = ?", (origin,))
            channels = len({channel for _, channel, _ in copies}) + 1
            self.db.execute(
                "INSERT INTO cluster(id, canonical, posts, copies, channels, first_date)"
                " SELECT id, id, ?, ?, ?, date FROM post WHERE id = ?",
                (len(copies) + 1, len(copies), channels, origin),
            )
        self.db.execute("COMMIT")


def build(path: Path, records: Iterator[Record]) -> None:
    """Fill an archive and say how fast it was indexed."""
    db = create(path)
    began = time.perf_counter()
    Loader(db).load(records)
    (posts,) = db.execute("SELECT count(*) FROM post").fetchone()
    print(f"posts made and stored: {posts:,} in {time.perf_counter() - began:.0f} s")
    began, cpu = time.perf_counter(), time.process_time()
    rows = map(
        index.IndexRow._make, db.execute(f"SELECT {index.COLUMNS} FROM post ORDER BY sort_key")
    )
    with index.bulk(db):
        while batch := list(islice(rows, _BATCH)):
            db.execute("BEGIN")
            index.add(db, batch)
            lexicon.settle_many(db)
            db.execute("COMMIT")
    lexicon.settle(db)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(f"fold + FTS5 + lexicon: {posts / wall:,.0f} posts/s wall, {posts / cpu:,.0f} CPU")
    cpu = time.process_time()
    place_members(db)
    (count,) = db.execute("SELECT count(*) FROM member").fetchone()
    each = (time.process_time() - cpu) / count * 1e6
    print(f"index of {count:,} members: {each:.0f} us CPU each")
    began = time.perf_counter()
    index.optimize(db)
    print(f"optimize: {time.perf_counter() - began:.1f} s")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def place_members(db: sqlite3.Connection) -> None:
    """Give the index of members all that are one, as a pass of dedup does."""
    db.execute("BEGIN")
    members.note(db, [i for (i,) in db.execute("SELECT id FROM post WHERE cluster_id > 0")])
    db.execute("COMMIT")
    while members.waiting(db):
        db.execute("BEGIN")
        index.add_members(db)
        db.execute("COMMIT")


def sizes(path: Path, posts: int) -> None:
    """Bytes a post, of the index and the whole."""
    db = sqlite3.connect(path)
    for name in (
        *("posts_fts_data", "posts_fts_idx", "posts_fts_docsize", "lexicon"),
        *("member_fts_data", "member_fts_idx", "member", "sqlite_autoindex_member_1"),
    ):
        try:
            sql = "SELECT sum(pgsize) FROM dbstat WHERE name = ?"
            (size,) = db.execute(sql, (name,)).fetchone()
        except sqlite3.OperationalError:
            column = "id, block" if name == "posts_fts_data" else "*"
            size = _length(db, name, column)
        print(f"  {name}: {(size or 0) / posts:.0f} B/post")
    print(f"  whole file: {path.stat().st_size / posts:.0f} B/post")
    db.close()


def _length(db: sqlite3.Connection, name: str, column: str) -> int:
    """An estimate where SQLite was built without dbstat: the bytes of all values."""
    rows = db.execute(f"SELECT {column} FROM {name}")
    return sum(len(v) if isinstance(v, str | bytes) else 4 for row in rows for v in row)


def words_of(path: Path) -> dict[str, list[str]]:
    """Search texts by kind, chosen by how many posts hold a word; kept beside the archive."""
    kept = path.with_suffix(".searches.json")
    if kept.exists():
        found: dict[str, list[str]] = json.loads(kept.read_text(encoding="utf-8"))
        return found
    db = sqlite3.connect(path)
    rng = random.Random(7)
    (posts,) = db.execute("SELECT count(*) FROM post").fetchone()
    db.execute("CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, posts_fts, row)")
    df = dict(db.execute("SELECT term, doc FROM temp.v WHERE length(term) > 1"))
    scale = posts / 1_000_000
    cyrillic = [w for w in df if "а" <= w[0] <= "я"]

    def pick(low: float, high: float, size: int) -> list[str]:
        fit = sorted(w for w in cyrillic if low <= df[w] <= high)
        return rng.sample(fit, min(size, len(fit)))

    mid = pick(800 * scale, 3_000 * scale, 40)
    common = pick(15_000 * scale, 160_000 * scale, 30)
    found = {"rare": pick(5, 20, 40), "mid": mid, "common": common}
    found["phrase"] = list(_phrases(db, rng, posts))
    found["near"] = [f"{text}~8" for text in found["phrase"]]
    found["prefix"] = [word[:5] + "*" for word in mid if len(word) > 5]
    day = time.gmtime(FIRST_DATE + SPAN // 2)
    dates = f"date:{day.tm_year}-0{rng.randint(1, 3)}..{day.tm_year}-06"
    found["channel + date"] = [f"{w} chan:@channel_0{n % 10} {dates}" for n, w in enumerate(common)]
    found["channel"] = [f"{w} chan:@channel_0{n % 10}" for n, w in enumerate(mid)]
    found["a b"] = [f"{a} {b}" for a, b in zip(common, reversed(common), strict=True)]
    found["(a OR b) -c"] = [
        f"({a} OR {b}) -{c}" for a, b, c in zip(common, mid, mid[1:], strict=False)
    ]
    found["fields"] = [f"{w} lang:ru has:link" for w in common]
    found["Chinese, 2"] = [chr(0x4E00 + rng.randrange(80)) + chr(0x4E00 + n) for n in range(30)]
    found["date only"] = [f"date:{y}-0{m}" for y in range(2019, 2025) for m in (1, 3, 5, 7, 9)]
    copied = ["зукабот", "плювенил", f'"{_COPIED}"', f"{common[0]} OR зукабот"]
    found["3,000 copies"] = [f"{text} -{w}" for text in copied for w in mid[:8]]
    kept.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    db.close()
    return found


def _phrases(db: sqlite3.Connection, rng: random.Random, posts: int) -> Iterator[str]:
    """Two or three words that stand together somewhere."""
    for size in [2, 3] * 20:
        sql = "SELECT text FROM post WHERE id = ?"
        words = fold_text(db.execute(sql, (rng.randint(1, posts),)).fetchone()[0]).split()
        at = rng.randrange(max(1, len(words) - size))
        yield f'"{" ".join(words[at : at + size])}"'


def timed(run: Callable[[str], object], texts: list[str], rounds: int = 5) -> str:
    """Median and 95th percentile in ms, after one round that warms the cache.

    Of the clock, and of the processor: on a machine that others use, the second one is ours.
    """
    for text in texts:
        run(text)
    wall, cpu = [], []
    for text in texts * rounds:
        began, busy = time.perf_counter(), time.process_time()
        run(text)
        cpu.append((time.process_time() - busy) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    return f"{_spread(wall)}   CPU {_spread(cpu)}"


def _spread(times: list[float]) -> str:
    return f"p50 {statistics.median(times):7.2f}  p95 {statistics.quantiles(times, n=20)[-1]:7.2f}"


def measure(path: Path) -> None:
    """Print what searching takes."""
    db = open_reading(path)
    now = int(time.time())
    words = words_of(path)

    def told(kind: str, texts: list[str], run: Callable[[Query], object], rounds: int = 3) -> None:
        times = timed(lambda text: run(parse(text, now=now)), texts, rounds)
        print(f"  {kind:34} {times}", flush=True)

    whole: list[str] = []
    print("newest first, 20 statements (collapsed) and 20 posts")
    for kind, texts in words.items():
        told(f"{kind}, statements", texts, lambda query: search(db, query))
        told(f"{kind}, posts", texts, lambda query: search(db, query, every=True))
        whole += texts if kind != "3,000 copies" else texts[:4]
    told("all of these, statements", whole, lambda query: search(db, query), 1)
    told("all of these, posts", whole, lambda query: search(db, query, every=True), 1)
    print("other questions")
    for kind in ("mid", "common"):
        texts = words[kind][:30]
        for sort in ("relevance", "oldest", "views", "copies"):
            how = How(sort=sort)
            told(f"{sort}, {kind}", texts, lambda query, how=how: search(db, query, how=how), 1)
        told(f"count of posts, {kind}", texts, lambda query: count(db, query, every=True))
        told(f"count of statements, {kind}", texts, lambda query: count(db, query), 1)
        for facet in ("month", "channel"):
            for name, how in (("posts", How(every=True)), ("statements", How())):
                told(
                    f"{name} by {facet}, {kind}",
                    texts,
                    lambda query, how=how, facet=facet: shares(db, query, facet, how),
                    1,
                )
    how = How(sort="relevance")
    for kind, more in (("two filters", ""), ("two filters and dates", " date:2021..")):
        texts = [text + more for text in words["fields"]]
        told(f"relevance, {kind}", texts, lambda query: search(db, query, how=how), 1)
    values(told, words, db)
    db.close()


def values(told: Callable[..., None], words: dict[str, list[str]], db: sqlite3.Connection) -> None:
    """Filters that the index does not hold, alone and beside words; regular expressions."""
    filters = ["views:>1k", "views:>89900", "copies:>5", "copies:>20", "added:1970", "views:<60"]
    told("value filters alone", filters, lambda query: search(db, query))
    beside = [f"{w} {filters[n % 6]}" for n, w in enumerate(words["common"])]
    told("value filters beside common words", beside, lambda query: search(db, query), 1)
    literal = [f"/\\b{word}\\b.*\\d/" for word in words["mid"][:30]]
    told("expression with a whole word", literal, lambda query: search(db, query))
    for text in (r"/\d{3}-\d{2}/", "/[а-я]щщ[а-я]/", "/зука.от/"):
        began = time.perf_counter()
        found = count(db, parse(text, now=0), every=True)
        print(f"  every post read for {text}: {time.perf_counter() - began:.1f} s, {found:,} found")


def folding(path: Path) -> None:
    """Posts a second that are folded, cold and warm."""
    db = sqlite3.connect(path)
    texts = [text for (text,) in db.execute("SELECT text FROM post LIMIT 20000")]
    for state in ("cold", "warm"):
        began = time.process_time()
        for text in texts:
            fold_text(text)
        print(f"fold, {state}: {len(texts) / (time.process_time() - began):,.0f} posts/s CPU")


def start_up(path: Path) -> None:
    """The whole program beside the floor of the same run: medians of 25, wall and CPU."""
    word = words_of(path)["common"][0]
    floor = _processes([sys.executable, "-c", "import sqlite3"])
    program = [sys.executable, "-c", "from archiver.cli import main; main()"]
    found = _processes([*program, "search", "--db", str(path), word])
    print(f"python -c 'import sqlite3': {floor[0]:.0f} ms wall, {floor[1]:.0f} ms CPU")
    print(f"archiver search: {found[0]:.0f} ms wall, {found[1]:.0f} ms CPU", end="")
    print(f"; {found[0] / floor[0]:.1f} and {found[1] / floor[1]:.1f} times the floor")


def _processes(command: list[str]) -> tuple[float, float]:
    wall, cpu = [], []
    for _ in range(25):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wall.append((time.perf_counter() - began) * 1000)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        cpu.append(spent * 1000)
    return statistics.median(wall), statistics.median(cpu)


def _busy() -> list[float]:
    """Seconds of CPU that this process and those it started have used."""
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return [used.ru_utime + used.ru_stime for used in both]


def rebuilding(path: Path) -> None:
    """The whole index made anew, of a copy."""
    from archiver.store.rebuilding import rebuild

    copy = path.with_suffix(".copy")
    shutil.copyfile(path, copy)
    db = sqlite3.connect(copy, isolation_level=None)
    for pragma in ("synchronous=NORMAL", "wal_autocheckpoint=8000", "cache_size=-65536"):
        db.execute(f"PRAGMA {pragma}")
    began, busy = time.perf_counter(), _busy()
    db.execute("BEGIN")
    posts = rebuild(db)
    db.execute("COMMIT")
    wall = time.perf_counter() - began
    here, others = (now - then for now, then in zip(_busy(), busy, strict=True))
    print(f"index rebuild: {posts:,} posts in {wall:.0f} s wall; CPU {here:.0f} s here", end="")
    print(f" and {others:.0f} s in others")
    db.close()
    copy.unlink()


def main() -> None:
    """Build where nothing is, then measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, help="JSONL as benchmarks.corpus writes it")
    parser.add_argument("--rebuild", action="store_true", help="also make the index anew")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    path = given.work / f"search-{given.posts}.db"
    if not path.exists():
        records = Corpus().posts(given.posts)
        if given.corpus:
            lines = given.corpus.open(encoding="utf-8")
            records = map(json.loads, islice(lines, given.posts))
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        both = (record for part in (records, copies(FIRST_DATE + SPAN)) for record in part)
        build(unfinished, both)
        unfinished.rename(path)
    folding(path)
    sizes(path, given.posts + _COPIES)
    measure(path)
    start_up(path)
    if given.rebuild:
        rebuilding(path)


if __name__ == "__main__":
    main()
