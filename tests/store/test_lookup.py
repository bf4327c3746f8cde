"""Finding a channel by what people type for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.store.lookup import beginning, channel_ids
from tests.store.searchroom import Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path / "a.db")
    yield room
    room.close()


def test_a_channel_without_a_name_completes_to_whole_words_of_its_title(room: Room) -> None:
    title = "نَهجُ البَحرِ | The harbour's voice 📚 voice"
    room.channel(1, "", title=title)
    room.post("the ferry sails", channel=1)
    words = [word for word, _ in beginning(room.db, "", archived=True)]
    assert words == ["نَهجُ", "البَحرِ", "The", "voice"]
    for word in words:
        assert channel_ids(room.db, word) == [1]
    assert beginning(room.db, "Voi", archived=True) == [("voice", title)]
