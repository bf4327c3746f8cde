"""What is kept of bodies between their keys and the third layer."""

from __future__ import annotations

from pathlib import Path
from tempfile import SpooledTemporaryFile

import pytest

from archiver.judging import packed, tell
from archiver.spool import Spool, spool
from archiver.store.prints import BodyText
from archiver.text.body import comparable
from tests.dedup_room import LONG

OTHER = "The night ferry to Sandholm left the old harbour an hour late, Captain Berg said \ud800."


def made(text: str) -> bytes:
    return packed(text, comparable(text), comparable(text).split())


@pytest.mark.parametrize("in_memory", [1, 1 << 20])
def test_what_is_taken_out_is_what_a_body_is_told_by(
    tmp_path: Path, in_memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archiver.spool._IN_MEMORY", in_memory)
    with spool(str(tmp_path)) as kept:
        kept.add([(7, made(LONG)), (9, made(OTHER))])
        kept.add([(5000, made(LONG))])
        texts = [BodyText(9, OTHER, None, 1, None), BodyText(5000, LONG, None, 1, None)]
        assert kept.take([9, 5000]) == tell(texts, {})
        assert kept.take([8, 10_000]) == []
    assert list(tmp_path.iterdir()) == []


def test_of_the_posts_that_have_a_body_the_first_counts(tmp_path: Path) -> None:
    shouted = OTHER.upper()
    assert comparable(shouted) == comparable(OTHER)
    assert made(shouted) != made(OTHER)
    with spool(str(tmp_path)) as kept:
        kept.add([(1, made(OTHER)), (1, made(shouted)), (2, None)])
        kept.add([(1, made(shouted)), (2, made(shouted))])
        assert kept.take([1, 2]) == tell([BodyText(1, OTHER, None, 1, None)], {})


class Small(SpooledTemporaryFile[bytes]):
    """A file on a disk with room for so many bytes."""

    room = 0

    def write(self, some: bytes) -> int:  # type: ignore[override]
        self.room -= len(some)
        if self.room < 0:
            super().write(some[: len(some) + self.room])
            raise OSError(28, "No space left on device")
        return super().write(some)


def test_what_finds_no_room_is_left_out(tmp_path: Path) -> None:
    first, second = made(LONG), made(OTHER)
    with Small() as file:
        file.room = len(first) + 10
        kept = Spool(file, str(tmp_path))
        kept.add([(1, first)])
        kept.add([(2, second)])
        file.room = 1 << 20  # something else was removed meanwhile
        kept.add([(3, second)])
        assert [told.body for told in kept.take([1, 2, 3])] == [1]


def test_the_last_room_is_the_archive_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.spool._LEFT_FREE", 1 << 62)
    with spool(str(tmp_path)) as kept:
        kept.add([(1, made(LONG))])
        assert kept.take([1]) == []


@pytest.mark.parametrize(("at_once", "apart"), [(1, 1 << 20), (300, 1 << 20), (1 << 16, 0)])
def test_bodies_are_found_in_any_order_near_each_other_or_far(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int, apart: int
) -> None:
    monkeypatch.setattr("archiver.spool._READ_AT_ONCE", at_once)
    monkeypatch.setattr("archiver.spool._APART", apart)
    texts = {body: f"{OTHER} Deck {body} was closed." * (1 + body % 3) for body in range(1, 30)}
    with spool(str(tmp_path)) as kept:
        kept.add((body, made(text)) for body, text in texts.items())
        wanted = [*range(29, 0, -4), 2, 3, 14]
        told = tell([BodyText(body, texts[body], None, 1, None) for body in sorted(wanted)], {})
        assert kept.take(wanted) == told
