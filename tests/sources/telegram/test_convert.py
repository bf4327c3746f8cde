"""A message becomes a post that says all it said, with the names the other readers use."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telethon.tl import types
from telethon.tl.alltlobjects import LAYER

from archiver.model import Channel, Forward, OriginKind, Post, PostKind, Source
from archiver.sources import record
from archiver.sources.telegram.convert import from_raw, to_post
from archiver.sources.telegram.peers import Peers
from archiver.store.rows import digest
from tests.sources.telegram.anything import kinds_of, make
from tests.sources.telegram.messages import (
    DATE,
    HARBOUR,
    MARKED,
    MARKED_PIER,
    PEERS,
    PIER,
    message,
    post,
    received,
)


def text_of(text: str, *entities: Any) -> types.TextWithEntities:
    return types.TextWithEntities(text, list(entities))


def test_an_ordinary_post():
    found = post(
        text="Ferry late",
        entities=[types.MessageEntityBold(0, 5)],
        views=120,
        forwards=3,
        grouped_id=(1 << 62) + 1,
        post_author="A. Bo",
        via_bot_id=501,
        replies=types.MessageReplies(4, 9, comments=True, channel_id=PIER, max_id=44),
    )
    assert found == Post(
        message_id=7,
        text="Ferry late",
        date=DATE,
        entities=({"type": "bold", "offset": 0, "length": 5},),
        grouped_id=(1 << 62) + 1,
        author="A. Bo",
        via_bot="@annbo",
        views=120,
        forwards=3,
        replies=4,
        details={"comments_in": MARKED_PIER},
        source=Source.LIVE,
    )


def test_without_anything_there_are_no_entities_and_nothing_else_is_known():
    found = post()
    assert found.entities == ()
    assert (found.forward, found.media, found.reactions, found.details) == (None,) * 4
    assert (found.views, found.replies, found.via_bot, found.raw) == (None,) * 4


def test_an_empty_message_is_no_post():
    assert to_post(types.MessageEmpty(7, types.PeerChannel(HARBOUR))) is None


def test_a_bot_without_a_name_is_its_id():
    assert post(via_bot_id=502).via_bot == "502"


# -- forwards ---------------------------------------------------------------------------------


def forward(**more: Any) -> Forward:
    found = post(fwd_from=types.MessageFwdHeader(DATE - 60, **more)).forward
    assert found is not None
    return found


def test_a_channel_and_a_number_in_it_are_the_exact_origin():
    assert forward(
        from_id=types.PeerChannel(PIER), channel_post=31, post_author="C. Do"
    ) == Forward(
        OriginKind.CHANNEL,
        peer_id=MARKED_PIER,
        username="pier_nine",
        message_id=31,
        date=DATE - 60,
        name="Pier Nine",
        author="C. Do",
    )


def test_an_origin_the_answer_did_not_bring_is_its_id():
    found = forward(from_id=types.PeerChannel(3), channel_post=31)
    assert (found.peer_id, found.name, found.username) == (-1_000_000_000_003, None, None)


def test_the_name_of_a_forbidden_origin_is_kept():
    peers = Peers([types.ChannelForbidden(PIER, 1, "Pier Nine", broadcast=True)])
    header = types.MessageFwdHeader(DATE, from_id=types.PeerChannel(PIER), channel_post=31)
    found = to_post(received(message(fwd_from=header)), peers)
    assert found is not None
    assert found.forward is not None
    assert (found.forward.name, found.forward.username) == ("Pier Nine", None)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            {"from_id": types.PeerUser(501)},
            Forward(OriginKind.USER, peer_id=501, username="annbo", name="Ann Bo"),
        ),
        (
            {"from_id": types.PeerUser(501), "channel_post": 5},
            Forward(OriginKind.USER, peer_id=501, username="annbo", name="Ann Bo"),
        ),
        ({"from_id": types.PeerChat(9)}, Forward(OriginKind.CHAT, peer_id=-9)),
        ({"from_name": "Somebody"}, Forward(OriginKind.HIDDEN, name="Somebody")),
        (
            {"from_name": "Somebody", "imported": True},
            Forward(OriginKind.HIDDEN, name="Somebody", imported=True),
        ),
        (
            {"saved_from_peer": types.PeerChannel(PIER), "saved_from_msg_id": 12},
            Forward(
                OriginKind.HIDDEN,
                saved_from_peer=MARKED_PIER,
                saved_from_message=12,
                saved_from_name="Pier Nine",
            ),
        ),
        ({"saved_from_name": "A friend"}, Forward(OriginKind.HIDDEN, saved_from_name="A friend")),
    ],
)
def test_other_origins(header: dict[str, Any], expected: Forward):
    found = forward(**header)
    assert found == Forward(
        **{name: getattr(expected, name) for name in Forward.__slots__} | {"date": DATE - 60}
    )


def test_what_else_a_header_says_is_in_details():
    header = types.MessageFwdHeader(
        DATE,
        saved_from_id=types.PeerUser(501),
        saved_date=DATE - 5,
        saved_out=True,
        psa_type="covid",
    )
    assert post(fwd_from=header).details == {
        "forward": {
            "saved_from_id": 501, "saved_date": DATE - 5, "saved_out": True, "psa_type": "covid",
        }
    }  # fmt: skip


def test_the_first_active_name_counts_where_there_are_several():
    names = [types.Username("gone"), types.Username("quay", active=True)]
    peers = Peers([types.Channel(PIER, "Pier", types.ChatPhotoEmpty(), DATE, usernames=names)])
    assert peers.username(MARKED_PIER) == "quay"


# -- replies, writers, edits -----------------------------------------------------------------


def test_a_reply_with_a_quote():
    found = post(
        reply_to=types.MessageReplyHeader(
            reply_to_msg_id=5,
            reply_to_peer_id=types.PeerChannel(PIER),
            reply_to_top_id=2,
            forum_topic=True,
            quote=True,
            quote_text="nine",
            quote_entities=[types.MessageEntityItalic(0, 4)],
            quote_offset=19,
            reply_from=types.MessageFwdHeader(DATE, from_name="Somebody"),
            reply_media=types.MessageMediaDice(3, "🎲"),
        )
    )
    assert (found.reply_to, found.reply_to_peer) == (5, MARKED_PIER)
    assert found.details == {
        "reply": {
            "reply_to_top_id": 2,
            "quote_text": "nine",
            "quote_offset": 19,
            "quote_entities": [{"type": "italic", "offset": 0, "length": 4}],
            "reply_from": {"date": DATE, "from_name": "Somebody"},
            "reply_media": {"kind": "dice", "emoji": "🎲", "value": 3},
            "forum_topic": True,
        }
    }


def test_a_reply_to_a_story_is_no_reply_to_a_post():
    found = post(reply_to=types.MessageReplyStoryHeader(types.PeerChannel(PIER), 3))
    assert found.reply_to is None
    assert found.details == {"reply": {"peer": MARKED_PIER, "story_id": 3}}


def test_the_writer_is_told_only_where_it_is_not_the_channel():
    assert post(from_id=types.PeerChannel(HARBOUR)).details is None
    assert post(from_id=types.PeerUser(501)).details == {"from": "Ann Bo", "from_id": 501}


def test_an_edit_that_is_to_be_hidden_is_none():
    assert post(edit_date=DATE + 9).edited == DATE + 9
    found = post(edit_date=DATE + 9, edit_hide=True)
    assert found.edited is None
    assert found.details == {"edit_hidden": DATE + 9}


def test_rare_fields_keep_their_names():
    found = post(
        pinned=True,
        noforwards=True,
        ttl_period=86_400,
        effect=1 << 60,
        restriction_reason=[types.RestrictionReason("all", "terms", "Not here")],
        factcheck=types.FactCheck(5, country="NO", text=text_of("It was ten.")),
        paid_message_stars=4,
    )
    assert found.details == {
        "pinned": True,
        "noforwards": True,
        "restriction_reason": [{"platform": "all", "reason": "terms", "text": "Not here"}],
        "ttl_period": 86_400,
        "effect": str(1 << 60),
        "factcheck": {"hash": 5, "country": "NO", "text": {"text": "It was ten."}},
        "paid_message_stars": 4,
    }


def test_reactions_are_as_desktop_writes_them():
    count = types.ReactionCount
    found = post(
        reactions=types.MessageReactions(
            [
                count(types.ReactionEmoji("👍"), 3),
                count(types.ReactionCustomEmoji(1 << 60), 2),
                count(types.ReactionPaid(), 1),
            ]
        )
    )
    assert found.reactions == (
        {"type": "emoji", "count": 3, "emoji": "👍"},
        {"type": "custom_emoji", "count": 2, "document_id": str(1 << 60)},
        {"type": "paid", "count": 1},
    )


def test_buttons_are_as_desktop_writes_them():
    button = types.KeyboardInlineButton
    rows = [
        [
            button("Site", types.InlineButtonTypeUrl("https://e.example")),
            button("Vote", types.InlineButtonTypeCallback(b"\xfb\xff\x01")),
            button("Pay", types.InlineButtonTypeCallback(b"p", requires_password=True)),
        ],
        [
            button("Log in", types.InlineButtonTypeUrlAuth("https://e.example", 5, "Again")),
            button("Ask", types.InlineButtonTypeSwitchInline("q", same_peer=True)),
            button("No", types.InlineButtonTypeDisabled()),
        ],
    ]
    markup = types.ReplyInlineMarkup([types.KeyboardInlineButtonRow(row) for row in rows])
    assert post(reply_markup=markup).details == {
        "buttons": [
            [
                {"type": "url", "text": "Site", "data": "https://e.example"},
                {"type": "callback", "text": "Vote", "dataBase64": "-_8B", "data": ""},
                {
                    "type": "callback_with_password", "text": "Pay", "dataBase64": "cA", "data": "",
                },
            ],
            [
                {
                    "type": "auth", "text": "Log in", "data": "https://e.example",
                    "forward_text": "Again", "button_id": 5,
                },
                {"type": "switch_inline_same", "text": "Ask", "data": "q"},
                {"type": "inline_button_type_disabled", "text": "No"},
            ],
        ]
    }  # fmt: skip


def test_a_markup_without_buttons_is_nothing():
    assert post(reply_markup=types.ReplyKeyboardHide()).details is None


def test_the_words_of_a_rich_message_are_its_text_where_it_has_no_other():
    rich = types.RichMessage(
        [
            types.PageBlockTitle(types.TextPlain("Tides")),
            types.PageBlockParagraph(
                types.TextConcat(
                    [
                        types.TextPlain("High at "),
                        types.TextBold(types.TextPlain("nine")),
                        types.TextCustomEmoji(1 << 60, "🌊"),
                    ]
                )
            ),
            types.PageBlockDivider(),
            types.PageBlockList([types.PageListItemText(types.TextMath("x^2"))]),
        ],
        [],
        [],
    )
    found = post(text="", rich_message=rich)
    assert found.text == "Tides\nHigh at nine🌊\nx^2"
    assert found.details is not None
    assert found.details["rich_message"]["blocks"][0]["_"] == "page_block_title"
    assert post(text="Tides today", rich_message=rich).text == "Tides today"


# -- entities --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        (types.MessageEntityUrl(1, 2), {"type": "link"}),
        (types.MessageEntityStrike(1, 2), {"type": "strikethrough"}),
        (types.MessageEntityBankCard(1, 2), {"type": "bank_card"}),
        (types.MessageEntityTextUrl(1, 2, "u"), {"type": "text_link", "url": "u"}),
        (types.MessageEntityMentionName(1, 2, 501), {"type": "mention_name", "user_id": 501}),
        (
            types.MessageEntityCustomEmoji(1, 2, 1 << 60),
            {"type": "custom_emoji", "document_id": str(1 << 60)},
        ),
        (types.MessageEntityPre(1, 2, "c"), {"type": "pre", "language": "c"}),
        (types.MessageEntityBlockquote(1, 2), {"type": "blockquote", "collapsed": False}),
        (types.MessageEntityBlockquote(1, 2, True), {"type": "blockquote", "collapsed": True}),
        (types.MessageEntityDiffReplace(1, 2, "o"), {"type": "diff_replace", "old_text": "o"}),
        (
            types.MessageEntityFormattedDate(1, 2, DATE, relative=True),
            {"type": "formatted_date", "date": DATE, "relative": True},
        ),
    ],
)
def test_entities_have_desktops_names(entity: Any, expected: dict[str, Any]):
    assert post(entities=[entity]).entities == (expected | {"offset": 1, "length": 2},)


@pytest.mark.parametrize("kind", kinds_of("TypeMessageEntity"), ids=lambda kind: kind.__name__)
def test_every_entity_has_a_name(kind: type):
    if kind.__name__.startswith("Input"):
        pytest.skip("only sent, never received")
    (found,) = post(entities=[make(kind, random.Random(1))]).entities or ()
    assert (found["type"] == "unknown") == (kind is types.MessageEntityUnknown)


# -- raw -------------------------------------------------------------------------------------


def test_the_bytes_are_kept_and_give_the_post_again():
    raw = bytes(message(views=5, forwards=1, media=types.MessageMediaDice(3, "🎲")))
    found = from_raw(raw, LAYER, PEERS)
    assert found is not None
    assert (found.raw, found.raw_layer) == (raw, LAYER)
    assert found == post(views=5, forwards=1, media=types.MessageMediaDice(3, "🎲"))


def test_bytes_of_another_layer_or_no_message_give_nothing():
    raw = bytes(message())
    assert from_raw(raw, LAYER - 1) is None
    assert from_raw(raw[:30], LAYER) is None
    assert from_raw(b"\xef\xbe\xad\xde" + raw, LAYER) is None
    assert from_raw(bytes(types.MessageEmpty(7, None)), LAYER) is None
    assert from_raw(bytes(types.PeerUser(7)), LAYER) is None


def test_invalid_text_does_not_crash():
    raw = bytes(message(text="ABCDE")).replace(b"ABCDE", b"A\xed\xa0\xbdE")
    found = from_raw(raw, LAYER)
    assert found is not None
    assert found.text == "A���E"
    made = received(message())
    made.message = "lone \ud83d"
    lone = to_post(made)
    assert lone is not None
    assert lone.text == "lone \ud83d"
    digest(lone)


# -- anything --------------------------------------------------------------------------------


def check(found: Post | None) -> None:
    """What the archive and JSON demand of any post."""
    assert found is not None
    for part in (found.media, found.details, found.reactions, found.entities):
        assert json.loads(json.dumps(part, allow_nan=False)) == _lists(part)
    for number in _numbers([found.media, found.details]):
        assert abs(number) <= 1 << 53
    written = json.dumps(record.from_post(Channel(tg_id=MARKED), found))
    assert record.post_of(json.loads(written)) == found
    digest(found)


def _lists(part: Any) -> Any:
    return list(part) if isinstance(part, tuple) else part


def _numbers(part: Any) -> list[int]:
    if isinstance(part, dict):
        return [n for value in part.values() for n in _numbers(value)]
    if isinstance(part, list):
        return [n for value in part for n in _numbers(value)]
    return [part] if isinstance(part, int) else []


@given(st.randoms(use_true_random=True))
def test_any_message_becomes_a_post_of_plain_values(dice: random.Random):
    made = make(dice.choice((types.Message, types.MessageService)), dice)
    made.peer_id = types.PeerChannel(HARBOUR)
    raw = bytes(made)
    found = from_raw(raw, LAYER, PEERS)
    check(found)
    assert found == from_raw(raw, LAYER, PEERS)
    assert found.source is Source.LIVE
    assert found.kind in PostKind
