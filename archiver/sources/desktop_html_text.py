"""Formatting as Telegram Desktop writes it into its HTML export, under the names of its JSON."""

from __future__ import annotations

from archiver.model import Json
from archiver.sources.html_tree import Element

_TAGS = {
    "strong": "bold",
    "em": "italic",
    "code": "code",
    "pre": "pre",
    "u": "underline",
    "s": "strikethrough",
    "blockquote": "blockquote",
}
_CLICKS = {
    "ShowHashtag": "hashtag",
    "ShowCashtag": "cashtag",
    "ShowBotCommand": "bot_command",
    "ShowMentionName": "mention_name",
    "ShowNotLoadedEmoji": "custom_emoji",
    "ShowNotAvailableEmoji": "custom_emoji",
}
_SCHEMES = (("mailto:", "email"), ("tel:", "phone"))


def entity_of(element: Element, text: str) -> Json | None:
    """What an element of a text is, but for its place; None for nothing of note."""
    if element.tag == "a":
        return _link(element, text)
    if "spoiler" in element.classes:
        return {"type": "spoiler"}
    name = _TAGS.get(element.tag)
    return {"type": name} if name else None


def _link(element: Element, text: str) -> Json | None:
    click = element.attributes.get("onclick", "")
    for call, name in _CLICKS.items():
        if call in click:
            return {"type": name}
    url = element.attributes.get("href", "")
    if not url:
        return None
    for scheme, name in _SCHEMES:
        if url == scheme + text:
            return {"type": name}
    if url == text:
        return {"type": "link"}
    if text.startswith("@") and url.rsplit("/", 1)[-1] == text[1:]:
        return {"type": "mention"}
    if _is_sticker(url):
        return {"type": "custom_emoji", "path": url}
    return {"type": "text_link", "url": url}


def _is_sticker(url: str) -> bool:
    """A file of the export that stands for a letter: `stickers/` or `../../chats/.../stickers/`."""
    return "://" not in url and ("stickers/" in url or "custom_emoji" in url)
