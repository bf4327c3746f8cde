"""The verbs of the world do what they say, as the real client sees it."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from telethon import TelegramClient, errors
from telethon.sessions import SQLiteSession
from telethon.tl import types as tl
from telethon.tl.functions.channels import GetChannelsRequest, GetFullChannelRequest
from telethon.tl.functions.contacts import ResolveUsernameRequest
from telethon.tl.functions.messages import CheckChatInviteRequest, GetDialogsRequest

from tests.server import World
from tests.server.fixtures import client, connected, hang_up, running, serving, session
from tests.server.test_history import history, ids, input_channel
from tests.server.timeouts import hard_timeout
from tests.server.tl import plain_post


@pytest.fixture
def world() -> World:
    return World()


async def resolve(client: TelegramClient, name: str) -> int:
    return int((await client(ResolveUsernameRequest(name))).chats[0].id)


@pytest.mark.parametrize("entities", [None, [tl.MessageEntityBold(0, 3)]])
def test_posts_made_in_bulk_are_like_those_made_one_by_one(entities: Any) -> None:
    slow = tl.Message(
        7, tl.PeerChannel(9), 1000, "Ferry ⛴", post=True, views=3, forwards=0, entities=entities
    )
    assert plain_post(9, 7, 1000, "Ferry ⛴", 3, entities) == bytes(slow)


def test_live_is_what_an_archive_must_hold(world: World) -> None:
    channel = world.channel("harbour_news")
    first = channel.post("Late", entities=[tl.MessageEntityBold(0, 4)])
    second = channel.post("Gone")
    channel.edit(first, "Later")
    channel.react(second, "👍", 2)
    album = channel.album(["Two boats", ""])
    channel.swap_media(album[1])
    channel.service(tl.MessageActionChatEditTitle("Harbour"))
    channel.delete(channel.post("Mistake"))
    live = channel.live()
    assert [seen.text for seen in live.values()] == ["Later", "Gone", "Two boats", "", ""]
    assert (live[1].entities, live[1].edit_hide, live[2].edit_hide) == ((), False, True)
    assert live[3].grouped_id == live[4].grouped_id
    assert live[3].media_id != live[4].media_id
    assert live[5].action == "MessageActionChatEditTitle"


@hard_timeout
async def test_names_move_and_are_freed(world: World) -> None:
    first, second = world.channel("harbour_news"), world.channel("town_news")
    async with running(world) as server, connected(server) as c:
        assert await resolve(c, "Harbour_News") == first.id
        first.rename("harbour_daily", title="Harbour daily")
        with pytest.raises(errors.UsernameNotOccupiedError):
            await resolve(c, "harbour_news")
        second.take_name("harbour_daily")
        assert await resolve(c, "harbour_daily") == second.id
        assert first.username is None
        answer = await c(GetChannelsRequest([input_channel(first)]))
        assert (answer.chats[0].title, answer.chats[0].username) == ("Harbour daily", None)
        with pytest.raises(errors.UsernameInvalidError):
            await resolve(c, "no name")


@pytest.mark.parametrize("verb", ["go_private", "ban"])
@hard_timeout
async def test_a_channel_goes_and_comes_back(world: World, verb: str) -> None:
    channel = world.channel("harbour_news")
    channel.post("Still here")
    async with running(world) as server, connected(server) as c:
        getattr(channel, verb)()
        with pytest.raises(errors.ChannelPrivateError):
            await ids(c, channel)
        with pytest.raises(errors.ChannelPrivateError):
            await c(GetFullChannelRequest(input_channel(channel)))
        [seen] = (await c(GetChannelsRequest([input_channel(channel)]))).chats
        assert isinstance(seen, tl.ChannelForbidden)
        channel.come_back()
        assert await ids(c, channel) == [1]
        assert await resolve(c, "harbour_news") == channel.id


@hard_timeout
async def test_invitations_tell_members_more(world: World) -> None:
    channel = world.channel("inner_circle", members_only=True)
    word = channel.invite().split("+")[1]
    async with running(world) as server, connected(server) as c:
        assert isinstance(await c(CheckChatInviteRequest(word)), tl.ChatInvite)
        with pytest.raises(errors.ChannelPrivateError):
            await ids(c, channel)
        channel.join()
        already = await c(CheckChatInviteRequest(word))
        assert already.chat.id == channel.id
        assert await ids(c, channel) == []
        with pytest.raises(errors.InviteHashExpiredError):
            await c(CheckChatInviteRequest("nonsense"))


@hard_timeout
async def test_dialogs_are_the_channels_joined(world: World) -> None:
    for number in range(5):
        channel = world.channel(f"news_{number}")
        channel.post("Hello")
        if number != 2:
            channel.join()
    async with running(world) as server, connected(server) as c:
        names = [dialog.entity.username for dialog in await c.get_dialogs()]
        assert names == ["news_4", "news_3", "news_1", "news_0"]
        some = await c(GetDialogsRequest(None, 0, tl.InputPeerEmpty(), 2, 0))
        assert (some.count, len(some.dialogs)) == (4, 2)


@hard_timeout
async def test_forwards_bring_the_names_of_their_origins(world: World) -> None:
    news, origin = world.channel("news"), world.channel("harbour_news")
    secret = world.channel("inner_circle", members_only=True)
    eve = world.person("Eve")
    post = origin.post("The ferry is late.", post_author="E. V.")
    news.forward(news.forward(post), saved=True)
    news.forward(secret.post("Between us"))
    news.forward_person(eve, "I saw it")
    news.forward_hidden("Somebody", "Me too")
    news.import_message("Old friend", "Long ago")
    async with running(world) as server, connected(server) as c:
        found = await history(c, news)
        headers = [m.fwd_from for m in reversed(found.messages)]
        assert [h.channel_post for h in headers] == [1, 1, 1, None, None, None]
        assert [h.from_id.channel_id for h in headers[:3]] == [origin.id, origin.id, secret.id]
        assert headers[0].post_author == "E. V."
        assert (headers[1].saved_from_peer.channel_id, headers[1].saved_from_msg_id) == (news.id, 1)
        assert headers[0].date == post.message.date
        assert headers[3].from_id.user_id == eve.id
        assert [h.from_name for h in headers[4:]] == ["Somebody", "Old friend"]
        assert headers[5].imported
        kinds = {chat.id: type(chat) for chat in found.chats}
        assert kinds == {
            news.id: tl.Channel,
            origin.id: tl.Channel,
            secret.id: tl.ChannelForbidden,
        }
        assert [user.first_name for user in found.users] == ["Eve"]


@hard_timeout
async def test_media_polls_and_pins_arrive(world: World) -> None:
    channel, group = world.channel("news"), world.channel("talk", megagroup=True)
    channel.link(group)
    poll = channel.poll("Will it sail?", ["yes", "no"], [3, 1])
    channel.vote(poll, [5, 1])
    channel.pin(poll)
    group.post("I hope so", by=world.person("Eve"))
    async with running(world) as server, connected(server) as c:
        pinned, asked = (await history(c, channel)).messages
        assert isinstance(pinned.action, tl.MessageActionPinMessage)
        assert pinned.reply_to.reply_to_msg_id == asked.id
        assert [r.voters for r in asked.media.results.results] == [5, 1]
        full = await c(GetFullChannelRequest(input_channel(channel)))
        assert full.full_chat.linked_chat_id == group.id
        [said] = (await history(c, group)).messages
        assert (said.views, said.from_id.user_id) == (None, 700_000_004)


@hard_timeout
async def test_hashes_are_another_for_each_account(world: World) -> None:
    channel = world.channel("news")
    other = world.account("Bo", phone="15550101")
    async with running(world) as server:
        seen = []
        for account in (world.me, other):
            async with connected(server, session(server, account)) as c:
                seen.append((await c(ResolveUsernameRequest("news"))).chats[0].access_hash)
        assert seen == [world.of(world.me, channel.id), world.of(other, channel.id)]
        assert len(set(seen)) == 2


def test_a_server_in_a_thread_serves_a_session_file(world: World, tmp_path: Path) -> None:
    channel = world.channel("news")

    @hard_timeout
    async def ask() -> None:
        sess = SQLiteSession(str(tmp_path / "telegram" / "account.session"))
        sess.save_entities = False
        async with connected(served.server, sess) as c:
            assert await ids(c, channel) == [1]
            channel.post("Another")
            served.server.kick()
            assert await ids(c, channel) == [2, 1]
            assert served.do(lambda: served.server.calls.tally()["GetHistoryRequest"]) >= 2

    with serving(world) as served:
        channel.post("One")
        file = served.config(tmp_path)
        assert f"port = {served.server.port}" in file.read_text()
        made = tmp_path / "telegram" / "account.session"
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
        assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
        ask()


def test_a_server_in_a_thread_can_stop_listening(world: World) -> None:
    @hard_timeout
    async def ask(works: bool) -> None:
        c = client(served.server, connection_retries=0)
        try:
            await c.connect()
            assert works
        except ConnectionError:
            assert not works
        finally:
            await hang_up(c)

    with serving(world) as served:
        served.server.close_listener()
        ask(works=False)
        served.server.open_listener()
        ask(works=True)


@hard_timeout
async def test_a_min_channel_beside_a_quote_has_no_hash_to_use(world: World) -> None:
    news, origin = world.channel("news"), world.channel("harbour_news")
    news.forward(origin.post("The ferry is late."))
    origin.min = True
    async with running(world) as server, connected(server) as c:
        own, quoted = (await history(c, news)).chats
        assert (own.min, quoted.min) == (False, True)
        wrong = tl.InputChannel(quoted.id, quoted.access_hash)
        with pytest.raises(errors.ChannelInvalidError):
            await c(GetChannelsRequest([wrong]))
        assert await resolve(c, "harbour_news") == origin.id
        assert await ids(c, origin) == [1]
