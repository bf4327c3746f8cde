"""A rebuild whose work on texts Daft does comes to what the own processes come to."""

from __future__ import annotations

import gc
import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import archiver.near as near_copies
from archiver.clusters import Rules
from archiver.errors import TryAgainLater
from archiver.fronts import INLINE, Front
from archiver.judging import Answers, Footers, Found, Pair, Told
from archiver.parquet import library
from archiver.scale import work
from archiver.scale.engine import Engine, start
from archiver.scale.front import Scaled, scaled
from archiver.store.groups import Transaction
from archiver.store.prints import HOTTEST, Fresh
from archiver.text.decide import Thresholds
from tests.dedup_room import HOUR, START, Room, forward_of, opened
from tests.test_near import BRIDGE, corpus

# Daft leaves the pipe of each process it had to be closed by the garbage collector.
pytestmark = [
    pytest.mark.skipif(find_spec("daft") is None, reason="daft is not installed"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:.*:pytest.PytestUnraisableExceptionWarning"),
]

RULES = Rules(thresholds=Thresholds())
PRINTS = "(SELECT * FROM print UNION ALL SELECT * FROM fresh_print)"
TABLES = {
    "near": "body_id, leader, matched, relation, score, posted, date, channel_id",
    PRINTS: "hash, body_id",
    "hot": "hash",
    "link": "body_id, other, relation, score",
    "form": "body_id",
    "cluster": "id, canonical, posts, copies, channels, first_date, last_date",
    "post": "id, body_id, cuts, cluster_id, reason, score, via_post",
}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return start(processes=False)  # which take a second each to begin


@pytest.fixture(autouse=True)
def _tidy() -> Iterator[None]:
    """What is left to the garbage collector goes while it may be warned of."""
    yield
    gc.collect()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Room, Room]]:
    """Two archives that are given the same posts."""
    with ExitStack() as stack:
        yield stack.enter_context(opened()), stack.enter_context(opened())


def silent(_step: str, _done: int, _all: int) -> None:
    pass


def rebuild(room: Room, front: Front = INLINE) -> None:
    room.dedup(rules=RULES, rebuild=True, front=front)
    room.check()


def on_daft(room: Room, engine: Engine) -> None:
    with scaled(engine, room.path, "", silent) as front:
        rebuild(room, front)


@pytest.fixture
def in_place(monkeypatch: pytest.MonkeyPatch) -> list[Found | None]:
    """What the pass itself judges, because nobody did before it."""
    judged: list[Found | None] = []
    judge = near_copies.judge

    def noted(*arguments: Any) -> Found | None:
        judged.append(judge(*arguments))
        return judged[-1]

    monkeypatch.setattr(near_copies, "judge", noted)
    return judged


def told(room: Room) -> dict[str, list[tuple[Any, ...]]]:
    """All that a pass decides."""
    return {
        table: room.rows(f"SELECT {columns} FROM {table} ORDER BY {columns}")
        for table, columns in TABLES.items()
    }


def fill(room: Room, seed: int = 7, posts: int = 60) -> None:
    """Random copies and edits, and what else a pass meets: cuts, forms, old wordings, no date."""
    corpus(room, posts, seed)
    dice = random.Random(seed)
    for day in range(5):
        text = f"During the night {dice.randint(2, 90)} drones were seen above the harbour of Elm"
        room.post(1, 500 + day, text, 24 * day)
    room.post(2, 600, f"{BRIDGE}\n\n{BRIDGE}", 2)
    room.post(3, 601, BRIDGE.replace("flood", "great flood"), None)
    room.post(4, 602, "something else entirely was written here", 5, forward=forward_of((2, 600)))
    room.post(5, 603, "the first wording of a post that was edited a little later", 6)
    room.post(5, 603, BRIDGE + " More tonight.", 6, edited=START + 9 * HOUR)


def test_every_row_is_the_same(
    pair: tuple[Room, Room], engine: Engine, in_place: list[Found | None]
) -> None:
    own, other = pair
    for room in pair:
        fill(room)
    rebuild(own)
    assert in_place
    in_place.clear()
    on_daft(other, engine)
    found = told(own)
    assert told(other) == found
    assert all(found[name] for name in ("near", PRINTS, "link", "form", "cluster"))
    assert any(row[3] for row in found["near"])
    assert len(in_place) < len(found["near"])


def test_a_rebuild_after_nights_of_the_own_engine_moves_nothing(
    pair: tuple[Room, Room], engine: Engine
) -> None:
    room, _ = pair
    for posts in (20, 40, 60):
        corpus(room, posts)
        room.dedup(rules=RULES)
    before = told(room)
    on_daft(room, engine)
    assert told(room) == before


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_daft_says_of_a_pair_is_what_the_pass_would_say(
    seed: int,
    pair: tuple[Room, Room],
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    in_place: list[Found | None],
) -> None:
    """Of random archives: the pairs that are judged, and each judgement."""
    own, other = pair
    for room in pair:
        fill(room, seed, 40)
    judged: dict[Pair, Found | None] = {}
    judge = near_copies.Matching._judge

    def noted(self: Any, conn: Transaction, fresh: Fresh, told: Told, body: int) -> Found | None:
        judged[body, told.body] = judge(self, conn, fresh, told, body)
        return judged[body, told.body]

    with monkeypatch.context() as patch:
        patch.setattr(near_copies.Matching, "_judge", noted)
        rebuild(own)
    foreseen: dict[Pair, Found | None] = {}
    ahead = Scaled.judge

    def seen(self: Scaled, *arguments: Any) -> Callable[[], Answers]:
        finish = ahead(self, *arguments)

        def finished() -> Answers:
            answers = finish()
            foreseen.update(answers.found)
            return answers

        return finished

    monkeypatch.setattr(Scaled, "judge", seen)
    in_place.clear()
    on_daft(other, engine)
    assert not in_place
    assert len([each for each in judged.values() if each is not None]) > 5
    assert judged == {pair_: foreseen[pair_] for pair_ in judged}


@pytest.mark.parametrize("names", [{"pairs"}, {"told"}, {"keys"}, {"keys", "told", "pairs"}])
def test_what_nobody_foresaw_the_pass_works_on_itself(
    names: set[str],
    pair: tuple[Room, Room],
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    in_place: list[Found | None],
) -> None:
    own, other = pair
    for room in pair:
        fill(room)
    rebuild(own)
    in_place.clear()
    for name in names:
        monkeypatch.setattr(Engine, name, only_some(getattr(Engine, name)))
    on_daft(other, engine)
    assert bool(in_place) is (names != {"keys"})
    assert told(other) == told(own)


def only_some(step: Any) -> Any:
    """A step of whose rows half are lost."""
    _, parquet = library()

    def lost(self: Engine, source: Path, to: Path, *more: Any) -> None:
        step(self, source, to, *more)
        for file in to.rglob("*.parquet"):
            table = parquet.ParquetFile(file).read()
            parquet.write_table(table.take(list(range(0, len(table), 2))), file)

    return lost


@pytest.mark.parametrize("step", ["keys", "told", "pairs", "judged"])
def test_no_work_files_stay_after_a_failure(
    step: str, pair: tuple[Room, Room], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, whole = pair
    for each in pair:
        corpus(each, 20)
    folder = room.path.parent
    left = folder / f"{room.path.name}.scale-killed"
    left.mkdir()

    def fail(*_: object) -> None:
        assert not left.exists()
        assert list(folder.glob("*.scale-*"))
        raise KeyboardInterrupt

    monkeypatch.setattr(Engine, step, fail)
    with pytest.raises(KeyboardInterrupt):
        on_daft(room, engine)
    assert not list(folder.glob("*.scale-*"))
    room.dedup(rules=RULES)  # which goes on with it
    rebuild(whole)
    assert room.verdicts() == whole.verdicts()


def test_a_folder_that_is_gone_is_no_bug(
    pair: tuple[Room, Room], engine: Engine, tmp_path: Path
) -> None:
    room, _ = pair
    corpus(room, 5)
    with pytest.raises(TryAgainLater, match="the posts are still to do") as said:
        rebuild(room, Scattered(engine, tmp_path, silent))
    assert "\n" not in str(said.value)


class Scattered(Scaled):
    """A front whose work files other machines cannot see."""

    def foresee_keys(self, conn: Transaction, footers: Footers) -> Callable[[], None]:
        begin = super().foresee_keys(conn, footers)
        shutil.rmtree(self.folder / "drafts")
        return begin


def test_nobody_is_told_that_it_runs(engine: Engine) -> None:
    """What Daft sends at its import and each start, it would send from a thread of its own."""
    from daft import scarf_telemetry

    sent, _ = scarf_telemetry.track_import_on_scarf()
    assert sent is None


def test_work_files_may_lie_elsewhere(
    pair: tuple[Room, Room], engine: Engine, tmp_path: Path
) -> None:
    room, _ = pair
    corpus(room, 20)
    with scaled(engine, room.path, str(tmp_path / "work"), silent) as front:
        rebuild(room, front)
        assert not list(room.path.parent.glob("*.scale-*"))
        assert len(list((tmp_path / "work").iterdir())) == 1
    assert not list((tmp_path / "work").iterdir())


def test_an_archive_without_posts_has_nothing_to_do(
    pair: tuple[Room, Room], engine: Engine
) -> None:
    on_daft(pair[0], engine)
    assert pair[0].groups() == set()


def test_boilerplate_brings_nobody_together() -> None:
    batch, many = work.MATCHED_AT_ONCE, range(HOTTEST + 1)
    found = later_of(work.pairs_of([*many, 60, batch + 1]))
    assert found[HOTTEST] == list(range(HOTTEST))
    assert found[60] == [0]  # its leader, should they all be copies
    assert found[batch + 1] == [0]


def test_what_an_earlier_batch_left_is_found_to_the_end_of_a_batch() -> None:
    batch, many = work.MATCHED_AT_ONCE, range(HOTTEST + 1)
    ranks = [0, 1, *(batch + each for each in many), 2 * batch]
    found = later_of(work.pairs_of(reversed(ranks)))
    assert found[batch + HOTTEST] == [0, 1]
    assert found[2 * batch] == [0]


def later_of(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for earlier, later in pairs:
        found.setdefault(later, []).append(earlier)
    return found
