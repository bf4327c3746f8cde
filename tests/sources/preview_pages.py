"""Pages of t.me/s in our own words, as Telegram sends them."""

HEAD = """<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8">
    <title>Harbour – Telegram</title>
    <link rel="prev" href="/s/harbour?before=40">
  </head>
  <body class="widget_frame_base tgme_webpreview">
<main class="tgme_main" data-url="/harbour"><div class="tgme_container">
<section class="tgme_channel_history js-message_history">"""
TAIL = "</section></div></main></body></html>"
OWNER = """<div class="tgme_widget_message_author accent_color"><a class="tgme_widget_message_owner_name" href="https://t.me/harbour"><span dir="auto">Harbour <i class="emoji" style="background-image:url('//telegram.org/img/emoji/40/E29A93.png')"><b>⚓</b></i></span></a></div>"""
USER = """<div class="tgme_widget_message_user"><a href="https://t.me/harbour"><i class="tgme_widget_message_user_photo bgcolor6"><img src="https://cdn.example/u.jpg"></i></a></div>"""
TAILPIC = """<i class="tgme_widget_message_bubble_tail"><svg class="bubble_icon"><g><path class="background" d="M8,1"></path></g></svg></i>"""


def page(*posts):
    """A whole page."""
    return (HEAD + "".join(posts) + TAIL).encode()


def words(html):
    """The text of a post."""
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{html}</div>'


def post(
    number=41,
    inner=None,
    *,
    classes="",
    date="2025-03-04T11:20:05+00:00",
    views="2",
    meta="",
    channel="harbour",
    reactions="",
):
    """A post; `inner` is what stands in its bubble, `meta` before the time."""
    inner = words("The ferry sails at nine.") if inner is None else inner
    shown = (
        f'<span class="tgme_widget_message_views">{views}</span><span class="copyonly"> views</span>'
        if views
        else ""
    )
    time = f'<a class="tgme_widget_message_date" href="https://t.me/{channel}/{number}"><time datetime="{date}" class="time">11:20</time></a>'
    return (
        f'<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message text_not_supported_wrap {classes} js-widget_message" data-post="{channel}/{number}" data-view="eyJjIjotMX0">'
        f'{USER}<div class="tgme_widget_message_bubble">{TAILPIC}{OWNER}{inner}{reactions}'
        f'<div class="tgme_widget_message_footer compact js-message_footer"><div class="tgme_widget_message_info short js-message_info">{shown}<span class="tgme_widget_message_meta">{meta}{time}</span></div></div>'
        "</div></div></div>"
    )


def landing(title="Harbour", extra="1 234 subscribers"):
    """A page that introduces a channel."""
    return (
        f"<!DOCTYPE html><html><head><title>Telegram: View @harbour</title></head><body><div class='tgme_page_wrap'>"
        f'<div class="tgme_body_wrap"><div class="tgme_page"><div class="tgme_page_title"><span dir="auto">{title}</span></div>'
        f'<div class="tgme_page_extra">{extra}</div></div></div></div></body></html>'
    ).encode()
