"""One post of a t.me/s page as `Post`s, in the words of Desktop's JSON: pure.

An album is one element there and becomes one post a member. Counters are rounded ("12.5K"): the
number goes to its field, what is shown to `details`. That a post was edited is told, not when:
`details["edited"]`. ValueError, in a short sentence, for a post without a number or a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from archiver.model import Forward, Json, OriginKind, Post, PostKind, Source
from archiver.sources.html_text import PLAIN, text_of
from archiver.sources.html_tree import Element
from archiver.sources.keys import marked
from archiver.sources.preview_media import album_of, media_of

Facts = dict[str, Any]

_ADDRESS = re.compile(r"([A-Za-z0-9_]{2,64})/([0-9]{1,18})g?", re.ASCII)
_LINK = re.compile(
    r"(?:https?:)?//(?:www\.)?(?:t\.me|telegram\.me)/(?:s/)?([A-Za-z0-9_]{2,64})(?:/([0-9]{1,18}))?(?:[/?#].*)?",
    re.ASCII,
)
_PRIVATE = re.compile(r"https?://t\.me/c/([0-9]{1,13})(?:/([0-9]{1,18}))?(?:[?#].*)?", re.ASCII)
_NUMBER = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)([KMB]?)", re.ASCII)
_TIMES = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_LONGEST_LINE = 2_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PREFIX = "tgme_widget_message_"

_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "s": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "tg-spoiler": "spoiler",
}  # fmt: skip
_SERVICE = (
    (re.compile(r"Channel created"), "create_channel"),
    (re.compile(r"Channel name was changed to «(?P<title>.*)»", re.S), "edit_group_title"),
    (re.compile(r"Channel (?:photo|video) (?:updated|changed|was updated)"), "edit_group_photo"),
    (re.compile(r"Channel photo (?:was )?removed"), "delete_group_photo"),
    (re.compile(r".*? pinned .*", re.S), "pin_message"),
    (re.compile(r"(?:Live stream|V(?:ide|oic)[eo] chat) (?:start|finish)ed.*", re.S), "group_call"),
    (re.compile(r"(?:Live stream|V(?:ide|oic)[eo] chat) sched.*", re.S), "group_call_scheduled"),
)  # fmt: skip


class Address(NamedTuple):
    """Where a post stands."""

    username: str
    number: int
    title: str


def address_of(element: Element) -> Address:
    """The channel and the number of a post."""
    match = _ADDRESS.fullmatch(element.attributes.get("data-post", ""))
    if match is None:
        raise ValueError("data-post is not of the form NAME/NUMBER")
    owner = element.find(_PREFIX + "owner_name")
    return Address(match[1], int(match[2]), owner.words() if owner else "")


def count_of(shown: str) -> int | None:
    """
    >>> count_of("12.5K")
    12500
    """
    match = _NUMBER.fullmatch(shown.replace(",", "").strip())
    return None if match is None else int(Decimal(match[1]) * _TIMES[match[2]])


def to_posts(element: Element, address: Address) -> list[Post]:
    """The post, or the posts of an album; what is said of the album stands with the first."""
    details: Facts = {}
    text, entities = _text(element, details)
    kind, line = PostKind.MESSAGE, ""
    if "service_message" in element.classes:
        kind, line, text, entities = PostKind.SERVICE, text, "", ()
        details |= _action(line)
    found = media_of(element)
    details |= found.details
    _footer(element, details)
    reply = _reply(element, address, details)
    if kind is PostKind.MESSAGE and not (text or found.kind or _is_more(details)):
        kind = PostKind.UNSUPPORTED if _is_unsupported(element) else kind
    views = details.pop("views", None)
    author = element.find(_PREFIX + "from_author")
    post = Post(
        message_id=address.number,
        text=text,
        date=_date(element),
        kind=kind,
        entities=entities,
        forward=_forward(element),
        reply_to=reply,
        author=author.words() or None if author else None,
        via_bot=_bot(element),
        media_kind=found.kind,
        media=found.media,
        views=views,
        reactions=_reactions(element),
        details=details or None,
        source=Source.PREVIEW,
    )
    return list(_album(post, element, address))


def _album(post: Post, element: Element, address: Address) -> Iterator[Post]:
    """The members; the number of the first stands for the album, as where albums are guessed."""
    members = album_of(element, address.username)
    if len(members) < 2:
        yield post
        return
    first = min([address.number, *(number for number, _, _ in members)])
    known = {number: (kind, media) for number, kind, media in members}
    for number in sorted({address.number, *known}):
        kind, media = known.get(number, (None, None))
        whole = number == address.number
        yield Post(
            message_id=number,
            text=post.text if whole else "",
            date=post.date,
            entities=post.entities if whole else (),
            forward=post.forward,
            grouped_id=first,
            grouped_inferred=True,
            reply_to=post.reply_to if whole else None,
            author=post.author,
            via_bot=post.via_bot,
            media_kind=kind,
            media=media,
            views=post.views if whole else None,
            reactions=post.reactions if whole else None,
            details=post.details if whole else None,
            source=post.source,
        )


def _date(element: Element) -> int:
    """The time that a post's own link has; the one of a film's length has no `datetime`."""
    written = [one.attributes["datetime"] for one in element.inside()
               if one.tag == "time" and "datetime" in one.attributes]  # fmt: skip
    if not written:
        raise ValueError("no date")
    try:
        moment = datetime.fromisoformat(written[-1])
        if moment.tzinfo is None:
            raise ValueError
        return (moment - _EPOCH) // timedelta(seconds=1)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{written[-1][:40]!r} is no date with an offset") from error


def _text(element: Element, details: Facts) -> tuple[str, tuple[Json, ...]]:
    """The words of the post itself: a reply's quote and a preview share their classes."""
    for one in _own(element):
        if _PREFIX + "text" in one.classes and "js-message_reply_text" not in one.classes:
            return text_of(one, _entity)
    return "", ()


def _own(element: Element) -> Iterator[Element]:
    """The elements inside, without those of the post that is replied to."""
    waiting = list(element.elements())[::-1]
    while waiting:
        found = waiting.pop()
        if _PREFIX + "reply" in found.classes:
            continue
        yield found
        waiting += list(found.elements())[::-1]


def _entity(element: Element, text: str) -> Json | None:
    if element.tag == "a":
        return _anchor(element, text)
    if "emoji" in element.classes:
        return PLAIN
    if element.tag == "tg-emoji":
        return {"type": "custom_emoji", "document_id": element.attributes.get("emoji-id", "")}
    name = _TAGS.get(element.tag)
    return {"type": name} if name else None


def _anchor(element: Element, text: str) -> Json | None:
    url = element.attributes.get("href", "")
    if not url or any(name.startswith(_PREFIX) for name in element.classes):
        return None
    if text[:1] in "#$" and re.search(r"[?&]q=(?:%23|%24|#|\$)", url):
        return {"type": "hashtag" if text[0] == "#" else "cashtag"}
    link = _LINK.fullmatch(url)
    if link and text == f"@{link[1]}":
        return {"type": "mention"}
    if url == f"mailto:{text}":
        return {"type": "email"}
    if url == f"tel:{text}":
        return {"type": "phone"}
    bare = re.sub(r"^https?://", "", url).rstrip("/")
    if bare == re.sub(r"^https?://", "", text).rstrip("/"):
        return {"type": "link"}
    return {"type": "text_link", "url": url}


def _action(line: str) -> Facts:
    for pattern, name in _SERVICE if len(line) < _LONGEST_LINE else ():
        if match := pattern.fullmatch(line):
            return {"action": name, **match.groupdict(), "line": line}
    return {"action": "unknown", "line": line}


def _forward(element: Element) -> Forward | None:
    header = element.find(_PREFIX + "forwarded_from")
    if header is None:
        return None
    named = header.find(_PREFIX + "forwarded_from_name")
    signed = header.find(_PREFIX + "forwarded_from_author")
    name = (named.words() if named else "") or None
    author = (signed.words() if signed else "") or None
    url = named.attributes.get("href", "") if named else ""
    if private := _PRIVATE.fullmatch(url):
        peer = marked(OriginKind.CHANNEL, int(private[1]))
        number = int(private[2]) if private[2] else None
        return Forward(OriginKind.CHANNEL, peer, None, number, name=name, author=author)
    link = _LINK.fullmatch(url)
    if link is None:
        return Forward(OriginKind.NAME if name else OriginKind.HIDDEN, name=name, author=author)
    if link[2] is None:  # a person, or a channel whose post is gone: the page does not say
        return Forward(OriginKind.NAME, username=link[1], name=name, author=author)
    number = int(link[2])
    return Forward(OriginKind.CHANNEL, None, link[1], number, name=name, author=author)


def _reply(element: Element, address: Address, details: Facts) -> int | None:
    quote = element.find(_PREFIX + "reply")
    if quote is None:
        return None
    url = quote.attributes.get("href", "")
    link = _LINK.fullmatch(url)
    if link and link[2] and link[1].casefold() == address.username.casefold():
        return int(link[2])
    details["reply"] = {"elsewhere": True} | ({"url": url} if url else {})
    return None


def _bot(element: Element) -> str | None:
    found = element.find(_PREFIX + "via_bot")
    name = found.words().removeprefix("via ").strip() if found else ""
    return f"@{name.removeprefix('@')}" if name else None


def _footer(element: Element, details: Facts) -> None:
    """Views, and whether the line of the date says more than writer and time."""
    shown = element.find(_PREFIX + "views")
    if shown and (views := count_of(shown.words())) is not None:
        details["views"] = views
        if not shown.words().isdecimal():
            details["views_shown"] = shown.words()
    meta = element.find(_PREFIX + "meta")
    words = "".join(one for one in meta.children if isinstance(one, str)) if meta else ""
    if words.replace("\xa0", " ").strip(" ,\r\n\t"):
        details["edited"] = True
    buttons = element.find_all(_PREFIX + "inline_button")
    if buttons:
        details["buttons"] = [[_button(one)] for one in buttons]
    page = element.find(_PREFIX + "link_preview")
    if page:
        details["web_page"] = _web_page(page)


def _button(element: Element) -> Facts:
    url = element.attributes.get("href", "")
    return {"type": "url" if url else "unknown", "text": element.words()} | (
        {"data": url} if url else {}
    )


def _web_page(page: Element) -> Facts:
    facts = {"url": page.attributes.get("href", "")}
    for name in ("site_name", "title", "description"):
        found = page.find(f"link_preview_{name}")
        facts[name] = found.words() if found else ""
    return {key: value for key, value in facts.items() if value}


def _reactions(element: Element) -> tuple[Json, ...] | None:
    found = element.find_all("tgme_reaction")
    return tuple(_reaction(one) for one in found) if found else None


def _reaction(element: Element) -> Json:
    shown = "".join(one for one in element.children if isinstance(one, str)).strip()
    if not shown:
        number = element.find("tgme_reaction_count")
        shown = number.words() if number else ""
    facts: Facts = {"count": count_of(shown) or 0}
    if shown and not shown.isdecimal():
        facts["count_shown"] = shown
    if "tgme_reaction_paid" in element.classes:
        return {"type": "paid"} | facts
    emoji = next((one.words() for one in element.inside() if one.tag == "b"), "")
    custom = next((one for one in element.inside() if one.tag == "tg-emoji"), None)
    if custom is not None and not emoji:
        number_of = custom.attributes.get("emoji-id", "")
        return {"type": "custom_emoji", "document_id": number_of} | facts
    return {"type": "emoji", "emoji": emoji} | facts


def _is_more(details: Facts) -> bool:
    return bool(details.keys() & {"poll", "web_page"})


def _is_unsupported(element: Element) -> bool:
    bubble = element.find(_PREFIX + "bubble")
    return bubble is not None and any(
        "message_media_not_supported_wrap" in one.classes for one in bubble.elements()
    )
