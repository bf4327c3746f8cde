"""Every form: what it says can be read back by others, and nothing of a stranger acts in it."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.dedup import dedup
from archiver.export import Chosen, atom, desktop, parquet, plain, records, table
from archiver.model import Channel, Post
from archiver.sources import ReadOptions, desktop_json, desktop_message
from archiver.sources.desktop_message import Home
from archiver.store.look import Stored, every
from archiver.store.store import Store
from tests.newsroom import DAWN, Newsroom
from tests.sources import worlds

ACTS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
ATOM = "{http://www.w3.org/2005/Atom}"


def written(module: Any, chosen: Chosen) -> bytes:
    file = io.BytesIO()
    assert module.write(chosen, file) > 0
    return file.getvalue()


def stored(post: Post, channel: Channel) -> Stored:
    return Stored(1, 1, channel.title, channel.username, channel.tg_id, channel.kind, post,
                  (), None, None, None, None, None, None)  # fmt: skip


# Desktop JSON

KEYS = (
    "poll", "photo", "file", "media_type", "invoice_information", "other", "buttons", "from",
    "from_id", "actor", "action", "too deep", "text", "id", "type", "archiver", "thumbnail",
    "title", "location_information", "forwarded_from", "saved_from", "missing", "path",
    "question", "answers", "document_id", "reactions", "date_unixtime", "inline_bot_buttons",
    "file_name", "href", "plain",
)  # fmt: skip
values = st.recursive(
    worlds.plain,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=4,
)
told = st.dictionaries(st.sampled_from(KEYS), values, max_size=4)
strange = st.builds(
    lambda post, details, media: replace(post, details=details, media=media),
    worlds.posts,
    told | st.none(),
    told | st.none(),
)


@given(worlds.posts | strange, worlds.channels)
def test_any_post_comes_back_from_desktops_form(post: Post, channel: Channel) -> None:
    raw = json.loads(json.dumps(desktop.message(stored(post, channel))))
    assert desktop_message.to_post(raw, Home(channel.tg_id, channel.title, UTC)) == post


def test_a_whole_archive_comes_back_from_desktops_form(chosen: Chosen) -> None:
    told = written(desktop, chosen)
    back = list(desktop_json.read(io.BytesIO(told), ReadOptions()))
    here = {
        (each.title, each.username, each.tg_id, each.post.message_id): each.post
        for each in every(chosen.db)
    }
    there = {
        (channel.title, channel.username, channel.tg_id, post.message_id): post
        for channel, post in back  # type: ignore[misc]
    }
    assert there == here
    assert desktop_json.sniff(told[:65_536], "result.json")


def test_what_other_tools_read_is_in_desktops_places(chosen: Chosen) -> None:
    told = json.loads(written(desktop, chosen))
    chats = {chat["name"]: chat for chat in told["chats"]["list"]}
    assert chats["Harbour"]["type"] == "public_channel"
    first, second = chats["Harbour"]["messages"]
    assert first["from_id"] == f"channel{chats['Harbour']['id']}"
    assert first["date"] == "2025-01-01T12:01:00"
    assert first["date_unixtime"] == str(DAWN + 60)
    assert "".join(part["text"] for part in first["text_entities"]) == first["archiver"]["body"]
    assert first["text"][0] == {"type": "italic", "text": "The harbour council voted on M"}
    assert second["archiver"]["versions"][0]["text"].endswith("from Tuesday on.")
    [forward] = [m for m in chats["Pier"]["messages"] if "forwarded_from" in m]
    assert forward["forwarded_from"] == "Harbour"
    assert forward["archiver"]["forwarded_from"]["id"] == 1
    assert forward["archiver"]["canonical"] == "https://t.me/harbour/1"


def test_one_channel_alone_has_the_form_of_one_chat(connection: sqlite3.Connection) -> None:
    [key] = connection.execute(
        "SELECT sort_key FROM post WHERE text LIKE 'Ferry tickets%'"
    ).fetchone()
    told = json.loads(written(desktop, Chosen(connection, [key])))
    assert told["name"] == "Harbour"
    assert [message["id"] for message in told["messages"]] == [2]


# CSV and Parquet


@pytest.mark.parametrize("excel", [False, True])
def test_csv_has_every_post_and_no_formula(chosen: Chosen, excel: bool) -> None:
    raw = written(table, replace(chosen, excel=excel))
    assert raw.startswith(b"\xef\xbb\xbf") == excel
    lines = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert len(lines) == sum(1 for _ in every(chosen.db))
    for line in lines:
        for value in line.values():
            number = re.fullmatch(r"-?\d+", value)
            assert number or not re.match(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]", value), value
            assert not ACTS.search(value), value
    [edited] = [line for line in lines if "new mill" in line["text"]]
    assert edited["date"] == "2025-01-01T12:04:00Z"
    assert edited["url"] == "https://t.me/harbour/2"


def test_parquet_has_the_exact_texts_and_types(chosen: Chosen) -> None:
    found = pyarrow.parquet.read_table(io.BytesIO(written(parquet, chosen)))
    here = [each.post for each in every(chosen.db)]
    assert found.column("text").to_pylist() == [post.text for post in here]
    assert found.column("date").to_pylist() == [
        None if post.date is None else datetime.fromtimestamp(post.date, UTC) for post in here
    ]
    assert str(found.schema.field("date").type) == "timestamp[ms, tz=UTC]"
    assert str(found.schema.field("channel_id").type) == "int64"
    entities = [json.loads(text) for text in found.column("entities").to_pylist() if text]
    assert any(each[0]["type"] == "bold" for each in entities)


# Text and Atom


def test_plain_text_is_safe_on_a_terminal(chosen: Chosen) -> None:
    told = written(plain, chosen).decode()
    assert not ACTS.search(told)
    assert told.count("=== ") == sum(1 for _ in every(chosen.db))
    assert "deleted, noticed" in told
    assert told.count("voted on Monday") == 3


def entries(raw: bytes) -> list[ElementTree.Element]:
    return ElementTree.fromstring(raw).findall(f"{ATOM}entry")


def test_the_feed_is_valid_atom_and_each_statement_stands_in_it_once(chosen: Chosen) -> None:
    raw = written(atom, chosen)
    feed = ElementTree.fromstring(raw)
    moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    for element in (feed, *entries(raw)):
        for name in ("id", "title", "updated"):
            [found] = element.findall(f"{ATOM}{name}")
            assert found.text
        assert moment.fullmatch(element.findtext(f"{ATOM}updated") or "")
    guids = [each.findtext(f"{ATOM}id") for each in entries(raw)]
    assert len(set(guids)) == len(guids)
    titles = [each.findtext(f"{ATOM}title") or "" for each in entries(raw)]
    assert max(map(len, titles)) <= 80
    contents = [each.findtext(f"{ATOM}content") or "" for each in entries(raw)]
    words = [re.sub(r"<[^>]*>", "", content) for content in contents]
    assert sum("voted on Monday" in each for each in words) == 1
    assert not any("<script" in content or "<img" in content for content in contents)
    assert not any("javascript:" in content for content in contents)


def test_a_rename_and_a_later_copy_leave_the_ids_of_a_feed(store: Store, db: Path) -> None:
    room = Newsroom(store)
    post = room.post("harbour", "The ferry sails at nine from the new pier on all weekdays now.")
    before = feed_ids(db)
    room.forward("quay", "harbour", post)
    channel = replace(room.channel("harbour"), username="harbour_new")
    store.add_posts(room.run, [(channel, replace(post, message_id=2, text="Another"))], DAWN)
    dedup(store, room.run)
    bare = -1_000_000_000_000 - (channel.tg_id or 0)
    assert before == [f"tag:t.me,2013:c/{bare}/1"]
    assert set(feed_ids(db)) == {*before, f"tag:t.me,2013:c/{bare}/2"}


def feed_ids(db: Path) -> list[str | None]:
    with closing(sqlite3.connect(db)) as connection:
        raw = written(atom, Chosen(connection, now=DAWN))
    return [each.findtext(f"{ATOM}id") for each in entries(raw)]


def test_a_feed_holds_the_newest_only(store: Store, db: Path) -> None:
    room = Newsroom(store)
    for number in range(atom.NEWEST + 20):
        room.post("harbour", f"Notice number {number} of the harbour")
    with closing(sqlite3.connect(db)) as connection:
        found = entries(written(atom, Chosen(connection, now=DAWN)))
    assert len(found) == atom.NEWEST
    assert found[0].findtext(f"{ATOM}title") == "Notice number 119 of the harbour"


# JSONL


def test_jsonl_keeps_even_hostile_text_byte_for_byte(chosen: Chosen) -> None:
    told = list(records(chosen.db, None))
    assert [each.get("text", "") for each in told] == [each.post.text for each in every(chosen.db)]


@given(st.text(max_size=30))
def test_no_text_becomes_a_formula(text: str) -> None:
    assert not re.match(r"\s*[=+\-@]", table.defused(text))
