"""The same searches asked of other engines, over the posts of an archive of benchmarks.search.

    python -m benchmarks.search --posts 1000000 --work /tmp/bench     # the archive
    pip install tantivy
    python -m benchmarks.search_peers --posts 1000000 --work /tmp/bench

Peers: FTS5 as most programs have it (unicode61, rows in the order of arrival, filters by JOIN,
ORDER BY date), tantivy (its default tokenizer, date as a fast field), LIKE. All in one process with
a warm cache, 20 results with their texts, newest first. Ours gives statements, the others posts.
"""

from __future__ import annotations

import argparse
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archiver.store.reading import open_reading
from archiver.store.search import How, count, search
from archiver.text.query import parse
from benchmarks.search import timed, words_of

_BATCH = 10_000


def plain_fts(path: Path, source: sqlite3.Connection) -> sqlite3.Connection:
    """A table of posts and FTS5 over it, as the usual tools make them."""
    new = not path.exists()
    db = sqlite3.connect(path, isolation_level=None)
    if not new:
        return db
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("CREATE TABLE p(id INTEGER PRIMARY KEY, channel INT, date INT, text TEXT)")
    db.execute("CREATE VIRTUAL TABLE f USING fts5(text, content='p', content_rowid='id')")
    began = time.perf_counter()
    db.execute("BEGIN")
    rows = source.execute("SELECT id, channel_id, date, text FROM post ORDER BY id")
    while some := rows.fetchmany(_BATCH):
        db.executemany("INSERT INTO p VALUES (?, ?, ?, ?)", some)
        db.executemany("INSERT INTO f(rowid, text) VALUES (?, ?)", [(r[0], r[3]) for r in some])
    db.execute("CREATE INDEX by_date ON p(date)")
    db.execute("INSERT INTO f(f) VALUES ('optimize')")
    db.execute("COMMIT")
    print(f"plain FTS5 built in {time.perf_counter() - began:.0f} s")
    return db


def tantivy_index(path: Path, source: sqlite3.Connection) -> Any:
    """An index of tantivy's with the texts in it."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=True)
    builder.add_integer_field("date", indexed=True, fast=True)
    builder.add_integer_field("channel", indexed=True, fast=True)
    schema = builder.build()
    new = not path.exists()
    path.mkdir(exist_ok=True)
    index = tantivy.Index(schema, path=str(path))
    if new:
        began = time.perf_counter()
        writer = index.writer(heap_size=256 << 20, num_threads=1)
        for channel, date, text in source.execute("SELECT channel_id, date, text FROM post"):
            writer.add_document(tantivy.Document(text=text, date=date, channel=channel))
        writer.commit()
        writer.wait_merging_threads()
        print(f"tantivy built in {time.perf_counter() - began:.0f} s")
    index.reload()
    return index


def peers(work: Path, source: sqlite3.Connection) -> dict[str, Callable[[str, str], object]]:
    """Who answers: name -> a function of the kind of question and its text."""
    import tantivy

    db = plain_fts(work / "plain.db", source)
    index = tantivy_index(work / "tantivy", source)
    searcher = index.searcher()

    def plain(kind: str, text: str) -> object:
        if kind == "count":
            return db.execute("SELECT count(*) FROM f WHERE f MATCH ?", (text,)).fetchone()
        order = "f.rank" if kind == "relevance" else "p.date DESC"
        sql = (
            f"SELECT p.* FROM f JOIN p ON p.id = f.rowid WHERE f MATCH ? ORDER BY {order} LIMIT 20"
        )
        return db.execute(sql, (text,)).fetchall()

    def tanty(kind: str, text: str) -> object:
        query = index.parse_query(text, ["text"], conjunction_by_default=True)
        if kind == "count":
            return searcher.search(query, 1, count=True).count
        if kind == "relevance":
            found = searcher.search(query, 20)
        else:
            found = searcher.search(query, 20, order_by_field="date", order=tantivy.Order.Desc)
        return [searcher.doc(where)["text"] for _, where in found.hits]

    def like(kind: str, text: str) -> object:
        sql = "SELECT * FROM p WHERE text LIKE ? ORDER BY date DESC LIMIT 20"
        return db.execute(sql, (f"%{text}%",)).fetchall()

    return {"plain FTS5": plain, "tantivy": tanty, "LIKE": like}


def main() -> None:
    """Ask everybody the same."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--work", type=Path, required=True)
    given = parser.parse_args()
    path = given.work / f"search-{given.posts}.db"
    ours_db = open_reading(path)
    words = words_of(path)
    others = peers(given.work, ours_db)

    def ours(kind: str, text: str) -> object:
        query = parse(text, now=0)
        if kind == "count":
            return count(ours_db, query, every=True)
        return search(ours_db, query, how=How(sort=kind))

    def told(name: str, kind: str, texts: list[str], ask: Callable[[str, str], object]) -> None:
        rounds = 3 if name != "LIKE" else 1
        some = texts if name != "LIKE" else texts[:5]
        print(f"    {name:12} {timed(lambda text: ask(kind, text), some, rounds)}", flush=True)

    for kind, named in (
        ("newest", ("rare", "mid", "common", "phrase", "a b")),
        ("relevance", ("mid", "common")),
        ("count", ("mid", "common")),
    ):
        for group in named:
            print(f"  {kind}, {group}")
            exact = group in ("phrase",)
            mine = words[group][:30] if exact else [_exact(text) for text in words[group][:30]]
            told("ours, exact", kind, mine, ours)
            if not exact:
                told("ours, forms", kind, words[group][:30], ours)
            for name, ask in others.items():
                if name != "LIKE" or (kind, group) in (("newest", "rare"), ("newest", "common")):
                    told(name, kind, words[group][:30], ask)


def _exact(text: str) -> str:
    """The words in these forms only, as the others look for them."""
    return " ".join(f"={word}" for word in text.split())


if __name__ == "__main__":
    main()
