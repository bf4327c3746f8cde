"""The work on texts done beforehand by Daft, handed out as the pass asks for it."""

from __future__ import annotations

import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path
from typing import Any

from archiver import parquet
from archiver.dedup import MATCHED_AT_ONCE, Progress
from archiver.fronts import INLINE, TextKey, key_texts, nothing, text_of, with_drafts
from archiver.judging import Answers, Footers, Found, Pair, Question, Told, pack, tell
from archiver.scale.engine import Engine
from archiver.store import groups, prints
from archiver.store.cards import Draft, Keyed
from archiver.store.groups import Transaction
from archiver.store.index import IndexRow, Ready
from archiver.store.prints import BodyText, Fresh
from archiver.text.decide import Relation, Thresholds
from archiver.text.wording import Wording

# Rows of a file, and of a part: what this process holds of texts at a time (20 MB).
PART = 10 * MATCHED_AT_ONCE
_WORK = ".scale-"  # with letters by chance, behind the name of the archive

_DRAFTS = (
    ("part", "int64"), ("seq", "int64"), ("post", "int64"), ("revision", "int64"),
    ("channel", "int64"), ("fwd_channel", "int64"), ("text", "string"),
)  # fmt: skip
_TEXTS = (
    ("part", "int64"), ("rank", "int64"), ("body", "int64"), ("date", "int64"),
    ("channel", "int64"), ("text", "string"), ("cuts", "string"), ("text_channel", "int64"),
    ("fwd_channel", "int64"),
)  # fmt: skip
_KEYED = ("seq", "post", "revision", "cuts", "key", "key2", "words")
_TOLD = ("rank", "body", "plain", "codes", "names", "prints")
_JUDGED = ("b", "a", "relation", "score", "slots", "sizes")


@contextmanager
def scaled(engine: Engine, archive: Path, folder: str, progress: Progress) -> Iterator[Scaled]:
    """A front whose work files lie beside the archive, or in `folder`, and go at the end.

    The archive is held for writing: what a killed run left beside it belongs to nobody.
    """
    place = Path(folder).expanduser() if folder else archive.resolve().parent
    if not folder:
        for left in place.glob(f"{archive.name}{_WORK}*"):
            shutil.rmtree(left, ignore_errors=True)
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{archive.name}{_WORK}", dir=place) as made:
        yield Scaled(engine, Path(made), progress)


class Parts:
    """The rows of a folder of parts, in the order of their first column; one part in memory."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._folder, self._names = folder, names
        self._number = 0
        self._waiting: deque[tuple[Any, ...]] = deque()

    def take(self, below: int) -> list[tuple[Any, ...]]:
        """The next rows, all whose first value is less."""
        found = []
        while self._number * PART < below or self._waiting:
            if not self._waiting:
                files = sorted((self._folder / f"part={self._number}").glob("*.parquet"))
                self._waiting.extend(parquet.read_rows(files, self._names))
                self._number += 1
            while self._waiting and self._waiting[0][0] < below:
                found.append(self._waiting.popleft())
            if self._waiting:
                break
        return found


class Scaled:
    """What Daft came to about all texts; the outcome is that of `Inline`.

    What it did not foresee is done here, a pair when it is its turn.
    """

    def __init__(self, engine: Engine, folder: Path, progress: Progress) -> None:
        self._engine, self.folder, self._progress = engine, folder, progress
        self._keys = self._told = self._judged = Parts(folder / "none", ())
        self._keyed = self._read = self._matched = 0
        self._bodies: list[int] = []

    def foresee_keys(self, conn: Transaction, footers: Footers) -> Callable[[], None]:
        """Export the pending texts; the answer has Daft key them."""
        source, to = self.folder / "drafts", self.folder / "keys"
        self._keys, self._keyed = Parts(to, _KEYED), 0
        if not _export(source, _DRAFTS, _draft_rows(conn)):
            return nothing

        def key() -> None:
            self._engine.keys(source, to, footers)
            shutil.rmtree(source)

        return key

    def key(
        self, drafts: Sequence[Draft], footers: Footers, telling: Collection[int] = ()
    ) -> Callable[[], list[Keyed]]:
        """The cuts and the body of each text."""
        self._keyed += len(drafts)
        below = self._keyed
        return lambda: with_drafts(drafts, _keys_of(drafts, self._keys.take(below), footers))

    def foresee_matches(
        self, conn: Transaction, fresh: Sequence[Fresh], footers: Footers, thresholds: Thresholds
    ) -> Callable[[], None]:
        """Export the texts of these bodies; the answer has Daft find pairs and compare them."""
        source = self.folder / "texts"
        self._bodies = [each.body for each in fresh]
        if not _export(source, _TEXTS, _text_rows(conn, fresh)):
            return nothing
        return lambda: self._foresee(source, footers, thresholds)

    def _foresee(self, source: Path, footers: Footers, thresholds: Thresholds) -> None:
        told, pairs, judged = (self.folder / name for name in ("told", "pairs", "judged"))
        size = len(self._bodies)
        self._progress("tell", 0, size)
        self._engine.told(source, told, footers)
        shutil.rmtree(source)
        self._progress("pair", 0, size)
        self._engine.pairs(told, pairs)
        self._progress("compare", 0, size)
        self._engine.judged(told, pairs, judged, thresholds)
        self._told, self._judged = Parts(told, _TOLD), Parts(judged, _JUDGED)
        self._read = self._matched = 0

    def tell(self, texts: Sequence[BodyText], footers: Footers) -> Callable[[], list[Told]]:
        """The wording and the fingerprints of each text."""
        self._read += MATCHED_AT_ONCE
        below = self._read
        return lambda: _told_of(texts, self._told.take(below), footers)

    def judge(
        self, _questions: Sequence[Question], _footers: Footers, _thresholds: Thresholds
    ) -> Callable[[], Answers]:
        """All that is known of the next batch of bodies, whatever the questions are."""
        self._matched += MATCHED_AT_ONCE
        below = self._matched
        return lambda: Answers(self._answers(below), {})

    def fold(self, rows: Sequence[IndexRow]) -> Callable[[], list[Ready]]:
        """What the index takes of posts, found here."""
        return INLINE.fold(rows)

    def _answers(self, below: int) -> dict[Pair, Found | None]:
        bodies = self._bodies
        rows = self._judged.take(below)
        return {(bodies[a], bodies[b]): _found(*judged) for b, a, *judged in rows}


def _export(folder: Path, columns: Sequence[tuple[str, str]], rows: Iterator[Any]) -> int:
    """Write rows into files of a folder, each with its part before it; how many files."""
    folder.mkdir()
    for number in count():
        some = [(number, *row) for row in islice(rows, PART)]
        if not some:
            return number
        parquet.write_rows(folder / f"{number:06}.parquet", columns, some)
    raise AssertionError


def _draft_rows(conn: Transaction) -> Iterator[tuple[Any, ...]]:
    """The pending texts, in the order in which the pass asks for them."""
    number = count()
    after = 0
    while some := groups.drafts(conn, after, MATCHED_AT_ONCE):
        for each in some:
            yield (
                next(number), each.post, each.revision, each.channel_id, each.fwd_channel, each.text
            )  # fmt: skip
        after = max(each.post for each in some)


def _text_rows(conn: Transaction, fresh: Sequence[Fresh]) -> Iterator[tuple[Any, ...]]:
    for at in range(0, len(fresh), MATCHED_AT_ONCE):
        some = fresh[at : at + MATCHED_AT_ONCE]
        texts = {each.body: each[1:] for each in prints.texts(conn, [each.body for each in some])}
        for rank, each in enumerate(some, at):
            yield (rank, each.body, each.date, each.channel, *texts[each.body])


def _keys_of(
    drafts: Sequence[Draft], rows: Iterable[tuple[Any, ...]], footers: Footers
) -> list[TextKey]:
    found = {
        (post, revision): TextKey(cuts, (key, key2), words)
        for _, post, revision, cuts, key, key2, words in rows
    }
    missing = [each for each in drafts if (each.post, each.revision) not in found]
    made = key_texts([text_of(each) for each in missing], footers)
    found.update(zip([(each.post, each.revision) for each in missing], made, strict=True))
    return [found[each.post, each.revision] for each in drafts]


def _told_of(
    texts: Sequence[BodyText], rows: Iterable[tuple[Any, ...]], footers: Footers
) -> list[Told]:
    told = [
        Told(body, pack(Wording(plain, codes, names)), len(codes), some)
        for _, body, plain, codes, names, some in rows
    ]
    found = {each.body for each in told}
    return told + tell([each for each in texts if each.body not in found], footers)


def _found(
    relation: str | None, score: float | None, slots: list[int] | None, sizes: list[int] | None
) -> Found | None:
    if score is None or slots is None or sizes is None:
        return None
    earlier, later = sizes
    told = None if relation is None else Relation(relation)
    return Found(told, score, tuple(slots), (earlier, later))
