"""A query tree -> the SQL that finds its posts.

What the index can tell goes into one MATCH expression, which is walked newest first. The rest
(numbers, dates inside of OR, regular expressions) are conditions on the rows met on the way, most
of them answered by the index `ix_post_walk` alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from archiver.store.lookup import channel_ids
from archiver.store.match import Expressions, any_of, is_indexed
from archiver.store.state import max_overflow
from archiver.text.limited import kept
from archiver.text.refs import MARK, parse_ref
from archiver.text.regex import fitting
from archiver.text.snippet import Marks
from archiver.text.tree import (
    Amount,
    And,
    Date,
    Ids,
    Near,
    Node,
    Not,
    Or,
    Query,
    Regex,
    Tagged,
    Term,
    walk,
)

EPOCH = 1_356_998_400  # 2013-01-01T00:00Z: sort_key is minutes since then << 6 | slot
SLOT_BITS = 6
_UNDATED_END = -(1 << 61)
_KEY_END = (1 << 63) - 1
INDEX_KEY, POST_KEY = "posts_fts.rowid", "post.sort_key"
_ROW = "post.sort_key IN (SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?)"
_VERSION = "revision.id IN (SELECT rowid FROM revision_fts WHERE revision_fts MATCH ?)"


class Plan:
    """FROM and WHERE of a query with their values; `key` is what to order by for time.

    `expression` is what FTS5 alone is asked, where it alone can tell which posts are found.
    `ranking` is what the posts found are ranked by, where that is less than what finds them.
    `pattern` is a regular expression that every post has to be read for; its posts are to be found
    with `store/scan.py` and given to `among`.
    """

    def __init__(self, source: str, key: str) -> None:
        self.source = source
        self.key = key
        self.marks = Marks()
        self.conditions: list[str] = []
        self.values: list[Any] = []
        self.expression: str | None = None
        self.ranking: str | None = None
        self.pattern: str | None = None

    def add(self, condition: str, *values: Any) -> None:
        """One more thing that must hold."""
        self.conditions.append(condition)
        self.values += values

    def among(self, keys: list[int]) -> Plan:
        """The same, of the posts with these sort keys only."""
        found = Plan(self.source, self.key)
        found.marks = self.marks
        found.conditions, found.values = list(self.conditions), list(self.values)
        found.add("post.sort_key IN (SELECT value FROM json_each(?))", str(keys))
        return found

    @property
    def sql(self) -> str:
        """FROM and WHERE."""
        return f"{self.source} WHERE {' AND '.join(self.conditions)}"


def plan(
    db: sqlite3.Connection,
    query: Query,
    *,
    deleted: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Plan:
    """How to find the posts of a query; `deleted` finds those gone from their channels too.

    `progress` gets the posts that a regular expression has looked at. Raises QueryError for a
    channel or post the archive does not know.
    """
    made = _Planner(db, query, progress)
    return made.of_posts(deleted or _asks_for_deleted(query))


def plan_versions(
    db: sqlite3.Connection, query: Query, progress: Callable[[int], None] | None = None
) -> Plan:
    """How to find the earlier wordings that a query finds, of posts that are as it says."""
    return _Planner(db, query, progress, versions=True).of_versions()


def _asks_for_deleted(query: Query) -> bool:
    return any(
        isinstance(node, Tagged) and node.field == "has" and "deleted" in node.values and wanted
        for node, wanted in walk(query.root)
    )


class _Planner:
    def __init__(
        self,
        db: sqlite3.Connection,
        query: Query,
        progress: Callable[[int], None] | None,
        *,
        versions: bool = False,
    ) -> None:
        self.db = db
        self.query = query
        self.progress = progress
        self.versions = versions
        self.index = Expressions(db, query)

    def of_posts(self, deleted: bool) -> Plan:
        parts = self.query.parts()
        indexed = [part for part in parts if is_indexed(part)]
        others = [part for part in parts if not is_indexed(part)]
        wanted = [self.index.of(part) for part in indexed if not isinstance(part, Not)]
        wanted += [self.whole_words(part) for part in others if _has_words(part)]
        unwanted = self.index.unmarked([p.part for p in indexed if isinstance(p, Not)])
        found = self.walked(" AND ".join(wanted), unwanted, others, deleted)
        found.ranking = self.ranking(indexed, others)
        self.add_dates(found)
        for part in others:
            if isinstance(part, Regex) and found.key == POST_KEY and found.pattern is None:
                found.pattern = part.pattern
                self.index.seen.patterns.append(part.pattern)
                continue
            condition, values = self.condition(part)
            found.add(condition, *values)
        found.marks = self.index.seen.marks()
        return found

    def walked(self, wanted: str, unwanted: str | None, others: list[Node], deleted: bool) -> Plan:
        """What is walked newest first: the index where words are wanted, else the posts."""
        left_out = '"k1"' if deleted else '("x" OR "k1")'
        expression = f"({wanted}) NOT {any_of([*filter(None, [unwanted]), f'meta:{left_out}'])}"
        if wanted:
            # CROSS JOIN keeps the index outside: it comes in the order that is wanted.
            found = Plan(
                "FROM posts_fts CROSS JOIN post INDEXED BY ix_post_walk"
                " ON post.sort_key = posts_fts.rowid",
                INDEX_KEY,
            )
            found.add("posts_fts MATCH ?", expression)
            alone = not others and self.query.since is None and self.query.until is None
            found.expression = expression if alone else None
        else:
            by_id = any(isinstance(part, Ids) for part in others)
            found = Plan("FROM post" if by_id else "FROM post INDEXED BY ix_post_walk", POST_KEY)
            if unwanted:
                found.add(f"NOT {_ROW}", unwanted)
        if not deleted:
            found.add("post.deleted_at IS NULL")
        found.add("post.kind <> 1")
        return found

    def ranking(self, indexed: list[Node], others: list[Node]) -> str | None:
        """What is wanted but filters that half of all posts may pass, where there are such.

        They rank nothing, but FTS5 would count all their posts for it: 40 ms of a million.
        """
        asked = [part for part in indexed if not isinstance(part, Not)]
        wanted = [self.index.of(part) for part in asked if not _is_broad(part)]
        wanted += [self.whole_words(part) for part in others if _has_words(part)]
        return " AND ".join(wanted) if wanted and any(map(_is_broad, asked)) else None

    def of_versions(self) -> Plan:
        found = Plan("FROM revision JOIN post ON post.id = revision.post_id", POST_KEY)
        found.add("post.kind <> 1")
        for part in self.query.parts():
            condition, values = self.condition(part)
            found.add(condition, *values)
        dates = Date(self.query.since, self.query.until)
        condition, values = self.condition(dates)
        found.add(condition, *values)
        found.marks = self.index.seen.marks()
        return found

    def whole_words(self, part: Node) -> str:
        """The words that a regular expression cannot do without."""
        assert isinstance(part, Regex)
        return "(" + " AND ".join(f'text:"{word}"' for word in part.words) + ")"

    def add_dates(self, found: Plan) -> None:
        """The date filter: a range of keys that is a little too wide, and the dates themselves."""
        since, until = self.query.since, self.query.until
        if since is None and until is None:
            return
        low, high = key_range(self.db, since, until)
        found.add(f"{found.key} >= ? AND {found.key} < ?", low, high)
        condition, values = self.condition(Date(since, until))
        found.add(condition, *values)

    def condition(self, node: Node) -> tuple[str, list[Any]]:
        """A condition on the row of a post, true or not true."""
        match node:
            case Not():
                marked, self.index.seen = self.index.seen, type(self.index.seen)()
                condition, values = self.condition(node.part)
                self.index.seen = marked
                return f"({condition}) IS NOT TRUE", values
            case Date():
                return _date(node)
            case Amount():
                return _amount(node)
            case Ids():
                return self.ids(node)
            case Regex():
                return self.regex(node)
            case And() | Or() if not self.together(node):
                return self.joined(node)
            case _:
                return (_VERSION if self.is_text(node) else _ROW), [self.index.of(node)]

    def is_text(self, node: Node) -> bool:
        return self.versions and isinstance(node, Term | Near)

    def together(self, node: Node) -> bool:
        """Whether one MATCH can answer the node: words of versions and filters are kept apart."""
        return is_indexed(node) and not self.versions

    def joined(self, node: And | Or) -> tuple[str, list[Any]]:
        made = [self.condition(part) for part in node.parts]
        word = " AND " if isinstance(node, And) else " OR "
        return f"({word.join(c for c, _ in made)})", [v for _, values in made for v in values]

    def ids(self, node: Ids) -> tuple[str, list[Any]]:
        if node.field == "cluster":
            keys = [min(int(name), _KEY_END) for name, _ in node.names]
        else:
            keys = [key for name, at in node.names for key in self.post_ids(name, at)]
        column = "cluster_id" if node.field == "cluster" else "id"
        return f"post.{column} IN ({','.join('?' * len(keys))})", keys

    def post_ids(self, name: str, at: int) -> list[int]:
        """Our ids of the post that a reference names. Raises QueryError for none."""
        ref = parse_ref(name)
        if ref is None:
            raise self.query.fault("id: takes a number, @channel/123 or a link to a post", at)
        if ref.own_id is not None:
            return [min(ref.own_id, _KEY_END)]
        named = str(MARK - ref.tg_id) if ref.tg_id is not None else ref.channel or ""
        channels = channel_ids(self.db, named)
        marks = ",".join("?" * len(channels))
        sql = f"SELECT id FROM post WHERE message_id = ? AND channel_id IN ({marks})"
        message = max(-_KEY_END, min(ref.message_id or 0, _KEY_END))
        return [key for (key,) in self.db.execute(sql, (message, *channels))]

    def regex(self, node: Regex) -> tuple[str, list[Any]]:
        """A call of a function of ours; each pattern is one, so that nothing is looked up."""
        self.index.seen.patterns.append(node.pattern)
        name = f"fits_{len(self.index.seen.patterns)}_{id(self)}"
        self.db.create_function(name, 1, _fits(node.pattern, self.progress), deterministic=True)
        text = "revision.text" if self.versions else "post.text"
        return f"{name}({text})", []


def _is_broad(part: Node) -> bool:
    return isinstance(part, Tagged) and part.field in ("has", "lang")


def _has_words(part: Node) -> bool:
    return isinstance(part, Regex) and bool(part.words)


def _fits(pattern: str, progress: Callable[[int], None] | None) -> Callable[[str], bool]:
    fits = fitting(pattern)
    if progress is None:
        return kept(fits)
    looked = 0

    def counting(text: str) -> bool:
        nonlocal looked
        looked += 1
        if looked % 10_000 == 0:
            progress(looked)
        return fits(text)

    return kept(counting)


def _date(node: Date) -> tuple[str, list[Any]]:
    column = "run.started" if node.added else "post.date"
    bounds = [(f"{column} >= ?", node.since), (f"{column} < ?", node.until)]
    held = [(condition, value) for condition, value in bounds if value is not None]
    sql = " AND ".join(condition for condition, _ in held) or "TRUE"
    values = [value for _, value in held]
    return (f"post.added_run IN (SELECT id FROM run WHERE {sql})" if node.added else sql), values


def _amount(node: Amount) -> tuple[str, list[Any]]:
    bounds = [(">= ?", node.low), ("<= ?", node.high)]
    held = [(sign, value) for sign, value in bounds if value is not None]
    values = [value for _, value in held]
    if node.field == "views":
        return " AND ".join(f"post.views {sign}" for sign, _ in held), values
    sql = " AND ".join(f"copies {sign}" for sign, _ in held)
    repeated = f"post.cluster_id IN (SELECT id FROM cluster WHERE {sql})"
    # A post alone has no copies, and no cluster.
    alone = (node.low or 0) <= 0 and (node.high is None or node.high >= 0)
    return (f"(post.cluster_id IS NULL OR {repeated})" if alone else repeated), values


def key_range(db: sqlite3.Connection, since: int | None, until: int | None) -> tuple[int, int]:
    """Keys that posts of the wanted dates may have; undated posts are in none."""
    low, high = _UNDATED_END, _KEY_END
    if since is not None:
        low = ((since - EPOCH) // 60) << SLOT_BITS
    if until is not None:
        # A post of a full minute went on to a later one.
        minute = (until - 1 - EPOCH) // 60 + max_overflow(db) + 1
        high = minute << SLOT_BITS
    return low, high
