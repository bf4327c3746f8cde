"""Service messages say what happened, under Desktop's name."""

from __future__ import annotations

import random
from typing import Any

import pytest
from telethon.tl import types

from archiver.model import Post, PostKind, Source
from archiver.sources.telegram.convert import to_post
from tests.sources.telegram.anything import kinds_of, make
from tests.sources.telegram.messages import (
    DATE,
    MARKED_PIER,
    PEERS,
    PIER,
    document,
    photo,
    received,
    service,
)
from tests.sources.telegram.test_convert import check


def found(action: Any, **more: Any) -> Post:
    post = to_post(received(service(action, **more)), PEERS)
    assert post is not None
    return post


def test_a_new_title():
    assert found(types.MessageActionChatEditTitle("Quay")) == Post(
        message_id=8,
        date=DATE,
        kind=PostKind.SERVICE,
        entities=(),
        details={"action": "edit_group_title", "title": "Quay"},
        source=Source.LIVE,
    )


def test_what_was_pinned_is_no_reply():
    header = types.MessageReplyHeader(reply_to_msg_id=5)
    post = found(types.MessageActionPinMessage(), reply_to=header)
    assert post.reply_to is None
    assert post.details == {"action": "pin_message", "message_id": 5}


def test_other_actions_may_reply():
    header = types.MessageReplyHeader(reply_to_msg_id=5)
    assert found(types.MessageActionBoostApply(2), reply_to=header).reply_to == 5


@pytest.mark.parametrize(
    ("action", "details"),
    [
        (types.MessageActionChannelCreate("Quay"), {"action": "create_channel", "title": "Quay"}),
        (
            types.MessageActionChannelMigrateFrom("Quay", 9),
            {"action": "migrate_from_group", "title": "Quay", "chat_id": -9},
        ),
        (
            types.MessageActionChatMigrateTo(PIER),
            {"action": "migrate_to_supergroup", "channel_id": MARKED_PIER},
        ),
        (
            types.MessageActionChatAddUser([501, 502]),
            {"action": "invite_members", "users": [501, 502], "members": ["Ann Bo", None]},
        ),
        (
            types.MessageActionSetMessagesTTL(60),
            {"action": "set_messages_ttl", "period": 60},
        ),
        (
            types.MessageActionGroupCall(types.InputGroupCall(1 << 60, 5), 90),
            {
                "action": "group_call",
                "call": {"_": "input_group_call", "id": str(1 << 60)},
                "duration": 90,
            },
        ),
        (
            types.MessageActionSetChatWallPaper(types.WallPaperNoFile(5), same=True),
            {
                "action": "set_same_chat_wallpaper",
                "wallpaper": {"_": "wall_paper_no_file", "id": 5},
                "same": True,
            },
        ),
        (
            types.MessageActionBotAllowed(attach_menu=True),
            {"action": "attach_menu_bot_allowed", "attach_menu": True},
        ),
        (types.MessageActionCustomAction("Ahoy"), {"action": "custom_action", "message": "Ahoy"}),
        (types.MessageActionEmpty(), {"action": "empty"}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_actions(action: Any, details: dict[str, Any]):
    assert found(action).details == details


def test_a_new_picture_is_a_photo():
    post = found(types.MessageActionChatEditPhoto(photo()))
    assert post.media_kind == "photo"
    assert post.media is not None
    assert post.media["id"] == str(1 << 61)
    assert post.details == {"action": "edit_group_photo"}


def test_somebody_other_than_the_channel_is_named():
    post = found(types.MessageActionPinMessage(), from_id=types.PeerUser(501))
    assert post.details == {"action": "pin_message", "actor": "Ann Bo", "actor_id": 501}


def test_a_new_file_reference_changes_nothing():
    papers = [types.WallPaper(5, 6, "sea", document(reference=text)) for text in (b"old", b"new")]
    first, again = (found(types.MessageActionSetChatWallPaper(paper)) for paper in papers)
    assert first == again


@pytest.mark.parametrize("kind", kinds_of("TypeMessageAction"), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("seed", range(4))
def test_every_action_becomes_plain_values(kind: type, seed: int):
    post = found(make(kind, random.Random(seed)))
    check(post)
    assert post.details is not None
    assert post.details["action"]
