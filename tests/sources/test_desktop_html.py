"""Telegram Desktop's HTML export."""

import io

import pytest

from archiver.config import zone
from archiver.errors import InputError
from archiver.model import ASSUMED_ZONE, BadRecord, Channel, Notice, OriginKind, PostKind, Source
from archiver.sources import ReadOptions, desktop_html, desktop_json

from . import worlds
from .desktop_pages import box, day, message, page, picture, service

NOON = 1741087205  # 2025-03-04T12:20:05+01:00, 11:20:05Z


def items(data, **options):
    told = {"name": "messages.html"} | options
    return list(desktop_html.read(io.BytesIO(data), ReadOptions(**told)))


def posts(*messages, **options):
    return [post for _, post in items(page(*messages), **options)]


def one(*args, **more):
    [post] = posts(message(*args, **more))
    return post


def test_a_message_comes_with_its_number_text_and_moment():
    [(channel, post)] = items(page(message(7)))
    assert channel == Channel("Harbour")
    assert (post.message_id, post.text, post.date) == (7, "The ferry sails at nine.", NOON)
    assert (post.kind, post.source, post.forward) == (PostKind.MESSAGE, Source.HTML, None)


TEXTS = [
    ("plain", "plain", []),
    ("a<br>b<br><br>c", "a\nb\n\nc", []),
    ("&lt;b&gt; &amp;amp; &quot;x&quot; &apos;y&apos;", "<b> &amp; \"x\" 'y'", []),
    ("a <strong>b</strong> c ", "a b c ", [("bold", 2, 1)]),
    ("🚢<em>x</em>", "🚢x", [("italic", 2, 1)]),
    ("<code>c</code><u>u</u><s>s</s>", "cus", [("code", 0, 1), ("underline", 1, 1), ("strikethrough", 2, 1)]),
    ("<pre>a<br>  b</pre>", "a\n  b", [("pre", 0, 5)]),
    ("<blockquote>q</blockquote>", "q", [("blockquote", 0, 1)]),
    (
        '<span class="spoiler hidden" onclick="ShowSpoiler(this)"><span aria-hidden="true">x</span></span>',
        "x",
        [("spoiler", 0, 1)],
    ),
    ('<a href="https://a.example/">https://a.example/</a>', "https://a.example/", [("link", 0, 18)]),
    ('<a href="https://a.example/">here</a>', "here", [("text_link", 0, 4)]),
    ('<a href="https://t.me/harbour">@harbour</a>', "@harbour", [("mention", 0, 8)]),
    ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example", [("email", 0, 11)]),
    ('<a href="tel:+100">+100</a>', "+100", [("phone", 0, 4)]),
    ('<a href="" onclick="return ShowHashtag(&quot;x&quot;)">#x</a>', "#x", [("hashtag", 0, 2)]),
    ('<a href="" onclick="return ShowCashtag(&quot;X&quot;)">$X</a>', "$X", [("cashtag", 0, 2)]),
    ('<a href="" onclick="return ShowBotCommand(&quot;x&quot;)">/x</a>', "/x", [("bot_command", 0, 2)]),
    ('<a href="" onclick="return ShowMentionName()">Ann</a>', "Ann", [("mention_name", 0, 3)]),
    ('<a href="" onclick="return ShowNotLoadedEmoji();">☪</a>', "☪", [("custom_emoji", 0, 1)]),
    ('<a href = "stickers/sticker (1).webp">☪</a>', "☪", [("custom_emoji", 0, 1)]),
    ("<strong></strong>x", "x", []),
]  # fmt: skip


@pytest.mark.parametrize(("written", "text", "entities"), TEXTS)
def test_formatting_becomes_entities(written, text, entities):
    post = one(1, written)
    assert post.text == text
    assert [(e["type"], e["offset"], e["length"]) for e in post.entities] == entities


def test_links_keep_where_they_lead():
    post = one(1, '<a href="https://a.example/?a=1&amp;b=2">x</a><a href = "stickers/s.webp">y</a>')
    assert post.entities[0]["url"] == "https://a.example/?a=1&b=2"
    assert post.entities[1]["path"] == "stickers/s.webp"


DATES = [
    ("04.03.2025 12:20:05 UTC+01:00", NOON),
    ("04.03.2025 06:50:05 UTC-04:30", NOON),
    ("04.03.2025 11:20:05 UTC", NOON),
    ("04.03.2025 14:20:05 UTC+3", NOON),
    ("4.3.2025 12:20:05 UTC+0100", NOON),
    ("04/03/2025, 12:20:05 UTC+01:00", NOON),
    ("04-03-2025 12.20.05 UTC+01:00", NOON),
    ("٠٤.٠٣.٢٠٢٥ ١٢:٢٠:٠٥ UTC+01:00", NOON),
    ("04.03.2025 12:20 UTC+01:00", NOON - 5),
]


@pytest.mark.parametrize(("written", "seconds"), DATES)
def test_dates_are_read_in_every_numeric_form(written, seconds):
    assert one(1, date=written).date == seconds


@pytest.mark.parametrize(
    "written", ["4 March 2025", "31.02.2025 12:00:00", "", "04.03.20251 1:1:1"]
)
def test_a_date_that_is_none_is_reported_with_its_message(written):
    good, bad = items(page(message(1), message(2, date=written)))
    assert good[1].message_id == 1
    assert bad.where == "message 2 of Harbour"
    assert "no date" in bad.reason


def test_local_times_are_read_in_the_zone_that_is_said():
    local = message(1, date="04.03.2025 13:20:05")
    [post] = posts(local, timezone=zone("Europe/Kyiv"))
    assert (post.date, post.details) == (NOON, None)
    [(_, assumed), notice] = items(page(local))
    assert (assumed.date, assumed.details) == (NOON + 7200, {ASSUMED_ZONE: "UTC"})
    assert isinstance(notice, Notice)
    assert "--timezone" in notice.message


def test_a_forward_tells_its_name_and_when_it_was_written():
    post = one(2, forward=("Old &amp; Lighthouse", "01.03.2025 08:00:00 UTC+00:00"))
    assert post.text == "The ferry sails at nine."
    assert post.forward.kind is OriginKind.NAME
    assert (post.forward.name, post.forward.date) == ("Old & Lighthouse", 1740816000)


def test_forwards_joined_to_the_first_keep_its_name_but_not_its_date():
    first = message(1, forward=("Lighthouse", "01.03.2025 08:00:00 UTC"))
    second = message(2, "Another.", joined=True, forward=())
    third = message(3, "My own.", joined=True)
    one, two, three = posts(first, second, third)
    assert (one.forward.date, two.forward.date) == (1740816000, None)
    assert two.forward.name == "Lighthouse"
    assert three.forward is None


def test_a_forward_without_a_name_is_of_somebody_hidden():
    gone = one(1, forward=("Deleted Account", "01.03.2025 08:00:00 UTC"))
    assert (gone.forward.kind, gone.forward.name) == (OriginKind.HIDDEN, None)
    bare = one(1, forward=())
    assert bare.forward.kind is OriginKind.HIDDEN


def test_an_old_forward_has_its_date_as_text():
    old = message(1, forward=("Lighthouse", "x")).replace(
        '<span class="date details" title="x"> x</span>',
        '<span class="details"> 01.03.2025 08:00:00</span>',
    )
    assert posts(old)[0].forward.date == 1740816000


def test_replies_lead_to_a_message_of_this_page_another_page_or_another_chat():
    def reply(inner):
        return f'\n       <div class="reply_to details">\n{inner}\n       </div>\n'

    here = '<a href="#go_to_message66" onclick="return GoToMessage(66)">this message</a>'
    there = '<a href="messages.html#go_to_message5">this message</a>'
    assert one(70, before=reply("In reply to " + here)).reply_to == 66
    assert one(70, before=reply("In reply to " + there)).reply_to == 5
    post = one(70, before=reply("In reply to a message in another chat"))
    assert (post.reply_to, post.details) == (None, {"reply": {"elsewhere": True}})


MEDIA = [
    (picture("photo_wrap", "photos/p.jpg"), "photo", {"path": "photos/p.jpg"}),
    (picture("sticker_wrap", "stickers/s.webp"), "sticker", {"path": "stickers/s.webp"}),
    (picture("animated_wrap", "video_files/a.mp4", '<div class="gif_play">GIF</div>'), "animation", {"path": "video_files/a.mp4"}),
    (picture("video_file_wrap", "video_files/v.mp4", '<div class="video_duration">\n01:19\n</div>'), "video", {"path": "video_files/v.mp4", "duration_seconds": 79}),
    (
        box("media_photo", "Photo", "Not included, change data exporting settings to download.", "1174×973, 114.6 KB"),
        "photo",
        {"missing": "not included", "width": 1174, "height": 973, "size_shown": "114.6 KB"},
    ),
    (box("media_photo", "Sticker", "", "🐟, 3.1 KB"), "sticker", {"sticker_emoji": "🐟", "size_shown": "3.1 KB"}),
    (box("media_photo", "Self-destructing photo", "", "Expired"), "photo", {"self_destruct": "Expired"}),
    (
        box("media_video", "Video file", "Exceeds maximum size, change data exporting settings to download.", "01:03:28, 8.4 MB"),
        "video",
        {"missing": "exceeds maximum size", "duration_seconds": 3808, "size_shown": "8.4 MB"},
    ),
    (box("media_video", "Animation", "Unavailable, please try again later.", "8.4 MB"), "animation", {"missing": "unavailable", "size_shown": "8.4 MB"}),
    (box("media_video", "Video message", "", "00:05", "round/r.mp4"), "round", {"path": "round/r.mp4", "duration_seconds": 5}),
    (box("media_voice_message", "Voice message", "", "00:09", "voice/v.ogg"), "voice", {"path": "voice/v.ogg", "duration_seconds": 9}),
    (box("media_audio_file", "The Buoys – Tide", "", "03:01, 2 MB"), "audio", {"performer": "The Buoys", "title": "Tide", "duration_seconds": 181, "size_shown": "2 MB"}),
    (box("media_file", "map.pdf", "", "69.3 KB", "files/map.pdf"), "file", {"file_name": "map.pdf", "path": "files/map.pdf", "size_shown": "69.3 KB"}),
    (box("media_contact", "Ann Bay", "", "+100"), "contact", {"contact_information": {"first_name": "Ann", "last_name": "Bay", "phone_number": "+100"}}),
    (
        box("media_location", "Location", "", "1.5, 2.5", "https://maps.google.com/maps?q=1.5,2.5&amp;ll=1.5,2.5&amp;z=16"),
        "location",
        {"location_information": {"latitude": 1.5, "longitude": 2.5}},
    ),
    (
        box("media_venue", "Pier", "Quay 1", "", "https://maps.google.com/maps?q=1.5,2.5&amp;z=16"),
        "venue",
        {"place_name": "Pier", "address": "Quay 1", "location_information": {"latitude": 1.5, "longitude": 2.5}},
    ),
    (box("media_game", "Knots", "Tie them."), "game", {"game_title": "Knots", "game_description": "Tie them."}),
    (box("media_invoice", "Ticket", "One way", "$5.00"), "invoice", {"invoice_information": {"title": "Ticket", "description": "One way", "amount": "$5.00"}}),
    (box("media_hologram", "New", "", "?"), "hologram", {"title": "New"}),
]  # fmt: skip


@pytest.mark.parametrize(("written", "kind", "media"), MEDIA)
def test_media_are_described(written, kind, media):
    post = one(1, "caption", before=written)
    assert (post.media_kind, post.media, post.text) == (kind, media, "caption")


def test_a_poll_is_as_in_the_json():
    poll = (
        '<div class="media_wrap clearfix"><div class="media_poll"><div class="question bold">\nNine?\n</div>'
        '<div class="details">\nFinal results\n</div>'
        '<div class="answer">\n- Yes <span class="details">3 votes, chosen vote</span>\n</div>'
        '<div class="answer">\n- No\n</div><div class="total details\t">\n3 votes\n</div></div></div>'
    )
    post = one(1, "", before=poll)
    assert (post.media_kind, post.text) == ("poll", "")
    assert post.details["poll"] == {
        "question": "Nine?",
        "closed": True,
        "total_voters": 3,
        "answers": [
            {"text": "Yes", "voters": 3, "chosen": True},
            {"text": "No", "voters": 0, "chosen": False},
        ],
    }


def test_signature_reactions_buttons_and_bot():
    reactions = (
        '<span class="reactions"><span class="reaction"><span class="emoji">👍</span>'
        '<span class="count">12</span></span><span class="reaction active"><span class="emoji">🔥</span>'
        '<span class="userpics"><div class="userpic userpic1"><div class="initials">A</div></div></span></span>'
        '<span class="reaction paid"><span class="emoji">⭐</span><span class="count">2</span></span>'
        '<span class="reaction"><span class="emoji"><a href = "stickers/x.webp">👋</a></span><span class="count">1</span></span>'
        "</span>"
    )
    after = (
        '<table class="bot_buttons_table"><tbody><tr><td class="bot_button_row"><div class="bot_button">'
        '<a href="https://a.example/"><div>\nTickets\n</div></a></div></td></tr></tbody></table>'
        '<div class="signature details">\nA. Pen\n</div>'
    )
    post = one(1, writer="Harbour via @tide_bot", after=after, reactions=reactions)
    assert (post.author, post.via_bot) == ("A. Pen", "@tide_bot")
    assert post.reactions == (
        {"type": "emoji", "count": 12, "emoji": "👍"},
        {"type": "emoji", "count": 1, "emoji": "🔥"},
        {"type": "paid", "count": 2},
        {"type": "custom_emoji", "count": 1, "path": "stickers/x.webp"},
    )
    assert post.details == {
        "buttons": [[{"type": "url", "text": "Tickets", "data": "https://a.example/"}]]
    }


SERVICE = [
    ("Channel &laquo;Harbour&raquo; created", {"action": "create_channel", "title": "Harbour"}),
    ("Channel title changed to &laquo;Bay&raquo;", {"action": "edit_group_title", "title": "Bay"}),
    ("Channel photo removed", {"action": "delete_group_photo"}),
    ('Harbour pinned <a href="#go_to_message4">this message</a>', {"action": "pin_message", "message_id": 4}),
    ("Voice chat (61 seconds)", {"action": "group_call", "duration": 61}),
    ("Something new happened", {"action": "unknown"}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "told"), SERVICE)
def test_service_lines_tell_what_happened_and_on_which_day(line, told):
    _, [post] = None, posts(day(1, "4 March 2025"), service(5, line))
    assert (post.kind, post.message_id, post.text, post.date) == (PostKind.SERVICE, 5, "", None)
    details = dict(post.details)
    assert details.pop("line")
    assert details == told | {"day": "4 March 2025"}


def test_a_new_picture_and_a_message_of_a_newer_telegram():
    photo = '<div class="userpic_wrap"><a class="userpic_link" href="photos/p.jpg"></a></div>'
    one, two = posts(
        service(2, "Channel photo changed", photo),
        service(3, "This message is not supported by this version of Telegram Desktop."),
    )
    assert (one.media_kind, one.media) == ("photo", {"path": "photos/p.jpg"})
    assert two.kind is PostKind.UNSUPPORTED


def test_what_we_do_not_know_is_kept():
    post = one(1, before='<div class="hologram details">\nnew here\n</div>')
    assert post.details == {"other": [{"class": "hologram details", "text": "new here"}]}


def test_pictures_of_one_second_are_an_album():
    pair = [message(n, "Look." if n == 3 else "", before=picture("photo_wrap", f"{n}.jpg"), joined=n > 3) for n in (3, 4)]  # fmt: skip
    assert [p.grouped_id for p in posts(*pair)] == [3, 3]


def test_a_chat_in_which_others_write_is_no_channel():
    data = page(message(1), message(2, writer="Ann Bay"))
    [notice] = items(data)
    assert "'Ann Bay' writes in it too" in notice.message
    (_, first), (_, second) = items(data, all_chats=True)
    assert (first.details, second.details) == (None, {"from": "Ann Bay"})
    assert len(items(page(message(1), message(2, writer="Harbour via @bot")))) == 2


def test_the_channel_can_be_said():
    for said, channel in (
        ("@harbour", Channel(username="harbour")),
        ("1900000101", Channel(tg_id=-1001900000101)),
        ("-1001900000101", Channel(tg_id=-1001900000101)),
    ):
        assert items(page(message(1)), channel=said)[0][0] == channel


def test_a_page_that_breaks_off_keeps_what_stands_before():
    data = page(message(1), message(2), message(3))
    (_, one), (_, two), broken = items(data[: data.index(b'id="message3"') + 300])
    assert (one.message_id, two.message_id) == (1, 2)
    assert isinstance(broken, BadRecord)
    assert "ends in the middle; 2 posts before it were kept" in broken.reason


def test_a_message_whose_end_is_lost_ends_where_the_next_begins():
    data = page(message(1), message(2)).replace(b"</div>", b"", 8)
    assert [p.message_id for _, p in items(data)] == [1, 2]


def test_a_page_without_messages_is_refused():
    with pytest.raises(InputError, match="no page of a Telegram chat"):
        items(b"<html><body>hello</body></html>")


def test_a_page_may_be_in_another_encoding_with_a_mark():
    data = page(message(1, "Паром")).decode().encode("utf-16")
    assert desktop_html.sniff(data[:65536], "x")
    assert items(data)[0][1].text == "Паром"


def test_json_and_html_of_one_channel_tell_the_same_posts():
    """Twins in our own words: what both formats have is equal."""
    told = [
        worlds.message(1, "The ferry sails at nine.", date_unixtime=str(NOON)),
        worlds.message(
            2,
            ["A ", {"type": "bold", "text": "storm"}, " 🚢\n", {"type": "text_link", "text": "map", "href": "https://a.example/"}],
            text_entities=...,
            date_unixtime=str(NOON + 60),
            author="A. Pen",
            reply_to_message_id=1,
        ),
        worlds.message(3, "Old news.", date_unixtime=str(NOON + 120), forwarded_from="Lighthouse"),
        worlds.message(4, "", date_unixtime=str(NOON + 180), photo="photos/p.jpg"),
    ]  # fmt: skip
    reply = '<div class="reply_to details">\nIn reply to <a href="#go_to_message1">this message</a>\n</div>'
    pages = page(
        message(1),
        message(2, 'A <strong>storm</strong> 🚢<br><a href="https://a.example/">map</a>',
                date="04.03.2025 12:21:05 UTC+01:00", joined=True, before=reply,
                after='<div class="signature details">\nA. Pen\n</div>'),
        message(3, "Old news.", date="04.03.2025 12:22:05 UTC+01:00",
                forward=("Lighthouse", "01.03.2025 08:00:00 UTC+01:00")),
        message(4, "", date="04.03.2025 12:23:05 UTC+01:00", before=picture("photo_wrap", "photos/p.jpg")),
    )  # fmt: skip
    data = worlds.as_bytes(worlds.chat(*told))
    one = [p for _, p in desktop_json.read(io.BytesIO(data), ReadOptions())]
    two = [p for _, p in items(pages)]
    same = ("message_id", "text", "date", "kind", "entities", "reply_to", "author", "media_kind", "media", "grouped_id")  # fmt: skip
    for a, b in zip(one, two, strict=True):
        assert [getattr(a, n) for n in same] == [getattr(b, n) for n in same]
        assert (a.forward and a.forward.name) == (b.forward and b.forward.name)


SNIFFED = [
    (page(message(1)), True),
    (page(day(1, "4 March 2025")), True),
    (page(message(1)).replace(b"\n", b"\r\n"), True),
    (b"<html><body><div class='message'>a</div></body></html>", False),
    (page(), False),
]


@pytest.mark.parametrize(("data", "ours"), SNIFFED)
def test_a_page_is_known_by_its_messages(data, ours):
    assert desktop_html.sniff(data[:65536], "messages.html") is ours


def test_a_page_that_ends_between_two_messages_is_told_to_be_cut_short():
    whole = page(message(1), message(2), message(3))
    found = items(whole[: whole.index(b'<div class="message default clearfix" id="message3"')])
    assert [each[1].message_id for each in found[:-1]] == [1, 2]
    assert isinstance(found[-1], BadRecord)
    assert "cut short" in found[-1].reason
    assert "2 posts before it were kept" in found[-1].reason
    for added in (b"\n" * 99, b"<!-- saved -->", b"\0"):
        assert len(items(whole + added)) == 3
    inside = items(whole[: whole.index(b"</html") - len(whole) // 2])
    assert sum(isinstance(each, BadRecord) for each in inside) == 1
