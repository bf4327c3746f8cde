"""Buttons under a message, in the rows and with the names of Telegram Desktop's export."""

from __future__ import annotations

import base64
from typing import Any

from telethon.tl import types

from archiver.sources.telegram.plain import snake

# What kind of button it is, and which field says what it does.
_TYPES = {
    types.ButtonTypeDefault: ("default", None),
    types.ButtonTypeRequestGeoLocation: ("request_location", None),
    types.ButtonTypeRequestPeer: ("request_peer", None),
    types.ButtonTypeRequestPhone: ("request_phone", None),
    types.ButtonTypeRequestPoll: ("request_poll", None),
    types.ButtonTypeSimpleWebView: ("simple_web_view", "url"),
    types.InlineButtonTypeBuy: ("buy", None),
    types.InlineButtonTypeCallback: ("callback", "data"),
    types.InlineButtonTypeCopy: ("copy_text", "copy_text"),
    types.InlineButtonTypeGame: ("game", None),
    types.InlineButtonTypeSwitchInline: ("switch_inline", "query"),
    types.InlineButtonTypeUrl: ("url", "url"),
    types.InlineButtonTypeUrlAuth: ("auth", "url"),
    types.InlineButtonTypeUserProfile: ("user_profile", "user_id"),
    types.InlineButtonTypeWebView: ("web_view", "url"),
}


def buttons(markup: Any) -> list[list[dict[str, Any]]]:
    """The rows of buttons; none for a markup that only hides or asks."""
    return [[_button(one) for one in row.buttons] for row in getattr(markup, "rows", ())]


def _button(button: Any) -> dict[str, Any]:
    name, field = _TYPES.get(type(button.type)) or (snake(type(button.type).__name__), None)
    if getattr(button.type, "requires_password", False):
        name = "callback_with_password"
    if getattr(button.type, "same_peer", False):
        name = "switch_inline_same"
    found: dict[str, Any] = {"type": name}
    if button.text:
        found["text"] = button.text
    if field is not None:
        found |= _data(getattr(button.type, field))
    for key, attribute in (("forward_text", "fwd_text"), ("button_id", "button_id")):
        if getattr(button.type, attribute, None):
            found[key] = getattr(button.type, attribute)
    return found


def _data(value: Any) -> dict[str, str]:
    if not isinstance(value, bytes):
        return {"data": str(value)}
    written = base64.urlsafe_b64encode(value).decode("ascii").rstrip("=")
    return {"dataBase64": written, "data": ""}
