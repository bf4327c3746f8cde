"""Saved pages of t.me/s."""

import io

import pytest

from archiver.errors import InputError
from archiver.model import BadRecord, Channel, Forward, OriginKind, PostKind, Source
from archiver.sources import ReadOptions, preview
from archiver.sources.preview_message import count_of

from .preview_pages import landing, page, post, words

NOON = 1741087205  # 2025-03-04T11:20:05Z
OURS = Channel("Harbour ⚓", "harbour")


def items(data, **options):
    told = {"name": "page.html"} | options
    return list(preview.read(io.BytesIO(data), ReadOptions(**told)))


def one(inner=None, **more):
    [(_, found)] = items(page(post(41, inner, **more)))
    return found


def test_a_post_comes_with_its_number_text_moment_and_channel():
    [(channel, found)] = items(page(post(41)))
    assert channel == OURS
    assert (found.message_id, found.text, found.date) == (41, "The ferry sails at nine.", NOON)
    assert (found.views, found.source, found.details) == (2, Source.PREVIEW, None)


TEXTS = [
    ("a<br/>b<br/><br/>c", "a\nb\n\nc", []),
    ("a &lt;b&gt;&#33; &amp;amp;", "a <b>! &amp;", []),
    ("<b>a</b><i>b</i><u>c</u><s>d</s>", "abcd", [("bold", 0, 1), ("italic", 1, 1), ("underline", 2, 1), ("strikethrough", 3, 1)]),
    ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
    ("""<i class="emoji" style="x"><b>🚢</b></i> x""", "🚢 x", []),
    ("""<b>x <i class="emoji"><b>🚢</b></i></b>""", "x 🚢", [("bold", 0, 4)]),
    ("""<tg-emoji emoji-id="5"><i class="emoji"><b>🚢</b></i></tg-emoji>""", "🚢", [("custom_emoji", 0, 2)]),
    ("<tg-spoiler>x</tg-spoiler><blockquote>q</blockquote><code>c</code>", "xqc", [("spoiler", 0, 1), ("blockquote", 1, 1), ("code", 2, 1)]),
    ("<pre>a\n  b</pre>", "a\n  b", [("pre", 0, 5)]),
    ('<a href="?q=%23tide">#tide</a> <a href="https://t.me/s/harbour?q=%24TIDE">$TIDE</a>', "#tide $TIDE", [("hashtag", 0, 5), ("cashtag", 6, 5)]),
    ('<a href="https://t.me/bay" target="_blank">@bay</a>', "@bay", [("mention", 0, 4)]),
    ('<a href="http://a.example/" rel="noopener">a.example</a>', "a.example", [("link", 0, 9)]),
    ('<a href="https://a.example/">here</a>', "here", [("text_link", 0, 4)]),
    ("\n  <b>a</b>\n  <br>\n  <br>b\n  c\n ", "a\n\nb c", [("bold", 0, 1)]),
    ("a  b", "a  b", []),
]  # fmt: skip


@pytest.mark.parametrize(("written", "text", "entities"), TEXTS)
def test_formatting_becomes_entities(written, text, entities):
    found = one(words(written))
    assert found.text == text
    assert [(e["type"], e["offset"], e["length"]) for e in found.entities] == entities


def test_the_quote_of_a_reply_is_not_part_of_the_text():
    quote = (
        '<a class="tgme_widget_message_reply" href="https://t.me/harbour/19"><i class="tgme_widget_message_reply_thumb"></i>'
        '<div class="tgme_widget_message_author"><span class="tgme_widget_message_author_name">Harbour</span></div>'
        '<div class="tgme_widget_message_text js-message_reply_text" dir="auto">The quoted words.</div></a>'
    )
    found = one(quote + words("The answer."))
    assert (found.text, found.reply_to) == ("The answer.", 19)
    bare = one(quote.replace(" js-message_reply_text", "") + words("The answer."))
    assert bare.text == "The answer."
    only = one(
        quote + '<a class="tgme_widget_message_photo_wrap" href="https://t.me/harbour/41"></a>'
    )
    assert (only.text, only.reply_to, only.media_kind) == ("", 19, "photo")
    elsewhere = one(quote.replace("harbour/19", "bay/3") + words("x"))
    assert elsewhere.reply_to is None
    assert elsewhere.details["reply"] == {"elsewhere": True, "url": "https://t.me/bay/3"}


def test_a_text_inside_a_text_is_one():
    assert one(words("\n  " + words("Pictures") + "\n ")).text == "Pictures"


FORWARDS = [
    ('<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/bay/7"><span>Bay</span></a>', Forward(OriginKind.CHANNEL, None, "bay", 7, name="Bay")),
    ('<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/bay/7?single"><span>Bay</span></a>&nbsp;(<span class="tgme_widget_message_forwarded_from_author">A. Pen</span>)', Forward(OriginKind.CHANNEL, None, "bay", 7, name="Bay", author="A. Pen")),
    ('<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/c/1900000555/7">Bay</a>', Forward(OriginKind.CHANNEL, -1001900000555, None, 7, name="Bay")),
    ('<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/ann">Ann</a>', Forward(OriginKind.NAME, username="ann", name="Ann")),
    ('<span class="tgme_widget_message_forwarded_from_name">Ann</span>', Forward(OriginKind.NAME, name="Ann")),
    ("", Forward(OriginKind.HIDDEN)),
]  # fmt: skip


@pytest.mark.parametrize(("named", "forward"), FORWARDS)
def test_forwards_name_their_exact_origin(named, forward):
    header = f'<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from&nbsp;{named}</div>'
    assert one(header + words("x")).forward == forward


COUNTS = [("2", 2), ("12.5K", 12_500), ("436.6K", 436_600), ("3.1M", 3_100_000), ("1B", 10**9), ("1,234", 1234), ("many", None), ("", None)]  # fmt: skip


@pytest.mark.parametrize(("shown", "number"), COUNTS)
def test_counters_are_read_and_what_was_rounded_is_kept(shown, number):
    assert count_of(shown) == number
    found = one(views=shown)
    assert found.views == number
    rounded = number is not None and not shown.isdecimal()
    assert (found.details or {}).get("views_shown") == (shown if rounded else None)


def test_signature_and_edited_mark():
    signed = '<span class="tgme_widget_message_from_author" dir="auto">A. Pen</span>,&nbsp;'
    assert (one(meta=signed).author, one(meta=signed).details) == ("A. Pen", None)
    both = one(meta=signed + "edited &nbsp;")
    assert (both.author, both.details, both.edited) == ("A. Pen", {"edited": True}, None)
    assert one(meta="bearbeitet ").details == {"edited": True}


def test_an_album_is_a_post_for_each_member():
    member = '<a class="tgme_widget_message_{0} grouped_media_wrap" href="https://t.me/harbour/{1}?single">{2}</a>'
    film = '<i class="tgme_widget_message_video_thumb"></i><time class="message_video_duration">0:27</time>'
    group = (
        '<div class="tgme_widget_message_grouped_wrap"><div class="tgme_widget_message_grouped">'
        + member.format("photo_wrap", 41, "") + member.format("video_player", 42, film)
        + member.format("photo_wrap", 43, "") + "</div></div>"
    )  # fmt: skip
    found = [p for _, p in items(page(post(41, group + words("Look."))))]
    assert [(p.message_id, p.media_kind, p.text, p.grouped_id) for p in found] == [
        (41, "photo", "Look.", 41), (42, "video", "", 41), (43, "photo", "", 41),
    ]  # fmt: skip
    assert found[1].media == {"duration_seconds": 27}
    assert {p.date for p in found} == {NOON}
    assert all(p.grouped_inferred for p in found)
    assert [p.views for p in found] == [2, None, None]


NOT_SHOWN = '<div class="message_media_not_supported_wrap"><div class="message_media_not_supported"><div class="message_media_not_supported_label">{}</div></div></div>'
MEDIA = [
    ('<a class="tgme_widget_message_photo_wrap" href="x" style="background-image:url(\'https://cdn.example/p.jpg\')"></a>', "photo", None),
    ('<a class="tgme_widget_message_video_player not_supported"><time class="message_video_duration">1:00:52</time>' + NOT_SHOWN.format("Media is too big") + "</a>", "video", {"duration_seconds": 3652}),
    ('<div class="tgme_widget_message_roundvideo_player"><time class="tgme_widget_message_roundvideo_duration">0:05</time></div>', "round", {"duration_seconds": 5}),
    ('<a class="tgme_widget_message_voice_player"><time class="tgme_widget_message_voice_duration">0:01</time></a>', "voice", {"duration_seconds": 1}),
    ('<a class="tgme_widget_message_document_wrap"><div class="tgme_widget_message_document_icon accent_bg"></div><div class="tgme_widget_message_document_title">map.pdf</div><div class="tgme_widget_message_document_extra">1.2 MB</div></a>', "file", {"file_name": "map.pdf", "size_shown": "1.2 MB"}),
    ('<a class="tgme_widget_message_document_wrap"><div class="tgme_widget_message_document_icon accent_bg audio"></div><div class="tgme_widget_message_document_title">Tide</div><div class="tgme_widget_message_document_extra">The Buoys</div></a>', "audio", {"performer": "The Buoys", "title": "Tide"}),
    (NOT_SHOWN.format("This media is not supported") + '<div class="tgme_widget_message_sticker_wrap"></div>', "sticker", None),
    ('<a class="tgme_widget_message_location_wrap" href="https://maps.google.com/maps?q=-1.5,2.5&ll=-1.5,2.5&z=16"></a>', "location", {"location_information": {"latitude": -1.5, "longitude": 2.5}}),
    ("", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("written", "kind", "media"), MEDIA)
def test_media_are_described(written, kind, media):
    found = one(written + words("x"))
    assert (found.media_kind, found.media, found.text) == (kind, media, "x")


def test_what_the_page_cannot_show_is_unsupported():
    assert one(NOT_SHOWN.format("Please open Telegram")).kind is PostKind.UNSUPPORTED
    assert one(NOT_SHOWN.format("?") + words("x")).kind is PostKind.MESSAGE


def test_a_poll():
    option = '<div class="tgme_widget_message_poll_option"><div class="tgme_widget_message_poll_option_percent">60%</div><div class="tgme_widget_message_poll_option_text">Yes</div></div>'
    found = one(
        f'<div class="tgme_widget_message_poll js-poll"><div class="tgme_widget_message_poll_question">Nine?</div><div class="tgme_widget_message_poll_type">Anonymous Poll</div>{option}</div>'
    )
    assert (found.media_kind, found.text) == ("poll", "")
    assert found.details["poll"] == {
        "question": "Nine?",
        "type": "Anonymous Poll",
        "answers": [{"text": "Yes", "percent": "60%"}],
    }


def test_previews_of_links_are_no_media():
    web = '<a class="tgme_widget_message_link_preview" href="https://a.example/"><i class="link_preview_image"></i><div class="link_preview_site_name">A</div><div class="link_preview_title">T</div></a>'
    found = one(words("x") + web)
    assert found.media_kind is None
    assert found.details["web_page"] == {
        "url": "https://a.example/",
        "site_name": "A",
        "title": "T",
    }


def test_reactions():
    shown = (
        '<div class="tgme_widget_message_reactions js-message_reactions">'
        '<span class="tgme_reaction tgme_reaction_paid"><i class="icon"></i>7.03K</span>'
        '<span class="tgme_reaction"><i class="emoji"><b>❤</b></i>55</span>'
        '<span class="tgme_reaction"><tg-emoji emoji-id="5"></tg-emoji>1</span></div>'
    )
    assert one(reactions=shown).reactions == (
        {"type": "paid", "count": 7030, "count_shown": "7.03K"},
        {"type": "emoji", "emoji": "❤", "count": 55},
        {"type": "custom_emoji", "document_id": "5", "count": 1},
    )


SERVICE = [
    ("Channel created", {"action": "create_channel"}),
    ('Channel name was changed to «<span class="tgme_widget_service_strong_text">Bay</span>»', {"action": "edit_group_title", "title": "Bay"}),
    ("Channel photo updated", {"action": "edit_group_photo"}),
    ('<a class="tgme_widget_message_author_name" href="https://t.me/harbour">Harbour</a> pinned «x»', {"action": "pin_message"}),
    ("Something new", {"action": "unknown"}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "told"), SERVICE)
def test_service_posts(line, told):
    found = one(words(line), classes="service_message", views="")
    assert (found.kind, found.text, found.date) == (PostKind.SERVICE, "", NOON)
    details = dict(found.details)
    assert details.pop("line")
    assert details == told


REFUSED = [
    (landing(), "introduces 'Harbour' and shows no posts"),
    (landing(extra="12 members, 3 online"), "introduces 'Harbour' and shows no posts"),
    (b'<div class="tgme_widget_message_error">Post not found</div>', "did not find it"),
    (b"<html>429 Too Many Requests</html>", "no page of t.me with posts"),
]


@pytest.mark.parametrize(("data", "says"), REFUSED)
def test_pages_without_posts_are_known_by_their_structure(data, says):
    with pytest.raises(InputError, match=says):
        items(data)


def test_an_empty_channel_is_no_error():
    empty = '<div class="tgme_widget_message_wrap"><div class="tgme_widget_message_centered"><div class="tme_no_messages_found">No posts found</div></div></div>'
    [notice] = items(page(empty))
    assert "no posts" in notice.message


def test_a_post_that_cannot_be_read_costs_no_other():
    good, bad, worse, fine = items(page(
        post(1), post(2, date="yesterday"), post(3).replace("harbour/3", "a b c"), post(4),
    ))  # fmt: skip
    assert (good[1].message_id, fine[1].message_id) == (1, 4)
    assert "no date" in bad.reason
    assert "data-post" in worse.reason


def test_a_page_that_breaks_off_keeps_what_stands_before():
    data = page(post(1), post(2))
    good, broken = items(data[: data.index(b"harbour/2") + 400])
    assert good[1].message_id == 1
    assert isinstance(broken, BadRecord)
    assert "ends in the middle" in broken.reason


def test_the_channel_can_be_said():
    assert items(page(post(1)), channel="-1001900000101")[0][0] == Channel(tg_id=-1001900000101)


@pytest.mark.parametrize(
    ("data", "ours"),
    [(page(post(1)), True), (post(1).encode(), True), (landing(), True), (b"<p class='x'>tgme_page</p>", False)],
)  # fmt: skip
def test_a_page_is_known_by_its_classes(data, ours):
    assert preview.sniff(data[:65536], "x") is ours
