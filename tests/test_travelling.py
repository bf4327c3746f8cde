"""What persons said and how posts read before travel along: by merge, JSONL, Desktop JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archiver.dedup import dedup
from archiver.export import Chosen, desktop, jsonl
from archiver.ingest import Hooks, ingest
from archiver.model import BadRecord, Channel, Post, Source, Verdict, Version
from archiver.sources import ReadOptions
from archiver.sources.detect import detect
from archiver.sources.jsonl import read
from archiver.store import verdicts
from archiver.store.reading import open_reading
from archiver.verify.archive import findings, index_findings
from tests import archives
from tests.newsroom import DAWN, Newsroom

FERRY = "The ferry sails at nine from the old pier, as it did all summer."
MILL = "Flour is milled again in the old mill on the hill since Tuesday."


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Newsroom]:
    """Another archive: a post edited twice, a copy that stands apart, two that are one."""
    with archives.opened(tmp_path / "there.sqlite") as store:
        room = Newsroom(store)
        post = room.post("harbour", FERRY, source=Source.LIVE)
        bold = ({"type": "bold", "offset": 0, "length": 3},)
        room.edit("harbour", post, FERRY.replace("nine", "ten"))
        room.save("harbour", Post(1, FERRY.replace("nine", "noon"), DAWN, entities=bold))
        room.post("quay", FERRY)
        room.post("pier", MILL)
        room.post("dock", MILL.upper() + " Or so.")
        say(room, "apart", "quay/1")
        say(room, "same", "pier/1", "dock/1")
        yield room


def key(room: Newsroom, place: str) -> int:
    name, number = place.split("/")
    return int(room.one(
        "SELECT p.id FROM post p JOIN channel c ON c.id = channel_id"
        " WHERE username = ? AND message_id = ?", name, int(number),
    ))  # fmt: skip


def say(room: Newsroom, kind: str, *places: str) -> None:
    """A person's word."""
    posts = [key(room, place) for place in places]
    with room.store.transaction() as conn:
        if kind == "same":
            verdicts.merge(conn, room.run, posts[0], posts[1], DAWN + 50)
        else:
            verdicts.split(conn, room.run, posts[0], DAWN + 50)


def verdicts_of(room: Newsroom) -> list[tuple[Any, ...]]:
    """What holds, by places."""
    with closing(open_reading(room.store.path)) as db:
        return sorted(
            (each.kind, each.said, *sorted(
                f"{place.username}/{place.message_id}"
                for place in (each.post, each.other) if place is not None
            )) for each in verdicts.holding(db)
        )  # fmt: skip


def wordings(room: Newsroom) -> list[tuple[Any, ...]]:
    """All wordings of all posts, the current ones too."""
    return room.rows(
        "SELECT username, message_id, 'now', p.text, p.entities, p.edited, src_text, NULL"
        " FROM post p JOIN channel c ON c.id = channel_id UNION ALL"
        " SELECT username, message_id, 'then', r.text, r.entities, r.edited, source, seen"
        " FROM revision r JOIN post p ON p.id = r.post_id JOIN channel c ON c.id = channel_id"
        " ORDER BY 1, 2, 3, 4"
    )


def merge(room: Newsroom, there: Newsroom) -> None:
    for _ in room.store.absorb(room.run, there.store.path, lambda: DAWN + 99):
        pass


def written(room: Newsroom, module: Any = jsonl, keys: list[int] | None = None) -> bytes:
    """An export of an archive."""
    file = io.BytesIO()
    with closing(open_reading(room.store.path)) as db:
        module.write(Chosen(db, keys, "x", DAWN), file)
    return file.getvalue()


def taken(room: Newsroom, data: bytes) -> list[str]:
    """Import a file; the notices."""
    reader = detect(data, "posts")
    assert reader is not None
    sources = [(Path("posts"), lambda: (io.BytesIO(data), reader))]
    done = ingest(room.store, room.run, sources, ReadOptions(), Hooks(clock=lambda: DAWN + 99))
    assert done.complete, done
    return list(done.tally.notices)


def sound(room: Newsroom) -> None:
    with closing(open_reading(room.store.path)) as db:
        assert list(findings(db)) == []
    assert list(index_findings(room.store.path)) == []


ROADS = [
    merge,
    lambda room, there: taken(room, written(there)),
]


@pytest.mark.parametrize("road", ROADS, ids=["merge", "jsonl"])
def test_verdicts_and_earlier_wordings_arrive_equal(
    room: Newsroom, there: Newsroom, road: Any
) -> None:
    road(room, there)
    assert len(wordings(room)) == 6
    assert wordings(room) == wordings(there)
    assert verdicts_of(room) == verdicts_of(there)
    assert len(verdicts_of(room)) == 2
    sound(room)
    road(room, there)  # and once more changes nothing
    assert wordings(room) == wordings(there)
    assert verdicts_of(room) == verdicts_of(there)
    sound(room)


def test_desktop_json_takes_the_wordings_along(room: Newsroom, there: Newsroom) -> None:
    taken(room, written(there, desktop))
    assert wordings(room) == wordings(there)
    sound(room)


@pytest.mark.parametrize("road", ROADS, ids=["merge", "jsonl"])
def test_what_a_person_said_here_stands(room: Newsroom, there: Newsroom, road: Any) -> None:
    merge(room, there)
    say(room, "same", "quay/1", "harbour/1")
    say(room, "apart", "pier/1")
    road(room, there)
    here = {(kind, *places) for kind, _, *places in verdicts_of(room)}
    assert here == {("same", "harbour/1", "quay/1"), ("apart", "pier/1")}


def test_a_contradiction_is_told(room: Newsroom, there: Newsroom) -> None:
    room.post("quay", FERRY)
    room.post("harbour", FERRY)
    say(room, "same", "quay/1", "harbour/1")
    merge(room, there)
    [(place, message)] = room.rows(
        "SELECT place, message FROM event WHERE kind = 'conflict' AND message LIKE 'apart%'"
    )
    assert "there.sqlite" in place
    assert "said otherwise here" in message


def test_a_run_that_brought_verdicts_can_be_taken_back(room: Newsroom, there: Newsroom) -> None:
    merge(room, there)
    later = room.store.start_run("dedup undo", DAWN)
    with room.store.transaction() as conn:
        assert verdicts.undo(conn, later, room.run) == 2
    assert verdicts_of(room) == []
    merge(room, there)
    assert verdicts_of(room) == [], "it was taken back here"


def test_part_of_an_archive_takes_only_verdicts_on_its_posts(there: Newsroom) -> None:
    [(quay,)] = there.rows("SELECT sort_key FROM post WHERE id = ?", key(there, "quay/1"))
    [(pier,)] = there.rows("SELECT sort_key FROM post WHERE id = ?", key(there, "pier/1"))
    lines = [json.loads(line) for line in written(there, keys=[quay, pier]).splitlines()]
    assert [each["verdict"] for each in lines if each.get("kind") == "verdict"] == ["apart"]


def test_a_verdict_on_posts_that_are_not_here_is_counted(room: Newsroom, there: Newsroom) -> None:
    lines = written(there).splitlines(keepends=True)
    [notice] = taken(room, b"".join(line for line in lines if b'"verdict"' in line))
    assert notice.startswith("0 verdicts of persons taken in; 2 not")


def test_lines_that_are_no_verdict_and_no_version_are_told() -> None:
    data = b"".join(json.dumps(each).encode() + b"\n" for each in (
        {"kind": "verdict", "verdict": "same", "posts": [{"channel": "@a", "id": 1}]},
        {"kind": "verdict", "verdict": "apart", "posts": [{"channel": "@a", "id": "x"}]},
        {"kind": "verdict", "verdict": "perhaps", "posts": []},
        {"kind": "verdict", "verdict": "apart", "posts": [5]},
        {"channel": "@a", "id": 1, "text": "x", "versions": [5]},
        {"channel": "@a", "id": 1, "text": "x", "versions": [{"text": "y", "source": "hearsay"}]},
        {"channel": "@a", "id": 1, "text": "x", "versions": {"text": "y"}},
        {"kind": "verdict", "verdict": "apart", "posts": [{"channel": "@a", "id": 1}]},
        {"channel": "@a", "id": 1, "text": "x", "versions": [{"text": "y", "seen": 5}]},
    ))  # fmt: skip
    *bad, verdict, told = read(io.BytesIO(data), ReadOptions())
    assert all(isinstance(each, BadRecord) for each in bad)
    assert len(bad) == 7
    assert verdict == Verdict("apart", ((Channel(username="a"), 1),))
    assert isinstance(told, tuple)
    assert told[1].versions == (Version("y", None, None, Source.EXPORT, seen=5),)


def test_a_verdict_goes_with_a_post_that_takes_the_place_of_another(room: Newsroom) -> None:
    """A file called the channel by its title, and a person spoke of it before it was linked."""
    named = Channel(title="The Harbour Daily")
    room.store.add_posts(room.run, [(named, Post(1, FERRY, DAWN))], DAWN)
    room.post("quay", FERRY)
    room.save("harbour", Post(1, FERRY, DAWN))
    titled = int(room.one("SELECT p.id FROM post p JOIN channel c ON c.id = channel_id"
                          " WHERE title = 'The Harbour Daily'"))  # fmt: skip
    with room.store.transaction() as conn:
        verdicts.merge(conn, room.run, titled, key(room, "quay/1"), DAWN)
    room.store.link_channel("The Harbour Daily", room.channel("harbour"), DAWN)
    dedup(room.store, room.run)
    assert verdicts_of(room) == [("same", DAWN, "harbour/1", "quay/1")]
    sound(room)


def test_nothing_is_said_any_more_of_a_forgotten_post(room: Newsroom, there: Newsroom) -> None:
    merge(room, there)
    room.store.forget("@dock", room.run, DAWN)
    assert [kind for kind, *_ in verdicts_of(room)] == ["apart"]
    assert room.one("SELECT count(*) FROM verdict") == 1
    sound(room)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE verdict SET post_id = 99 WHERE kind = 'apart'", "a post that is not there"),
        ("UPDATE verdict SET other_id = NULL", "a post that is not there"),
        ("UPDATE post SET cluster_id = (SELECT min(id) FROM cluster) WHERE id ="
         " (SELECT post_id FROM verdict WHERE kind = 'apart')", "and is kept in a statement"),
        ("UPDATE post SET cluster_id = NULL WHERE id ="
         " (SELECT post_id FROM verdict WHERE kind = 'same')", "and are kept as two"),
    ],
)  # fmt: skip
def test_verify_knows_what_persons_said(
    room: Newsroom, there: Newsroom, statement: str, said: str
) -> None:
    merge(room, there)
    dedup(room.store, room.run)
    sound(room)
    with room.store.transaction() as conn:
        conn.exec_driver_sql(statement)
    with closing(open_reading(room.store.path)) as db:
        assert any(said in each.said for each in findings(db) if each.about == "verdicts")
