"""What posts hold arrives as it was sent: origins, albums, service messages, hostile texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from telethon.tl import types as tl

from archiver.clusters import Rules as Grouping
from archiver.dedup import dedup
from archiver.model import PostKind
from archiver.store.store import Store
from tests.server.media import photo
from tests.sync.watching import one_post, raw, tg_id
from tests.syncroom import SyncRoom, in_room

BODY = (
    "The harbour council voted on Monday to deepen the northern channel by two metres before the"
    " winter storms, and to move the fish market to the old customs house."
)
HEADER = ("fwd_kind", "fwd_peer", "fwd_message", "fwd_name", "fwd_username", "fwd_author")


# -- where a post comes from ---------------------------------------------------------------------


def test_a_forward_names_its_first_origin_exactly(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        news, origin = room.world.channel("news"), room.world.channel("harbour", title="Harbour ⚓")
        first = origin.post("The ferry is late.", post_author="E. V.")
        post = news.forward(news.forward(first))
        await room.add(news)
        await room.sync()
        expected = ("channel", tg_id(origin), 1, "Harbour ⚓", "harbour", "E. V.")
        assert one_post(room, news, post.id, *HEADER) == expected
        (date,) = one_post(room, news, post.id, "fwd_date")
        assert date == int(first.message.date.timestamp()), "when it was said, not forwarded"
        (key,) = one_post(room, news, post.id, "fwd_channel")
        assert room.one("SELECT tg_id FROM channel WHERE id = ?", key) == tg_id(origin)

    in_room(tmp_path / "a.sqlite", story)


def test_a_forward_from_a_hidden_or_minimal_channel_keeps_its_number(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        news = room.world.channel("news")
        secret = room.world.channel("inner_circle", members_only=True)
        minimal = room.world.channel("pier")
        news.forward(secret.post("Between us."))
        news.forward(minimal.post("Gate closed."))
        minimal.min = True
        await room.add(news)
        await room.sync()
        assert one_post(room, news, 1, "fwd_peer", "fwd_message") == (tg_id(secret), 1)
        assert one_post(room, news, 2, "fwd_peer", "fwd_message") == (tg_id(minimal), 1)
        assert one_post(room, news, 2, "fwd_name", "fwd_username") == ("Pier", "pier")
        # A hash of a `min` channel does not work: none of them may be kept.
        assert room.one("SELECT count(*) FROM access_hash") == 1

    in_room(tmp_path / "a.sqlite", story)


def test_a_forward_from_people_has_no_channel(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        news, eve = room.world.channel("news"), room.world.person("Eve", "eve_v")
        news.forward_person(eve, "I saw it.")
        news.forward_hidden("Somebody", "Me too.")
        news.import_message("Old friend", "Long ago.")
        await room.add(news)
        await room.sync()
        found = [one_post(room, news, number, *HEADER[:4]) for number in (1, 2, 3)]
        assert found[0] == ("user", eve.id, None, "Eve")
        assert found[1][0] == "hidden"
        assert [each[3] for each in found[1:]] == ["Somebody", "Old friend"]
        assert [each[1] for each in found[1:]] == [None, None]
        keys = [one_post(room, news, number, "fwd_channel", "fwd_imported") for number in (1, 2, 3)]
        assert [key for key, _ in keys] == [None] * 3
        assert bool(keys[2][1])
        assert not keys[1][1]

    in_room(tmp_path / "a.sqlite", story)


def test_where_a_forward_was_taken_from_is_no_origin(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        news, origin, middle = (room.world.channel(name) for name in ("news", "harbour", "relay"))
        passed_on = middle.forward(origin.post("The ferry is late."))
        news.forward(passed_on, saved=True)
        await room.add(news)
        await room.sync()
        assert one_post(room, news, 1, "fwd_peer", "fwd_message") == (tg_id(origin), 1)
        saved = one_post(room, news, 1, "fwd_saved_peer", "fwd_saved_message")
        assert saved == (tg_id(middle), passed_on.id)

    in_room(tmp_path / "a.sqlite", story)


def test_a_forward_meets_its_origin_once_that_is_synced_too(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        news, origin = room.world.channel("news"), room.world.channel("harbour")
        news.forward(origin.post(BODY))
        await room.add(news)
        await room.sync()
        await room.add(origin)
        await room.sync()
        group(room)
        [(reason,)] = room.rows("SELECT reason FROM post WHERE reason IS NOT NULL")
        assert reason == "forward"
        assert room.rows("SELECT posts, copies, channels FROM cluster") == [(2, 1, 1)]

    in_room(tmp_path / "a.sqlite", story)


def group(room: SyncRoom) -> None:
    """What a sync does at its end: collapse what is new."""
    with Store.open(room.path) as store:
        dedup(store, store.start_run("dedup", room.now()), rules=Grouping())


# -- albums, service messages --------------------------------------------------------------------


@pytest.mark.parametrize("after", [95, 97, 99, 100])
def test_an_album_over_the_border_of_two_pages_is_one(tmp_path: Path, after: int) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(20)
        album = channel.album([BODY, "", "", "", "", ""])
        channel.post_many(after)
        await room.add(channel)
        await room.sync()
        rows = room.rows(
            "SELECT message_id FROM post WHERE grouped_id = ? ORDER BY message_id",
            album[0].message.grouped_id,
        )
        assert [number for (number,) in rows] == [each.id for each in album]
        group(room)
        clusters = room.rows("SELECT DISTINCT cluster_id FROM post WHERE grouped_id IS NOT NULL")
        assert len(clusters) == 1
        assert clusters != [(None,)]
        assert room.one("SELECT copies FROM cluster WHERE id = ?", *clusters[0]) == 0

    in_room(tmp_path / "a.sqlite", story)


def test_what_happens_to_a_channel_is_kept_as_service_messages(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.service(tl.MessageActionChannelCreate("Harbour"))
        channel.rename(title="Harbour Today", announce=True)
        pinned = channel.pin(channel.post("Read this."))
        channel.service(tl.MessageActionChannelMigrateFrom("The old group", 77))
        channel.service(tl.MessageActionChatEditPhoto(photo().photo))
        await room.add(channel)
        result = await room.sync()
        assert result.complete
        rows = room.rows(
            "SELECT message_id, details FROM post WHERE kind = ? ORDER BY message_id",
            int(PostKind.SERVICE),
        )
        told = {number: json.loads(details) for number, details in rows}
        assert list(told) == [1, 2, 4, 5, 6]
        assert "Harbour Today" in json.dumps(told[2])
        assert pinned.id == 4
        assert "3" in json.dumps(told[4])
        assert "The old group" in json.dumps(told[5])
        assert one_post(room, channel, 6, "media_kind") == ("photo",)

    in_room(tmp_path / "a.sqlite", story)


# -- texts ---------------------------------------------------------------------------------------

TEXTS = {
    "a-family": "👨‍👩‍👧‍👦 and 🏳️‍🌈 at the pier 🚢",
    "longest": "я" * 4096,
    "longest-astral": "🚢" * 4096,
    "nul": "before\x00after\x00",
    "control": "\x1b[31mred\x1b]8;;http://evil.example\x07link\x9b2J\x7f\b\r\n\t",
    "right-to-left": "\u202egnp.exe\u202c مرحبا \u200f שלום \u2066x\u2069",
    "spaces": "  \u00a0 leading and trailing \u2003\n\n\n ",
    "joined": "نمی\u200cخواهم e\u0301 é ﬁ",
    "noncharacters": "\ufeff\ufffe\uffff\U0010ffff",
    "line-ends": "a\r\nb\rc\u2028d\u0085e",
    "zalgo": "f" + "\u0301" * 60 + "erry",
    "markup": "<b>bold</b> [link](javascript:alert(1)) =1+1 {{7*7}} '; DROP TABLE post; --",
}


def test_texts_of_every_kind_arrive_byte_for_byte(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        posts = {channel.post(text).id: text for text in TEXTS.values()}
        await room.add(channel)
        await room.sync()
        assert room.archived(channel) == posts
        assert raw(room, channel) == {number: channel.stored(number).data for number in posts}
        group(room)
        assert (await room.sync()).tally.changed == 0

    in_room(tmp_path / "a.sqlite", story)


def test_entities_keep_their_places_in_utf_16_units(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        text = "👨‍👩‍👧 bold and crossed 🚢"
        at = len(text[: text.index("bold")].encode("utf-16-le")) // 2
        entities = [
            tl.MessageEntityBold(at, 8),
            tl.MessageEntityItalic(at + 4, 9),  # crosses the one before
            tl.MessageEntityTextUrl(at, 4, "javascript:alert(1)"),
            tl.MessageEntityCustomEmoji(0, 8, 5_368_324_170_671_202_286),
            tl.MessageEntityBlockquote(0, 20, collapsed=True),
            tl.MessageEntityPre(at, 4, "python"),
        ]
        channel.post(text, entities=entities)
        await room.add(channel)
        await room.sync()
        (stored,) = one_post(room, channel, 1, "entities")
        found = json.loads(stored)
        assert sorted((e["offset"], e["length"]) for e in found) == sorted(
            (e.offset, e.length) for e in entities
        )
        units = text.encode("utf-16-le")
        bold = next(e for e in found if e["type"] == "bold")
        start = 2 * bold["offset"]
        assert units[start : start + 2 * bold["length"]].decode("utf-16-le") == "bold and"
        assert "javascript:alert(1)" in {e.get("url") for e in found}, "kept, as evidence"
        assert room.archived(channel) == {1: text}

    in_room(tmp_path / "a.sqlite", story)


def test_bytes_that_are_no_utf_8_cost_no_post_and_are_kept(tmp_path: Path) -> None:
    async def story(room: SyncRoom) -> None:
        channel = room.world.channel("harbour")
        channel.post_many(30)
        data = channel.stored(12).data.replace(b"Harbour", b"Harb\xff\xfer")
        channel.garble(channel.handle(12), data)
        await room.add(channel)
        await room.sync()
        assert room.archived(channel).keys() == set(range(1, 31))
        assert "Report 12 from Harb" in room.archived(channel)[12]
        assert raw(room, channel)[12] == data
        assert room.one("PRAGMA integrity_check") == "ok"

    in_room(tmp_path / "a.sqlite", story)
